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
    reach = np.maximum.accumulate(np.concatenate(([-1], e[:-1]))) if len(e) else e
    outer = np.flatnonzero(e > reach)
    order, s, e, reach = order[outer], s[outer], e[outer], reach[outer]
    keep = np.ones(len(order), dtype=bool)
    for i in np.flatnonzero(s < reach):
        before = i - 1
        while not keep[before]:
            before -= 1
        keep[i] = s[i] >= e[before]
    return order[keep]
