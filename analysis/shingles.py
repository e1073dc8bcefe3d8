"""Texts to hashes: of each word, of each run of words, of all words in their order; many texts at once."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import byte_words, compiled, flat

SHINGLE = 3
"""Words of a shingle: a run of words that two texts can share."""

LONGEST = 2**20
"""Characters of an article that are looked at."""

_BLOCK = 2**18
WEIGHTS = np.array([0x8CB92BA72F3D8DD7, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], dtype=np.uint64)
"""Odd numbers without a pattern: factors of the first eight bytes of a word and of its last, and of words in a run."""

_FIRST_AND_LAST = WEIGHTS[:2].sum()


def blocks(texts: Sequence[str] | pd.Series) -> Iterator[list[str]]:
    """Yield texts in blocks that fit into a processor's cache."""
    block, size = [], 0
    for whole in texts:
        text = whole[:LONGEST]
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def runs(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hash of each run of words within a text, text by text, and the words of each text."""
    if kernels := compiled.kernels():
        return kernels.runs(*lowered(texts))
    found, n_words = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for block in blocks(texts):
        words, counts = word_hashes(block)
        inside = np.ones(len(words), dtype=bool)
        for last in range(1, SHINGLE):
            inside[np.cumsum(counts)[counts >= last] - last] = False
        every = of_runs(words)
        found.append(every[inside[: len(every)]])
        n_words.append(counts)
    return np.concatenate(found), np.concatenate(n_words)


def lowered(texts: Sequence[str] | pd.Series | pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """Return what the `kernels` hash of some texts, UTF-8 and its edges: no more than is looked at, no capitals.

    Those of ASCII are left to them.
    """
    array = flat.utf8(texts) if not isinstance(texts, pa.Array) else texts
    data, edges = compiled.utf8_of(array)
    capitals = compiled.kernels().may_have_capitals(data, edges, _has_lower())  # type: ignore[union-attr]
    changed = np.flatnonzero(capitals | (np.diff(edges) > LONGEST)).tolist()
    if not changed:
        return data, edges
    pieces = [memoryview(data)[a:b] for a, b in itertools.pairwise(edges.tolist())]
    for i in changed:
        text = str(pieces[i], "utf-8", "surrogatepass")[:LONGEST]
        pieces[i] = (text.lower() if capitals[i] else text).encode("utf-8", "surrogatepass")
    return np.frombuffer(b"".join(pieces), dtype=np.uint8), np.cumsum([0, *map(len, pieces)])


def word_hashes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the hash of each word, and the words of each text.

    A word is a run of ASCII letters and digits and of whatever is not ASCII, but for the usual quotes, dashes and
    spaces; it is hashed by its first and last eight bytes in UTF-8 and its length, without a loop over words.
    """
    data, borders = _word_bytes(texts)
    starts, ends, first, eight = byte_words.words(data)
    lengths = ends - starts
    # first * w0 + last * w1 + length; of most words, the first eight bytes are the last
    hashes = first * _FIRST_AND_LAST
    hashes += lengths.view(np.uint64)
    long = np.flatnonzero(lengths > 8)
    hashes[long] += (eight[ends[long] - 8] - first[long]) * WEIGHTS[1]
    return _mix(hashes), np.diff(np.searchsorted(starts, borders, side="right"), prepend=0)


def _word_bytes(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the texts in lower case and UTF-8, a NUL for what is in no word; where each text ends."""
    encoded = [t.encode("utf-8", "surrogatepass") for t in texts]
    data = _joined(encoded)
    if not all(map(str.isascii, texts)):
        leads = np.flatnonzero(data >= 0xC2)
        # Python lowers what is not ASCII ten times as slowly: only texts that hold such capitals are worth it.
        if len(leads) * 20 > len(data):
            capitals = range(len(texts))
        else:
            borders = np.cumsum([len(t) + 1 for t in encoded])
            found = leads[_may_be_capital(data, leads)]
            capitals = np.unique(np.searchsorted(borders, found, side="right")).tolist()
        if capitals:
            for i in capitals:
                encoded[i] = texts[i].lower().encode("utf-8", "surrogatepass")
            data = _joined(encoded)
            leads = np.flatnonzero(data >= 0xC2)
        second, third = data[leads + 1], data[leads + 2]
        two = leads[(data[leads] == 0xC2) & IS_SEPARATOR[0][second]]
        three = leads[(data[leads] == 0xE2) & (second == 0x80) & IS_SEPARATOR[1][third]]
        data = data.copy()
        for at in (two, two + 1, three, three + 1, three + 2):
            data[at] = 0
    return data, np.cumsum([len(t) + 1 for t in encoded])


def _joined(encoded: list[bytes]) -> np.ndarray:
    return np.frombuffer(b" ".join([b"", *encoded, bytes(8)]).translate(_WORD_BYTES), dtype=np.uint8)


def _may_be_capital(data: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """Say which of the characters that begin at ``leads`` may have another lower case; all beyond the basic plane."""
    first, second, third = (data[leads + i].astype(np.uint16) for i in range(3))
    of_two = (first & 0x1F) << 6 | second & 0x3F
    of_three = (first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
    return (first >= 0xF0) | _has_lower()[np.where(first < 0xE0, of_two, of_three)]


@functools.cache
def _has_lower() -> np.ndarray:
    return np.array([chr(i).lower() != chr(i) for i in range(2**16)])


_SEPARATORS = [c.encode() for c in "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0\u00ab\u00bb\u00b7\u2022\u00a9"]
IS_SEPARATOR = [np.isin(np.arange(256), [c[-1] for c in _SEPARATORS if len(c) == n]) for n in (2, 3)]
_WORD_BYTES = bytes((ord(chr(i).lower()) if chr(i).isalnum() else 0) if i < 128 else i for i in range(256))


def of_runs(hashes: np.ndarray) -> np.ndarray:
    """Return the hash of each run of words, those across the border of two texts too."""
    n = max(len(hashes) - SHINGLE + 1, 0)
    total = hashes[:n] * WEIGHTS[0]
    for i in range(1, SHINGLE):
        total += hashes[i : i + n] * WEIGHTS[i]
    return _mix(total)


def of_words(hashes: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return one hash of all words of each text, in their order; 0 for a text without words."""
    weights = places(int(counts.max(initial=0)))
    weighed = np.concatenate([weights[:0], *(weights[:n] for n in counts.tolist())])
    weighed *= hashes
    total = np.zeros(len(counts), dtype=np.uint64)
    begins = np.cumsum(counts) - counts
    total[counts > 0] = np.add.reduceat(weighed, begins[counts > 0]) if len(hashes) else 0
    return np.where(counts > 0, _mix(total + counts.astype(np.uint64)) | np.uint64(1), np.uint64(0))


@functools.lru_cache(maxsize=2)
def _weights_of_places(n: int) -> np.ndarray:
    return _mix(np.arange(n, dtype=np.uint64) * WEIGHTS[2]) | np.uint64(1)


def places(n: int) -> np.ndarray:
    """Return a random weight for each place of a word in a text, of ``n`` at least."""
    return _weights_of_places(1 << max(n - 1, 2**12 - 1).bit_length())


def _mix(values: np.ndarray) -> np.ndarray:
    """Spread the bits of 64-bit integers (the finaliser of SplitMix64), in place."""
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
    return values
