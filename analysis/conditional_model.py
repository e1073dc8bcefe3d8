"""The configuration model conditioned on how many countries each unit names."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from analysis import null_model

_TOLERANCE = 1e-9
_MAX_STEPS = 100


def fit_conditional(
    unit_degrees: np.ndarray, n_units: np.ndarray, country_degrees: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fit the most random matrix in which each unit names exactly its number of countries.

    The bipartite configuration model keeps the number of countries of a unit on average only: a sentence that names
    one country could have named two, so it expects pairs where none can be. Here a unit that names d countries draws
    a set of d, with probability proportional to the product of the countries' weights (conditional Bernoulli
    sampling [1]_); the weights are set so that each country is named in its number of units on average. This is
    the maximum-entropy ensemble with the units' margin exact and the countries' margin on average.

    Parameters
    ----------
    unit_degrees, n_units : array of int, shape (n_groups,)
    country_degrees : array of int, shape (n_countries,)
        As in `null_model.fit_bicm`.

    Returns
    -------
    single : array of float, shape (n_groups, n_countries)
        Probability that a unit of the group names the country; rows sum to ``unit_degrees``.
    both : array of float, shape (n_groups, n_countries, n_countries)
        Probability that it names both; the diagonal is ``single``.

    Raises
    ------
    ValueError
        If no matrix has these margins.
    RuntimeError
        If the countries' margin is not reproduced to within 1e-6.

    References
    ----------
    .. [1] S. X. Chen, A. P. Dempster, J. S. Liu (1994), Weighted finite population sampling to maximize entropy.
       Biometrika 81.
    """
    d, m, k = null_model.as_margins(unit_degrees, n_units, country_degrees)
    single = np.zeros((len(d), len(k)))
    blocks: list[tuple[int, np.ndarray, np.ndarray]] = []
    for columns, side in null_model.independent_sides(d, m, k):
        full = side == len(columns)
        single[np.ix_(full, columns)] = 1.0
        free = np.flatnonzero((side > 0) & ~full & (m > 0))
        if len(free):
            parts = _solve(side[free], m[free], k[columns] - m[full].sum())
            for g, inside in zip(free, parts, strict=True):
                single[g, columns] = np.diag(inside)
                blocks.append((g, columns, inside))
    both = single[:, :, None] * single[:, None, :]
    for g, columns, inside in blocks:
        both[g][np.ix_(columns, columns)] = inside
    np.einsum("gii->gi", both)[:] = single
    error = np.abs(m @ single - k).max(initial=0)
    if error > 1e-6 * max(1, k.max(initial=0) / 1e5):
        raise RuntimeError(f"the conditional null model does not reproduce the margins: error {error:.3g}")
    return single, both


def _solve(d: np.ndarray, m: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Set the countries' log-weights by Newton's method; return each group's probabilities of naming both."""
    logit = np.log(k / (m.sum() - k + 0.5))
    objective, missing, both = _evaluate(logit, d, m, k)
    for _ in range(_MAX_STEPS):
        if np.abs(missing).max() < _TOLERANCE:
            break
        single = np.einsum("gii->gi", both)
        curvature = np.einsum("g,gij->ij", m.astype(float), both) - (single.T * m) @ single
        # The weights are known up to a factor: that direction is flat, and filling it in leaves the others alone.
        curvature += np.diag(curvature).mean() / len(k)
        step = np.linalg.solve(curvature, missing)
        slope, size = missing @ step, 1.0
        trial = _evaluate(logit + step, d, m, k)
        # Near the top the likelihood is flat to the last bit, and Newton's full step is right.
        while slope > 1e-9 * abs(objective) and trial[0] < objective + 1e-4 * size * slope and size > 1e-9:
            size /= 2
            trial = _evaluate(logit + size * step, d, m, k)
        if slope <= 1e-9 * abs(objective) and np.abs(trial[1]).max() >= np.abs(missing).max():
            break
        logit = logit + size * step
        objective, missing, both = trial
    return both


def _evaluate(logit: np.ndarray, d: np.ndarray, m: np.ndarray, k: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood of the weights, mentions still missing a country, and probabilities of naming both."""
    parts = [_inclusion(logit, int(n)) for n in d]
    both = np.array([p[0] for p in parts])
    return float(k @ logit - m @ [p[1] for p in parts]), k - m @ np.einsum("gii->gi", both), both


def _inclusion(logit: np.ndarray, d: int) -> tuple[np.ndarray, float]:
    """Probabilities that a set of ``d`` countries holds both of two (one: the diagonal), by a sum over frequencies.

    The second value is the logarithm of the sum, over all sets of ``d``, of the products of their weights.
    """
    if d == 1:
        total = np.logaddexp.reduce(logit)
        return np.diag(np.exp(logit - total)), float(total)
    level = _level(logit, d)
    p = expit(logit + level)
    length = len(p) + 1 + len(p) % 2
    angle = 2 * np.pi * np.arange(length // 2 + 1) / length
    wave = np.exp(1j * angle)
    part = 1 - p[:, None] + p[:, None] * wave
    total = np.exp(np.log(part).sum(axis=0) - 1j * angle * d)
    total[1:] *= 2
    size = total.real.sum()
    share = p[:, None] * wave / part
    left = share * total
    both = np.clip((left.real @ share.real.T - left.imag @ share.imag.T) / size, 0, 1)
    np.fill_diagonal(both, left.real.sum(axis=1) / size)
    return both, float(np.log(size / length) + np.logaddexp(0, logit + level).sum() - level * d)


def _level(logit: np.ndarray, d: int) -> float:
    """Find the constant that, added to the logits, makes the expected size ``d``."""
    order = np.sort(logit)[::-1]
    low, high = -order[0] - 40, -order[-1] + 40
    level = -0.5 * (order[d - 1] + order[min(d, len(order) - 1)])
    for _ in range(200):
        p = expit(logit + level)
        mean, slope = p.sum(), (p * (1 - p)).sum()
        low, high = (level, high) if mean < d else (low, level)
        if abs(mean - d) < 1e-9 * d:
            break
        step = level + (d - mean) / slope if slope > 0 else np.inf
        level = step if low < step < high else (low + high) / 2
    return level
