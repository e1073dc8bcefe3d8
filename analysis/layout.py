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

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_TERMINAL = re.compile(r"[.!?…][\"'”’»)\]]*\s*$")
_WORD = re.compile(r"\S+")

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
    closed = _closed(flat, start, end)
    bounds = np.searchsorted(article, np.arange(len(flat.starts) + 1)).tolist()
    special = [*np.flatnonzero(~closed | _is_marked(flat, start)).tolist(), len(start)]
    n_closed = np.concatenate(([0], np.cumsum(closed)))
    read: dict[int, list[tuple[int, int, str, str]]] = {}
    for number, text in enumerate(flat.texts):
        first, last = bounds[number], bounds[number + 1]
        if first == last:
            continue
        origin = int(flat.starts[number])
        spans = list(zip((start[first:last] - origin).tolist(), (end[first:last] - origin).tolist(), strict=True))
        is_prose = int(n_closed[last] - n_closed[first]) * 2 >= last - first
        for index, rows in _read(text, spans, closed[first:last].tolist(), is_prose, _Skip(special, first)):
            read[first + index] = [(a + origin, b + origin, role, rule) for a, b, role, rule in rows]
    return _assemble(article, start, end, read)


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
    line_length = end - start
    start, end = flat.trim(start, end)
    keep = start < end
    article, start, end, line_length = article[keep], start[keep], end[keep], line_length[keep]
    bounds = np.searchsorted(article, np.arange(len(flat.starts) + 1))
    short = np.concatenate(([0], np.cumsum(line_length <= 100)))
    may_be_wrapped = (np.diff(bounds) >= 4) & (short[bounds[1:]] - short[bounds[:-1]] == np.diff(bounds))
    keep = np.ones(len(start), dtype=bool)
    for number in np.flatnonzero(may_be_wrapped).tolist():
        spans = _joined(flat.texts[number])
        if spans is None:
            continue
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


def _joined(text: str) -> list[tuple[int, int]] | None:
    """Paragraphs of a text that is wrapped to a width; None if it is not."""
    lines = [m.span() for m in _LINE.finditer(text)]
    if not _is_wrapped(text, lines):
        return None
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if joined and not text[joined[-1][1] : start].count("\n") > 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return [_trim(text, a, b) for a, b in joined]


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    if len(lines) < 4 or max(b - a for a, b in lines) > 100:
        return False
    full = [(a, b) for a, b in lines if b - a >= 45]
    broken = sum(_TERMINAL.search(text, a, b) is None for a, b in full)
    return len(full) >= 3 and broken * 2 >= len(full)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _read(
    text: str, spans: list[tuple[int, int]], closed: list[bool], prose: bool, skip: _Skip
) -> Iterator[tuple[int, list[tuple[int, int, str, str]]]]:
    """Yield the number of each paragraph that is not just a paragraph of the body, and its segments."""
    in_list = False
    seen_body = False
    i = 0
    while i < len(spans):
        if seen_body and not in_list:
            i = skip.after(i)
            if i >= len(spans):
                return
        start, end = spans[i]
        is_last = i + 1 == len(spans)
        if _LIST_HEADING.fullmatch(text, start, end):
            in_list = True
            yield i, [(start, end, "boilerplate", "list heading")]
        elif in_list and _n_words(text, start, end) <= 20:
            yield i, [(start, end, "boilerplate", "line of a link list")]
        elif _FURNITURE.fullmatch(text, start, end):
            yield i, [(start, end, "boilerplate", "page furniture")]
        elif i == 0 and not is_last and _is_headline(text, start, end, closed[i]):
            tag = _SECTION_TAG.search(text, start, end)
            rows = [(start, tag.start() if tag else end, "headline", "first line, no full stop")]
            if tag:
                rows.append((*_trim(text, tag.start(), end), "boilerplate", "section tag of the headline"))
            yield i, rows
        elif seen_body and not is_last and prose and _is_link_line(text, start, end, closed[i]):
            yield i, [(start, end, "boilerplate", "link line to another story")]
        else:
            in_list = False
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
