"""What the compiled loops have in common: how they are compiled, and how words are found in bytes."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numba
import numpy as np
from numba import bool_, int64, types, uint8, uint64

BYTES, EDGES, KEYS, FLAGS = (types.Array(t, 1, "C", readonly=True) for t in (uint8, int64, uint64, bool_))
"""Types of arguments; arrays that may be written to serve too."""

_1, _2, _3, _8 = (np.uint64(n) for n in (1, 2, 3, 8))  # with signed integers, unsigned ones would become floats
_4, _5, _6, _7 = (np.uint64(n) for n in (4, 5, 6, 7))


_HERE = Path(__file__).parent
_BEHIND = [
    _HERE.parent / f"{name}.py" for name in ("byte_words", "languages", "shingles", "story_samples", "word_counts")
]


def folder() -> Path:
    """Return where compiled loops are kept, named by all that is compiled into them.

    numba looks only at the file that holds a loop: one changed in what it calls, or in a constant of another module,
    would be served as it was.
    """
    sources = b"".join(path.read_bytes() for path in [*_BEHIND, *sorted(_HERE.glob("*.py"))])
    return Path(numba.config.CACHE_DIR or _HERE / "__pycache__") / hashlib.sha256(sources).hexdigest()[:16]


def compiled(signature: object) -> Callable:
    """Compile, or load what was compiled before; a RuntimeError where there is no folder to keep it."""

    def compiled(function: Callable) -> Callable:
        with _numba_settings(CACHE_DIR=str(folder()), CACHE_LOCATOR_CLASSES="UserProvidedCacheLocator"):
            return numba.njit(signature, cache=True, nogil=True)(function)

    return compiled


@contextlib.contextmanager
def _numba_settings(**settings: str) -> Iterator[None]:
    before = {name: getattr(numba.config, name) for name in settings}
    try:
        for name, value in settings.items():
            setattr(numba.config, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(numba.config, name, value)


inline = numba.njit
"""For what compiled loops call: compiled with them, and not on its own."""


@inline
def eight(data, at):
    """Return eight bytes, the first the lowest."""
    value = np.uint64(data[at])
    value |= np.uint64(data[at + _1]) << _8
    value |= np.uint64(data[at + _2]) << np.uint64(16)
    value |= np.uint64(data[at + _3]) << np.uint64(24)
    value |= np.uint64(data[at + _4]) << np.uint64(32)
    value |= np.uint64(data[at + _5]) << np.uint64(40)
    value |= np.uint64(data[at + _6]) << np.uint64(48)
    return value | np.uint64(data[at + _7]) << np.uint64(56)


@inline
def is_space(byte):
    """Say whether a byte is white space of ASCII."""
    is_control = ((byte >= uint8(9)) & (byte <= uint8(13))) | ((byte >= uint8(28)) & (byte <= uint8(31)))
    return is_control | (byte == uint8(32))


@inline
def find_words(low, size, borders):
    """Put where each run of bytes begins and where it is over into ``borders``; return how many they are."""
    n, was_word = np.uint64(0), False
    for i in range(size + _1):
        is_word = low[i] != 0
        borders[n] = i
        n += np.uint64(is_word != was_word)
        was_word = is_word
    return n >> _1


@inline
def longest_of(edges):
    """Return the bytes of the longest text."""
    longest = 0
    for i in range(len(edges) - 1):
        longest = max(longest, edges[i + 1] - edges[i])
    return longest
