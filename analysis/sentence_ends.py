"""Where sentences end: most ends seen from arrays, the few that hang on an abbreviation read one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.flat import IS_DIGIT, IS_UPPER, Flat, flags, last_before

_STOPS = flags(*(ord(c) for c in ".!?"))
_CLOSERS = flags(*(ord(c) for c in "\"')]"))
_OPENERS = flags(*(ord(c) for c in "\"'(["))
_NO_CLOSERS = np.array([ord(c) for c in "“«„‘ʼ′´"], dtype=np.uint32)  # though they are folded like one
_NO_OPENERS = np.array([ord(c) for c in "”»„’ʼ′´"], dtype=np.uint32)
_NO_STOP = 0x2024  # the one dot leader
_ELLIPSIS = 0x2026


def is_stop(flat: Flat, positions: np.ndarray) -> np.ndarray:
    """Return where a code point stands that ends a sentence."""
    return _is(flat, positions, _STOPS, np.array([_NO_STOP], dtype=np.uint32))


def is_closer(flat: Flat, positions: np.ndarray) -> np.ndarray:
    """Return where a closing quote or bracket stands, which after the stop of a sentence belongs to it."""
    return _is(flat, positions, _CLOSERS, _NO_CLOSERS)


def _is(flat: Flat, positions: np.ndarray, folded: np.ndarray, unless: np.ndarray) -> np.ndarray:
    found = folded[flat.codes[positions]]
    wide = np.flatnonzero(found & flat.is_wide[positions])
    if len(wide):
        found[wide] = ~np.isin(flat.points_at(positions[wide]), unless)
    return found


# Abbreviations that do not end a sentence, and those that may.
_NEVER_LAST = frozenset(
    "mr mrs ms dr prof gen sen rep gov lt col sgt capt cmdr adm maj brig hon rev st mt ft messrs mme mlle "
    "no nos vol pp fig art vs viz cf eg e.g i.e ca approx dept univ "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MAYBE_LAST = frozenset(
    "u.s u.k u.n e.u u.s.a u.a.e u.s.s.r d.c a.m p.m inc co corp ltd jr sr bros etc al ph.d".split()
)
_STARTERS = frozenset(
    "the a an in on at by for from with as but and or so yet if when while after before since however meanwhile "
    "moreover he she it they we i you his her its their our this that these those there here what who why how "
    "both also according to under during despite although though last next earlier later".split()
)
_BOUNDARY = re.compile(r"(?P<stop>[.!?…]+)[\"'”’»)\]]*(?=\s)\s+(?=[\"'“‘«(\[]*(?P<next>\w+))")
_BEFORE = re.compile(r"(?:^|[\s(\"'“‘\[—–-])([\w.&]*\w)$")
_AFTER_STOP = _CLOSERS | flags(ord(" "))
_FAR = 80  # characters in a row that are stepped over as arrays; what goes on longer is read one by one


def _key(word: str) -> int:
    """Return a word as an integer of its letters, the last one the highest of eight bytes."""
    return int.from_bytes(word.encode().rjust(8, b"\0"), "little")


_NEVER = np.array(sorted(_key(w) for w in _NEVER_LAST - {"no"} if w.isalpha()), dtype=np.uint64)
_ABBREVIATIONS = np.array(sorted(_key(w) for w in _NEVER_LAST | _MAYBE_LAST if w.isalpha()), dtype=np.uint64)
_LONGEST = max(len(w) for w in _NEVER_LAST | _MAYBE_LAST if w.isalpha())
_LOWER = np.uint64(0x2020202020202020)  # makes letters small and no other sign a letter


def _doubtful_ends() -> np.ndarray:
    """Return for each two folded bytes before a full stop, made small, whether they may end an abbreviation."""
    last, before = np.divmod(np.arange(65536), 256)
    letter = (last >= 97) & (last <= 122)
    found = (last >= 128) | (letter & ((before < 97) | (before > 122)))
    found[(_ABBREVIATIONS >> np.uint64(48)).astype(np.int64)] = True
    return found


_DOUBTFUL_ENDS = _doubtful_ends()


@dataclass(frozen=True)
class Sentences:
    """Sentences in texts laid end to end.

    Attributes
    ----------
    segment : int64, the number of the segment
    start, end : int64, positions in the flat text
    """

    segment: np.ndarray
    start: np.ndarray
    end: np.ndarray


@dataclass(frozen=True)
class _Stops:
    """Full stops and their like before white space and a further word of the same segment.

    ``run`` is where the row of stops begins, ``closed`` the end of the closing quotes after it, ``following`` the start
    of what follows; ``sure`` ends a sentence for certain, ``never`` does not, of the others it is not yet known.
    """

    run: np.ndarray
    closed: np.ndarray
    following: np.ndarray
    segment: np.ndarray
    sure: np.ndarray
    never: np.ndarray


def locate(flat: Flat, start: np.ndarray, end: np.ndarray) -> Sentences:
    """Find the sentences of segments, given by their positions in the flat text; segments must not overlap."""
    order = np.argsort(start, kind="stable")
    first, last = flat.trim(start[order], end[order])
    stops = _stops(flat, first, last)
    ends = stops.sure | _read(flat, stops, first, last)
    begins = np.sort(np.concatenate((first, stops.following[ends])))
    closes = np.sort(np.concatenate((last, stops.closed[ends])))
    keep = begins < closes
    begins, closes = begins[keep], closes[keep]
    segment = order[np.searchsorted(first, begins, side="right") - 1]
    if not (np.diff(segment) >= 0).all():
        back = np.argsort(segment, kind="stable")
        segment, begins, closes = segment[back], begins[back], closes[back]
    return Sentences(segment, begins, closes)


def count_within(group: np.ndarray) -> np.ndarray:
    """Return the place of each item in its run of equal values, from 0."""
    index = np.arange(len(group))
    opens = np.concatenate(([True], group[1:] != group[:-1])) if len(group) else np.zeros(0, dtype=bool)
    return index - np.maximum.accumulate(np.where(opens, index, 0)) if len(group) else index


def _stops(flat: Flat, first: np.ndarray, last: np.ndarray) -> _Stops:
    codes = flat.codes
    at = flat.signs(*b".!?")
    at = at[_AFTER_STOP[codes[at + 1]]]
    at = at[is_stop(flat, at)]
    closed, far = at + 1, np.zeros(len(at), dtype=bool)
    quoted = np.flatnonzero(codes[closed] != ord(" "))
    closed[quoted], far[quoted] = _over(closed[quoted], lambda p: is_closer(flat, p))
    keep = (codes[closed] == ord(" ")) | far
    if not keep.all():
        at, closed, far = at[keep], closed[keep], far[keep]
    following, more = _over(closed, lambda p: codes[p] == ord(" "))
    far |= more
    word, more = _over(following, lambda p: _is(flat, p, _OPENERS, _NO_OPENERS))
    far |= more
    segment = last_before(first, at)
    keep = (segment >= 0) & (at < last[segment]) & (far | ((word < last[segment]) & _opens_sentence(flat, word)))
    at, closed, following, segment, far = (a[keep] for a in (at, closed, following, segment, far))
    begin = first[segment]
    run, more = _over(at, lambda p: is_stop(flat, p - 1), -1, begin)
    far |= more
    single = (run == at) & (codes[at] == ord("."))
    wide = np.flatnonzero(flat.is_wide[at])
    single[wide] &= flat.points_at(at[wide]) != _ELLIPSIS
    word, abbreviation = _word_before(flat, at, begin)
    return _Stops(run, closed, following, segment, ~far & (~single | word), ~far & single & abbreviation)


def _over(
    position: np.ndarray, moves: Callable[[np.ndarray], np.ndarray], step: int = 1, stop: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Step over code points, down to ``stop`` at most; also which positions would step further than `_FAR`."""
    position = position.copy()
    moving = np.arange(len(position))
    for i in range(_FAR + 1):
        if not len(moving):
            break
        if stop is not None:
            moving = moving[position[moving] > stop[moving]]
        moving = moving[moves(position[moving])]
        if i < _FAR:
            position[moving] += step
    far = np.zeros(len(position), dtype=bool)
    far[moving] = True
    return position, far


