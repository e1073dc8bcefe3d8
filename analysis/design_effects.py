"""How much counts vary between articles: the sums that tell it, and the design effect."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse


class Sums(NamedTuple):
    """Sums over the articles that each column of a 0/1 matrix picks; arrays of shape (n_terms, n_columns) or wide."""

    n: np.ndarray  # occurrences
    nn: np.ndarray  # their squares
    nl: np.ndarray  # times the size of the article
    size: np.ndarray  # tokens
    ll: np.ndarray  # their squares

    def rest(self, whole: Sums) -> Sums:
        """Return the sums over the articles not picked."""
        return Sums(*(w - s for w, s in zip(whole, self, strict=True)))

    def of(self, terms: slice) -> Sums:
        """Return the sums of some terms."""
        return self._replace(n=self.n[terms], nn=self.nn[terms], nl=self.nl[terms])


def sums_of(columns: sparse.csr_array, sizes: np.ndarray, picked: np.ndarray) -> Sums:
    """Return the sums over the articles that each column of ``picked``, 0/1 of shape (n_articles, n_columns), picks."""
    dense = columns.nnz > columns.shape[0] * columns.shape[1] / 20
    table = columns.toarray() if dense else columns
    squares = table * table if dense else columns.multiply(columns).tocsr()
    by_size = table * sizes if dense else columns.multiply(sizes[None, :]).tocsr()
    return Sums(table @ picked, squares @ picked, by_size @ picked, sizes @ picked, sizes**2 @ picked)


def design_effect(sums: Sums, n_parts: int) -> np.ndarray:
    """Return the variance of a count between articles over the count, at least 1; NaN for a count of 0."""
    rate = sums.n / sums.size
    effect = rate * sums.ll
    effect -= 2 * sums.nl
    effect *= rate
    effect += sums.nn
    effect *= n_parts / (n_parts - 1)
    with np.errstate(invalid="ignore"):
        effect /= sums.n  # 0 / 0 where the term is lacking
    return np.maximum(effect, 1.0, out=effect)
