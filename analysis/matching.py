"""Find every surface form of a lexicon in many texts at once: a folded byte per code point, one pass, then arrays."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import ahocorasick_rs
import numpy as np

LOWER, UPPER, DIGIT, MARK = 0x80, 0x81, 0x82, 0x86
"""Folded bytes of letters, capitals, digits and combining marks outside the Latin script."""

EN_DASH, EM_DASH, OTHER = 0x83, 0x84, 0x85

_PUNCTUATION = {"‘": "'", "’": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"',
                "\u2010": "-", "\u2011": "-", "\u2212": "-", "…": ".", "\u2024": "."}  # fmt: skip
_LATIN = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "s", "æ": "a", "Æ": "A", "œ": "o",
          "Œ": "O", "ð": "d", "Ð": "D", "þ": "t", "Þ": "T", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N"}  # fmt: skip


@dataclass(frozen=True)
class Flat:
    """Texts laid end to end, one byte per code point, a NUL between two texts.

    Attributes
    ----------
    data : bytes
    codes : uint8 array, the same bytes
    starts, ends : int64 arrays, where each text starts and ends
    """

    data: bytes
    codes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray


def fold(text: str) -> bytes:
    """Return one byte per code point.

    ASCII as it is, white space as a blank, Latin letters without their accents, curly quotes straight, every other
    character as the byte of its class.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _table().take(points, mode="clip").tobytes()


def flatten(texts: Sequence[str]) -> Flat:
    """Lay texts end to end and fold them; offsets stay those of code points."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    data = fold("\0".join(texts))
    ends = np.cumsum(lengths + 1) - 1
    return Flat(data, np.frombuffer(data, dtype=np.uint8), ends - lengths, ends)


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
    last = -1
    for i in np.flatnonzero(s < reach):
        last = max(_end_before(i, keep, e), last)
        keep[i] = s[i] >= last
    return order[keep]


def _end_before(i: int, keep: np.ndarray, ends: np.ndarray) -> int:
    while i > 0:
        i -= 1
        if keep[i]:
            return int(ends[i])
    return -1


@cache
def _table() -> np.ndarray:
    table = np.full(65536, OTHER, dtype=np.uint8)
    for point in range(65536):
        char = chr(point)
        table[point] = ord(char) if point < 128 and not char.isspace() else _class(char)
    table[65535] = OTHER
    return table


def _class(char: str) -> int:
    if char.isspace():
        return ord(" ")
    simple = _PUNCTUATION.get(char) or _LATIN.get(char)
    if simple:
        return ord(simple)
    if char in "–‒":
        return EN_DASH
    if char in "—―":
        return EM_DASH
    base = unicodedata.normalize("NFKD", char)[0]
    category = unicodedata.category(char)
    if base.isascii() and base.isalpha() and category[0] == "L":
        return ord(base)
    if category[0] == "L":
        return UPPER if category in ("Lu", "Lt") else LOWER
    return {"N": DIGIT, "M": MARK}.get(category[0], OTHER)
