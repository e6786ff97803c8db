"""How spoken English denies, dates, supposes and ends things."""

from voicebot.domain.triage.language import Doubting, Where

_NEGATORS = frozenset("not no never without none nor neither hardly".split())
DOUBTING = Doubting(
    negators={
        **{word: Where() for word in _NEGATORS},
        "no": Where(not_before=frozenset(("doubt", "idea", "matter"))),
        "not": Where(not_before=frozenset(("only", "just", "sure"))),
    },
    forward=_NEGATORS,
    backward=frozenset(),
    across=frozenset(("nor",)),
    swallowed={"not": frozenset("well good normal right here for because usual".split())},
    carriers=frozenset(
        "feel feeling felt seen see got get getting able longer more much sign signs properly noticed having "
        "seem actual new other".split()
    ),
    between=frozenset(),
    objects=frozenset(),
    not_objects=frozenset(),
    without_object=frozenset(),
    stopped=frozenset(("stop", "cease", "quit")),
    was=frozenset(("used",)),
    hours={
        "minute": 1 / 60,
        "hour": 1.0,
        "day": 24.0,
        "week": 168.0,
        "month": 720.0,
        "year": 8760.0,
    },
    ago_behind=(),
    ago_before=frozenset(("ago",)),
    in_year=frozenset(("in",)),
    as_a=frozenset(),
    as_a_before=frozenset(),
    dates_before=frozenset(("when",)),
    dates_behind=frozenset(("it",)),
    conditions={"if": Where(), "unless": Where()},
    only_if=frozenset("if one 1 day ever".split()),
    phrases={
        "supposed": (
            "in case", "afraid =of", "scared =of", "frightened =of", "worried about", "risk =of", "what =if",
            "family history", "runs family", "prevent", "could cause", "=died =of", "=die =of",
            "=died =from", "history =of", "film", "call back =if",
        ),
        "exam": (
            "x-ray", "scan", "test", "vaccine", "vaccination", "screening", "prescription", "certificate",
            "checkup", "ultrasound", "follow-up", "appliance", "insurance", "course", "training",
        ),
        "long_ago": (
            "last year", "last month", "years ago", "months ago", "=as =a child", "when child", "when little",
            "when young", "when baby", "past", "long time ago", "previous", "previously",
        ),
        "over": (
            "all gone", "=is =gone", "=s gone", "better now", "=is =fine", "=s =fine", "=is =better",
            "=s =better", "gone away", "went away", "back normal", "cleared up",
        ),
        "recent": (
            "today", "tonight", "now", "minute", "hour", "yesterday", "this morning", "last night",
            "just now", "second",
        ),
        "now": ("now", "right now", "urgent", "emergency", "help", "getting worse", "suddenly"),
        "regulated": (
            "999 said", "999 told", "111 said", "111 told", "112 said", "112 told", "15 said", "15 told",
            "ambulance said", "paramedic said",
        ),
    },
)  # fmt: skip
