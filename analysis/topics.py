"""Topics, their number, stability and labels."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import clustering, frames, segments, topic_number, topic_quality

FEW_ARTICLES = 30
"""Below this number of articles, ``unit="auto"`` clusters paragraphs."""

FEW_UNITS = 100
"""Below this number of units, clusters are a reading aid and not a finding."""

STABLE = 0.5
"""Chance-corrected Jaccard index from which a topic counts as stable."""

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
        ``article_id`` str; ``segment`` Int64, NA where the unit is an article; ``topic`` int64, -1 for a unit without
        a term; ``margin`` float64 in [0, 1], lead of the best topic over the next in probability; ``weak`` bool
    terms : DataFrame, the most typical terms of each topic
        ``topic`` int64; ``term`` str; ``weight`` float64, probability of the term in the topic; ``rank`` int64 from 1
    selection : DataFrame, one row per number of topics tried
        as of `topic_number.select`; without rows if the number was given
    unit : {"article", "paragraph"}
    reason : str
        Why that unit.
    verdict : str
        What the topics may be used for, in one sentence.
    memberships : ndarray of shape (n_units, n_topics)
    mixture : clustering.Mixture
    weights : clustering.Weights
    vocabulary : ndarray of str of shape (n_terms,)
    """

    topics: pd.DataFrame
    assignments: pd.DataFrame
    terms: pd.DataFrame
    selection: pd.DataFrame
    unit: str
    reason: str
    verdict: str
    memberships: np.ndarray
    mixture: clustering.Mixture
    weights: clustering.Weights
    vocabulary: np.ndarray


def fit_topics(
    articles: pd.DataFrame, *, n_topics: int | None = None, unit: str = "auto", random_state: int = 0
) -> TopicModel:
    """Cluster articles or paragraphs into topics.

    Parameters
    ----------
    articles : DataFrame
        ``article_id``, ``text``; ``story_id`` is used if there.
    n_topics : int, optional
        Chosen by `topic_number.select` if not given.
    unit : {"auto", "article", "paragraph"}, default="auto"
    random_state : int, default=0

    Returns
    -------
    TopicModel

    Raises
    ------
    ValueError
        If ``n_topics`` is not in [1, number of units with a term], ``unit`` is unknown, or fewer than two units have a
        term that another has too.
    """
    frames.require_articles(articles)
    unit, reason = _unit(articles, unit)
    units, counts, vocabulary = _document_terms(articles, unit)
    with clustering.one_thread():
        return _fit(articles, units, counts, vocabulary, n_topics, unit, reason, random_state)


