"""Where sentences end: most ends seen from arrays, the few that hang on an abbreviation read one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from analysis.flat import IS_DIGIT, IS_UPPER, Flat, flags

_TABLE = 0x2100


def _table(characters: str) -> np.ndarray:
    table = np.zeros(_TABLE + 1, dtype=bool)
    table[[ord(c) for c in characters]] = True
    return table


_STOPS, _CLOSERS, _OPENERS = _table(".!?…"), _table("\"'”’»)]"), _table("\"'“‘«([")


def is_stop(points: np.ndarray) -> np.ndarray:
    """Return which code points end a sentence."""
    return _STOPS[np.minimum(points.astype(np.int64), _TABLE)]


def is_closer(points: np.ndarray) -> np.ndarray:
    """Return which code points, closing quotes and brackets, may follow the stop of a sentence in it."""
    return _CLOSERS[np.minimum(points.astype(np.int64), _TABLE)]


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
_AFTER_STOP = flags(*(ord(c) for c in " \"')]"))  # folded
_FAR = 8  # characters in a row that are stepped over as arrays; what goes on longer is read one by one


def _key(word: bytes) -> int:
    return int.from_bytes(word, "big")


_NEVER = np.array([_key(w.encode()) for w in sorted(_NEVER_LAST - {"no"}) if w.isalpha()])
_ABBREVIATIONS = np.array([_key(w.encode()) for w in sorted(_NEVER_LAST | _MAYBE_LAST) if w.isalpha()])
_LONGEST = max(len(w) for w in _NEVER_LAST | _MAYBE_LAST if w.isalpha())


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
    codes, points = flat.codes, flat.points
    body = codes[: len(points)]
    at = np.flatnonzero((body == ord(".")) | (body == ord("!")) | (body == ord("?")))
    at = at[_AFTER_STOP[codes[at + 1]] & is_stop(points[at])]
    closed, far = _over(flat, at + 1, _CLOSERS)
    keep = (codes[closed] == ord(" ")) | far
    at, closed, far = at[keep], closed[keep], far[keep]
    following, more = _over(flat, closed, None)
    far |= more
    word, more = _over(flat, following, _OPENERS)
    far |= more
    segment = np.searchsorted(first, at, side="right") - 1
    keep = (segment >= 0) & (at < last[segment]) & (far | ((word < last[segment]) & _opens_sentence(flat, word)))
    at, closed, following, segment, far = (a[keep] for a in (at, closed, following, segment, far))
    run = at.copy()
    for _ in range(_FAR):
        back = (run > first[segment]) & is_stop(points[run - 1])
        if not back.any():
            break
        run -= back
    far |= (run > first[segment]) & is_stop(points[run - 1])
    single = (run == at) & (points[at] == ord("."))
    word, abbreviation = _word_before(flat, at, first[segment])
    return _Stops(run, closed, following, segment, ~far & (~single | word), ~far & single & abbreviation)


def _over(flat: Flat, position: np.ndarray, table: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Step over code points (None: white space); also which positions would step further than `_FAR`."""
    final = len(flat.points) - 1

    def moves(position: np.ndarray) -> np.ndarray:
        if table is None:
            return flat.codes[position] == ord(" ")
        return table[np.minimum(flat.points[np.minimum(position, final)].astype(np.int64), _TABLE)] & (
            position <= final
        )

    for _ in range(_FAR):
        step = moves(position)
        if not step.any():
            return position, step
        position = position + step
    return position, moves(position)


def _opens_sentence(flat: Flat, position: np.ndarray) -> np.ndarray:
    """Whether a word begins there with anything but a small letter."""
    point = flat.points[np.minimum(position, len(flat.points) - 1)]
    opens = IS_UPPER[flat.codes[position]] | IS_DIGIT[flat.codes[position]]
    odd = np.flatnonzero(point > 127)
    for value in np.unique(point[odd]):
        char = chr(int(value))
        opens[odd[point[odd] == value]] = char.isalnum() and (char.isupper() or char.isdigit() or not char.islower())
    return opens


def _word_before(flat: Flat, at: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether a word stands before a full stop for certain, and whether an abbreviation or initial does for certain."""
    letters = np.ones(len(at), dtype=bool)
    key = np.zeros(len(at), dtype=np.int64)
    length = np.zeros(len(at), dtype=np.int64)
    before = np.zeros(len(at), dtype=np.int64)
    for i in range(_LONGEST + 1):
        code = np.where(at - 1 - i >= first, flat.at(at - 1 - i), ord(" ")).astype(np.int64)
        small = code + 32 * ((code >= 65) & (code <= 90))
        going = letters & (small >= 97) & (small <= 122)
        before = np.where(letters & ~going, code, before)
        letters = going
        if i == 0:
            plain = (code < 128) & ~letters
            capital = (code >= 65) & (code <= 90) & (code != ord("I"))
        key |= np.where(letters, small << (8 * i), 0)
        length += letters
    word = plain | (length > _LONGEST) | ((length > 1) & ~np.isin(key, _ABBREVIATIONS))
    abbreviation = ((length == 1) & capital) | ((length > 1) & (length <= _LONGEST) & np.isin(key, _NEVER))
    return word, abbreviation & (before == ord(" "))


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
