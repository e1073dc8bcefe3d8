"""Units of text that topics are fitted to: which they are, their terms, and which of them are drawn together."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import normalize

from analysis import tokens, topic_labels, topic_stems

FEW_ARTICLES = 30
"""Below this number of articles, ``unit="auto"`` clusters paragraphs."""

FEW_UNITS = 100
"""Below this number of units, clusters are a reading aid and not a finding."""

ALIKE = 0.5
"""Cosine of the counts of two paragraphs of one story from which the one is a copy of the other."""

MAX_TERMS = 50_000
"""Terms that are clustered on, at most: those in most units."""

_HAS_LETTER = re.compile(r"[^\W\d_]")


def choose(articles: pd.DataFrame, unit: str, vectors: np.ndarray | None) -> tuple[str, str]:
    """Return what is clustered, articles or paragraphs, and why."""
    if unit not in ("auto", "article", "paragraph"):
        raise ValueError(f"unit must be 'auto', 'article' or 'paragraph', not {unit!r}")
    if unit != "auto":
        return unit, f"{unit}s, as asked for"
    n = len(articles)
    if vectors is not None:
        return "article", "one vector per article was given"
    if n < FEW_ARTICLES:
        return (
            "paragraph",
            f"{n} article{'s are' if n != 1 else ' is'} fewer than {FEW_ARTICLES}: paragraphs are clustered",
        )
    return "article", f"{n} articles are at least {FEW_ARTICLES}: whole articles are clustered"


@dataclass(frozen=True, eq=False)
class Counted:
    """Units and the terms that they are clustered on.

    Attributes
    ----------
    units : DataFrame, one row per unit
        ``article_id``, ``segment``, ``start``, ``end``, ``story_id``.
    filled : ndarray of int of shape (n_filled,)
        Rows of the units that have a term, in the order of their ids.
    counts : csr_array of shape (n_filled, n_terms)
        Words first, then the stems of short texts, see `topic_stems`.
    vocabulary, surfaces : ndarray of str of shape (n_terms,)
        Terms, and how they are mostly written.
    labelling : ndarray of bool of shape (n_words,)
        Words that may describe a topic.
    known : ndarray of shape (n_filled,), in [0, 1]
        Share of each unit's different terms that would be clustered on without the unit.
    n_terms : ndarray of int of shape (n_filled,)
        Different terms of each unit, clustered on or not.
    """

    units: pd.DataFrame
    filled: np.ndarray
    counts: sparse.csr_array
    vocabulary: np.ndarray
    surfaces: np.ndarray
    labelling: np.ndarray
    known: np.ndarray
    n_terms: np.ndarray

    @property
    def n_words(self) -> int:
        """Terms that are words."""
        return len(self.labelling)


def counted(articles: pd.DataFrame, unit: str, rule: tokens.TokenRule = tokens.DEFAULT) -> Counted:
    """Count the terms of the units, and keep those that topics can be made of."""
    units, found, vocabulary, surfaces = counts(articles, unit, rule)
    # One order whatever the order of the articles: the recipe uses chance, and chance meets rows by position.
    order = np.lexsort((units["segment"].to_numpy(), pd.factorize(units["article_id"], sort=True)[0]))
    filled = order[np.diff(found.indptr)[order] > 0]
    found = sparse.csr_array(found[filled])
    known = shares_of(found, np.bincount(found.indices, minlength=found.shape[1]) > _least(len(filled)))
    n_terms = np.diff(found.indptr)
    kept = columns(found)
    if topic_stems.wanted(articles, found, rule):
        n_every, (found, vocabulary) = len(vocabulary), topic_stems.beside(found, vocabulary)
        surfaces = np.concatenate([surfaces, vocabulary[n_every:]])
        kept = np.concatenate([kept, n_every + columns(sparse.csr_array(found[:, n_every:]))])
    found = sparse.csr_array(found[:, kept])
    found.sort_indices()
    vocabulary = vocabulary[kept]
    labelling = topic_labels.may_label(vocabulary[~topic_stems.are_stems(vocabulary)], rule)
    return Counted(units, filled, found, vocabulary, surfaces[kept], labelling, known, n_terms)


def counts(
    articles: pd.DataFrame, unit: str, rule: tokens.TokenRule = tokens.DEFAULT
) -> tuple[pd.DataFrame, sparse.csr_array, np.ndarray, np.ndarray]:
    """Return units and counts of their terms of two characters with a letter; of paragraphs only those of the body."""
    roles = ("body",) if unit == "paragraph" else tokens.COUNTED_ROLES
    found = tokens.document_terms(articles, unit=unit, roles=roles, rule=rule)
    terms = np.array(found.terms, dtype=object)
    keep = np.flatnonzero([len(t) > 1 and _HAS_LETTER.search(t) is not None for t in terms])
    counts = sparse.csr_array(found.matrix[:, keep])
    counts.sort_indices()
    units = found.units.reset_index(drop=True).astype({"article_id": "str", "segment": "int64"})
    units = units.assign(story_id=stories(articles, units).astype("str"))
    return units, counts, terms[keep], np.array(found.labels, dtype=object)[keep]


def shares_of(counts: sparse.csr_array, those: np.ndarray) -> np.ndarray:
    """Return the share of each unit's different terms that are among ``those``, a bool per term; 0 without a term."""
    unit = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    n = np.diff(counts.indptr)
    among = np.bincount(unit, those[counts.indices], minlength=counts.shape[0])
    return np.divide(among, n, out=np.zeros(len(n)), where=n > 0)


