"""The clustering recipe: counts of terms to topics. Arrays in, arrays out; the same bits whatever the threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy import sparse

SMOOTHING = 0.5
"""Pseudo-counts that pull a topic towards the corpus, as a share of the number of terms."""

LENGTH_CAP = 20.0
"""Evidence of one unit, in weighted tokens, beyond which its log-likelihood is tempered."""

DIGITS = 6
"""Significant digits kept before anything discrete depends on a number."""


@dataclass(frozen=True)
class Weights:
    """How counts were weighted: what a new unit needs to be weighted alike.

    Attributes
    ----------
    entropy : ndarray of shape (n_terms,), in [0, 1]
        1 for a term in one unit only, 0 for a term spread evenly over all.
    """

    entropy: np.ndarray


@contextmanager
def one_thread() -> Iterator[None]:
    """Run linear algebra on one thread: with more, sums are added in another order and differ in the last bits."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield


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


def log_entropy(counts: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Weights]:
    r"""Weight counts by log-entropy [1]_.

    :math:`\log(1 + tf_{ij}) \cdot (1 + \sum_i p_{ij} \log p_{ij} / \log n)`, with
    :math:`p_{ij} = tf_{ij} / \sum_i tf_{ij}`.

    Parameters
    ----------
    counts : sparse matrix of shape (n_units, n_terms)

    Returns
    -------
    weighted : csr_matrix, same shape
    weights : Weights

    References
    ----------
    .. [1] S. T. Dumais (1991), Improving the retrieval of information from external sources.
    """
    n_units, n_terms = counts.shape
    totals = np.asarray(counts.sum(axis=0)).ravel()
    share = counts.data / totals[counts.indices]
    sums = np.bincount(counts.indices, weights=share * np.log(share), minlength=n_terms)
    entropy = 1 + sums / np.log(n_units) if n_units > 1 else np.ones(n_terms)
    weights = Weights(np.clip(round_significant(entropy), 0.0, 1.0))
    return apply_weights(counts, weights), weights


def apply_weights(counts: sparse.csr_matrix, weights: Weights) -> sparse.csr_matrix:
    """Weight counts of other units over the same terms as in the fit."""
    weighted = counts.astype(np.float64)
    weighted.data = np.log1p(weighted.data) * weights.entropy[weighted.indices]
    return weighted


def n_dimensions(n_units: int, n_topics: int) -> int:
    """Return how many dimensions of meaning to keep: a tenth of the units, at least ``n_topics``, at most 100."""
    return int(min(max(n_units / 10, n_topics, 2), 100))


def embed(weighted: sparse.csr_matrix, n_dims: int, *, random_state: int = 0) -> np.ndarray:
    """Project units on the leading singular vectors of the weighted matrix, each row scaled to length 1 [1]_.

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
    """
    from sklearn.utils.extmath import randomized_svd

    n_dims = max(1, min(n_dims, min(weighted.shape) - 1))
    left, values, _ = randomized_svd(weighted, n_dims, n_iter=5, random_state=random_state, flip_sign=True)
    keep = values > values.max(initial=0.0) * 1e-9
    return unit_rows(fix_signs(left[:, keep] * values[keep]))


def fix_signs(columns: np.ndarray) -> np.ndarray:
    """Round, and flip columns so that the entry of largest magnitude is positive: a singular vector's sign is free."""
    columns = round_significant(columns)
    if columns.size == 0:
        return columns
    strongest = np.abs(columns).argmax(axis=0)
    return columns * np.where(columns[strongest, np.arange(columns.shape[1])] < 0, -1.0, 1.0) + 0.0


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Scale each row to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def spherical_kmeans(points: np.ndarray, n_topics: int, *, n_starts: int = 20, random_state: int = 0) -> np.ndarray:
    """Partition unit vectors by cosine similarity; the best of ``n_starts`` starts [1]_.

    Parameters
    ----------
    points : ndarray of shape (n_units, n_dims), rows of length 1 or 0
    n_topics : int
    n_starts : int, default=20
    random_state : int

    Returns
    -------
    ndarray of int64 of shape (n_units,)

    References
    ----------
    .. [1] I. S. Dhillon and D. S. Modha (2001), Concept decompositions for large sparse text data using clustering.
    """
    rng = np.random.default_rng(random_state)
    best_score, best = -np.inf, np.zeros(len(points), dtype=np.int64)
    for _ in range(n_starts):
        labels, score = _one_start(points, n_topics, rng)
        if score > best_score:
            best_score, best = score, labels
    return best


