"""Where paragraphs begin and end, and the role of each: prose seen from arrays, the rest read one by one."""

from __future__ import annotations

import bisect
from collections.abc import Container
from dataclasses import dataclass

import numpy as np

from analysis import roles, sentence_ends
from analysis.flat import Flat

ROLES = ("headline", "body", "dateline", "boilerplate")
"""The roles a segment can have."""

_BEGINNINGS = np.array(
    [int.from_bytes(b.encode().ljust(3, b" "), "big") for b in roles.BEGINNINGS if len(b) < 4], dtype=np.uint32
)


@dataclass(frozen=True)
class Spans:
    """Segments of texts laid end to end, arrays of the same length, sorted by position.

    Attributes
    ----------
    article : int64, the number of the text
    start, end : int64, positions in the flat text
    role : int64, index into `ROLES`
    rule : object, str
    """

    article: np.ndarray
    start: np.ndarray
    end: np.ndarray
    role: np.ndarray
    rule: np.ndarray

    @property
    def number(self) -> np.ndarray:
        """The segments' numbers, counted from 0 within the article."""
        return sentence_ends.count_within(self.article)


def locate(flat: Flat, *, recurring: Container[str] = ()) -> Spans:
    """Find the segments of texts laid end to end.

    What most paragraphs are, prose between other prose, is seen from arrays; the rest is read one by one, by
    `roles.read`.

    Parameters
    ----------
    flat : Flat
    recurring : container of str, optional
        Lines that belong to the pages, from `segments.recurring_lines`. They change roles, never the segments'
        numbers: those of an article are the same in any corpus.
    """
    article, start, end = _lines(flat)
    closed = _closed(flat, start, end)
    bounds = np.searchsorted(article, np.arange(len(flat.starts) + 1)).tolist()
    special = [*np.flatnonzero(~closed | _is_marked(flat, start, end)).tolist(), len(start)]
    read: dict[int, list[tuple[int, int, str, str]]] = {}
    for number, text in enumerate(flat.texts):
        first, last = bounds[number], bounds[number + 1]
        if first == last:
            continue
        origin = int(flat.starts[number])
        spans = list(zip((start[first:last] - origin).tolist(), (end[first:last] - origin).tolist(), strict=True))
        for index, rows in roles.read(text, spans, closed[first:last].tolist(), after=_Skip(special, first).after):
            read[first + index] = [(a + origin, b + origin, role, rule) for a, b, role, rule in rows]
    spans = _assemble(article, start, end, read)
    return _without(spans, flat, recurring) if recurring else spans


def _without(spans: Spans, flat: Flat, recurring: Container[str]) -> Spans:
    """Label the lines that recur across the corpus."""
    short = (spans.end - spans.start <= roles.LONGEST_LINE_CHARACTERS) & (spans.role <= ROLES.index("body"))
    for i in np.flatnonzero(short).tolist():
        number = int(spans.article[i])
        origin = int(flat.starts[number])
        if flat.texts[number][int(spans.start[i]) - origin : int(spans.end[i]) - origin] in recurring:
            spans.role[i], spans.rule[i] = ROLES.index("boilerplate"), "recurs across the corpus"
    return spans


class _Skip:
    """Steps over paragraphs that are prose for certain."""

    def __init__(self, special: list[int], first: int) -> None:
        self._special, self._first = special, first

    def after(self, index: int) -> int:
        """Return the next paragraph from ``index`` on that has to be read."""
        return self._special[bisect.bisect_left(self._special, self._first + index)] - self._first


def _assemble(article: np.ndarray, start: np.ndarray, end: np.ndarray, read: dict[int, list]) -> Spans:
    n_rows = np.ones(len(start), dtype=np.int64)
    index = np.fromiter(read, dtype=np.int64, count=len(read))
    n_rows[index] = [len(rows) for rows in read.values()]
    source = np.repeat(np.arange(len(start)), n_rows)
    role = np.full(len(source), ROLES.index("body"))
    rule = np.full(len(source), "paragraph", dtype=object)
    start, end = start[source], end[source]
    at = np.concatenate(([0], np.cumsum(n_rows)))[index] if len(n_rows) else index
    for first, rows in zip(at.tolist(), read.values(), strict=True):
        for i, row in enumerate(rows, first):
            start[i], end[i], role[i], rule[i] = row[0], row[1], ROLES.index(row[2]), row[3]
    return Spans(article[source], start, end, role, rule)


def _lines(flat: Flat) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Text, start and end of each paragraph, trimmed: lines, or lines joined where a text is wrapped."""
    breaks = np.flatnonzero(flat.points == 10)
    article = np.concatenate((flat.article(breaks), np.arange(len(flat.ends))))
    end = np.concatenate((breaks, flat.ends))
    order = np.argsort(end, kind="stable")
    article, end = article[order], end[order]
    start = np.concatenate(([0], end[:-1] + 1)) if len(end) else end
    line_length = end - start
    start, end = flat.trim(start, end)
    keep = start < end
    article, start, end, line_length = article[keep], start[keep], end[keep], line_length[keep]
    bounds = np.searchsorted(article, np.arange(len(flat.starts) + 1))
    short = np.concatenate(([0], np.cumsum(line_length <= 100)))
    may_be_wrapped = (np.diff(bounds) >= 4) & (short[bounds[1:]] - short[bounds[:-1]] == np.diff(bounds))
    keep = np.ones(len(start), dtype=bool)
    for number in np.flatnonzero(may_be_wrapped).tolist():
        spans = roles.split(flat.texts[number])
        first, last = bounds[number], bounds[number + 1]
        keep[first + len(spans) : last] = False
        origin = flat.starts[number]
        start[first : first + len(spans)] = [a + origin for a, _ in spans]
        end[first : first + len(spans)] = [b + origin for _, b in spans]
    return article[keep], start[keep], end[keep]


def _closed(flat: Flat, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Whether a span ends with a stop, closing quotes and brackets left aside."""
    last = end - 1
    for _ in range(8):
        move = (last > start) & np.isin(flat.points[last], sentence_ends.CLOSERS)
        if not move.any():
            break
        last = last - move
    closed = np.isin(flat.points[last], sentence_ends.STOPS) if len(last) else np.zeros(0, dtype=bool)
    for i in np.flatnonzero(np.isin(flat.points[last], sentence_ends.CLOSERS)) if len(last) else []:
        number = int(flat.article(start[i]))
        origin = flat.starts[number]
        closed[i] = roles.is_closed(flat.texts[number][int(start[i] - origin) : int(end[i] - origin)])
    return closed


def _is_marked(flat: Flat, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Which paragraphs are short and begin as lines of a page do, or hold an outlet's tag."""
    if not len(start):
        return np.zeros(0, dtype=bool)
    letters = flat.codes[start[:, None] + np.arange(3)].astype(np.uint32)
    letters += np.uint32(32) * ((letters >= 65) & (letters <= 90))
    first = letters[:, 0]
    key = first << 16 | letters[:, 1] << 8 | letters[:, 2]
    no_letter = (first < 97) | (first > 122)
    marked = (end - start <= roles.LONGEST_LINE_CHARACTERS) & (no_letter | np.isin(key, _BEGINNINGS))
    at = flat.data.find(b"ews:")
    while at >= 0:
        marked[max(int(np.searchsorted(start, at, side="right")) - 1, 0)] = True
        at = flat.data.find(b"ews:", at + 1)
    return marked
