"""Reads `practices/*.yaml` into `Practice`. `practices/demo.yaml` documents the format by example.

`reprend: demo` takes everything from `demo.yaml` beside it; what the file writes itself replaces it,
section by section ("réglages" key by key). Dialled numbers are not taken over: each rings in one place.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from voicebot.adapters.practice_model import (
    WEEKDAYS,
    PermanenceSection,
    PracticeSection,
    WeekSection,
)
from voicebot.adapters.yaml_source import Source, parse, read_all, suggest, validate
from voicebot.domain.languages import LANGUAGES
from voicebot.domain.practice import (
    Consigne,
    Doctor,
    Hours,
    Motif,
    Number,
    Permanence,
    Practice,
    Reserved,
    Target,
)
from voicebot.errors import Fault, FaultyFile

NEW_PATIENTS: Mapping[str, Literal["yes", "no", "waitlist"]] = {
    "oui": "yes",
    "non": "no",
    "liste d'attente": "waitlist",
}
TOPICS = {"adresse": "address", "horaires": "hours", "tarifs": "price", "parking": "parking"}
"""What authors write under `informations`, and the topic the dialogue asks for; others pass unchanged."""


def load(path: Path) -> Practice:
    """The practice whose id is the file's name. Raises FaultyFile with every fault."""
    own = parse(path)
    source = _extended(own, path)
    section = validate(source, PracticeSection)
    faults = tuple(_contradictions(section, source))
    if faults:
        raise FaultyFile(faults)
    practice = _practice(path.stem, section)
    return practice if "nom" in own.data else replace(practice, variant_of=section.extends)


def load_all(folder: Path) -> dict[str, Practice]:
    """Every practice of a folder, by id. Raises one FaultyFile with the faults of every file."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise FaultyFile((Fault(str(folder), 0, 0, "aucun fichier de cabinet (*.yaml) dans ce dossier"),))
    practices = {practice.id: practice for practice in read_all(paths, load)}
    owners = Counter(number.e164 for practice in practices.values() for number in practice.numbers)
    if twice := [number for number, times in owners.items() if times > 1]:
        message = f"{', '.join(twice)} : ce numéro est à deux cabinets, on ne saurait pas lequel est appelé"
        raise FaultyFile((Fault(str(folder), 0, 0, message),))
    return practices


def _extended(source: Source, path: Path) -> Source:
    """With what `reprend` names under it; that file must be faultless by itself: its faults are its own."""
    name = source.data.get("reprend") if isinstance(source.data, dict) else None
    if not isinstance(name, str):
        return source
    base = path.with_name(f"{name}.yaml")
    others = [other.stem for other in path.parent.glob("*.yaml") if other != path]
    if name not in others:
        raise FaultyFile(
            (source.fault(("reprend",), f"il n'y a pas de {base.name} ici{suggest(name, others)}"),)
        )
    below = parse(base)
    if isinstance(below.data, dict) and "reprend" in below.data:
        raise FaultyFile((source.fault(("reprend",), f"{base.name} reprend déjà un autre fichier"),))
    load(base)
    return replace(source, data=_over(below.data, source.data))


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    settings = {**(below.get("réglages") or {}), **(above.get("réglages") or {})}
    inherited = {key: value for key, value in below.items() if key != "numéros"}
    return {**inherited, **above, "réglages": settings}


def _contradictions(section: PracticeSection, source: Source) -> Iterator[Fault]:
    """What only the whole file can show."""
    yield from _telephone_contradictions(section, source)
    for motif_id, motif in section.motifs.items():
        for index, doctor in enumerate(motif.doctors):
            if doctor not in section.doctors:
                message = f"« {doctor} » n'est pas un médecin de ce fichier{suggest(doctor, section.doctors)}"
                yield source.fault(("motifs", motif_id, "médecins", index), message)
    for doctor_id, doctor_section in section.doctors.items():
        opening = _hours(doctor_section.opening)
        for kept in _hours(doctor_section.reserved):
            inside = any(
                o.weekday == kept.weekday and o.start <= kept.start and kept.end <= o.end for o in opening
            )
            if not inside:
                day = WEEKDAYS[kept.weekday]
                message = f"les urgences du {day} doivent tomber dans les horaires du {day}"
                yield source.fault(("médecins", doctor_id, "urgences_du_jour", day), message)


def _telephone_contradictions(section: PracticeSection, source: Source) -> Iterator[Fault]:
    ours: set[str] = set()
    for index, number in enumerate(section.numbers):
        if number.e164 in ours:
            yield source.fault(("numéros", index), "ce numéro est écrit deux fois")
        if number.first == "humains" and not section.targets:
            message = "« d'abord: humains » demande au moins un téléphone à faire sonner, dans « transferts »"
            yield source.fault(("numéros", index), message)
        ours.add(number.e164)
    for key, target in section.targets.items():
        if target.number in ours:
            message = "ce numéro est celui du cabinet : l'appel tournerait en rond"
            yield source.fault(("transferts", key, "numéro"), message)


def _numbers(section: PracticeSection) -> tuple[Number, ...]:
    return tuple(Number(n.e164, "humans" if n.first == "humains" else "voice") for n in section.numbers)


def _targets(section: PracticeSection) -> tuple[Target, ...]:
    return tuple(
        Target(key, t.name, t.number or "", _hours(t.hours), t.emergencies_only)
        for key, t in section.targets.items()
    )


def _permanence(section: PermanenceSection | None) -> Permanence | None:
    if section is None:
        return None
    return Permanence(section.night_from, section.night_until, section.saturday_from, section.sundays)


def _hours(week: WeekSection) -> tuple[Hours, ...]:
    return tuple(
        Hours(number, start, end) for number, day in enumerate(WEEKDAYS) for start, end in getattr(week, day)
    )


def _practice(practice_id: str, section: PracticeSection) -> Practice:
    settings, zone = section.settings, ZoneInfo(section.timezone)
    return Practice(
        id=practice_id,
        name=section.name,
        phone=section.phone,
        timezone=section.timezone,
        department=section.department,
        school_zone=section.school_zone,
        languages=tuple(LANGUAGES[code] for code in section.languages),
        address=section.address,
        doctors=tuple(
            Doctor(key, d.name, d.title, _hours(d.opening), d.absences) for key, d in section.doctors.items()
        ),
        motifs=tuple(
            Motif(key, m.name, m.minutes, m.words, m.doctors, m.new_patients)
            for key, m in section.motifs.items()
        ),
        reserved=tuple(
            Reserved(key, hours) for key, d in section.doctors.items() for hours in _hours(d.reserved)
        ),
        humans=_hours(section.humans),
        closed=section.closed,
        public_holidays_closed=section.holidays_closed,
        closed_message=section.closed_message,
        permanence=_permanence(section.permanence),
        consignes=tuple(Consigne(c.text, c.until.replace(tzinfo=zone)) for c in section.consignes),
        vocabulary=section.vocabulary,
        information={TOPICS.get(topic, topic): text for topic, text in section.information.items()},
        new_patients=NEW_PATIENTS[section.new_patients],
        slot_step_minutes=settings.slot_step,
        horizon_days=settings.horizon,
        notice_minutes=settings.notice,
        give_up_after=settings.give_up_after,
        ring_s=settings.ring_s,
        numbers=_numbers(section),
        targets=_targets(section),
        helplines=section.helplines.model_dump(by_alias=True, exclude_none=True),
        humans_first_s=settings.humans_first_s,
        callback_within=timedelta(minutes=settings.callback_minutes),
    )
