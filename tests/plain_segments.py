"""Paragraphs and sentences the plain way, one expression at a time: the oracle of `layout` and `sentence_ends`."""

import re
from collections.abc import Iterator

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


def _blocks(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs of a text, trimmed."""
    lines = [m.span() for m in _LINE.finditer(text)]
    if _is_wrapped(text, lines):
        joined: list[tuple[int, int]] = []
        for start, end in lines:
            if joined and not text[joined[-1][1] : start].count("\n") > 1:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        lines = joined
    return [_trim(text, a, b) for a, b in lines]


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


def _parts(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield ``(start, end, role, rule)`` for the segments of one article."""
    blocks = _blocks(text)
    sizes = [len(_WORD.findall(text, a, b)) for a, b in blocks]
    closed = [_TERMINAL.search(text, a, b) is not None for a, b in blocks]
    prose = sum(closed) * 2 >= len(blocks)
    in_list = False
    seen_body = False
    for i, (start, end) in enumerate(blocks):
        is_last = i + 1 == len(blocks)
        if _LIST_HEADING.fullmatch(text, start, end):
            in_list = True
            yield start, end, "boilerplate", "list heading"
        elif in_list and sizes[i] <= 20:
            yield start, end, "boilerplate", "line of a link list"
        elif _FURNITURE.fullmatch(text, start, end):
            yield start, end, "boilerplate", "page furniture"
        elif i == 0 and not is_last and _is_headline(text, start, end, sizes[i], closed[i]):
            tag = _SECTION_TAG.search(text, start, end)
            yield start, tag.start() if tag else end, "headline", "first line, no full stop"
            if tag:
                yield *_trim(text, tag.start(), end), "boilerplate", "section tag of the headline"
        elif seen_body and not is_last and prose and _is_link_line(text, start, end, sizes[i], closed[i]):
            yield start, end, "boilerplate", "link line to another story"
        else:
            in_list = False
            yield from _opening(text, start, end, seen_body)
            seen_body = True


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


def _is_headline(text: str, start: int, end: int, n_words: int, closed: bool) -> bool:
    return not closed and n_words <= 30 and text[end - 1] not in ":;,-–—" and not _DATELINE.match(text, start, end)


def _is_link_line(text: str, start: int, end: int, n_words: int, closed: bool) -> bool:
    first, last = text[start], text[end - 1]
    return not closed and 6 <= n_words <= 20 and first.isupper() and last not in ":;,-–—\"”'’"


def _sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _BOUNDARY.finditer(text, start, end):
        if _ends_sentence(text, begin, match):
            yield _trim(text, begin, match.end())
            begin = match.end()
    begin, end = _trim(text, begin, end)
    if begin < end:
        yield begin, end


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


def paragraphs(text: str) -> list[tuple[int, int, str, str]]:
    """Return ``(start, end, role, rule)`` of each segment."""
    return list(_parts(text))


def sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return ``(start, end)`` of each sentence of a segment."""
    return list(_sentence_spans(text, start, end))
