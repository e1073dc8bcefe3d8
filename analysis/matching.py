"""Find many forms in many texts: one pass of an automaton, then arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import ahocorasick_rs
import numpy as np


def automaton(patterns: Sequence[bytes]) -> ahocorasick_rs.BytesAhoCorasick:
    """Build the automaton that finds all patterns in one pass."""
    return ahocorasick_rs.BytesAhoCorasick(patterns, implementation=ahocorasick_rs.Implementation.DFA)


def matches(finder: ahocorasick_rs.BytesAhoCorasick, data: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pattern, start and end of every occurrence of every pattern, overlapping ones too, as int64 arrays."""
    found = finder.find_matches_as_indexes(data, overlapping=True)
    flat = np.fromiter(chain.from_iterable(found), dtype=np.int64, count=3 * len(found))
    return flat[0::3], flat[1::3], flat[2::3]


def longest(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Choose spans that do not overlap, from left to right, the longest first; return their indices in text order."""
    order = np.lexsort((-ends, starts))
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
