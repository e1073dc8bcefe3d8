"""The role of each paragraph of many articles: prose between other prose seen from arrays, the rest read one by one."""

from __future__ import annotations

import bisect
from dataclasses import dataclass

import numpy as np

from analysis import datelines, matching, page_lines, roles
from analysis.flat import EM_DASH, EN_DASH, IS_DIGIT, IS_LOWER, IS_UPPER, OTHER, PAD, UPPER, Flat, flags

ROLES = ("headline", "body", "dateline", "boilerplate")
"""The roles a segment can have."""


@dataclass(frozen=True)
class Lines:
    """Paragraphs of a flat text, sorted by position; arrays of the same length.

    Attributes
    ----------
    flat : Flat
    article : int64, the number of the text
    start, end : int64, positions in the flat text
    closed : bool, whether it ends as a sentence does
    """

    flat: Flat
    article: np.ndarray
    start: np.ndarray
    end: np.ndarray
    closed: np.ndarray

    def texts(self, index: np.ndarray) -> list[str]:
        """Return the texts of some paragraphs."""
        return self.flat.spans(self.start[index], self.end[index])

    def n_words(self, index: np.ndarray) -> np.ndarray:
        """Count the words of some paragraphs, as far as matters."""
        return self.flat.n_words(self.start[index], self.end[index], limit=roles.LONGEST_LINE)


@dataclass(frozen=True)
class Found:
    """The roles of paragraphs.

    Attributes
    ----------
    role : int64 array over paragraphs, index into `ROLES`
    rule : object array over paragraphs, str
    parts : dict, of those paragraphs that have several: their parts, positions in the flat text
    """

    role: np.ndarray
    rule: np.ndarray
    parts: dict[int, list[roles.Part]]

    def label(self, index: np.ndarray | int, role: str, rule: str) -> None:
        """Give whole paragraphs a role."""
        self.role[index], self.rule[index] = ROLES.index(role), rule

    def divide(self, index: int, origin: int, parts: list[roles.Part]) -> None:
        """Give the parts of a paragraph, counted from ``origin``, their roles."""
        if len(parts) == 1:
            self.label(index, parts[0].role, parts[0].rule)
        else:
            self.parts[index] = [roles.Part(origin + a, origin + b, *rest) for a, b, *rest in parts]


def read(lines: Lines) -> Found:
    """Find the role of each paragraph, as `roles.read` does."""
    n = len(lines.start)
    found = Found(np.full(n, ROLES.index("body")), np.full(n, "paragraph", dtype=object), {})
    if not n:
        return found
    of_page, links, tagged = _of_page(lines), _links(lines), _tagged(lines)
    plain = np.ones(len(lines.flat.starts), dtype=bool)
    plain[lines.article[of_page]] = False
    body = _openings(lines, plain, tagged, links, found)
    _later_parts(lines, plain, body, links, tagged, found)
    _one_by_one(lines, np.flatnonzero(~plain), np.concatenate((of_page, links, tagged)), found)
    return found


def _openings(lines: Lines, plain: np.ndarray, tagged: np.ndarray, links: np.ndarray, found: Found) -> np.ndarray:
    """Find headline and dateline of articles without lines of the page; return the first paragraph of the body of each.

    Articles that open in another way are struck from ``plain``.
    """
    flat, article = lines.flat, lines.article
    first = np.flatnonzero(np.append(True, article[1:] != article[:-1]))
    first = first[plain[article[first]]]
    heads = first[~_is_last(lines, first) & ~lines.closed[first] & ~_ends_in(flat, lines.end[first], ":;,-–—")]
    heads = heads[lines.n_words(heads) <= roles.LONGEST_LINE]
    heads = heads[~_has_dateline(lines, heads)]
    plain[article[heads[_may_be_equal(lines, heads, heads + 1)]]] = False
    is_head = _mask(lines, heads)
    body = first + is_head[first]
    doubtful = body[_may_have_dateline(lines, body) | _mask(lines, tagged)[body]]
    opened = [(i, roles.opening(own)) for i, own in zip(doubtful.tolist(), lines.texts(doubtful), strict=True)]
    plain[article[[i for i, parts in opened if parts[-1].role != "body"]]] = False
    dated = np.array([i for i, parts in opened if parts[0].role == "dateline"], dtype=np.int64)
    plain[article[_late(lines, np.setdiff1d(body, dated), links, heads)]] = False
    for i, parts in opened:
        if plain[article[i]]:
            found.divide(i, int(lines.start[i]), parts)
    heads = heads[plain[article[heads]]]
    found.label(heads, "headline", "first line, no full stop")
    edges = zip(lines.start[heads].tolist(), lines.end[heads].tolist(), strict=True)
    bars = heads[np.array([b"|" in flat.between(a, b) for a, b in edges], dtype=bool)]
    for i, own in zip(bars.tolist(), lines.texts(bars), strict=True):
        found.divide(i, int(lines.start[i]), roles.headline(own))
    return body[plain[article[body]]]


