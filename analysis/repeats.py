"""Topics of units: the clustering repeated on bootstrap samples, and what the repeats agree on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis import chances, consensus
from analysis.clustering import Space
from analysis.directions import spherical_kmeans
from analysis.mixtures import Mixture, expect, expect_points, held_out_gain
from analysis.refinement import UNLIKE, refine

MOST, LEAST = (10, 5), (7, 3)
"""Repeats, and partitions in each, of a small corpus and of a large one; between the two see `usual`."""

WORK = 250_000
"""Units times topics times repeats, and times partitions in each, that are worth their time.

With 4 to 12 topics, ten repeats of five agreed better with the labels than five of three: on four samples of 1,800 to
2,300 newsgroup posts by 0.008 of normalised mutual information in the mean, on 2,189 Reuters articles by 0.03, and by
nothing on 1,839 short texts of the BBC and 2,743 other Reuters articles. With 52 topics nothing was gained. The least
is what 7,317 newsgroup posts of 20 labels need for the mutual information of five seeds to differ by less than 0.01.
"""

GAIN_UNITS = 4000
"""Units up to which the repeats tell their held-out gain: it chooses the number of topics, on a sample."""

LARGEST_SAMPLE = 10_000
"""Units drawn for one repeat, about, at most: the rest are only placed."""

BLOCK = 10_000
"""Units that are placed at once, to bound the memory."""

ROUNDS = {"base": 3, "repeat": 4, "last": 12}
"""Rounds of refinement, at most: of a base partition, of what those of a repeat agree on, and of what all agree on."""

STARTS = {"repeat": 4, "last": 10}
"""Starts of a consensus: of the partitions of a repeat, and of all. Ten for both were no better, and took longer."""


@dataclass(frozen=True, eq=False)
class Repeats:
    """The clustering repeated, each time on another bootstrap sample of the units.

    Attributes
    ----------
    labels : ndarray of int16 of shape (n_repeats, n_units)
        Units that were not drawn are placed by the topics of those that were.
    drawn : ndarray of bool of shape (n_repeats, n_units)
    gain : ndarray of shape (n_repeats,)
        `mixtures.held_out_gain` at the units not drawn; NaN where all were drawn, or there are more than
        `GAIN_UNITS` units.
    """

    labels: np.ndarray
    drawn: np.ndarray
    gain: np.ndarray


def cluster(
    units: Space,
    n_topics: int,
    *,
    groups: np.ndarray | None = None,
    n_repeats: int | None = None,
    n_bases: int | None = None,
    random_state: int = 0,
) -> tuple[Mixture, np.ndarray, Repeats]:
    """Fit ``n_topics`` topics, and repeat the whole fit on bootstrap samples.

    Each repeat starts anew: groups of units are drawn with replacement (each unit drawn counts once), base partitions
    are made of them, their consensus (`consensus.agreed`) is refined, and the units not drawn are placed by the topics
    found. A base partition draws again, from the units of the repeat: spherical k-means, refined by
    `refinement.refine`. The topics are made in the same way from all partitions, those of the repeats and those of the
    bases; where the groups of a consensus differ much in size, its refinement takes `refinement.UNLIKE`.

    Parameters
    ----------
    units : Space
    n_topics : int
    groups : ndarray of int of shape (n_units,), numbered from 0 without gaps, optional
        Units that are drawn together; by default each unit on its own.
    n_repeats, n_bases : int, optional
        Repeats, and base partitions in each, by default as `usual` has them. With one base, it is the repeat itself.
    random_state : int, default=0

    Returns
    -------
    mixture : Mixture
    memberships : ndarray of shape (n_units, n_topics), rows sum to 1
    repeats : Repeats
    """
    n_units = len(units.points)
    groups = np.arange(n_units) if groups is None else groups
    at_best = usual(n_units, n_topics)
    n_repeats, n_bases = n_repeats or at_best[0], n_bases or at_best[1]
    partitions = np.zeros((n_repeats, n_bases, n_units), dtype=np.int16)
    labels = np.zeros((n_repeats, n_units), dtype=np.int16)
    drawn = np.zeros((n_repeats, n_units), dtype=bool)
    gain = np.full(n_repeats, np.nan)
    for repeat in range(n_repeats):
        seed = [random_state, n_topics, repeat]
        rows = _draw(units, groups, LARGEST_SAMPLE / max(n_units, 1), seed)
        drawn[repeat, rows] = True
        partitions[repeat], labels[repeat], gain[repeat] = _repeat(units, rows, n_topics, groups, n_bases, seed)
    everything = labels if n_bases == 1 else np.concatenate([partitions.reshape(-1, n_units), labels])
    del partitions
    mixture, memberships = _agree(units, everything, n_topics, "last", random_state)
    return mixture, memberships, Repeats(labels, drawn, gain)


def usual(n_units: int, n_topics: int) -> tuple[int, int]:
    """Return how many repeats a corpus gets, and how many partitions in each: `WORK` by units and topics, bounded."""
    worth = WORK // max(n_units * n_topics, 1)
    return min(max(worth, LEAST[0]), MOST[0]), min(max(worth, LEAST[1]), MOST[1])


def _draw(units: Space, groups: np.ndarray, share: float, seed: list[int]) -> np.ndarray:
    r"""Rows of the groups drawn with replacement, as many as there are, or their share of them where that is less.

    Each group is there with the probability :math:`1 - e^{-s}`, s the share and at most 1, whatever the others are: as
    if it were drawn a number of times that is Poisson with mean s [1]_. So one group more changes nothing for the rest.

    References
    ----------
    .. [1] N. C. Oza and S. Russell (2001), Online bagging and boosting.
    """
    keys = np.arange(len(groups), dtype=np.uint64) if units.keys is None else units.keys
    chance = chances.uniform(chances.of_groups(keys, groups), seed)
    there = chance <= max(-np.expm1(-min(share, 1.0)), chance.min(initial=1.0))
    return np.flatnonzero(there[groups])


def _agree(
    units: Space, partitions: np.ndarray, n_topics: int, use: str, random_state: int | list[int]
) -> tuple[Mixture, np.ndarray]:
    start, uneven = consensus.agreed(
        partitions, n_topics, keys=units.keys, n_starts=STARTS[use], random_state=random_state
    )
    return refine(units, start, n_topics, n_rounds=ROUNDS[use], **(UNLIKE if uneven else {}))


def _repeat(
    units: Space, rows: np.ndarray, n_topics: int, groups: np.ndarray, n_bases: int, seed: list[int]
) -> tuple[np.ndarray, np.ndarray, float]:
    """Make base partitions of all units and the labels of their consensus in ``rows``, and tell its held-out gain."""
    n_topics = min(n_topics, len(rows))
    part = units.take(rows)
    bases = np.zeros((n_bases, len(units.points)), dtype=np.int16)
    if n_bases == 1:
        start = spherical_kmeans(part.points, n_topics, keys=part.keys, random_state=seed)
        mixture, memberships = refine(part, start, n_topics, n_rounds=ROUNDS["base"])
    else:
        own = np.unique(groups[rows], return_inverse=True)[1]
        for base in range(n_bases):
            inner = rows[_draw(part, own, 1.0, [*seed, base])]
            bases[base] = _base(units, inner, min(n_topics, len(inner)), [*seed, base])
        mixture, memberships = _agree(part, bases[:, rows], n_topics, "repeat", seed)
    labels = _placed(units, rows, mixture, memberships)
    if not 0 < len(units.points) - len(rows) <= len(units.points) <= GAIN_UNITS:
        return bases, labels, np.nan
    rest = np.setdiff1d(np.arange(len(labels)), rows)
    return bases, labels, held_out_gain(part, memberships, units.weighted[rest])


def _base(units: Space, rows: np.ndarray, n_topics: int, seed: list[int]) -> np.ndarray:
    """Labels of all units by the topics of the units in ``rows``."""
    part = units.take(rows)
    start = spherical_kmeans(part.points, n_topics, keys=part.keys, random_state=seed)
    mixture, memberships = refine(part, start, n_topics, n_rounds=ROUNDS["base"])
    return _placed(units, rows, mixture, memberships)


def _placed(units: Space, rows: np.ndarray, mixture: Mixture, memberships: np.ndarray) -> np.ndarray:
    """Labels of all units: those of ``rows`` by their memberships, the others by where the mixture puts them."""
    labels = np.zeros(len(units.points), dtype=np.int16)
    labels[rows] = memberships.argmax(axis=1)
    rest = np.setdiff1d(np.arange(len(labels)), rows)
    for start in range(0, len(rest), BLOCK):
        at = rest[start : start + BLOCK]
        if units.by_points:
            labels[at] = expect_points(mixture, units.points[at]).argmax(axis=1)
        else:
            labels[at] = expect(mixture, units.weighted[at]).argmax(axis=1)
    return labels
