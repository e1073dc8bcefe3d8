"""Articles to the tokens of one chunk of text after another, each distinct one numbered."""

from __future__ import annotations

import itertools
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from analysis import frames, layout, segments, wordforms, words
from analysis.flat import flatten
from analysis.wordforms import Encoded, TokenRule

CHUNK = 200_000
"""Code points read at a time."""


def read(
    articles: pd.DataFrame,
    units: str | pd.DataFrame,
    roles: Iterable[str] | None,
    rule: TokenRule,
    reduce: Callable,
) -> Iterator[tuple[pd.DataFrame, Encoded, object]]:
    """Yield the spans of a chunk of text, and what ``reduce(encoded, rows, n_rows)`` makes of its tokens.

    ``reduce`` returns the tokens, or what of them is still needed, and a result. Chunks are read by threads, and come
    in the order of the text; only a few are held at a time.
    """
    frames.require_articles(articles)
    roles = None if roles is None else frozenset([roles] if isinstance(roles, str) else roles)
    alphabet = words.Alphabet()
    if isinstance(units, pd.DataFrame):
        units, at = _checked(units, articles)
        sizes = (units["end"] - units["start"]).to_numpy()

        def run(low: int, high: int) -> tuple:
            return _pieces(*_units_of(articles, units.iloc[low:high], at[low:high]), rule, alphabet, reduce)

    else:
        sizes = _sizes(articles)

        def run(low: int, high: int) -> tuple:
            part = articles.iloc[low:high]
            if units == "article" and not rule.multiword:
                return _whole(part, sizes[low:high], roles, alphabet, reduce)
            return _pieces(*_spans_of(part, sizes[low:high], units, roles), rule, alphabet, reduce)

    edges = np.searchsorted(np.cumsum(sizes), np.arange(0, sizes.sum(), CHUNK) + CHUNK, side="left") + 1
    edges = np.unique(np.clip(np.concatenate(([0], edges, [len(sizes)])), 0, len(sizes))).tolist()
    bounds = list(itertools.pairwise(edges))
    n_threads = min(len(bounds), os.cpu_count() or 1, 4)
    if n_threads < 2:
        yield from itertools.starmap(run, bounds)
        return
    with ThreadPoolExecutor(n_threads) as pool:
        waiting: deque = deque()
        for bound in bounds:
            waiting.append(pool.submit(run, *bound))
            if len(waiting) >= n_threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _whole(
    articles: pd.DataFrame, sizes: np.ndarray, roles: frozenset[str] | None, alphabet: words.Alphabet, reduce: Callable
) -> tuple[pd.DataFrame, Encoded, object]:
    """Read whole articles in place, the segments that are not counted blanked out."""
    flat = flatten(articles["text"])
    parts = layout.locate(flat)
    left_out = np.array([roles is not None and role not in roles for role in layout.ROLES])[parts.role]
    outside = zip(parts.start[left_out].tolist(), parts.end[left_out].tolist(), strict=True)
    points, begins = flat.points, flat.starts
    del flat, parts
    encoded = wordforms.number(words.find(points, outside=outside), alphabet)
    n_in = np.diff(np.append(np.searchsorted(encoded.starts, begins), len(encoded.starts)))
    spans = pd.DataFrame({"article_id": articles["article_id"].array, "segment": -1, "start": 0, "end": sizes})
    return spans, *reduce(encoded, np.repeat(np.arange(len(articles)), n_in), len(articles))


def _pieces(
    spans: pd.DataFrame,
    pieces: list[str],
    owners: np.ndarray | None,
    rule: TokenRule,
    alphabet: words.Alphabet,
    reduce: Callable,
) -> tuple[pd.DataFrame, Encoded, object]:
    """Read pieces of text, each one a span or part of the span ``owners`` gives."""
    lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)) + 2
    begins = np.cumsum(lengths) - lengths
    encoded = wordforms.encode("\n\n".join(pieces), rule=rule, alphabet=alphabet)
    n_in = np.diff(np.append(np.searchsorted(encoded.starts, begins), len(encoded.starts)))
    if owners is None:
        spans["offset"] = spans["start"].to_numpy() - begins
        owners = np.arange(len(pieces))
    return spans, *reduce(encoded, np.repeat(owners, n_in), len(spans))


def keep_rows(encoded: Encoded, rows: np.ndarray, n_rows: int) -> tuple[Encoded, np.ndarray]:
    """Return the tokens and the row of each: what `read` is given where every token is wanted."""
    del n_rows
    return encoded, rows


def _spans_of(
    articles: pd.DataFrame, sizes: np.ndarray, unit: str, roles: frozenset[str] | None
) -> tuple[pd.DataFrame, list[str], np.ndarray | None]:
    """Return the spans to count, the pieces of text, and the span of each piece (None: one each)."""
    spans = paragraphs = segments.paragraphs(articles)
    if unit == "sentence":
        spans = segments.sentences(articles, segments=paragraphs)
    if roles is not None:
        left_out = pd.MultiIndex.from_frame(paragraphs.loc[~paragraphs["role"].isin(roles), ["article_id", "segment"]])
        if len(left_out):
            spans = spans[~pd.MultiIndex.from_frame(spans[["article_id", "segment"]]).isin(left_out)]
    spans = spans.reset_index(drop=True)
    texts = articles["text"].tolist()
    at = pd.Index(articles["article_id"]).get_indexer(spans["article_id"])
    edges = zip(at.tolist(), spans["start"].tolist(), spans["end"].tolist(), strict=True)
    pieces = [texts[k][a:b] for k, a, b in edges]
    if unit != "article":
        return spans, pieces, None
    whole = pd.DataFrame({"article_id": articles["article_id"].array, "segment": -1, "start": 0, "end": sizes})
    return whole, pieces, at


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


class Vocabulary:
    """The distinct tokens met so far, numbered, and their terms."""

    def __init__(self, rule: TokenRule):
        self.rule = rule
        self.surfaces: list[str] = []
        self.terms: dict[str, int] = {}
        self._term_of: list[int] = []
        self._numbers: dict[bytes | str | tuple[bytes | str, str], int] = {}

    def add(self, encoded: Encoded) -> np.ndarray:
        """Return the number of each distinct token of a text, int32; all texts must be read with the same alphabet."""
        numbers, keys = self._numbers, encoded.keys
        if encoded.phrases:
            keys = [(key, encoded.phrases[k]) if k in encoded.phrases else key for k, key in enumerate(keys)]
        result = np.fromiter(map(numbers.get, keys, itertools.repeat(-1)), dtype=np.int32, count=len(keys))
        new = np.flatnonzero(result < 0).tolist()
        surfaces = encoded.alphabet.strings([encoded.keys[k] for k in new])
        names = wordforms.terms(surfaces, rule=self.rule)
        result[new] = np.arange(len(self.surfaces), len(self.surfaces) + len(new))
        self.surfaces += surfaces
        for place, name in zip(new, names, strict=True):
            numbers[keys[place]] = len(numbers)
            self._term_of.append(self.terms.setdefault(encoded.phrases.get(place, name), len(self.terms)))
        return result

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
