"""Where words begin and end: the one rule, as vectors over characters and as a regular expression.

The rule is Unicode's default word boundaries (UAX 29 [1]_), tailored as the standard invites:

- a hyphen joins what it stands between (``anti-imperialism``, ``20-year``), except two digits (``1989-1999``);
- an apostrophe joins digits too (``1990's``), and so does one underscore; a colon never joins;
- a full stop joins single letters (``U.S.A``) and digits (``3.5``), not words (``ended.The``);
- emoji, symbols and punctuation are no words;
- nothing in an address of the web or of e-mail is a word (`addresses` says what is one).

A character of a script written without spaces (Chinese, Japanese kana except katakana, Thai, Lao, Khmer, Burmese) is a
word of its own, as in UAX 29 without a dictionary; see `characters.UNSPACED_RANGES`.

References
----------
.. [1] Unicode Standard Annex 29, Unicode Text Segmentation, section 4.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import addresses, byte_words
from analysis.characters import COMMA, DIGIT, HYPHEN, LETTER, LINK, MARK, OTHER, STOP, UNSPACED, classes, kinds_of
from analysis.flat import code_points


@dataclass(frozen=True)
class Words:
    """The words of a text and what tells them apart.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_words,)
        Code points into the text.
    points : ndarray of uint8, uint16 or uint32, shape (n_characters,)
        The text as code points.
    hyphens : ndarray of int64
        Places of the hyphens that join, or would if hyphens joined.
    """

    starts: np.ndarray
    ends: np.ndarray
    points: np.ndarray
    hyphens: np.ndarray


def find(text: str | np.ndarray, *, hyphens: bool = True, outside: Iterable[tuple[int, int]] = ()) -> Words:
    """Find the words of a text.

    Parameters
    ----------
    text : str, or its code points as `flat.code_points` gives them
    hyphens : bool, default=True
        Whether a hyphen joins; if not, the parts of a hyphenated word are words.
    outside : iterable of (start, end)
        Spans without words, whatever they hold.
    """
    points = code_points(text) if isinstance(text, str) else text
    kinds = kinds_of(points)
    left_out = list(outside)
    for start, end in left_out:
        kinds[start:end] = OTHER
    signs = np.flatnonzero(kinds >= HYPHEN)
    for start, end in addresses.find(points, kinds, signs, left_out):
        kinds[start:end] = OTHER
    fenced, splits, joined = _inside(kinds, signs, hyphens)
    starts, ends = _edges(fenced, splits)
    return Words(starts, ends, points, joined)


def is_unspaced(word: str) -> bool:
    """Whether a word is a character of a script written without spaces."""
    return classes(wide=True)[ord(word[0])] == UNSPACED


@dataclass(frozen=True)
class Strings:
    """Distinct strings, the short ones as integers.

    Attributes
    ----------
    pairs : ndarray of uint64, shape (n_short, 2)
        The bytes of each string of one to sixteen characters, in an alphabet, NULs after them.
    others : list of str
        Strings that are longer, or that have a character without a byte; numbered after the short ones.
    """

    pairs: np.ndarray
    others: list[str]

    def __len__(self) -> int:
        return len(self.pairs) + len(self.others)


NO_STRINGS = Strings(np.zeros((0, 2), dtype="<u8"), [])


class Alphabet:
    """A byte for each character met, so that words up to sixteen characters are compared as integers.

    ASCII stays; the first 127 other characters get a byte each, whoever comes later has none. Threads may share one.
    """

    def __init__(self):
        self._bytes: dict[int, int] = {}
        self._characters: dict[int, int] = {}
        self._lock = threading.Lock()

    def number(self, points: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, Strings]:
        """Give a number to each distinct string among spans of a text.

        Parameters
        ----------
        points : ndarray of uint8, uint16 or uint32
            The text as code points.
        starts, ends : ndarray of int64, shape (n_strings,)
            Not empty, ascending and without overlaps.

        Returns
        -------
        codes : ndarray of int64, shape (n_strings,)
        keys : Strings
            The distinct strings; those of other texts read with this alphabet can be told from them. See `strings`.
        """
        if not len(starts):
            return np.empty(0, dtype=np.int64), NO_STRINGS
        lengths = ends - starts
        padded = np.zeros(len(points) + 16, dtype=np.uint8)
        shared = self._write(points, padded[: len(points)])
        eights = np.ndarray(len(points) + 8, dtype="<u8", buffer=padded, strides=(1,))
        kind = (lengths > 8).astype(np.int8)
        kind[lengths > 16] = 2
        within = np.searchsorted(starts, shared, side="right") - 1
        kind[within[(within >= 0) & (shared < ends[within])]] = 2
        first = eights[starts]
        first &= byte_words.MASKS[np.minimum(lengths, 8)]
        codes = np.empty(len(starts), dtype=np.int64)
        short, long, whole = (np.flatnonzero(kind == k) for k in range(3))
        codes[short], distinct = pd.factorize(first[short])
        one, ones = pd.factorize(first[long])
        two, twos = pd.factorize(eights[starts[long] + 8] & byte_words.MASKS[lengths[long] - 8])
        codes[long], pairs = pd.factorize(one * len(twos) + two)
        codes[long] += len(distinct)
        table = np.zeros((len(distinct) + len(pairs), 2), dtype="<u8")
        table[: len(distinct), 0] = distinct
        if len(pairs):
            one, two = np.divmod(pairs, len(twos))
            table[len(distinct) :, 0], table[len(distinct) :, 1] = ones[one], twos[two]
        others = []
        if len(whole):
            numbers, others = _number_strings(points, starts[whole], lengths[whole])
            codes[whole] = numbers + len(table)
        return codes, Strings(table, others)

    def strings(self, keys: Strings) -> list[str]:
        """Return the strings that keys stand for."""
        characters = self._characters
        written = np.ascontiguousarray(keys.pairs).view("S16").ravel().tolist()
        return [
            key.decode() if key.isascii() else key.decode("latin-1").translate(characters) for key in written
        ] + keys.others

    def _write(self, points: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write the byte of each character, and return the places of those that have none of their own."""
        out[:] = points
        if points.itemsize > 1:
            odd = np.flatnonzero(points > 127)
            seen, place = np.unique(points[odd], return_inverse=True)
            with self._lock:
                for point in seen.tolist():
                    if point not in self._bytes and len(self._bytes) < 127:
                        self._characters[128 + len(self._bytes)] = point
                        self._bytes[point] = 128 + len(self._bytes)
                out[odd] = np.array([self._bytes.get(p, 255) for p in seen.tolist()], dtype=np.uint8)[place]
            return np.concatenate((odd[out[odd] == 255], np.flatnonzero(out == 0)))
        return np.flatnonzero(out == 0)


