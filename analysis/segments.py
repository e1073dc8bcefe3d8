"""Articles to paragraphs and sentences: spans with a role each; the text itself is never rewritten."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import frames, layout, roles, sentence_ends
from analysis.flat import flatten

ROLES = layout.ROLES
"""The roles a segment can have."""

COUNTED_ROLES = ("headline", "body")
"""Roles that counts use unless asked otherwise; ``dateline`` and ``boilerplate`` are left out."""


def paragraphs(articles: pd.DataFrame, *, recurring: pd.DataFrame | None = None) -> pd.DataFrame:
    """Split each article into segments: its paragraphs, and the labelled parts of paragraphs.

    A blank line ends a paragraph; so does a line break, unless the lines of the article are wrapped to a
    width (none longer than 100 code points, most of them broken off in mid-sentence). The rules that give the roles
    are in `analysis.roles`.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` (str, unique) and ``text`` (str); ``story_id``, where it is there, for `recurring_lines`.
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
    flat = flatten(articles["text"])
    parts = layout.locate(flat, recurring=frozenset(lines["line"]))
    if not len(parts.start):
        return frames.empty("segments")
    offset = flat.starts[parts.article]
    return pd.DataFrame(
        {
            "article_id": articles["article_id"].astype("str").array.take(parts.article),
            "segment": parts.number,
            "start": parts.start - offset,
            "end": parts.end - offset,
            "role": pd.array(ROLES, dtype="str").take(parts.role),
            "rule": pd.array(parts.rule, dtype="str"),
        }
    )


def recurring_lines(articles: pd.DataFrame, *, n_stories: int = 5, share: float = 0.002) -> pd.DataFrame:
    """Find the short lines that stand in many different stories: they belong to the pages.

    A line counts once per story, so that copies of one report make nothing recur. A line that ends as a sentence does
    may be said of several events and is never taken.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``; ``story_id``, without which nothing is found.
    n_stories : int, default=5
        Fewest stories that a line stands in.
    share : float in [0, 1], default=0.002
        Smallest share of the stories.

    Returns
    -------
    DataFrame, one row per line, the most frequent first, ties by line
        ``line`` : str, without surrounding white space
        ``n_stories`` : int64
    """
    frames.require_articles(articles)
    empty = pd.DataFrame({"line": pd.Series(dtype="str"), "n_stories": pd.Series(dtype="int64")})
    if len(articles) < n_stories or "story_id" not in articles.columns:
        return empty
    import pyarrow as pa
    import pyarrow.compute as pc

    cut = pc.split_pattern(pa.array(articles["text"], pa.large_string()), "\n")
    cut = cut.combine_chunks() if isinstance(cut, pa.ChunkedArray) else cut
    lines, owner = pc.utf8_trim_whitespace(cut.flatten()), pc.list_parent_indices(cut)
    short = pc.and_(pc.less_equal(pc.utf8_length(lines), roles.LONGEST_LINE_CHARACTERS), pc.not_equal(lines, ""))
    lines, owner = lines.filter(short).dictionary_encode(), owner.filter(short).to_numpy()
    codes = lines.indices.to_numpy()
    often = np.flatnonzero(np.bincount(codes, minlength=len(lines.dictionary)) >= n_stories)
    story, names = pd.factorize(articles["story_id"].fillna(articles["article_id"]))
    kept = np.isin(codes, often)
    found = pd.DataFrame({"code": codes[kept], "story": story[owner[kept]]}).drop_duplicates()
    rows = []
    for code, n in found["code"].value_counts().items():
        line = lines.dictionary[code].as_py()
        is_line = not roles.is_closed(line) and len(line.split()) <= roles.LONGEST_LINE
        if is_line and n >= max(n_stories, share * len(names)):
            rows.append((line, n))
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
    flat = flatten(articles["text"])
    article = pd.Index(articles["article_id"]).get_indexer(segments["article_id"])
    if (article < 0).any():
        unknown = segments["article_id"].iloc[int((article < 0).argmax())]
        raise ValueError(f"segments: article_id {unknown!r} is not among the articles")
    start, end = (flat.starts[article] + segments[c].to_numpy(dtype="int64") for c in ("start", "end"))
    found = sentence_ends.locate(flat, start, end)
    if not len(found.start):
        return frames.empty("sentences")
    offset = flat.starts[article[found.segment]]
    return pd.DataFrame(
        {
            "article_id": segments["article_id"].astype("str").array.take(found.segment),
            "segment": segments["segment"].to_numpy(dtype="int64")[found.segment],
            "sentence": sentence_ends.count_within(article[found.segment]),
            "start": found.start - offset,
            "end": found.end - offset,
        }
    )


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
