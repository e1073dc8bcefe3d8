"""The parts of a newspaper article: which paragraph is its headline, a dateline, body, or belongs to the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from analysis import datelines, page_lines

DATE, DATE_LINE = page_lines.DATE, page_lines.DATE_LINE
"""As in `page_lines`."""

LONGEST_LINE = 30
"""Words that a line of the page, such as a link or a notice, has at most."""

LONGEST_LINE_CHARACTERS = 300
"""Characters that such a line has at most."""


class Part(NamedTuple):
    """A span of an article with its role and the rule that gave it."""

    start: int
    end: int
    role: str
    rule: str


_OUTLET_TAG = re.compile(r"(?:[A-Z]\w*\s){1,3}[Nn]ews:\s*(?=\S)")
_SECTION_TAG = re.compile(r"(?<=\S)\s{1,20}\|\s{1,20}[^|\n]{1,40}$")

LONGEST_STANDFIRST = 30
"""Words above which a whole sentence or more is no standfirst: no dateline is looked for after it."""

MOST_READ = 20_000
"""Characters of a text, at most, among which its opening is looked for."""

MOST_OPENING = 3
"""Paragraphs of the body, at most, among which a dateline is looked for."""


def is_open(n_words: int, closed: bool, n_body: int) -> bool:
    """Say whether a dateline may follow a paragraph of the body that has none, the ``n_body``th: a standfirst does."""
    return n_body < MOST_OPENING and not (closed and n_words > LONGEST_STANDFIRST)


def label(text: str) -> Iterator[Part]:
    """Yield the parts of an article in the order of the text, nothing but white space between them."""
    blocks = split(text)
    at = 0
    for i, parts in read(text, blocks, [is_closed(text[a:b]) for a, b in blocks]):
        yield from (Part(*blocks[j], "body", "paragraph") for j in range(at, i))
        yield from parts
        at = i + 1
    yield from (Part(*blocks[j], "body", "paragraph") for j in range(at, len(blocks)))


def plain_opening(text: str) -> tuple[str | None, str | None] | None:
    """Return headline and dateline of an article that opens plainly, as `label` does, in a tenth of the time.

    Plainly is: a headline or none, then a paragraph of the body, one of the two over 100 characters, and nothing
    that may belong to the page. None where it opens otherwise, or where that is not certain.
    """
    headline: str | None = None
    at, is_long, n_body = 0, False, 0
    for _ in range(12):
        end = text.find("\n", at, 3000)
        if end < 0:
            return _long_opening(text, at, headline, n_body)
        own, is_long = text[at:end].strip(), is_long or end - at > 100
        at = end + 1
        if not own:
            continue
        if not is_long and headline is not None and not n_body and _has_short_lines(text):
            return None
        closed, n_words = is_closed(own), None
        if len(own) <= LONGEST_LINE_CHARACTERS:
            n_words = len(own.split(None, LONGEST_LINE + 1))
            may_be_of_page = n_words <= LONGEST_LINE and page_lines.may_be(own)
            if may_be_of_page and (page_lines.is_list_heading(own) or page_lines.rule_of(own, closed, True)):
                return None
            if headline is None and not n_body and _is_headline(own, n_words, closed):
                headline = own
                if "|" in own or (text[at : at + 80].isspace() and text[at:].isspace()):
                    return None
                continue
            if headline is not None and n_words <= LONGEST_LINE and _are_alike(own, headline):
                return None
        elif headline is None and not closed and len(own.split(None, LONGEST_LINE + 1)) <= LONGEST_LINE:
            return None
        dateline = datelines.find(own, n_body)
        if dateline and dateline.end() == len(own):  # the body is yet to come, with a dateline of its own perhaps
            return None
        n_body += 1
        if not dateline and is_open(n_words or len(own.split(None, LONGEST_LINE + 1)), closed, n_body):
            if not closed:  # it may be a link
                return None
            continue
        if not is_long:  # the lines may be wrapped to a width
            return None
        return headline, own[: dateline.end()].rstrip() if dateline else None
    return None


def _long_opening(text: str, at: int, headline: str | None, n_body: int) -> tuple[str | None, str | None] | None:
    """Return headline and dateline, as `plain_opening` does, if a long paragraph ends the opening."""
    end = text.find("\n", at, MOST_READ)
    own = text[at : MOST_READ if end < 0 else end].strip()
    if len(own) <= LONGEST_LINE_CHARACTERS or len(own.split(None, LONGEST_LINE + 1)) <= LONGEST_LINE:
        return None
    dateline = datelines.find(own, n_body)
    if dateline.end() == len(own) if dateline else end >= 0 and not is_closed(own):
        return None
    return headline, own[: dateline.end()].rstrip() if dateline else None


def _has_short_lines(text: str) -> bool:
    """Say whether none of the first lines of a text has over 100 characters, so that they may be wrapped."""
    return len(max(text[:3000].split("\n"), key=len)) <= 100


def read(
    text: str,
    blocks: Sequence[tuple[int, int]],
    closed: Sequence[bool],
    *,
    after: Callable[[int], int] | None = None,
) -> Iterator[tuple[int, list[Part]]]:
    """Yield the number of each paragraph that is not just one of the body, and its parts.

    Parameters
    ----------
    text : str
    blocks : sequence of (start, end)
        The paragraphs, from `split`.
    closed : sequence of bool
        Whether each ends as a sentence does.
    after : callable, optional
        Gives the first paragraph from a number on that may belong to the page; those before it are prose between other
        prose and are not looked at.
    """
    n, last = len(blocks), len(blocks) - 1
    prose = sum(closed) * 2 >= n
    line = ""
    seen_headline = seen_prose = opened = in_list = ended = first_in_list = False
    n_body = 0
    i = -1
    while i < last:
        i += 1
        if after is not None and opened and not in_list and not ended:
            i = after(i)
            if i > last:
                return
        start, end = blocks[i]
        own = text[start:end]
        n_words = len(own.split(None, 31))
        short = n_words <= LONGEST_LINE and end - start <= LONGEST_LINE_CHARACTERS
        may_be_of_page = short and page_lines.may_be(own)
        was_first, first_in_list = first_in_list, False
        if may_be_of_page and page_lines.is_list_heading(own):
            in_list = first_in_list = True
            yield i, [Part(start, end, "boilerplate", "list heading")]
        elif in_list and n_words <= 20 and (was_first or not closed[i] or _is_tail(text, blocks, i)):
            yield i, [Part(start, end, "boilerplate", "line of a link list")]
        elif may_be_of_page and (rule := page_lines.rule_of(own, closed[i], not opened or i == last)):
            ended = ended or (n_body > 0 and rule == "closing line")
            yield i, [Part(start, end, "boilerplate", rule)]
        elif ended and n_words <= 20 and not closed[i]:
            yield i, [Part(start, end, "boilerplate", "line after the end")]
        elif not seen_headline and not n_body and i != last and _is_headline(own, n_words, closed[i]):
            seen_headline, line = True, normal(own)
            yield i, [Part(start + a, start + b, *rest) for a, b, *rest in headline(own)]
        elif seen_headline and not opened and short and normal(own) == line:
            yield i, [Part(start, end, "boilerplate", "headline repeated")]
        elif (
            (seen_prose or opened)
            and i != last
            and prose
            and _is_link_line(own, n_words, closed[i], text[blocks[i + 1][0]])
        ):
            yield i, [Part(start, end, "boilerplate", "link line to another story")]
        else:
            in_list = False
            if opened and "ews:" not in own:
                continue  # no dateline, no outlet's tag
            parts = [Part(start + a, start + b, *rest) for a, b, *rest in opening(own, n_body, over=opened)]
            if parts[-1].role == "body":
                n_body, seen_prose = n_body + 1, seen_prose or closed[i]
                opened = opened or parts[0].role == "dateline" or not is_open(n_words, closed[i], n_body)
            if len(parts) > 1 or parts[0].role != "body":
                yield i, parts


def split(text: str) -> list[tuple[int, int]]:
    """Return the spans of the paragraphs of a text, without surrounding white space.

    A line break ends a paragraph, unless the lines are wrapped to a width; a blank line always does.
    """
    lines: list[tuple[int, int]] = []
    blank: list[bool] = []
    longest = 0
    n_full = n_broken = 0
    at, seen_blank = 0, True
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            start = at + len(line) - len(line.lstrip())
            lines.append((start, start + len(bare)))
            blank.append(seen_blank)
            seen_blank = False
            longest = max(longest, len(line))
            if len(line) >= 45:
                n_full += 1
                n_broken += not is_closed(bare)
        else:
            seen_blank = True
        at += len(line) + 1
    if len(lines) < 4 or longest > 100 or n_full < 3 or n_broken * 2 < n_full:
        return lines
    joined: list[tuple[int, int]] = []
    for (start, end), apart in zip(lines, blank, strict=True):
        if joined and not apart:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def normal(line: str) -> str:
    """Return a line as it is compared with others: case folded, white space and digits evened out."""
    return _DIGITS.sub("0", " ".join(line.casefold().split()))


def _are_alike(a: str, b: str) -> bool:
    """Say whether two lines are the same as `normal` has them; most begin with different letters."""
    one, other = a[:1], b[:1]
    if one.isascii() and other.isascii() and one.isalpha() and one.lower() != other.lower():
        return False
    return normal(a) == normal(b)


_DIGITS = re.compile(r"\d+")
_CLOSERS = "\"'”’»)]"


def is_closed(line: str) -> bool:
    """Say whether a line ends as a sentence does, closing quotes and brackets left aside."""
    return line.rstrip(_CLOSERS)[-1:] in _STOPS


_STOPS = frozenset(".!?…")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    own = text[start:end]
    return start + len(own) - len(own.lstrip()), start + len(own.rstrip())


def _is_tail(text: str, blocks: Sequence[tuple[int, int]], i: int) -> bool:
    """Say whether from here on the article has only a few lines, all short."""
    return i > len(blocks) - 12 and all(len(text[a:b].split(None, 21)) <= 20 for a, b in blocks[i:])


def opening(own: str, n_body: int = 0, *, over: bool = False) -> list[Part]:
    """Return the parts of a body paragraph: its dateline, unless the opening is over, its outlet tag, and the rest."""
    parts = []
    start, end = 0, len(own)
    dateline = None if over else datelines.find(own, n_body)
    if dateline:
        rule = "place and agency" if datelines.agency(dateline) else "place"
        parts.append(Part(*_trim(own, 0, dateline.end()), "dateline", rule))
        start = dateline.end()
    tag = _OUTLET_TAG.match(own, start)
    if tag:
        parts.append(Part(*_trim(own, start, tag.end()), "boilerplate", "outlet tag"))
        start = tag.end()
    if start < end:
        parts.append(Part(start, end, "body", "paragraph"))
    return parts


def headline(own: str) -> list[Part]:
    """Return the parts of a headline: itself, and the tag of its section if it has one."""
    tag = _SECTION_TAG.search(own) if "|" in own else None
    if not tag:
        return [Part(0, len(own), "headline", "first line, no full stop")]
    return [
        Part(0, tag.start(), "headline", "first line, no full stop"),
        Part(*_trim(own, tag.start(), len(own)), "boilerplate", "section tag of the headline"),
    ]


def _is_headline(own: str, n_words: int, closed: bool) -> bool:
    return n_words <= 30 and not closed and own[-1] not in ":;,-–—" and datelines.find(own) is None


def _is_link_line(own: str, n_words: int, closed: bool, following: str) -> bool:
    """Say whether a line may be a link; one that the next goes on with, in a small letter, is a line of a paragraph."""
    if not 6 <= n_words <= 20 or closed or "a" <= following <= "z":
        return False
    return own[0].isupper() and own[-1] not in ":;,-–—\"”'’"
