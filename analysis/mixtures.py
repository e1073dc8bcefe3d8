"""A mixture of multinomials over weighted terms: topics as distributions of words, and how likely units are in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from analysis.directions import DIGITS

if TYPE_CHECKING:
    from analysis.clustering import Space

EVIDENCE = 30.0
"""Weighted tokens of a unit whose log-likelihood counts in full; see `evidence`."""

SHARE_POWER = 0.5
"""Power of a topic's share of units as its prior: 0 would hold all topics equally likely, 1 trusts the shares found.

This one is for topics of like size; those that differ much take `UNLIKE`.
"""

GAIN_SMOOTHING = 1000.0
"""Pseudo-counts of a topic in `held_out_gain`."""


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
    share_power : float
        Power of the shares as prior.
    tokens : ndarray of shape (n_topics,), optional
        Weighted tokens that the topics are made of, pseudo-counts among them.
    pseudo : float
        Pseudo-counts of each topic.
    kappa : float
        Concentration of the points about the centres, where points decide; 0 elsewhere.
    """

    terms: np.ndarray
    shares: np.ndarray
    background: np.ndarray
    centres: np.ndarray
    share_power: float = SHARE_POWER
    tokens: np.ndarray | None = None
    pseudo: float = 0.0
    kappa: float = 0.0


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


def shares_of(memberships: np.ndarray) -> np.ndarray:
    """Return the share of the units in each topic, one unit more in each: none is 0."""
    n_units, n_topics = memberships.shape
    return (memberships.sum(axis=0) + 1) / (n_units + n_topics)


def held_out_gain(units: Space, memberships: np.ndarray, new: sparse.csr_array) -> float:
    r"""Return how much better topics predict units that they were not made from than the corpus does.

    The mean over the new units of :math:`\log \sum_k s_k \prod_v (q_{kv} / p_v)^{w_v}`, with w the unit's weights,
    s the topics' shares, p the corpus's probabilities and :math:`q_{kv} = (n_{kv} + \mu p_v) / (n_k + \mu)` those of
    the topic with Dirichlet smoothing [1]_, :math:`\mu` being `GAIN_SMOOTHING`.

    Parameters
    ----------
    units : Space
        Units that the topics are made of.
    memberships : ndarray of shape (n_units, n_topics)
    new : sparse array of shape (n_new, n_terms)
        Weights of the other units.

    References
    ----------
    .. [1] C. Zhai and J. Lafferty (2004), A study of smoothing methods for language models applied to information
       retrieval.
    """
    totals = np.asarray(units.weighted.sum(axis=0)).ravel() + 1e-9
    background = totals / totals.sum()
    masses = np.ascontiguousarray((units.weighted.T.tocsr() @ memberships).T)
    masses += GAIN_SMOOTHING * background
    ratio = np.log(masses / masses.sum(axis=1, keepdims=True) / background)
    return float(logsumexp(new @ ratio.T + np.log(shares_of(memberships)), axis=1).mean())


def log_ratio(terms: np.ndarray, background: np.ndarray) -> np.ndarray:
    """Return the log of each term's probability in each topic over that in the corpus; 0 for terms without weight."""
    ratio = np.divide(terms, background, out=np.ones_like(terms), where=background > 0)
    return np.log(ratio, out=ratio)


def expect(mixture: Mixture, weighted: sparse.csr_array) -> np.ndarray:
    """Return the probability of each topic for new units, shape (n_units, n_topics)."""
    return posterior(mixture, scores(mixture, weighted))


def scores(mixture: Mixture, weighted: sparse.csr_array) -> np.ndarray:
    """Log-likelihood ratio of each topic to the corpus for new units, by their `evidence`."""
    return (weighted @ log_ratio(mixture.terms, mixture.background).T) * evidence(weighted)[:, None]


def posterior(mixture: Mixture, scores: np.ndarray) -> np.ndarray:
    """Return the probability of each topic from its `scores` and its share, shape (n_units, n_topics)."""
    return soft_max(scores + mixture.share_power * np.log(mixture.shares))


def likelihood(
    mixture: Mixture, weighted: sparse.csr_array, labels: np.ndarray, *, left_out: bool = False
) -> np.ndarray:
    """Return each unit's log-likelihood ratio of its topic to the corpus per weighted token; 0 without tokens.

    Parameters
    ----------
    mixture : Mixture
    weighted : sparse array of shape (n_units, n_terms)
    labels : ndarray of int of shape (n_units,)
    left_out : bool, default=False
        Whether to take each unit's own words out of its topic first, as a unit that the topics were not made of has
        none there.
    """
    unit = np.repeat(np.arange(weighted.shape[0]), np.diff(weighted.indptr))
    lengths = np.asarray(weighted.sum(axis=1)).ravel()
    found = mixture.terms[labels[unit], weighted.indices]
    p = mixture.background[weighted.indices]
    if left_out and mixture.tokens is not None:
        part = np.minimum(evidence(weighted), 1.0)
        rest = np.maximum(mixture.tokens[labels] - part * lengths, mixture.pseudo)
        mass = found * mixture.tokens[labels[unit]] - part[unit] * weighted.data
        found = np.maximum(mass, mixture.pseudo * p) / rest[unit]
    ratio = np.log(np.divide(found, p, out=np.ones_like(found), where=(p > 0) & (found > 0)))
    sums = np.bincount(unit, weighted.data * ratio, minlength=weighted.shape[0]).astype(np.float64)
    return np.divide(sums, lengths, out=np.zeros_like(sums), where=lengths > 0)


def soft_max(scores: np.ndarray) -> np.ndarray:
    """Return rows of probabilities in proportion to the exponentials of the scores, rounded."""
    scores = scores - scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return np.round(scores, DIGITS, out=scores)


def expect_points(mixture: Mixture, points: np.ndarray) -> np.ndarray:
    """Return the probability of each topic for new points, from the mean directions of the topics."""
    return by_direction(points, mixture.centres, mixture.shares > 0, mixture.kappa)


def by_direction(points: np.ndarray, centres: np.ndarray, there: np.ndarray, kappa: float) -> np.ndarray:
    """Membership under directions of equal spread: von Mises-Fisher with one kappa (Banerjee et al. 2005)."""
    return soft_max(kappa * np.where(there, points @ centres.T, -1.0))


def concentration(points: np.ndarray, centres: np.ndarray, there: np.ndarray) -> float:
    r"""Return kappa as Banerjee et al. [1]_ estimate it: :math:`r (d - r^2) / (1 - r^2)` in d dimensions.

    r is the mean cosine of the points with the nearest centre of those that are ``there``.

    References
    ----------
    .. [1] A. Banerjee, I. S. Dhillon, J. Ghosh and S. Sra (2005), Clustering on the unit hypersphere using von
       Mises-Fisher distributions.
    """
    similarity = np.where(there, points @ centres.T, -1.0)
    length = float(np.clip(similarity.max(axis=1, initial=-1.0).mean() if len(points) else 0.0, 0.0, 0.999))
    return length * (points.shape[1] - length**2) / (1 - length**2)
