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
    origin = flat.starts[article]
    blocks, ends = list(zip((start - origin).tolist(), (end - origin).tolist(), strict=True)), closed.tolist()
    for number in np.unique(article).tolist():
        first, last = bounds[number], bounds[number + 1]
        zero = int(flat.starts[number])
        skip = _Skip(special, first).after
        for index, rows in roles.read(flat.texts[number], blocks[first:last], ends[first:last], after=skip):
            read[first + index] = [(a + zero, b + zero, role, rule) for a, b, role, rule in rows]
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
    breaks = flat.odd[flat.points[flat.odd] == 10]
    article = np.concatenate((flat.article(breaks), np.arange(len(flat.ends))))
    end = np.concatenate((breaks, flat.ends))
    order = np.argsort(end, kind="stable")
    article, end = article[order], end[order]
    start = np.concatenate(([0], end[:-1] + 1)) if len(end) else end
    width = end - start
    start, end = flat.trim(start, end)
    line = np.flatnonzero(start < end)
    article, start, end, width = article[line], start[line], end[line], width[line]
    if not len(line):
        return article, start, end
    wrapped = _is_wrapped(flat, article, start, end, width)
    joins = wrapped[article[1:]] & (article[1:] == article[:-1]) & (line[1:] == line[:-1] + 1)
    first, last = ~np.concatenate(([False], joins)), ~np.concatenate((joins, [False]))
    return article[first], start[first], end[last]


def _is_wrapped(flat: Flat, article: np.ndarray, start: np.ndarray, end: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Which texts are wrapped to a width, as `roles.split` tells it: no line long, most of the full ones broken off."""
    n_texts = len(flat.starts)
    n_lines = np.bincount(article, minlength=n_texts)
    n_short = np.bincount(article[width <= 100], minlength=n_texts)
    full = width >= 45
    n_full = np.bincount(article[full], minlength=n_texts)
    n_broken = np.bincount(article[full][~_closed(flat, start[full], end[full])], minlength=n_texts)
    return (n_lines >= 4) & (n_short == n_lines) & (n_full >= 3) & (n_broken * 2 >= n_full)


def _closed(flat: Flat, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Whether a span ends with a stop, closing quotes and brackets left aside."""
    last = end - 1
    for _ in range(8):
        move = (last > start) & sentence_ends.is_closer(flat.points[last])
        if not move.any():
            break
        last = last - move
    closed = sentence_ends.is_stop(flat.points[last]) if len(last) else np.zeros(0, dtype=bool)
    for i in np.flatnonzero(sentence_ends.is_closer(flat.points[last])) if len(last) else []:
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
    colon = np.flatnonzero(flat.codes[: len(flat.points)] == ord(":"))
    for back, letter in ((1, "s"), (2, "w"), (3, "e")):
        colon = colon[flat.at(colon - back) == ord(letter)]
    marked[np.maximum(np.searchsorted(start, colon, side="right") - 1, 0)] = True
    return marked
