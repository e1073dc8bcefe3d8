"""Articles to the tokens of one chunk of text after another, each distinct one numbered."""

from __future__ import annotations

import itertools
import os
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import frames, layout, segments, wordforms, words
from analysis.flat import Flat, code_points, flatten
from analysis.numbering import Numbering
from analysis.wordforms import Encoded, TokenRule
from analysis.words import Strings

CHUNK = 220_000
"""Code points read at a time."""


def read(
    articles: pd.DataFrame,
    units: str | pd.DataFrame,
    roles: Iterable[str] | None,
    rule: TokenRule,
    reduce: Callable,
) -> Iterator[tuple[pd.DataFrame | None, Encoded, object]]:
    """Yield the spans of a chunk of text, and what ``reduce(encoded, rows, n_rows)`` makes of its tokens.

    The spans of ``units="article"`` are None: they are those of `whole`. ``reduce`` returns the tokens, or what of them
    is still needed, and a result. Chunks are read by threads, and come in the order of the text; only a few are held at
    a time.
    """
    frames.require_articles(articles)
    roles = None if roles is None else frozenset([roles] if isinstance(roles, str) else roles)
    alphabet = words.Alphabet()
    if isinstance(units, pd.DataFrame):
        units, at = _checked(units, articles)
        sizes = (units["end"] - units["start"]).to_numpy()

        def run(low: int, high: int) -> tuple:
            return _read(lambda: _units_of(articles, units.iloc[low:high], at[low:high]), rule, alphabet, reduce)

    else:
        sizes = _sizes(articles)
        recurring = segments.recurring_lines(articles)  # those of all articles, whatever the chunk

        def run(low: int, high: int) -> tuple:
            part = articles.iloc[low:high]
            if units == "article" and not rule.multiword:
                return _in_place(part, recurring, roles, alphabet, reduce)
            return _read(lambda: _spans_of(part, recurring, units, roles), rule, alphabet, reduce)

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


def whole(articles: pd.DataFrame) -> pd.DataFrame:
    """Return the span of each article: ``article_id``; ``segment``, -1; ``start``, ``end``."""
    return pd.DataFrame(
        {"article_id": articles["article_id"].array, "segment": -1, "start": 0, "end": _sizes(articles)}
    )


def _in_place(
    articles: pd.DataFrame,
    recurring: pd.DataFrame,
    roles: frozenset[str] | None,
    alphabet: words.Alphabet,
    reduce: Callable,
) -> tuple[None, Encoded, object]:
    """Read whole articles, the segments that are not counted blanked out."""
    flat = flatten(articles["text"])
    outside = [] if roles is None else _left_out(flat, recurring, roles)
    points, begins = flat.points, flat.starts
    del flat
    encoded = wordforms.number(words.find(points, outside=outside), alphabet)
    n_in = np.diff(np.append(np.searchsorted(encoded.starts, begins), len(encoded.starts)))
    return None, *reduce(encoded, np.repeat(np.arange(len(articles)), n_in), len(articles))


def _left_out(flat: Flat, recurring: pd.DataFrame, roles: frozenset[str]) -> list[tuple[int, int]]:
    """Return the start and end of each segment of another role."""
    parts = layout.locate(flat, recurring=frozenset(recurring["line"]))
    other = np.array([role not in roles for role in layout.ROLES])[parts.role]
    return list(zip(parts.start[other].tolist(), parts.end[other].tolist(), strict=True))


class _Pieces(NamedTuple):
    """Pieces of text end to end, each one a span, or a part of an article."""

    spans: pd.DataFrame | None
    text: str
    begins: np.ndarray
    rows: np.ndarray  # of each piece: the span, or the article
    n_rows: int

    @classmethod
    def of(cls, spans: pd.DataFrame | None, pieces: list[str], rows: np.ndarray, n_rows: int) -> _Pieces:
        lengths = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces)) + 2
        return cls(spans, "\n\n".join(pieces), np.cumsum(lengths) - lengths, rows, n_rows)


def _read(
    make: Callable[[], _Pieces], rule: TokenRule, alphabet: words.Alphabet, reduce: Callable
) -> tuple[pd.DataFrame | None, Encoded, object]:
    spans, text, begins, rows, n_rows = make()
    if rule.multiword:
        encoded = wordforms.encode(text, rule=rule, alphabet=alphabet)
    else:
        points = code_points(text)
        del text  # no longer needed, and the larger part of what is held
        encoded = wordforms.number(words.find(points), alphabet)
        del points
    n_in = np.diff(np.append(np.searchsorted(encoded.starts, begins), len(encoded.starts)))
    if spans is not None:
        spans["offset"] = spans["start"].to_numpy() - begins
    return spans, *reduce(encoded, np.repeat(rows, n_in), n_rows)


