"""Samples of the shingles of articles, and the pairs of articles that share enough of them to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import compiled, shingles
from analysis.shingles import SHINGLE

SAMPLE = 96
"""Shingles of an article that are compared with all others, about."""

LEAST_SHARED = 3
LEAST_SAMPLED = 0.2
"""Sampled shingles that two articles share before they are compared in full: so many, and this share of those that the
shorter has below the longer's limit. Of copies with 30 per cent of the words changed a third is expected."""

ALL = 2.0**63 - 2**10
"""Half of the limit below which the hashes of all shingles are."""

_WINDOW = 4
_MOST_PAIRS = 2**20
_PIECE = 2**18


class Sample(NamedTuple):
    """Sampled hashes of shingles, article by article; of each how many, a hash of its words, and their number."""

    hashes: np.ndarray
    n_sampled: np.ndarray
    whole: np.ndarray
    n_words: np.ndarray


def sample(texts: Sequence[str] | pd.Series | pa.LargeStringArray) -> Sample:
    """Sample the hashed shingles of some texts."""
    if kernels := compiled.kernels():
        data, edges = shingles.lowered(texts)
        return Sample(*kernels.sample(data, edges, shingles.places(int(np.diff(edges).max(initial=0)) // 2 + 1)))
    hashes: list[np.ndarray] = []
    n_sampled: list[np.ndarray] = []
    whole: list[np.ndarray] = []
    n_words: list[np.ndarray] = []
    for block in shingles.blocks(texts.to_pylist() if isinstance(texts, pa.Array) else texts):
        words, counts = shingles.word_hashes(block)
        whole.append(shingles.of_words(words, counts))
        n_words.append(counts)
        # A shingle is sampled if its hash is below a limit of its text; runs across two texts never are.
        share = np.minimum(SAMPLE / np.maximum(counts - (SHINGLE - 1), 1), 1.0) * ALL
        limits = np.repeat((share.astype(np.uint64) + np.uint64(1)) * np.uint64(2), counts)
        ends = np.cumsum(counts)
        for last in range(1, SHINGLE):
            limits[ends[counts >= last] - last] = 0
        runs = shingles.of_runs(words)
        kept = np.flatnonzero(runs < limits[: len(runs)])
        hashes.append(runs[kept])
        n_sampled.append(np.diff(np.searchsorted(kept, ends), prepend=0))
    return Sample(
        np.concatenate([np.zeros(0, np.uint64), *hashes]),
        np.concatenate([np.zeros(0, np.int64), *n_sampled]),
        np.concatenate([np.zeros(0, np.uint64), *whole]),
        np.concatenate([np.zeros(0, np.int64), *n_words]),
    )


class Shared(NamedTuple):
    """Of the articles of a corpus: which sampled shingles several share, and what `Sample` holds of each besides.

    ``keys``, sorted, have the hash of a shingle in their upper bits and its article in the lower ``bits``.
    """

    keys: np.ndarray
    bits: np.uint64
    whole: np.ndarray
    n_words: np.ndarray


def join(samples: list[Sample]) -> Shared:
    """Put the samples of consecutive parts of a corpus together; the list is emptied, so that each is held once."""
    whole = np.concatenate([np.zeros(0, np.uint64), *(s.whole for s in samples)])
    n_words = np.concatenate([np.zeros(0, np.int64), *(s.n_words for s in samples)])
    bits = np.uint64(max(len(whole).bit_length(), 1))
    keys = np.empty(sum(len(s.hashes) for s in samples), dtype=np.uint64)
    samples.reverse()
    at = begin = 0
    while samples:
        part = samples.pop()
        own = keys[at : at + len(part.hashes)]
        np.right_shift(part.hashes, bits, out=own)
        own <<= bits
        own |= np.repeat(np.arange(begin, begin + len(part.whole), dtype=np.uint64), part.n_sampled)
        at, begin = at + len(own), begin + len(part.whole)
    keys.sort()  # by hash, then by article
    found = []
    for begin in range(0, len(keys), _PIECE):  # what occurs once is left out
        first = max(begin - 1, 0)
        hashes = keys[first : begin + _PIECE + 1] >> bits
        same = np.concatenate(([False], hashes[1:] == hashes[:-1], [False]))
        shared = (same[1:] | same[:-1])[begin - first :][:_PIECE]
        found.append(keys[begin : begin + _PIECE][shared])
    return Shared(np.concatenate([keys[:0], *found]), bits, whole, n_words)


def repeated(whole: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield each article whose words are those of an earlier one, with the first of them."""
    seen: dict[int, int] = {}
    values, counts = np.unique(whole[whole != 0], return_counts=True)
    repeated = np.isin(whole, values[counts > 1])
    for index in np.flatnonzero(repeated).tolist():
        earlier = seen.setdefault(int(whole[index]), index)
        if earlier != index:
            yield earlier, index


def candidates(shared: Shared, *, n_threads: int = 1) -> np.ndarray:
    """Return the pairs of articles that share enough sampled shingles, in their order.

    Returns
    -------
    ndarray of uint32, shape (n_pairs, 2)
    """
    n_shingles = np.maximum(shared.n_words - (SHINGLE - 1), 1)
    found = [np.zeros((0, 2), dtype=np.uint32)]
    for pairs, n_shared in _counted(shared.keys, shared.bits, n_threads):
        a, b = (pairs >> shared.bits).astype(np.int64), (pairs & _owner_of(shared.bits)).astype(np.int64)
        shorter, longer = np.minimum(n_shingles[a], n_shingles[b]), np.maximum(n_shingles[a], n_shingles[b])
        likely = n_shared >= LEAST_SAMPLED * shorter * np.minimum(SAMPLE / longer, 1.0)
        found.append(np.stack([a[likely], b[likely]], axis=1).astype(np.uint32))
    return np.concatenate(found)


def _owner_of(bits: np.uint64) -> np.uint64:
    return np.uint64((1 << int(bits)) - 1)


def _counted(keys: np.ndarray, bits: np.uint64, n_threads: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the pairs of neighbours that share at least `LEAST_SHARED` shingles, ascending, and how many.

    Where much is shared they are counted in parts, the pairs of some articles at a time, as sorting takes room.
    """
    n_parts = min(1 + _WINDOW * len(keys) // _MOST_PAIRS, 1 << int(bits))
    borders = np.array([((i << int(bits)) // n_parts) << int(bits) for i in range(1, n_parts)], dtype=np.uint64)

    def divided(begin: int) -> list[np.ndarray]:
        pairs = _neighbours(keys[begin : begin + _PIECE + _WINDOW], bits)
        if n_parts > 1:
            pairs.sort()
        return np.split(pairs, np.searchsorted(pairs, borders))

    def counted(part: int) -> tuple[np.ndarray, np.ndarray]:
        pairs = np.concatenate([np.zeros(0, np.uint64), *packed[part]])
        packed[part].clear()
        pairs.sort()
        ends = np.flatnonzero(np.concatenate((pairs[1:] != pairs[:-1], [True]))[: len(pairs)]) + 1
        n_shared = np.diff(ends, prepend=0)
        often = n_shared >= LEAST_SHARED
        return pairs[ends[often] - 1], n_shared[often]

    with ThreadPoolExecutor(n_threads) as pool:  # numpy leaves the interpreter to others while it works
        run = pool.map if n_threads > 1 else map
        packed = [list(own) for own in zip(*run(divided, range(0, len(keys), _PIECE)), strict=True)]
        yield from run(counted, range(len(packed)))


def _neighbours(piece: np.ndarray, bits: np.uint64) -> np.ndarray:
    """Return the pairs of articles that have the same shingle next to one another, as often as they do."""
    hashes, owners = piece >> bits, piece & _owner_of(bits)
    found = []
    for step in range(1, _WINDOW + 1):
        at = np.flatnonzero(hashes[:-step][:_PIECE] == hashes[step:][:_PIECE])
        first, second = owners[at], owners[at + step]
        found.append(((first << bits) | second)[first != second])
    return np.concatenate(found)
