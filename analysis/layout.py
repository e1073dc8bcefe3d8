"""Where paragraphs begin and end, and the role of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from analysis import line_roles, roles, sentence_ends
from analysis.flat import Flat

ROLES = line_roles.ROLES
"""The roles a segment can have."""


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


def locate(flat: Flat, *, recurring: Collection[str] = ()) -> Spans:
    """Find the segments of texts laid end to end.

    Parameters
    ----------
    flat : Flat
    recurring : collection of str, optional
        Lines that belong to the pages, from `segments.recurring_lines`. They change roles, never the segments'
        numbers: those of an article are the same in any corpus.
    """
    article, start, end = _lines(flat)
    lines = line_roles.Lines(flat, article, start, end, _closed(flat, start, end))
    spans = _assemble(lines, line_roles.read(lines))
    return _without(spans, flat, recurring) if recurring else spans


def _without(spans: Spans, flat: Flat, recurring: Collection[str]) -> Spans:
    """Label the lines that recur across the corpus."""
    short = (spans.end - spans.start <= roles.LONGEST_LINE_CHARACTERS) & (spans.role <= ROLES.index("body"))
    some = np.flatnonzero(short)
    some = some[np.isin((spans.end - spans.start)[some], list({len(line) for line in recurring}))]
    texts = flat.spans(spans.start[some], spans.end[some])
    some = some[np.array([text in recurring for text in texts], dtype=bool)]
    spans.role[some], spans.rule[some] = ROLES.index("boilerplate"), "recurs across the corpus"
    return spans


def _assemble(lines: line_roles.Lines, found: line_roles.Found) -> Spans:
    """Return a row per paragraph, or one for each of its parts."""
    divided = np.fromiter(found.parts, dtype=np.int64, count=len(found.parts))
    n_rows = np.ones(len(lines.start), dtype=np.int64)
    n_rows[divided] = [len(parts) for parts in found.parts.values()]
    source = np.repeat(np.arange(len(n_rows)), n_rows)
    columns = [column[source] for column in (lines.start, lines.end, found.role, found.rule)]
    if len(divided):
        firsts = (np.cumsum(n_rows) - n_rows)[divided].tolist()
        at = [
            i
            for first, parts in zip(firsts, found.parts.values(), strict=True)
            for i in range(first, first + len(parts))
        ]
        values = list(zip(*(part for parts in found.parts.values() for part in parts), strict=True))
        values[2] = [ROLES.index(role) for role in values[2]]
        for column, own in zip(columns, values, strict=True):
            column[at] = np.array(own, dtype=column.dtype)
    return Spans(lines.article[source], *columns)


def _lines(flat: Flat) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Text, start and end of each paragraph, trimmed: lines, or lines joined where a text is wrapped."""
    breaks = flat.odd[flat.odd_points == 10]
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
    moving = np.flatnonzero(sentence_ends.is_closer(flat, last) & (last > start))
    for _ in range(8):
        if not len(moving):
            break
        last[moving] -= 1
        moving = moving[sentence_ends.is_closer(flat, last[moving]) & (last[moving] > start[moving])]
    closed = sentence_ends.is_stop(flat, last)
    for i in moving:
        number = int(flat.article(start[i : i + 1])[0])
        origin = flat.starts[number]
        closed[i] = roles.is_closed(flat.texts[number][int(start[i] - origin) : int(end[i] - origin)])
    return closed
