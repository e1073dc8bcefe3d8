"""Articles to paragraphs and sentences: spans with a role each; the text itself is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from analysis import frames

ROLES = ("headline", "body", "dateline", "boilerplate")
"""The roles a segment can have."""

COUNTED_ROLES = ("headline", "body")
"""Roles that counts use unless asked otherwise; ``dateline`` and ``boilerplate`` are left out."""

_TERMINALS, _CLOSERS = ".!?…", "\"'”’»)]"

_PLACE = r"[A-Z][\w.’'-]*(?:[ /][A-Z][\w.’'-]*){0,4}"
_DATELINE = re.compile(
    rf"(?:{_PLACE}(?:,\s[^()—–]{{1,40}}?)?\s*\((?P<agency>[A-Z][\w .&/-]{{1,30}})\)\s*[-–—]{{1,2}}"
    r"|[A-Z][A-Z.’'/ -]{2,40}(?:,\s[^()—–\n]{1,40}?)?\s*(?:[–—]|\s--?(?=\s)))\s*(?=\S)"
)
_OUTLET_TAG = re.compile(r"(?:[A-Z]\w*\s){1,3}[Nn]ews:\s*(?=\S)")
_SECTION_TAG = re.compile(r"(?<=\S)\s+\|\s+[^|\n]{1,40}$")
_FURNITURE_LENGTH = 220  # a list heading or page furniture is no longer: longer blocks need not be looked at
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


def paragraphs(articles: pd.DataFrame) -> pd.DataFrame:
    """Split each article into segments: its paragraphs, and the labelled parts of paragraphs.

    A blank line ends a paragraph; so does a line break, unless the lines of the article are wrapped to a
    width (none longer than 100 code points, most of them broken off in mid-sentence).

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` (str, unique) and ``text`` (str).

    Returns
    -------
    DataFrame, one row per segment, in the order of ``articles`` and of the text
        ``article_id`` : str
        ``segment`` : int64, counted from 0 within the article
        ``start``, ``end`` : int64, code points into ``text``, without surrounding white space
        ``role`` : {"headline", "dateline", "body", "boilerplate"}
        ``rule`` : str, why it has the role

    Raises
    ------
    ValueError
        If a column is missing, an id occurs twice or a text is no string.
    """
    frames.require_articles(articles)
    columns: dict[str, list] = {c: [] for c in frames.SCHEMAS["segments"]}
    for article_id, text in zip(articles["article_id"], articles["text"], strict=True):
        for number, (start, end, role, rule) in enumerate(parts(text)):
            for column, value in zip(columns.values(), (article_id, number, start, end, role, rule), strict=True):
                column.append(value)
    return frames.conform(columns, "segments")


def sentences(articles: pd.DataFrame, *, segments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Split each segment into sentences; a sentence never crosses a segment.

    A sentence ends at ``.``, ``!``, ``?`` or ``…`` (and closing quotes or brackets) before white space and a word that
    starts with a capital or a digit, unless the full stop belongs to an initial or an abbreviation.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    segments : DataFrame, optional
        From `paragraphs`; computed if not given.

    Returns
    -------
    DataFrame, one row per sentence
        ``article_id``, ``segment`` : as in `paragraphs`
        ``sentence`` : int64, counted from 0 within the article
        ``start``, ``end`` : int64, code points into ``text``
    """
    segments = paragraphs(articles) if segments is None else segments
    frames.require(segments, ["article_id", "segment", "start", "end"], name="segments")
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    columns: dict[str, list] = {c: [] for c in frames.SCHEMAS["sentences"]}
    last, number = None, 0
    for article_id, segment, start, end in segments[["article_id", "segment", "start", "end"]].itertuples(index=False):
        number, last = (number if article_id == last else 0), article_id
        for a, b in _sentence_spans(texts[article_id], start, end):
            for column, value in zip(columns.values(), (article_id, segment, number, a, b), strict=True):
                column.append(value)
            number += 1
    return frames.conform(columns, "sentences")


def text_of(spans: pd.DataFrame, articles: pd.DataFrame) -> pd.Series:
    """Return the text that each span of a frame covers.

    Parameters
    ----------
    spans : DataFrame
        ``article_id``, ``start``, ``end``: segments, sentences or mentions.
    articles : DataFrame
        ``article_id`` and ``text``.

    Returns
    -------
    Series of str, on the index of ``spans``
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    rows = zip(spans["article_id"], spans["start"], spans["end"], strict=True)
    return pd.Series([texts[i][a:b] for i, a, b in rows], index=spans.index, dtype="str", name="text")


def words_by_role(articles: pd.DataFrame, *, segments: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the words of each article by the role of the segment they stand in.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    segments : DataFrame, optional
        From `paragraphs`; computed if not given.

    Returns
    -------
    DataFrame, one row per article and role, in the order of ``articles`` and of `ROLES`
        ``article_id``, ``role`` : str
        ``n_words`` : int64, words separated by white space; 0 where the article has no such segment
    """
    segments = paragraphs(articles) if segments is None else segments
    n_words = text_of(segments, articles).map(lambda t: len(t.split())).astype("int64")
    counts = n_words.groupby([segments["article_id"], segments["role"]]).sum()
    every = pd.MultiIndex.from_product([articles["article_id"], ROLES], names=["article_id", "role"])
    return counts.reindex(every, fill_value=0).rename("n_words").reset_index()


def _blocks(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs of a text, trimmed."""
    lines = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line and not line.isspace():
            lines.append((start, end))
        start = end + 1
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
    broken = sum(not _is_closed(text, a, b) for a, b in full)
    return len(full) >= 3 and broken * 2 >= len(full)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    if start < end and (text[start].isspace() or text[end - 1].isspace()):
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
    return start, end


def parts(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield ``(start, end, role, rule)`` for the segments of one article."""
    blocks = _blocks(text)
    closed = [_is_closed(text, a, b) for a, b in blocks]
    prose = sum(closed) * 2 >= len(blocks)
    in_list = False
    seen_body = False
    for i, (start, end) in enumerate(blocks):
        is_last = i + 1 == len(blocks)
        is_short = end - start <= _FURNITURE_LENGTH
        if is_short and _LIST_HEADING.fullmatch(text, start, end):
            in_list = True
            yield start, end, "boilerplate", "list heading"
        elif in_list and _n_words(text, start, end) <= 20:
            yield start, end, "boilerplate", "line of a link list"
        elif is_short and _FURNITURE.fullmatch(text, start, end):
            yield start, end, "boilerplate", "page furniture"
        elif i == 0 and not is_last and not closed[i] and _is_headline(text, start, end):
            tag = _SECTION_TAG.search(text, start, end)
            yield start, tag.start() if tag else end, "headline", "first line, no full stop"
            if tag:
                yield *_trim(text, tag.start(), end), "boilerplate", "section tag of the headline"
        elif seen_body and not is_last and prose and not closed[i] and _is_link_line(text, start, end):
            yield start, end, "boilerplate", "link line to another story"
        else:
            in_list = False
            if not seen_body:
                dateline = _DATELINE.match(text, start, end)
                if dateline:
                    rule = "place and agency" if dateline["agency"] else "place"
                    yield *_trim(text, start, dateline.end()), "dateline", rule
                    start = dateline.end()
            tag = _OUTLET_TAG.match(text, start, end)
            if tag:
                yield *_trim(text, start, tag.end()), "boilerplate", "outlet tag"
                start = tag.end()
            seen_body = True
            yield start, end, "body", "paragraph"


def _is_headline(text: str, start: int, end: int) -> bool:
    if text[end - 1] in ":;,-–—" or _DATELINE.match(text, start, end):
        return False
    return _n_words(text, start, end) <= 30


def _is_link_line(text: str, start: int, end: int) -> bool:
    if not text[start].isupper() or text[end - 1] in ":;,-–—\"”'’":
        return False
    return 6 <= _n_words(text, start, end) <= 20


def _is_closed(text: str, start: int, end: int) -> bool:
    """Whether a line ends a sentence, closing quotes and brackets aside."""
    while end > start and text[end - 1].isspace():
        end -= 1
    while end > start and text[end - 1] in _CLOSERS:
        end -= 1
    return end > start and text[end - 1] in _TERMINALS


def _n_words(text: str, start: int, end: int) -> int:
    return len(text[start:end].split())


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
