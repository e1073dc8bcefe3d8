"""Topics of a corpus: fitted, numbered by size, judged, and new articles placed among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import (
    clustering,
    directions,
    frames,
    mixtures,
    repeats,
    tokens,
    topic_labels,
    topic_number,
    topic_quality,
)
from analysis.topic_views import over_time, passages, topic_dendrogram, topic_map, topic_rates, topic_shares

__all__ = [
    "FEW_ARTICLES",
    "FEW_UNITS",
    "STABLE",
    "WEAK_MARGIN",
    "TopicModel",
    "assign",
    "fit_topics",
    "over_time",
    "passages",
    "renumber",
    "topic_dendrogram",
    "topic_map",
    "topic_rates",
    "topic_shares",
]

FEW_ARTICLES = 30
"""Below this number of articles, ``unit="auto"`` clusters paragraphs."""

FEW_UNITS = 100
"""Below this number of units, clusters are a reading aid and not a finding."""

STABLE = 0.5
"""Chance-corrected Jaccard index from which a topic counts as stable.

Noise stays below: of 864 topics fitted to 192 corpora of words drawn at random (30 to 300 units of 30 or 200 words, 2
to 8 topics), none reached 0.41, and 95% in each setting stayed below 0.34 (`tests/benchmarks/topic_noise.py`).
"""

WEAK_MARGIN = 0.2
"""A unit whose best topic leads by less is assigned weakly."""

N_TERMS = 30
"""Terms kept per topic in `TopicModel.terms`."""

MAX_TERMS = 50_000
"""Terms that are clustered on, at most: those in most units."""

MISFIT = 0.01
"""Share of a topic's own units that fit it no better than the limit below which `assign` says that nothing fits."""

_HAS_LETTER = re.compile(r"[^\W\d_]")


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
        ``topic`` int64; ``term`` str; ``weight`` float64, probability of the term in the topic; ``rank`` int64 from 1:
        the ten most typical in the order of `topic_quality.frex`, as the label takes them, then the others
    selection : DataFrame, one row per number of topics tried
        as of `topic_number.select`; without rows if the number was given
    units : DataFrame, one row per unit, in the order of ``assignments``
        ``article_id``, ``segment``, ``start``, ``end``: the text that was clustered
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
    misfit : ndarray of shape (n_topics,)
        Log-likelihood ratio per weighted token below which a new unit does not fit the topic.
    by_points : bool
        Whether vectors of the user's own decided.
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
    misfit: np.ndarray
    by_points: bool


def fit_topics(
    articles: pd.DataFrame,
    *,
    n_topics: int | None = None,
    unit: str = "auto",
    vectors: np.ndarray | None = None,
    random_state: int = 0,
) -> TopicModel:
    """Cluster articles or paragraphs into topics.

    The result does not depend on the order of the articles, on the number of threads or on the process.

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
    random_state : int, default=0

    Returns
    -------
    TopicModel

    Raises
    ------
    TypeError
        If ``n_topics`` is no integer.
    ValueError
        If ``n_topics`` is not between 1 and the number of units with a term, ``unit`` is unknown, or ``vectors`` has
        the wrong number of rows or a value that is not finite.
    """
    frames.require_articles(articles)
    unit, reason = _unit(articles, unit, vectors)
    units, counts, vocabulary, surfaces = _counts(articles, unit)
    vectors = _check_vectors(vectors, units)
    # One order whatever the order of the articles: the recipe uses chance, and chance meets rows by position.
    order = np.lexsort((units["segment"].to_numpy(), pd.factorize(units["article_id"], sort=True)[0]))
    filled = order[np.diff(counts.indptr)[order] > 0]
    if n_topics is not None:
        _check_number(n_topics, len(filled), unit)
    used = _usable(counts[filled])
    labelling = topic_labels.may_label(vocabulary)
    with clustering.one_thread():
        return _fit(
            articles,
            units,
            filled,
            used,
            vocabulary,
            surfaces,
            labelling,
            n_topics,
            unit,
            reason,
            None if vectors is None else vectors[filled],
            random_state,
        )


