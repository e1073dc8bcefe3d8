"""The words of an article that lie in runs of words that another has too."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis import compiled, shingles
from analysis.shingles import SHINGLE


class Shingled(NamedTuple):
    """The number of words of an article, and its hashed shingles in their order."""

    n_words: int
    shingles: np.ndarray


def shingled(texts: Sequence[str]) -> list[Shingled]:
    """Hash the shingles of articles, many at once."""
    hashes, n_words = shingles.runs(texts)
    ends = np.cumsum([0, *np.maximum(n_words - (SHINGLE - 1), 0)]).tolist()
    runs = [hashes[begin:end] for begin, end in itertools.pairwise(ends)]
    return list(map(Shingled, n_words.tolist(), runs))


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
