"""How English-speaking callers put what the dialogue listens for besides values and wishes."""

import re

from voicebot.domain.language import Hint, Mentions, Routine, Talk

_GREETING = r"(?:hello|hi|good (?:morning|afternoon|evening)|hey)"
_FILLER = r"(?:uh|um|er|erm|well|so|oh|ah|right|okay|ok|look)"
_NOT_URGENT = re.compile(
    r"\b(?:not|isn t|nothing|no|wasn t)(?: (?:really|very|that|particularly|especially|an?|so|too|exactly"
    r"|it s|hugely))*"
    r" (?:urgent|urgency|emergency|rush|hurry|serious|desperate)\b|\bcan wait\b|\bnothing special\b"
    r"|^(?:not|nothing) (?:really|particularly|especially|at all)\b|\b(?:don t|wouldn t) (?:think|say) so\b"
)
_RECORD = r"(?:record\w*|transcrib\w*|transcript\w*|taped?|taping)"
_FAMILY = (
    r"(?:my (?:parents|mum|mother|dad|father|husband|wife|partner|boyfriend|girlfriend|family|kids|children)"
    r"|anyone|anybody|them|him|her)"
)
TALK = Talk(
    repeat=re.compile(
        r"^(?:(?:sorry|pardon|excuse me|what|eh|come again)(?: (?:what|sorry|pardon|me|was that"
        r"|did you say))*)$"
        r"|\b(?:repeat|say) (?:that|it|the question)(?: again| once more)?\b|\brepeat (?:please|that)\b"
        r"|\bsay (?:it |that )?again\b|\bdidn t (?:catch|hear|get|understand)\b|\bwhat did you say\b"
        r"|\bcould you repeat\b|\bonce more please\b"
    ),
    slower=re.compile(
        r"\b(?:more )?slow(?:ly|er|down)?\b(?! (?:heart|pulse))|\b(?:too|so|very) (?:fast|quick|quickly)\b"
        r"|\bcan t (?:follow|understand) (?:you|what you)\b"
    ),
    louder=re.compile(
        r"\b(?:speak up|louder|turn (?:it|the volume) up|raise your voice)\b|\b(?:can t|can hardly"
        r"|couldn t) hear (?:you|a thing|anything|what you)\b"
        r"|\bhard of hearing\b"
    ),
    goodbye=re.compile(
        r"\b(?:goodbye|bye|that s (?:all|it|everything)|that will be all|have a (?:good"
        r"|nice) day)\b"
    ),
    objection=re.compile(
        rf"\b(?:don t|do not|didn t|refuse|object|against|stop|without|rather not|not want|won t"
        rf"|no consent)\b.{{0,40}}\b{_RECORD}"
        rf"|\bno {_RECORD}"
    ),
    kept=re.compile(
        r"\b(?:you|the (?:surgery|practice|doctor)) (?:already )?(?:have|has|ve got) (?:it|my|that)\b"
        r"|\balready (?:have|gave|given)\b"
        r"|\bon (?:file|record)\b|\b(?:don t|haven t) (?:have|got) (?:a |any )?(?:phone|number|mobile)\b"
        r"|\bno (?:phone|number)\b"
        r"|\brather not\b|\bdon t want to\b"
    ),
    information={
        "address": re.compile(
            r"\b(?:address|where (?:are|is)|located|find you|which street|what floor"
            "|get there)\b"
        ),
        "hours": re.compile(r"\b(?:opening (?:hours|times)|open|close|closed|closing)\b"),
        "parking": re.compile(r"\b(?:park|parking|car park|metro|underground|bus|tram)\b"),
        "price": re.compile(r"\b(?:price|cost|costs|fee|fees|charge|how much|pay|card|cash|cheque)\b"),
    },
    corrections=(
        (re.compile(r"\b(?:birth|born|birthday)\b"), "birth_date"),
        (re.compile(r"\b(?:name|surname|spelling)\b"), "name"),
        (re.compile(r"\b(?:phone|telephone|number|mobile)\b"), "phone"),
        (re.compile(r"\b(?:day|time|hour|date|appointment|slot)\b"), "wish"),
        (re.compile(r"\bmessage\b"), "message"),
    ),
    later=re.compile(r"\b(?:later|after that|further on)\b"),
    earlier=re.compile(r"\b(?:earlier|sooner|before that)\b"),
    other=re.compile(
        r"\b(?:another|other|others|none|neither|anything else|something else|(?:don t|doesn t|won t"
        r"|can t) (?:suit|work|make|do|manage)"
        r"|not (?:possible|convenient|either))\b"
    ),
    whichever=re.compile(
        r"\b(?:either|whichever|any of them|don t mind|doesn t matter|up to you"
        r"|no preference|both fine)\b"
    ),
    which=re.compile(
        r"\b(?:appointments?|consultation|visit|slot|booking|one)\b(.*?)"
        r"(?=\b(?:to|for another|until|but|instead|could|can|you|please|i|and|because|as)\b|[.?!,]|$)",
        re.IGNORECASE,
    ),
    without_them=re.compile(
        r"\b(?:ambulance|paramedics?|hospital\w*|intensive care|coma|died|dead|death|passed away|a and e"
        r"|emergency room)\b"
    ),
    child=re.compile(
        r"\b(?:mummy|mum|mommy|daddy|granny|nanny|grandma|grandpa) (?:is|s|has|won t|fell|can t|isn t)\b"
        r"|\bi m (?:only )?(?:[4-9]|1[0-3]|four|five|six|seven|eight|nine|ten|eleven|twelve"
        r"|thirteen)(?: years old)?$"
    ),
    private=re.compile(
        rf"\b(?:don t|do not|mustn t|without) (?:\w+ )?(?:tell|telling|let|want|call"
        rf"|inform)\w*(?: \w+)? {_FAMILY}"
        rf"|\bwithout {_FAMILY} knowing|\b{_FAMILY} (?:mustn t|can t|must not|shouldn t|doesn t|don t) know"
        r"|\b(?:confidential\w*|discreet\w*|in secret|between us|keep (?:it|this) private)\b"
    ),
    can_talk=re.compile(
        r"\b(?:i m|am|i am) (?:on my own|alone|by myself)\b|\bi can (?:talk|speak)\b|\b(?:he|she) (?:s|is"
        r"|has|s just) (?:gone|left|out|at work)\b"
    ),
    cannot_talk=re.compile(
        r"\b(?:not|can t|cannot|isn t|hasn t|never) (?:really )?(?:alone|on my own|talk|speak|gone|left"
        r"|by myself)\b"
    ),
    fragments=frozenset(
        "i it is s the a an my my he she we you to of in at and but so that this was am m on for with her"
        " his er "
        "erm uh um mm".split()
    ),
    hesitations=frozenset("er erm uh um mm hmm".split()),
    keys={
        "0": "a secretary please",
        "1": "the first",
        "2": "the second",
        "3": "the third",
        "yes": "yes",
        "no": "no",
        "menu 1": "i would like to book an appointment to see the doctor",
        "menu 2": "i would like to move my appointment",
        "menu 3": "i would like to cancel my appointment",
        "menu 4": "i would like to leave a message",
    },
    routine=Routine(
        no=re.compile(
            rf"^(?:{_FILLER} |{_GREETING} |yes )*(?:no|nope|nah)"
            rf"(?: (?:no|nope|thanks|thank you|not at all|not really|{_GREETING}|it s not|it isn t"
            rf"|it s fine))*(?: |$)"
        ),
        not_urgent=_NOT_URGENT,
        yes=re.compile(
            r"\b(?:yes|yeah|yep|absolutely|definitely|it is|quite|rather|i think so|sort of"
            r"|maybe|perhaps|a bit)\b"
        ),
        yes_words=frozenset(
            "yes yeah yep it is s quite rather very urgent i think so sort of maybe perhaps a bit please"
            " absolutely "
            "definitely uh um er erm well oh today now really pretty".split()
        ),
        complaint=re.compile(
            r"^(?!.*\b(?:appointment|prescription|certificate|results?|vaccin\w+)\b)"
            rf"(?:{_FILLER} )*(?:yes|yeah)(?: yes| yeah| {_FILLER}| because)* "
            r"(?:i (?:ve (?:got|had)|have|feel|can t|am|m) (?!an? (?:appointment|question))"
            r"|my \w+(?: \w+)? (?:has|is|s|hurts|won t|can t|keeps)\b"
            r"|(?:he|she) (?:has|is|s|won t|can t|keeps)\b|it (?:hurts|s (?:bleeding|swollen|getting)))"
        ),
        apart=re.compile(
            r"[,.;:!?…]+| (?=(?:but |it['’]s (?:just )?for |i['’]d like |i would like "
            r"|i['’]m calling ))"
        ),
        filler=re.compile(rf"(?:{_FILLER}|{_GREETING}|yes| )+"),
    ),
    mentions=Mentions(
        announces=frozenset("doctor dr doc with see for mrs ms miss mr madame monsieur".split()),
        courtesy=frozenset("mrs ms miss mr madame monsieur".split()),
        before_patient=re.compile(r"\b(?:name is|name s|this is|i m|i am|it s|in the name of|under)\s*$"),
    ),
)
HINT = Hint(
    asks=re.compile(
        r"\b(?:speak|speaking|in) english\b|\benglish (?:please|speaking)\b"
        r"|\bparle[rz]?(?: vous)? anglais\b|\ben anglais\b"
    ),
    words=frozenset(
        "i i'd the is it my you your he she we they would like to of for with and have has had can could"
        " do don "
        "not are was were be been this that what when where how please need want see make get book an am"
        " hello "
        "thanks thank appointment doctor speak at".split()
    ),
)