def _fit(
    articles, units, filled, used, vocabulary, surfaces, labelling, n_topics, unit, reason, vectors, random_state
) -> TopicModel:
    columns = _columns(used)
    used, vocabulary = used[:, columns], vocabulary[columns]
    surfaces, labelling = surfaces[columns], labelling[columns]
    n_filled = len(filled)
    groups = _groups(articles, units.iloc[filled], unit)
    selection = topic_number.no_selection()
    if n_filled == 0:
        space = clustering.Space(used.astype(np.float64), np.zeros((0, 1)), np.zeros(len(vocabulary)))
        mixture, memberships = _nothing(len(vocabulary))
    else:
        most = max(topic_number.candidates(n_filled), default=1) if n_topics is None else n_topics
        space = clustering.space(used, n_topics=most, vectors=vectors, random_state=random_state)
        if n_topics is None and n_filled >= 2 * topic_number.PER_TOPIC and _differ(space.points):
            selection = topic_number.select(space, used, groups, labelling, random_state=random_state)
            n_topics = int(selection.loc[selection["choice"] == "chosen", "n_topics"].iloc[0])
        mixture, memberships, repeated = repeats.cluster(space, n_topics or 1, groups=groups, random_state=random_state)
        mixture, memberships = _by_size(mixture, memberships)
    labels = memberships.argmax(axis=1) if memberships.size else np.zeros(0, dtype=np.int64)
    k = memberships.shape[1]
    stability = topic_quality.stability(labels, repeated, k) if k > 1 else np.full(k, np.nan)
    top = topic_quality.typical(mixture, labelling, topic_number.N_TOP)
    names = _labels(articles, units.iloc[filled], mixture, space.points, labels, labelling, (vocabulary, surfaces))
    topics = pd.DataFrame(
        {
            "topic": np.arange(k, dtype=np.int64),
            "label": pd.Series(names, dtype="str"),
            "n_units": np.bincount(labels, minlength=k).astype(np.int64),
            "coherence": topic_quality.npmi_coherence(used, top).round(directions.DIGITS),
            "exclusivity": topic_quality.exclusivity(mixture.terms, top).round(directions.DIGITS),
            "stability": stability.round(directions.DIGITS),
        }
    )
    topic, margin = np.full(len(units), -1, dtype=np.int64), np.zeros(len(units))
    topic[filled], margin[filled] = labels, _margin(memberships)
    return TopicModel(
        topics=topics,
        assignments=_assignments(units, topic, margin),
        terms=_terms(mixture, labelling, surfaces),
        selection=selection,
        units=units,
        unit=unit,
        reason=reason,
        verdict=_verdict(n_filled, unit, stability),
        memberships=_spread(memberships, filled, len(units)),
        points=_spread(space.points, filled, len(units)),
        mixture=mixture,
        entropy=space.entropy,
        vocabulary=vocabulary,
        misfit=_misfit(mixture, space.weighted, labels),
        by_points=vectors is not None,
    )


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
        ``fits`` : bool, False where the unit has no known term, or is less typical of its topic than all but
        `MISFIT` of the topic's own units: its topic is then only the nearest one

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
    units, found, vocabulary, _ = _counts(articles, model.unit)
    vectors = _check_vectors(vectors, units)
    where = pd.Index(vocabulary).get_indexer(model.vocabulary)
    counts = sparse.csr_array((len(units), len(where)), dtype=np.int64)
    if (where >= 0).any():
        pick = sparse.csr_array(
            (np.ones(int((where >= 0).sum()), dtype=np.int64), (where[where >= 0], np.flatnonzero(where >= 0))),
            shape=(len(vocabulary), len(where)),
        )
        counts = sparse.csr_array(found @ pick)
    with clustering.one_thread():
        weighted = clustering.weigh(counts, model.entropy)
        if vectors is not None:
            memberships = mixtures.expect_points(model.mixture, directions.unit_rows(vectors))
        else:
            memberships = mixtures.expect(model.mixture, weighted)
        known = np.asarray(weighted.sum(axis=1)).ravel() > 0
        topic = np.where(known, memberships.argmax(axis=1), -1).astype(np.int64)
        margin = np.where(known, _margin(memberships), 0.0)
        likelihood = mixtures.likelihood(model.mixture, weighted, np.maximum(topic, 0))
    likelihood = np.where(known, likelihood, np.nan).round(directions.DIGITS)
    fits = known & (likelihood >= model.misfit[np.maximum(topic, 0)])
    return _assignments(units, topic, margin).assign(likelihood=likelihood, fits=fits)


