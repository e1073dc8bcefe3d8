"""Refinement: from a partition of units to a mixture of multinomials, by expectation maximisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from analysis.directions import unit_rows
from analysis.mixtures import (
    SHARE_POWER,
    Mixture,
    by_direction,
    concentration,
    evidence,
    log_ratio,
    shares_of,
    soft_max,
)

if TYPE_CHECKING:
    from analysis.clustering import Space

SMOOTHING = 1.0
"""Pseudo-counts that pull a topic's words towards the corpus: this many per term, dealt as the corpus uses terms."""

PRIOR_WEIGHT = 3.0
"""The pseudo-counts of a topic are at most this many times the weighted tokens of the mean topic.

Where texts are long and topics many, one pseudo-count per term would outweigh all that is known of a topic.
"""

UNLIKE = {"share_power": 1.0, "smoothing": 0.01}
"""What `refine` takes where topics differ much in size.

Their shares are trusted in full, and the pseudo-counts are few: many would make a small topic the corpus over again,
and it would lose its units to the large ones. Chosen on labelled texts (newsgroups in uneven samples, Reuters):
0.001 to 0.03 measured alike, 0.1 and more worse, and with 1 small topics vanished.
"""

LEFT_OUT = 0.75
"""Part of its own words that a unit is judged without, see `refine`."""

_BLOCK = 2048


def refine(
    units: Space,
    labels: np.ndarray,
    n_topics: int,
    *,
    n_rounds: int,
    share_power: float = SHARE_POWER,
    smoothing: float = SMOOTHING,
    left_out: float = LEFT_OUT,
) -> tuple[Mixture, np.ndarray]:
    """Refine a partition by expectation maximisation of a mixture of multinomials [1]_.

    The probability of a unit under the topic that holds it is computed with most of the unit's own words taken out of
    the topic (``left_out``): else rare words tie a unit to wherever it happens to be. With vectors of the user's own
    the topics' mean directions decide instead, and the mixture only describes.

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
    left_out : float, default=`LEFT_OUT`
        Part of its own words that a unit is judged without: 1 would leave it out of its topic wholly, 0 not at all.

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
    trained = _trained(weighted, worth)
    totals = np.asarray(trained.sum(axis=0)).ravel()
    background = totals / totals.sum() if totals.sum() > 0 else np.full(len(totals), 1 / max(len(totals), 1))
    # Pseudo-counts of a topic, term by term.
    most = PRIOR_WEIGHT * totals.sum() / n_topics
    floor = smoothing * (min(len(background), most) if most > 0 else len(background)) * background
    transposed = trained.T.tocsr()
    lengths = np.asarray(trained.sum(axis=1)).ravel()
    memberships = np.zeros((len(labels), n_topics))
    memberships[np.arange(len(labels)), labels] = 1.0
    kappa = 0.0
    if units.by_points:
        centres = unit_rows(memberships.T @ units.points)
        there = np.bincount(labels, minlength=n_topics) > 0
        kappa = concentration(units.points, centres, there)
        memberships = by_direction(units.points, centres, there, kappa)
        n_rounds = 0
    for _ in range(n_rounds):
        masses, totals = _masses(transposed, memberships, floor)
        prior = share_power * np.log(shares_of(memberships))
        own = (left_out, trained.data, lengths, floor)
        updated = _expect(weighted, masses, totals, memberships, background, worth, prior=prior, own_words=own)
        moved = np.abs(updated - memberships).sum(axis=1).mean() if len(updated) else 0.0
        memberships = updated
        if moved < 1e-3:
            break
    settings = {"background": background, "share_power": share_power, "pseudo": float(floor.sum()), "kappa": kappa}
    return _mixture(units, transposed, memberships, **settings), memberships


def describe(units: Space, memberships: np.ndarray, like: Mixture) -> Mixture:
    """Return the mixture that memberships make, with the background, prior and pseudo-counts of another.

    Parameters
    ----------
    units : Space
    memberships : ndarray of shape (n_units, n_topics), rows sum to 1
    like : Mixture
        As of `refine`, of the same units.
    """
    transposed = _trained(units.weighted, evidence(units.weighted)).T.tocsr()
    settings = {name: getattr(like, name) for name in ("background", "share_power", "pseudo", "kappa")}
    return _mixture(units, transposed, memberships, **settings)


def _mixture(units: Space, transposed, memberships: np.ndarray, *, background, share_power, pseudo, kappa) -> Mixture:
    masses, totals = _masses(transposed, memberships, pseudo * background)
    centres = unit_rows(memberships.T @ units.points)
    terms, shares = masses / totals[:, None], shares_of(memberships)
    return Mixture(terms, shares, background, centres, share_power, totals, pseudo, kappa)


def _trained(weighted: sparse.csr_array, worth: np.ndarray) -> sparse.csr_array:
    """Weights that topics are made of: a long unit counts no more than its evidence."""
    trained = weighted.copy()
    trained.data *= np.repeat(np.minimum(worth, 1.0), np.diff(weighted.indptr))
    return trained


def _masses(transposed: sparse.csr_array, memberships: np.ndarray, floor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smoothed weight of each term in each topic, and its sum per topic."""
    masses = np.ascontiguousarray((transposed @ memberships).T) + floor
    return masses, np.maximum(masses.sum(axis=1), 1e-300)


def _expect(weighted, masses, totals, memberships, background, worth, *, prior, own_words) -> np.ndarray:
    """E-step, each unit left out (mostly) of the topic that it belongs to most; in blocks, to bound the memory."""
    left_out, trained, lengths, floor = own_words
    ratio = np.ascontiguousarray(log_ratio(masses / totals[:, None], background).T)
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
        part = left_out * memberships[start:stop][rows, own]
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
        result[start:stop] = soft_max(scores)
    return result
