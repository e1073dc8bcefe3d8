"""Articles to tokens, tokens to the document-term matrix."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis import frames, segments, wordforms, words
from analysis.segments import COUNTED_ROLES
from analysis.wordforms import DEFAULT, Encoded, TokenRule, term

__all__ = ["DocumentTerms", "TokenRule", "document_terms", "problems", "stop_words", "term", "tokens"]

STOP_WORDS = Path(__file__).with_name("stop_words.csv")
"""English function words, one row a word with its word class; composed for this project, see `stop_words`."""

_CHUNK = 2_000_000  # code points read at a time


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


def stop_words() -> frozenset[str]:
    """Return the English function words that come with the project.

    The list holds the closed word classes of English (articles, pronouns, auxiliaries, prepositions, conjunctions,
    quantifiers and adverbs of place and time), not words that are merely frequent: `said` and `new` stay. Each word's
    class is in the file `STOP_WORDS`.
    """
    return frozenset(pd.read_csv(STOP_WORDS, keep_default_na=False)["word"])


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
    vocabulary = _Vocabulary(rule)
    parts = []
    for spans, encoded, rows in _read(articles, "sentence" if units is None else units, roles, rule, _places):
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
    vocabulary = _Vocabulary(rule)
    cells: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    read = [frames.empty("units")]
    n_rows = 0
    for spans, encoded, (rows, codes, n) in _read(articles, unit if units is None else units, roles, rule, _counts):
        surface = vocabulary.add(encoded)
        cells.append((rows + n_rows, surface[codes], n))
        read.append(spans[["article_id", "segment", "start", "end"]])
        n_rows += len(spans)
    spans = pd.concat(read[1:] or read, ignore_index=True)
    rows, surface, n = (np.concatenate(c) for c in zip(*cells, strict=True)) if cells else np.zeros((3, 0), np.int64)
    del cells, read
    if not rule.numbers:
        counted = vocabulary.counted()[surface]
        rows, surface, n = rows[counted], surface[counted], n[counted]
    terms, labels, column_of = vocabulary.columns(np.bincount(surface, n, len(vocabulary.surfaces)))
    pointers = np.searchsorted(rows, np.arange(n_rows + 1))
    matrix = sparse.csr_array((n, column_of[surface], pointers), shape=(n_rows, len(terms)))
    matrix.sum_duplicates()
    n_tokens = np.asarray(matrix.sum(axis=1), dtype=np.int64).reshape(n_rows)
    if left_out:
        keep = np.flatnonzero(~terms.isin(left_out))
        matrix, terms, labels = matrix[:, keep], terms[keep], labels[keep]
    article_ids = pd.Index(spans["article_id"], dtype="str", name="article_id")
    return DocumentTerms(matrix, article_ids, terms, n_tokens, spans, labels, rule)


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
            rows.append((source, article_id, "no_tokens", f"no word in the roles {', '.join(sorted(roles or ['any']))}"))
        elif single * 10 >= total:
            detail = f"{single} of {total} tokens are single characters of a script written without spaces"
            rows.append((source, article_id, "unspaced_script", detail))
    return frames.conform([dict(zip(frames.SCHEMAS["problems"], r, strict=True)) for r in rows], "problems")


def word_set(given: Iterable[str]) -> frozenset[str]:
    """Return the words as a set; a single string is refused, for it would be read as its letters."""
    if isinstance(given, str):
        raise TypeError(f"stop_words must be an iterable of words, not the string {given!r}")
    return frozenset(given)


class _Vocabulary:
    """The distinct tokens met so far, numbered, and their terms."""

    def __init__(self, rule: TokenRule):
        self.rule = rule
        self.surfaces: list[str] = []
        self.terms: dict[str, int] = {}
        self._term_of: list[int] = []
        self._numbers: dict[str | tuple[str, str], int] = {}

    def add(self, encoded: Encoded) -> np.ndarray:
        """Return the number of each surface of a text."""
        numbers, known = self._numbers, self._numbers.get
        result = [known(s, -1) for s in encoded.surfaces]
        for place, name in encoded.phrases.items():
            result[place] = known((encoded.surfaces[place], name), -1)
        new = [place for place, number in enumerate(result) if number < 0]
        names = wordforms.terms([encoded.surfaces[place] for place in new], rule=self.rule)
        for place, name in zip(new, names, strict=True):
            surface, phrase = encoded.surfaces[place], encoded.phrases.get(place)
            result[place] = numbers[surface if phrase is None else (surface, phrase)] = len(self.surfaces)
            self.surfaces.append(surface)
            self._term_of.append(self.terms.setdefault(phrase or name, len(self.terms)))
        return np.array(result, dtype=np.int64)

    def term_of(self) -> np.ndarray:
        """Return the place of each surface's term in ``terms``."""
        return np.array(self._term_of, dtype=np.int64)

    def counted(self) -> np.ndarray:
        """Return whether each surface is more than a number."""
        return np.array([wordforms.has_letter(s) for s in self.surfaces], dtype=bool)

    def columns(self, n: np.ndarray) -> tuple[pd.Index, pd.Index, np.ndarray]:
        """Return the terms that occur in their order, their labels, and the column of each surface.

        Parameters
        ----------
        n : ndarray of shape (n_surfaces,)
            Occurrences.
        """
        term_of = self.term_of()
        occurs = np.bincount(term_of, n, len(self.terms)) > 0
        names = list(self.terms)
        order = sorted(np.flatnonzero(occurs).tolist(), key=names.__getitem__)
        place = np.full(len(names), -1, dtype=np.int64)
        place[order] = np.arange(len(order))
        column_of = place[term_of] if len(term_of) else term_of
        labels = [""] * len(order)
        used = np.flatnonzero(n > 0)
        several = np.bincount(column_of[used], minlength=len(order))[column_of[used]] > 1
        for number, column in zip(used[~several].tolist(), column_of[used[~several]].tolist(), strict=True):
            labels[column] = wordforms.label(self.surfaces[number])
        forms: dict[int, dict[str, int]] = {}
        for number, column in zip(used[several].tolist(), column_of[used[several]].tolist(), strict=True):
            of_term = forms.setdefault(column, {})
            form = wordforms.label(self.surfaces[number])
            of_term[form] = of_term.get(form, 0) + int(n[number])
        for column, of_term in forms.items():
            labels[column] = min(of_term, key=lambda form, n=of_term: (-n[form], form))
        terms = pd.Index([names[k] for k in order], dtype="str", name="term")
        return terms, pd.Index(labels, dtype="str", name="label"), column_of


