"""How French callers give an age, a temperature, a blood pressure, a laboratory's figure."""

from voicebot.domain.triage.language import Units

_MONTHS = {"an": 12.0, "ans": 12.0, "annees": 12.0, "mois": 1.0, "semaine": 12 / 52, "semaines": 12 / 52,
           "jour": 12 / 365, "jours": 12 / 365}  # fmt: skip
_HOURS = {"minute": 1 / 60, "minutes": 1 / 60, "heure": 1.0, "heures": 1.0, "h": 1.0, "jour": 24.0,
          "jours": 24.0, "semaine": 168.0, "semaines": 168.0, "mois": 720.0, "an": 8760.0,
          "ans": 8760.0}  # fmt: skip
UNITS = Units(
    months=_MONTHS,
    hours=_HOURS,
    half=frozenset(("demi", "demie")),
    joins=frozenset(("et",)),
    points=frozenset(("virgule", ",")),
    of=frozenset(("de", "d")),
    born=frozenset(("ne", "nee", "nes")),
    ago_behind=frozenset(("y",)),
    ago_before=frozenset(),
    age_behind=frozenset(("a", "oui", "…", ",")),
    age_behind_phrases=frozenset((("a", "que"),)),
    aged=frozenset(("age", "agee", "ages")),
    old=frozenset(),
    not_age=frozenset("depuis pendant dans tous toutes apres fait".split()),
    pregnant=frozenset(("enceinte", "grossesse")),
    pregnant_be=frozenset(("suis", "est")),
    pregnant_at=frozenset(("a",)),
    since=frozenset(("depuis", "fait")),
    tablets=frozenset(
        "comprime cachet gelule pilule doliprane efferalgan dafalgan paracetamol xanax lexomil somnifere "
        "medicament imovane stilnox plaquette boite ibuprofene aspirine".split()
    ),
    metres=frozenset(("metre", "metres")),
    saturation=frozenset("saturation sature desature oxygene sat".split()),
    kilos=frozenset(("kilos", "kilo", "kg")),
    gained=frozenset("pris prendre prend prise plus grossi".split()),
    more=("de", "plus"),
    grams=frozenset(("grammes", "gramme", "g")),
    milligrams=frozenset(("grammes", "milligrammes", "mg", "pour")),
    analyses=(
        ("kaliemie potassium kalium", "potassium", 1, 10),
        ("natremie sodium natrium", "sodium", 95, 190),
        ("inr", "inr", 0.5, 30),
        ("hemoglobine hb", "hémoglobine", 2, 25),
        ("plaquettes", "plaquettes", 0, 3000),
        ("glycemie dextro glucose sucre capteur lecteur", "glycémie", 0.15, 9.9),
    ),
    glycated=frozenset("glyquee glyque hba1c".split()),
    degrees=frozenset(("°", "degres", "degre", "de", "virgule")),
    not_degrees=frozenset(
        "ans an mois semaine semaines jour jours kilo kilos kg euros euro heure heures h minutes minute pour "
        "rue boulevard avenue cm metres metre comprimes gouttes grammes milligrammes mg ml fois rdv "
        "personnes patients pulsations battements".split()
    ),
    not_degrees_behind=frozenset(
        "gramme grammes rue avenue boulevard numero taille pointure departement page".split()
    ),
    over=frozenset(("/", "sur")),
    pressure=frozenset(("tension",)),
    pressure_scale=1.0,
    clock=frozenset(("heures", "heure", "h")),
    dated=frozenset("le du au ne nee lundi mardi mercredi jeudi vendredi samedi dimanche".split()),
    pulse=frozenset(("pouls", "pulsations", "battements")),
    beats=frozenset("pulsation pulsations battement battements bpm".split()),
    heart=frozenset(("coeur",)),
)
