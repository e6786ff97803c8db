"""What numeric libraries must be told before they are loaded; measured on two cores."""

from collections.abc import MutableMapping
from pathlib import Path

MODERN = frozenset("avx512f avx512cd avx512vl avx512bw avx512dq avx512_vnni".split())
"""Processors that do not slow down for wide instructions; CTranslate2 uses them only when told to."""


def tune(environment: MutableMapping[str, str], flags: frozenset[str]) -> None:
    """Set what the person has not set. `flags`: the processor's.

    A second OpenBLAS thread spins beside each spectrogram and computes nothing: 590 → 440 ms of CPU for a
    transcript. AVX-512: 440 → 410 ms.
    """
    environment.setdefault("OPENBLAS_NUM_THREADS", "1")
    if flags >= MODERN:
        environment.setdefault("CT2_FORCE_CPU_ISA", "AVX512")


def flags() -> frozenset[str]:
    """Of the first processor; none where Linux does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    found = next((line for line in lines if line.startswith("flags")), "")
    return frozenset(found.partition(":")[2].split())
