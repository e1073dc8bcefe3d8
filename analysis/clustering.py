"""The clustering recipe: counts of terms to topics. Arrays in, arrays out; the same bits whatever the threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

SMOOTHING = 1.0
"""Pseudo-counts that pull a topic's words towards the corpus: this many per term, dealt as the corpus uses terms."""

EVIDENCE = 30.0
"""Weighted tokens of a unit whose log-likelihood counts in full; see `evidence`."""

SHARE_POWER = 0.5
"""Power of a topic's share of units as its prior: 0 would hold all topics equally likely, 1 trusts the shares found."""

N_BASES = 8
"""Partitions that the consensus is made of."""

LARGEST_BASE = 10_000
"""Units drawn for one base partition, about, at most: the rest are only placed."""

DIGITS = 6
"""Significant digits kept before anything discrete depends on a number."""

LEFT_OUT = 0.75
"""Part of its own words that a unit is judged without: 1 would leave it out of its topic wholly, 0 not at all."""

_BLOCK = 8192


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
    """

    weighted: sparse.csr_array
    points: np.ndarray
    entropy: np.ndarray
    by_points: bool = False

    def take(self, rows: np.ndarray) -> Space:
        """Return the units of ``rows``, in that order, repeated where a row is."""
        return Space(self.weighted[rows], self.points[rows], self.entropy, self.by_points)


def space(
    counts: sparse.csr_array, *, n_topics: int, vectors: np.ndarray | None = None, random_state: int = 0
) -> Space:
    """Weight the counts and project the units.

    Parameters
    ----------
    counts : sparse array of shape (n_units, n_terms)
    n_topics : int
        The largest number of topics that will be fitted.
    vectors : ndarray of shape (n_units, any), optional
        Document vectors of the user's own, used instead of the projection.
    random_state : int, default=0
    """
    entropy = entropy_weights(counts)
    weighted = weigh(counts, entropy)
    if vectors is not None:
        return Space(weighted, unit_rows(round_significant(np.asarray(vectors, dtype=np.float64))), entropy, True)
    # Squared entropy weights: measured better than plain ones on every development corpus.
    doubly = weighted.copy()
    doubly.data = doubly.data * entropy[doubly.indices]
    points = embed(doubly, n_dimensions(counts.shape[0], n_topics), random_state=random_state)
    return Space(weighted, points, entropy)


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


def evidence(weighted: sparse.csr_array) -> np.ndarray:
    r"""How much one weighted token of each unit counts: :math:`(c / l)^{1/2}` up to length c, :math:`c / l` beyond.

    Tokens of one text are not independent, so a long unit is no better evidence than one of c = `EVIDENCE` weighted
    tokens; and a very short one must count for more than its few tokens, or its topic is never decided.

    Parameters
    ----------
    weighted : sparse array of shape (n_units, n_terms)

    Returns
    -------
    ndarray of shape (n_units,)
    """
    lengths = np.asarray(weighted.sum(axis=1)).ravel()
    ratio = EVIDENCE / np.where(lengths > 0, lengths, EVIDENCE)
    return np.where(ratio < 1, ratio, np.sqrt(ratio))


def n_dimensions(n_units: int, n_topics: int) -> int:
    """Return how many dimensions of meaning to keep: a tenth of the units, at least ``n_topics``, at most 100."""
    return int(min(max(n_units / 10, n_topics, 2), 100))


def embed(weighted: sparse.csr_array, n_dims: int, *, random_state: int = 0) -> np.ndarray:
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


def spherical_kmeans(points: np.ndarray, n_topics: int, *, n_starts: int = 1, random_state: int = 0) -> np.ndarray:
    """Partition unit vectors by cosine similarity; the best of ``n_starts`` starts [1]_.

    Parameters
    ----------
    points : ndarray of shape (n_units, n_dims), rows of length 1 or 0
    n_topics : int
    n_starts : int, default=1
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


