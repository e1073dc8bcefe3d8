"""Texts laid end to end as arrays of code points, so that a rule is tried on all of them at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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


_ENOUGH = 320
"""Characters of a paragraph, in which most have over thirty words."""


@dataclass(frozen=True)
class Flat:
    """Texts laid end to end, one byte per code point, a NUL after each text.

    Attributes
    ----------
    texts : sequence of str, each decoded when it is first asked for
    size : int, code points of all texts and of the NULs between them
    codes : uint8 array, the folded bytes, and `PAD` NULs more, so that a look ahead needs no check
    odd : int64 array, the positions where the folded byte is not the code point, ascending
    odd_points : uint32 array, the code points there
    starts, ends : int64 arrays, where each text starts and ends
    is_wide : bool array, which code points are beyond ASCII, `PAD` more
    """

    texts: Sequence[str]
    size: int
    codes: np.ndarray
    odd: np.ndarray
    odd_points: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    is_wide: np.ndarray
    _padded: np.ndarray

    @property
    def body(self) -> np.ndarray:
        """The folded bytes without padding."""
        return self.codes[: self.size]

    @property
    def points(self) -> np.ndarray:
        """The code points, as unsigned integers of the smallest size that holds them, as `code_points` gives them."""
        highest = int(self.odd_points.max(initial=0))
        points = self.body.astype(np.uint8 if highest < 128 else np.uint16 if highest < 65536 else np.uint32)
        points[self.odd] = self.odd_points
        return points

    def at(self, positions: np.ndarray) -> np.ndarray:
        """Return the folded byte at each position, NUL before the start and after the end."""
        return self._padded[positions + PAD]

    def between(self, start: int, end: int) -> bytes:
        """Return the folded bytes of a span, cut off at the ends of the texts."""
        return self._padded[max(start, 0) + PAD : max(end, 0) + PAD].tobytes()

    def points_at(self, positions: np.ndarray) -> np.ndarray:
        """Return the code point at each position, uint32; white space and what else is folded in ASCII as folded."""
        found = self.codes[positions].astype(np.uint32)
        wide = np.flatnonzero(self.is_wide[positions])
        found[wide] = self.odd_points[np.searchsorted(self.odd, positions[wide])]
        return found

    def spans(self, start: np.ndarray, end: np.ndarray) -> list[str]:
        """Return the text of each span."""
        if not len(start):
            return []
        first, last = (np.searchsorted(self.odd, edges).tolist() for edges in (start, end))
        found = []
        for a, b, i, j in zip(start.tolist(), end.tolist(), first, last, strict=True):
            if i == j:
                found.append(str(self.codes[a:b], "ascii"))
            else:
                points = self.codes[a:b].astype("<u4")
                points[self.odd[i:j] - a] = self.odd_points[i:j]
                found.append(str(points, "utf-32-le", "surrogatepass"))
        return found

    def n_words(self, start: np.ndarray, end: np.ndarray, *, limit: int) -> np.ndarray:
        """Count the words of spans that begin with one, separated by white space; above ``limit`` no further."""
        n = np.zeros(len(start), dtype=np.int64)
        for i in range(0, len(start), _BLOCK >> 6):
            low, size = start[i : i + (_BLOCK >> 6)], (end - start)[i : i + (_BLOCK >> 6)]
            size = np.minimum(size, _ENOUGH)
            edges = np.cumsum(size)
            at = np.repeat(low - edges + size, size) + np.arange(edges[-1])
            opens = (self.codes[at] != ord(" ")) & (self.at(at - 1) == ord(" "))
            opens[edges - size] = True
            n[i : i + (_BLOCK >> 6)] = np.add.reduceat(opens, edges - size, dtype=np.int64)
        for i in np.flatnonzero((end - start > _ENOUGH) & (n <= limit)).tolist():
            n[i] = len(self.between(start[i], end[i]).split(None, limit + 1))
        return np.minimum(n, limit + 1)

    def signs(self, *codes: int) -> np.ndarray:
        """Return the positions of some folded bytes among ``.!?:(``, ascending."""
        found = self._signs
        return found[flags(*codes)[self.codes[found]]]

    @cached_property
    def _signs(self) -> np.ndarray:
        found = find(self.body, lambda block: block - np.uint8(33) < 31)  # from ! to ?
        return found[flags(*b".!?:(")[self.codes[found]]]

    def windows(self, positions: np.ndarray, width: int) -> np.ndarray:
        """Return the ``width`` folded bytes from each position on, one row each."""
        shape = (len(self._padded) - width + 1, width)
        return np.ndarray(shape, np.uint8, self._padded, strides=(1, 1))[positions + PAD]

    def words(self, positions: np.ndarray) -> np.ndarray:
        """Return the eight folded bytes from each position on as an integer, the first byte the lowest; uint64."""
        return np.ndarray((len(self._padded) - 7,), "<u8", self._padded, strides=(1,))[positions + PAD]

    def article(self, positions: np.ndarray) -> np.ndarray:
        """Return the number of the text that holds each position."""
        return last_before(self.starts, positions)

    def trim(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return spans without the white space at their ends."""
        blank = ord(" ")
        start, end = start.copy(), end.copy()
        for spans, step, look in ((start, 1, 0), (end, -1, -1)):
            moving = np.flatnonzero((start < end) & (self.codes[spans + look] == blank))
            for _ in range(80):
                if not len(moving):
                    break
                spans[moving] += step
                moving = moving[(start[moving] < end[moving]) & (self.codes[spans[moving] + look] == blank)]
            for i in moving:
                span = self.between(start[i], end[i])
                if step > 0:
                    start[i] += len(span) - len(span.lstrip(b" "))
                else:
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
    return flatten([text]).body.tobytes()


def last_before(starts: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Return the index of the last start at or before each position, -1 before the first; both ascending."""
    if len(positions) < len(starts):
        return np.searchsorted(starts, positions, side="right") - 1
    bounds = np.append(np.searchsorted(positions, starts), len(positions))
    return np.repeat(np.arange(-1, len(starts)), np.diff(bounds, prepend=0))


def find(values: np.ndarray, test: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return where a test of single bytes holds, ascending; block by block, so that all stays in the cache."""
    found = [np.flatnonzero(test(values[i : i + _BLOCK])) + i for i in range(0, len(values), _BLOCK)]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


_BLOCK = 1 << 17


def utf8(texts: Iterable[str] | pd.Series) -> pa.LargeBinaryArray:
    """Return texts as an array of their UTF-8 bytes, without copying those that have them already."""
    if isinstance(texts, pd.Series) and not isinstance(texts.dtype, pd.StringDtype):
        texts = texts.tolist()
    try:
        array = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:  # lone surrogates
        return pa.array([text.encode("utf-8", "surrogatepass") for text in texts], pa.large_binary())
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_binary())


class Held:
    """Texts as Arrow holds them, to take some of them again and again; Arrow itself would copy all for that.

    Parameters
    ----------
    texts : Series of str
    """

    def __init__(self, texts: pd.Series) -> None:
        array = pa.array(texts.array) if isinstance(texts.dtype, pd.StringDtype) else utf8(texts)
        chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
        self._firsts = np.cumsum([0, *map(len, chunks)])
        self._parts: list[tuple[np.ndarray, memoryview]] = []
        for chunk in chunks:
            _, offsets, data = chunk.cast(pa.large_binary()).buffers()
            edges = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
            self._parts.append((edges, memoryview(data or b"")))

    def take(self, numbers: Sequence[int]) -> pa.LargeBinaryArray:
        """Return the UTF-8 bytes of some texts."""
        pieces = []
        part_of = (np.searchsorted(self._firsts, numbers, side="right") - 1).tolist()
        firsts = self._firsts.tolist()
        for number, part in zip(numbers, part_of, strict=True):
            edges, data = self._parts[part]
            at = number - firsts[part]
            pieces.append(data[edges[at] : edges[at + 1]])
        ends = np.cumsum([0, *map(len, pieces)])
        return pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(pieces), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(pieces))]
        )


