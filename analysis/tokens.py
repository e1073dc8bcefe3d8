"""Text to tokens, tokens to the document-term matrix: the one rule of what a word is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, segments
from analysis.segments import COUNTED_ROLES

STOP_WORDS = Path(__file__).with_name("stop_words.csv")
"""English function words, one row a word with its word class; composed for this project, see `stop_words`."""

PATTERN = r"[^\W_]+(?:['’.,·‐‑-][^\W_]+)*"

_WORD = re.compile(PATTERN)
_COMMA = re.compile(r"(?<=\D),|,(?=\D)|(?<![A-Z])\.(?=[A-Za-z])|(?<=[a-z])\.(?=\w)")


@dataclass(frozen=True)
class DocumentTerms:
    """How often each term occurs in each unit of text.

    Attributes
    ----------
    matrix : scipy.sparse.csr_array of int64, shape (n_units, n_terms)
        Counts, indices sorted, no stored zeros.
    article_ids : Index of str, length n_units
        The article that each row belongs to, in the order of the articles given.
    terms : Index of str, length n_terms
        Sorted by code point, no duplicates.
    n_tokens : ndarray of int64, shape (n_units,)
        Tokens of each unit, those left out as stop words included: the denominator of every rate.
    units : DataFrame, n_units rows
        ``article_id``, ``segment`` (-1 for a whole article), ``start``, ``end``: the text that each row counts.
    labels : Index of str, length n_terms
        The commonest surface form of each term, the first by code point among equals: what a chart shows.
    """

    matrix: sparse.csr_array
    article_ids: pd.Index
    terms: pd.Index
    n_tokens: np.ndarray
    units: pd.DataFrame = field(repr=False)
    labels: pd.Index = field(repr=False)


def stop_words() -> frozenset[str]:
    """Return the English function words that come with the project.

    The list holds the closed word classes of English (articles, pronouns, auxiliaries, prepositions, conjunctions,
    quantifiers and adverbs of place and time), not words that are merely frequent: `said` and `new` stay.
    """
    return frozenset(pd.read_csv(STOP_WORDS, keep_default_na=False)["word"])


def tokens(
    articles: pd.DataFrame,
    *,
    roles: Iterable[str] | None = COUNTED_ROLES,
    units: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List every token of the articles with its place.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    roles : iterable of str or None, default=("headline", "body")
        Roles of the segments to read; None reads every role.
    units : DataFrame, optional
        Spans to read instead of the segments: ``article_id``, ``segment``, ``start``, ``end``.

    Returns
    -------
    DataFrame, one row per token, in the order of the articles and of the text
        ``article_id`` : str; ``segment``, ``sentence`` : int64
        ``start``, ``end`` : int64, code points into ``text``
        ``token`` : str, as written; ``term`` : str, as counted
    """
    frames.require_articles(articles)
    spans = _units(articles, "sentence", roles) if units is None else units
    rows, starts, ends, surfaces = _spans(articles, spans)
    picked = spans.iloc[rows]
    known: dict[str, str] = {s: term(s) for s in dict.fromkeys(surfaces)}
    return pd.DataFrame(
        {
            "article_id": picked["article_id"].astype("str").to_numpy(),
            "segment": picked["segment"].to_numpy(dtype=np.int64),
            "sentence": picked["sentence"].to_numpy(dtype=np.int64) if "sentence" in picked else np.int64(-1),
            "start": starts,
            "end": ends,
            "token": pd.Series(surfaces, dtype="str"),
            "term": pd.Series([known[s] for s in surfaces], dtype="str"),
        }
    ).astype({"article_id": "str"})