def keep_rows(encoded: Encoded, rows: np.ndarray, n_rows: int) -> tuple[Encoded, np.ndarray]:
    """Return the tokens and the row of each: what `read` is given where every token is wanted."""
    del n_rows
    return encoded, rows


def _spans_of(articles: pd.DataFrame, recurring: pd.DataFrame, unit: str, roles: frozenset[str] | None) -> _Pieces:
    spans = paragraphs = segments.paragraphs(articles, recurring=recurring)
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
    if unit == "article":
        return _Pieces.of(None, pieces, at, len(articles))
    return _Pieces.of(spans, pieces, np.arange(len(pieces)), len(pieces))


def _units_of(articles: pd.DataFrame, units: pd.DataFrame, at: np.ndarray) -> _Pieces:
    used, place = np.unique(at, return_inverse=True)
    together = len(used) and used[-1] - used[0] == len(used) - 1
    texts = articles["text"].iloc[slice(used[0], used[-1] + 1) if together else used].tolist()
    spans = zip(place.tolist(), units["start"].tolist(), units["end"].tolist(), strict=True)
    return _Pieces.of(units.copy(), [texts[k][a:b] for k, a, b in spans], np.arange(len(units)), len(units))


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
        self._labels: list[str] = []
        self.terms: dict[str, int] = {}
        self._term_of = array("i")
        self._short = Numbering()
        self._others: dict[str | tuple[str, str], int] = {}

    def add(self, encoded: Encoded) -> np.ndarray:
        """Return the number of each distinct token of a text, int32; all texts must be read with the same alphabet."""
        keys, pairs = encoded.keys, encoded.keys.pairs
        result = np.full(len(keys), -1, dtype=np.int32)
        result[: len(pairs)] = self._short.find(*pairs.T)
        apart: dict[int, str | tuple[str, str]] = dict(enumerate(keys.others, len(pairs)))
        if encoded.phrases:
            apart |= {k: (encoded.surfaces[k], phrase) for k, phrase in encoded.phrases.items()}
        for place, key in apart.items():
            result[place] = self._others.get(key, -1)
        new = np.flatnonzero(result < 0)
        if not len(new):
            return result
        n_short = int(np.searchsorted(new, len(pairs)))
        others = [keys.others[k - len(pairs)] for k in new[n_short:].tolist()]
        surfaces = encoded.alphabet.strings(Strings(pairs[new[:n_short]], others))
        shown = wordforms.labels(surfaces)
        names = wordforms.terms_of(shown, rule=self.rule)
        result[new] = np.arange(len(self.surfaces), len(self.surfaces) + len(new))
        self.surfaces += surfaces
        self._labels += shown
        plain = np.ones(n_short, dtype=bool)
        for at, place in enumerate(new.tolist() if apart else ()):
            if place in apart:
                self._others[apart[place]] = int(result[place])
                names[at] = encoded.phrases.get(place, names[at])
                plain[at : at + 1] = False
        short = new[:n_short][plain]
        self._short.put(*pairs[short].T, result[short])
        place_of = self.terms
        self._term_of.extend([place_of.setdefault(name, len(place_of)) for name in names])
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
        used = np.flatnonzero(n > 0)
        at, times = column_of[used], n[used].astype(np.int64)
        several = np.bincount(at, minlength=len(order))[at] > 1
        labels: list[str | None] = [None] * len(order)
        for c, k in zip(at[~several].tolist(), used[~several].tolist(), strict=True):
            labels[c] = self._labels[k]
        tally: dict[tuple[int, str], int] = {}
        for c, k, more in zip(*(x[several].tolist() for x in (at, used, times)), strict=True):
            key = c, self._labels[k]
            tally[key] = tally.get(key, 0) + more
        for key in tally:
            best = key[0], labels[key[0]]
            if best[1] is None or (-tally[key], key[1]) < (-tally[best], best[1]):
                labels[key[0]] = key[1]
        terms = pd.Index([names[k] for k in order], dtype="str", name="term")
        return terms, pd.Index(labels, dtype="str", name="label"), column_of