def flatten(texts: Sequence[str] | pd.Series | pa.LargeBinaryArray) -> Flat:
    """Lay texts end to end and fold them; offsets stay those of code points."""
    array = texts if isinstance(texts, pa.LargeBinaryArray) else utf8(texts)
    nothing, nul = (pa.scalar(b, pa.large_binary()) for b in (b"", b"\0"))
    pool = pa.system_memory_pool()  # which gives back what it no longer holds
    _, edges, joined = pc.binary_join_element_wise(array, nothing, nul, memory_pool=pool).buffers()
    edges = np.frombuffer(edges, dtype=np.int64)[: len(array) + 1]
    joined = np.frombuffer(joined or b"", dtype=np.uint8)[: max(edges[-1] - 1, 0)]
    odd = find(joined, lambda block: block - np.uint8(32) > 95)  # unsigned: below 32, or above 127
    leads = joined[odd]
    further = (leads & 0xC0) == 0x80  # bytes of a character after its first
    padded = _pad(joined, odd[further])
    if further.any():
        dropped = odd[further]
        edges = edges - np.searchsorted(dropped, edges)
        points = _decode(joined, odd[~further], leads[~further])
        odd = (odd - np.cumsum(further))[~further]
    else:
        points = leads.astype(np.uint32)
    padded[PAD + odd] = _classes(points)
    size = len(padded) - 2 * PAD
    is_wide = np.zeros(size + PAD, dtype=bool)
    is_wide[odd[points > 127]] = True
    return Flat(_Texts(array), size, padded[PAD:], odd, points, edges[:-1], edges[1:] - 1, is_wide, padded)


