"""How many topics: criteria over a range of numbers, and the rule that combines them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import clustering, topic_quality

CRITERIA = ("stability", "coherence", "exclusivity", "silhouette", "eigengap")
"""Criteria that vote, each by the rank it gives to a number of topics."""

N_TOP = 10
"""Words per topic in coherence and exclusivity."""


def candidates(n_units: int) -> list[int]:
    """Return the numbers of topics to try: 2 to 8 one by one, then by steps of about an eighth, five units a topic."""
    largest = int(min(max(n_units // 5, 2), 60))
    numbers = [2]
    while numbers[-1] < largest:
        numbers.append(max(numbers[-1] + 1, round(numbers[-1] * 1.15)))
    return [k for k in numbers if k <= largest and k <= n_units]


def fit(weighted: sparse.csr_matrix, points: np.ndarray, n_topics: int, *, n_starts: int, random_state: int):
    """Fit ``n_topics`` topics: spherical k-means on ``points``, then the mixture on ``weighted``.

    Returns
    -------
    mixture : clustering.Mixture
    memberships : ndarray of shape (n_units, n_topics)
    """
    labels = clustering.spherical_kmeans(points, n_topics, n_starts=n_starts, random_state=random_state)
    return clustering.refine(weighted, labels, n_topics)


def top_terms(mixture: clustering.Mixture, allowed: np.ndarray, n_top: int = N_TOP) -> list[np.ndarray]:
    """Columns of each topic's words: largest p(term | topic) log(p(term | topic) / p(term)), ties by column."""
    used = (mixture.background > 0) & allowed
    lift = np.zeros_like(mixture.terms)
    lift[:, used] = mixture.terms[:, used] * np.log(mixture.terms[:, used] / mixture.background[used])
    lift = clustering.round_significant(lift)
    order = np.argsort(-lift, axis=1, kind="stable")[:, :n_top]
    return [row[lift[k, row] > 0] for k, row in enumerate(order)]