def _places(encoded: Encoded, rows: np.ndarray, n_rows: int) -> np.ndarray:
    del encoded, n_rows
    return rows


def _counts(encoded: Encoded, rows: np.ndarray, n_rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count each surface in each row: rows ascending, codes, counts."""
    width = max(len(encoded.surfaces), 1)
    keys = rows * width
    keys += encoded.codes
    keys.sort()
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, dtype=np.int64)
    n = np.diff(np.append(first, len(keys)))
    return *np.divmod(keys[first], width), n


def _read(
    articles: pd.DataFrame,
    units: str | pd.DataFrame,
    roles: Iterable[str] | None,
    rule: TokenRule,
    reduce: Callable,
) -> Iterator[tuple[pd.DataFrame, Encoded, object]]:
    """Yield the spans of a chunk of text, its tokens, and what ``reduce(encoded, rows, n_rows)`` makes of them.

    Chunks are read by threads, and come in the order of the text; only a few are held at a time.
    """
    frames.require_articles(articles)
    roles = None if roles is None else frozenset([roles] if isinstance(roles, str) else roles)
    if isinstance(units, pd.DataFrame):
        units, at = _checked(units, articles)
        sizes = (units["end"] - units["start"]).to_numpy()

        def job(low: int, high: int) -> tuple:
            return _units_of(articles, units.iloc[low:high], at[low:high])

    else:
        sizes = _sizes(articles)

        def job(low: int, high: int) -> tuple:
            return _spans_of(articles.iloc[low:high], sizes[low:high], units, roles)

    def run(bounds: tuple[int, int]) -> tuple:
        spans, pieces, owners = job(*bounds)
        lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)) + 2
        begins = np.cumsum(lengths) - lengths
        encoded = wordforms.encode("\n\n".join(pieces), rule=rule)
        n_in = np.diff(np.append(np.searchsorted(encoded.starts, begins), len(encoded.starts)))
        if owners is None:
            spans["offset"] = spans["start"].to_numpy() - begins
            owners = np.arange(len(pieces))
        return spans, encoded, reduce(encoded, np.repeat(owners, n_in), len(spans))

    edges = np.searchsorted(np.cumsum(sizes), np.arange(0, sizes.sum(), _CHUNK) + _CHUNK, side="left") + 1
    edges = np.unique(np.clip(np.concatenate(([0], edges, [len(sizes)])), 0, len(sizes))).tolist()
    bounds = list(itertools.pairwise(edges))
    n_threads = min(len(bounds), os.cpu_count() or 1, 4)
    if n_threads < 2:
        yield from map(run, bounds)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        waiting: deque = deque()
        for bound in bounds:
            waiting.append(pool.submit(run, bound))
            if len(waiting) > n_threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _spans_of(
    articles: pd.DataFrame, sizes: np.ndarray, unit: str, roles: frozenset[str] | None
) -> tuple[pd.DataFrame, list[str], np.ndarray | None]:
    """Return the spans to count, the pieces of text, and the span of each piece (None: one each)."""
    if unit == "article":
        pieces: list[str] = []
        owners: list[int] = []
        for row, text in enumerate(articles["text"].tolist()):
            for start, end, role, _ in segments.parts(text):
                if roles is None or role in roles:
                    pieces.append(text[start:end])
                    owners.append(row)
        spans = pd.DataFrame({"article_id": articles["article_id"].array, "segment": -1, "start": 0, "end": sizes})
        return spans, pieces, np.array(owners, dtype=np.int64)
    spans = segments.paragraphs(articles)
    if roles is not None:
        spans = spans[spans["role"].isin(roles)]
    if unit == "sentence":
        spans = segments.sentences(articles, segments=spans)
    return spans.reset_index(drop=True), segments.text_of(spans, articles).tolist(), None


def _units_of(articles: pd.DataFrame, units: pd.DataFrame, at: np.ndarray) -> tuple[pd.DataFrame, list[str], None]:
    used, place = np.unique(at, return_inverse=True)
    texts = articles["text"].iloc[used].tolist()
    spans = zip(place.tolist(), units["start"].tolist(), units["end"].tolist(), strict=True)
    return units.copy(), [texts[k][a:b] for k, a, b in spans], None


def _sizes(articles: pd.DataFrame) -> np.ndarray:
    return articles["text"].astype("str").str.len().to_numpy(dtype=np.int64)


def _checked(units: pd.DataFrame, articles: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the units with a ``segment`` and ``sentence``, and the row of each one's article."""
    frames.require(units, ["article_id", "start", "end"], name="units")
    units = units.reset_index(drop=True)
    at = pd.Index(articles["article_id"]).get_indexer(units["article_id"])
    if (at < 0).any():
        raise ValueError(f"units: no article {units['article_id'].iloc[int((at < 0).argmax())]!r}")
    sizes = _sizes(articles)[at]
    start, end = units["start"].to_numpy(dtype=np.int64), units["end"].to_numpy(dtype=np.int64)
    wrong = (start < 0) | (end < start) | (end > sizes)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"units: row {row} spans {start[row]} to {end[row]}, but the text of article "
            f"{units['article_id'].iloc[row]!r} has {sizes[row]} code points"
        )
    blank = {c: -1 for c in ("segment", "sentence") if c not in units}
    return units.assign(**blank)[["article_id", "segment", "sentence", "start", "end"]], at
