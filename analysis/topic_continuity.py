"""Continuity: what an earlier model of nearly the same corpus leaves to a later one, as far as the texts allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import mixtures, refinement, topic_quality
from analysis.clustering import Space
from analysis.repeats import Repeats
from analysis.topic_model import TopicModel


def number(selection: pd.DataFrame, earlier: TopicModel) -> int:
    """Return the earlier number of topics where the later selection leaves it open, else the number chosen.

    Open are the numbers of the range, and the number chosen; see `topic_number.choose`.

    Parameters
    ----------
    selection : DataFrame
        As of `topic_number.select`, not empty.
    earlier : TopicModel
    """
    chosen = int(selection.loc[selection["choice"] == "chosen", "n_topics"].iloc[0])
    numbers = [*selection.loc[selection["score"].notna(), "n_topics"], chosen]
    k = len(earlier.topics)
    return k if min(numbers) <= k <= max(numbers) else chosen


def division(
    space: Space,
    units: pd.DataFrame,
    earlier: TopicModel,
    fresh: tuple[mixtures.Mixture, np.ndarray],
    repeats: Repeats,
) -> tuple[mixtures.Mixture, np.ndarray]:
    """Return the topics of the earlier division where they are as good as those of a repeat; else the fresh ones.

    The earlier division takes in the units that only the later model holds, each in the topic that the fresh one puts
    it with; then all units are judged once by the topics so made (`refinement.refine`; more rounds would wander off
    where structure is weak). It is taken if it shares at least as many units with the fresh topics as the repeat does
    that shares fewest (`topic_quality.match`): then the difference is none that another sample would not have made.

    Parameters
    ----------
    space : clustering.Space
    units : DataFrame
        ``article_id``, ``segment`` of each unit of the space.
    earlier : TopicModel
    fresh : tuple of Mixture and ndarray of shape (n_units, n_topics)
        What `repeats.cluster` found; as many topics as the earlier model has, or nothing can be taken over.
    repeats : Repeats

    Returns
    -------
    mixture : Mixture
    memberships : ndarray of shape (n_units, n_topics), rows sum to 1
    """
    labels, k = fresh[1].argmax(axis=1), fresh[1].shape[1]
    before = units.merge(earlier.assignments, on=["article_id", "segment"], how="left", validate="one_to_one")
    known = before["topic"].ge(0).fillna(False).to_numpy(dtype=bool)
    if k != len(earlier.topics) or k < 2 or not known.any():
        return fresh
    topic = before["topic"].fillna(-1).to_numpy(dtype=np.int64)
    partner, _ = topic_quality.match(topic[known], labels[known], k, k)
    start = np.where(known, topic, np.argsort(partner)[labels])
    settings = refinement.UNLIKE if fresh[0].share_power == refinement.UNLIKE["share_power"] else {}
    mixture, memberships = refinement.refine(space, start, k, n_rounds=1, **settings)
    nearest = min(_shared(labels, other.astype(np.int64)) for other in repeats.labels)
    return (mixture, memberships) if _shared(labels, memberships.argmax(axis=1)) >= nearest else fresh


def _shared(labels: np.ndarray, other: np.ndarray) -> float:
    """Share of the units that are in matched topics in both divisions."""
    n_topics = int(max(labels.max(initial=0), other.max(initial=0))) + 1
    partner, _ = topic_quality.match(labels, other, n_topics, n_topics)
    return float(np.mean(partner[labels] == other))
