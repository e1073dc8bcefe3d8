"""Where paragraphs begin and end, and the role of each: prose seen from arrays, the rest read one by one."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis import sentence_ends
from analysis.flat import Flat

ROLES = ("headline", "body", "dateline", "boilerplate")
"""The roles a segment can have."""

_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")

_PLACE = r"[A-Z][\w.’'-]*(?:[ /][A-Z][\w.’'-]*){0,4}"
_DATELINE = re.compile(
    rf"(?:{_PLACE}(?:,\s[^()—–]{{1,40}}?)?\s*\((?P<agency>[A-Z][\w .&/-]{{1,30}})\)\s*[-–—]{{1,2}}"
    r"|[A-Z][A-Z.’'/ -]{2,40}(?:,\s[^()—–\n]{1,40}?)?\s*(?:[–—]|\s--?(?=\s)))\s*(?=\S)"
)
_OUTLET_TAG = re.compile(r"(?:[A-Z]\w*\s){1,3}[Nn]ews:\s*(?=\S)")
_SECTION_TAG = re.compile(r"(?<=\S)\s+\|\s+[^|\n]{1,40}$")
_LIST_HEADING = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|related(?: (?:news|stories|articles|posts))?|more on this)\s*:?\s*",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(?:comments are (?:closed|off)\b|leave a (?:comment|reply)\b|share this\b|sign up (?:for|to)\b"
    r"|subscribe (?:to|now)\b|follow us on\b|all rights reserved\b|©|\(c\) \d{4}|copyright (?:©|\d{4})"
    r"|(?:photo|image|file photo)\s*:|click here\b).{0,160}",
    re.IGNORECASE | re.DOTALL,
)

_MARKED = [b"com", b"lea", b"sha", b"sig", b"sub", b"fol", b"all", b"cop", b"pho", b"ima", b"fil", b"cli", b"(c)"]
_MARKED += [b"rea", b"als", b"see", b"rel", b"mor"]
# the first three letters of what `_FURNITURE` and `_LIST_HEADING` find, so that most paragraphs need not be tried


_OPEN_END = np.zeros(128, dtype=bool)
_OPEN_END[[ord(c) for c in ":;,-\"'"]] = True


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


def locate(flat: Flat) -> Spans:
    """Find the segments of texts laid end to end.

    What most paragraphs are, prose between other prose, is seen from arrays; the rest is read one by one.
    """
    article, start, end = _lines(flat)
    bounds = np.searchsorted(article, np.arange(len(flat.starts) + 1))
    closed, marked = _closed(flat, start, end), _is_marked(flat, start)
    n_closed = np.concatenate(([0], np.cumsum(closed)))
    prose = (n_closed[bounds[1:]] - n_closed[bounds[:-1]]) * 2 >= np.diff(bounds)
    special = marked | (prose[article] & ~closed & _may_be_link(flat, start, end))
    lines = _Lines(
        (start - flat.starts[article]).tolist(),
        (end - flat.starts[article]).tolist(),
        closed.tolist(),
        marked.tolist(),
        [*np.flatnonzero(special).tolist(), len(start)],
    )
    read: dict[int, list[tuple[int, int, str, str]]] = {}
    bounds = bounds.tolist()
    for number in np.unique(article).tolist():
        read.update(_read(flat.texts[number], lines, bounds[number], bounds[number + 1], bool(prose[number])))
    return _assemble(flat, article, start, end, read)


@dataclass(frozen=True)
class _Lines:
    """The paragraphs of all texts.

    ``start`` and ``end`` count from the start of the text; ``closed`` ends with a full stop; ``marked`` may be page
    furniture, a list heading or an outlet's tag; ``special`` are the numbers of those that may be more than prose
    wherever they stand.
    """

    start: list[int]
    end: list[int]
    closed: list[bool]
    marked: list[bool]
    special: list[int]


def _assemble(flat: Flat, article: np.ndarray, start: np.ndarray, end: np.ndarray, read: dict[int, list]) -> Spans:
    n_rows = np.ones(len(start), dtype=np.int64)
    index = np.fromiter(read, dtype=np.int64, count=len(read))
    n_rows[index] = [len(rows) for rows in read.values()]
    source = np.repeat(np.arange(len(start)), n_rows)
    role = np.full(len(source), ROLES.index("body"))
    rule = np.full(len(source), "paragraph", dtype=object)
    start, end = start[source], end[source]
    origin = flat.starts[article[index]].tolist()
    at = np.concatenate(([0], np.cumsum(n_rows)))[index] if len(n_rows) else index
    for first, zero, rows in zip(at.tolist(), origin, read.values(), strict=True):
        for i, row in enumerate(rows, first):
            start[i], end[i], role[i], rule[i] = row[0] + zero, row[1] + zero, ROLES.index(row[2]), row[3]
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
    """Which texts are wrapped to a width: no line is longer than 100, most of the full ones break off."""
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
        closed[i] = _TERMINAL.search(flat.texts[number], int(start[i] - origin), int(end[i] - origin)) is not None
    return closed


def _is_marked(flat: Flat, start: np.ndarray) -> np.ndarray:
    """Which paragraphs begin like page furniture or a list heading, or hold an outlet's tag."""
    if not len(start):
        return np.zeros(0, dtype=bool)
    letters = flat.codes[start[:, None] + np.arange(3)].astype(np.uint32)
    letters += np.uint32(32) * ((letters >= 65) & (letters <= 90))
    key = letters[:, 0] << 16 | letters[:, 1] << 8 | letters[:, 2]
    marked = np.isin(key, [int.from_bytes(m, "big") for m in _MARKED]) | (flat.points[start] == ord("©"))
    colon = np.flatnonzero(flat.codes[: len(flat.points)] == ord(":"))
    for back, letter in ((1, "s"), (2, "w"), (3, "e")):
        colon = colon[flat.at(colon - back) == ord(letter)]
    marked[np.maximum(np.searchsorted(start, colon, side="right") - 1, 0)] = True
    return marked


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _may_be_link(flat: Flat, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Which paragraphs begin with a capital and end like a headline; what is not ASCII may."""
    first, last = flat.points[start], flat.points[end - 1]
    opens = ((first >= 65) & (first <= 90)) | (first > 127)
    return opens & ~(_OPEN_END[np.minimum(last, 127)] & (last < 128))


def _read(
    text: str, lines: _Lines, first: int, last: int, prose: bool
) -> Iterator[tuple[int, list[tuple[int, int, str, str]]]]:
    """Yield the number of each paragraph of a text that is not just a paragraph of the body, and its segments."""
    in_list = False
    seen_body = False
    i = first
    while i < last:
        if seen_body and not in_list:
            i = lines.special[bisect.bisect_left(lines.special, i)]
            if i >= last:
                return
        start, end, closed, marked = lines.start[i], lines.end[i], lines.closed[i], lines.marked[i]
        is_last = i + 1 == last
        if marked and _LIST_HEADING.fullmatch(text, start, end):
            in_list = True
            yield i, [(start, end, "boilerplate", "list heading")]
        elif in_list and _n_words(text, start, end) <= 20:
            yield i, [(start, end, "boilerplate", "line of a link list")]
        elif marked and _FURNITURE.fullmatch(text, start, end):
            yield i, [(start, end, "boilerplate", "page furniture")]
        elif i == first and not is_last and _is_headline(text, start, end, closed):
            tag = _SECTION_TAG.search(text, start, end)
            rows = [(start, tag.start() if tag else end, "headline", "first line, no full stop")]
            if tag:
                rows.append((*_trim(text, tag.start(), end), "boilerplate", "section tag of the headline"))
            yield i, rows
        elif seen_body and not is_last and prose and _is_link_line(text, start, end, closed):
            yield i, [(start, end, "boilerplate", "link line to another story")]
        else:
            in_list = False
            if marked or not seen_body:
                rows = list(_opening(text, start, end, seen_body))
                if len(rows) > 1:
                    yield i, rows
            seen_body = True
        i += 1


def _opening(text: str, start: int, end: int, seen_body: bool) -> Iterator[tuple[int, int, str, str]]:
    """Yield a body paragraph, its dateline and outlet tag as rows of their own."""
    dateline = None if seen_body else _DATELINE.match(text, start, end)
    if dateline:
        yield *_trim(text, start, dateline.end()), "dateline", "place and agency" if dateline["agency"] else "place"
        start = dateline.end()
    tag = _OUTLET_TAG.match(text, start, end)
    if tag:
        yield *_trim(text, start, tag.end()), "boilerplate", "outlet tag"
        start = tag.end()
    yield start, end, "body", "paragraph"


def _n_words(text: str, start: int, end: int) -> int:
    """How many words a span has, 32 if more."""
    return len(text[start:end].split(None, 31))


def _is_headline(text: str, start: int, end: int, closed: bool) -> bool:
    if closed or text[end - 1] in ":;,-–—" or _n_words(text, start, end) > 30:
        return False
    return not _DATELINE.match(text, start, end)


def _is_link_line(text: str, start: int, end: int, closed: bool) -> bool:
    first, last = text[start], text[end - 1]
    return not closed and first.isupper() and last not in ":;,-–—\"”'’" and 6 <= _n_words(text, start, end) <= 20
