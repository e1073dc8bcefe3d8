"""The words of an article that lie in runs of words that another has too, and its names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis import compiled, shingles
from analysis.shingles import SHINGLE

_WORD = re.compile(r"[^\W_]+")
_INSIDE = re.compile(r"(?:(?<=[\w,;:)\-’'\"] )|(?<=[\w,;:)’][”»] ))[^\W\d_]{2,}(?: [^\W\d_]{2,})*")
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_TITLED = 0.6
"""Share of a line's words of four letters or more that have a capital above which it is a title, if no full stop ends
it: in "Talks To Resume In Doha" a capital marks no name."""


@dataclass(frozen=True, eq=False)
class Shingled:
    """The number of words of an article, its hashed shingles in their order, and its text."""

    n_words: int
    shingles: np.ndarray
    text: str = ""

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the article in lower case."""
        return frozenset(word.lower() for word in _WORD.findall(self.text))

    @cached_property
    def names(self) -> frozenset[tuple[str, ...]]:
        """Words with a capital inside a sentence, those in a row as one, in lower case; days and months apart."""
        found: set[tuple[str, ...]] = set()
        for line in self.text.split("\n"):
            for run in [] if _is_title(line) else _INSIDE.findall(line):
                words = [w.lower() if w[0].isupper() and w.lower() not in _DAYS else "" for w in run.split(" ")]
                found |= {tuple(g) for named, g in itertools.groupby(words, bool) if named}
        return frozenset(found)

    def lacks(self, names: Iterable[tuple[str, ...]]) -> int:
        """Count the names of which it has no word."""
        return sum(self.words.isdisjoint(name) for name in names)


def _is_title(line: str) -> bool:
    if line.rstrip(' ”"').endswith("."):
        return False
    capitals = [w[0].isupper() for w in _WORD.findall(line) if len(w) > 3]
    return sum(capitals) > _TITLED * len(capitals)


def shingled(texts: Sequence[str]) -> list[Shingled]:
    """Hash the shingles of articles, many at once."""
    hashes, n_words = shingles.runs(texts)
    ends = np.cumsum([0, *np.maximum(n_words - (SHINGLE - 1), 0)]).tolist()
    runs = [hashes[begin:end] for begin, end in itertools.pairwise(ends)]
    return list(map(Shingled, n_words.tolist(), runs, texts))


def covered(article: Shingled, other: Shingled) -> np.ndarray:
    """Say of each word of an article whether it lies in a shingle that the other has too."""
    if article.n_words >= SHINGLE and (kernels := compiled.kernels()):
        words = kernels.covered(article.shingles, other.shingles)
        if len(words):
            return words
    held = np.sort(other.shingles)
    shared = held[np.searchsorted(held[:-1], article.shingles)] == article.shingles if len(held) else False
    words = np.zeros(article.n_words, dtype=bool)
    for offset in range(SHINGLE):
        words[offset : offset + len(article.shingles)] |= shared
    return words
