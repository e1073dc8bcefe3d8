"""The space that units are clustered in: weights of their terms, and directions. The same bits whatever the threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis.directions import fix_signs, round_significant, unit_rows


@contextmanager
def one_thread() -> Iterator[None]:
    """Run linear algebra on one thread: with more, sums are added in another order and differ in the last bits."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


@dataclass(frozen=True, eq=False)
class Space:
    """Units of text as the recipe sees them.

    Attributes
    ----------
    weighted : csr_array of shape (n_units, n_terms)
        Log-entropy weights.
    points : ndarray of shape (n_units, n_dims)
        Units as directions of length 1 (0 for a unit without terms).
    entropy : ndarray of shape (n_terms,), in [0, 1]
        Global weight of each term.
    by_points : bool
        Whether membership is decided by the points (vectors given by the user) and not by the words.
    keys : ndarray of uint64 of shape (n_units,), optional
        What a unit's chances hang on, see `chances`; its position if there are none.
    """

    weighted: sparse.csr_array
    points: np.ndarray
    entropy: np.ndarray
    by_points: bool = False
    keys: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> Space:
        """Return the units of ``rows``, in that order, repeated where a row is."""
        keys = None if self.keys is None else self.keys[rows]
        return Space(self.weighted[rows], self.points[rows], self.entropy, self.by_points, keys)


def space(
    counts: sparse.csr_array,
    *,
    n_topics: int,
    vectors: np.ndarray | None = None,
    keys: np.ndarray | None = None,
    twice: bool = False,
    random_state: int = 0,
) -> Space:
    """Weight the counts and project the units.

    Parameters
    ----------
    counts : sparse array of shape (n_units, n_terms)
    n_topics : int
        The largest number of topics that will be fitted.
    vectors : ndarray of shape (n_units, any), optional
        Document vectors of the user's own, used instead of the projection.
    keys : ndarray of uint64 of shape (n_units,), optional
    twice : bool, default=False
        Whether each word is counted twice, as itself and as its stem: both then weigh half, so that a unit is no
        better evidence than its words are.
    random_state : int, default=0
    """
    entropy = entropy_weights(counts) * (0.5 if twice else 1.0)
    weighted = weigh(counts, entropy)
    if vectors is not None:
        return Space(weighted, unit_rows(round_significant(np.asarray(vectors, dtype=np.float64))), entropy, True, keys)
    # Squared entropy weights: measured better than plain ones on every development corpus.
    doubly = weighted.copy()
    doubly.data = doubly.data * entropy[doubly.indices]
    points = embed(doubly, n_dimensions(counts.shape[0], n_topics), random_state=random_state)
    return Space(weighted, points, entropy, False, keys)


def entropy_weights(counts: sparse.csr_array) -> np.ndarray:
    r"""Global entropy weight of each term [1]_.

    :math:`1 + \sum_i p_{ij} \log p_{ij} / \log n`, with :math:`p_{ij} = tf_{ij} / \sum_i tf_{ij}`: 1 for a term of one
    unit only, 0 for a term spread evenly over all.

    Parameters
    ----------
    counts : sparse array of shape (n_units, n_terms)

    Returns
    -------
    ndarray of shape (n_terms,), in [0, 1]

    References
    ----------
    .. [1] S. T. Dumais (1991), Improving the retrieval of information from external sources.
    """
    n_units, n_terms = counts.shape
    totals = np.asarray(counts.sum(axis=0)).ravel()
    share = counts.data / totals[counts.indices]
    sums = np.bincount(counts.indices, weights=share * np.log(share), minlength=n_terms)
    entropy = 1 + sums / np.log(n_units) if n_units > 1 else np.ones(n_terms)
    return np.clip(round_significant(entropy), 0.0, 1.0)


def weigh(counts: sparse.csr_array, entropy: np.ndarray) -> sparse.csr_array:
    r"""Return :math:`\log(1 + tf)` times the global weights."""
    weighted = sparse.csr_array(counts, dtype=np.float64, copy=True)
    weighted.data = np.log1p(weighted.data) * entropy[weighted.indices]
    return weighted


def n_dimensions(n_units: int, n_topics: int) -> int:
    """Return how many dimensions of meaning to keep: a tenth of the units, at least ``n_topics``, at most 100."""
    return int(min(max(n_units / 10, n_topics, 2), 100))


def embed(weighted: sparse.csr_array, n_dims: int, *, random_state: int = 0) -> np.ndarray:
    """Project units on the leading singular vectors of the weighted matrix [1]_, each row scaled to length 1.

    The singular vectors are scikit-learn's, by subspace iteration from random directions [2]_.

    Parameters
    ----------
    weighted : sparse matrix of shape (n_units, n_terms)
    n_dims : int
    random_state : int

    Returns
    -------
    ndarray of shape (n_units, at most n_dims); a row of zeros for a unit without terms

    References
    ----------
    .. [1] S. Deerwester et al. (1990), Indexing by latent semantic analysis.
    .. [2] N. Halko, P. G. Martinsson and J. A. Tropp (2011), Finding structure with randomness: probabilistic
       algorithms for constructing approximate matrix decompositions.
    """
    from sklearn.utils.extmath import randomized_svd  # here, for it takes longer to import than a small fit takes

    n_dims = max(1, min(n_dims, min(weighted.shape) - 1))
    left, values, _ = randomized_svd(weighted, n_dims, n_iter=8, random_state=random_state, flip_sign=True)
    return unit_rows(fix_signs((left * values)[:, values > values.max(initial=0.0) * 1e-9]))
