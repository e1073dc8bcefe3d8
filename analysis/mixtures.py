"""A mixture of multinomials over weighted terms: topics as distributions of words, fitted to a partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import logsumexp

from analysis.directions import DIGITS, unit_rows

if TYPE_CHECKING:
    from analysis.clustering import Space

SMOOTHING = 1.0
"""Pseudo-counts that pull a topic's words towards the corpus: this many per term, dealt as the corpus uses terms."""

PRIOR_WEIGHT = 3.0
"""The pseudo-counts of a topic are at most this many times the weighted tokens of the mean topic.

Where texts are long and topics many, one pseudo-count per term would outweigh all that is known of a topic.
"""

EVIDENCE = 30.0
"""Weighted tokens of a unit whose log-likelihood counts in full; see `evidence`."""

SHARE_POWER = 0.5
"""Power of a topic's share of units as its prior: 0 would hold all topics equally likely, 1 trusts the shares found.

This one is for topics of like size; those that differ much take `UNLIKE`.
"""

UNLIKE = {"share_power": 1.0, "smoothing": 0.01}
"""What `refine` takes where topics differ much in size.

Their shares are trusted in full, and the pseudo-counts are few: many would make a small topic the corpus over again,
and it would lose its units to the large ones. Chosen on labelled texts (newsgroups in uneven samples, Reuters):
0.001 to 0.03 measured alike, 0.1 and more worse, and with 1 small topics vanished.
"""

LEFT_OUT = 0.75
"""Part of its own words that a unit is judged without: 1 would leave it out of its topic wholly, 0 not at all."""

GAIN_SMOOTHING = 1000.0
"""Pseudo-counts of a topic in `held_out_gain`."""

_BLOCK = 2048


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
    """

    terms: np.ndarray
    shares: np.ndarray
    background: np.ndarray
    centres: np.ndarray
    share_power: float = SHARE_POWER
    tokens: np.ndarray | None = None
    pseudo: float = 0.0


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


def refine(
    units: Space,
    labels: np.ndarray,
    n_topics: int,
    *,
    n_rounds: int,
    share_power: float = SHARE_POWER,
    smoothing: float = SMOOTHING,
) -> tuple[Mixture, np.ndarray]:
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
    share_power : float, default=`SHARE_POWER`
        Power of the topics' shares as prior.
    smoothing : float, default=`SMOOTHING`
        Pseudo-counts per term, within `PRIOR_WEIGHT`.

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
    trained.data *= np.repeat(np.minimum(worth, 1.0), np.diff(weighted.indptr))
    totals = np.asarray(trained.sum(axis=0)).ravel()
    background = totals / totals.sum() if totals.sum() > 0 else np.full(len(totals), 1 / max(len(totals), 1))
    # Pseudo-counts of a topic, term by term.
    most = PRIOR_WEIGHT * totals.sum() / n_topics
    floor = smoothing * (min(len(background), most) if most > 0 else len(background)) * background
    transposed = trained.T.tocsr()
    lengths = np.asarray(trained.sum(axis=1)).ravel()
    memberships = np.zeros((len(labels), n_topics))
    memberships[np.arange(len(labels)), labels] = 1.0
    if units.by_points:
        centres = unit_rows(memberships.T @ units.points)
        memberships = _by_direction(units.points, centres, np.bincount(labels, minlength=n_topics) > 0)
        n_rounds = 0
    for _ in range(n_rounds):
        masses, totals = _masses(transposed, memberships, floor)
        prior = share_power * np.log(_shares(memberships))
        left_out = (trained.data, lengths, floor)
        updated = _expect(weighted, masses, totals, memberships, background, worth, prior=prior, left_out=left_out)
        moved = np.abs(updated - memberships).sum(axis=1).mean() if len(updated) else 0.0
        memberships = updated
        if moved < 1e-3:
            break
    masses, totals = _masses(transposed, memberships, floor)
    shares = _shares(memberships)
    centres = unit_rows(memberships.T @ units.points)
    terms = masses / totals[:, None]
    return Mixture(terms, shares, background, centres, share_power, totals, float(floor.sum())), memberships


def _masses(transposed: sparse.csr_array, memberships: np.ndarray, floor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smoothed weight of each term in each topic, and its sum per topic."""
    masses = np.ascontiguousarray((transposed @ memberships).T) + floor
    return masses, np.maximum(masses.sum(axis=1), 1e-300)


def _shares(memberships: np.ndarray) -> np.ndarray:
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
    return float(logsumexp(new @ ratio.T + np.log(_shares(memberships)), axis=1).mean())


def _log_ratio(terms: np.ndarray, background: np.ndarray) -> np.ndarray:
    used = background > 0
    ratio = np.zeros_like(terms)
    ratio[:, used] = np.log(terms[:, used] / background[used])
    return ratio


def _expect(weighted, masses, totals, memberships, background, worth, *, prior, left_out) -> np.ndarray:
    """E-step, each unit left out (mostly) of the topic that it belongs to most; in blocks, to bound the memory."""
    trained, lengths, floor = left_out
    ratio = np.ascontiguousarray(_log_ratio(masses / totals[:, None], background).T)
    # A term spread evenly over all units weighs nothing: its mass is 0, and so is what it says.
    masses = np.maximum(masses, 1e-300)
    spared = np.maximum(0.999 * floor, 1e-300)
    result = np.empty_like(memberships)
    for start in range(0, len(memberships), _BLOCK):
        stop = min(start + _BLOCK, len(memberships))
        rows, n_terms = np.arange(stop - start), np.diff(weighted.indptr[start : stop + 1])
        at = slice(weighted.indptr[start], weighted.indptr[stop])
        block = sparse.csr_array(
            (weighted.data[at], weighted.indices[at], weighted.indptr[start : stop + 1] - weighted.indptr[start]),
            shape=(stop - start, weighted.shape[1]),
        )
        scores = block @ ratio
        own = memberships[start:stop].argmax(axis=1)
        part = LEFT_OUT * memberships[start:stop][rows, own]
        mass = masses.take(np.repeat(own * masses.shape[1], n_terms) + block.indices)
        rest = np.repeat(part, n_terms)
        rest *= trained[at]
        np.subtract(mass, rest, out=rest)
        np.maximum(rest, spared.take(block.indices), out=rest)
        rest /= mass
        np.log(rest, out=rest)
        rest *= block.data
        lost = np.bincount(np.repeat(rows, n_terms), rest, minlength=len(rows))
        shrunk = np.log((totals[own] - part * lengths[start:stop]) / totals[own])
        scores[rows, own] += lost - shrunk * np.asarray(block.sum(axis=1)).ravel()
        scores *= worth[start:stop, None]
        scores += prior
        result[start:stop] = _soft_max(scores)
    return result


def expect(mixture: Mixture, weighted: sparse.csr_array) -> np.ndarray:
    """Return the probability of each topic for new units, shape (n_units, n_topics)."""
    return posterior(mixture, scores(mixture, weighted))


def scores(mixture: Mixture, weighted: sparse.csr_array) -> np.ndarray:
    """Log-likelihood ratio of each topic to the corpus for new units, by their `evidence`."""
    return (weighted @ _log_ratio(mixture.terms, mixture.background).T) * evidence(weighted)[:, None]


def posterior(mixture: Mixture, scores: np.ndarray) -> np.ndarray:
    """Return the probability of each topic from its `scores` and its share, shape (n_units, n_topics)."""
    return _soft_max(scores + mixture.share_power * np.log(mixture.shares))


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


def _soft_max(scores: np.ndarray) -> np.ndarray:
    scores = scores - scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return np.round(scores, DIGITS, out=scores)


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
