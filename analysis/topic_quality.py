"""How far topics can be trusted: stability, coherence, exclusivity and FREX words of each, silhouette, eigengaps."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from analysis import directions, mixtures
from analysis import repeats as repeated

DOUBT = 0.25
"""Units that `stability` takes to disagree in each repeat, beyond those that do."""


def typical(mixture: mixtures.Mixture, allowed: np.ndarray, n_top: int) -> list[np.ndarray]:
    r"""Return the columns of each topic's most typical words.

    They are those of largest :math:`p(v|k) \log (p(v|k) / p(v))`, the word's part of the divergence of the topic from
    the corpus; only positive ones; ties by column.

    Parameters
    ----------
    mixture : mixtures.Mixture
    allowed : ndarray of bool of shape (n_terms,)
    n_top : int

    Returns
    -------
    list of ndarray of int, one per topic, at most ``n_top`` each
    """
    used = (mixture.background > 0) & allowed
    part = np.zeros_like(mixture.terms)
    part[:, used] = mixture.terms[:, used] * np.log(mixture.terms[:, used] / mixture.background[used])
    part = directions.round_significant(part)
    order = np.argsort(-part, axis=1, kind="stable")[:, :n_top]
    return [row[part[k, row] > 0] for k, row in enumerate(order)]


def npmi_coherence(counts: sparse.csr_array, top_terms: list[np.ndarray]) -> np.ndarray:
    r"""Mean normalised pointwise mutual information of the pairs of each topic's words, over units [1]_ [2]_.

    :math:`\mathrm{npmi}(a, b) = \log \frac{p(a, b)}{p(a) p(b)} / -\log p(a, b)`, with p the share of units that
    hold the words; -1 for words that never meet. Pairs that meet in every unit are left out: they are independent
    and never apart at once, and the measure is undefined.

    Parameters
    ----------
    counts : sparse matrix of shape (n_units, n_terms)
    top_terms : list of ndarray of int
        Columns of each topic's words.

    Returns
    -------
    ndarray of shape (n_topics,), in [-1, 1]; NaN for a topic without a pair that counts

    References
    ----------
    .. [1] G. Bouma (2009), Normalized (pointwise) mutual information in collocation extraction.
    .. [2] N. Aletras and M. Stevenson (2013), Evaluating topic coherence using distributional semantics.
    """
    n_units = counts.shape[0]
    columns = np.unique(np.concatenate([*top_terms, np.zeros(0, dtype=np.int64)])).astype(np.int64)
    present = (counts[:, columns] > 0).astype(np.float64)
    together = (present.T @ present).toarray() / max(n_units, 1)
    values = np.full(len(top_terms), np.nan)
    for number, terms in enumerate(top_terms):
        if len(terms) < 2:
            continue
        at = np.searchsorted(columns, terms)
        a, b = (at[i] for i in np.triu_indices(len(at), 1))
        joint, apart = together[a, b], together[a, a] * together[b, b]
        npmi = np.full(len(joint), -1.0)
        inner = (joint > 0) & (joint < 1)
        npmi[inner] = np.log(joint[inner] / apart[inner]) / -np.log(joint[inner])
        values[number] = npmi[joint < 1].mean() if (joint < 1).any() else np.nan
    return values


def exclusivity(probabilities: np.ndarray, top_terms: list[np.ndarray]) -> np.ndarray:
    """Mean over a topic's words of the word's probability there divided by its sum over topics, in [0, 1].

    Parameters
    ----------
    probabilities : ndarray of shape (n_topics, n_terms)
    top_terms : list of ndarray of int

    Returns
    -------
    ndarray of shape (n_topics,); NaN for a topic without words
    """
    sums = probabilities.sum(axis=0)
    shares = probabilities / np.where(sums > 0, sums, 1.0)
    return np.array([shares[k, t].mean() if len(t) else np.nan for k, t in enumerate(top_terms)])


def frex(probabilities: np.ndarray, *, weight: float = 0.5) -> np.ndarray:
    r"""Harmonic mean of the ranks of a word's frequency and of its exclusivity in a topic (FREX) [1]_.

    :math:`\left(\frac{w}{\mathrm{ecdf}(\beta_{kv} / \sum_j \beta_{jv})} + \frac{1 - w}{\mathrm{ecdf}(\beta_{kv})}
    \right)^{-1}`, the empirical distribution functions within the topic.

    Parameters
    ----------
    probabilities : ndarray of shape (n_topics, n_terms)
    weight : float in [0, 1], default=0.5
        Weight of exclusivity.

    Returns
    -------
    ndarray of shape (n_topics, n_terms), in (0, 1]

    References
    ----------
    .. [1] J. M. Bischof and E. M. Airoldi (2012), Summarizing topical content with word frequency and exclusivity.
    """
    sums = probabilities.sum(axis=0)
    shares = probabilities / np.where(sums > 0, sums, 1.0)
    return 1 / (weight / _ecdf(shares) + (1 - weight) / _ecdf(probabilities))


def _ecdf(rows: np.ndarray) -> np.ndarray:
    """Share of the row's entries that are at most as large, for each entry."""
    result = np.empty_like(rows, dtype=np.float64)
    for i, row in enumerate(rows):
        result[i] = np.searchsorted(np.sort(row), row, side="right") / len(row)
    return result


