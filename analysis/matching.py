"""Find many forms in many texts: one pass of an automaton, then arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import ahocorasick_rs
import numpy as np


def automaton(patterns: Sequence[bytes]) -> ahocorasick_rs.BytesAhoCorasick:
    """Build the automaton that finds all patterns in one pass."""
    return ahocorasick_rs.BytesAhoCorasick(patterns, implementation=ahocorasick_rs.Implementation.DFA)


def matches(
    finder: ahocorasick_rs.BytesAhoCorasick, data: bytes | np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pattern, start and end of every occurrence of every pattern, overlapping ones too, as int64 arrays."""
    found = finder.find_matches_as_indexes(data, overlapping=True)
    flat = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=3 * len(found))
    return flat[0::3], flat[1::3], flat[2::3]


class Affixes:
    """Tells which eight characters begin (or end) with one of some words: true wherever one does, at times elsewhere.

    Parameters
    ----------
    words : iterable of bytes
        Longer words count by their first (or last) eight characters.
    at_end : bool, default=False
    lengths : sequence of int, default=(8, 7, 6, 5, 4, 3, 2, 1)
        Lengths that are tried; a word counts by the longest that it has.
    """

    def __init__(self, words: Iterable[bytes], *, at_end: bool = False, lengths: Sequence[int] = range(8, 0, -1)):
        self._at_end = at_end
        self._tables: dict[int, np.ndarray] = {}
        self._first_look = np.zeros(65536, dtype=bool)
        for word in words:
            length = next(n for n in lengths if n <= len(word))
            near = np.frombuffer(
                word[-length:].rjust(8, b"\0") if at_end else word[:length].ljust(8, b"\0"), dtype="<u8"
            )
            table = self._tables.setdefault(length, np.zeros(65536, dtype=bool))
            table[self._hashes(near, length)] = True
            if length >= _LOOK:
                self._first_look[self._hashes(near, _LOOK)] = True

    def may_hold(self, keys: np.ndarray) -> np.ndarray:
        """Return a bool for each eight characters, given as integers, the first the lowest byte."""
        may = self._first_look[self._hashes(keys, _LOOK)]
        some = np.flatnonzero(may)
        near, found = keys[some], np.zeros(len(some), dtype=bool)
        for length, table in self._tables.items():
            if length >= _LOOK:
                found |= table[self._hashes(near, length)]
        may[some] = found
        for length, table in self._tables.items():
            if length < _LOOK:
                may |= table[self._hashes(keys, length)]
        return may

    def _hashes(self, keys: np.ndarray, length: int) -> np.ndarray:
        """Hash the nearest ``length`` of eight characters to 16 bits."""
        unused = np.uint64(8 * (8 - length))
        nearest = keys >> unused if self._at_end else keys << unused
        return (nearest * _HASH) >> np.uint64(48)


_LOOK = 3  # characters that are looked at first
_HASH = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio: spreads keys evenly (Knuth, TAOCP 3, 6.4)


def longest(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Choose spans that do not overlap, from left to right, the longest first; return their indices in text order."""
    order = np.argsort((starts << 20) - np.minimum(ends - starts, (1 << 20) - 1), kind="stable")
    s, e = starts[order], ends[order]
    if not len(order):
        return order
    reach = np.maximum.accumulate(e)
    opens = np.concatenate(([True], s[1:] >= reach[:-1]))
    first = np.flatnonzero(opens)
    keep = opens.copy()
    # of spans that overlap each other the first is kept; others only where it does not reach to their end
    last = np.concatenate((first[1:], [len(s)]))
    for group in np.flatnonzero(reach[last - 1] > e[first]):
        end = e[first[group]]
        for i in range(first[group] + 1, last[group]):
            if s[i] >= end:
                keep[i], end = True, e[i]
    return order[keep]