@dataclass(frozen=True, eq=False)
class Mixture:
    """A mixture of multinomials over weighted terms.

    Attributes
    ----------
    terms : ndarray of shape (n_topics, n_terms)
        Probability of a term in a topic; rows sum to 1.
    shares : ndarray of shape (n_topics,)
        Share of the units in each topic.
    background : ndarray of shape (n_terms,)
        Probability of a term in the corpus.
    centres : ndarray of shape (n_topics, n_dims)
        Mean directions of the topics' points.
    """

    terms: np.ndarray
    shares: np.ndarray
    background: np.ndarray
    centres: np.ndarray


@dataclass(frozen=True, eq=False)
class Bases:
    """The partitions that a consensus is made of, each from a bootstrap sample of the units.

    Attributes
    ----------
    labels : ndarray of int16 of shape (n_bases, n_units)
        Units that were not drawn are placed by the topics of those that were.
    drawn : ndarray of bool of shape (n_bases, n_units)
    gain : ndarray of shape (n_bases,)
        Mean log-likelihood ratio, mixture of topics to corpus, of the units not drawn; NaN where all were drawn.
    """

    labels: np.ndarray
    drawn: np.ndarray
    gain: np.ndarray


def cluster(
    units: Space, n_topics: int, *, groups: np.ndarray | None = None, n_bases: int = N_BASES, random_state: int = 0
) -> tuple[Mixture, np.ndarray, Bases]:
    """Fit ``n_topics`` topics: partitions of bootstrap samples, their consensus, and its refinement.

    Each base partition starts anew: groups of units are drawn with replacement, the units drawn (each once) are
    partitioned by spherical k-means, refined by `refine`, and the others are placed by the topics found. The consensus
    is the spherical k-means partition of the leading singular vectors of the units-by-base-clusters incidence
    matrix [1]_.

    Parameters
    ----------
    units : Space
    n_topics : int
    groups : ndarray of int of shape (n_units,), numbered from 0 without gaps, optional
        Units that are drawn together; by default each unit on its own.
    n_bases : int, default=`N_BASES`
    random_state : int, default=0

    Returns
    -------
    mixture : Mixture
    memberships : ndarray of shape (n_units, n_topics), rows sum to 1
    bases : Bases

    References
    ----------
    .. [1] A. Strehl and J. Ghosh (2002), Cluster ensembles: a knowledge reuse framework for combining multiple
       partitions.
    """
    n_units = len(units.points)
    groups = np.arange(n_units) if groups is None else groups
    n_groups = int(groups.max(initial=-1)) + 1
    n_draws = min(n_groups, max(1, round(n_groups * LARGEST_BASE / max(n_units, 1))))
    labels = np.zeros((n_bases, n_units), dtype=np.int16)
    drawn = np.zeros((n_bases, n_units), dtype=bool)
    gain = np.full(n_bases, np.nan)
    for base in range(n_bases):
        rng = np.random.default_rng([random_state, n_topics, base])
        there = np.zeros(n_groups, dtype=bool)
        there[rng.integers(n_groups, size=n_draws)] = True
        drawn[base] = there[groups]
        rows = np.flatnonzero(drawn[base])
        labels[base], gain[base] = _base(units, rows, min(n_topics, len(rows)), [random_state, n_topics, base])
    start = labels[0].astype(np.int64) if n_bases == 1 else consensus(labels, n_topics, random_state=random_state)
    mixture, memberships = refine(units, start, n_topics, n_rounds=12)
    return mixture, memberships, Bases(labels, drawn, gain)


def _base(units: Space, rows: np.ndarray, n_topics: int, random_state: list[int]) -> tuple[np.ndarray, float]:
    """Labels of all units by the topics of the units in ``rows``, and how well these predict the other units."""
    part = units.take(rows)
    labels = spherical_kmeans(part.points, n_topics, random_state=random_state)
    mixture, memberships = refine(part, labels, n_topics, n_rounds=5)
    result = np.zeros(len(units.points), dtype=np.int64)
    result[rows] = memberships.argmax(axis=1)
    rest = np.setdiff1d(np.arange(len(result)), rows)
    if len(rest) == 0:
        return result, np.nan
    new = units.take(rest)
    scores = _scores(mixture, new.weighted)
    placed = expect_points(mixture, new.points) if units.by_points else _expected(mixture, scores)
    result[rest] = placed.argmax(axis=1)
    return result, float(logsumexp(scores + np.log(mixture.shares), axis=1).mean())