def _one_start(points: np.ndarray, n_topics: int, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    centres = points[_spread_seeds(points, n_topics, rng)]
    labels = np.full(len(points), -1)
    for _ in range(50):
        similarity = points @ centres.T
        new = similarity.argmax(axis=1)
        if np.array_equal(new, labels):
            break
        labels = new
        members = sparse.csr_matrix(
            (np.ones(len(points)), (labels, np.arange(len(points)))), shape=(n_topics, len(points))
        )
        centres = unit_rows(members @ points)
    return labels, float(round(similarity.max(axis=1).sum(), DIGITS))


def _spread_seeds(points: np.ndarray, n_topics: int, rng: np.random.Generator) -> list[int]:
    """k-means++ on cosine distance (Arthur and Vassilvitskii 2007)."""
    seeds = [int(rng.integers(len(points)))]
    distance = np.full(len(points), np.inf)
    while len(seeds) < n_topics:
        distance = np.minimum(distance, np.clip(1 - points @ points[seeds[-1]], 0.0, None))
        cumulated = round_significant(np.cumsum(distance), 9)
        if cumulated[-1] <= 0:
            seeds.append(int(rng.integers(len(points))))
        else:
            drawn = np.searchsorted(cumulated, rng.random() * cumulated[-1], side="right")
            seeds.append(int(min(drawn, len(points) - 1)))
    return seeds


@dataclass(frozen=True)
class Mixture:
    """A mixture of multinomials over weighted terms.

    Attributes
    ----------
    terms : ndarray of shape (n_topics, n_terms)
        Probability of a term in a topic; rows sum to 1.
    shares : ndarray of shape (n_topics,)
        Prior share of each topic.
    background : ndarray of shape (n_terms,)
        Probability of a term in the corpus.
    """

    terms: np.ndarray
    shares: np.ndarray
    background: np.ndarray


def refine(
    weighted: sparse.csr_matrix, labels: np.ndarray, n_topics: int, *, n_rounds: int = 30
) -> tuple[Mixture, np.ndarray]:
    """Refine a partition by expectation maximisation of a mixture of multinomials [1]_.

    Parameters
    ----------
    weighted : sparse matrix of shape (n_units, n_terms)
    labels : ndarray of int of shape (n_units,)
    n_topics : int
    n_rounds : int, default=30

    Returns
    -------
    mixture : Mixture
    memberships : ndarray of shape (n_units, n_topics), rows sum to 1

    References
    ----------
    .. [1] K. Nigam, A. McCallum, S. Thrun and T. Mitchell (2000), Text classification from labeled and unlabeled
       documents using EM.
    """
    totals = np.asarray(weighted.sum(axis=0)).ravel()
    background = totals / totals.sum() if totals.sum() > 0 else np.full(len(totals), 1 / max(len(totals), 1))
    memberships = np.zeros((len(labels), n_topics))
    memberships[np.arange(len(labels)), labels] = 1.0
    transposed = weighted.T.tocsr()
    for _ in range(n_rounds):
        mixture = _maximise(transposed, memberships, background)
        updated = expect(mixture, weighted)
        moved = np.abs(updated - memberships).max(initial=0.0)
        memberships = updated
        if moved < 1e-3:
            break
    return mixture, memberships


def _maximise(transposed: sparse.csr_matrix, memberships: np.ndarray, background: np.ndarray) -> Mixture:
    n_units, n_topics = memberships.shape
    terms = (transposed @ memberships).T + SMOOTHING * len(background) * background
    terms /= np.maximum(terms.sum(axis=1, keepdims=True), 1e-300)
    shares = (memberships.sum(axis=0) + 1) / (n_units + n_topics)
    return Mixture(terms, shares, background)


def expect(mixture: Mixture, weighted: sparse.csr_matrix) -> np.ndarray:
    """Return the probability of each topic for each unit, shape (n_units, n_topics).

    The log-likelihood of a unit with more than `LENGTH_CAP` weighted tokens counts as if it had that many: tokens of
    one text are not independent evidence.
    """
    used = mixture.background > 0
    ratio = np.zeros_like(mixture.terms)
    np.log(mixture.terms, where=used, out=ratio)
    ratio[:, used] -= np.log(mixture.background[used])
    lengths = np.asarray(weighted.sum(axis=1)).ravel()
    temper = np.minimum(1.0, LENGTH_CAP / np.where(lengths > 0, lengths, 1.0))
    scores = (weighted @ ratio.T) * temper[:, None] + np.log(mixture.shares)
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.round(scores / scores.sum(axis=1, keepdims=True), DIGITS)