def renumber(model: TopicModel, *, earlier: TopicModel) -> TopicModel:
    """Give topics the numbers and labels that they had in an earlier model of nearly the same corpus.

    Topics are matched over the units that both models hold; a match needs a Jaccard index of `STABLE` at least. Topics
    without a match get the free numbers, largest first.

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
    kept = {t: int(partner[t]) for t in range(k) if partner[t] >= 0 and jaccard[t] >= STABLE and partner[t] < k}
    free = iter(sorted(set(range(k)) - set(kept.values())))
    new = np.array([kept[t] if t in kept else next(free) for t in range(k)], dtype=np.int64)
    old = np.argsort(new)
    names = earlier.topics.set_index("topic")["label"]
    labels = [names[kept[t]] if t in kept else model.topics["label"].iloc[t] for t in old]
    terms = model.terms.assign(topic=new[model.terms["topic"]]) if len(model.terms) else model.terms
    placed = model.assignments["topic"].to_numpy()
    return replace(
        model,
        topics=model.topics.iloc[old].assign(topic=np.arange(k), label=labels).reset_index(drop=True),
        terms=terms.sort_values(["topic", "rank"]).reset_index(drop=True),
        assignments=model.assignments.assign(topic=np.where(placed >= 0, new[placed], -1)),
        memberships=model.memberships[:, old],
        mixture=_reorder(model.mixture, old),
        misfit=model.misfit[old],
    )


def _unit(articles: pd.DataFrame, unit: str, vectors: np.ndarray | None) -> tuple[str, str]:
    if unit not in ("auto", "article", "paragraph"):
        raise ValueError(f"unit must be 'auto', 'article' or 'paragraph', not {unit!r}")
    if unit != "auto":
        return unit, f"{unit}s, as asked for"
    n = len(articles)
    if vectors is not None:
        return "article", "one vector per article was given"
    if n < FEW_ARTICLES:
        return "paragraph", f"{n} articles are fewer than {FEW_ARTICLES}: paragraphs are clustered"
    return "article", f"{n} articles are at least {FEW_ARTICLES}: whole articles are clustered"


def _counts(articles: pd.DataFrame, unit: str) -> tuple[pd.DataFrame, sparse.csr_array, np.ndarray, np.ndarray]:
    """Units, and counts of their terms of two characters with a letter; body paragraphs, not headlines."""
    roles = ("body",) if unit == "paragraph" else tokens.COUNTED_ROLES
    found = tokens.document_terms(articles, unit=unit, roles=roles)
    terms = np.array(found.terms, dtype=object)
    keep = np.flatnonzero([len(t) > 1 and _HAS_LETTER.search(t) is not None for t in terms])
    counts = sparse.csr_array(found.matrix[:, keep])
    counts.sort_indices()
    units = found.units.reset_index(drop=True).astype({"article_id": "str", "segment": "int64"})
    return units, counts, terms[keep], np.array(found.labels, dtype=object)[keep]


def _usable(counts: sparse.csr_array) -> sparse.csr_array:
    counts = sparse.csr_array(counts)
    counts.sort_indices()
    return counts


def _columns(counts: sparse.csr_array) -> np.ndarray:
    """Terms to cluster on: in 3 units at least (2 where units are few), the `MAX_TERMS` in most units; never none."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    least = 2 if counts.shape[0] < FEW_UNITS else 3
    columns = np.flatnonzero(frequency >= least)
    if len(columns) == 0 or (np.diff(counts[:, columns].indptr) == 0).any():
        # A unit of rare words only would be left without any: keep the words of such units too.
        empty = np.diff(counts[:, columns].indptr) == 0
        columns = np.union1d(columns, np.unique(counts[np.flatnonzero(empty)].indices))
    if len(columns) > MAX_TERMS:
        columns = np.sort(columns[np.lexsort((columns, -frequency[columns]))[:MAX_TERMS]])
    return columns


def _check_number(n_topics: int, n_filled: int, unit: str) -> None:
    if isinstance(n_topics, bool) or not isinstance(n_topics, int | np.integer):
        raise TypeError(f"n_topics must be an integer, not {n_topics!r}")
    if not 1 <= n_topics <= max(n_filled, 1):
        raise ValueError(f"n_topics must be between 1 and {n_filled}, the number of {unit}s with words, not {n_topics}")


def _check_vectors(vectors: np.ndarray | None, units: pd.DataFrame) -> np.ndarray | None:
    if vectors is None:
        return None
    vectors = np.asarray(vectors, dtype=np.float64)
    if vectors.ndim != 2 or len(vectors) != len(units):
        raise ValueError(f"vectors must have shape ({len(units)}, n_dims), one row per unit, not {vectors.shape}")
    if not np.isfinite(vectors).all():
        raise ValueError(
            f"vectors: row {int((~np.isfinite(vectors)).any(axis=1).argmax())} has a value that is not finite"
        )
    return vectors


def _groups(articles: pd.DataFrame, units: pd.DataFrame, unit: str) -> np.ndarray:
    """Units drawn together in the bootstrap: articles of one story; paragraphs each on their own."""
    if unit == "paragraph":
        return np.arange(len(units))
    ids = articles["article_id"]
    story = articles["story_id"].fillna(ids) if "story_id" in articles.columns else ids
    return pd.factorize(units["article_id"].map(dict(zip(ids, story, strict=True))))[0]


def _differ(points: np.ndarray) -> bool:
    return bool(np.ptp(np.round(points, 4), axis=0).max(initial=0.0) > 0)


def _nothing(n_terms: int) -> tuple[mixtures.Mixture, np.ndarray]:
    return mixtures.Mixture(np.zeros((0, n_terms)), np.zeros(0), np.zeros(n_terms), np.zeros((0, 1))), np.zeros((0, 0))


