"""Names said and spelled in English: "this is Emma Clarke", "C for Charlie, L, A, R, K, E", "double L"."""

import re

from voicebot.domain.french.first_names import FIRST_NAMES, PARTICLES
from voicebot.domain.french.spelling import LEAST, capitalised
from voicebot.domain.french.wordforms import fold

_FIRST_NAMES = FIRST_NAMES | frozenset(
    "abigail adam aidan alan alfie alice alison amanda amber amy andrea andrew angela ann anna anne "
    "anthony archie arthur ashley barbara ben benjamin beth bethany beverley bill billy bob bradley "
    "brandon brenda brian bruce callum cameron carl carol caroline catherine charles charlie charlotte "
    "chloe chris christian christina christine christopher claire colin connor craig daisy daniel "
    "danielle darren dave david dawn dean deborah debra denise derek diana diane donald donna dorothy "
    "douglas duncan dylan edward eleanor elizabeth ella ellen ellie emily emma eric ethan evelyn evie "
    "fiona florence frances frank fred freddie frederick gareth gary gavin gemma geoffrey george "
    "georgia gerald gillian gina glenn gordon grace graeme graham grant greg hannah harold harriet "
    "harry hayley heather heidi helen henry holly howard hugh ian imogen isabella isla jack jackie "
    "jacob jacqueline jake james jamie jane janet janice jason jayne jean jeff jenna jennifer jenny "
    "jeremy jess jessica jill jim jo joan joanna joanne jodie joe joel john jonathan jordan joseph josh "
    "joshua joyce judith judy julia julian julie karen karl kate katherine kathleen kathryn katie keith "
    "kelly ken kenneth kerry kevin kieran kim kimberley kirsty kyle laura lauren leah lee leo leon "
    "leslie lewis liam linda lindsay lisa liz lorraine louis louise lucas lucy luke lydia lynn lynne "
    "maggie malcolm marcus margaret maria marie marilyn marion mark martin martyn mary matthew maureen "
    "max megan mel melanie melissa mia michael michelle mike millie mohammed molly naomi natalie "
    "natasha nathan neil nicholas nick nicola nicole nigel noah norman oliver olivia oscar owen pam "
    "pamela patricia patrick paul pauline penny peter phil philip phoebe phyllis poppy priya rachel "
    "ralph ray raymond rebecca rhys richard rita rob robert robin roger ronald rory rosemary ross roy "
    "ruby russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sharon shaun sheila "
    "shirley simon sophia sophie stacey stanley stella stephanie stephen steve steven stewart stuart "
    "sue susan suzanne sylvia tara teresa terry theo thomas tim timothy tina toby tom tony tracey tracy "
    "trevor valerie vanessa vera vicky victoria vincent wayne wendy wesley will william yvonne zac zara "
    "zoe ".split()
)
_ORDINARY = frozenset(
    "a about actually address after again all also am an and another any appointment are as ask at "
    "available back be because been before birth book booking but by bye call called calling can cancel "
    "change consultation could course daughter date day do doctor does doctors don dr english er erm "
    "father feeling fine first for friday from full get give go going good got had half has have he "
    "hello help her here hi him his hold hour how hurts husband i ill in is it its just know last later "
    "like ll m madam make may me message minute miss monday mother move mr mrs ms much my name need new "
    "next no not now number of ok okay on once one or our out patient phone place please prescription "
    "problem re really repeat results right ring s saturday second see she sick slot so some son soon "
    "sorry speak spell spelled spelt spelling still sunday sure surname t test than thank thanks that "
    "the their them then there they think this thursday time to today tomorrow tuesday two uh um unwell "
    "up us ve very wait want was we wednesday week well what when where which who why wife will with "
    "would wrong yeah year years yes yesterday you your myself english french born old looking trying "
    "wondering having pain cough fever afraid running late worried ".split()
)
_FULL = re.compile(
    r"\b(?:my (?:full )?name(?: is| s)|(?:his|her|their|the|patient s|patient) (?:full )?name(?: is| s)"
    r"|(?:under|in) the name(?: of)?|name(?: is| s)|(?:he|she) s called|(?:is|am|are|s|m) called|on behalf of"
    r"|speaking for|this is|it s for|appointment for|booked for|it s|i m|i am|(?<! [a-z] )(?<!^[a-z] )for"
    r"|(?:my|our) (?:little |late )?"
    r"(?:son|daughter|husband|wife|mother|father|mum|dad|boy|girl|partner|child|baby))\b"
)
_LAST = re.compile(r"\b(?:surname|last name|family name|second name)(?: is| s)?\b")
_FIRST = re.compile(r"\b(?:first name|christian name|given name|forename)(?: is| s)?\b")
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mister", "missus", "madam"))
_FILLERS = frozenset("yes yeah sure of course it is s uh um er erm well the patient my name mr mrs ms"
                     " miss and "
                     "hello hi so that would be please thanks thank you i m am this".split())  # fmt: skip
