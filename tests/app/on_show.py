"""A practice on an ordinary Monday, for tests that look at the pages: records in memory, no engine."""

import re
from collections.abc import Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from cryptography.fernet import Fernet

from voicebot.app.accounts import Accounts
from voicebot.app.desk_data import AgendaEntry, TicketRow
from voicebot.app.live import Hub
from voicebot.app.rule_versions import Standing, told
from voicebot.app.server import make_app
from voicebot.app.service import Service
from voicebot.domain.call import Evidence, Person, Ticket, Verdict
from voicebot.domain.effects import Transfer
from voicebot.domain.practice import Consigne, Doctor, Motif, Practice
from voicebot.errors import Faulty, Unavailable

NOW = datetime(2026, 11, 23, 9, 40, tzinfo=UTC)
PASSWORD = "quatre-mots-de-passe"
PRACTICE = Practice(
    id="demo",
    name="Cabinet médical des Tilleuls",
    phone="01 99 00 47 12",
    address="14 rue des Tilleuls, Paris",
    doctors=(Doctor("moreau", "Moreau"), Doctor("lefevre", "Lefèvre")),
    motifs=(Motif("consultation", "Consultation", 15), Motif("certificat", "Certificat de sport", 15)),
)
ODILE = Person("Odile", "Garnier", date(1941, 3, 8), "+33612345678")
KARIM = Person("Karim", "Benslimane", date(1988, 7, 21), "+33698765432")


def ticket(key, kind, subject, text, person, minutes, **more):
    return TicketRow(Ticket(key, kind, subject, text, person, NOW + timedelta(minutes=minutes), **more), NOW)


def agenda_of(day):
    at = datetime.combine(day, datetime.min.time(), PRACTICE.zone) + timedelta(hours=9)
    quarter = timedelta(minutes=15)
    return [
        AgendaEntry("moreau", "consultation", at, at + quarter, ODILE),
        AgendaEntry("moreau", "certificat", at + 3 * quarter, at + 4 * quarter, KARIM),
        AgendaEntry("moreau", "consultation", at + 5 * quarter, at + 6 * quarter, held=True),
        AgendaEntry("lefevre", "consultation", at + quarter, at + 2 * quarter, KARIM, reserved=True),
    ]


@dataclass
class MemoryDesk:
    """The records of the practice, in memory; `down` makes them refuse."""

    rows: list[TicketRow] = field(default_factory=list)
    said: Consigne | None = None
    down: bool = False

    def up(self):
        if self.down:
            raise Unavailable("the records are down")

    async def agenda(self, practice, day):
        self.up()
        return agenda_of(day) if day == NOW.date() else []

    async def tickets(self, practice):
        self.up()
        return sorted(self.rows, key=lambda row: (row.ticket.level is None, row.ticket.due))

    async def close_ticket(self, practice, key, user, now):
        self.change(key, closed_at=now, closed_by=user)

    async def reopen_ticket(self, practice, key):
        self.change(key, closed_at=None, closed_by="")

    def change(self, key, **changes):
        self.up()
        self.rows = [replace(row, **changes) if row.ticket.key == key else row for row in self.rows]

    async def consigne(self, practice, now):
        self.up()
        return self.said if self.said and now < self.said.until else None

    async def set_consigne(self, practice, consigne):
        self.up()
        self.said = consigne


def work_to_do():
    return [
        ticket(
            *("t1", "callback", "Rappeler : demande une secrétaire", "« Je voudrais parler à quelqu’un. »"),
            *(ODILE, 80),
        ),
        ticket(
            *("t2", "message", "Renouvellement d’ordonnance", "Lévothyrox 75, encore trois jours."),
            *(KARIM, -20),
        ),
        ticket(
            *("t3", "emergency", "A raccroché après une alerte", "« j’ai mal dans la poitrine »", ODILE, 5),
            level="emergency",
            flags=("douleur_thoracique",),
        ),
    ]


async def no_call(practice, offer):
    raise Faulty("Offre illisible.")


async def no_line(offer):
    raise Unavailable("no line")


def service(*, practices: Mapping[str, Practice] | None = None, **more) -> Service:
    known = {"demo": PRACTICE} if practices is None else practices
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts({"secretariat": quick.hash(PASSWORD)}, Fernet(Fernet.generate_key()), _hasher=quick)
    parts = {
        "practices": lambda: known,
        "hub": Hub(),
        "desk": MemoryDesk(work_to_do()),
        "accounts": accounts,
        "place_call": no_call,
        "join": no_line,
        "unreviewed": lambda practice: told(Standing()),
        "clock": lambda: NOW,
    }
    return Service(**{**parts, **more})


class QuietCall:
    """A call whose caller can always be joined; remembers to whom."""

    def __init__(self):
        self.joined = []

    async def take_over(self, line):
        self.joined.append(line)

    async def take_back(self):
        self.joined.clear()


def busy_morning(hub):
    """Two calls: one about a booking, one emergency that rings."""
    calls = {"a1": QuietCall(), "b2": QuietCall()}
    hub.open("a1", "demo", "web", NOW - timedelta(minutes=2), calls["a1"])
    hub.caption("a1", "voice", "Bonjour, je suis l’assistant automatique du cabinet. Je vous écoute.", True)
    hub.caption("a1", "caller", "Bonjour, je voudrais un rendez-vous jeudi après dix-sept heures.", True)
    hub.caption("a1", "voice", "Jeudi à dix-sept heures quinze ou dix-sept heures trente ?", False)
    hub.open("b2", "demo", "phone", NOW - timedelta(seconds=40), calls["b2"], "4f2ac0ffee12")
    hub.caption("b2", "caller", "Mon mari a très mal dans la poitrine et il transpire.", True)
    hub.caption("b2", "voice", "Raccrochez et composez le 15 tout de suite.", True)
    words = Evidence("douleur_thoracique", "emergency", "present", "très mal dans la poitrine")
    hub.verdict("b2", Verdict("emergency", "act", (words,)))
    return calls


def chest_pain():
    return Transfer("Urgence : le 15 a été indiqué, la personne est restée en ligne.", "emergency")


@asynccontextmanager
async def browsing(parts=None):
    async with TestClient(TestServer(make_app(parts or service()))) as client:
        yield client


@asynccontextmanager
async def logged_in(parts=None):
    async with browsing(parts) as client:
        await client.post("/connexion", data={"user": "secretariat", "password": PASSWORD})
        page = await (await client.get("/direct")).text()
        client.token = {"X-CSRF-Token": re.search(r'data-token="([^"]+)"', page)[1]}
        yield client