def _reorder(mixture: mixtures.Mixture, order: np.ndarray) -> mixtures.Mixture:
    return replace(mixture, terms=mixture.terms[order], shares=mixture.shares[order], centres=mixture.centres[order])


def _by_size(mixture: mixtures.Mixture, memberships: np.ndarray) -> tuple[mixtures.Mixture, np.ndarray]:
    """Put topics in the order of size, ties by first unit; drop those that no unit belongs to most."""
    labels = memberships.argmax(axis=1)
    found, first, sizes = np.unique(labels, return_index=True, return_counts=True)
    order = found[np.lexsort((first, -sizes))]
    memberships = memberships[:, order]
    return _reorder(mixture, order), np.round(memberships / memberships.sum(axis=1, keepdims=True), directions.DIGITS)


def _labels(
    articles: pd.DataFrame,
    units: pd.DataFrame,
    mixture: mixtures.Mixture,
    points: np.ndarray,
    labels: np.ndarray,
    allowed,
    names,
) -> list[str]:
    """Name the topics by their words and the phrases of their most central units."""
    best = topic_labels.candidates(mixture, allowed, topic_number.N_TOP)
    vocabulary, surfaces = names
    centrality = np.round(np.einsum("ij,ij->i", points, mixture.centres[labels]), directions.DIGITS)
    order = np.lexsort((np.arange(len(labels)), -centrality, labels))
    rank = np.arange(len(order)) - np.searchsorted(labels[order], labels[order])
    read = order[rank < topic_labels.READ]
    phrases = topic_labels.phrases(
        articles, units.iloc[read].assign(topic=labels[read]), [[str(vocabulary[c]) for c in b] for b in best]
    )
    return [
        topic_labels.label([str(vocabulary[c]) for c in b], [str(surfaces[c]) for c in b], phrase)
        for b, phrase in zip(best, phrases, strict=True)
    ]


def _margin(memberships: np.ndarray) -> np.ndarray:
    if memberships.shape[1] < 2:
        return memberships[:, 0] if memberships.size else np.zeros(len(memberships))
    ordered = np.sort(memberships, axis=1)
    return (ordered[:, -1] - ordered[:, -2]).round(directions.DIGITS)


def _assignments(units: pd.DataFrame, topic: np.ndarray, margin: np.ndarray) -> pd.DataFrame:
    return units[["article_id", "segment"]].assign(topic=topic, margin=margin, weak=margin < WEAK_MARGIN)


def _spread(rows: np.ndarray, filled: np.ndarray, n_units: int) -> np.ndarray:
    full = np.full((n_units, rows.shape[1]), np.nan)
    full[filled] = rows
    return full


def _misfit(mixture: mixtures.Mixture, weighted: sparse.csr_array, labels: np.ndarray) -> np.ndarray:
    own = mixtures.likelihood(mixture, weighted, labels)
    limits = [np.quantile(own[labels == k], MISFIT) for k in range(len(mixture.terms))]
    return directions.round_significant(np.array(limits, dtype=np.float64))


def _terms(mixture: mixtures.Mixture, labelling: np.ndarray, surfaces: np.ndarray) -> pd.DataFrame:
    rows = [
        {"topic": k, "term": surfaces[column], "weight": round(float(mixture.terms[k, column]), 8), "rank": rank}
        for k, columns in enumerate(_ranked(mixture, labelling))
        for rank, column in enumerate(columns, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["topic", "term", "weight", "rank"])
    return frame.astype({"topic": "int64", "term": "str", "weight": "float64", "rank": "int64"})


def _ranked(mixture: mixtures.Mixture, labelling: np.ndarray) -> list[np.ndarray]:
    """Columns of each topic's terms: the words that may name it first, in the order of the label."""
    first = topic_labels.candidates(mixture, labelling, topic_number.N_TOP)
    typical = topic_quality.typical(mixture, labelling, N_TERMS)
    return [np.concatenate([best, columns[len(best) :]]) for best, columns in zip(first, typical, strict=True)]


def _verdict(n_units: int, unit: str, stability: np.ndarray) -> str:
    n_stable, n = int((stability >= STABLE).sum()), len(stability)
    if n == 0:
        return "No text, no topics."
    if n == 1:
        return f"One topic: {n_units} {unit}{'s were' if n_units != 1 else ' was'} too few or too alike to be divided."
    if n_stable == 0:
        return f"No stable structure: none of {n} clusters comes back when the {unit}s are resampled."
    if n_units < FEW_UNITS:
        return f"A reading aid and not a finding: {n_units} {unit}s are fewer than {FEW_UNITS}."
    return f"{n_stable} of {n} topics come back when the {unit}s are resampled."
