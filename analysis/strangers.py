"""Strangers: units unlike those that a model was made of, by the words that it does not know and those it does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from analysis import mixtures, topic_units
from analysis.directions import DIGITS

UNKNOWN = 0.02
"""Share of a model's own units that would be strangers by the share of their terms that it knows."""

UNTYPICAL = 0.03
"""Share of a model's own units that would be strangers by their `Familiar.typicality`."""

FEW_KNOW = 0.5
"""Share of known terms that is enough where there are few units: few units know few words."""

PER_STEP = 100
"""Units for each length that likelihoods and shares are told for; at most `STEPS` lengths."""

STEPS = 8

_LEAST_SPREAD = 0.01


@dataclass(frozen=True, eq=False)
class Familiar:
    """What the units that a model was made of are like, each held against the others.

    Attributes
    ----------
    lengths : ndarray of shape (n_steps,)
        Logarithms of numbers of different terms, increasing.
    likelihood, known : ndarray of shape (n_steps, 2)
        Median, and median distance from it, of the likelihood and of the share of known terms of units of that length.
    least_known : float in [0, 1]
        Share of known terms below which a unit is a stranger.
    least_typical : float
        Typicality below which it is.
    """

    lengths: np.ndarray
    likelihood: np.ndarray
    known: np.ndarray
    least_known: float
    least_typical: float

    def typicality(self, likelihood: np.ndarray, known: np.ndarray, n_terms: np.ndarray) -> np.ndarray:
        r"""Return how typical units are: :math:`\min(z_l, 1) + \min(z_k, 1)`.

        z is the distance of a unit's likelihood (share of known terms) from the median at its length, in median
        distances, that of a share no less than one term; between the lengths that were measured both are interpolated.
        What one has in plenty makes up for little of what the other lacks.

        Parameters
        ----------
        likelihood : ndarray of shape (n_units,)
            Log-likelihood ratio of topic to corpus per weighted token.
        known : ndarray of shape (n_units,), in [0, 1]
        n_terms : ndarray of shape (n_units,)
            Different terms of each unit, known or not.
        """
        at, total = np.log(np.maximum(n_terms, 1)), np.zeros(len(known))
        one_term = 1 / np.maximum(n_terms, 1)
        for values, usual, least in ((likelihood, self.likelihood, _LEAST_SPREAD), (known, self.known, one_term)):
            middle, spread = (np.interp(at, self.lengths, column) for column in usual.T)
            total += np.minimum((values - middle) / np.maximum(spread, least), 1.0)
        return np.round(total, DIGITS)

    def holds(self, likelihood: np.ndarray, known: np.ndarray, n_terms: np.ndarray) -> np.ndarray:
        """Return whether units are no strangers: bool, with the parameters of `typicality`."""
        return (known >= self.least_known) & (self.typicality(likelihood, known, n_terms) >= self.least_typical)


def familiar(
    mixture: mixtures.Mixture, weighted: sparse.csr_array, labels: np.ndarray, known: np.ndarray, n_terms: np.ndarray
) -> Familiar:
    """Measure what the units of a model are like, so that units from elsewhere can be told.

    Parameters
    ----------
    mixture : Mixture
    weighted : sparse array of shape (n_units, n_terms)
    labels : ndarray of int of shape (n_units,)
    known : ndarray of shape (n_units,)
        Share of each unit's different terms that would be known without the unit.
    n_terms : ndarray of int of shape (n_units,)
        Different terms of each unit.
    """
    if not len(labels):
        return Familiar(np.zeros(1), np.zeros((1, 2)), np.zeros((1, 2)), 0.0, -np.inf)
    likelihood = _as_if_new(mixture, weighted, labels)
    n_steps = int(np.clip(len(labels) // PER_STEP, 1, STEPS))
    at = np.log(np.maximum(n_terms, 1))
    step = np.searchsorted(np.quantile(at, np.arange(1, n_steps) / n_steps), at)
    steps = np.unique(step)
    lengths = np.array([np.median(at[step == s]) for s in steps])
    usual = [np.array([_usual(values[step == s]) for s in steps]) for values in (likelihood, known)]
    least_known = float(np.quantile(known, UNKNOWN))
    if len(labels) < topic_units.FEW_UNITS:
        least_known = min(least_known, FEW_KNOW)
        usual[1][:, 1] = np.inf  # what few units know says little of what is typical
    found = Familiar(lengths, *usual, least_known, -np.inf)
    typicality = found.typicality(likelihood, known, n_terms)
    return Familiar(lengths, *usual, least_known, float(np.quantile(typicality, UNTYPICAL)))


def _as_if_new(mixture: mixtures.Mixture, weighted: sparse.csr_array, labels: np.ndarray) -> np.ndarray:
    """Each unit's likelihood in the topic it would be placed in, its own words left out of the one that it is in."""
    lengths = np.asarray(weighted.sum(axis=1)).ravel()
    ratio = weighted @ mixtures.log_ratio(mixture.terms, mixture.background).T
    ratio /= np.where(lengths > 0, lengths, 1.0)[:, None]
    ratio[np.arange(len(labels)), labels] = mixtures.likelihood(mixture, weighted, labels, left_out=True)
    return np.round(ratio.max(axis=1), DIGITS)


def _usual(values: np.ndarray) -> tuple[float, float]:
    middle = float(np.median(values))
    return middle, float(np.median(np.abs(values - middle)))
