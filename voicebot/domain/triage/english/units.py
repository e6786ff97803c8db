"""How English-speaking callers give an age, a temperature, a blood pressure, a laboratory's figure."""

from voicebot.domain.triage.language import Units

UNITS = Units(
    months={"year": 12.0, "years": 12.0, "month": 1.0, "months": 1.0, "week": 12 / 52, "weeks": 12 / 52,
            "day": 12 / 365, "days": 12 / 365},
    hours={"minute": 1 / 60, "minutes": 1 / 60, "hour": 1.0, "hours": 1.0, "day": 24.0, "days": 24.0,
           "week": 168.0, "weeks": 168.0, "month": 720.0, "months": 720.0, "year": 8760.0, "years": 8760.0},
    half=frozenset(("half",)),
    joins=frozenset(("and",)),
    points=frozenset(("point", ",")),
    of=frozenset(("of",)),
    born=frozenset(("born",)),
    ago_behind=frozenset(),
    ago_before=frozenset(("ago",)),
    age_behind=frozenset(("…", ",", "yes", "aged")),
    age_behind_phrases=frozenset(),
    aged=frozenset(("age", "aged")),
    old=frozenset(("old",)),
    not_age=frozenset("for since in every within after last past".split()),
    pregnant=frozenset(("pregnant", "pregnancy")),
    pregnant_be=frozenset(),
    pregnant_at=frozenset(),
    since=frozenset(("for", "since")),
    tablets=frozenset(
        "tablet pill capsule paracetamol aspirin ibuprofen codeine antidepressant sleeping packet box".split()
    ),
    metres=frozenset(("metre", "metres", "meter", "meters")),
    saturation=frozenset("saturation sats sat oxygen".split()),
    kilos=frozenset(("kilos", "kilo", "kg")),
    gained=frozenset("gained put gaining".split()),
    more=("heavier",),
    grams=frozenset(("grams", "gram", "g")),
    milligrams=frozenset(("grams", "milligrams", "mg", "for")),
    analyses=(
        ("potassium", "potassium", 1, 10),
        ("sodium", "sodium", 95, 190),
        ("inr", "inr", 0.5, 30),
        ("haemoglobin hemoglobin hb", "hémoglobine", 2, 25),
        ("platelets", "plaquettes", 0, 3000),
        ("glucose sugar sugars", "glycémie", 0.15, 9.9),
    ),
    glycated=frozenset(("glycated", "hba1c")),
    degrees=frozenset(("°", "degrees", "degree", "point")),
    not_degrees=frozenset(
        "years year months month weeks week days day kilos kilo kg pounds euros hours hour minutes minute "
        "for street road cm metres tablets drops grams milligrams mg ml times people patients beats".split()
    ),
    not_degrees_behind=frozenset("street road number size page aged".split()),
    over=frozenset(("/", "over")),
    pressure=frozenset(("pressure", "bp")),
    pressure_scale=10.0,
    clock=frozenset(("hours", "o", "pm", "am")),
    dated=frozenset("the on monday tuesday wednesday thursday friday saturday sunday".split()),
    pulse=frozenset(("pulse", "heartbeat")),
    beats=frozenset(("beats", "bpm")),
    heart=frozenset(("heart",)),
)  # fmt: skip