_MOST_WORDS = 5
_LETTER = re.compile(
    r"\b(?:(?P<twice>double|triple) )?(?P<letter>[a-z])\b"
    r"(?: (?:for|as in|like in|like) (?:the )?(?P<word>[a-z]+))?|(?P<join>\bhyphen\b|\bdash\b|\bapostrophe\b)"
)
_JOINS = {"hyphen": "-", "dash": "-", "apostrophe": "'"}
_OPEN = re.compile(r"\b(?:for|as in|like|double|triple|hyphen|dash|spelled|spelt|spell)$")


def spelled(text: str) -> str | None:
    """The name spelled in `text`, capitalised; None when nothing was spelled. The longest run of letters."""
    best = run = ""
    singles = best_singles = end = 0
    line = fold(re.sub(r"(?<=\b[A-Za-z])-(?=[A-Za-z]\b)", " ", text))
    for m in _LETTER.finditer(line):
        if line[end : m.start()].strip() not in ("", "and", "then"):
            run, singles = "", 0
        end = m.end()
        if m["join"]:
            run += _JOINS[m["join"]] if run else ""
            continue
        letter = m["word"][0] if m["word"] else m["letter"]
        run += letter * {"double": 2, "triple": 3}.get(m["twice"] or "", 1)
        singles += 1
        if singles > best_singles:
            best, best_singles = run.strip("-'"), singles
    return capitalised(best) if best_singles >= LEAST else None


def spelling_open(text: str) -> bool:
    """More letters may come: it hangs on "for" or "double", or few single letters were said."""
    line = fold(text)
    letters = re.findall(r"\b[b-hj-z]\b", line)
    return bool(letters and (_OPEN.search(line) or (len(letters) < LEAST and re.search(r"\b[a-z]$", line))))


def person_name(text: str, asked: bool = False) -> tuple[str | None, str | None]:
    """(first name, last name) said, each None when not said; spelled letters win for the last.

    `asked`: it answers "what is the name", so bare words are a name."""
    words = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", text.replace("’", "'"))
    words = [part for word in words for part in _apart(word)]
    folded = [fold(word) for word in words]
    letters = spelled(text)
    first = last = None
    for pattern, which in ((_LAST, "last"), (_FIRST, "first"), (_FULL, "full")):
        for at in _after(folded, pattern):
            run = _run(words, folded, at)
            if not run:
                continue
            if which == "last":
                last = last or " ".join(run)
            elif which == "first":
                first = first or run[0]
            elif first is None and last is None and (asked or len(run) > 1 or _titled(folded, at)):
                first, last = _split(run, titled=_titled(folded, at))
    if asked and first is None and last is None:
        first, last = _bare(words, folded)
    if letters:
        known = last and fold(last) in _FIRST_NAMES and fold(last) != fold(letters)
        first, last = (last if known and first is None else first), letters
    return first, last


def _apart(word: str) -> list[str]:
    """ "name's" and "it's" come apart; "O'Brien" and "Clarke-Jones" stay whole."""
    return (
        word.split("'")
        if re.fullmatch(r"[^\W\d_]{2,}'(?:s|m|re|ll|d|ve|t)", word)
        or word.lower() in ("i'm", "i'd", "i'll", "i've")
        else [word]
    )


def _after(folded: list[str], pattern: re.Pattern[str]) -> list[int]:
    """Indices of the words that follow each match."""
    line, starts, at = " ".join(folded), [], 0
    for word in folded:
        starts.append(at)
        at += len(word) + 1
    return [
        next((i for i, s in enumerate(starts) if s >= m.end()), len(folded)) for m in pattern.finditer(line)
    ]


def _run(words: list[str], folded: list[str], at: int) -> list[str]:
    """The words of a name that begins at `at`: it ends at any ordinary word."""
    while at < len(folded) and folded[at] in _TITLES:
        at += 1
    run: list[str] = []
    while at < len(folded) and len(run) < _MOST_WORDS and folded[at] not in _ORDINARY and len(folded[at]) > 1:
        run.append(words[at] if folded[at] in PARTICLES else capitalised(words[at]))
        at += 1
    return run if run and fold(run[-1]) not in PARTICLES - {"ben"} else run[:-1]


def _titled(folded: list[str], at: int) -> bool:
    return at < len(folded) and folded[at] in _TITLES


def _split(run: list[str], *, titled: bool = False) -> tuple[str | None, str | None]:
    """(first, last); a lone name is the last, unless it is only ever a first one; the known one is first."""
    if len(run) == 1:
        lone_first = not titled and fold(run[0]) in _FIRST_NAMES
        return (run[0], None) if lone_first else (None, run[0])
    if fold(run[0]) not in _FIRST_NAMES and fold(run[-1]) in _FIRST_NAMES:
        return run[-1], " ".join(run[:-1])
    return run[0], " ".join(run[1:])


def _bare(words: list[str], folded: list[str]) -> tuple[str | None, str | None]:
    """A name and nothing else but fillers."""
    begin = next((i for i, word in enumerate(folded) if word not in _FILLERS), len(folded))
    run = _run(words, folded, begin)
    rest = folded[begin + len(run) :]
    spelling = next(
        (i for i, word in enumerate(rest) if len(word) == 1 or word.startswith("spel")), len(rest)
    )
    if not run or any(word not in _FILLERS for word in rest[:spelling]):
        return None, None
    return _split(run, titled=begin > 0 and folded[begin - 1] in _TITLES)
