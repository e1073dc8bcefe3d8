"""What co-mention would be by chance: the bipartite configuration model, which keeps both margins."""

from __future__ import annotations

import itertools

import numpy as np
from scipy.special import expit

_TOLERANCE = 1e-13
_MAX_STEPS = 100


def fit_bicm(unit_degrees: np.ndarray, n_units: np.ndarray, country_degrees: np.ndarray) -> np.ndarray:
    """Fit the bipartite configuration model: the most random matrix whose margins are, on average, those observed.

    The probability that a unit of degree d names country i is ``1 / (1 + exp(-(alpha_d + beta_i)))`` [1]_; alpha and
    beta are set so that each unit names d countries and each country is named in its number of units, on average.
    Units of equal degree have equal probabilities, so the cost does not depend on their number.

    Parameters
    ----------
    unit_degrees : array of int, shape (n_groups,)
        Countries that a unit names, one distinct value a group.
    n_units : array of int, shape (n_groups,)
        Units that name so many; a weight may be 0.
    country_degrees : array of int, shape (n_countries,)
        Units naming each country.

    Returns
    -------
    array of float, shape (n_groups, n_countries)
        Probability that a unit of the group names the country, in [0, 1]. Where the margins leave no choice (a
        country that all units name, a unit that names every country), exactly 0 or 1.

    Raises
    ------
    ValueError
        If no matrix has these margins.
    RuntimeError
        If the margins are not reproduced to within 1e-6.

    References
    ----------
    .. [1] F. Saracco, M. J. Straka, R. Di Clemente, A. Gabrielli, G. Caldarelli, T. Squartini (2017), Inferring
       monopartite projections of bipartite networks: an entropy-based approach. New Journal of Physics 19. Testing
       pairs by these probabilities is what Z. P. Neal, R. Domagalski, B. Sagan (2021), Comparing alternatives to the
       fixed degree sequence model for extracting the backbone of bipartite projections, Scientific Reports 11, 23929,
       call the stochastic degree sequence model; Z. P. Neal (2014), Social Networks 39, took them from a logit.
    """
    d, m, k = as_margins(unit_degrees, n_units, country_degrees)
    probability = np.zeros((len(d), len(k)))
    for columns, side in independent_sides(d, m, k):
        full = side == len(columns)
        probability[np.ix_(full, columns)] = 1.0
        free = (side > 0) & ~full & (m > 0)
        if free.any():
            probability[np.ix_(free, columns)] = _solve(side[free], m[free], k[columns] - m[full].sum())
    error = np.abs(m @ probability - k).max(initial=0)
    if error > 1e-6:
        raise RuntimeError(f"the null model does not reproduce the margins: error {error:.3g}")
    return probability


def as_margins(
    unit_degrees: np.ndarray, n_units: np.ndarray, country_degrees: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the margins as int64 arrays.

    Raises
    ------
    ValueError
        If no matrix of 0 and 1 has these margins (Gale 1957; Ryser 1957).
    """
    d, m, k = (np.asarray(a, dtype=np.int64) for a in (unit_degrees, n_units, country_degrees))
    t = np.arange(len(k) + 1)
    room = np.minimum(d[:, None], t).T @ m
    used = np.concatenate([[0], np.cumsum(np.sort(k)[::-1])])
    bad = (used > room).any() or used[-1] != m @ d
    if bad or min(d.min(initial=0), m.min(initial=0), k.min(initial=0)) < 0:
        raise ValueError(
            f"no matrix of units and countries has these margins: {int(m.sum())} units name {int(m @ d)} countries "
            f"in all, {len(k)} countries are named {int(k.sum())} times"
        )
    return d, m, k


def independent_sides(d: np.ndarray, m: np.ndarray, k: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Cut the countries where the margins alone decide which units name which side of the cut.

    Where the t most named countries fill all the room that the units have for t countries, a unit of degree d names
    min(d, t) of them in every matrix with these margins, and the two sides are problems of their own.

    Parameters
    ----------
    d, m, k : array of int
        From `as_margins`.

    Returns
    -------
    list of (columns, degrees)
        ``columns`` : array of int, the countries of a side; ``degrees`` : array of int, shape (n_groups,), how many
        of them a unit of each group names
    """
    order = np.argsort(-k, kind="stable")
    t = np.arange(1, len(k) + 1)
    tight = t[np.cumsum(k[order]) == np.minimum(d[:, None], t).T @ m]
    cuts = itertools.pairwise([0, *tight.tolist()])
    return [(order[low:high], np.clip(d - low, 0, high - low)) for low, high in cuts]


def _solve(d: np.ndarray, m: np.ndarray, k: np.ndarray) -> np.ndarray:
    """Probabilities where all margins leave a choice; countries of equal degree are solved once."""
    degree, group, c = np.unique(k, return_inverse=True, return_counts=True)
    d, m, c, degree = (np.asarray(a, dtype=float) for a in (d, m, c, degree))
    scale = 0.5 * np.log(m @ d)
    alpha, beta = np.log(d) - scale, np.log(degree) - scale
    objective = _likelihood(alpha, beta, d, m, degree, c)
    for _ in range(_MAX_STEPS):
        p = expit(alpha[:, None] + beta)
        error = max((np.abs(d - p @ c) / d).max(), (np.abs(degree - m @ p) / degree).max())
        if error < _TOLERANCE:
            break
        step_alpha, step_beta, slope = _newton_step(p, d, m, degree, c)
        size = 1.0
        # Near the top the likelihood is flat to the last bit, and Newton's full step is right.
        while slope > 1e-9 * abs(objective) and size > 1e-9:
            trial = _likelihood(alpha + size * step_alpha, beta + size * step_beta, d, m, degree, c)
            if trial >= objective + 1e-4 * size * slope:
                break
            size /= 2
        alpha, beta = alpha + size * step_alpha, beta + size * step_beta
        objective = _likelihood(alpha, beta, d, m, degree, c)
    return expit(alpha[:, None] + beta)[:, group]


def _likelihood(alpha, beta, d, m, degree, c) -> float:
    return float(m * d @ alpha + c * degree @ beta - m @ np.logaddexp(0, alpha[:, None] + beta) @ c)


def _newton_step(p, d, m, degree, c) -> tuple[np.ndarray, np.ndarray, float]:
    """Newton's step up the concave log-likelihood; alpha and beta are known up to a constant, so alpha[0] stays."""
    w = p * (1 - p)
    up_alpha, up_beta = m * (d - p @ c), c * (degree - m @ p)
    cross = m[:, None] * w * c
    of_alpha, of_beta = cross.sum(1), cross.sum(0)
    reduced = np.diag(of_alpha) - (cross / of_beta) @ cross.T
    step_alpha = np.zeros(len(d))
    if len(d) > 1:
        right = up_alpha - cross @ (up_beta / of_beta)
        step_alpha[1:] = np.linalg.solve(reduced[1:, 1:], right[1:])
    step_beta = (up_beta - step_alpha @ cross) / of_beta
    return step_alpha, step_beta, float(up_alpha @ step_alpha + up_beta @ step_beta)
