"""The exchange beside the service: found, configured from the practices, started, followed; our side of it.

Whatever is missing for the telephone leaves the web calls: it is said in one line, and not an error.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from pathlib import Path

from telephony.asterisk import installation, secret_words
from telephony.asterisk.ami import Ami, AmiAddress
from telephony.asterisk.ari import AriAddress, OnAir, on_air
from telephony.asterisk.assembled import Assembled, assemble
from telephony.asterisk.configuration import Installation
from telephony.asterisk.sidecar import Sidecar
from voicebot.adapters import trunks_yaml
from voicebot.app.exchange import Exchange
from voicebot.app.phone import Place, Telephone, listening
from voicebot.app.phone_call import Brief, Desk
from voicebot.conversation import Ports
from voicebot.domain.dialogue import wording
from voicebot.domain.dialogue.state import Setting
from voicebot.domain.practice import Practice
from voicebot.errors import Faulty, Unavailable
from voicebot.settings import Settings

AMI_USER, ARI_USER = "voice", "console"
FOLLOW_S = 5.0
CONNECT_S = 5.0
"""For the first connection; without it callers reach humans until it is there."""

Tell = Callable[[str], None]
Practices = Callable[[], Mapping[str, Practice]]

log = getLogger(__name__)


@dataclass(frozen=True)
class Switchboard:
    """An exchange that is configured, and runs if it is ours to run."""

    ami: AmiAddress
    ari: AriAddress
    spool: Path
    port: int
    """Where it opens its media legs to us."""

    async def on_air(self) -> Sequence[OnAir]:
        """Whom it holds. Raises Unavailable."""
        return await on_air(self.ari)

    async def whereabouts(self, caller: str) -> str:
        """CALL_STATE of a caller, "" when they are gone. Raises Unavailable."""
        return next((air.state for air in await self.on_air() if air.call == caller), "")


def numbers(practices: Mapping[str, Practice]) -> tuple[str, ...]:
    """Those we answer, as people write them."""
    listed = (number.e164 for practice in practices.values() for number in practice.numbers)
    return tuple(wording.telephone(number).replace("|", " ") for number in listed)


def ami_address(settings: Settings) -> AmiAddress:
    """Where the exchange takes our decisions, and our password there. Raises Faulty."""
    made = secret_words.load(settings.exchange.resolve(), (), (), settings.state)
    return AmiAddress("127.0.0.1", settings.ami_port, AMI_USER, made.ami)


@asynccontextmanager
async def switchboard(
    settings: Settings, practices: Practices, tell: Tell
) -> AsyncIterator[Switchboard | None]:
    """Running while inside, and left running at the end if callers are on it; None: web calls only."""
    if settings.telephone == "no" or not any(practice.numbers for practice in practices().values()):
        yield None
        return
    try:
        found, made = await _assembled(settings, practices, tell)
        ari = AriAddress(f"http://127.0.0.1:{settings.ari_port}/ari", ARI_USER, made.secrets.ari)
        sidecar = Sidecar(found, made.folder, ari, tell) if found else None
        if sidecar:
            await sidecar.start()
        tell(f"Téléphone : {', '.join(numbers(practices()))}")
    except (Faulty, OSError) as error:
        tell(f"Appels par le web seulement : {error}")
        yield None
        return
    ami = AmiAddress("127.0.0.1", settings.ami_port, AMI_USER, made.secrets.ami)
    tasks = [asyncio.create_task(_follow(settings, practices, tell, found, sidecar))]
    if sidecar:
        tasks.append(asyncio.create_task(sidecar.watch()))
    try:
        yield Switchboard(ami, ari, made.folder / "spool", settings.media_port)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if sidecar:
            await asyncio.shield(_left(sidecar, ari, tell))


@asynccontextmanager
async def answering(
    board: Switchboard | None,
    exchange: Exchange,
    ports: Ports,
    setting_of: Callable[[str], Setting | None],
    place: Place,
    admits: Callable[[str], Awaitable[bool]],
    brief: Brief,
    now: Callable[[], datetime],
    machine: str,
) -> AsyncIterator[None]:
    """Telephone calls are answered while inside. Raises Faulty when our port cannot be had."""
    if board is None:
        yield
        return
    ami = Ami(board.ami, lambda message: telephone.happened(message))
    desk = Desk(ami, board.whereabouts, brief, board.spool, now)
    telephone = Telephone(desk, ports, setting_of, exchange, place, admits, board.on_air, machine)
    tasks = [asyncio.create_task(ami.run()), asyncio.create_task(telephone.run())]
    try:
        try:
            await ami.until_connected(CONNECT_S)
        except Unavailable as error:
            log.warning("the exchange is not there yet: %s", error)
        async with listening(telephone, board.port):
            yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def alive(board: Switchboard | None) -> frozenset[str]:
    """Unique ids of the callers whom the exchange holds; empty when it cannot be asked."""
    if board is None:
        return frozenset()
    try:
        return frozenset(air.call for air in await board.on_air())
    except Unavailable as error:
        log.warning("not known whom the exchange holds: %s", error)
        return frozenset()


async def _assembled(
    settings: Settings, practices: Practices, tell: Tell
) -> tuple[Installation | None, Assembled]:
    found = None
    if settings.telephone == "auto":
        found = await installation.find(settings.asterisk, settings.cache / "asterisk")
    return found, await _configured(settings, practices, tell, found)


async def _configured(
    settings: Settings, practices: Practices, tell: Tell, found: Installation | None
) -> Assembled:
    trunks = trunks_yaml.load(settings.lines)
    made = await asyncio.to_thread(assemble, tuple(practices().values()), settings, trunks, found)
    for name, diff in (made.written.diffs or {}).items():
        tell(f"{name} a été modifié à la main : il est laissé tel quel. Ce que nous y écririons :\n{diff}")
    for warning in made.warnings:
        tell(warning)
    return made


async def _follow(
    settings: Settings, practices: Practices, tell: Tell, found: Installation | None, sidecar: Sidecar | None
) -> None:
    """A practice's file that changes changes the exchange, while calls go on."""
    known = practices()
    while True:
        await asyncio.sleep(FOLLOW_S)
        if practices() is known:
            continue
        known = practices()
        try:
            made = await _configured(settings, practices, tell, found)
            if made.written.changed and sidecar:
                await sidecar.reload()
        except (Faulty, Unavailable, OSError) as error:
            tell(f"Le standard garde son ancienne configuration : {error}")


async def _left(sidecar: Sidecar, ari: AriAddress, tell: Tell) -> None:
    """Who is on the line keeps it: with a human, or on the way to one now that we are gone."""
    try:
        held = len(await on_air(ari))
    except Unavailable:
        held = 0
    if held:
        tell(f"{held} appel(s) en ligne : Asterisk continue sans nous, le prochain démarrage le reprend.")
    else:
        await sidecar.stop()
