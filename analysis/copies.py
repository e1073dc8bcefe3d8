"""The largest stories, with what their articles share: a reader can check that they are one."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pandas as pd

from analysis import frames, overview
from analysis.shingles import SHINGLE
from analysis.stories import FEWEST_WORDS, LEAST_OF_OPENING, OPENING, WHOLE, counted_texts

LEAST, LEAST_OF_LONGER = 0.45, 0.2
"""Shares of the shorter and the longer article's words from which on two are one story, as in `stories.story_ids`."""

_WORD = re.compile(r"(?:[a-z0-9]|(?![\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0«»·•©])[^\x00-\x7f])+", re.I)
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
    texts = counted_texts(story["text"].iloc[spaced].tolist())
    read = [_Read(text) for text in texts]
    pairs = [is_alike(a, b) for a, b in itertools.combinations(read, 2)]
    first = story.iloc[0]
    title = first.get("title")
    begins = title if isinstance(title, str) and title.strip() else _cut(" ".join(texts[0].split()).split(" "), 12)
    start, end = _longest([sum(s in other.set for other in read[1:]) >= (len(read) - 1) / 2 for s in read[0].shingles])
    passage = texts[0][read[0].spans[start][0] : read[0].spans[end - 1][1]] if end > start else ""
    n_outlets = story["outlet"].nunique() if "outlet" in story.columns else 0
    name = short[first["article_id"]]
    return name, len(story), n_outlets, begins, float(np.mean(pairs)), _cut(passage.split(), _SHOWN), end - start


class _Read:
    """The words of a text and where they stand, and its runs of three words."""

    def __init__(self, text: str) -> None:
        self.spans = [m.span() for m in _WORD.finditer(text)]
        self.words = [text[a:b].lower() for a, b in self.spans]
        self.shingles = list(zip(*(self.words[i:] for i in range(SHINGLE)), strict=False))
        self.set = set(self.shingles)


def is_alike(a: _Read, b: _Read) -> bool:
    """Say whether two articles are one story by themselves, by the rule of `stories.story_ids`."""
    if a.words == b.words:
        return True
    short, long = (a, b) if len(a.words) <= len(b.words) else (b, a)
    if len(short.words) < FEWEST_WORDS:
        return False
    shorter, longer = _covered(short, long), _covered(long, short)
    return bool(
        shorter.mean() >= LEAST
        and longer.mean() >= LEAST_OF_LONGER
        and shorter[:OPENING].mean() >= LEAST_OF_OPENING
        and (shorter.mean() >= WHOLE or longer[:OPENING].mean() >= LEAST_OF_OPENING)
    )


def _covered(own: _Read, other: _Read) -> np.ndarray:
    covered = np.zeros(len(own.words), dtype=bool)
    for i, shingle in enumerate(own.shingles):
        if shingle in other.set:
            covered[i : i + SHINGLE] = True
    return covered


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
