"""Tests that hold where the units of one story are alike: counts brought down to what they are worth."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.special import gammainc

from analysis.incidence import Incidence
from analysis.intervals import story_pairs


def upper_tail(
    data: Incidence, a: np.ndarray, b: np.ndarray, joint: np.ndarray, n_both: np.ndarray, p: np.ndarray
) -> np.ndarray:
    """Return the probability of as many units naming both, allowing for units of one story that resemble each other.

    ``design_effect`` says how much more the count varies between stories than independent units would let it. Count
    and expectation are divided by it, and the tail is Poisson's [1]_, continued to fractions by the incomplete gamma
    function [2]_: six units of one story are worth one, six units of six stories six. The result is never below ``p``.

    Parameters
    ----------
    data : Incidence
    a, b : array of int, shape (n_pairs,)
        Columns, ``a < b``.
    joint : array of float, shape (n_pairs, n_groups)
        Probability that a unit naming each number of countries names both.
    n_both : array of int, shape (n_pairs,)
        Units naming both.
    p : array of float, shape (n_pairs,)
        The probability where units are independent.

    Returns
    -------
    array of float, shape (n_pairs,), in [0, 1]
        ``p`` itself where no story has two units.

    References
    ----------
    .. [1] J. N. K. Rao, A. J. Scott (1999), A simple method for analysing overdispersion in clustered Poisson data.
       Statistics in Medicine 18, 1373-1385.
    .. [2] G. Bohm, G. Zech (2014), Statistics of weighted Poisson events and its applications. Nuclear Instruments and
       Methods in Physics Research A 748, on a scaled Poisson distribution for a sum of clusters.
    """
    if not len(a) or len(np.unique(data.story)) == len(data.story):
        return p
    effect, expected = design_effect(data, a, b, joint, n_both)
    scaled = np.ones(len(a))
    seen = n_both > 0
    scaled[seen] = gammainc(n_both[seen] / effect[seen], expected[seen] / effect[seen])
    return np.maximum(p, scaled)


def design_effect(
    data: Incidence, a: np.ndarray, b: np.ndarray, joint: np.ndarray, n_both: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the variance of each pair's count between stories over that of a Poisson count, and its expectation.

    With O and E a story's units naming both, seen and expected, and r their ratio over all stories, the effect is
    ``n / (n - 1) * sum((O - r E)^2) / sum(O)`` over the n stories: the pair's own attraction does not count as
    variance.

    Parameters
    ----------
    data, a, b, joint, n_both
        As in `upper_tail`.

    Returns
    -------
    effect, expected : array of float, shape (n_pairs,)
        ``effect`` is 1 where no unit names both.
    """
    stories, row = np.unique(data.story, return_inverse=True)
    _, group = np.unique(np.diff(data.matrix.indptr), return_inverse=True)
    units = sparse.csr_array((np.ones(len(row)), (row, group)), shape=(len(stories), joint.shape[1])).toarray()
    by_pair = story_pairs(data, row, len(stories), a, b)
    expected = joint @ units.sum(axis=0)
    squares = np.asarray(by_pair.power(2).sum(axis=0)).ravel()
    crossed = ((by_pair.T @ units) * joint).sum(axis=1)
    of_expected = ((joint @ (units.T @ units)) * joint).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = n_both / expected
        spread = squares - 2 * ratio * crossed + ratio**2 * of_expected
        effect = spread / n_both * data.n_stories / max(1, data.n_stories - 1)
    return np.where(n_both > 0, np.maximum(effect, 1e-6), 1.0), expected
