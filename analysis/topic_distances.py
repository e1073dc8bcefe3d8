"""How near topics, and the units in them, lie to each other: topics on a plane, units in a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import clustering, directions, topic_stems

if TYPE_CHECKING:
    from analysis.topic_model import TopicModel


def topic_map(model: TopicModel) -> pd.DataFrame:
    r"""Place topics on a plane by classical scaling [1]_ of their Hellinger distances.

    The Hellinger distance of two topics is :math:`\sqrt{1 - \sum_v \sqrt{p_v q_v}}`, in [0, 1].

    Returns
    -------
    DataFrame, one row per topic
        ``topic`` : int64
        ``label`` : str
        ``x``, ``y`` : float64, Hellinger distance units; 0 where the topics span fewer dimensions
        ``n_units`` : int64
        ``stability`` : float64
        ``explained`` : float64 in [0, 1], share of the squared distances that the plane shows; NaN for one topic
        ``nearest`` : int64, the topic at the least distance, the plane aside; -1 for one topic
        ``nearest_distance``, ``farthest_distance`` : float64 in [0, 1], Hellinger distances; NaN for one topic

    References
    ----------
    .. [1] W. S. Torgerson (1952), Multidimensional scaling: I. Theory and method.
    """
    with clustering.one_thread():
        roots = np.sqrt(topic_stems.of_words(model.mixture, model.vocabulary).terms)
        squared = directions.round_significant(np.clip(1 - roots @ roots.T, 0.0, None))
        np.fill_diagonal(squared, 0.0)
        centre = np.eye(len(squared)) - 1 / max(len(squared), 1)
        values, vectors = np.linalg.eigh(-centre @ squared @ centre / 2)
        values = np.clip(values[::-1], 0.0, None)
        vectors = directions.canonical(values, vectors[:, ::-1])
        positions = np.zeros((len(squared), 2))
        n = min(2, len(squared))
        positions[:, :n] = directions.fix_signs(vectors[:, :n] * np.sqrt(values[:n]))
        explained = values[:2].sum() / values.sum() if values.sum() > 0 else np.nan
    topics, distance = model.topics, np.sqrt(squared)
    apart, alone = distance + 2 * np.eye(len(distance)), len(distance) < 2
    nearest = np.full(len(distance), -1) if alone else apart.argmin(axis=1)
    nothing = np.full(len(distance), np.nan)
    return pd.DataFrame(
        {
            "topic": topics["topic"],
            "label": topics["label"],
            "x": directions.round_significant(positions[:, 0]),
            "y": directions.round_significant(positions[:, 1]),
            "n_units": topics["n_units"],
            "stability": topics["stability"],
            "explained": round(float(explained), directions.DIGITS),
            "nearest": nearest.astype(np.int64),
            "nearest_distance": nothing if alone else apart.min(axis=1).round(directions.DIGITS),
            "farthest_distance": nothing if alone else distance.max(axis=1).round(directions.DIGITS),
        }
    )


def topic_dendrogram(model: TopicModel) -> pd.DataFrame:
    """Join units step by step into a tree: average linkage of their cosine distances.

    Returns
    -------
    DataFrame, one row per join, nearest first; units are numbered from 0 as in the assignments, joins from n_units on
        ``left``, ``right`` : int64, what is joined
        ``distance`` : float64, mean of 1 - cosine over the pairs of units, in [0, 2]
        ``n_units`` : int64, units below the join

    Raises
    ------
    ValueError
        If there are more than 2,000 units: the tree needs all their pairs, and could not be read.
    """
    from scipy.cluster.hierarchy import linkage

    placed = np.flatnonzero(model.assignments["topic"].to_numpy() >= 0)
    if len(placed) > 2000:
        raise ValueError(f"a dendrogram of {len(placed)} units cannot be read; at most 2000")
    columns = {"left": "int64", "right": "int64", "distance": "float64", "n_units": "int64"}
    if len(placed) < 2:
        return pd.DataFrame({c: pd.Series(dtype=t) for c, t in columns.items()})
    with clustering.one_thread():
        points = model.points[placed]
        distance = np.clip(np.round(1 - points @ points.T, directions.DIGITS), 0.0, None)
        joins = linkage(distance[np.triu_indices(len(placed), 1)], method="average")
    names = np.concatenate([placed, len(model.assignments) + np.arange(len(joins))])
    frame = pd.DataFrame(joins, columns=list(columns))
    frame[["left", "right"]] = names[frame[["left", "right"]].to_numpy().astype(np.int64)]
    return frame.round({"distance": directions.DIGITS}).astype(columns)
