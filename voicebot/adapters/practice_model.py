"""The shape of `practices/*.yaml`: French keys, hours as people write them. `demo.yaml` is the guide."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import phonenumbers
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

CLOCK = r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?"
SPAN = re.compile(rf"\s*{CLOCK}\s*(?:-|–|à)\s*{CLOCK}\s*")
MOMENT = re.compile(rf"\s*(\d{{4}}-\d\d-\d\d)(?:\s*(?:T|à|\s)\s*{CLOCK}(?::00)?)?\s*")
DAYS = re.compile(r"\s*(?:du\s+)?(\d{4}-\d\d-\d\d)(?:\s+au\s+(\d{4}-\d\d-\d\d))?\s*")

Spans = tuple[tuple[time, time], ...]
"""Half-open opening spans of one day, in order, apart from each other."""


def _clock(hour: str, minute: str | None) -> time:
    """Raises ValueError for 25h or 9h75, with a sentence."""
    try:
        return time(int(hour), int(minute or 0))
    except ValueError as error:
        raise ValueError(f"« {hour}h{minute or ''} » : cette heure n'existe pas") from error


def read_spans(text: Any) -> Spans:
    """`9h-12h30, 14h-18h` or `fermé`. Raises ValueError with a sentence for the author."""
    wrong = ValueError(f"« {text} » n'est pas un horaire : écrivez par exemple 9h-12h30, 14h-18h, ou fermé")
    if not isinstance(text, str):
        raise wrong
    if text.strip().lower() in ("fermé", "ferme", "absent"):
        return ()
    spans = []
    for part in text.split(","):
        found = SPAN.fullmatch(part)
        if not found:
            raise wrong
        spans.append((_clock(found[1], found[2]), _clock(found[3], found[4])))
    spans.sort()
    for start, end in spans:
        if start >= end:
            raise ValueError(f"« {text} » : un horaire finit avant d'avoir commencé")
    for (_, end), (start, _) in zip(spans, spans[1:], strict=False):
        if start < end:
            raise ValueError(f"« {text} » : deux horaires se chevauchent")
    return tuple(spans)


def read_clock(text: Any) -> time:
    """`9h30`. Raises ValueError with a sentence."""
    found = re.fullmatch(CLOCK, text.strip()) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"« {text} » n'est pas une heure : écrivez par exemple 9h30")
    return _clock(found[1], found[2])


def _clock_or_no(value: Any) -> time | None:
    return None if value in (False, "non") else read_clock(value)


def read_days(text: Any) -> tuple[date, date]:
    """`2026-12-25` or `du 2026-12-24 au 2027-01-02`, both included. Raises ValueError with a sentence."""
    found = DAYS.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"« {text} » : écrivez 2026-12-25, ou du 2026-12-24 au 2027-01-02")
    try:
        first = date.fromisoformat(found[1])
        last = date.fromisoformat(found[2]) if found[2] else first
    except ValueError as error:
        raise ValueError(f"« {text} » : ce jour n'existe pas") from error
    if last < first:
        raise ValueError(f"« {text} » : la fin est avant le début")
    return first, last


def read_moment(text: Any) -> datetime:
    """`2026-12-02 18h30`, or a day alone (until its end); local, naive. Raises ValueError with a sentence."""
    found = MOMENT.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f"« {text} » : écrivez par exemple 2026-12-02 18h30")
    try:
        day = date.fromisoformat(found[1])
    except ValueError as error:
        raise ValueError(f"« {text} » : ce jour n'existe pas") from error
    if found[2] is None:
        return datetime.combine(day, time()) + timedelta(days=1)
    return datetime.combine(day, _clock(found[2], found[3]))


def _yes_no(value: Any) -> Any:
    return {"oui": True, "non": False}.get(value, value) if isinstance(value, str) else value


def _phone(text: str) -> str:
    try:
        possible = phonenumbers.is_possible_number(phonenumbers.parse(text, "FR"))
    except phonenumbers.NumberParseException:
        possible = False
    if not possible:
        raise ValueError(f"« {text} » n'est pas un numéro de téléphone")
    return text


def _e164(text: Any) -> str:
    """A number that can be dialled from abroad, as `+33199004712`. Raises ValueError with a sentence."""
    if not isinstance(text, str):
        raise ValueError(f"« {text} » : écrivez le numéro entre guillemets")
    try:
        number = phonenumbers.parse(_phone(text), "FR")
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"« {text} » n'est pas un numéro de téléphone") from error
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _target_id(text: str) -> str:
    """Also the user name of a telephone and part of a dial string: nothing else may be in it."""
    if not re.fullmatch(r"[a-z0-9_]{1,30}", text):
        raise ValueError(f"« {text} » : écrivez-le en minuscules sans accent, chiffres et _ permis")
    return text


def _number_alone(value: Any) -> Any:
    return {"numéro": value} if isinstance(value, str) else value


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"« {name} » n'est pas un fuseau horaire : écrivez par exemple Europe/Paris")
    return name


Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
YesNo = Annotated[StrictBool, BeforeValidator(_yes_no)]
DaySpans = Annotated[Spans, BeforeValidator(read_spans)]
Clock = Annotated[time, BeforeValidator(read_clock)]
ClockOrNo = Annotated[time | None, BeforeValidator(_clock_or_no)]
Period = Annotated[tuple[date, date], BeforeValidator(read_days)]
Phone = Annotated[str, AfterValidator(_phone)]
"""As humans write it: it is spoken so."""
Dialled = Annotated[str, BeforeValidator(_e164)]
TargetId = Annotated[str, AfterValidator(_target_id)]
NewPatients = Literal["oui", "non", "liste d'attente"]
Minutes = Annotated[int, Field(ge=5, le=240)]


class Section(BaseModel):
    """An unknown key is a mistake to be told, never a wish silently ignored."""

    model_config = ConfigDict(extra="forbid")


class WeekSection(Section):
    """Opening spans by weekday; a day that is not there is closed."""

    lundi: DaySpans = ()
    mardi: DaySpans = ()
    mercredi: DaySpans = ()
    jeudi: DaySpans = ()
    vendredi: DaySpans = ()
    samedi: DaySpans = ()
    dimanche: DaySpans = ()


WEEKDAYS = tuple(WeekSection.model_fields)


class DoctorSection(Section):
    """One agenda."""

    name: Text = Field(alias="nom")
    title: Text = Field("docteur", alias="titre")
    opening: WeekSection = Field(alias="horaires")
    reserved: WeekSection = Field(WeekSection(), alias="urgences_du_jour")
    absences: tuple[Period, ...] = ()


class MotifSection(Section):
    """One reason to come."""

    name: Text = Field(alias="nom")
    minutes: Minutes = Field(alias="durée_minutes")
    words: tuple[Text, ...] = Field((), alias="mots")
    doctors: tuple[str, ...] = Field((), alias="médecins")
    new_patients: YesNo = Field(True, alias="nouveaux_patients")


class ConsigneSection(Section):
    """A sentence of the day."""

    text: Text = Field(alias="texte")
    until: Annotated[datetime, BeforeValidator(read_moment)] = Field(alias="jusqu'à")


class NumberSection(Section):
    """A number that patients dial."""

    e164: Dialled = Field(alias="numéro")
    first: Literal["voix", "humains"] = Field("voix", alias="d'abord")


class HelplinesSection(Section):
    """Numbers that rules send to and that differ from one place to another."""

    poison: Phone | None = Field(default=None, alias="antipoison")
    maternity: Phone | None = Field(default=None, alias="maternité")


class PermanenceSection(Section):
    """When the 116 117 answers in the département."""

    number: Literal["116117"] = Field(alias="numéro")
    night_from: Clock = Field(time(20), alias="la_nuit_dès")
    night_until: Clock = Field(time(8), alias="la_nuit_jusqu'à")
    saturday_from: ClockOrNo = Field(time(12), alias="le_samedi_dès")
    sundays: YesNo = Field(True, alias="dimanches_et_fériés")


class TargetSection(Section):
    """A human on a telephone."""

    name: Text = Field(alias="nom")
    number: Dialled | None = Field(None, alias="numéro")
    hours: WeekSection = Field(WeekSection(), alias="horaires")
    emergencies_only: YesNo = Field(False, alias="urgences_seulement")


class SettingsSection(Section):
    """How slots are offered and when a human is sought."""

    slot_step: int = Field(default=15, alias="pas_des_créneaux_minutes", ge=5, le=60)
    horizon: int = Field(default=90, alias="horizon_jours", ge=1, le=366)
    notice: int = Field(default=60, alias="délai_avant_rdv_minutes", ge=0, le=10080)
    give_up_after: int = Field(default=2, alias="incompréhensions_avant_transfert", ge=1)
    ring_s: int = Field(default=30, alias="sonnerie_secondes", ge=5, le=120)
    humans_first_s: int = Field(default=20, alias="humains_d'abord_secondes", ge=5, le=60)
    callback_minutes: int = Field(default=120, alias="rappel_sous_minutes", ge=5, le=2880)


class PracticeSection(Section):
    """A whole file."""

    name: Text = Field(alias="nom")
    phone: Phone = Field(alias="téléphone")
    timezone: Annotated[str, AfterValidator(_zone)] = Field("Europe/Paris", alias="fuseau_horaire")
    department: Annotated[str, Field(pattern=r"^(\d{2}|2[AB]|9[78]\d)$")] = Field(alias="département")
    school_zone: Annotated[str, Field(pattern="^[ABC]$")] = Field("C", alias="zone_scolaire")
    languages: Annotated[tuple[Literal["fr", "en"], ...], Field(min_length=1)] = Field(
        ("fr",), alias="langues"
    )
    address: str = Field("", alias="adresse")
    doctors: dict[Id, DoctorSection] = Field(alias="médecins", min_length=1)
    motifs: dict[Id, MotifSection] = Field(min_length=1)
    new_patients: NewPatients = Field("oui", alias="nouveaux_patients")
    humans: WeekSection = Field(WeekSection(), alias="secrétariat")
    numbers: tuple[Annotated[NumberSection, BeforeValidator(_number_alone)], ...] = Field((), alias="numéros")
    helplines: HelplinesSection = Field(HelplinesSection(), alias="numéros_utiles")
    targets: dict[TargetId, TargetSection] = Field({}, alias="transferts")
    closed: tuple[Period, ...] = Field((), alias="fermetures")
    holidays_closed: YesNo = Field(True, alias="fermé_les_jours_fériés")
    closed_message: str = Field("", alias="message_de_fermeture")
    permanence: PermanenceSection | None = None
    consignes: tuple[ConsigneSection, ...] = ()
    vocabulary: tuple[Text, ...] = Field((), alias="vocabulaire")
    information: dict[str, Text] = Field({}, alias="informations")
    settings: SettingsSection = Field(SettingsSection(), alias="réglages")
    extends: str | None = Field(None, alias="reprend")