def topic_shares(model: TopicModel) -> pd.DataFrame:
    """Share of each article's units in each topic.

    Returns
    -------
    DataFrame, one row per article and topic, in the order of the assignments; topics without units at 0
        ``article_id`` : str
        ``topic`` : int64
        ``n_units`` : int64
        ``share`` : float64 in [0, 1], of the article's units that have a topic
    """
    placed = model.assignments[model.assignments["topic"] >= 0]
    ids = pd.Index(placed["article_id"].unique(), name="article_id")
    full = pd.MultiIndex.from_product([ids, model.topics["topic"]], names=["article_id", "topic"])
    n = placed.groupby(["article_id", "topic"]).size().reindex(full, fill_value=0).rename("n_units").reset_index()
    total = n.groupby("article_id")["n_units"].transform("sum")
    return n.assign(share=(n["n_units"] / total).round(clustering.DIGITS)).astype(
        {"article_id": "str", "n_units": "int64"}
    )


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

    References
    ----------
    .. [1] W. S. Torgerson (1952), Multidimensional scaling: I. Theory and method.
    """
    with clustering.one_thread():
        roots = np.sqrt(model.mixture.terms)
        squared = clustering.round_significant(np.clip(1 - roots @ roots.T, 0.0, None))
        np.fill_diagonal(squared, 0.0)
        centre = np.eye(len(squared)) - 1 / max(len(squared), 1)
        values, vectors = np.linalg.eigh(-centre @ squared @ centre / 2)
        values, vectors = np.clip(values[::-1], 0.0, None), vectors[:, ::-1]
        positions = np.zeros((len(squared), 2))
        n = min(2, len(squared))
        positions[:, :n] = clustering.fix_signs(vectors[:, :n] * np.sqrt(values[:n]))
        explained = values[:2].sum() / values.sum() if values.sum() > 0 else np.nan
    topics = model.topics
    return pd.DataFrame(
        {
            "topic": topics["topic"],
            "label": topics["label"],
            "x": clustering.round_significant(positions[:, 0]),
            "y": clustering.round_significant(positions[:, 1]),
            "n_units": topics["n_units"],
            "stability": topics["stability"],
            "explained": round(float(explained), clustering.DIGITS),
        }
    )


def _unit(articles: pd.DataFrame, unit: str) -> tuple[str, str]:
    if unit not in ("auto", "article", "paragraph"):
        raise ValueError(f"unit must be 'auto', 'article' or 'paragraph', not {unit!r}")
    if unit != "auto":
        return unit, "as asked for"
    n = len(articles)
    if n < FEW_ARTICLES:
        return "paragraph", f"{n} articles are fewer than {FEW_ARTICLES}: paragraphs are clustered"
    return "article", f"{n} articles are at least {FEW_ARTICLES}: whole articles are clustered"


def _fit(articles, units, counts, vocabulary, n_topics, unit, reason, random_state) -> TopicModel:
    filled = np.flatnonzero(np.diff(counts.indptr) > 0)
    n_filled = len(filled)
    if n_topics is not None and not 1 <= n_topics <= max(n_filled, 1):
        raise ValueError(f"n_topics must be between 1 and {n_filled}, the number of units with a term, not {n_topics}")
    used = counts[filled]
    weighted, weights = clustering.log_entropy(used)
    groups = _groups(articles, units.iloc[filled], unit)
    allowed = np.array([len(t) > 2 and t not in _STOP for t in vocabulary], dtype=bool)
    selection = topic_number.no_selection()
    if n_filled < 2:
        raise ValueError(f"nothing to cluster: {n_filled} of {len(units)} {unit}s share a term with another")
    if n_topics is None:
        selection = topic_number.select(used, weighted, groups, allowed, random_state=random_state)
        n_topics = int(selection.loc[selection["choice"] == "chosen", "n_topics"].iloc[0])
    points = clustering.embed(weighted, clustering.n_dimensions(n_filled, n_topics), random_state=random_state)
    mixture, memberships = topic_number.fit(weighted, points, n_topics, n_starts=20, random_state=random_state)
    mixture, memberships = _by_size(mixture, memberships)
    labels = memberships.argmax(axis=1)
    draws = topic_number.bootstrap_stability(
        weighted, points, labels, n_topics, groups, n_draws=20, n_starts=5, random_state=random_state
    )
    stability = topic_number._mean(draws)
    tops = topic_number.top_terms(mixture, allowed)
    topics = pd.DataFrame(
        {
            "topic": np.arange(n_topics, dtype=np.int64),
            "label": pd.Series([", ".join(vocabulary[t[:3]]) or "no typical word" for t in tops], dtype="str"),
            "n_units": np.bincount(labels, minlength=n_topics).astype(np.int64),
            "coherence": topic_quality.npmi_coherence(used, tops).round(clustering.DIGITS),
            "exclusivity": topic_quality.exclusivity(mixture.terms, tops).round(clustering.DIGITS),
            "stability": stability.round(clustering.DIGITS),
        }
    )
    return TopicModel(
        topics=topics,
        assignments=_assignments(units, filled, memberships),
        terms=_terms(mixture, allowed, vocabulary),
        selection=selection,
        unit=unit,
        reason=reason,
        verdict=_verdict(n_filled, unit, stability),
        memberships=_spread(memberships, filled, len(units)),
        mixture=mixture,
        weights=weights,
        vocabulary=vocabulary,
    )


def _groups(articles: pd.DataFrame, units: pd.DataFrame, unit: str) -> np.ndarray:
    """Units drawn together in the bootstrap: articles of one story; paragraphs each on their own."""
    if unit == "paragraph":
        return np.arange(len(units))
    story = articles["story_id"] if "story_id" in articles.columns else articles["article_id"]
    names = units["article_id"].map(
        dict(zip(articles["article_id"], story.fillna(articles["article_id"]), strict=True))
    )
    return pd.factorize(names)[0]


def _by_size(mixture, memberships):
    sizes = np.bincount(memberships.argmax(axis=1), minlength=memberships.shape[1])
    first = [
        int(np.argmax(memberships.argmax(axis=1) == k)) if sizes[k] else len(memberships) for k in range(len(sizes))
    ]
    order = np.lexsort((first, -sizes))
    return clustering.Mixture(mixture.terms[order], mixture.shares[order], mixture.background), memberships[:, order]


def _assignments(units: pd.DataFrame, filled: np.ndarray, memberships: np.ndarray) -> pd.DataFrame:
    topic = np.full(len(units), -1, dtype=np.int64)
    margin = np.zeros(len(units))
    topic[filled] = memberships.argmax(axis=1)
    ordered = np.sort(memberships, axis=1)
    margin[filled] = ordered[:, -1] - (ordered[:, -2] if memberships.shape[1] > 1 else 0.0)
    margin = margin.round(clustering.DIGITS)
    return units.assign(topic=topic, margin=margin, weak=margin < WEAK_MARGIN)


def _spread(memberships: np.ndarray, filled: np.ndarray, n_units: int) -> np.ndarray:
    full = np.full((n_units, memberships.shape[1]), np.nan)
    full[filled] = memberships
    return full


def _terms(mixture: clustering.Mixture, allowed: np.ndarray, vocabulary: np.ndarray) -> pd.DataFrame:
    rows = [
        {"topic": k, "term": vocabulary[column], "weight": round(float(mixture.terms[k, column]), 8), "rank": rank}
        for k, columns in enumerate(topic_number.top_terms(mixture, allowed, N_TERMS))
        for rank, column in enumerate(columns, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["topic", "term", "weight", "rank"])
    return frame.astype({"topic": "int64", "term": "str", "weight": "float64", "rank": "int64"})


def _verdict(n_units: int, unit: str, stability: np.ndarray) -> str:
    n_stable = int((stability >= STABLE).sum())
    if n_stable == 0:
        return f"No stable structure: none of {len(stability)} clusters comes back when the {unit}s are resampled."
    if n_units < FEW_UNITS:
        return f"A reading aid and not a finding: {n_units} {unit}s are fewer than {FEW_UNITS}."
    return f"{n_stable} of {len(stability)} topics come back when the {unit}s are resampled."


# A stand-in until analysis/tokens.py exists.
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STOP = frozenset(
    "the a an and or but if of to in on at by for from with as is are was were be been being it its this that these "
    "those he she they them his her their our your you we us i me my not no do does did done have has had will would "
    "can could should may might must shall there here what which who whom whose when where why how all any both each "
    "few more most other some such only own same so than too very just also about into over under after before "
    "between during through up down out off then once s t said says say".split()
)


def _document_terms(articles: pd.DataFrame, unit: str) -> tuple[pd.DataFrame, sparse.csr_matrix, np.ndarray]:
    parts = segments.paragraphs(articles)
    parts = parts.assign(text=segments.text_of(parts, articles))
    if unit == "paragraph":
        parts = parts[parts["role"] == "body"]
        units = parts[["article_id", "segment"]].astype({"segment": "Int64"}).reset_index(drop=True)
        texts = parts["text"].tolist()
    else:
        parts = parts[parts["role"].isin(segments.COUNTED_ROLES)]
        joined = parts.groupby("article_id")["text"].agg("\n".join)
        units = pd.DataFrame({"article_id": articles["article_id"].astype("str")}).reset_index(drop=True)
        units["segment"] = pd.array([pd.NA] * len(units), dtype="Int64")
        texts = units["article_id"].map(joined).fillna("").tolist()
    indptr, indices, data, vocabulary = [0], [], [], {}
    for text in texts:
        row: dict[int, int] = {}
        for token in _TOKEN.findall(text.lower()):
            column = vocabulary.setdefault(token, len(vocabulary))
            row[column] = row.get(column, 0) + 1
        indices += row.keys()
        data += row.values()
        indptr.append(len(indices))
    counts = sparse.csr_matrix((data, indices, indptr), shape=(len(texts), len(vocabulary)), dtype=np.int64)
    terms = np.array(list(vocabulary), dtype=object)
    keep = np.flatnonzero(np.bincount(counts.indices, minlength=len(terms)) >= 2)
    keep = keep[np.argsort(terms[keep])]
    counts = counts[:, keep].tocsr()
    counts.sort_indices()
    return units, counts, terms[keep]
