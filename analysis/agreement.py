"""Agreement of two partitions: the information that they share, beyond what chance would give."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from analysis.repeats import Repeats


def reproduced(repeats: Repeats) -> float:
    """Return the information about units that comes back: shared by two repeats, of units that neither was made from.

    It is the mean of `beyond_chance` over all pairs of repeats. It rises with the number of topics as long as the
    topics divide units in ways that come back, at most to the logarithm of their number; where more topics than that
    are asked for, large ones are divided in other ways each time, and it falls.

    Parameters
    ----------
    repeats : Repeats

    Returns
    -------
    float
        In nats; NaN where no two repeats leave out the same unit.
    """
    values = []
    for first in range(len(repeats.labels)):
        for second in range(first):
            unseen = ~repeats.drawn[first] & ~repeats.drawn[second]
            if unseen.any():
                values.append(beyond_chance(repeats.labels[first, unseen], repeats.labels[second, unseen]))
    return float(np.mean(values)) if values else float("nan")


def beyond_chance(first: np.ndarray, second: np.ndarray) -> float:
    r"""Return the mutual information of two partitions less its expectation for partitions of these sizes [1]_.

    :math:`\sum_{ij} \frac{n_{ij}}{n} \log \frac{n \, n_{ij}}{a_i b_j}`, with :math:`n_{ij}` the units in group i of the
    one and j of the other, :math:`a_i` and :math:`b_j` the sizes of the groups; less the mean of the same over all ways
    to deal the units to groups of these sizes, where :math:`n_{ij}` is hypergeometric.

    Parameters
    ----------
    first, second : ndarray of int of shape (n_units,)

    Returns
    -------
    float
        In nats.

    References
    ----------
    .. [1] N. X. Vinh, J. Epps and J. Bailey (2010), Information theoretic measures for clusterings comparison:
       variants, properties, normalization and correction for chance.
    """
    n = len(first)
    a, i = np.unique(first, return_inverse=True)
    b, j = np.unique(second, return_inverse=True)
    both = np.bincount(i * len(b) + j, minlength=len(a) * len(b)).reshape(len(a), len(b))
    a, b = both.sum(axis=1), both.sum(axis=0)
    here = both > 0
    found = (both[here] / n * np.log(n * both[here] / np.outer(a, b)[here])).sum()
    return float(found - _expected(a, b, n))


def _expected(a: np.ndarray, b: np.ndarray, n: int) -> float:
    a, n_a = np.unique(a, return_counts=True)
    b, n_b = np.unique(b, return_counts=True)
    factorial = gammaln(np.arange(n + 1) + 1.0)  # logarithms
    both = np.arange(1, min(a.max(), b.max()) + 1)
    total = 0.0
    for size, times in zip(a, n_a, strict=True):
        m, of = both[:, None], b[None, :]
        possible = (m <= size) & (m <= of) & (size + of - m <= n)
        m, of, weight = (np.broadcast_to(x, possible.shape)[possible] for x in (m, of, n_b[None, :]))
        log_chance = (
            factorial[size] + factorial[of] + factorial[n - size] + factorial[n - of] - factorial[n] - factorial[m]
        ) - (factorial[size - m] + factorial[of - m] + factorial[n - size - of + m])
        total += times * (weight * m / n * np.log(n * m / (size * of)) * np.exp(log_chance)).sum()
    return total
