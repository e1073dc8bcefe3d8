"""Articles to paragraphs and sentences: spans with a role each; the text itself is never rewritten."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis import frames, roles

ROLES = ("headline", "body", "dateline", "boilerplate")
"""The roles a segment can have."""

COUNTED_ROLES = ("headline", "body")
"""Roles that counts use unless asked otherwise; ``dateline`` and ``boilerplate`` are left out."""

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


def paragraphs(articles: pd.DataFrame, *, recurring: pd.DataFrame | None = None) -> pd.DataFrame:
    """Split each article into segments: its paragraphs, and the labelled parts of paragraphs.

    A blank line ends a paragraph; so does a line break, unless the lines of the article are wrapped to a
    width (none longer than 100 code points, most of them broken off in mid-sentence). The rules that give the roles
    are in `analysis.roles`.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` (str, unique) and ``text`` (str); ``story_id``, if it is there, for `recurring_lines`.
    recurring : DataFrame, optional
        Lines that belong to the pages and not to the articles, from `recurring_lines`; found among ``articles`` if
        not given. To label a part of a corpus as the whole is labelled, give the lines of the whole.

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
    lines = recurring_lines(articles) if recurring is None else recurring
    frames.require(lines, ["line"], name="recurring")
    known = frozenset(lines["line"])
    ids: list[str] = []
    numbers: list[int] = []
    parts: list[roles.Part] = []
    for article_id, text in zip(articles["article_id"], articles["text"], strict=True):
        before = len(parts)
        parts.extend(roles.label(text, recurring=known))
        ids.extend([article_id] * (len(parts) - before))
        numbers.extend(range(len(parts) - before))
    starts, ends, given, rules = zip(*parts, strict=True) if parts else ((), (), (), ())
    columns = {"article_id": ids, "segment": numbers, "start": starts, "end": ends, "role": given, "rule": rules}
    return frames.conform(columns, "segments")


def recurring_lines(articles: pd.DataFrame, *, n_stories: int = 5, share: float = 0.002) -> pd.DataFrame:
    """Find the short lines that stand in many different stories: they belong to the pages.

    A line counts once per story. It recurs if it stands in ``n_stories`` stories and in ``share`` of them, or,
    where it ends as a sentence does and so might be said of several events, in twice as many and in a
    hundredth of all. Digits are read as equal.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``. Stories are told by ``story_id``, or where there is none by the longest line.
    n_stories : int, default=5
    share : float in [0, 1], default=0.002

    Returns
    -------
    DataFrame, one row per line, the most frequent first, ties by line
        ``line`` : str, case folded, white space and digits evened out
        ``n_stories`` : int64
    """
    frames.require_articles(articles)
    empty = pd.DataFrame({"line": pd.Series(dtype="str"), "n_stories": pd.Series(dtype="int64")})
    if len(articles) < n_stories:
        return empty
    stories = articles["story_id"] if "story_id" in articles.columns else [None] * len(articles)
    # First by hash alone, which takes little room; then the stories of the few lines that may recur.
    hashes = np.fromiter((hash(name) for text in articles["text"] for name in _short_lines(text)), dtype="int64")
    values, counts = np.unique(hashes, return_counts=True)
    frequent = frozenset(values[counts >= n_stories].tolist())
    if not frequent:
        return empty
    found: dict[str, set] = {}
    closed: dict[str, bool] = {}
    all_stories: set = set()
    for text, story in zip(articles["text"], stories, strict=True):
        key = story if isinstance(story, str) else hash(max(text.split("\n"), key=len))
        all_stories.add(key)
        for name, line in _short_lines(text).items():
            if hash(name) in frequent:
                found.setdefault(name, set()).add(key)
                closed[name] = roles.is_closed(line)
    rows = []
    for name, own in found.items():
        most, part = (2 * n_stories, 0.01) if closed[name] else (n_stories, share)
        if len(own) >= most and len(own) >= part * len(all_stories):
            rows.append((name, len(own)))
    if not rows:
        return empty
    table = pd.DataFrame(rows, columns=["line", "n_stories"]).astype(empty.dtypes.to_dict())
    return table.sort_values(["n_stories", "line"], ascending=[False, True], ignore_index=True)


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


def _short_lines(text: str) -> dict[str, str]:
    """Return the lines of a text that may belong to its page, by what they are compared as."""
    lines = (line.strip() for line in text.split("\n"))
    most = roles.LONGEST_LINE
    return {roles.normal(n): n for n in lines if n and len(n) <= 300 and len(n.split(None, most)) <= most}


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


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


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
