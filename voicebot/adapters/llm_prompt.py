"""What a language model is told: fixed instructions, then the utterance and where the call stands, as data.

Nothing of who is calling is in it besides their words: no number, no known patient, nothing said before.
"""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from voicebot.domain.effects import Expects
from voicebot.domain.french.almanac import WEEKDAYS
from voicebot.domain.understanding.reading import Context
from voicebot.errors import Faulty

FILE = Path("llm") / "reading.md"
CALENDAR_DAYS = 21
"""Small models cannot count days; "mardi en quinze" lies within."""
LONGEST = 600
"""Characters of an utterance that are sent: a minute of speech."""
ASKED: Mapping[Expects, str] = {
    "open": "Que puis-je faire pour vous ?",
    "yes_no": "une question dont la réponse est oui ou non",
    "read_back": "un récapitulatif à confirmer, ou à corriger",
    "choice": "lequel des créneaux proposés lui convient",
    "wish": "quel jour et à quelle heure",
    "name": "le nom et le prénom du patient",
    "birth_date": "la date de naissance du patient",
    "phone": "un numéro de téléphone",
    "message": "le message à laisser",
}
TOPICS: Mapping[str, str] = {
    "booking": "prendre un rendez-vous",
    "same_day": "un rendez-vous aujourd'hui",
    "move": "déplacer un rendez-vous",
    "cancellation": "annuler un rendez-vous",
    "message": "laisser un message",
    "callback": "être rappelé",
}


def instructions(prompts: Path) -> str:
    """The fixed part, first so that servers can keep it ready. Raises Faulty."""
    path = prompts / FILE
    try:
        return path.read_text(encoding="utf8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Faulty(f"{path} : ce fichier ne peut pas être lu ({type(error).__name__})") from error


def question(words: str, context: Context) -> str:
    """The utterance and where the call stands, as JSON: whatever the words are, they stay inside a string."""
    practice, today = context.practice, context.now.date()
    told: dict[str, Any] = {
        "aujourd_hui": f"{_day(today)} {context.now:%H:%M}",
        "calendrier": [_day(today + timedelta(days=n)) for n in range(CALENDAR_DAYS)],
        "medecins": [{"id": doctor.id, "nom": doctor.spoken} for doctor in practice.doctors],
        "motifs": [{"id": motif.id, "nom": motif.name} for motif in practice.motifs],
        "question_posee": ASKED[context.expects or "open"],
        "creneaux_proposes": [f"{_day(at.date())} {at:%H:%M}" for at in context.offered],
        "sujet_en_cours": TOPICS.get(context.topic or ""),
        "paroles": words[:LONGEST].encode("utf8", "replace").decode("utf8"),
    }
    return json.dumps(told, ensure_ascii=False)


def _day(day: date) -> str:
    return f"{list(WEEKDAYS)[day.weekday()]} {day.isoformat()}"
