"""What listening needs of the process: shared by every call, loaded once.

Silero's session and smart-turn keep no state between calls; each call has its own `Activity`.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3

from voicebot.domain.effects import Expects
from voicebot.ports import Transcriber, Transcript

RATE, WINDOW, CONTEXT = 16000, 512, 64
"""Silero v5 at 16 kHz: windows of 512 samples, each preceded by the last 64 of the one before."""
DECODE_S = 5.0
"""Deadline of a transcript, waiting for its turn included: nobody waits in silence for 6 s."""


class Activity(Protocol):
    """Voice activity on one line."""

    def confidence(self, window: bytes) -> float:
        """0..1 that this is speech; 512 samples, s16le mono 16 kHz, in order."""
        ...


class Ears(Protocol):
    """What every call listens with."""

    def activity(self) -> Activity:
        """A fresh one, for one call."""
        ...

    @property
    def idle(self) -> bool:
        """No call waits for a transcript or has one made."""
        ...

    async def transcribe(
        self, audio: bytes, hotwords: str, expects: Expects | None, languages: Sequence[str] = ("fr",)
    ) -> Transcript:
        """s16le mono 16 kHz → transcript. Raises EngineFailed, TimeoutError. Cancel it when it is stale."""
        ...

    async def turn_over(self, audio: bytes) -> float:
        """0..1 that the speaker has finished; s16le mono 16 kHz."""
        ...


class SileroActivity:
    """Silero on one line; 0.1 ms a window, so it needs no thread."""

    RESET_WINDOWS, RESET_BELOW, RESET_RUN = 62, 0.1, 5
    """Non-speech makes the model under-report what follows: after 2 s, in a quiet moment, it forgets.
    (pipecat.audio.vad.silero does the same, for the same reason.)"""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session
        self._rate = np.array(RATE, dtype=np.int64)
        self._since = self._low = 0
        self._forget()

    def _forget(self) -> None:
        self._state: NDArray[np.float32] = np.zeros((2, 1, 128), np.float32)
        self._context: NDArray[np.float32] = np.zeros((1, CONTEXT), np.float32)
        self._since = 0

    def confidence(self, window: bytes) -> float:
        """See Activity."""
        samples = np.frombuffer(window, np.int16).astype(np.float32)[None] / np.float32(32768)
        x: NDArray[np.float32] = np.concatenate((self._context, samples), axis=1)
        out, self._state = self._session.run(None, {"input": x, "state": self._state, "sr": self._rate})
        self._context = x[:, -CONTEXT:]
        confidence = float(out[0, 0])
        self._since += 1
        self._low = self._low + 1 if confidence < self.RESET_BELOW else 0
        if self._since >= self.RESET_WINDOWS and self._low >= self.RESET_RUN:
            self._forget()
        return confidence


class LocalEars:
    """Silero, smart-turn and a transcriber, whose threads are the bound on what happens at once."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self._asked = 0
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        model = files("pipecat.audio.vad.data").joinpath("silero_vad.onnx").read_bytes()
        self._silero = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._smart = LocalSmartTurnAnalyzerV3()
        self._thread = ThreadPoolExecutor(1, "smart-turn")

    def activity(self) -> SileroActivity:
        """See Ears."""
        return SileroActivity(self._silero)

    @property
    def idle(self) -> bool:
        """See Ears."""
        return not self._asked

    async def transcribe(
        self, audio: bytes, hotwords: str, expects: Expects | None, languages: Sequence[str] = ("fr",)
    ) -> Transcript:
        """See Ears."""
        self._asked += 1
        try:
            async with asyncio.timeout(DECODE_S):
                return await self._transcriber.transcribe(
                    audio, hotwords=hotwords, expects=expects, languages=languages
                )
        finally:
            self._asked -= 1

    async def turn_over(self, audio: bytes) -> float:
        """See Ears."""
        async with asyncio.timeout(DECODE_S):
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._predict, audio)

    def _predict(self, audio: bytes) -> float:
        x = np.frombuffer(audio[-2 * 8 * RATE :], np.int16).astype(np.float32) / 32768
        # Private, but the public way goes through buffers and timers of pipecat's own turn taking.
        return float(self._smart._predict_endpoint(x)["probability"])

    def close(self) -> None:
        """Give the thread back."""
        self._thread.shutdown(wait=False, cancel_futures=True)
