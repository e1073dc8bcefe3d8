"""Texts laid end to end as arrays of code points, so that a rule is tried on all of them at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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


def flags(*codes: int) -> np.ndarray:
    """Return a lookup table over folded bytes, bool of 256, true at the codes."""
    table = np.zeros(256, dtype=bool)
    table[list(codes)] = True
    return table


PAD = 64
"""How far beyond its ends a `Flat` can be looked up."""

IS_UPPER = flags(*range(65, 91), UPPER)
IS_LOWER = flags(*range(97, 123), LOWER)
IS_DIGIT = flags(*range(48, 58), DIGIT)
IS_WORD = IS_UPPER | IS_LOWER | IS_DIGIT | flags(MARK, ord("_"), ord("@"))
"""Lookup tables over folded bytes."""


@dataclass(frozen=True)
class Flat:
    """Texts laid end to end, one byte per code point, a NUL after each text.

    Attributes
    ----------
    texts : sequence of str
    points : array of unsigned integers, the code points
    odd : int64 array, the positions where the folded byte is not the code point, ascending
    data : bytes, folded
    codes : uint8 array, the same bytes, and `PAD` NULs more, so that a look ahead needs no check
    starts, ends : int64 arrays, where each text starts and ends
    """

    texts: Sequence[str]
    points: np.ndarray
    odd: np.ndarray
    data: bytes
    codes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    _padded: np.ndarray

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Return the folded byte at each position, NUL before the start and after the end."""
        return self._padded[positions + PAD]

    def windows(self, positions: np.ndarray, width: int) -> np.ndarray:
        """Return the ``width`` folded bytes from each position on, one row each."""
        return np.lib.stride_tricks.sliding_window_view(self._padded, width)[positions + PAD]

    def article(self, positions: np.ndarray) -> np.ndarray:
        """Return the number of the text that holds each position."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def trim(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return spans without the white space at their ends."""
        blank = ord(" ")
        start, end = start.copy(), end.copy()
        for spans, step, look in ((start, 1, 0), (end, -1, -1)):
            moving = np.arange(len(start))
            for _ in range(8):
                moving = moving[(start[moving] < end[moving]) & (self.codes[spans[moving] + look] == blank)]
                if not len(moving):
                    break
                spans[moving] += step
        for i in np.flatnonzero((start < end) & ((self.codes[start] == blank) | (self.codes[end - 1] == blank))):
            span = self.data[start[i] : end[i]]
            start[i] += len(span) - len(span.lstrip(b" "))
            end[i] = max(end[i] - len(span) + len(span.rstrip(b" ")), start[i])
        return start, end


def code_points(text: str) -> np.ndarray:
    """Return the code points of a text, as unsigned integers of the smallest size that comes without work."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    points = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if len(points) == len(text):
        return points
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def fold(text: str) -> bytes:
    """Return one byte per code point.

    ASCII stays; white space becomes a blank, curly quotes straight; Latin letters lose their accents; every other
    character becomes the byte of its class. The length stays that of the text, so offsets hold.
    """
    return _fold(code_points(text))[0][PAD:-PAD].tobytes()


def flatten(texts: Sequence[str]) -> Flat:
    """Lay texts end to end and fold them; offsets stay those of code points."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    points = code_points("\0".join(texts))
    padded, odd = _fold(points)
    ends = np.cumsum(lengths + 1) - 1
    return Flat(texts, points, odd, padded[PAD:-PAD].tobytes(), padded[PAD:], ends - lengths, ends, padded)


def _fold(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the folded bytes between `PAD` NULs on either side, and where they are not the code points."""
    padded = np.zeros(len(points) + 2 * PAD, dtype=np.uint8)
    codes = padded[PAD : PAD + len(points)]
    codes[:] = points
    odd = np.flatnonzero(points - points.dtype.type(32) > 95)  # unsigned: below 32, or above 127
    codes[odd] = _table().take(points[odd], mode="clip")
    return padded, odd


@cache
def _table() -> np.ndarray:
    return np.array([_class(chr(point)) for point in range(65536)], dtype=np.uint8)


def _class(char: str) -> int:
    if char.isspace():
        return ord(" ")
    simple = _PUNCTUATION.get(char) or _LATIN.get(char) or (char if char.isascii() else None)
    if simple is not None:
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
