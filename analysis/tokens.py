"""Articles to tokens, tokens to the document-term matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, lexicon, reading, words
from analysis.segments import COUNTED_ROLES
from analysis.wordforms import DEFAULT, Encoded, TokenRule, term

__all__ = [
    "DocumentTerms",
    "TokenRule",
    "document_terms",
    "lexicon_phrases",
    "problems",
    "stop_words",
    "term",
    "tokens",
]

STOP_WORDS = Path(__file__).with_name("stop_words.csv")
"""English function words, one row a word with its word class; composed for this project, see `stop_words`."""


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
    rule : TokenRule
        What was counted as a token.
    """

    matrix: sparse.csr_array
    article_ids: pd.Index
    terms: pd.Index
    n_tokens: np.ndarray
    units: pd.DataFrame = field(repr=False)
    labels: pd.Index = field(repr=False)
    rule: TokenRule = DEFAULT


def stop_words(*, rule: TokenRule = DEFAULT) -> frozenset[str]:
    """Return the English function words that come with the project, as the terms that they count as.

    The list holds the closed word classes of English (articles, pronouns, auxiliaries, prepositions, conjunctions,
    quantifiers and adverbs of place and time), not words that are merely frequent: `said` and `new` stay. Each word's
    class is in the file `STOP_WORDS`.

    Parameters
    ----------
    rule : TokenRule, optional
        With stems, a word that shares the stem of a function word goes with it, as ``willing`` does with ``will``.
    """
    listed = pd.read_csv(STOP_WORDS, keep_default_na=False)["word"]
    return frozenset(term(word, rule=rule) for word in listed)


def lexicon_phrases(*, kinds: Iterable[str] = ("name", "organisation")) -> tuple[str, ...]:
    """Return the names of the country lexicon that have several words: ``United States``, ``Non-Aligned Movement``.

    A rule that lists them counts each as one term: ``TokenRule(multiword=tokens.lexicon_phrases())``.

    Parameters
    ----------
    kinds : iterable of str, default=("name", "organisation")
        Kinds of the lexicon's rows.

    Raises
    ------
    ValueError
        If the lexicon has no row of a kind.
    """
    rows = lexicon.load()
    wanted = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in wanted:
        if kind not in set(rows["kind"]):
            raise ValueError(f"kinds: no row of kind {kind!r}; there are {sorted(set(rows['kind']))}")
    forms = rows.loc[rows["kind"].isin(wanted), "surface"].unique()
    return tuple(sorted(f for f in forms if len(words.find(f, hyphens=False).starts) > 1))


def tokens(
    articles: pd.DataFrame,
    *,
    roles: Iterable[str] | None = COUNTED_ROLES,
    units: pd.DataFrame | None = None,
    rule: TokenRule = DEFAULT,
) -> pd.DataFrame:
    """List every token of the articles with its place.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    roles : iterable of str or None, default=("headline", "body")
        Roles of the segments to read; None reads every role. Not used with ``units``.
    units : DataFrame, optional
        Spans to read instead of sentences: ``article_id``, ``start``, ``end``; ``segment`` and ``sentence`` if there.
    rule : TokenRule, optional

    Returns
    -------
    DataFrame, one row per token, in the order of the articles (or units) and of the text
        ``article_id`` : str; ``segment``, ``sentence`` : int64, -1 where ``units`` does not say
        ``start``, ``end`` : int64, code points into ``text``
        ``token`` : str, as written; ``term`` : str, as counted
    """
    vocabulary = reading.Vocabulary(rule)
    parts = []
    for spans, encoded, rows in reading.read(
        articles, "sentence" if units is None else units, roles, rule, reading.keep_rows
    ):
        part = spans.take(rows).reset_index(drop=True)
        shift = part.pop("offset")
        part["start"], part["end"] = encoded.starts + shift, encoded.ends + shift
        part["surface"] = vocabulary.add(encoded)[encoded.codes]
        parts.append(part if rule.numbers else part[vocabulary.counted()[part["surface"]]])
    if not parts:
        return frames.empty("tokens")
    frame = pd.concat(parts, ignore_index=True)
    surface = frame["surface"].to_numpy()
    frame["token"] = pd.array(vocabulary.surfaces, dtype="str").take(surface)
    frame["term"] = pd.array(list(vocabulary.terms), dtype="str").take(vocabulary.term_of()[surface])
    return frames.conform(frame, "tokens")


