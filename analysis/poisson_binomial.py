"""Tails of the Poisson-binomial distribution: so many units by chance, each with a probability of its own."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

_CELLS = 1_000_000
"""Complex numbers held at once."""

_NEGLIGIBLE = 36.0
"""Probability mass below exp(-36), 2e-16, is cut off; that bounds the error."""


def upper_tail(probabilities: np.ndarray, n_units: np.ndarray, at_least: np.ndarray) -> np.ndarray:
    """Return the probability that at least so many units succeed, exact but for rounding, however small it is.

    Units of a group share a probability; a row's count is a sum of binomials. Its distribution is tilted so that its
    mean is the count asked for, and then inverted from its characteristic function by a discrete Fourier transform [1]_
    over a window around that count. Nothing is approximated but what lies outside the window and the rounding: the
    window's width is set by Bernstein's inequality, so that the mass outside is below 3e-16. What is left is
    rounding: a relative error below 1e-11 for 10^6 units and below 1e-9 for 10^8, measured against the binomial tail.

    Parameters
    ----------
    probabilities : array of float, shape (n_rows, n_groups), in [0, 1]
    n_units : array of int, shape (n_groups,)
        Units of each group.
    at_least : array of int, shape (n_rows,)

    Returns
    -------
    array of float, shape (n_rows,)
        P(X >= at_least), in [0, 1]; may underflow to 0 below 1e-300.

    Raises
    ------
    ValueError
        If a probability is not in [0, 1].

    References
    ----------
    .. [1] Y. Hong (2013), On computing the distribution function for the Poisson binomial distribution.
       Computational Statistics & Data Analysis 59; the tilt is that of H. E. Daniels (1954), Saddlepoint
       approximations in statistics. Annals of Mathematical Statistics 25.
    """
    q = np.asarray(probabilities, dtype=float)
    m = np.asarray(n_units, dtype=float)
    k = np.asarray(at_least, dtype=float)
    if not ((q >= 0) & (q <= 1)).all():
        raise ValueError("a probability lies outside [0, 1]")
    sure = (q == 1) @ m
    k = k - sure
    most = ((q > 0) & (q < 1)) @ m
    result = np.where(k <= 0, 1.0, 0.0)
    with np.errstate(divide="ignore"):
        logit = np.where((q > 0) & (q < 1), np.log(q) - np.log1p(-q), -np.inf)
    full = (k == most) & (k > 0)
    if full.any():
        some = np.isfinite(logit[full])
        result[full] = np.exp((np.where(some, -np.logaddexp(0, -np.where(some, logit[full], 0)), 0)) @ m)
    rest = np.flatnonzero((k > 0) & (k < most))
    if not len(rest):
        return result
    logit, k = logit[rest], k[rest]
    tilt = _tilt(logit, m, k)
    tilted = expit(logit + tilt[:, None])
    half = _half_window((tilted * (1 - tilted)) @ m)
    tail = np.empty(len(rest))
    for width in np.unique(half):
        rows = np.flatnonzero(half == width)
        size = max(1, _CELLS // (int(width) * len(m)))
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            tail[part] = _inverted(logit[part], tilt[part], tilted[part], m, k[part], int(width))
    result[rest] = tail
    return np.clip(result, 0, 1)


def _tilt(logit: np.ndarray, m: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Find s >= 0 with mean k after each logit is raised by s; 0 where the mean is k or more already."""
    low, high = np.zeros(len(k)), np.full(len(k), 1.0)
    while True:
        short = expit(logit + high[:, None]) @ m < k
        if not short.any():
            break
        high = np.where(short, 2 * high, high)
    s = np.zeros(len(k))
    todo = np.flatnonzero(expit(logit) @ m < k)
    for _ in range(100):
        if not len(todo):
            break
        p = expit(logit[todo] + s[todo, None])
        mean, variance = p @ m, (p * (1 - p)) @ m
        above = mean > k[todo]
        high[todo] = np.where(above, s[todo], high[todo])
        low[todo] = np.where(above, low[todo], s[todo])
        step = s[todo] + np.log(k[todo] / mean) * mean / variance
        s[todo] = np.where((step > low[todo]) & (step < high[todo]), step, (low[todo] + high[todo]) / 2)
        todo = todo[np.abs(mean - k[todo]) > 0.01 * np.sqrt(variance) + 1e-9]
    return s


def _half_window(variance: np.ndarray) -> np.ndarray:
    """Half the width, a power of 2, beyond which Bernstein's inequality leaves less than exp(-`_NEGLIGIBLE`)."""
    third = (_NEGLIGIBLE + np.log(2)) / 3
    reach = third + np.sqrt(third**2 + 6 * third * variance) + 1
    return 2 ** np.ceil(np.log2(reach)).astype(np.int64)


def _inverted(
    logit: np.ndarray, tilt: np.ndarray, tilted: np.ndarray, m: np.ndarray, k: np.ndarray, half: int
) -> np.ndarray:
    """Sum the tilted distribution from k on, weighted back; where it was not tilted (k below the mean), up to k."""
    width = 2 * half
    mean = tilted @ m
    centre = np.where(tilt > 0, k, np.round(mean))
    first = np.maximum(centre - half, 0)
    angle = 2 * np.pi * np.arange(half + 1) / width
    log_size, turn = np.zeros((2, len(k), half + 1))
    with np.errstate(divide="ignore"):
        for g in range(len(m)):
            p = tilted[:, g, None]
            log_size += 0.5 * m[g] * np.log1p(-4 * p * (1 - p) * np.sin(angle / 2) ** 2)
            turn += m[g] * np.arctan2(p * np.sin(angle), 1 - p + p * np.cos(angle))
    turn -= angle * first[:, None]
    mass = np.fft.irfft(np.exp(log_size) * np.exp(-1j * turn), n=width, axis=1)
    value = first[:, None] + np.arange(width)
    back = np.exp(-np.maximum(value - k[:, None], 0) * tilt[:, None])
    part = np.where(value >= k[:, None], mass * back, 0).sum(axis=1)
    grown = np.log1p(expit(logit) * np.expm1(np.minimum(tilt, 700))[:, None]) @ m
    shift = np.exp(np.minimum(grown - tilt * k, 0))
    untilted = np.where(value < k[:, None], mass, 0).sum(axis=1)
    return np.where(tilt > 0, part * shift, 1 - untilted)