def document_terms(
    articles: pd.DataFrame,
    *,
    unit: str = "article",
    units: pd.DataFrame | None = None,
    roles: Iterable[str] | None = COUNTED_ROLES,
    stop_words: Iterable[str] = (),
) -> DocumentTerms:
    """Count the terms of each article, paragraph or sentence.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    unit : {"article", "paragraph", "sentence"}, default="article"
        What a row of the matrix is. Articles without counted text keep a row, of zeros.
    units : DataFrame, optional
        Spans to count instead, one row each: ``article_id``, ``segment``, ``start``, ``end``.
    roles : iterable of str or None, default=("headline", "body")
        Roles of the segments that are counted; None counts the whole text. Not used with ``units``.
    stop_words : iterable of str, default=()
        Terms left out of the matrix (they stay in ``n_tokens``).

    Returns
    -------
    DocumentTerms

    Raises
    ------
    ValueError
        If ``unit`` is none of the three.
    """
    frames.require_articles(articles)
    if unit not in ("article", "paragraph", "sentence"):
        raise ValueError(f"unit must be article, paragraph or sentence, not {unit!r}")
    if isinstance(stop_words, str):
        raise TypeError(f"stop_words must be an iterable of words, not the string {stop_words!r}")
    spans = _units(articles, "paragraph" if unit == "article" else unit, roles) if units is None else units
    rows, _, _, surfaces = _spans(articles, spans)
    if units is None and unit == "article":
        rows = articles.reset_index().set_index("article_id").index.get_indexer(spans["article_id"])[rows]
        lengths = np.array([len(t) for t in articles["text"]], dtype=np.int64)
        spans = pd.DataFrame({"article_id": articles["article_id"], "segment": -1, "start": 0, "end": lengths})
    codes, kinds = pd.factorize(np.array(surfaces, dtype=object), sort=True)
    mapped = [term(s) for s in kinds]
    vocabulary = sorted(set(mapped))
    where = {t: j for j, t in enumerate(vocabulary)}
    to_term = np.array([where[t] for t in mapped], dtype=np.int64)
    labels = [""] * len(vocabulary)
    best = np.zeros(len(vocabulary), dtype=np.int64)
    for s, j, n in zip(kinds, to_term, np.bincount(codes, minlength=len(kinds)), strict=True):
        if n > best[j]:
            best[j], labels[j] = n, s
    columns = to_term[codes] if len(codes) else codes
    shape = (len(spans), len(vocabulary))
    matrix = sparse.csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    keep = ~np.isin(np.array(vocabulary, dtype=object), list(set(stop_words)))
    return DocumentTerms(
        matrix=matrix[:, np.flatnonzero(keep)],
        article_ids=pd.Index(spans["article_id"], dtype="str", name="article_id"),
        terms=pd.Index(np.array(vocabulary, dtype=object)[keep], dtype="str", name="term"),
        n_tokens=np.bincount(rows, minlength=len(spans)).astype(np.int64),
        units=spans[["article_id", "segment", "start", "end"]].reset_index(drop=True),
        labels=pd.Index(np.array(labels, dtype=object)[keep], dtype="str", name="label"),
    )


def term(surface: str) -> str:
    """Return the term that a token counts as: case folded, straight apostrophes, no possessive ``'s``.

    ``US`` keeps its capitals, or the country would be counted with the pronoun.
    """
    word = surface.replace("’", "'").replace("‑", "-").replace("‐", "-")
    if word.endswith(("'s", "'S")):
        word = word[:-2]
    if re.fullmatch(r"[A-Z](?:\.[A-Z])+", word):
        word = word.replace(".", "")
    return word if word == "US" else word.casefold()


def _units(articles: pd.DataFrame, unit: str, roles: Iterable[str] | None) -> pd.DataFrame:
    parts = segments.paragraphs(articles)
    if roles is not None:
        parts = parts[parts["role"].isin(list(roles))]
    return segments.sentences(articles, segments=parts) if unit == "sentence" else parts


def _spans(articles: pd.DataFrame, spans: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    rows: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    surfaces: list[str] = []
    for row, (i, a, b) in enumerate(zip(spans["article_id"], spans["start"], spans["end"], strict=True)):
        for match in _WORD.finditer(texts[i], a, b):
            begin = match.start()
            for piece in _COMMA.split(match[0]):
                if piece:
                    rows.append(row)
                    starts.append(begin)
                    ends.append(begin + len(piece))
                    surfaces.append(piece)
                begin += len(piece) + 1
    to = np.int64
    return np.array(rows, dtype=to), np.array(starts, dtype=to), np.array(ends, dtype=to), surfaces