def _least(n_units: int) -> int:
    """Units that must hold a term that is clustered on."""
    return 2 if n_units < FEW_UNITS else 3


def columns(counts: sparse.csr_array) -> np.ndarray:
    """Return the terms to cluster on: in 3 units (2 of few), the `MAX_TERMS` in most units; never none."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    columns = np.flatnonzero(frequency >= _least(counts.shape[0]))
    if len(columns) == 0 or (np.diff(counts[:, columns].indptr) == 0).any():
        # A unit of rare words only would be left without any: keep the words of such units too.
        empty = np.diff(counts[:, columns].indptr) == 0
        columns = np.union1d(columns, np.unique(counts[np.flatnonzero(empty)].indices))
    if len(columns) > MAX_TERMS:
        columns = np.sort(columns[np.lexsort((columns, -frequency[columns]))[:MAX_TERMS]])
    return columns


def check_number(n_topics: int, n_filled: int, unit: str) -> None:
    """Raise an error if that many topics cannot be fitted."""
    if isinstance(n_topics, bool) or not isinstance(n_topics, int | np.integer):
        raise TypeError(f"n_topics must be an integer, not {n_topics!r}")
    if not 1 <= n_topics <= max(n_filled, 1):
        raise ValueError(f"n_topics must be between 1 and {n_filled}, the number of {unit}s with words, not {n_topics}")


def check_vectors(vectors: np.ndarray | None, units: pd.DataFrame) -> np.ndarray | None:
    """Return the vectors as an array of numbers; an error if they do not fit the units."""
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


def groups(counted: Counted, unit: str) -> np.ndarray:
    """Return the units drawn together in the bootstrap: articles of one story; a paragraph with its copies.

    A paragraph of a story that several articles tell goes with the paragraph of an earlier one that is most like it, if
    the cosine of their counts is `ALIKE` at least: else a sample would hold the text that it is tested on.

    Returns
    -------
    ndarray of int of shape (n_filled,), numbered from 0 without gaps
    """
    units = counted.units.iloc[counted.filled]
    story, article = (pd.factorize(units[name])[0] for name in ("story_id", "article_id"))
    if unit == "article":
        return story
    group = np.arange(len(units))
    n_articles = units.groupby("story_id")["article_id"].transform("nunique").to_numpy()
    points = normalize(counted.counts[:, : counted.n_words].astype(np.float64))
    for row in np.flatnonzero(n_articles > 1):
        others = np.flatnonzero((story == story[row]) & (article < article[row]))
        if len(others):
            cosine = (points[others] @ points[[row]].T).toarray().ravel()
            if cosine.max() >= ALIKE:
                group[row] = group[others[cosine.argmax()]]
    return np.unique(group, return_inverse=True)[1]


def stories(articles: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Return the ``story_id`` of each unit's article: the article's own id where none is given."""
    ids = articles["article_id"]
    story = articles["story_id"].fillna(ids) if "story_id" in articles.columns else ids
    return units["article_id"].map(dict(zip(ids, story, strict=True)))
