"""Placement: new articles among the topics of a model, and the topics of a model among those of an earlier one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import clustering, directions, frames, mixtures, topic_model, topic_quality, topic_stems, topic_units
from analysis.topic_model import STABLE, TopicModel


def assign(model: TopicModel, articles: pd.DataFrame, *, vectors: np.ndarray | None = None) -> pd.DataFrame:
    """Place new articles among the topics of a model without refitting it.

    Parameters
    ----------
    model : TopicModel
    articles : DataFrame
        ``article_id``, ``text``.
    vectors : array of shape (n_units, n_dims), optional
        Needed where the model was fitted on vectors.

    Returns
    -------
    DataFrame, one row per unit (of the model's kind)
        ``article_id``, ``segment``, ``topic``, ``margin``, ``weak`` : as in `TopicModel.assignments`
        ``likelihood`` : float64, log-likelihood ratio of topic to corpus per weighted token
        ``known`` : float64 in [0, 1], share of the unit's different terms that the model knows
        ``fits`` : bool, False where the unit is a stranger to the model, and its topic is only the nearest one: it has
        no known term, or a smaller share of known terms than all but `strangers.UNKNOWN` of the model's units, or is
        less typical, by likelihood and known share, of texts of its length than all but `strangers.UNTYPICAL`; the
        model's units each held against the others. Where these are fewer than `FEW_UNITS`, half of the terms known is
        enough, and only the likelihood tells more

    Raises
    ------
    ValueError
        If the model has no topics, or needs vectors that are not given, or they have the wrong shape.
    """
    frames.require_articles(articles)
    if model.topics.empty:
        raise ValueError("the model has no topics: it was fitted on no text")
    if model.by_points != (vectors is not None):
        raise ValueError(
            "the model was fitted " + ("on vectors; give vectors" if model.by_points else "without vectors")
        )
    units, found, vocabulary, _ = topic_units.counts(articles, model.unit, model.rule)
    vectors = topic_units.check_vectors(vectors, units)
    terms, every = vocabulary, found
    if topic_stems.are_stems(model.vocabulary).any():
        every, terms = topic_stems.beside(found, vocabulary)
    where = pd.Index(terms).get_indexer(model.vocabulary)
    counts = sparse.csr_array((len(units), len(where)), dtype=np.int64)
    if (where >= 0).any():
        pick = sparse.csr_array(
            (np.ones(int((where >= 0).sum()), dtype=np.int64), (where[where >= 0], np.flatnonzero(where >= 0))),
            shape=(len(terms), len(where)),
        )
        counts = sparse.csr_array(every @ pick)
    with clustering.one_thread():
        weighted = clustering.weigh(counts, model.entropy)
        if vectors is not None:
            memberships = mixtures.expect_points(model.mixture, directions.unit_rows(vectors))
        else:
            memberships = mixtures.expect(model.mixture, weighted)
        known = np.asarray(weighted.sum(axis=1)).ravel() > 0
        topic = np.where(known, memberships.argmax(axis=1), -1).astype(np.int64)
        margin = np.where(known, topic_model.margins(memberships), 0.0)
        likelihood = mixtures.likelihood(model.mixture, weighted, np.maximum(topic, 0))
    likelihood = np.where(known, likelihood, np.nan).round(directions.DIGITS)
    share = topic_units.shares_of(found, pd.Index(model.vocabulary).get_indexer(vocabulary) >= 0)
    fits = known & model.familiar.holds(np.nan_to_num(likelihood), share, np.diff(found.indptr))
    return topic_model.assignments(units, topic, margin).assign(
        likelihood=likelihood, known=share.round(directions.DIGITS), fits=fits
    )


def renumber(model: TopicModel, *, earlier: TopicModel) -> TopicModel:
    """Give topics the numbers and labels that they had in an earlier model of nearly the same corpus.

    Topics are matched over the units that both models hold; a match needs a Jaccard index of `STABLE` at least. A topic
    with a match keeps the label, and the number if there are as many topics; the others get the free numbers, largest
    first.

    Parameters
    ----------
    model, earlier : TopicModel

    Returns
    -------
    TopicModel
        The same topics; 0 need not be the largest any more.
    """
    both = model.assignments.merge(
        earlier.assignments, on=["article_id", "segment"], suffixes=("", "_earlier"), validate="one_to_one"
    )
    both = both[(both["topic"] >= 0) & (both["topic_earlier"] >= 0)]
    k, k_earlier = len(model.topics), len(earlier.topics)
    partner, jaccard = topic_quality.match(both["topic"].to_numpy(), both["topic_earlier"].to_numpy(), k, k_earlier)
    same = {t: int(partner[t]) for t in range(k) if partner[t] >= 0 and jaccard[t] >= STABLE}
    kept = {t: number for t, number in same.items() if number < k}
    free = iter(sorted(set(range(k)) - set(kept.values())))
    new = np.array([kept[t] if t in kept else next(free) for t in range(k)], dtype=np.int64)
    old = np.argsort(new)
    names = earlier.topics.set_index("topic")["label"]
    labels = [names[same[t]] if t in same else model.topics["label"].iloc[t] for t in old]
    terms = model.terms.assign(topic=new[model.terms["topic"]]) if len(model.terms) else model.terms
    placed = model.assignments["topic"].to_numpy()
    return replace(
        model,
        topics=model.topics.iloc[old].assign(topic=np.arange(k), label=labels).reset_index(drop=True),
        terms=terms.sort_values(["topic", "rank"]).reset_index(drop=True),
        assignments=model.assignments.assign(topic=np.where(placed >= 0, new[placed], -1)),
        memberships=model.memberships[:, old],
        mixture=topic_model.reorder(model.mixture, old),
    )
