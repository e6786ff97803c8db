"""Asterisk beside the service: started, watched over, stopped; it outlives us, because callers are on it.

It runs in a session of its own: what kills the service's process group spares it. A service that starts again
finds it running and adopts it.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import aiohttp

from telephony.asterisk import names
from telephony.asterisk.ari import AriAddress, on_air
from telephony.asterisk.configuration import Installation
from voicebot.errors import Faulty, Unavailable

READY_S = 20.0
"""From start to the first answer; 1 s on an idle machine."""
ANSWER_S = 3.0
LOOK_EVERY_S = 0.5
ASK_EVERY_S = 5.0
DEAF_AFTER = 6
"""Questions in a row without an answer before a process that lives is taken for frozen."""
BACKOFF_S = (0.5, 30.0)
"""Before a restart; doubled each time, from the first again after a minute of life."""
NAMES_EVERY_S = 60.0
ROTATE_EVERY_S = 24 * 3600.0
ROTATED_KEPT = 2
"""Old logs beside the current ones; callers' numbers are in them."""
STOP_S = 5.0
CLI_S = 10.0


class Sidecar:
    """One Asterisk, of one configuration folder (`Settings.exchange`)."""

    def __init__(
        self, installation: Installation, folder: Path, ari: AriAddress, tell: Callable[[str], None]
    ) -> None:
        self._program, self._folder, self._ari, self._tell = installation.program, folder, ari, tell
        self._process: subprocess.Popen[bytes] | None = None
        self._known: names.Addresses | None = None

    @property
    def pid(self) -> int | None:
        """Of the Asterisk that runs with our configuration, ours or the one before us; None = none does."""
        if self._process is not None:
            return self._process.pid if self._process.poll() is None else None
        try:
            pid = int((self._folder / "run" / "asterisk.pid").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None
        return pid if self._is_ours(pid) else None

    async def start(self) -> None:
        """Returns once it answers. Raises Faulty with its own words when it does not."""
        if self.pid is None:
            await asyncio.to_thread(self._spawn)
        else:
            self._tell("Asterisk tourne déjà : il est repris, avec ses appels.")
            with suppress(Unavailable):  # it is asked below whether it answers at all
                await self.reload()
        end = time.monotonic() + READY_S
        while not await self.answers():
            if self.pid is None or time.monotonic() > end:
                raise Faulty(f"Asterisk ne démarre pas. Son journal finit par :\n{self._last_words()}")
            await asyncio.sleep(0.1)

    async def watch(self) -> None:
        """Start it again whenever it ends or freezes, until cancelled."""
        wait, deaf = BACKOFF_S[0], 0
        since = asked = looked_up = time.monotonic()
        await self._know_operators()
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now = time.monotonic()
            if self.pid is not None and now - looked_up > NAMES_EVERY_S:
                looked_up = now
                await self._know_operators()
                await self._rotate_logs()
            if self.pid is not None and now - asked > ASK_EVERY_S:
                asked, deaf = now, 0 if await self.answers() else deaf + 1
            if self.pid is not None and deaf < DEAF_AFTER:
                continue
            if self.pid is not None:
                self._tell("Asterisk ne répond plus : il est arrêté de force.")
                await self._end(signal.SIGKILL)
            wait = BACKOFF_S[0] if now - since > 60 else min(2 * wait, BACKOFF_S[1])
            self._tell("Asterisk s'est arrêté : il est relancé.")
            await asyncio.sleep(wait)
            since, deaf = time.monotonic(), 0
            try:
                await self.start()
            except (Faulty, OSError) as error:
                self._tell(str(error))

    async def stop(self, patience_s: float = 0.0) -> None:
        """End it; who is on the line with a human is left `patience_s` to finish. Harmless twice."""
        for _ in range(int(patience_s / LOOK_EVERY_S)):
            if not await self._busy():
                break
            await asyncio.sleep(LOOK_EVERY_S)
        await self._end(signal.SIGTERM)
        await self._end(signal.SIGKILL)

    async def reload(self) -> None:
        """Take changed configuration files over; calls go on. Raises Unavailable."""
        await self.command("core reload")

    async def command(self, line: str) -> str:
        """What its console answers. Raises Unavailable."""
        process = await asyncio.create_subprocess_exec(
            *(str(self._program), "-C", str(self._folder / "etc" / "asterisk.conf"), "-rx", line),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            out, _ = await asyncio.wait_for(process.communicate(), CLI_S)
        except TimeoutError:
            raise Unavailable("Asterisk's console does not answer") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        text = out.decode(errors="replace")
        if process.returncode:
            raise Unavailable(f"Asterisk's console: {text.strip()}")
        return text

    async def answers(self) -> bool:
        """Whether its REST interface does, within 3 s."""
        login = {"Authorization": aiohttp.encode_basic_auth(self._ari.user, self._ari.password)}
        try:
            async with (
                asyncio.timeout(ANSWER_S),
                aiohttp.ClientSession(headers=login) as http,
                http.get(f"{self._ari.url}/asterisk/info") as response,
            ):
                return response.status == 200
        except (TimeoutError, OSError, aiohttp.ClientError):
            return False

    def _spawn(self) -> None:
        # not asyncio's: its transport kills the process when our loop closes
        (self._folder / "run" / "asterisk.pid").unlink(missing_ok=True)
        with (self._folder / "log" / "console.log").open("wb") as console:
            self._process = subprocess.Popen(
                [str(self._program), "-f", "-C", str(self._folder / "etc" / "asterisk.conf")],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                start_new_session=True,
            )

    async def _know_operators(self) -> None:
        """Have its file read again when a name leads elsewhere than it did, or leads somewhere at last."""
        try:
            now = await names.look_up(await asyncio.to_thread(names.names, self._folder))
            if self._known is not None and now - self._known:
                await asyncio.to_thread(names.touch, self._folder)
                await self.command("module reload res_pjsip.so")
        except (OSError, Unavailable) as error:
            self._tell(f"Asterisk : les adresses des opérateurs n'ont pas pu être relues ({error}).")
            return
        self._known = now

    async def _rotate_logs(self) -> None:
        """Once a day, however often the service was started meanwhile."""
        stamp = self._folder / "log" / ".rotated"
        try:
            if not await asyncio.to_thread(_older, stamp, ROTATE_EVERY_S):
                return
            await self.command("logger rotate")
            await asyncio.to_thread(_keep, self._folder / "log", ROTATED_KEPT)
        except (OSError, Unavailable) as error:
            self._tell(f"Asterisk : ses journaux n'ont pas pu être renouvelés ({error}).")

    async def _busy(self) -> bool:
        try:
            return bool(await on_air(self._ari))
        except Unavailable:
            return False

    async def _end(self, how: signal.Signals) -> None:
        """Returns once it is gone, or after STOP_S."""
        if (pid := self.pid) is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, how)
        for _ in range(int(STOP_S / 0.05)):
            if self.pid is None:  # asking also takes its exit status over: no zombie
                self._process = None
                return
            await asyncio.sleep(0.05)

    def _is_ours(self, pid: int) -> bool:
        """A number in a file may be anybody's by now: its command line must name our configuration."""
        try:
            os.kill(pid, 0)
            if not sys.platform.startswith("linux"):
                return True
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return str(self._folder / "etc" / "asterisk.conf").encode() in words

    def _last_words(self) -> str:
        lines: list[str] = []
        for name in ("console.log", "messages.log"):
            try:
                text = (self._folder / "log" / name).read_text(encoding="utf8", errors="replace")
            except OSError:
                continue
            lines += [line for line in text.splitlines() if "ERROR" in line or "Unable" in line][-3:]
        return "\n".join(lines) or "(rien)"


def _older(stamp: Path, seconds: float) -> bool:
    """Whether so long has passed since this was last true; the first time it only begins to count.

    Raises OSError."""
    if stamp.exists() and time.time() - stamp.stat().st_mtime < seconds:
        return False
    known = stamp.exists()
    stamp.touch()
    return known


def _keep(folder: Path, newest: int) -> None:
    """Delete what was rotated away before. Raises OSError."""
    for path in folder.glob("*.log.*"):
        if path.suffix[1:].isdigit() and int(path.suffix[1:]) >= newest:
            path.unlink(missing_ok=True)
