"""Directions: rows of length 1, their partition by cosine, and numbers rounded before anything depends on them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis import chances

DIGITS = 6
"""Significant digits kept before anything discrete depends on a number."""


def round_significant(values: np.ndarray, digits: int = DIGITS) -> np.ndarray:
    """Round to ``digits`` significant digits relative to the largest magnitude of the array.

    Parameters
    ----------
    values : ndarray of float
    digits : int, default=`DIGITS`

    Returns
    -------
    ndarray of float, same shape
    """
    largest = np.abs(values).max(initial=0.0)
    if largest == 0 or not np.isfinite(largest):
        return values.copy()
    return np.round(values, int(digits - 1 - np.floor(np.log10(largest)))) + 0.0


def fix_signs(columns: np.ndarray) -> np.ndarray:
    """Round, and flip columns so that the entry of largest magnitude is positive: a singular vector's sign is free."""
    columns = round_significant(columns)
    if columns.size == 0:
        return columns
    strongest = np.abs(columns).argmax(axis=0)
    return columns * np.where(columns[strongest, np.arange(columns.shape[1])] < 0, -1.0, 1.0) + 0.0


def canonical(values: np.ndarray, vectors: np.ndarray, n_dims: int | None = None) -> np.ndarray:
    """Return eigenvectors that depend on the matrix alone: those of equal values may be turned in any way.

    Processors and libraries turn them differently. Of a group of equal values the first vector is the projection of
    the unit vector that is nearest to the group's space, the first of such; the second likewise in what is left of the
    space, and so on: pivoted Cholesky factors of the projection. Vectors of a value of its own stay as they are.

    Parameters
    ----------
    values : ndarray of shape (n,), descending
        Those that differ by at most 1e-9 of the largest magnitude are equal.
    vectors : ndarray of shape (n_rows, n), columns of length 1, orthogonal
    n_dims : int, optional
        How many of them to return, the first; all by default.

    Returns
    -------
    ndarray of shape (n_rows, n_dims)
    """
    vectors, n_dims = vectors.copy(), len(values) if n_dims is None else n_dims
    apart = np.flatnonzero(-np.diff(values) > 1e-9 * np.abs(values).max(initial=0.0)) + 1
    for start, stop in zip([0, *apart], [*apart, len(values)], strict=True):
        space = vectors[:, start:stop].copy()
        for column in range(start, min(stop, n_dims)) if stop - start > 1 else ():
            lengths = np.round(np.einsum("ij,ij->i", space, space), 9)
            nearest = int(lengths.argmax())
            turned = space[nearest] / np.linalg.norm(space[nearest])
            vectors[:, column] = space @ turned
            space -= np.outer(vectors[:, column], turned)
    return vectors[:, :n_dims]


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Scale each row to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def spherical_kmeans(
    points: np.ndarray,
    n_topics: int,
    *,
    keys: np.ndarray | None = None,
    n_starts: int = 1,
    random_state: int | list[int] = 0,
) -> np.ndarray:
    """Partition unit vectors by cosine similarity; the best of ``n_starts`` starts [1]_.

    Parameters
    ----------
    points : ndarray of shape (n_units, n_dims), rows of length 1 or 0
    n_topics : int
    keys : ndarray of uint64 of shape (n_units,), optional
        What the chances of a point hang on (`chances.uniform`); its position by default.
    n_starts : int, default=1
    random_state : int or list of int

    Returns
    -------
    ndarray of int64 of shape (n_units,)

    References
    ----------
    .. [1] I. S. Dhillon and D. S. Modha (2001), Concept decompositions for large sparse text data using clustering.
    """
    keys = np.arange(len(points), dtype=np.uint64) if keys is None else keys
    seed = [random_state] if np.isscalar(random_state) else [*random_state]
    best_score, best = -np.inf, np.zeros(len(points), dtype=np.int64)
    for start in range(n_starts):
        labels, score = _one_start(points, n_topics, keys, [*seed, start])
        if score > best_score:
            best_score, best = score, labels
    return best


def _one_start(points: np.ndarray, n_topics: int, keys: np.ndarray, seed: list[int]) -> tuple[np.ndarray, float]:
    centres = points[_spread_seeds(points, n_topics, keys, seed)]
    labels = np.full(len(points), -1)
    for _ in range(25):
        similarity = points @ centres.T
        new = similarity.argmax(axis=1)
        if np.array_equal(new, labels):
            break
        labels = new
        members = sparse.csr_array(
            (np.ones(len(points)), (labels, np.arange(len(points)))), shape=(n_topics, len(points))
        )
        centres = unit_rows(members @ points)
    return labels, float(round(similarity.max(axis=1).sum(), DIGITS))


def _spread_seeds(points: np.ndarray, n_topics: int, keys: np.ndarray, seed: list[int]) -> list[int]:
    """k-means++ on cosine distance (Arthur and Vassilvitskii 2007).

    A point is drawn as the first of a race: its time is exponential with its distance as rate (Efraimidis and Spirakis
    2006). One point more wins seldom, and where it does not, the others come in as they would without it.
    """
    seeds: list[int] = []
    keys = chances.sown(keys, seed)
    distance = np.ones(len(points))
    while len(seeds) < n_topics:
        times = -np.log(chances.uniform(keys, len(seeds)))
        if distance.max() <= 0:
            seeds.append(int(times.argmin()))
            continue
        times = np.divide(times, distance, out=np.full(len(points), np.inf), where=distance > 0)
        seeds.append(int(times.argmin()))
        nearer = np.clip(1 - points @ points[seeds[-1]], 0.0, None)
        distance = round_significant(np.minimum(distance, nearer) if len(seeds) > 1 else nearer, 9)
    return seeds