def _opens_sentence(flat: Flat, position: np.ndarray) -> np.ndarray:
    """Whether a word begins there with anything but a small letter."""
    opens = (IS_UPPER | IS_DIGIT)[flat.codes[position]]
    wide = np.flatnonzero(flat.is_wide[position])
    points = flat.points_at(position[wide])
    for value in np.unique(points):
        char = chr(int(value))
        opens[wide[points == value]] = char.isalnum() and (char.isupper() or char.isdigit() or not char.islower())
    return opens


def _word_before(flat: Flat, at: np.ndarray, begin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether a word stands before a full stop for certain, and whether an abbreviation or initial does for certain.

    Looked at are the eight characters before it, blanks in the place of those before ``begin``.
    """
    ends = flat.words(at - 8)
    outside = np.flatnonzero(at - begin < 8)
    cut = (8 * (8 - (at - begin)[outside])).astype(np.uint64)
    blanks = np.uint64(0x2020202020202020) & ~(~np.uint64(0) << cut)
    ends[outside] = np.where(cut < 64, (ends[outside] >> cut << cut) | blanks, _LOWER)
    word = ~_DOUBTFUL_ENDS[(ends | _LOWER) >> np.uint64(48)]
    abbreviation = np.zeros(len(at), dtype=bool)
    doubtful = np.flatnonzero(~word)
    ends = ends[doubtful]
    small = ends | _LOWER
    letters = np.ones(len(ends), dtype=bool)
    length = np.zeros(len(ends), dtype=np.int64)
    before = np.zeros(len(ends), dtype=np.uint64)
    for i in range(8):
        code = (small >> np.uint64(56 - 8 * i)) & np.uint64(0xFF)
        going = letters & (code >= 97) & (code <= 122)
        before = np.where(letters & ~going, code, before)
        letters = going
        length += letters
    key = small >> (8 * (8 - length)).astype(np.uint64) << (8 * (8 - length)).astype(np.uint64)
    last = ends >> np.uint64(56)
    capital = (last >= 65) & (last <= 90) & (last != ord("I"))
    small_word = (length == 1) & ~capital & (before != ord(".")) & (before != ord("&"))
    word[doubtful] = small_word | (length > _LONGEST) | ((length > 1) & ~_among(key, _ABBREVIATIONS))
    known = ((length == 1) & capital) | ((length > 1) & _among(key, _NEVER))
    abbreviation[doubtful] = known & (before == ord(" "))
    return word, abbreviation


def _among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Whether keys are among known ones, which are sorted."""
    return known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys


def _read(flat: Flat, stops: _Stops, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Read the stops that are not sure to end a sentence, from left to right."""
    ends = np.zeros(len(stops.run), dtype=bool)
    before = np.maximum.accumulate(np.where(stops.sure, np.arange(len(ends)), -1)) if len(ends) else ends
    unsure = np.flatnonzero(~stops.sure & ~stops.never)
    segment = stops.segment[unsure]
    columns = (
        unsure,
        flat.article(stops.run[unsure]),
        stops.run[unsure],
        first[segment],
        last[segment],
        before[unsure],
    )
    accepted = -1
    for i, number, run, begin, end, earlier in zip(*(c.tolist() for c in columns), strict=True):
        if max(earlier, accepted) >= 0:
            begin = max(begin, int(stops.following[max(earlier, accepted)]))
        text, origin = flat.texts[number], int(flat.starts[number])
        match = _BOUNDARY.match(text, run - origin, end - origin)
        if match and _ends_sentence(text, begin - origin, match):
            ends[i], accepted = True, i
            stops.following[i] = match.end() + origin
            stops.closed[i] = run + len(match[0].rstrip())
    return ends


def _ends_sentence(text: str, begin: int, match: re.Match[str]) -> bool:
    following = match["next"]
    if not (
        following[0].isupper() or following[0].isdigit() or (following[0].isalpha() and not following[0].islower())
    ):
        return False
    if match["stop"] != ".":
        return True
    before = _BEFORE.search(text[max(begin, match.start() - 24) : match.start()])
    word = before[1] if before else ""
    if len(word) == 1 and word.isalpha() and word.isupper() and word != "I":
        return False
    if word.lower() in _NEVER_LAST:
        return word.lower() == "no" and following.lower() in _STARTERS
    if word.lower() in _MAYBE_LAST or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return following.lower() in _STARTERS
    return True