def match(reference: np.ndarray, other: np.ndarray, n_reference: int, n_other: int) -> tuple[np.ndarray, np.ndarray]:
    """Match the topics of two partitions of the same units one to one, so that the sum of Jaccard indices is largest.

    Jaccard indices tell how well a topic comes back, as Hennig [1]_ proposes, who takes the largest for each topic; to
    give each its own is the assignment problem [2]_.

    Parameters
    ----------
    reference, other : ndarray of int of shape (n_units,)
    n_reference, n_other : int
        Number of topics of each.

    Returns
    -------
    partner : ndarray of int of shape (n_reference,), -1 for what is left over where the other has fewer
    jaccard : ndarray of shape (n_reference,), in [0, 1]; NaN for a topic without units, 0 for one without partner

    References
    ----------
    .. [1] C. Hennig (2007), Cluster-wise assessment of cluster stability.
    .. [2] H. W. Kuhn (1955), The Hungarian method for the assignment problem.
    """
    from scipy.optimize import linear_sum_assignment

    both = np.zeros((n_reference, n_other))
    np.add.at(both, (reference, other), 1)
    sizes = both.sum(axis=1)
    union = sizes[:, None] + both.sum(axis=0)[None, :] - both
    index = np.divide(both, union, out=np.zeros_like(both), where=union > 0)
    rows, columns = linear_sum_assignment(-index)
    partner = np.full(n_reference, -1)
    partner[rows] = columns
    jaccard = np.where(sizes > 0, 0.0, np.nan)
    jaccard[rows] = np.where(sizes[rows] > 0, index[rows, columns], np.nan)
    return partner, jaccard


def stability(labels: np.ndarray, repeats: repeated.Repeats, n_topics: int) -> np.ndarray:
    r"""Return how well each topic comes back where the whole fit is repeated on bootstrap samples, at units not drawn.

    Each repeat's clusters are matched to the topics at the units of its sample only (`match`): a match that
    saw the other units too would agree with them by more than chance. At the units outside the sample, the topic's
    units A and the matched cluster's units B are compared by the Jaccard index [1]_ pooled over the repeats,
    :math:`J = \sum |A \cap B| / \sum (|A \cup B| + c)`, corrected for chance: :math:`(J - J_0) / (1 - J_0)` with
    :math:`J_0` the same for sets of these sizes drawn at random, where :math:`|A \cap B|` is :math:`|A| |B| / n`. The
    constant c, `DOUBT`, holds back what is said of topics of very few units, which chance can keep together.

    Parameters
    ----------
    labels : ndarray of int of shape (n_units,)
    repeats : repeats.Repeats
    n_topics : int

    Returns
    -------
    ndarray of shape (n_topics,)
        0 as by chance, near 1 always the same (0.95 for a topic of 15 units); NaN for a topic that was never outside a
        sample. Topics of mere noise lie somewhat above 0 where units are few: topics and repeats are made of the same
        units.

    References
    ----------
    .. [1] C. Hennig (2007), Cluster-wise assessment of cluster stability.
    """
    meet, join, meet_chance, join_chance = np.zeros((4, n_topics))
    n_other = int(repeats.labels.max(initial=0)) + 1
    for other, drawn in zip(repeats.labels.astype(np.int64), repeats.drawn, strict=True):
        partner, _ = match(labels[drawn], other[drawn], n_topics, n_other)
        outside = ~drawn
        n = int(outside.sum())
        if n == 0:
            continue
        both = np.zeros((n_topics, n_other))
        np.add.at(both, (labels[outside], other[outside]), 1)
        matched = partner >= 0
        here = both.sum(axis=1)
        there = np.where(matched, both.sum(axis=0)[partner], 0)
        common = np.where(matched, both[np.arange(n_topics), partner], 0)
        meet += common
        join += here + there - common + DOUBT
        meet_chance += here * there / n
        join_chance += here + there - here * there / n + DOUBT
    found = np.divide(meet, join, out=np.full(n_topics, np.nan), where=join > 0)
    chance = np.divide(meet_chance, join_chance, out=np.zeros(n_topics), where=join_chance > 0)
    return np.divide(found - chance, 1 - chance, out=np.full(n_topics, np.nan), where=chance < 1)


def silhouette(points: np.ndarray, labels: np.ndarray) -> float:
    """Return the simplified silhouette [1]_: mean of (nearest other - own) / larger, of distances to topic centres.

    The distance is 1 minus the cosine. A unit that is alone in its topic counts 0 [2]_: else the more such topics, the
    better the value.

    References
    ----------
    .. [1] E. R. Hruschka, L. N. de Castro and R. J. G. B. Campello (2004), Evolutionary algorithms for clustering
       gene-expression data.
    .. [2] P. J. Rousseeuw (1987), Silhouettes: a graphical aid to the interpretation and validation of cluster
       analysis.
    """
    present, inverse = np.unique(labels, return_inverse=True)
    if len(present) < 2:
        return float("nan")
    members = sparse.csr_array((np.ones(len(labels)), (inverse, np.arange(len(labels)))))
    distance = np.clip(1 - points @ directions.unit_rows(members @ points).T, 0.0, None)
    rows = np.arange(len(labels))
    own = distance[rows, inverse]
    distance[rows, inverse] = np.inf
    other = distance.min(axis=1)
    larger = np.maximum(own, other)
    counted = (larger > 0) & (np.bincount(inverse)[inverse] > 1)
    return float(np.mean(np.divide(other - own, larger, out=np.zeros_like(own), where=counted)))


def eigengaps(points: np.ndarray, largest: int) -> np.ndarray:
    """Return, at index k, the fall from the k-th to the next eigenvalue of the cosine similarities, over the k-th.

    It is 1 where nothing is left, and NaN beyond, and from the number of the points' dimensions on, where the next
    eigenvalue is not known.
    """
    values = np.clip(np.sort(np.linalg.eigvalsh(points.T @ points))[::-1], 0.0, None)
    values[values <= 1e-9 * values.max(initial=0.0)] = 0.0
    gaps = np.full(largest + 1, np.nan)
    for k in range(1, min(largest + 1, len(values))):
        if values[k - 1] > 0:
            gaps[k] = (values[k - 1] - values[k]) / values[k - 1]
    return gaps
