"""What spoken English says outright, as `understanding.cues` has it for French: verbs and nouns of the"
" trade."""

from voicebot.domain.understanding.cues import Cue, cue_of

APPOINTMENT = r"(?:appointments?|consultation|booking|slot|visit|check ?up)"
DOCTOR = r"(?:doctor|dr|gp|physician|midwife)"
PERSON = (
    r"(?:someone|somebody|a (?:real |human )?person|human(?: being)?|receptionist|secretary|operator"
    r"|reception"
    r"|real person|member of staff|assistant)"
)
EXAM = r"(?:results?|tests?|blood tests?|scan|x ray|mri|ultrasound|smear|biopsy)"

CUES: tuple[Cue, ...] = (
    cue_of(r"cancel\w*|call (?:it|my appointment) off", cancellation=3.5),
    cue_of(r"(?:don t|do not|didn t|not to) cancel\w*", cancellation=-4),
    cue_of(r"if (?:anyone|someone|somebody) cancel\w*|cancellation comes up", cancellation=-5, reschedule=2),
    cue_of(
        rf"(?:don t|no longer|won t|not) (?:need|want|require)(?: \w+){{0,2}} {APPOINTMENT}"
        r"|(?:remove|delete|scrap|drop|give up|free up) (?:\w+ ){0,3}(?:appointment|slot|booking|place)",
        cancellation=3,
    ),
    cue_of(
        r"(?:can t|cannot|won t be able to|unable to|not able to|won t) (?:\w+ ){0,2}(?:come|make it"
        r"|attend|be there"
        r"|make my|keep)",
        cancellation=2,
        reschedule=0.8,
    ),
    cue_of(
        rf"(?:reschedul\w+|rebook\w*|re arrange|rearrange|postpone|(?:move|change|shift|switch|swap|push"
        rf"|bring forward"
        rf"|put back|alter) (?:\w+ ){{0,4}}(?:{APPOINTMENT}|time|date|day|it))",
        reschedule=3.5,
    ),
    cue_of(r"(?:another|a different|other) (?:day|date|time|slot|week)|instead", reschedule=1.5),
    cue_of(r"cancel\w* [\w ]*(?:another|rebook|new one|instead)", reschedule=4, cancellation=-2),
    cue_of(rf"missed (?:my|our|his|her|the) {APPOINTMENT}", reschedule=2.5),
    cue_of(r"running late|(?:be|bit|minutes?) late|stuck in traffic|delayed", late=3, cancellation=-0.5),
    cue_of(
        rf"(?:book|make|get|have|arrange|need|want|like|schedule|fix|set up) (?:\w+ ){{0,3}}{APPOINTMENT}",
        booking=2,
    ),
    cue_of(rf"(?:see|seen by|consult|visit) (?:\w+ ){{0,3}}{DOCTOR}", booking=2.5),
    cue_of(rf"(?:speak|talk) (?:to|with) (?:\w+ ){{0,3}}{DOCTOR}", callback=1.5),
    cue_of(r"(?:any|anything|something|next) (?:\w+ )?(?:available|free|openings?|slots?"
           r"|availability)", booking=1.5),
    cue_of(r"(?:fit|squeeze) (?:me|us|him|her) in|new patient|first (?:visit|appointment)", booking=1.5),
    cue_of(r"(?:vaccin\w*|jab|flu shot|check ?up|smear|medical) (?:\w+ ){0,3}(?:appointment)?", booking=0.8),
    cue_of(r"home visit|come (?:to|round to) (?:my|our|the|his|her) (?:house|home|flat|place)|housebound"
           r"|bedridden",
           home_visit=3),
    cue_of(r"video (?:call|consultation|appointment)|online (?:appointment|consultation)|tele ?consult\w*"
           r"|remote\w*|zoom",
           teleconsultation=3),
    cue_of(r"repeat prescription|renew\w*|refill|(?:run|running|ran) out of (?:my|his|her)"
           r"|prescription", renewal=2),
    cue_of(rf"(?:my|his|her|the|get|had|ready|back|come) (?:\w+ ){{0,4}}{EXAM}"
           rf"|{EXAM} (?:\w+ ){{0,4}}(?:back|ready|come|in)",
           results=2),
    cue_of(r"(?:call|ring|phone) (?:me|us) back|callback|return my call|leave (?:a|him a|her a) message"
           r"|pass (?:on )?a message"
           r"|tell (?:the doctor|him|her) (?:that)?", callback=3),
    cue_of(r"(?:you|someone|somebody|the doctor) (?:just )?(?:called|rang|phoned|tried to (?:call|reach"
           r"|ring))", callback=2),
    cue_of(r"sick (?:note|leave|certificate)|off work|fit note|extend my (?:sick|leave)", sick_leave=3),
    cue_of(r"invoice|bill|refund|reimburse\w*|insurance claim|receipt|overcharged|paid", invoice=2),
    cue_of(r"letter|referral|certificate|form (?:filled|signed)|medical records|report for", letter=2),
    cue_of(r"opening (?:hours|times)|what time do you (?:open|close)|are you open|where (?:are you"
           r"|is the)|address|parking"
           r"|how much|do you (?:take|accept)|which floor", information=2.5),
    cue_of(rf"(?:confirm|check|remember|sure|forgot\w*|what time) (?:\w+ ){{0,5}}{APPOINTMENT}"
           rf"|when is my {APPOINTMENT}",
           information=3, booking=-1),
    cue_of(r"(?:this is|calling from|i m from|it s) (?:the |a )?(?:pharmac\w+|laborator\w+|lab|hospital"
           r"|nurse|clinic"
           r"|care home|nursing home|ambulance|physio\w*)|your patient|one of your patients|colleague",
           professional=3, human=-3),
    cue_of(rf"(?:speak|talk|put me through|transfer me|connect me|get|give me|want"
           rf"|have) (?:\w+ ){{0,3}}{PERSON}", human=6),
    cue_of(rf"^(?:hello |hi |no |please |i want |just )*(?:an? |the )?{PERSON}(?: please)?$", human=6),
    cue_of(r"(?:talk\w*|speak\w*|not|hate|stupid|this|with|to) (?:\w+ ){0,3}(?:machine|robot|computer|bot"
           r"|ai)", human=4),
    cue_of(r"(?:outside|at the door|in front of) (?:\w+ ){0,5}(?:closed|locked|open|answer\w*|door"
           r"|code)", human=5),
    cue_of(r"^(?:uh |um |er |yes |no |oh |ok |please )*(?:hold on|wait|one (?:moment|second|minute|sec)"
           r"|just (?:a|1|one) "
           r"(?:moment|second|minute|sec)|hang on|bear with me|give me a (?:moment|second|minute))", wait=4),
    cue_of(r"wrong number|not the right number|dialled the wrong|is this the (?:bank|restaurant|garage"
           r"|hairdress\w+)",
           wrong_number=6),
    cue_of(r"special offer|promotion|solar panels|survey|free (?:quote|trial)|our (?:company|services"
           r"|product)|broadband",
           telemarketing=3),
    cue_of(r"^(?:(?:uh|um|er|erm|ah|oh|ok|okay|yes|yeah|no|well|right|so|thanks|thank you|i|the|maybe"
           r"|fine|hmm) ?)*$",
           unclear=5),
    cue_of(r"^(?:(?:hello|hi|hey|good (?:morning|afternoon|evening)|can you hear me|is anyone there"
           r"|anybody there|yes) ?)+$",
           hello=6),
)  # fmt: skip
