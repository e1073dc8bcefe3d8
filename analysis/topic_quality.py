"""How far a topic can be trusted: coherence, exclusivity, FREX words, agreement of two partitions."""

from __future__ import annotations

import numpy as np
from scipy import sparse


def npmi_coherence(counts: sparse.csr_matrix, top_terms: list[np.ndarray]) -> np.ndarray:
    r"""Mean normalised pointwise mutual information of the pairs of each topic's words, over units [1]_ [2]_.

    :math:`\mathrm{npmi}(a, b) = \log \frac{p(a, b)}{p(a) p(b)} / -\log p(a, b)`, with p the share of units that
    hold the words; -1 for words that never meet, 1 for words that meet in every unit.

    Parameters
    ----------
    counts : sparse matrix of shape (n_units, n_terms)
    top_terms : list of ndarray of int
        Columns of each topic's words.

    Returns
    -------
    ndarray of shape (n_topics,), in [-1, 1]; NaN for a topic with fewer than two words

    References
    ----------
    .. [1] G. Bouma (2009), Normalized (pointwise) mutual information in collocation extraction.
    .. [2] N. Aletras and M. Stevenson (2013), Evaluating topic coherence using distributional semantics.
    """
    n_units = counts.shape[0]
    columns = np.unique(np.concatenate([*top_terms, np.zeros(0, dtype=np.int64)])).astype(np.int64)
    present = (counts[:, columns] > 0).astype(np.float64)
    together = np.asarray((present.T @ present).todense()) / max(n_units, 1)
    values = np.full(len(top_terms), np.nan)
    for number, terms in enumerate(top_terms):
        if len(terms) < 2:
            continue
        at = np.searchsorted(columns, terms)
        a, b = (at[i] for i in np.triu_indices(len(at), 1))
        joint, apart = together[a, b], together[a, a] * together[b, b]
        npmi = np.where(joint >= 1, 1.0, -1.0)
        inner = (joint > 0) & (joint < 1)
        npmi[inner] = np.log(joint[inner] / apart[inner]) / -np.log(joint[inner])
        values[number] = npmi.mean()
    return values


def exclusivity(probabilities: np.ndarray, top_terms: list[np.ndarray]) -> np.ndarray:
    """Mean over a topic's words of the word's probability there divided by its sum over topics, in [1/k, 1].

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
    """Match the topics of two partitions of the same units, so that the sum of Jaccard indices is largest [1]_.

    Parameters
    ----------
    reference, other : ndarray of int of shape (n_units,)
    n_reference, n_other : int
        Number of topics of each.

    Returns
    -------
    partner : ndarray of int of shape (n_reference,), -1 where a topic has none
    jaccard : ndarray of shape (n_reference,), in [0, 1]; NaN for a topic without units, 0 for one without partner

    References
    ----------
    .. [1] C. Hennig (2007), Cluster-wise assessment of cluster stability.
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


def chance_jaccard(reference: np.ndarray, other: np.ndarray, n_reference: int, n_other: int) -> float:
    """Return the best Jaccard index a topic expects if labels were dealt out at random, mean over topics."""
    n_units = len(reference)
    if n_units == 0:
        return 0.0
    a = np.bincount(reference, minlength=n_reference)[:, None] / n_units
    b = np.bincount(other, minlength=n_other)[None, :] / n_units
    both = a * b
    union = a + b - both
    index = np.divide(both, union, out=np.zeros_like(both), where=union > 0)
    return float(index.max(axis=1).mean())