def bootstrap_stability(
    weighted: sparse.csr_matrix,
    points: np.ndarray,
    labels: np.ndarray,
    n_topics: int,
    groups: np.ndarray,
    *,
    n_draws: int,
    n_starts: int,
    random_state: int,
) -> np.ndarray:
    """Jaccard index of each topic with its match in refits on resampled groups of units, corrected for chance [1]_.

    Parameters
    ----------
    weighted, points : as in `fit`
    labels : ndarray of int of shape (n_units,)
    groups : ndarray of int of shape (n_units,)
        Units that are drawn together: those of one story.
    n_draws : int

    Returns
    -------
    ndarray of shape (n_draws, n_topics): 0 as by chance, 1 as in the fit; NaN where a draw holds no unit of the topic

    References
    ----------
    .. [1] C. Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    rng = np.random.default_rng([random_state, n_topics])
    n_groups = int(groups.max()) + 1
    members = [np.flatnonzero(groups == g) for g in range(n_groups)]
    result = np.full((n_draws, n_topics), np.nan)
    for draw in range(n_draws):
        drawn = rng.integers(n_groups, size=n_groups)
        units = np.concatenate([members[g] for g in drawn])
        if len(units) <= n_topics:
            continue
        _, memberships = fit(weighted[units], points[units], n_topics, n_starts=n_starts, random_state=random_state)
        units, first = np.unique(units, return_index=True)
        other = memberships.argmax(axis=1)[first]
        _, jaccard = topic_quality.match(labels[units], other, n_topics, n_topics)
        chance = topic_quality.chance_jaccard(labels[units], other, n_topics, n_topics)
        result[draw] = (jaccard - chance) / (1 - chance) if chance < 1 else np.nan
    return result


def select(
    counts: sparse.csr_matrix,
    weighted: sparse.csr_matrix,
    groups: np.ndarray,
    allowed: np.ndarray,
    *,
    random_state: int,
) -> pd.DataFrame:
    """Try a range of numbers of topics.

    Returns
    -------
    DataFrame, one row per number tried
        ``n_topics`` : int64
        ``stability``, ``coherence``, ``exclusivity``, ``silhouette``, ``eigengap`` : float64
        ``score`` : float64 in [0, 1], mean of the ranks that the criteria give
        ``choice`` : {"chosen", "runner-up", ""}
    """
    n_units = counts.shape[0]
    numbers = candidates(n_units)
    points_all = clustering.embed(weighted, clustering.n_dimensions(n_units, max(numbers)), random_state=random_state)
    gaps = _eigengaps(points_all, max(numbers))
    rows = []
    for k in numbers:
        mixture, memberships = fit(weighted, points_all, k, n_starts=5, random_state=random_state)
        labels = memberships.argmax(axis=1)
        terms = top_terms(mixture, allowed)
        sizes = np.bincount(labels, minlength=k)
        stability = bootstrap_stability(
            weighted, points_all, labels, k, groups, n_draws=5, n_starts=2, random_state=random_state
        )
        rows.append(
            {
                "n_topics": k,
                "stability": _weighted_mean(_mean(stability), sizes),
                "coherence": _weighted_mean(topic_quality.npmi_coherence(counts, terms), sizes),
                "exclusivity": _weighted_mean(topic_quality.exclusivity(mixture.terms, terms), sizes),
                "silhouette": silhouette(points_all, labels),
                "eigengap": gaps[k],
            }
        )
    frame = pd.DataFrame(rows)
    numeric = list(CRITERIA)
    frame[numeric] = frame[numeric].astype(float).round(clustering.DIGITS)
    frame["score"] = frame[numeric].rank(pct=True).mean(axis=1).round(clustering.DIGITS)
    order = frame.sort_values(["score", "n_topics"], ascending=[False, True]).index
    choice = pd.Series("", index=frame.index, dtype="str")
    choice[order[0]] = "chosen"
    if len(order) > 1:
        choice[order[1]] = "runner-up"
    return frame.assign(choice=choice)


def no_selection() -> pd.DataFrame:
    """Return the frame of `select` without rows."""
    columns = {"n_topics": "int64", **dict.fromkeys((*CRITERIA, "score"), "float64"), "choice": "str"}
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in columns.items()})


def silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Simplified silhouette: mean of (nearest other - own) / max of the two cosine distances to topic centres.

    References
    ----------
    E. R. Hruschka, L. N. de Castro and R. J. G. B. Campello (2004), Evolutionary algorithms for clustering gene
    expression data.
    """
    present, inverse = np.unique(labels, return_inverse=True)
    if len(present) < 2:
        return float("nan")
    members = sparse.csr_matrix((np.ones(len(labels)), (inverse, np.arange(len(labels)))))
    distance = np.clip(1 - points @ clustering.unit_rows(members @ points).T, 0.0, None)
    rows = np.arange(len(labels))
    own = distance[rows, inverse]
    distance[rows, inverse] = np.inf
    other = distance.min(axis=1)
    larger = np.maximum(own, other)
    return float(np.mean(np.divide(other - own, larger, out=np.zeros_like(own), where=larger > 0)))


def _eigengaps(points: np.ndarray, largest: int) -> np.ndarray:
    """Drop from the k-th to the next eigenvalue of the cosine similarities, relative to the k-th; index k."""
    values = np.linalg.svd(points, compute_uv=False) ** 2
    values = np.concatenate([values, np.zeros(largest + 2)])
    gaps = np.full(largest + 1, np.nan)
    for k in range(1, largest + 1):
        gaps[k] = (values[k - 1] - values[k]) / values[k - 1] if values[k] > 0 else np.nan
    return gaps


def _mean(rows: np.ndarray) -> np.ndarray:
    filled = np.where(np.isnan(rows), 0.0, rows).sum(axis=0)
    n = (~np.isnan(rows)).sum(axis=0)
    return np.divide(filled, n, out=np.full(rows.shape[1], np.nan), where=n > 0)


def _weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    known = ~np.isnan(values) & (weights > 0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else float("nan")
