"""A call in which anything happens in any order; the world answers late, wrongly or never."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from voicebot.domain import effects as do
from voicebot.domain import events as on
from voicebot.domain.call import Appointment, Channel, Person, Slot, TransferOutcome
from voicebot.domain.dialogue.fold import step
from voicebot.domain.dialogue.state import Setting, State

CALM = (
    "bonjour", "euh", "oui", "oui c'est ça", "non", "non merci", "au revoir", "allô", "pardon ?",
    "je voudrais un rendez-vous", "un rendez-vous jeudi matin avec le docteur Moreau", "le premier", "aucun",
    "plus tard", "non, plutôt mercredi", "demain à 15 heures", "je veux annuler mon rendez-vous de jeudi",
    "je voudrais déplacer mon rendez-vous de jeudi à vendredi", "c'est pour un renouvellement d'ordonnance",
    "je voudrais laisser un message", "dites-lui de me rappeler", "Marie Dubois", "le 12 mars 1972",
    "06 12 34 56 78", "D U B O I S", "c'est le nom", "une secrétaire", "quels sont vos horaires",
    "attendez", "je ne sais pas", "blablabla xyz", "vous êtes un robot ?", "c'est le laboratoire",
    "je ne veux pas être enregistrée", "parlez plus fort", "plus lentement", "je cherche ma carte, attendez",
    "on recommence", "on recommence depuis le début", "vous êtes nuls",
    "est-ce que M. Martin est patient chez vous ?", "je suis nouveau patient, je voudrais un rendez-vous",
    "il me faut une prolongation de mon arrêt de travail",
)  # fmt: skip
URGENT = (
    "j'ai très mal à la poitrine et ça me serre", "mon mari n'arrive plus à respirer il devient bleu",
    "je n'ai plus mal à la poitrine", "mon père a eu un infarctus l'an dernier", "je veux en finir",
    "mon bébé fait des convulsions", "j'arrive plus à uriner depuis hier soir", "elle a la bouche de travers",
    "il y a du sang partout", "mon fils a avalé de la javel",
    "il m'a frappée et il est dans la pièce à côté", "j'ai des cachets devant moi", "je… le… le…",
    "papa est parti cette nuit l'HAD nous avait prévenus",
)  # fmt: skip
WISHES = (
    "je voudrais un rendez-vous jeudi matin avec le docteur Moreau", "je voudrais laisser un message",
    "je voudrais déplacer mon rendez-vous de jeudi à vendredi", "je veux annuler mon rendez-vous de jeudi",
    "c'est pour un renouvellement d'ordonnance", "un rendez-vous le plus tôt possible", "non merci",
)  # fmt: skip
APT: Mapping[str, tuple[str, ...]] = {
    "open": WISHES,
    "more": WISHES,
    "wish": ("jeudi matin", "demain", "le plus tôt possible"),
    "choice": ("le premier", "le deuxième", "plus tard", "non, plutôt mercredi"),
    "name": ("Marie Dubois", "Paul Martin"),
    "spelling": ("D U B O I S",),
    "birth_date": ("le 12 mars 1972", "3 avril 1985"),
    "phone": ("06 12 34 56 78",),
    "which": ("jeudi", "mercredi matin"),
    "detail": ("du Levothyrox", "la pharmacie de la place", "le docteur Roux, de la clinique"),
    "followed": ("oui", "non", "c'est la première fois"),
    "message": ("dites-lui que je le rappellerai demain",),
    "shown_phone": ("oui", "non", "plutôt au 06 12 34 56 78"),
    "confirm": ("oui", "oui c'est ça", "non", "oui", "non, plutôt vendredi"),
    "correction": ("le nom", "l'horaire", "le téléphone", "la date de naissance"),
    "routine": ("non", "non c'est pour jeudi matin", "non pas du tout", "oui", "je ne sais pas"),
    "what": ("j'ai mal au dos", "non rien d'urgent", "je voudrais un rendez-vous"),
    "free": ("oui", "non", "je ne sais pas", "il est parti"),
    "urgency": ("oui", "non", "non pas du tout", "je ne sais pas"),
}
"""By the question asked, what somebody answers who listens."""
MARIE = Person("Marie", "Dubois", date(1972, 3, 12), "+33612345678", "p1")
START = datetime(2026, 12, 1, 9)
OUTCOMES: tuple[TransferOutcome, ...] = (
    "no_answer", "unreachable", "declined", "answered", "busy", "failed", "caller_left",
)  # fmt: skip


@dataclass
class Chaos:
    """One call. `look` is told (before, event, after, effects) of every step."""

    setting: Setting
    look: object
    channel: Channel = "web"
    number: str | None = None
    state: State = field(init=False)
    now: datetime = field(init=False)
    asked: deque[do.Effect] = field(default_factory=deque)
    alarms: dict[str, datetime] = field(default_factory=dict)
    talking: bool = False
    caller_talks: bool = False
    hanging_up: bool = False
    transfers: int = 0

    def __post_init__(self) -> None:
        self.state = State(self.setting, "call-1")
        self.now = START.replace(tzinfo=self.setting.practice.zone)
        self.happen(on.Started(self.now, self.channel, self.number))

    def happen(self, event: on.Event) -> None:
        before = self.state
        if isinstance(event, on.Said | on.Pressed):
            self.talking = self.talking and isinstance(event, on.Pressed)
        self.state, wanted = step(before, event)
        match event:
            case on.SpeechStarted() | on.TurnRetracted():
                self.caller_talks = True
            case on.Said() | on.Unheard():
                self.caller_talks = False
            case on.FellSilent():
                self.talking = False
        for effect in wanted:
            self._take(effect)
        self.look(self, before, event, wanted)  # type: ignore[operator]

    def _take(self, effect: do.Effect) -> None:
        match effect:
            case do.Say():
                self.talking = True
            case do.WakeAt(alarm=alarm, at=None):
                self.alarms.pop(alarm, None)
            case do.WakeAt(alarm=alarm, at=at):
                self.alarms[alarm] = at
            case do.HangUp():
                self.hanging_up = True
            case do.Release() | do.Forget():
                pass
            case _:
                self.asked.append(effect)

    def go_on(self, kind: str, n: int) -> None:
        """One thing of that kind; which one, `n` says."""
        if self.state.ended:
            return
        self.now += timedelta(seconds=n % 4 + 1)
        getattr(self, f"_{kind}")(n)

    def _calm(self, n: int) -> None:
        self._say(CALM[n % len(CALM)], n)

    def _urgent(self, n: int) -> None:
        self._say(URGENT[n % len(URGENT)], n)

    def _apt(self, n: int) -> None:
        answers = APT[self.state.asked]
        while self.asked and not isinstance(self.asked[0], do.Transfer) and n % 7:
            self._answer(n)
        self._say(answers[n % len(answers)], n)

    def _say(self, text: str, n: int) -> None:
        self.happen(on.SpeechStarted(self.now))
        self.happen(on.Said(self.now, text, 0.5 if n % 3 == 0 else 1.0))

    def _partly(self, n: int) -> None:
        self.happen(on.SpeechStarted(self.now))
        for _ in range(n % 2 + 1):
            self.happen(on.PartlySaid(self.now, (CALM + URGENT)[n % len(CALM + URGENT)]))

    def _retract(self, n: int) -> None:
        self.happen(on.TurnRetracted(self.now))
        if n % 2:
            self._calm(n // 2)

    def _unheard(self, n: int) -> None:
        self.happen(on.SpeechStarted(self.now))
        self.happen(on.Unheard(self.now, "noise" if n % 2 else "unclear"))

    def _press(self, n: int) -> None:
        self.happen(on.Pressed(self.now, "0123456789*#"[n % 12]))

    def _silent(self, n: int) -> None:
        if self.talking:
            self.happen(on.FellSilent(self.now))
        if self.hanging_up and not self.talking:
            self.happen(on.HungUp(self.now, "us"))

    def _wake(self, n: int) -> None:
        for alarm in list(self.alarms)[:1]:
            self.now = max(self.now, self.alarms.pop(alarm))
            self.happen(on.Woke(self.now, alarm))

    def _answer(self, n: int) -> None:
        if self.asked:
            effect = self.asked.popleft()
            self.happen(self._fate(effect, n))

    def _fate(self, effect: do.Effect, n: int) -> on.Event:
        what = type(effect).__name__
        if isinstance(effect, do.Transfer):
            outcome = OUTCOMES[n % len(OUTCOMES)]
            return on.TransferEnded(self.now, outcome, effect.target)
        if n % 11 == 9:
            return on.Failed(self.now, what, "chaos")
        if n % 11 == 10 and isinstance(effect, do.Book | do.Move | do.Cancel | do.SaveTicket):
            return on.Unknown(self.now, what, "key")
        return self._done(effect, n)

    def _done(self, effect: do.Effect, n: int) -> on.Event:
        match effect:
            case do.FindPatients():
                return on.PatientsFound(self.now, (MARIE,) if n % 3 else ())
            case do.FindAppointments():
                slot, said = self._slot(n), self.state.form.which
                if n % 4 and said and said[0].day:
                    slot = replace(slot, start=datetime.combine(said[0].day, time(9), self.now.tzinfo))
                return on.AppointmentsFound(self.now, (Appointment("a0", slot, MARIE),) * (n % 5 > 0))
            case do.FindSlots():
                found = tuple(self._slot(n + i) for i in range(n % 4))
                return on.SlotsFound(self.now, found, n % 3 > 0)
            case do.Hold(slot=slot) if n % 5:
                return on.Held(self.now, f"hold-{n}", slot, self.now + timedelta(minutes=5))
            case do.Hold(slot=slot):
                return on.SlotGone(self.now, slot)
            case do.Book(slot=slot) if n % 5 == 0:
                return on.SlotGone(self.now, slot)
            case do.Book(slot=slot, patient=patient):
                return on.Booked(self.now, Appointment("a1", slot, patient))
            case do.Move(slot=slot, appointment=old):
                return on.Moved(self.now, Appointment(old.id, slot, old.patient))
            case do.Cancel(appointment=old):
                return on.Cancelled(self.now, old)
            case do.SaveTicket(ticket=ticket):
                return on.TicketSaved(self.now, ticket.key)
        raise AssertionError(effect)

    def _broken(self, n: int) -> None:
        self.happen(on.Failed(self.now, ("hearing", "speaking", "line")[n % 3], "chaos"))

    def _taken_over(self, n: int) -> None:
        self.happen(on.TransferEnded(self.now, "answered"))

    def _given_back(self, n: int) -> None:
        self.happen(on.TransferEnded(self.now, "returned", "poste_1" if n % 2 else ""))

    def _late_news(self, n: int) -> None:
        """Of an attempt that may be long over, or never was."""
        targets = ("", "poste_1", "moreau", "elsewhere")
        self.happen(on.TransferEnded(self.now, OUTCOMES[n % len(OUTCOMES)], targets[n % len(targets)]))

    def _hang_up(self, n: int) -> None:
        self.happen(on.HungUp(self.now, "caller"))

    def _slot(self, n: int) -> Slot:
        practice = self.setting.practice
        day = self.now.replace(hour=9, minute=0, second=0) + timedelta(days=n % 5 + 1, minutes=15 * (n % 7))
        return Slot(practice.doctors[n % len(practice.doctors)].id, practice.motifs[0].id, day, 15)


WEIGHTS: Mapping[str, int] = {
    "apt": 32, "calm": 3, "urgent": 1, "partly": 2, "retract": 1, "unheard": 1, "press": 1, "silent": 6,
    "wake": 2, "answer": 12, "broken": 1, "taken_over": 1, "given_back": 1,
    "late_news": 1, "hang_up": 1,
}  # fmt: skip
KINDS = tuple(kind for kind, weight in WEIGHTS.items() for _ in range(weight))
