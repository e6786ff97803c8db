"""The only place that names concrete adapters: settings in, a running service out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path

from telephony.bridge import bridge
from telephony.transport import LineTransport
from telephony.webrtc import answer
from voicebot.adapters import (
    ear_tfidf,
    llm_openai,
    models,
    pager_smtp,
    pager_webhook,
    reader_tfidf,
    slips_tsv,
    stt_whisper,
    tts_kokoro,
)
from voicebot.adapters.calendar_sql import SqlCalendar
from voicebot.adapters.database import Database, migrate
from voicebot.adapters.journal_sql import SqlJournal
from voicebot.adapters.register_sql import Register
from voicebot.adapters.sealing import sealer
from voicebot.adapters.sounds_sealed import Sounds
from voicebot.adapters.tickets_sql import SqlTickets
from voicebot.adapters.tts_cache import CachedSynthesizer
from voicebot.app import llm_trial
from voicebot.app.accounts import open_accounts
from voicebot.app.books import Books, Shelf, unvalidated
from voicebot.app.briefing import Briefing
from voicebot.app.clock import WallClock
from voicebot.app.consignes import Consignes
from voicebot.app.demo import seed
from voicebot.app.desk_data import SqlDesk
from voicebot.app.exchange import Exchange
from voicebot.app.feedback import Feedback
from voicebot.app.live import JOIN_S, Hub
from voicebot.app.pager import Alarming, Paging
from voicebot.app.past_calls import PastCalls
from voicebot.app.phone import id_of
from voicebot.app.phone_call import PhoneCall
from voicebot.app.prerender import prerender
from voicebot.app.purge import Purge, files_of
from voicebot.app.recovery import recover
from voicebot.app.registry import registry
from voicebot.app.rule_trial import RuleTrial
from voicebot.app.service import Description, Service
from voicebot.app.switchboard import alive, answering, switchboard
from voicebot.app.voicemail import Voicemail
from voicebot.conversation import Ports
from voicebot.domain.dialogue import rule_words
from voicebot.domain.dialogue.state import Setting
from voicebot.domain.dialogue.wording import Phrases, clauses, closed, sentences, values
from voicebot.domain.effects import Say
from voicebot.domain.french import incomplete, told
from voicebot.domain.french.spoken import spoken
from voicebot.domain.languages import LANGUAGES, marked, unmarked
from voicebot.domain.practice import Practice
from voicebot.domain.triage.judging import judge
from voicebot.domain.understanding.reading import Context, read
from voicebot.pipeline.call import House
from voicebot.pipeline.engines import LocalEars
from voicebot.pipeline.latency import Latency
from voicebot.pipeline.speaking import Clip, Speech, fitted
from voicebot.ports import Line
from voicebot.settings import Settings

Tell = Callable[[str], None]
RETRY_S = 60.0
"""After which a phrase that could not be rendered is tried again: the machine was busy, or a thread hung."""
NO_PAGER = (
    "Aucune alarme réglée (VOICEBOT_PAGER_WEBHOOK_URL, VOICEBOT_PAGER_EMAIL_TO) : les tickets urgents ne se "
    "voient que sur la page."
)
CLIPS: dict[Clip, str] = {"apology": "trouble", "emergency": "emergency_15", "voiceless": "voiceless"}
"""What is said from a ready clip when synthesis itself fails, by phrase."""


@dataclass(frozen=True)
class Engines:
    """Loaded once, shared by every call."""

    ears: LocalEars
    voice: CachedSynthesizer

    def busy(self) -> bool:
        """Somebody is being listened to."""
        return not self.ears.idle


@dataclass(frozen=True)
class Store:
    """The databases behind the ports, and what only the pages need of them."""

    calendar: SqlCalendar
    tickets: SqlTickets
    journal: SqlJournal
    database: Database
    sounds: Sounds


def load_engines(settings: Settings) -> Engines:
    """Whisper, Kokoro and the small ones. Blocks for seconds. Raises FaultyModel."""
    found = models.locate(settings)
    whisper = stt_whisper.load(found.whisper, settings.whisper_workers, settings.cache / "models")
    kokoro = tts_kokoro.load(found.kokoro, found.voices, settings.kokoro_workers, speed=settings.speech_speed)
    identity = f"{tts_kokoro.VOICE} {settings.speech_speed} {found.kokoro_sha256}"
    cached = CachedSynthesizer(kokoro, settings.cache / "speech", identity)
    return Engines(LocalEars(whisper), cached)


@asynccontextmanager
async def open_store(settings: Settings, zone: Callable[[str], tzinfo]) -> AsyncIterator[Store]:
    """The database, brought to its newest version. Raises Unavailable."""
    settings.state.mkdir(parents=True, exist_ok=True)
    await migrate(settings.database)
    database = Database(settings.database)
    seal = sealer(settings.state / "words.key")
    try:
        yield Store(
            SqlCalendar(database, zone),
            SqlTickets(database, seal, zone, spool=settings.state / "tickets"),
            SqlJournal(database, seal, zone),
            database,
            Sounds(settings.state / "voicemail", seal),
        )
    finally:
        await asyncio.shield(database.close())


@asynccontextmanager
async def service(settings: Settings, tell: Tell) -> AsyncIterator[Service]:
    """Everything behind the pages, running. Raises Faulty, Unavailable when it cannot start."""
    pagers = tuple(p for p in (pager_webhook.configured(settings), pager_smtp.configured(settings)) if p)
    if not pagers:
        tell(NO_PAGER)
    reasoner = llm_openai.configured(settings)
    shelf = await asyncio.to_thread(Shelf, settings, tell)
    zone = partial(_zone, shelf)
    for sentence in unvalidated(shelf.books):
        tell(sentence)
    tell("Chargement de la reconnaissance vocale et de la voix…")
    engines = await asyncio.to_thread(load_engines, settings)
    spoken = {one.code for practice in shelf.books.practices.values() for one in practice.languages}
    reader = await asyncio.to_thread(reader_tfidf.load, settings.cache, spoken)
    slips = await asyncio.to_thread(slips_tsv.load)
    ear = await asyncio.to_thread(ear_tfidf.load, settings.cache)
    tell(
        f"Seconde oreille : statistique, sans règles ; elle pose une question à partir de {ear.threshold:g}."
    )
    await asyncio.to_thread(_wake_up, shelf.books)
    clips = await _clips(engines.voice, shelf.books.phrases)
    tell("Phrases indispensables (la première fois, une à deux minutes)…")
    first = tuple(sentences_of(shelf.books))
    await prerender(first, engines.voice, idle=lambda: True, progress=partial(_progress, tell))
    accounts, password = await asyncio.to_thread(open_accounts, settings.state)
    if password:
        tell(f"Page du secrétariat : identifiant « secretariat », mot de passe « {password} » (à noter)")
    async with (
        open_store(settings, zone) as store,
        switchboard(settings, lambda: shelf.books.practices, tell) as board,
        asyncio.TaskGroup() as background,
    ):
        hub, consignes = Hub(), Consignes(settings.state / "consignes.json")
        paging = Paging(store.tickets, pagers, partial(_live_page, settings), _now, hub.tickets_changed)
        alarming = Alarming(store.tickets, paging)
        ports = Ports(store.calendar, alarming, store.journal, reader, ear, reasoner, slips)
        held = {id_of(caller) for caller in await alive(board)}
        if closed := await recover(ports, shelf.books, datetime.now(UTC), held, settings.machine):
            tell(
                f"{closed} appel(s) coupé(s) lors du dernier arrêt : ce qui restait dû est dans les tickets."
            )
        for practice in shelf.books.practices.values():
            await seed(practice, store.calendar, settings.practices / "patients", datetime.now(UTC))
        speech, latency = Speech(engines.voice, read_out, clips), Latency()

        def house(clock: WallClock) -> House:
            return House(
                engines.ears,
                speech,
                clock,
                LineTransport,
                bridge,
                latency=latency,
                unfinished=incomplete,
                told=told,
            )

        exchange = Exchange(house, ports, hub, settings.calls_at_once, settings.machine)

        async def place_call(practice: Practice, offer: Description) -> Description:
            exchange.require_room()
            description, line = await answer(offer)
            books, now = shelf.books, datetime.now(practice.zone)
            # As it is now, not as it was when the page asked: practice and rules are of one reading.
            practice = books.practices.get(practice.id, practice)
            rules = books.rules_of(practice.id)
            exchange.place(consignes.added_to(practice, now), rules, books.phrases, line, "web")
            return description

        def setting_of(practice: str) -> Setting | None:
            books = shelf.books
            known, rules = books.practices.get(practice), books.rules_of(practice)
            return Setting(consignes.added_to(known, datetime.now(known.zone)), rules) if known else None

        def place_phone(call: PhoneCall) -> "asyncio.Task[None]":
            practice, rules = call.setting.practice, call.setting.rules
            return exchange.place(practice, rules, shelf.books.phrases, call.line, "phone", call)

        def brief(clauses: Sequence[str]) -> Briefing:
            return Briefing([read_out(clause) for clause in clauses], engines.voice.once, engines.voice.rate)

        machines, register = registry(settings, hub), Register(store.database)

        def for_anybody() -> frozenset[Path]:
            texts = (
                *sentences_of(shelf.books),
                *values_of(shelf.books),
                *clip_texts(shelf.books.phrases).values(),
            )
            return frozenset(map(engines.voice.path, texts))

        files = files_of(settings, for_anybody)
        purge = Purge(store.journal, store.tickets, register, files, settings.retention_days)
        voicemail = Voicemail(
            settings.exchange / "spool",
            store.sounds,
            ports,
            lambda: shelf.books,
            lambda pcm: engines.ears.transcribe(pcm, "", "message"),
            lambda: exchange.calls == 0,
            hub.tickets_changed,
        )
        work = (
            shelf.watch(),
            _prepare(shelf, engines, exchange, tell),
            machines.run(),
            paging.run(),
            purge.run(),
            voicemail.run(),
        )
        tasks = [background.create_task(part) for part in work]
        if reasoner:
            tasks.append(background.create_task(llm_trial.kept(reasoner, shelf.books.practices, tell)))
        phones = answering(
            board, exchange, ports, setting_of, place_phone, machines.admits, brief, _now, settings.machine
        )
        async with _stopped(exchange, tasks, phones):
            yield Service(
                practices=lambda: shelf.books.practices,
                hub=hub,
                desk=SqlDesk(store.calendar, store.tickets, consignes, zone, _now),
                accounts=accounts,
                place_call=place_call,
                join=_join,
                unreviewed=lambda practice: shelf.books.unsigned(practice),
                clock=_now,
                trouble=paging.trouble,
                register=register.entries,
                past=PastCalls(store.journal, lambda: shelf.books, _now),
                feedback=Feedback(settings.rules),
                trial=RuleTrial(
                    lambda practice: shelf.books.rules_of(practice),
                    ear.alarmed,
                    lambda pcm: engines.ears.transcribe(pcm, "", "open"),
                ),
                sounds=store.sounds,
                admits=machines.admits,
                drain=partial(exchange.drain, settings.drain_s),
                latency=lambda: {
                    "turns": latency.turns(),
                    "stages": latency.medians(),
                    "stages_p95": latency.slow(),
                },
                reasoner=reasoner.figures if reasoner else dict,
            )


@asynccontextmanager
async def _stopped(
    exchange: Exchange, tasks: Sequence["asyncio.Task[None]"], phones: AbstractAsyncContextManager[None]
) -> AsyncIterator[None]:
    """At the end the calls first, while what they need is still there."""
    try:
        async with phones:
            try:
                yield
            finally:
                await exchange.stop()
    finally:
        for task in tasks:
            task.cancel()


def _wake_up(books: Books) -> None:
    """Calendars and tables that are made at first use (0.5 s) are made before a caller waits for them."""
    practice = next(iter(books.practices.values()))
    said = "je voudrais un rendez-vous après les vacances de Noël, j'ai de la fièvre"
    read(said, {}, Context(practice, datetime.now(practice.zone)))
    judge(books.rules_of(practice.id), [said])


def sentences_of(books: Books) -> Iterator[str]:
    """What a first call needs, as it is read out."""
    for practice in books.practices.values():
        rules = books.rules_of(practice.id)
        for language in practice.languages:
            told = sentences(books.phrases, practice, language)
            own = rules.spoken(language.code)
            written = rule_words.sentences(own, practice) if own.language.code == language.code else ()
            yield from (read_out(marked(clause, language.code)) for clause in (*told, *written))


def values_of(books: Books) -> Iterator[str]:
    """Urgency questions, and the days, hours and names that answers are put together from, as read out."""
    for rules in dict.fromkeys((books.shipped, *books.own.values())):
        for book in (rules, *rules.also):
            yield from (read_out(marked(each, book.language.code)) for each in rule_words.questions(book))
    for practice in books.practices.values():
        today = datetime.now(practice.zone).date()
        for language in practice.languages:
            ready = values(practice, today, language)
            yield from (read_out(marked(clause, language.code)) for clause in ready)


def read_out(clause: str) -> str:
    """What the voice is given for a clause."""
    code, text = unmarked(clause)
    return marked(LANGUAGES[code].values.spoken(closed(text)), code)


async def _prepare(shelf: Shelf, engines: Engines, exchange: Exchange, tell: Tell) -> None:
    """Render what will surely be said, while nobody calls; once a day there is a new last day."""
    while True:
        books = shelf.books
        wanted = (*sentences_of(books), *values_of(books))
        failed = await prerender(
            wanted, engines.voice, idle=lambda: exchange.calls == 0, progress=partial(_progress, tell)
        )
        waited, wait = 0.0, RETRY_S if failed else 24 * 3600
        while shelf.books is books and waited < wait:
            await asyncio.sleep(60)
            waited += 60


def _progress(tell: Tell, ready: int, of: int) -> None:
    if ready == of or ready % 50 == 0:
        tell(f"Phrases prêtes d'avance : {ready} / {of}")


async def _clips(voice: CachedSynthesizer, phrases: Phrases) -> Mapping[Clip, bytes]:
    texts = clip_texts(phrases)
    return {clip: fitted(await voice.synthesize(text), voice.rate) for clip, text in texts.items()}


def clip_texts(phrases: Phrases) -> Mapping[Clip, str]:
    """What is said when synthesis itself fails, as read out."""
    return {clip: spoken(" ".join(clauses(phrases, Say(phrase)))) for clip, phrase in CLIPS.items()}


async def _join(offer: Description) -> tuple[Description, Callable[[], Awaitable[Line]]]:
    description, line = await answer(offer)

    async def flowing() -> Line:
        await line.flowing(JOIN_S)
        return line

    return description, flowing


def _live_page(settings: Settings, practice: str) -> str:
    return f"{settings.public_url.rstrip('/')}/direct?cabinet={practice}" if settings.public_url else ""


def _zone(shelf: Shelf, practice: str) -> tzinfo:
    known = shelf.books.practices.get(practice)
    return known.zone if known else UTC


def _now() -> datetime:
    return datetime.now(UTC)
