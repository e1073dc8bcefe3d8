"""The topic model: what a fit gives, and the frames that it is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis import directions, mixtures, strangers, tokens, topic_quality, topic_units

STABLE = 0.5
"""Chance-corrected Jaccard index from which a topic counts as stable.

Noise stays below: of 864 topics fitted to 192 corpora of words drawn at random (30 to 300 units of 30 or 200 words, 2
to 8 topics), 1 reached it, where 30 units were divided into 8; in each setting 95% stayed at or below 0.44
(`tests/benchmarks/topic_noise.py`).
"""

WEAK_MARGIN = 0.2
"""A unit whose best topic leads by less is assigned weakly."""

N_TERMS = 30
"""Terms kept per topic in `TopicModel.terms`."""


@dataclass(frozen=True, eq=False)
class TopicModel:
    """Topics of a corpus, and all that is needed to judge and to draw them.

    Attributes
    ----------
    topics : DataFrame, one row per topic, 0 the largest
        ``topic`` int64; ``label`` str; ``n_units`` int64; ``coherence`` in [-1, 1], ``exclusivity`` in (0, 1],
        ``stability`` (0 as by chance, 1 perfect) float64
    assignments : DataFrame, one row per unit
        ``article_id`` str; ``segment`` int64, -1 where the unit is an article; ``topic`` int64, -1 for a unit without
        a term; ``margin`` float64 in [0, 1], lead of the best topic over the next in probability; ``weak`` bool
    terms : DataFrame, the most typical terms of each topic
        ``topic`` int64; ``term`` str; ``weight`` float64, probability of the term among the topic's words; ``rank``
        int64 from 1: the ten most typical in the order of `topic_quality.frex`, as the label has them, then the rest
    selection : DataFrame, one row per number of topics tried
        as of `topic_number.select`; without rows if the number was given
    units : DataFrame, one row per unit, in the order of ``assignments``
        ``article_id``, ``segment``, ``start``, ``end``: the text that was clustered; ``story_id``: that of its article
    unit : {"article", "paragraph"}
    reason : str
        Why that unit.
    verdict : str
        What the topics may be used for, in one sentence.
    memberships : ndarray of shape (n_units, n_topics)
        Probability of each topic for each unit; NaN for a unit without a term.
    points : ndarray of shape (n_units, n_dims)
        Units as directions of length 1, as clustered.
    mixture : mixtures.Mixture
    entropy : ndarray of shape (n_terms,)
        Global weight of each term.
    vocabulary : ndarray of str of shape (n_terms,)
        Words, and for short texts their stems, see `topic_stems`.
    familiar : strangers.Familiar
        What the units are like, so that a unit from elsewhere is told.
    by_points : bool
        Whether vectors of the user's own decided.
    rule : TokenRule
        What was counted as a token.
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    terms: pd.DataFrame
    selection: pd.DataFrame
    units: pd.DataFrame
    unit: str
    reason: str
    verdict: str
    memberships: np.ndarray
    points: np.ndarray
    mixture: mixtures.Mixture
    entropy: np.ndarray
    vocabulary: np.ndarray
    familiar: strangers.Familiar
    by_points: bool
    rule: tokens.TokenRule = tokens.DEFAULT


def nothing(n_terms: int) -> tuple[mixtures.Mixture, np.ndarray]:
    """Return a mixture and memberships of no topics."""
    return mixtures.Mixture(np.zeros((0, n_terms)), np.zeros(0), np.zeros(n_terms), np.zeros((0, 1))), np.zeros((0, 0))


def reorder(mixture: mixtures.Mixture, order: np.ndarray) -> mixtures.Mixture:
    """Return the mixture with its topics in that order."""
    return replace(
        mixture,
        terms=mixture.terms[order],
        shares=mixture.shares[order],
        centres=mixture.centres[order],
        tokens=None if mixture.tokens is None else mixture.tokens[order],
    )


def by_size(mixture: mixtures.Mixture, memberships: np.ndarray) -> tuple[mixtures.Mixture, np.ndarray, np.ndarray]:
    """Put topics in the order of size, ties by first unit; drop those that no unit belongs to most.

    Returns
    -------
    mixture : Mixture
    memberships : ndarray of shape (n_units, n_topics)
    labels : ndarray of int of shape (n_units,)
        The topic of each unit, which in ties is the one that came first before.
    """
    labels = memberships.argmax(axis=1) if memberships.size else np.zeros(len(memberships), dtype=np.int64)
    found, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    by = np.lexsort((first, -sizes))
    order, place = found[by], np.argsort(by)
    memberships = memberships[:, order]
    memberships = np.round(memberships / memberships.sum(axis=1, keepdims=True), directions.DIGITS)
    return reorder(mixture, order), memberships, place[np.searchsorted(found, labels)]


def margins(memberships: np.ndarray) -> np.ndarray:
    """Return the lead of each unit's best topic over the next, in probability."""
    if memberships.shape[1] < 2:
        return memberships[:, 0] if memberships.size else np.zeros(len(memberships))
    ordered = np.sort(memberships, axis=1)
    return (ordered[:, -1] - ordered[:, -2]).round(directions.DIGITS)


def assignments(units: pd.DataFrame, topic: np.ndarray, margin: np.ndarray) -> pd.DataFrame:
    """Return the frame of `TopicModel.assignments`."""
    return units[["article_id", "segment"]].assign(topic=topic, margin=margin, weak=margin < WEAK_MARGIN)


def spread(rows: np.ndarray, filled: np.ndarray, n_units: int) -> np.ndarray:
    """Return an array of all units: ``rows`` where they are filled, NaN elsewhere."""
    full = np.full((n_units, rows.shape[1]), np.nan)
    full[filled] = rows
    return full


def typical_terms(mixture: mixtures.Mixture, counted: topic_units.Counted, best: list[np.ndarray]) -> pd.DataFrame:
    """Return the frame of `TopicModel.terms`: first ``best``, words that may name a topic, as its label has them."""
    typical = topic_quality.typical(mixture, counted.labelling, N_TERMS)
    rows = [
        {
            "topic": k,
            "term": counted.surfaces[column],
            "weight": round(float(mixture.terms[k, column]), 8),
            "rank": rank,
        }
        for k, columns in enumerate(typical)
        for rank, column in enumerate([*best[k], *columns[len(best[k]) :]], start=1)
    ]
    frame = pd.DataFrame(rows, columns=["topic", "term", "weight", "rank"])
    return frame.astype({"topic": "int64", "term": "str", "weight": "float64", "rank": "int64"})


def verdict(n_units: int, unit: str, stability: np.ndarray, *, asked: bool = False) -> str:
    """Say what the topics may be used for; ``asked`` says that their number was given."""
    n_stable, n = int((stability >= STABLE).sum()), len(stability)
    if n == 0:
        return "No text, no topics."
    if n == 1 and asked:
        return "One topic, as asked for: nothing is divided, and nothing is found."
    if n == 1:
        return f"One topic: {n_units} {unit}{'s were' if n_units != 1 else ' was'} too few or too alike to be divided."
    if n_stable == 0:
        return f"No stable structure: none of {n} clusters comes back when the {unit}s are resampled."
    if n_units < topic_units.FEW_UNITS:
        return f"A reading aid and not a finding: {n_units} {unit}s are fewer than {topic_units.FEW_UNITS}."
    return f"{n_stable} of {n} topics come back when the {unit}s are resampled."
