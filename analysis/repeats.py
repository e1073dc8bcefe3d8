"""Topics of units: the clustering repeated on bootstrap samples, and what the repeats agree on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis import chances, consensus
from analysis.clustering import Space
from analysis.directions import spherical_kmeans
from analysis.mixtures import Mixture, expect, expect_points, held_out_gain
from analysis.refinement import UNLIKE, describe, refine

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

FLAT = 0.9
"""Effective number of a base partition's groups, as a share of the topics, above which topics are of like size.

Spherical k-means makes groups of like size where it can. On 35 samples of 3 to 20 labels (newsgroups, Reuters, BBC, AG
News) and on sentence embeddings of five of them it was 0.66 to 0.90 for Reuters R8 and others of very unlike sizes, and
above that for all but the 20 newsgroups, which `DIFFER` sets right.
"""

DIFFER, CLEAR, TRIED = 0.95, 0.035, (2, 4)
"""Ratio of effective numbers of groups from which on groups as large as they come are of like size; how far from it
the ratio is clear; and repeats that are made in both ways to see it: at least, and where it does not become clear."""

FEWEST = 100
"""Units below which the ratio is `consensus.UNEVEN`: what a few paragraphs come to is chance, and words of few units
would describe it."""

STARTS = {"repeat": 4, "last": 10}
"""Starts of a consensus: of the partitions of a repeat, and of all. Ten for both were no better, and took longer."""

LEFT_OUT = {"repeat": 0.75, "last": 0.5}
"""Part of its own words that a unit is judged without, see `refinement.refine`: more where few partitions agree.

At the last, 0.5 was better than 0.75 by 0.005 of normalised mutual information in the mean of 35 samples; than 0.35 and
0.2 it was no worse. Below `FEWEST` units it is 0.75 at the last too: with 0.5, topics of noise came back more often.
"""

VOTE = 0.5
"""Weight of the partitions' votes in the memberships, beside the probabilities under the mixture; see `cluster`.

