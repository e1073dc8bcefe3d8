"""The largest stories, with what their articles share: a reader can check that they are one."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd

from analysis import frames, overlaps, overview, stories, story_samples
from analysis.shingles import SHINGLE

_WORD = re.compile(r"(?:[a-z0-9]|(?![\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0«»·•©])[^\x00-\x7f])+", re.I)
"""A word as `shingles.word_hashes` has it."""

_SHOWN = 30


def largest(articles: pd.DataFrame, *, n_stories: int = 10, most: int = 20) -> pd.DataFrame:
    """List the stories of most articles, and what these share.

    Stories chain: where *a* is like *b* and *b* like *c*, the three are one story, whether or not *a* is like *c*.
    ``alike`` tells the two cases apart.

    Parameters
    ----------
    articles : DataFrame
        ``article_id``, ``text``, ``story_id``; ``outlet`` and ``title`` if they are there.
    n_stories : int, default=10
    most : int, default=20
        Articles of a story that are compared at most, evenly spaced in the order of ``articles``.

    Returns
    -------
    DataFrame, one row per story of two articles or more, the largest first, ties in the order of ``articles``
        ``story`` : str, short name of its first article
        ``n_articles`` : int64
        ``n_outlets`` : int64, known outlets
        ``begins`` : str, the title of its first article, or its first words
        ``alike`` : float64 in [0, 1], share of the pairs compared that are one story by themselves: 1 where each
            article repeats each other
        ``shared`` : str, the longest passage of the first article whose every three words stand in half or more of the
            other articles compared; empty where there is none, its end cut off after 30 words
        ``n_shared`` : int64, words of this passage
    """
    frames.require(articles, ["article_id", "text", "story_id"], name="articles")
    sizes = articles["story_id"].value_counts(sort=False)
    order = {story: i for i, story in enumerate(dict.fromkeys(articles["story_id"]))}
    chosen = sorted(sizes.index[sizes > 1], key=lambda s: (-sizes[s], order[s]))[:n_stories]
    short = overview.short_ids(articles)
    rows = [_row(articles[articles["story_id"] == story], short, most) for story in chosen]
    types = {
        "story": "str", "n_articles": "int64", "n_outlets": "int64", "begins": "str", "alike": "float64",
        "shared": "str", "n_shared": "int64",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(types)).astype(types)


def _row(story: pd.DataFrame, short: pd.Series, most: int) -> tuple:
    spaced = np.unique(np.linspace(0, len(story) - 1, min(most, len(story))).round().astype(int))
    whole = story["text"].iloc[spaced].tolist()
    texts = stories.counted_texts(whole)
    read = overlaps.shingled(texts)
    first = story.iloc[0]
    title = first.get("title")
    begins = title if isinstance(title, str) and title.strip() else _cut(" ".join(texts[0].split()).split(" "), 12)
    n_others = sum(np.isin(read[0].shingles, other.shingles).astype(int) for other in read[1:])
    start, end = _longest((n_others >= (len(read) - 1) / 2).tolist())
    spans = [m.span() for m in _WORD.finditer(texts[0])]
    passage = texts[0][spans[start][0] : spans[end - 1][1]] if end > start else ""
    n_outlets = story["outlet"].nunique() if "outlet" in story.columns else 0
    name, alike = short[first["article_id"]], float(np.mean(_are_alike(whole, read)))
    return name, len(story), n_outlets, begins, alike, _cut(passage.split(), _SHOWN), end - start


def _are_alike(texts: list[str], read: list[overlaps.Shingled]) -> list[bool]:
    """Say of each pair of articles whether the two are one story by themselves, as `stories.story_ids` has it."""
    same = story_samples.sample(texts).whole.tolist()
    return [
        same[i] == same[j] != 0 or stories.in_common(read[i], read[j]) is not None
        for i, j in itertools.combinations(range(len(texts)), 2)
    ]


def _longest(shared: list[bool]) -> tuple[int, int]:
    """Return where the longest run of words begins and ends whose every shingle is shared; 0, 0 without one."""
    best = (0, 0)
    begin = 0
    for is_shared, run in itertools.groupby(shared):
        n = len(list(run))
        if is_shared and n + SHINGLE - 1 > best[1] - best[0]:
            best = (begin, begin + n + SHINGLE - 1)
        begin += n
    return best


def _cut(words: list[str], most: int) -> str:
    return " ".join(words[:most]) + (" …" if len(words) > most else "")
