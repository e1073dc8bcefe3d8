"""The fit: articles to units, units to a number of topics, topics to a model that is named and judged."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import (
    chances,
    clustering,
    directions,
    frames,
    freed_memory,
    mixtures,
    repeats,
    strangers,
    tokens,
    topic_continuity,
    topic_labels,
    topic_model,
    topic_number,
    topic_placement,
    topic_quality,
    topic_stems,
    topic_units,
)
from analysis.topic_model import TopicModel


def fit_topics(
    articles: pd.DataFrame,
    *,
    n_topics: int | None = None,
    unit: str = "auto",
    vectors: np.ndarray | None = None,
    rule: tokens.TokenRule = tokens.DEFAULT,
    previous: TopicModel | None = None,
    random_state: int = 0,
) -> TopicModel:
    """Cluster articles or paragraphs into topics.

    The result does not depend on the order of the articles, on the number of threads or on the process. What chance
    decides about a unit hangs on its ``article_id``, so that one article more leaves the chances of the others alone.

    Parameters
    ----------
    articles : DataFrame
        ``article_id``, ``text``; ``story_id`` is used if there: articles of one story are resampled together.
    n_topics : int, optional
        Chosen by `topic_number.select` if not given. Topics that end up without a unit are dropped.
    unit : {"auto", "article", "paragraph"}, default="auto"
        "auto" takes paragraphs where there are fewer than `FEW_ARTICLES` articles and no ``vectors``.
    vectors : array of shape (n_units, any), optional
        One vector per unit, in the order of the articles (and of their body paragraphs): sentence embeddings, say.
        They decide the topics instead of the words; the words still describe them.
    rule : TokenRule, optional
        What a token is, as for `tokens.document_terms`: with ``multiword`` expressions, "United States" is one term.
    previous : TopicModel, optional
        An earlier model of nearly the same corpus. Its number of topics, its division of the units and its numbers
        and names stand as far as the texts leave them open: see `topic_continuity` and `topic_placement.renumber`.
    random_state : int, default=0

    Returns
    -------
    TopicModel

    Raises
    ------
    TypeError
        If ``n_topics`` or ``random_state`` is no integer, or ``rule`` no `tokens.TokenRule`.
    ValueError
        If ``n_topics`` is not between 1 and the number of units with a term, ``unit`` is unknown, or ``vectors`` has
        the wrong number of rows or a value that is not finite.
    """
    frames.require_articles(articles)
    if not isinstance(rule, tokens.TokenRule):
        raise TypeError(f"rule must be a tokens.TokenRule, not {rule!r}")
    if isinstance(random_state, bool) or not isinstance(random_state, int | np.integer):
        raise TypeError(f"random_state must be an integer, not {random_state!r}")
    unit, reason = topic_units.choose(articles, unit, vectors)
    counted = topic_units.counted(articles, unit, rule)
    vectors = topic_units.check_vectors(vectors, counted.units)
    if n_topics is not None:
        topic_units.check_number(n_topics, len(counted.filled), unit)
    if vectors is not None:
        vectors = vectors[counted.filled]
    groups = topic_units.groups(counted, unit)
    freed_memory.keep()
    with clustering.one_thread():
        found = _find(counted, groups, n_topics, vectors, previous, random_state)
        model = _describe(articles, counted, n_topics, unit, reason, rule, *found)
    return model if previous is None else topic_placement.renumber(model, earlier=previous)


def _find(
    counted: topic_units.Counted,
    groups: np.ndarray,
    n_topics: int | None,
    vectors: np.ndarray | None,
    previous: TopicModel | None,
    random_state: int,
) -> tuple[clustering.Space, pd.DataFrame, mixtures.Mixture, np.ndarray, np.ndarray, np.ndarray]:
    """Topics in the order of size: the space they lie in, how many there are and why, and how well they come back."""
    counts, n_units = counted.counts, len(counted.filled)
    selection = topic_number.no_selection()
    if n_units == 0:
        space = clustering.Space(counts.astype(np.float64), np.zeros((0, 1)), np.zeros(counts.shape[1]))
        return space, selection, *topic_model.nothing(counts.shape[1]), np.zeros(0, dtype=np.int64), np.zeros(0)
    most = max(topic_number.candidates(n_units), default=1) if n_topics is None else n_topics
    keys = chances.keys(counted.units.iloc[counted.filled])
    settings = {"n_topics": most, "vectors": vectors, "keys": keys, "random_state": random_state}
    stemmed = counted.n_words < counts.shape[1]
    space = clustering.space(counts, twice=stemmed, **settings)
    if n_topics is None and n_units >= 2 * topic_number.PER_TOPIC and _differ(space.points):
        words = counts[:, : counted.n_words]
        of_words = clustering.space(words, **settings) if stemmed else space
        selection = topic_number.select(of_words, words, groups, counted.labelling, random_state=random_state)
        n_topics = int(selection.loc[selection["choice"] == "chosen", "n_topics"].iloc[0])
        n_topics = n_topics if previous is None else topic_continuity.number(selection, previous)
    mixture, memberships, repeated = repeats.cluster(space, n_topics or 1, groups=groups, random_state=random_state)
    if previous is not None:
        units = counted.units.iloc[counted.filled]
        mixture, memberships = topic_continuity.division(space, units, previous, (mixture, memberships), repeated)
    mixture, memberships, labels = topic_model.by_size(mixture, memberships)
    k = memberships.shape[1]
    stability = topic_quality.stability(labels, repeated, k) if k > 1 else np.full(k, np.nan)
    return space, selection, mixture, memberships, labels, stability


def _describe(
    articles, counted, n_topics, unit, reason, rule, space, selection, mixture, memberships, labels, stability
) -> TopicModel:
    k, n_units = memberships.shape[1], len(counted.units)
    of_words = topic_stems.of_words(mixture, counted.vocabulary)
    best = topic_labels.candidates(of_words, counted.labelling, topic_number.N_TOP)
    topics = pd.DataFrame(
        {
            "topic": np.arange(k, dtype=np.int64),
            "label": pd.Series(_labels(articles, counted, mixture, space.points, labels, best, rule), dtype="str"),
            "n_units": np.bincount(labels, minlength=k).astype(np.int64),
            "coherence": topic_quality.npmi_coherence(counted.counts, best).round(directions.DIGITS),
            "exclusivity": topic_quality.exclusivity(of_words.terms, best).round(directions.DIGITS),
            "stability": stability.round(directions.DIGITS),
        }
    )
    topic, margin = np.full(n_units, -1, dtype=np.int64), np.zeros(n_units)
    topic[counted.filled], margin[counted.filled] = labels, topic_model.margins(memberships)
    return TopicModel(
        topics=topics,
        assignments=topic_model.assignments(counted.units, topic, margin),
        terms=topic_model.typical_terms(of_words, counted, best),
        selection=selection,
        units=counted.units,
        unit=unit,
        reason=reason,
        verdict=topic_model.verdict(len(labels), unit, stability, asked=n_topics == 1),
        memberships=topic_model.spread(memberships, counted.filled, n_units),
        points=topic_model.spread(space.points, counted.filled, n_units),
        mixture=mixture,
        entropy=space.entropy,
        vocabulary=counted.vocabulary,
        familiar=strangers.familiar(mixture, space.weighted, labels, counted.known, counted.n_terms),
        by_points=space.by_points,
        rule=rule,
    )


def _differ(points: np.ndarray) -> bool:
    return bool(np.ptp(np.round(points, 4), axis=0).max(initial=0.0) > 0)


def _labels(
    articles: pd.DataFrame,
    counted: topic_units.Counted,
    mixture: mixtures.Mixture,
    points: np.ndarray,
    labels: np.ndarray,
    best: list[np.ndarray],
    rule: tokens.TokenRule,
) -> list[str]:
    """Name the topics by their words and the phrases of their most central units."""
    centrality = np.round(np.einsum("ij,ij->i", points, mixture.centres[labels]), directions.DIGITS)
    order = np.lexsort((np.arange(len(labels)), -centrality, labels))
    rank = np.arange(len(order)) - np.searchsorted(labels[order], labels[order])
    read = order[rank < topic_labels.READ]
    units = counted.units.iloc[counted.filled[read]].assign(topic=labels[read])
    words = [[str(counted.vocabulary[c]) for c in columns] for columns in best]
    surfaces = [[str(counted.surfaces[c]) for c in columns] for columns in best]
    return [
        topic_labels.label(w, s, phrase, rule)
        for w, s, phrase in zip(words, surfaces, topic_labels.phrases(articles, units, words, rule), strict=True)
    ]
