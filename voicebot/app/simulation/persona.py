"""A caller who knows a few facts and answers whatever is asked, as people do.

Facts, by question (`Question`, see domain.dialogue.state), in the caller's own words; a list is said in that
order, its last for good. What is not there is made from `patient`, and said in other words when it is asked
for again. Besides questions:
    patient: who the appointment is for, as journeys write patients (needed)
    first_name, last_name: said when only that half is asked for
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from voicebot.domain.call import Person, Slot
from voicebot.domain.dialogue.state import State
from voicebot.domain.dialogue.wording import telephone
from voicebot.domain.french import SAME, fold, same_person
from voicebot.domain.french.wording import day, hour, of_month

MOST_ANSWERS = 5
"""To one question; then people hang up."""
ORDINALS = ("le premier", "le deuxième", "le troisième")
LETTERS = {" ": "espace", "-": "tiret", "'": "apostrophe"}


def person(line: str) -> Person:
    """From "Marie Dubois 1972-03-12 +33612345678"; an underscore is a space inside a name."""
    first, *last, born, phone = line.split()
    return Person(first.replace("_", " "), " ".join(last), date.fromisoformat(born), phone)


@dataclass
class Persona:
    """`slots`: what they wish to get, "2026-12-03 09:00 moreau" as journeys write appointments."""

    facts: Mapping[str, Any]
    slots: Sequence[str] = ()
    given: Counter[str] = field(default_factory=Counter)
    """How often they answered each question."""

    def __post_init__(self) -> None:
        self._patient = person(str(self.facts["patient"]))

    def answer(self, state: State) -> str:
        """To what was asked last."""
        asked = state.asked
        if asked == "name" and state.question:
            halves = {"ask_first_name": "first_name", "ask_last_name": "last_name"}
            asked = halves.get(state.question.phrase, asked)  # type: ignore[assignment]
        if self.given[asked] >= MOST_ANSWERS:
            return "<raccroche>"
        own = self._own(asked, state)
        words = own if own is not None else self._made(asked, state)
        self.given[asked] += 1
        return words

    def _own(self, asked: str, state: State) -> str | None:
        """What the journey has them say; a read-back that is wrong is not agreed to."""
        said = self.facts.get(asked)
        if said is None or (asked == "confirm" and self._wrong(state)):
            return None
        lines = [said] if isinstance(said, str) else list(said)
        return str(lines[min(self.given[asked], len(lines) - 1)])

    def _made(self, asked: str, state: State) -> str:
        patient, again = self._patient, self.given[asked] > 0
        match asked:
            case "name":
                full = f"{patient.first_name} {patient.last_name}"
                return f"{patient.last_name}, {full}" if again else full
            case "first_name" | "last_name":
                return str(getattr(patient, asked))
            case "spelling":
                return spelled(patient.last_name)
            case "birth_date" if patient.birth_date:
                born = _birthday(patient.birth_date)
                return f"je suis né le {born}" if again else f"le {born}"
            case "phone":
                return _digits(patient.phone, each=again)
            case "shown_phone":
                right = state.form.person.phone == patient.phone
                return "oui" if right else f"non, au {_digits(patient.phone)}"
            case "routine" | "urgency" | "what":
                return "non"
            case "wish" if self.slots:
                return self._wanted()
            case "choice":
                return self._choice(state)
            case "confirm":
                return self._correction(state) or ("oui" if again else "oui, c'est ça")
            case "correction":
                return (self._correction(state) or "non, c'est bon").removeprefix("non, ")
            case "more":
                return "non merci, au revoir"
        return str(self.facts.get("open") or "oui")

    def _choice(self, state: State) -> str:
        """One of the times they came for, or another wish."""
        for number, offer in enumerate(state.offers):
            if _written(offer) in self.slots:
                chosen = f"celui de {self._told_apart(offer, state.offers)}"
                if not self.given["choice"]:
                    chosen = ORDINALS[number]
                return "oui" if len(state.offers) == 1 else chosen
        return f"non, {self._wanted()}" if self.slots else "non, ça ne m'arrange pas"

    def _told_apart(self, offer: Slot, offers: Sequence[Slot]) -> str:
        at = hour(offer.start.time()).removeprefix("à ")
        alike = sum(one.start.time() == offer.start.time() for one in offers)
        return at if alike == 1 else day(offer.start.date())

    def _wanted(self) -> str:
        start = datetime.fromisoformat(" ".join(self.slots[0].split()[:2]))
        return f"plutôt {day(start.date())} {hour(start.time())}"

    def _wrong(self, state: State) -> str | None:
        """Which fact the read-back has wrong, as far as one can hear it."""
        form, patient = state.form, self._patient
        if state.topic == "cancellation":
            return None
        if form.slot is not None and self.slots and _written(form.slot) not in self.slots:
            return "slot"
        if state.topic == "move":
            return None
        heard = form.person
        if same_person(patient.first_name, patient.last_name, heard.first_name, heard.last_name) < SAME:
            return "name"
        if heard.birth_date and heard.birth_date != patient.birth_date:
            return "birth_date"
        return "phone" if form.phone_said and heard.phone not in ("", patient.phone) else None

    def _correction(self, state: State) -> str | None:
        patient = self._patient
        match self._wrong(state):
            case "slot":
                return f"non, {self._wanted()}"
            case "name":
                full = f"{patient.first_name} {patient.last_name}"
                return f"non, le nom c'est {full}, {spelled(patient.last_name)}"
            case "birth_date" if patient.birth_date:
                return f"non, la date de naissance c'est le {_birthday(patient.birth_date)}"
            case "phone":
                return f"non, le téléphone c'est le {_digits(patient.phone)}"
        return None


def spelled(name: str) -> str:
    """Such as « D, U, B, O, I, S »; accents are said, as people do."""
    return ", ".join(_letter(letter) for letter in name)


def _letter(letter: str) -> str:
    accents = {"é": "E accent aigu", "è": "E accent grave", "ê": "E accent circonflexe", "ç": "C cédille"}
    return LETTERS.get(letter) or accents.get(letter.lower()) or fold(letter).upper()


def _birthday(born: date) -> str:
    return f"{of_month(born)} {born.year}"


def _digits(number: str, *, each: bool = False) -> str:
    """In twos, as numbers are said; or each for itself."""
    twos = telephone(number).split("|")
    return ", ".join("".join(twos) if each else twos)


def _written(slot: Slot) -> str:
    return f"{slot.start:%Y-%m-%d %H:%M} {slot.doctor}"
