"""A browser's recording (WebM, Ogg or MP4, whatever it makes) as the sound that engines hear."""

import io

import av
import numpy as np
from av.audio.resampler import AudioResampler

from voicebot.errors import Faulty

RATE = 16000
LONGEST_S = 15.0
"""What is longer is cut: a sentence is wanted."""


def pcm_of(recording: bytes) -> bytes:
    """s16le mono 16 kHz. Blocks. Raises Faulty when there is no sound in it."""
    resampler = AudioResampler("s16", "mono", RATE)
    parts: list[bytes] = []
    length = 0
    try:
        with av.open(io.BytesIO(recording), "r") as container:
            for frame in container.decode(audio=0):
                parts += [
                    np.ascontiguousarray(part.to_ndarray()).tobytes() for part in resampler.resample(frame)
                ]
                length = sum(map(len, parts))
                if length >= 2 * RATE * LONGEST_S:
                    break
    except (av.error.FFmpegError, IndexError, ValueError):
        raise Faulty("Cet enregistrement ne peut pas être lu : recommencez, ou écrivez la phrase.") from None
    if not length:
        raise Faulty("Cet enregistrement est vide : recommencez, ou écrivez la phrase.")
    return b"".join(parts)[: int(2 * RATE * LONGEST_S)]