On 35 samples of 3 to 20 labels voting was worth 0.0025 of normalised mutual information with groups of like size. With
groups as large as they come, votes alone agreed better with the labels of Reuters R8 (by 0.02), but left up to 5 of 12
topics without a unit; with half of the weight, or two thirds, none was lost.
"""


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
    are made of them, what these agree on is refined, and the units not drawn are placed by the topics found. A base
    partition draws again, from the units of the repeat: spherical k-means, refined by `refinement.refine`. The topics
    are made in the same way from all partitions, those of the repeats and those of the bases.

    Partitions agree on groups of like size (`consensus.of_like_size`) or on groups as large as they come
    (`consensus.as_they_come`, refined with `refinement.UNLIKE`). The second is taken if the base partitions' groups
    differ in size (`FLAT`) and, in the first repeats, which are then made in both ways, groups as large as they come
    differ in size more than the others do (`DIFFER`).

    At the last the partitions vote: a unit belongs to a topic as much as the units that they put it with do, in their
    mean. The memberships are the mean of those votes and of the probabilities under the mixture (`VOTE`).

    With one base partition in each repeat, `consensus.agreed` chooses.

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
    if n_bases == 1:
        return _of_single(units, n_topics, groups, n_repeats, random_state)
    partitions = np.zeros((n_repeats, n_bases, n_units), dtype=np.int16)
    drawn = np.zeros((n_repeats, n_units), dtype=bool)
    seeds = [[random_state, n_topics, repeat] for repeat in range(n_repeats)]
    for repeat, seed in enumerate(seeds):
        rows = _draw(units, groups, LARGEST_SAMPLE / max(n_units, 1), seed)
        drawn[repeat, rows] = True
        partitions[repeat] = _bases(units, rows, n_topics, groups, n_bases, seed)
    shapes = (False, True) if _flat(partitions, n_topics) < FLAT else (False,)
    found: list[dict[bool, tuple[np.ndarray, float]]] = []
    for repeat, seed in enumerate(seeds):
        rows = np.flatnonzero(drawn[repeat])
        found.append({s: _repeat(units, rows, partitions[repeat], n_topics, s, seed) for s in shapes})
        if len(shapes) > 1 and repeat + 1 >= min(TRIED[0], n_repeats):
            uneven = _uneven(found, repeat + 1 >= min(TRIED[1], n_repeats))
            shapes = shapes if uneven is None else (uneven,)
    labels = np.array([repeat[shapes[0]][0] for repeat in found])
    gain = np.array([repeat[shapes[0]][1] for repeat in found])
    everything = np.concatenate([partitions.reshape(-1, n_units), labels])
    del partitions, found
    mixture, memberships = _agree(units, everything, n_topics, shapes[0], "last", random_state)
    votes = consensus.votes(memberships.argmax(axis=1), everything, n_topics)
    memberships = VOTE * votes + (1 - VOTE) * memberships
    return describe(units, memberships, mixture), memberships, Repeats(labels, drawn, gain)


def _flat(partitions: np.ndarray, n_topics: int) -> float:
    """Return the mean effective number of the groups of base partitions, as a share of the topics."""
    every = partitions.reshape(-1, partitions.shape[-1])
    return round(float(np.mean([consensus.effective_number(labels) for labels in every])) / n_topics, 9)


def _uneven(found: list[dict[bool, tuple[np.ndarray, float]]], at_last: bool) -> bool | None:
    """Say whether groups as large as they come differ in size more than the others do; None before that is clear."""
    number = [np.mean([consensus.effective_number(repeat[shape][0]) for repeat in found]) for shape in (False, True)]
    ratio = round(number[1] / number[0], 9)
    bound = DIFFER if len(found[0][True][0]) >= FEWEST else consensus.UNEVEN
    return bool(ratio < bound) if at_last or abs(ratio - bound) >= CLEAR else None


def _of_single(
    units: Space, n_topics: int, groups: np.ndarray, n_repeats: int, random_state: int
) -> tuple[Mixture, np.ndarray, Repeats]:
    """Cluster with one base partition in each repeat: quick, for where only the number of topics is chosen."""
    n_units = len(units.points)
    labels = np.zeros((n_repeats, n_units), dtype=np.int16)
    drawn = np.zeros((n_repeats, n_units), dtype=bool)
    gain = np.full(n_repeats, np.nan)
    for repeat in range(n_repeats):
        seed = [random_state, n_topics, repeat]
        rows = _draw(units, groups, LARGEST_SAMPLE / max(n_units, 1), seed)
        drawn[repeat, rows] = True
        part = units.take(rows)
        start = spherical_kmeans(part.points, min(n_topics, len(rows)), keys=part.keys, random_state=seed)
        mixture, memberships = refine(part, start, min(n_topics, len(rows)), n_rounds=ROUNDS["base"])
        labels[repeat] = _placed(units, rows, mixture, memberships)
        gain[repeat] = _gain(units, rows, part, memberships)
    start, uneven = consensus.agreed(labels, n_topics, keys=units.keys, random_state=random_state)
    fitted = refine(units, start, n_topics, n_rounds=ROUNDS["last"], **(UNLIKE if uneven else {}))
    return *fitted, Repeats(labels, drawn, gain)


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
    units: Space, partitions: np.ndarray, n_topics: int, uneven: bool, use: str, random_state: int | list[int]
) -> tuple[Mixture, np.ndarray]:
    use_of_words = use if partitions.shape[1] >= FEWEST else "repeat"
    settings = {"n_rounds": ROUNDS[use], "left_out": LEFT_OUT[use_of_words]}
    if uneven and 1 < n_topics < partitions.shape[1]:
        start = consensus.as_they_come(partitions, n_topics, keys=units.keys, random_state=random_state)
        return refine(units, start, n_topics, **settings, **UNLIKE)
    start = consensus.of_like_size(
        partitions, n_topics, keys=units.keys, n_starts=STARTS[use], random_state=random_state
    )
    return refine(units, start, n_topics, **settings)


def _bases(
    units: Space, rows: np.ndarray, n_topics: int, groups: np.ndarray, n_bases: int, seed: list[int]
) -> np.ndarray:
    """Make base partitions of all units, each from units drawn anew from those in ``rows``."""
    part, own = units.take(rows), np.unique(groups[rows], return_inverse=True)[1]
    inner = [rows[_draw(part, own, 1.0, [*seed, base])] for base in range(n_bases)]
    return np.stack([_base(units, some, min(n_topics, len(some)), [*seed, base]) for base, some in enumerate(inner)])


def _repeat(
    units: Space, rows: np.ndarray, bases: np.ndarray, n_topics: int, uneven: bool, seed: list[int]
) -> tuple[np.ndarray, float]:
    """Return the labels that base partitions agree on in ``rows``, of all units, and tell their held-out gain."""
    part = units.take(rows)
    mixture, memberships = _agree(part, bases[:, rows], min(n_topics, len(rows)), uneven, "repeat", seed)
    return _placed(units, rows, mixture, memberships), _gain(units, rows, part, memberships)


def _gain(units: Space, rows: np.ndarray, part: Space, memberships: np.ndarray) -> float:
    rest = np.setdiff1d(np.arange(len(units.points)), rows)
    if not 0 < len(rest) <= len(units.points) <= GAIN_UNITS:
        return np.nan
    return held_out_gain(part, memberships, units.weighted[rest])


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
