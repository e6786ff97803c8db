"""A real telephone: baresip, its microphone a WAV file, both directions recorded, driven over TCP."""

import asyncio
import json
import time
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from tests.ports import free_ports, free_range
from tests.telephony.listening import Recording, read_growing

Found = TypeVar("Found")
RATE = 8000
MICROPHONE_S = 120
"""baresip stops sending at the end of its file: every microphone is padded to that."""
MODULES = Path("/usr/lib/baresip/modules")

CONFIG = """\
poll_method epoll
sip_listen {host}:{sip}
audio_player aubridge,null
audio_source aufile,{folder}/microphone.wav
audio_alert aubridge,null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_buffer 20-160
net_interface {host}
rtp_ports {rtp}-{rtp_last}
module_path {modules}
module g711.so
module g722.so
module opus.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
snd_path {folder}/recorded
"""


def tone(hz: float, seconds: float = MICROPHONE_S, level: float = 0.3) -> bytes:
    """s16le mono 8 kHz."""
    t = np.arange(int(seconds * RATE)) / RATE
    return bytes((level * 32767 * np.sin(2 * np.pi * hz * t)).astype("<i2").tobytes())


@dataclass
class Telephone:
    """Times in `events` are `time.monotonic()`."""

    folder: Path
    sip: int
    """Its own port."""
    writer: asyncio.StreamWriter
    events: list[tuple[float, dict[str, str]]] = field(default_factory=list)

    async def dial(self, uri: str) -> None:
        await self._do("dial", uri)

    async def pick_up(self) -> None:
        await self._do("accept")

    async def press(self, keys: str) -> None:
        await self._do("sndcode", keys)

    async def hang_up(self) -> None:
        """Also declines a call that rings."""
        await self._do("hangup")

    async def until(self, kind: str, within_s: float = 5.0, times: int = 1) -> float:
        """When that event came (for the n-th time): CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED, …"""
        found = await self._wait(lambda: self.seen(kind)[times - 1 :], f"{kind} x{times}", within_s)
        return found[0][0]

    async def hears(self, hz: float, within_s: float = 5.0, windows: int = 2) -> None:
        """Waits until that tone was heard for so many windows of 100 ms in the last second."""
        await self._wait(
            lambda: len(self.heard().part(-1.0).tone(hz)) >= windows, f"tone of {hz} Hz heard", within_s
        )

    def seen(self, kind: str) -> list[tuple[float, dict[str, str]]]:
        return [(at, event) for at, event in self.events if event.get("type") == kind]

    def heard(self) -> Recording:
        """Of the last call, so far. Packets that never came leave no gap here."""
        return self._recorded("dec")

    def said(self) -> Recording:
        return self._recorded("enc")

    def _recorded(self, way: str) -> Recording:
        files = sorted((self.folder / "recorded").glob(f"*-{way}.wav"))
        return read_growing(files[-1]) if files else Recording(np.zeros(0))

    async def _do(self, command: str, params: str = "") -> None:
        text = json.dumps({"command": command, "params": params, "token": "t"}).encode()
        self.writer.write(b"%d:%s," % (len(text), text))
        await self.writer.drain()

    async def _wait(self, look: Callable[[], Found], what: str, within_s: float) -> Found:
        end = time.monotonic() + within_s
        while not (found := look()):
            if time.monotonic() > end:
                kinds = [event.get("type") for _, event in self.events]
                raise AssertionError(f"not within {within_s} s: {what}; events: {kinds}")
            await asyncio.sleep(0.02)
        return found

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Netstrings of JSON until the telephone is gone."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int((await reader.readuntil(b":"))[:-1])
                message = json.loads((await reader.readexactly(length + 1))[:-1])
                if message.get("event"):
                    self.events.append((time.monotonic(), message))


@asynccontextmanager
async def telephone(
    folder: Path,
    account: str,
    *,
    host: str = "127.0.0.1",
    microphone: bytes = b"",
    codecs: str = "PCMA/8000/1",
    more: str = "",
) -> AsyncIterator[Telephone]:
    """A telephone switched on. `account`: `<sip:user@host>;parameters`, `{sip}` stands for its own port.
    `more`: lines for its configuration.
    `microphone`: s16le mono 8 kHz, padded with silence to two minutes."""
    (sip,), (control,) = free_ports(1, host), free_ports(1)
    (folder / "recorded").mkdir(parents=True)
    rtp = free_range(20, host)
    config = CONFIG.format(
        host=host, sip=sip, control=control, folder=folder, modules=MODULES, rtp=rtp, rtp_last=rtp + 19
    )
    (folder / "config").write_text(config + more)
    (folder / "accounts").write_text(f"{account.format(sip=sip)};audio_codecs={codecs};answermode=manual\n")
    (folder / "contacts").touch()
    write_wav(folder / "microphone.wav", microphone.ljust(MICROPHONE_S * RATE * 2, b"\0"))
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "baresip", "-f", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        reader, writer = await _connected(control, folder / "log")
        phone = Telephone(folder, sip, writer)
        reading = asyncio.create_task(phone.read(reader))
        try:
            yield phone
        finally:
            reading.cancel()
            writer.close()
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 3)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _connected(port: int, log: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(100):
        with suppress(OSError):
            return await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.05)
    raise AssertionError(f"the telephone does not start: see {log}")


def write_wav(path: Path, pcm: bytes) -> None:
    """`pcm`: s16le mono 8 kHz."""
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE)
        wav.writeframes(pcm)
