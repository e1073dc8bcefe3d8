"""One partition from many: what they agree on, in groups of like size or in groups as large as they come."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis.directions import canonical, fix_signs, spherical_kmeans, unit_rows

UNEVEN = 0.77
"""Ratio of effective numbers of groups below which groups as large as they come are taken; see `agreed`.

Chosen on newsgroup posts in even and uneven samples, where 0.74 to 0.95 measured alike. On eight settings of texts that
had no part in it (Reuters, UN speeches, news; one seed each) it took the better of the two in seven, among them all
five where they differed by 0.02 of normalised mutual information or more.
"""

PARTS = 4
"""Small groups per topic that `as_they_come` starts from."""


def agreed(
    partitions: np.ndarray, n_topics: int, *, keys: np.ndarray | None = None, random_state: int | list[int] = 0
) -> tuple[np.ndarray, bool]:
    r"""Return the partition that the given ones agree on, and whether its groups differ much in size.

    Two partitions are made. `of_like_size` divides what is large and joins what is small, as k-means does: right where
    topics are of like size. `as_they_come` joins only what the given partitions put together: right where they are
    not, but where there are many topics it may chain them. The effective number of groups, :math:`\exp(-\sum_k s_k
    \log s_k)` with :math:`s_k` the share of the units in group k [1]_, tells which of the two the corpus is: the
    second is taken where its effective number is below `UNEVEN` times that of the first. `repeats.cluster` knows more
    of the corpus, and decides otherwise (`repeats.FLAT`, `repeats.DIFFER`).

    Parameters
    ----------
    partitions : ndarray of int of shape (n_bases, n_units)
    n_topics : int
    keys : ndarray of uint64 of shape (n_units,), optional
        What a unit's chances hang on, as of `directions.spherical_kmeans`.
    random_state : int or list of int, default=0

    Returns
    -------
    labels : ndarray of int64 of shape (n_units,)
    uneven : bool

    References
    ----------
    .. [1] M. O. Hill (1973), Diversity and evenness: a unifying notation and its consequences.
    """
    like = of_like_size(partitions, n_topics, keys=keys, random_state=random_state)
    if n_topics < 2 or partitions.shape[1] <= n_topics:
        return like, False
    come = as_they_come(partitions, n_topics, keys=keys, random_state=random_state)
    uneven = effective_number(come) < round(UNEVEN * effective_number(like), 9)
    return (come, True) if uneven else (like, False)


def votes(labels: np.ndarray, partitions: np.ndarray, n_topics: int) -> np.ndarray:
    """Return how much each partition puts a unit with units of each topic, in the mean of the partitions [1]_.

    A partition's vote for a unit is the share of each topic among the units of its group, the unit itself among them.

    Parameters
    ----------
    labels : ndarray of int of shape (n_units,)
        The topics.
    partitions : ndarray of int of shape (n_bases, n_units)
    n_topics : int

    Returns
    -------
    ndarray of shape (n_units, n_topics), rows sum to 1

    References
    ----------
    .. [1] S. Dudoit and J. Fridlyand (2003), Bagging to improve the accuracy of a clustering procedure; there a
       partition's group votes for one topic only.
    """
    result = np.zeros((len(labels), n_topics))
    for groups in partitions:
        at = groups.astype(np.int64) * n_topics + labels
        both = np.bincount(at, minlength=(int(groups.max(initial=0)) + 1) * n_topics).reshape(-1, n_topics)
        result += (both / np.maximum(both.sum(axis=1, keepdims=True), 1))[groups]
    return result / max(len(partitions), 1)


def effective_number(labels: np.ndarray) -> float:
    """Return the number of groups of equal size that would be as diverse; see `agreed`."""
    shares = np.bincount(labels)[np.unique(labels)] / len(labels)
    return round(float(np.exp(-(shares * np.log(shares)).sum())), 9)


def of_like_size(
    partitions: np.ndarray,
    n_topics: int,
    *,
    keys: np.ndarray | None = None,
    n_starts: int = 10,
    random_state: int | list[int] = 0,
) -> np.ndarray:
    """Divide the units by spherical k-means on the leading singular vectors of the units-by-groups incidence.

    The columns are scaled by the root of their sums (those of the rows are equal), as for spectral partitioning of the
    bipartite graph of units and groups [1]_; but the singular vectors are weighted by their singular values, and only
    the units are then divided.

    References
    ----------
    .. [1] X. Z. Fern and C. E. Brodley (2004), Solving cluster ensemble problems by bipartite graph partitioning.
    """
    points = _coordinates(_incidence(partitions), n_topics)
    return spherical_kmeans(points, n_topics, keys=keys, n_starts=n_starts, random_state=_seed(random_state, 10**6))


def as_they_come(
    partitions: np.ndarray, n_topics: int, *, keys: np.ndarray | None = None, random_state: int | list[int] = 0
) -> np.ndarray:
    """Join small groups by average linkage of how often the partitions put their units together [1]_.

    The small groups, `PARTS` a topic, are those of `of_like_size`; ties go to the groups of smallest number.

    References
    ----------
    .. [1] A. L. N. Fred and A. K. Jain (2005), Combining multiple clusterings using evidence accumulation.
    """
    n_units = partitions.shape[1]
    incidence = _incidence(partitions)
    n_parts = max(n_topics, min(PARTS * n_topics, n_units // 3))
    seed = _seed(random_state, 10**6 + 1)
    small = spherical_kmeans(_coordinates(incidence, n_parts), n_parts, keys=keys, random_state=seed)
    _, small, sizes = np.unique(small, return_inverse=True, return_counts=True)
    members = sparse.csr_array((np.ones(n_units), (small, np.arange(n_units))))
    held = (members @ incidence).toarray() / sizes[:, None]
    together = held @ held.T / len(partitions)
    sizes, owner = sizes.astype(np.float64), np.arange(len(sizes))
    there = np.ones(len(sizes), dtype=bool)
    np.fill_diagonal(together, -1.0)
    for _ in range(len(sizes) - n_topics):
        shown = np.round(np.where(there[:, None] & there, together, -1.0), 9)
        a, b = sorted(np.unravel_index(shown.argmax(), shown.shape))
        joined = (together[a] * sizes[a] + together[b] * sizes[b]) / (sizes[a] + sizes[b])
        together[a], together[:, a] = joined, joined
        together[a, a] = -1.0
        sizes[a] += sizes[b]
        owner[owner == b] = a
        there[b] = False
    return np.unique(owner[small], return_inverse=True)[1].astype(np.int64)


def _seed(random_state: int | list[int], use: int) -> list[int]:
    """Return a seed of its own for one use; one flat list, as numpy from 2.5 on wants it."""
    return [*np.atleast_1d(random_state).tolist(), use]


def _incidence(partitions: np.ndarray) -> sparse.csr_array:
    """Units by groups of all partitions: 1 where the unit is in the group."""
    n_bases, n_units = partitions.shape
    n_groups = int(partitions.max(initial=0)) + 1
    columns = (partitions + n_groups * np.arange(n_bases, dtype=np.int64)[:, None]).ravel()
    rows = np.tile(np.arange(n_units), n_bases)
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_units, n_groups * n_bases))


def _coordinates(incidence: sparse.csr_array, n_dims: int) -> np.ndarray:
    sizes = np.asarray(incidence.sum(axis=0)).ravel()
    scaled = incidence.copy()
    scaled.data = 1 / np.sqrt(sizes[scaled.indices])
    # The Gram matrix of the groups or of the units, whichever are fewer, is small and exact; both have the coordinates.
    few_units = incidence.shape[0] < incidence.shape[1]
    values, vectors = np.linalg.eigh((scaled @ scaled.T if few_units else scaled.T @ scaled).toarray())
    there = np.flatnonzero(values > 1e-9)[::-1]
    values, vectors = values[there], canonical(values[there], vectors[:, there], n_dims)
    return unit_rows(fix_signs(vectors * np.sqrt(values[:n_dims]) if few_units else scaled @ vectors))