class _Texts(Sequence):
    """Texts decoded one by one, as they are asked for."""

    def __init__(self, array: pa.LargeBinaryArray) -> None:
        self._array, self._decoded = array, {}

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, number: int) -> str:
        if number not in self._decoded:
            self._decoded[number] = self._array[int(number)].as_py().decode("utf-8", "surrogatepass")
        return self._decoded[number]


def _pad(joined: np.ndarray, dropped: np.ndarray) -> np.ndarray:
    """Return the bytes but those at some positions, between `PAD` NULs on either side."""
    first, last = np.append(0, dropped + 1), np.append(dropped, len(joined))
    some = first < last
    if np.count_nonzero(some) * 320 > len(joined):
        keep = np.ones(len(joined), dtype=bool)
        keep[dropped] = False
        joined = joined[keep]
        first, last, some = np.array([0]), np.array([len(joined)]), slice(None)
    view, pad = memoryview(joined), bytes(PAD)
    pieces = [view[a:b] for a, b in zip(first[some].tolist(), last[some].tolist(), strict=True)]
    return np.frombuffer(bytearray().join([pad, *pieces, pad]), dtype=np.uint8)


def _decode(joined: np.ndarray, at: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """Return the code points of the characters that begin at ``at`` with the bytes ``leads``."""
    points = leads.astype(np.uint32)
    for least, beyond, n_bytes in ((0xC0, 0xE0, 2), (0xE0, 0xF0, 3), (0xF0, 0xF8, 4)):
        which = np.flatnonzero((leads >= least) & (leads < beyond))
        value = points[which] & (0x7F >> n_bytes)
        for k in range(1, n_bytes):
            value = value << 6 | (joined[at[which] + k] & 0x3F)
        points[which] = value
    return points


def _classes(points: np.ndarray) -> np.ndarray:
    """Return the folded byte of each code point; of each, it is found out when it is first met."""
    table = _table()
    found = table.take(points, mode="clip")
    if (found == _NOT_MET).any():
        for point in np.unique(np.minimum(points[found == _NOT_MET], len(table) - 1)).tolist():
            table[point] = _class(chr(point))
        found = table.take(points, mode="clip")
    return found


_NOT_MET = 0xFF


@cache
def _table() -> np.ndarray:
    return np.full(65536, _NOT_MET, dtype=np.uint8)


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