def _late(lines: Lines, body: np.ndarray, links: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """Return paragraphs after the first that may be a link or the headline again, or have a dateline."""
    head = np.full(len(lines.flat.starts), -1)
    head[lines.article[heads]] = heads
    found = []
    for _ in range(1, roles.MOST_OPENING):
        body = body[~_is_last(lines, body)]
        closed = np.flatnonzero(lines.closed[body])
        opens = np.ones(len(body), dtype=bool)
        opens[closed] = lines.n_words(body[closed]) <= roles.LONGEST_STANDFIRST
        body = body[opens] + 1
        of_interest = _has_dateline(lines, body) | np.isin(body, links)
        repeats = np.flatnonzero(~lines.closed[body] & (head[lines.article[body]] >= 0))
        of_interest[repeats] |= _may_be_equal(lines, head[lines.article[body[repeats]]], body[repeats])
        found.append(body[of_interest])
        body = body[~of_interest]
    return np.concatenate(found)


def _later_parts(
    lines: Lines, plain: np.ndarray, body: np.ndarray, links: np.ndarray, tagged: np.ndarray, found: Found
) -> None:
    """Label links to other stories, and outlets' tags, after the first paragraph of the body."""
    article = lines.article
    opens = np.full(len(plain), len(article))
    opens[article[body]] = body
    links = links[plain[article[links]] & (links > opens[article[links]])]
    found.label(links, "boilerplate", "link line to another story")
    tagged = tagged[plain[article[tagged]] & (tagged > opens[article[tagged]]) & ~np.isin(tagged, links)]
    for i, own in zip(tagged.tolist(), lines.texts(tagged), strict=True):
        found.divide(i, int(lines.start[i]), roles.opening(own, over=True))


def _links(lines: Lines) -> np.ndarray:
    """Return the lines that are links to other stories wherever they stand in the body of an article."""
    flat, article = lines.flat, lines.article
    n_closed = np.bincount(article[lines.closed], minlength=len(flat.starts))
    prose = n_closed * 2 >= np.bincount(article, minlength=len(flat.starts))
    links = np.flatnonzero(~lines.closed & prose[article])
    links = links[~_is_last(lines, links) & _is_capital(flat, lines.start[links])]
    links = links[~_ends_in(flat, lines.end[links], ":;,-–—\"”'’")]
    after = lines.start[links + 1]
    links = links[(flat.codes[after] < ord("a")) | (flat.codes[after] > ord("z")) | flat.is_wide[after]]
    n_words = lines.n_words(links)
    return links[(n_words >= 6) & (n_words <= 20)]


def _one_by_one(lines: Lines, numbers: np.ndarray, doubtful: np.ndarray, found: Found) -> None:
    """Read articles line by line; within the body only those lines that may be something else."""
    special = [*np.unique(doubtful).tolist(), len(lines.start)]
    edges = np.searchsorted(lines.article, (numbers, numbers + 1))
    for number, first, last in zip(numbers.tolist(), *edges.tolist(), strict=True):
        origin = int(lines.flat.starts[number])
        starts, ends = (lines.start[first:last] - origin).tolist(), (lines.end[first:last] - origin).tolist()
        blocks, closed = list(zip(starts, ends, strict=True)), lines.closed[first:last].tolist()

        def after(index: int, first: int = first) -> int:
            return special[bisect.bisect_left(special, first + index)] - first

        for index, parts in roles.read(lines.flat.texts[number], blocks, closed, after=after):
            found.divide(first + index, origin, parts)


def _of_page(lines: Lines) -> np.ndarray:
    """Return the lines that may belong to the page."""
    flat = lines.flat
    short = np.flatnonzero(lines.end - lines.start <= roles.LONGEST_LINE_CHARACTERS)
    at = lines.start[short]
    first, second = flat.codes[at], flat.codes[at + 1]
    may = flat.is_wide[at] | (first == OTHER) | _END_MARKS[first.astype(np.int64) << 8 | second]
    letter = np.flatnonzero(IS_UPPER[first] | IS_LOWER[first])
    words = flat.words(at[letter]) | _SMALL
    may[letter] |= _LISTS.may_hold(words) | _OTHERS.may_hold(words)
    dates = letter[_DATES.may_hold(words)]
    may[dates] |= IS_DIGIT[flat.windows(at[dates], 24)].any(axis=1)
    capitals = np.flatnonzero(IS_UPPER[first] & IS_UPPER[second])
    for k in (2, 3, 4):
        may[capitals] |= flat.codes[at[capitals] + k] == ord("/")  # initials of those who wrote and edited
    bullets = np.flatnonzero(_BULLETS[first])
    after = at[bullets] + 1
    for _ in range(3):
        after += flat.codes[after] == ord(" ")
    may[bullets] |= _LISTS.may_hold(flat.words(after) | _SMALL)
    brackets = np.flatnonzero((first == ord("(")) | (first == ord("[")))
    may[brackets] |= _BRACKETED.may_hold(flat.words(at[brackets] + 1) | _SMALL)
    may |= _RULERS[first] & _RULERS[second]
    last = lines.end[short]
    may |= (flat.codes[last - 1] == ord("]")) | (flat.windows(last - 40, 40) == ord("/")).any(axis=1)
    may |= _REPORTS.may_hold(flat.words(last - 8) | _SMALL)
    digits = np.flatnonzero(IS_DIGIT[first])
    may[digits] |= _may_count_or_date(flat, at[digits])
    short = short[may]
    closed = lines.closed[short].tolist()
    of_page = [page_lines.is_of_page(own, c) for own, c in zip(lines.texts(short), closed, strict=True)]
    return short[np.array(of_page, dtype=bool)]


def _may_count_or_date(flat: Flat, at: np.ndarray) -> np.ndarray:
    """Whether lines that begin with a digit may be dates, or count comments or minutes."""
    after = at + 1
    for _ in range(4):
        after += IS_DIGIT[flat.codes[after]]
    mark, following = flat.codes[after], flat.codes[after + 1]
    date = _DATE_SIGNS[mark] & (IS_DIGIT[following] | (following == ord("*")))
    unit = (mark == ord(" ")) & _UNITS[following | 32]
    return date | unit | _ORDINALS[mark | 32]


_END_MARKS = np.zeros(65536, dtype=bool)
_END_MARKS[[a << 8 | b for a, b in (b"-3", b"#3", b"##", b"//")]] = True
_BULLETS = flags(*b">*-", EN_DASH)
_RULERS = flags(*b"_*=~-", EN_DASH, EM_DASH)
_DATE_SIGNS = flags(*b"-/.:*")  # of dates, times of day, and codes such as 9417**2044
_UNITS = flags(*b"cmjfasondhwy")  # of comments, minutes, the months, and how long ago
_ORDINALS = flags(*b"snrt")
_SMALL = np.uint64(0x2020202020202020)  # makes capitals small
_LISTS, _BRACKETED, _DATES, _OTHERS = (
    matching.Affixes(b.encode() for b in beginnings)
    for beginnings in (page_lines.LISTS, page_lines.BRACKETED, page_lines.DATES, page_lines.OTHERS)
)
_REPORTS = matching.Affixes(
    (word + end for word in (b"report", b"story", b"article") for end in (b"", b".", b")", b".)", b"]", b".]")),
    at_end=True,
)
_CAPITALS = flags(*range(65, 91), *b".'/ -", UPPER)


def _has_dateline(lines: Lines, index: np.ndarray) -> np.ndarray:
    """Whether paragraphs open with a dateline."""
    found = _may_have_dateline(lines, index)
    start, end = lines.start[index[found]], lines.end[index[found]]
    openings = lines.flat.spans(start, np.minimum(end, start + datelines.LONGEST))
    found[found] = [datelines.find(own) is not None for own in openings]
    return found


def _may_have_dateline(lines: Lines, index: np.ndarray) -> np.ndarray:
    """Whether paragraphs may open with a dateline.

    It is looked for where a bracket follows a capital or a date, several capitals do, or a comma and a dash.
    """
    codes, start = lines.flat.codes, lines.start[index]
    bracket = lines.flat.signs(ord("("))
    near = np.append(bracket, lines.flat.size + datelines.LONGEST)[np.searchsorted(bracket, start)] - start
    capital = IS_UPPER[codes[start]]
    capitals = _CAPITALS[codes[start + 1]] & _CAPITALS[codes[start + 2]]
    found = (near == 0) | (capital & capitals)
    found |= IS_DIGIT[codes[start]] & (near < 40)
    comma = np.flatnonzero(~found & capital)
    opening = lines.flat.windows(start[comma], PAD)
    dash = (opening == ord("-")) | (opening == EN_DASH) | (opening == EM_DASH)
    found[comma] = (opening == ord(",")).any(axis=1) & dash.any(axis=1)
    place = np.flatnonzero(~found & capital & (near < datelines.LONGEST))
    found[place] = _may_be_place(lines.flat, start[place])
    return found


def _may_be_place(flat: Flat, start: np.ndarray) -> np.ndarray:
    """Whether a word with a capital may be a place before a bracket: another such, or the bracket, follows."""
    blank = flat.windows(start, 40) == ord(" ")
    after = start + blank.argmax(axis=1)
    comma, following = flat.codes[after - 1] == ord(","), flat.codes[after + 1]
    return ~blank.any(axis=1) | comma | _AFTER_PLACE[following]


_AFTER_PLACE = flags(*range(65, 91), *range(48, 58), *b" ([", UPPER)


def _tagged(lines: Lines) -> np.ndarray:
    """Return the paragraphs that may hold an outlet's tag, such as "Iran Press news:"."""
    colon = lines.flat.signs(ord(":"))
    for back, letter in ((1, "s"), (2, "w"), (3, "e")):
        colon = colon[lines.flat.at(colon - back) == ord(letter)]
    index = np.unique(np.searchsorted(lines.start, colon, side="right") - 1)
    return index[index >= 0]


def _mask(lines: Lines, index: np.ndarray) -> np.ndarray:
    """Return a bool over paragraphs, true at ``index``."""
    found = np.zeros(len(lines.start), dtype=bool)
    found[index] = True
    return found


def _is_last(lines: Lines, index: np.ndarray) -> np.ndarray:
    """Whether paragraphs are the last of their articles."""
    following = np.append(lines.article, -1)[index + 1]
    return following != lines.article[index]


def _ends_in(flat: Flat, end: np.ndarray, signs: str) -> np.ndarray:
    """Whether spans end in one of some signs."""
    found = flags(*(ord(c) for c in signs if c.isascii()))[flat.codes[end - 1]]
    wide = np.flatnonzero(flat.is_wide[end - 1])
    found[wide] = np.isin(flat.points_at(end[wide] - 1), [ord(c) for c in signs])
    return found


def _is_capital(flat: Flat, position: np.ndarray) -> np.ndarray:
    """Whether capitals stand at some positions."""
    points = flat.points_at(position)
    found = (points >= 65) & (points <= 90)
    for i in np.flatnonzero(points > 127):
        found[i] = chr(points[i]).isupper()
    return found


def _may_be_equal(lines: Lines, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether paragraphs may be equal when compared as `roles.normal` has them: by the letters at their ends."""
    found = np.ones(len(a), dtype=bool)
    for side, step in ((lines.start, 1), (lines.end - 1, -1)):
        alike = np.ones(len(a), dtype=bool)  # as far as compared, letters, one for one
        for k in range(4):
            one, other = (side[i] + k * step for i in (a, b))
            alike &= (one >= 0) & (other >= 0)  # nothing stands before the first letter of all
            alike &= ~lines.flat.is_wide[one] & ~lines.flat.is_wide[other]
            one, other = lines.flat.codes[one] | 32, lines.flat.codes[other] | 32
            letter, letter_other = (IS_LOWER[x] for x in (one, other))
            found &= ~alike | (one == other) | ~(letter | letter_other)
            alike &= letter & (one == other)
    return found