def document_terms(
    articles: pd.DataFrame,
    *,
    unit: str = "article",
    units: pd.DataFrame | None = None,
    roles: Iterable[str] | None = COUNTED_ROLES,
    stop_words: Iterable[str] = (),
    rule: TokenRule = DEFAULT,
) -> DocumentTerms:
    """Count the terms of each article, paragraph or sentence.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    unit : {"article", "paragraph", "sentence"}, default="article"
        What a row of the matrix is. Articles without counted text keep a row, of zeros.
    units : DataFrame, optional
        Spans to count instead, one row each: ``article_id``, ``start``, ``end``; ``segment`` if there.
    roles : iterable of str or None, default=("headline", "body")
        Roles of the segments that are counted; None counts them all. Not used with ``units``.
    stop_words : iterable of str, default=()
        Terms left out of the matrix; they stay in ``n_tokens``.
    rule : TokenRule, optional
        What counts as a token, and as which term.

    Returns
    -------
    DocumentTerms

    Raises
    ------
    ValueError
        If ``unit`` is none of the three, or ``units`` names an unknown article or a span outside its text.
    TypeError
        If ``stop_words`` is a single string.
    """
    if unit not in ("article", "paragraph", "sentence"):
        raise ValueError(f"unit must be article, paragraph or sentence, not {unit!r}")
    left_out = word_set(stop_words)
    vocabulary = reading.Vocabulary(rule)
    read, n_cells = [], [np.zeros(1, dtype=np.int64)]
    cells: list[tuple[np.ndarray, np.ndarray]] = []  # the surface of each cell and its count, by chunk
    n = np.zeros(0, dtype=np.int64)  # occurrences of each surface
    for spans, encoded, (in_row, codes, times) in reading.read(
        articles, unit if units is None else units, roles, rule, _counts
    ):
        surface = vocabulary.add(encoded)
        n = np.append(n, np.zeros(len(vocabulary.surfaces) - len(n), dtype=np.int64))
        n[surface] += np.bincount(codes, times, len(surface)).astype(np.int64)
        cells.append((_narrow(surface[codes]), _narrow(times)))
        n_cells.append(in_row)
        read.append(spans)
    if units is None and unit == "article":
        spans = reading.whole(articles)
    else:
        spans = pd.concat(read or [frames.empty("units")])
    spans = spans[["article_id", "segment", "start", "end"]].reset_index(drop=True)
    counted = None if rule.numbers else vocabulary.counted()
    terms, labels, column_of = vocabulary.columns(n if counted is None else np.where(counted, n, 0))
    del vocabulary, n
    matrix = _matrix(cells, np.cumsum(np.concatenate(n_cells)), column_of, len(terms), counted)
    n_tokens = np.asarray(matrix.sum(axis=1), dtype=np.int64).reshape(len(spans))
    if left_out:
        keep = np.flatnonzero(~terms.isin(left_out))
        matrix, terms, labels = matrix[:, keep], terms[keep], labels[keep]
    article_ids = pd.Index(spans["article_id"], dtype="str", name="article_id")
    return DocumentTerms(matrix, article_ids, terms, n_tokens, spans, labels, rule)


def _matrix(
    cells: list[tuple[np.ndarray, np.ndarray]],
    pointers: np.ndarray,
    column_of: np.ndarray,
    n_terms: int,
    counted: np.ndarray | None,
) -> sparse.csr_array:
    """Return the counts by term, from the surface of each cell and its count; takes the chunks out of the list."""
    if counted is not None:
        kept = np.concatenate([np.zeros(0, dtype=bool), *(counted[surface] for surface, _ in cells)])
        pointers = np.concatenate(([0], np.cumsum(kept)))[pointers]
    if pointers[-1] < 2**31:
        pointers = pointers.astype(np.int32)  # scipy gives the columns the same width
    end = int(pointers[-1])
    columns, data = np.empty(end, dtype=pointers.dtype), np.empty(end, dtype=np.int64)
    while cells:
        surface, times = cells.pop()
        if counted is not None:
            surface, times = surface[counted[surface]], times[counted[surface]]
        begin = end - len(surface)
        columns[begin:end], data[begin:end] = column_of[surface], times
        end = begin
    matrix = sparse.csr_array((data, columns, pointers), shape=(len(pointers) - 1, n_terms))
    matrix.sum_duplicates()
    return matrix


def _narrow(values: np.ndarray) -> np.ndarray:
    """Return numbers in half the space, if they fit into it."""
    return values.astype(np.uint16) if values.max(initial=0) < 2**16 else values


def problems(articles: pd.DataFrame, *, roles: Iterable[str] | None = COUNTED_ROLES) -> pd.DataFrame:
    """List the articles whose words cannot be counted, or only with a doubt.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``; ``source`` if there.
    roles : iterable of str or None, default=("headline", "body")

    Returns
    -------
    DataFrame, one row per problem, in the order of the articles
        ``source``, ``article_id``, ``detail`` : str
        ``problem`` : {"no_tokens", "unspaced_script"}; the second where a tenth of the tokens or more are single
        characters of a script written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese): their counts are
        counts of characters, not of words
    """
    found = tokens(articles, roles=roles)
    unspaced = found["token"].map(words.is_unspaced).astype("bool")
    n = found.groupby("article_id").size()
    alone = found[unspaced].groupby("article_id").size()
    rows = []
    for article_id, source in zip(
        articles["article_id"], articles.get("source", pd.Series(pd.NA, articles.index)), strict=True
    ):
        total, single = int(n.get(article_id, 0)), int(alone.get(article_id, 0))
        if not total:
            rows.append(
                (source, article_id, "no_tokens", f"no word in the roles {', '.join(sorted(roles or ['any']))}")
            )
        elif single * 10 >= total:
            detail = f"{single} of {total} tokens are single characters of a script written without spaces"
            rows.append((source, article_id, "unspaced_script", detail))
    return frames.conform([dict(zip(frames.SCHEMAS["problems"], r, strict=True)) for r in rows], "problems")


def word_set(given: Iterable[str]) -> frozenset[str]:
    """Return the words as a set; a single string is refused, for it would be read as its letters."""
    if isinstance(given, str):
        raise TypeError(f"stop_words must be an iterable of words, not the string {given!r}")
    return frozenset(given)


def _counts(
    encoded: Encoded, rows: np.ndarray, n_rows: int
) -> tuple[Encoded, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Count each surface in each row: how many different ones it has, their codes, their counts; drop the places."""
    width = max(len(encoded.keys), 1)
    keys = rows * width
    keys += encoded.codes
    none = np.zeros(0, dtype=np.int64)
    encoded = replace(encoded, starts=none, ends=none, codes=none)
    if n_rows * width < 2**31:
        keys = keys.astype(np.int32)
    keys.sort()
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else none
    n = np.diff(np.append(first, len(keys))).astype(np.int32)
    row, codes = np.divmod(keys[first], width)
    return encoded, (np.bincount(row, minlength=n_rows), codes.astype(np.int32), n)