def _number_strings(points: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Give a number to each distinct string among spans of a text, whatever they hold."""
    offsets = np.append(0, np.cumsum(lengths))
    laid = points[np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])]
    buffers = [None, pa.py_buffer(offsets * points.itemsize), pa.py_buffer(laid)]
    encoded = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(lengths), buffers).dictionary_encode()
    codec = {1: "latin-1", 2: "utf-16-le", 4: "utf-32-le"}[points.itemsize]
    strings = [s.decode(codec, "surrogatepass") for s in encoded.dictionary.to_pylist()]
    return encoded.indices.to_numpy(), strings


def _inside(kinds: np.ndarray, signs: np.ndarray, hyphens: bool) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """Which characters belong to a word, where words meet without a gap (None: nowhere), and the joining hyphens.

    ``signs`` are the places of all that may join, and of others.
    The first array has one place more before the text and one after it, which belong to none.
    """
    fenced = np.zeros(len(kinds) + 2, dtype=bool)  # no word reaches past either end
    inside = fenced[1:-1]
    np.less(kinds - np.uint8(1), UNSPACED, out=inside)
    has_marks, has_unspaced = (kinds == MARK).any(), (kinds == UNSPACED).any()
    if has_marks:
        loose = np.flatnonzero(kinds == MARK)
        while len(loose := loose[~inside[np.maximum(loose - 1, 0)] | (loose == 0)]):
            inside[loose] = False
            loose = np.setdiff1d(loose + 1, [len(kinds)])
            loose = loose[(kinds[loose] == MARK) & inside[loose]]
    base = kinds
    if has_unspaced and has_marks:
        last = np.where(kinds == MARK, 0, np.arange(len(kinds)))
        base = kinds[np.maximum.accumulate(last)]
    joiners = signs[(signs > 0) & (signs < len(kinds) - 1)]
    joiners = joiners[inside[joiners - 1] & (base[joiners - 1] != UNSPACED)]
    before, kind, after = kinds[joiners - 1], kinds[joiners], kinds[joiners + 1]
    letter, digit = after == LETTER, after == DIGIT
    digits = (before == DIGIT) & digit
    joins = (kind == LINK) & (letter | digit) | ((kind == STOP) | (kind == COMMA)) & digits
    hyphen = (kind == HYPHEN) & (letter | digit) & ~digits
    stops = np.flatnonzero((kind == STOP) & (before == LETTER) & letter)
    if len(stops):
        at = joiners[stops]
        alone_before = ~_makes_word(kinds, at - 2)
        joins[stops] |= alone_before & ~_makes_word(kinds, at + 2)
    inside[joiners[joins | hyphen if hyphens else joins]] = True
    if not has_unspaced:
        return fenced, None, joiners[hyphen]
    meets = inside[1:] & inside[:-1] & (kinds[1:] != MARK) & ((base[:-1] == UNSPACED) | (kinds[1:] == UNSPACED))
    return fenced, np.flatnonzero(meets) + 1, joiners[hyphen]


def _makes_word(kinds: np.ndarray, places: np.ndarray) -> np.ndarray:
    exists = (places >= 0) & (places < len(kinds))
    return exists & ((kinds[np.where(exists, places, 0)] - np.uint8(1)) < UNSPACED)


def _edges(fenced: np.ndarray, splits: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    turns = np.flatnonzero(fenced[1:] != fenced[:-1])
    starts, ends = turns[::2], turns[1::2]
    if splits is not None and len(splits):
        starts, ends = np.sort(np.concatenate((starts, splits))), np.sort(np.concatenate((ends, splits)))
    return starts, ends


@functools.cache
def pattern() -> str:
    """Return the same rule as a regular expression for `re`, for text without addresses: what `find` is held to."""
    table = classes(wide=True)
    kind = {k: _ranges(np.flatnonzero(table == k)) for k in range(1, 9)}
    mark, letter, digit, unspaced = (kind[k] for k in (MARK, LETTER, DIGIT, UNSPACED))
    word = mark + letter + digit + unspaced
    hyphen, link, stop, comma = (kind[k] for k in (HYPHEN, LINK, STOP, COMMA))
    joiner = (
        rf"(?:[{link}](?=[{letter}{digit}])"
        rf"|[{hyphen}](?=[{letter}])|(?<=[{letter}{mark}])[{hyphen}](?=[{digit}])"
        rf"|(?<=[{digit}])[{stop}{comma}](?=[{digit}])"
        rf"|(?<![{word}][{letter}])(?<=[{letter}])[{stop}](?=[{letter}](?![{word}])))"
    )
    return rf"[{unspaced}][{mark}]*|[{letter}{digit}][{letter}{digit}{mark}]*(?:{joiner}[{letter}{digit}{mark}]+)*"


def _ranges(points: np.ndarray) -> str:
    breaks = np.flatnonzero(np.diff(points) > 1) + 1
    parts = []
    for run in np.split(points, breaks):
        parts.append(rf"\U{run[0]:08x}" + (rf"-\U{run[-1]:08x}" if len(run) > 1 else ""))
    return "".join(parts)
