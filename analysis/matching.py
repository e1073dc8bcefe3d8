"""Finding every form of a lexicon, and the words around it, in many texts at once: one folded byte per code point."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import ahocorasick_rs
import numpy as np

LOWER, UPPER, DIGIT, EN_DASH, EM_DASH, OTHER, MARK = range(0x80, 0x87)
"""Folded bytes of what has no ASCII equivalent: letters, capitals, digits, dashes, other signs, combining marks."""

_PUNCTUATION = {
    "‘": "'", "’": "'", "ʼ": "'", "′": "'", "`": "'", "´": "'", "“": '"', "”": '"', "«": '"', "»": '"', "„": '"',
    "\u2010": "-", "\u2011": "-", "\u2212": "-", "…": ".", "\u2024": ".",
}  # fmt: skip
_LATIN = {
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "s", "æ": "a", "Æ": "A", "œ": "o",
    "Œ": "O", "ð": "d", "Ð": "D", "þ": "t", "Þ": "T", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N",
}  # fmt: skip


def _flags(*codes: int) -> np.ndarray:
    flags = np.zeros(256, dtype=bool)
    flags[list(codes)] = True
    return flags


IS_UPPER = _flags(*range(65, 91), UPPER)
IS_LOWER = _flags(*range(97, 123), LOWER)
IS_DIGIT = _flags(*range(48, 58), DIGIT)
IS_WORD = IS_UPPER | IS_LOWER | IS_DIGIT | _flags(MARK, ord("_"), ord("@"))
"""Lookup tables over folded bytes: bool arrays of 256."""


@dataclass(frozen=True)
class Flat:
    """Texts laid end to end, one byte per code point, a NUL after each text.

    Attributes
    ----------
    texts : sequence of str
    data : bytes
    codes : uint8 array, the same bytes, and 64 NULs more, so that a look ahead needs no check
    starts, ends : int64 arrays, where each text starts and ends
    """

    texts: Sequence[str]
    data: bytes
    codes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Return the folded byte at each position, NUL before the start and after the end."""
        return np.where(positions < 0, np.uint8(0), self.codes[positions])


def fold(text: str) -> bytes:
    """Return one byte per code point.

    ASCII stays; white space becomes a blank, curly quotes straight; Latin letters lose their accents; every other
    character becomes the byte of its class. The length stays that of the text, so offsets hold.
    """
    if text.isascii():
        return text.encode("ascii").translate(_BLANKS)
    data = text.encode("utf-16-le", "surrogatepass")
    points = np.frombuffer(data, dtype=np.uint16)
    if len(points) != len(text):
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = points.astype(np.uint8)
    odd = np.flatnonzero(points > 127)
    codes[odd] = _table().take(points[odd], mode="clip")
    return codes.tobytes().translate(_BLANKS)


def flatten(texts: Sequence[str]) -> Flat:
    """Lay texts end to end and fold them; offsets stay those of code points."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    data = fold("\0".join(texts))
    ends = np.cumsum(lengths + 1) - 1
    codes = np.frombuffer(data + bytes(64), dtype=np.uint8)
    return Flat(texts, data, codes, ends - lengths, ends)


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


@cache
def _table() -> np.ndarray:
    return np.array([_class(chr(point)) for point in range(65536)], dtype=np.uint8)


def _class(char: str) -> int:
    if char.isspace():
        return ord(" ")
    simple = _PUNCTUATION.get(char) or _LATIN.get(char) or (char if char.isascii() else None)
    if simple:
        return ord(simple)
    if char in "‒–":
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


_BLANKS = bytes(32 if chr(i).isspace() and i < 128 else i for i in range(256))