def consensus(partitions: np.ndarray, n_topics: int, *, random_state: int = 0) -> np.ndarray:
    """Return the partition that the given ones, shape (n_bases, n_units), agree on most; see `cluster`."""
    n_units = partitions.shape[1]
    columns = (partitions + n_topics * np.arange(len(partitions), dtype=np.int64)[:, None]).ravel()
    rows = np.tile(np.arange(n_units), len(partitions))
    incidence = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(n_units, n_topics * len(partitions)))
    sizes = np.asarray(incidence.sum(axis=0)).ravel()
    incidence.data = 1 / np.sqrt(sizes[incidence.indices])
    # The Gram matrix of the clusters is small and exact; its eigenvectors give the units' coordinates.
    values, vectors = np.linalg.eigh((incidence.T @ incidence).toarray())
    leading = vectors[:, ::-1][:, :n_topics] * (values[::-1][:n_topics] > 1e-9)
    points = unit_rows(fix_signs(incidence @ leading))
    return spherical_kmeans(points, n_topics, n_starts=10, random_state=[random_state, 10**6])


def refine(units: Space, labels: np.ndarray, n_topics: int, *, n_rounds: int) -> tuple[Mixture, np.ndarray]:
    """Refine a partition by expectation maximisation of a mixture of multinomials [1]_.

    The probability of a unit under the topic that holds it is computed with most of the unit's own words taken out of
    the topic (`LEFT_OUT`): else rare words tie a unit to wherever it happens to be. With vectors of the
    user's own the topics' mean directions decide instead, and the mixture only describes.

    Parameters
    ----------
    units : Space
    labels : ndarray of int of shape (n_units,)
    n_topics : int
    n_rounds : int

    Returns
    -------
    mixture : Mixture
    memberships : ndarray of shape (n_units, n_topics), rows sum to 1

    References
    ----------
    .. [1] K. Nigam, A. McCallum, S. Thrun and T. Mitchell (2000), Text classification from labeled and unlabeled
       documents using EM.
    """
    weighted = units.weighted
    worth = evidence(weighted)
    trained = weighted.copy()
    trained.data = trained.data * np.repeat(np.minimum(worth, 1.0), np.diff(weighted.indptr))
    totals = np.asarray(trained.sum(axis=0)).ravel()
    background = totals / totals.sum() if totals.sum() > 0 else np.full(len(totals), 1 / max(len(totals), 1))
    transposed = trained.T.tocsr()
    lengths = np.asarray(trained.sum(axis=1)).ravel()
    memberships = np.zeros((len(labels), n_topics))
    memberships[np.arange(len(labels)), labels] = 1.0
    if units.by_points:
        centres = unit_rows(memberships.T @ units.points)
        memberships = _by_direction(units.points, centres, np.bincount(labels, minlength=n_topics) > 0)
        n_rounds = 0
    for _ in range(n_rounds):
        masses, totals = _masses(transposed, memberships, background)
        updated = _expect(weighted, masses, totals, memberships, background, worth, left_out=(trained.data, lengths))
        moved = np.abs(updated - memberships).sum(axis=1).mean() if len(updated) else 0.0
        memberships = updated
        if moved < 1e-3:
            break
    masses, totals = _masses(transposed, memberships, background)
    shares = _shares(memberships)
    centres = unit_rows(memberships.T @ units.points)
    return Mixture(masses / totals[:, None], shares, background, centres), memberships


