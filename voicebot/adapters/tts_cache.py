"""Speech that is made once: a Synthesizer over another, with a folder of clips between them.

A clip's file is named by everything that decides its sound, and carries its own sha256, so a clip that was
cut short or damaged is made again instead of being played. Callers who want the same text at the same time
share one synthesis; what is only wanted for later (`warm`) waits for what is wanted now, and stops for it.
"""

import asyncio
import hashlib
import logging
import os
import tempfile
from collections import OrderedDict
from pathlib import Path

from voicebot.errors import EngineFailed
from voicebot.ports import Synthesizer

log = logging.getLogger(__name__)

MAGIC = b"voicebot clip 1\n"
RECENT_BYTES = 32 << 20
"""Kept in memory: about eleven minutes of speech at 24 kHz."""


class CachedSynthesizer:
    """See the module. `identity` names voice, speed and model: the clips of another are never played."""

    def __init__(self, inner: Synthesizer, folder: Path, identity: str) -> None:
        self._inner, self._folder, self._identity = inner, folder, identity
        self._recent: OrderedDict[str, bytes] = OrderedDict()
        self._recent_bytes = 0
        self._making: dict[str, asyncio.Task[bytes]] = {}
        self._wanted: dict[str, int] = {}
        """How many callers wait for each text now; warm-ups do not count."""
        self._calm = asyncio.Event()
        self._calm.set()
        self._one_warm_up = asyncio.Lock()

    @property
    def rate(self) -> int:
        """Hz, the inner one's."""
        return self._inner.rate

    def path(self, text: str) -> Path:
        """Where the clip of `text` lies, if it was made."""
        key = hashlib.sha256("\n".join((self._identity, str(self.rate), text)).encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.clip"

    def cached(self, text: str) -> bytes | None:
        """The clip if it is there and whole; under 1 ms when it was used lately, else one small file read."""
        if clip := self._recent.get(text):
            self._recent.move_to_end(text)
            return clip
        if clip := _read(self.path(text)):
            self._remember(text, clip)
        return clip

    def kept(self, text: str) -> bool:
        """Whether the folder holds the clip, whole. Reads it; may be called from any thread."""
        return _read(self.path(text)) is not None

    async def synthesize(self, text: str) -> bytes:
        """The clip, from the folder or made now, ahead of every warm-up. Raises EngineFailed."""
        if clip := self.cached(text):
            return clip
        self._wanted[text] = self._wanted.get(text, 0) + 1
        self._calm.clear()
        for other in self._making:
            self._abandon(other)
        try:
            return await self._share(text)
        finally:
            self._wanted[text] -= 1
            if not self._wanted[text]:
                del self._wanted[text]
            self._abandon(text)
            if not self._wanted:
                self._calm.set()

    async def once(self, text: str) -> bytes:
        """The clip if it is kept, else made and not kept: words about one caller. Raises EngineFailed."""
        return self.cached(text) or await self._inner.synthesize(text)

    async def warm(self, text: str) -> None:
        """Have the clip ready for later; nothing happens if it is. Raises EngineFailed.

        Gives way, as often as needed, to texts that are wanted now."""
        async with self._one_warm_up:
            while not self.cached(text):
                await self._calm.wait()
                try:
                    await self._share(text)
                except _Overtaken:
                    continue
                finally:
                    self._abandon(text)

    def _abandon(self, text: str) -> None:
        """Stop the synthesis that everybody who wanted it has left; harmless when it is done."""
        if text not in self._wanted and (task := self._making.get(text)):
            task.cancel()

    async def _share(self, text: str) -> bytes:
        """Wait for the one synthesis of `text`, beginning it if need be."""
        task = self._making.get(text)
        if task is None or task.cancelling():
            task = asyncio.create_task(self._make(text), name="synthesis")
            self._making[text] = task
            task.add_done_callback(lambda done: self._made(text, done))
        await asyncio.wait({task})
        if task.cancelled():
            raise _Overtaken("synthesis gave way to a more urgent one")
        return task.result()

    def _made(self, text: str, task: asyncio.Task[bytes]) -> None:
        if self._making.get(text) is task:
            del self._making[text]
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody may

    async def _make(self, text: str) -> bytes:
        clip = await self._inner.synthesize(text)
        self._remember(text, clip)
        try:
            await asyncio.to_thread(_write, self.path(text), clip)
        except OSError as error:  # a full disk costs speed, not speech
            log.warning("a clip was not kept: %s", error.strerror)
        return clip

    def _remember(self, text: str, clip: bytes) -> None:
        self._recent_bytes += len(clip) - len(self._recent.pop(text, b""))
        self._recent[text] = clip
        while self._recent_bytes > RECENT_BYTES and len(self._recent) > 1:
            self._recent_bytes -= len(self._recent.popitem(last=False)[1])


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    start = len(MAGIC) + hashlib.sha256().digest_size
    digest, clip = content[len(MAGIC) : start], content[start:]
    whole = content.startswith(MAGIC) and clip and hashlib.sha256(clip).digest() == digest
    return clip if whole else None


def _write(path: Path, clip: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with open(handle, "wb") as out:
            out.write(MAGIC + hashlib.sha256(clip).digest() + clip)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


class _Overtaken(EngineFailed):
    """A warm-up was stopped because somebody waits for another text."""
