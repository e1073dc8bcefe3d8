"""What a character can be in a word: the classes that words are found by."""

from __future__ import annotations

import functools
import sys
import unicodedata

import numpy as np

OTHER, MARK, LETTER, DIGIT, UNSPACED, HYPHEN, LINK, STOP, COMMA, SIGN = range(10)
"""What a character can be. The order matters: 1 to 4 make words, 5 to 8 may join them, 9 may stand in an address."""

JOINERS = {
    HYPHEN: "-\u2010\u2011\u058a\u05be",
    LINK: "'\u2018\u2019\uff07_\u00b7\u05f4",
    STOP: ".\u2024\ufe52\uff0e",
    COMMA: ",\u066b\u066c\u060c\ufe50\uff0c",
}
"""Hyphens; apostrophes, the underscore and the like; full stops; what groups digits."""

SIGNS = "/@"
"""What, beside the full stop, addresses are found by."""

UNSPACED_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x3006, 0x3007),  # closing mark, zero
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3038, 0x303A),
    (0x3041, 0x309F),  # Hiragana
    (0x3400, 0x4DBF),  # Han, extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),  # Myanmar, extended B
    (0xAA60, 0xAADF),  # Myanmar, extended A; Tai Viet
    (0xF900, 0xFAFF),  # Han, compatibility
    (0x11700, 0x1174F),  # Ahom
    (0x17000, 0x18DFF),  # Tangut, Khitan
    (0x1B001, 0x1B11F),  # Hiragana, supplement
    (0x1B132, 0x1B132),
    (0x1B150, 0x1B152),
    (0x1B170, 0x1B2FF),  # Nushu
    (0x20000, 0x3FFFF),  # Han, extensions B and on
)
"""Scripts written without spaces between words: UAX 29 leaves them to dictionaries."""

_KINDS = {"L": LETTER, "M": MARK, "Nl": LETTER, "Nd": DIGIT, "Cf": MARK}
_LETTERS = (0x55B, 0x55C, 0x55E, 0x5F3)  # Armenian stress, exclamation and question marks, Hebrew geresh: within words
_BREAKS = (0x200B, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)  # zero-width space, Arabic number signs
_ASSIGNED = (range(0x32400), range(0xE0000, 0xE0200))  # all letters and marks of Unicode 17 lie in these


@functools.cache
def classes(wide: bool = False) -> np.ndarray:
    """Return the class of each code point, an array of uint8: of all of them, or of the first 65,536."""
    found = np.zeros(sys.maxunicode + 1 if wide else 0x10000, dtype=np.uint8)
    for span in _ASSIGNED if wide else (range(len(found)),):
        names = [unicodedata.category(chr(p)) for p in span]
        found[span.start : span.stop] = [_KINDS.get(n) or _KINDS.get(n[0], OTHER) for n in names]
    for low, high in UNSPACED_RANGES:
        part = found[low : high + 1]
        part[part == LETTER] = UNSPACED
    for kind, points in (
        (LETTER, _LETTERS),
        (OTHER, _BREAKS),
        (SIGN, map(ord, SIGNS)),
        *((k, map(ord, j)) for k, j in JOINERS.items()),
    ):
        found[list(points)] = kind
    found.flags.writeable = False
    return found


def kinds_of(points: np.ndarray) -> np.ndarray:
    """Return the class of each character: ASCII by a table of bytes, the others by that of all code points."""
    table = classes(wide=points.itemsize == 4)
    kinds = np.frombuffer(bytearray(points.astype(np.uint8).tobytes().translate(table[:256].tobytes())), dtype=np.uint8)
    odd = np.flatnonzero(points > 127)
    kinds[odd] = table.take(points[odd])
    return kinds
