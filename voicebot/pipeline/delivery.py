"""Speech as a caller asked for it: slower without a lower voice, louder without clipping. Pure."""

from fractions import Fraction

import numpy as np
from av import AudioFrame
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as AllOut
from av.filter import Graph
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voicebot.domain.effects import Manner
from voicebot.pipeline.playback import RATE

CEILING = 0.95
"""Of full scale: no peak goes beyond, also after a telephone's own filters have overshot a little."""
BLOCK = 16
"""Samples (1 ms) whose loudest decides how far they may be raised."""
AHEAD = 5
"""Blocks: the gain begins to sink so long before a peak, and comes back as slowly."""

Samples = NDArray[np.float32]


def delivered(pcm: bytes, manner: Manner) -> bytes:
    """s16le mono 16 kHz, stretched to `1 / manner.rate` of its length and raised by `manner.gain_db`."""
    if not pcm:
        return pcm
    if manner.rate != 1.0:
        pcm = _stretched(pcm, manner.rate)
    if manner.gain_db:
        x = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        pcm = (raised(x, 10 ** (manner.gain_db / 20)) * 32767).astype("<i2").tobytes()
    return pcm


def raised(x: Samples, gain: float) -> Samples:
    """`x` times `gain`, or less around peaks that would pass the ceiling: a look-ahead limiter.

    Each block's gain is the least that it and its neighbours need, smoothed over fewer neighbours than
    that: so the smoothed one, and the line drawn between two of them, never exceed what a block needs.
    """
    if not x.size:
        return x
    blocks = -(-len(x) // BLOCK)
    padded = np.zeros(blocks * BLOCK, np.float32)
    padded[: len(x)] = np.abs(x)
    peaks = padded.reshape(blocks, BLOCK).max(axis=1)
    needed = np.minimum(gain, CEILING / np.maximum(peaks, 1e-6))
    least = sliding_window_view(np.pad(needed, AHEAD + 1, "edge"), 2 * AHEAD + 3).min(axis=1)
    bell = np.hanning(2 * AHEAD + 3)[1:-1]
    smooth = np.convolve(np.pad(least, AHEAD, "edge"), bell / bell.sum(), "valid")
    middles = np.arange(blocks) * BLOCK + (BLOCK - 1) / 2
    return (x * np.interp(np.arange(len(x)), middles, smooth)).astype(np.float32)


def _stretched(pcm: bytes, rate: float) -> bytes:
    """Longer at the same pitch: FFmpeg's `atempo`, which lays whole periods of the voice one over another."""
    graph = Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="s16", layout="mono", time_base=Fraction(1, RATE))
    tempo, sink = graph.add("atempo", str(rate)), graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    frame = AudioFrame.from_ndarray(np.frombuffer(pcm, "<i2").reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    graph.push(frame)
    graph.push(None)
    parts = []
    while True:
        try:
            parts.append(graph.pull().to_ndarray().astype("<i2").tobytes())
        except (AllOut, NothingYet):
            return b"".join(parts)
