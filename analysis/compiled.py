"""Whether the compiled `kernels` serve: they take a second to load, which much text pays for and little does not."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pyarrow as pa

_loaded: list[ModuleType | None] = []


def load() -> None:
    """Load the kernels, where this system can have them: much text is coming.

    The first time they are compiled, which takes some seconds, and kept beside the package. Where they cannot be kept
    each process would have to compile them: there all is found without.
    """
    if _loaded:
        return
    try:
        from analysis import kernels

        _loaded.append(kernels)
    except Exception:  # no numba for this system, or one that cannot compile here: all is found without
        _loaded.append(None)


def kernels() -> ModuleType | None:
    """Return `kernels` if they are loaded."""
    return _loaded[0] if _loaded else None


def utf8_of(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of texts as Arrow holds them, and where each begins and the last ends."""
    if not len(texts):
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    _, edges, data = texts.buffers()
    edges = np.frombuffer(edges, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", dtype=np.uint8), edges