def _masses(
    transposed: sparse.csr_array, memberships: np.ndarray, background: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Smoothed weight of each term in each topic, and its sum per topic."""
    masses = np.ascontiguousarray((transposed @ memberships).T) + SMOOTHING * len(background) * background
    return masses, np.maximum(masses.sum(axis=1), 1e-300)


def _shares(memberships: np.ndarray) -> np.ndarray:
    n_units, n_topics = memberships.shape
    return (memberships.sum(axis=0) + 1) / (n_units + n_topics)


def _log_ratio(terms: np.ndarray, background: np.ndarray) -> np.ndarray:
    used = background > 0
    ratio = np.zeros_like(terms)
    ratio[:, used] = np.log(terms[:, used] / background[used])
    return ratio


def _expect(weighted, masses, totals, memberships, background, worth, *, left_out) -> np.ndarray:
    """E-step, each unit left out (mostly) of the topic that it belongs to most; in blocks, to bound the memory."""
    trained, lengths = left_out
    ratio = np.ascontiguousarray(_log_ratio(masses / totals[:, None], background).T)
    prior = SHARE_POWER * np.log(_shares(memberships))
    floor = SMOOTHING * len(background) * background
    result = np.empty_like(memberships)
    for start in range(0, len(memberships), _BLOCK):
        stop = min(start + _BLOCK, len(memberships))
        rows = np.arange(stop - start)
        at = slice(weighted.indptr[start], weighted.indptr[stop])
        scores = weighted[start:stop] @ ratio
        own = memberships[start:stop].argmax(axis=1)
        part = memberships[start:stop][rows, own]
        unit = np.repeat(rows, np.diff(weighted.indptr[start : stop + 1]))
        columns = weighted.indices[at]
        # A term spread evenly over all units weighs nothing: its mass is 0, and so is what it says.
        mass = np.maximum(masses[own[unit], columns], 1e-300)
        rest = np.maximum(mass - LEFT_OUT * part[unit] * trained[at], np.maximum(floor[columns] * 0.999, 1e-300))
        lost = np.log(rest / mass)
        shrunk = np.log((totals[own] - LEFT_OUT * part * lengths[start:stop]) / totals[own])
        scores[rows, own] += np.bincount(unit, weighted.data[at] * (lost - shrunk[unit]), minlength=len(rows))
        result[start:stop] = _soft_max(scores * worth[start:stop, None] + prior)
    return result


def expect(mixture: Mixture, weighted: sparse.csr_array) -> np.ndarray:
    """Return the probability of each topic for new units, shape (n_units, n_topics)."""
    return _expected(mixture, _scores(mixture, weighted))


def _scores(mixture: Mixture, weighted: sparse.csr_array) -> np.ndarray:
    """Log-likelihood ratio of each topic to the corpus for new units, by their `evidence`."""
    return (weighted @ _log_ratio(mixture.terms, mixture.background).T) * evidence(weighted)[:, None]


def _expected(mixture: Mixture, scores: np.ndarray) -> np.ndarray:
    return _soft_max(scores + SHARE_POWER * np.log(mixture.shares))


def likelihood(mixture: Mixture, weighted: sparse.csr_array, labels: np.ndarray) -> np.ndarray:
    """Return each unit's log-likelihood ratio of its topic to the corpus per weighted token; 0 without tokens."""
    ratio = _log_ratio(mixture.terms, mixture.background)
    unit = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    sums = np.bincount(unit, weighted.data * ratio[labels[unit], weighted.indices], minlength=weighted.shape[0])
    sums = sums.astype(np.float64)
    lengths = np.asarray(weighted.sum(axis=1)).ravel()
    return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)


def _soft_max(scores: np.ndarray) -> np.ndarray:
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.round(scores / scores.sum(axis=1, keepdims=True), DIGITS)


def expect_points(mixture: Mixture, points: np.ndarray) -> np.ndarray:
    """Return the probability of each topic for new points, from the mean directions of the topics."""
    return _by_direction(points, mixture.centres, mixture.shares > 0)


def _by_direction(points: np.ndarray, centres: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Membership under directions of equal spread (von Mises-Fisher, Banerjee et al. 2005, their estimate of kappa)."""
    similarity = np.where(there, points @ centres.T, -1.0)
    length = float(np.clip(similarity.max(axis=1, initial=-1.0).mean() if len(points) else 0.0, 0.0, 0.999))
    n_dims = points.shape[1]
    kappa = length * (n_dims - length**2) / (1 - length**2)
    return _soft_max(kappa * similarity)
