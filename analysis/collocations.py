"""Which words stand together more often than apart: within sentences, never across."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import frames, reading
from analysis.keyness import g2
from analysis.segments import COUNTED_ROLES
from analysis.tokens import word_set
from analysis.wordforms import DEFAULT, TokenRule

_PAIRS_HELD = 4_000_000


def collocations(
    articles: pd.DataFrame,
    *,
    node: str | Iterable[str] | None = None,
    window: int | None = 1,
    min_n: int = 2,
    stop_words: Iterable[str] = (),
    roles: Iterable[str] | None = COUNTED_ROLES,
    rule: TokenRule = DEFAULT,
) -> pd.DataFrame:
    """Count pairs of terms that stand near each other, and measure how strongly they attract.

    Parameters
    ----------
    articles : DataFrame
        ``article_id`` and ``text``.
    node : str or iterable of str, optional
        Only pairs with one of these terms, in either place. A phrase or the name of a country is one term if ``rule``
        lists it.
    window : int or None, default=1
        Tokens apart at most, within one sentence: 1 for neighbours. The unit counted is then the pair of places, and
        ``term_a`` is the one that stands first. None for anywhere in the same sentence: the unit counted is then the
        sentence, however often a term occurs in it, and ``term_a`` < ``term_b``.
    min_n : int, default=2
        Pairs that occur less often are left out. Association measures of pairs that occur once say nothing.
    stop_words : iterable of str, default=()
        Pairs with one of these terms are left out. They keep their places: words about a stop word are no neighbours.
    roles : iterable of str or None, default=("headline", "body")
    rule : TokenRule, optional

    Returns
    -------
    DataFrame, largest ``g2`` first, ties by the terms
        ``term_a``, ``term_b`` : str
        ``n_a``, ``n_b`` : int64, units with ``term_a`` in first place, with ``term_b`` in second; with ``window=None``,
        sentences with the term
        ``n_both`` : int64, units with both
        ``df`` : int64, articles with the pair: a pair of one article says nothing about the corpus
        ``expected`` : float64, ``n_a * n_b / N``, with N all units (sentences with a token, or pairs of places)
        ``npmi`` : float64 in [-1, 1], ln(n_both / expected) / -ln(n_both / N), 0 when independent [1]_; NaN where every
        unit has the pair, which is independence and company at once. 1 says that no unit has the one without the other:
        with a window of 1, that neither has another neighbour on that side; with a wider one a pair that never parts
        falls short of 1, as both have other words around
        ``g2`` : float64, log-likelihood ratio [2]_, negative if the pair is rarer than expected. It ranks pairs and is
        no test: pairs of places overlap, and words of one article are not independent
        ``log_dice`` : float64, 14 + log2(2 n_both / (f_a + f_b)), with f the occurrences of each term in the text, at
        the ends of sentences too [3]_; 14 for neighbours that are never apart. With a wider window it can pass 14,
        where one occurrence has the other term around it twice. With ``window=None`` f counts sentences
        ``delta_p_b_given_a`` : float64 in [-1, 1], share of ``term_b`` among units with ``term_a`` less its share
        without [4]_; NaN if all units have ``term_a``
        ``delta_p_a_given_b`` : float64 in [-1, 1], likewise the other way
        ``label`` : str, both terms in their commonest forms

    Raises
    ------
    ValueError
        If ``window`` is smaller than 1.

    References
    ----------
    .. [1] G. Bouma (2009), Normalized (pointwise) mutual information in collocation extraction, GSCL.
    .. [2] T. Dunning (1993), Accurate methods for the statistics of surprise and coincidence, CL 19(1).
    .. [3] P. Rychly (2008), A lexicographer-friendly association score, RASLAN.
    .. [4] S. Th. Gries (2013), 50-something years of work on collocations: what is or should be next, IJCL 18(1).
    """
    if window is not None and window < 1:
        raise ValueError(f"window must be at least 1, or None for the sentence: {window}")
    left_out = word_set(stop_words)
    nodes = None if node is None else frozenset([node] if isinstance(node, str) else node)
    vocabulary = reading.Vocabulary(rule)
    tally = _Tally(window)
    n_surface = np.zeros(0)
    for spans, encoded, rows in reading.read(articles, "sentence", roles, rule, reading.keep_rows):
        surfaces = vocabulary.add(encoded)
        terms = vocabulary.term_of()[surfaces]
        n_surface = np.bincount(
            surfaces, np.bincount(encoded.codes, minlength=len(surfaces)), len(vocabulary.surfaces)
        ) + (np.append(n_surface, np.zeros(len(vocabulary.surfaces) - len(n_surface))))
        codes = encoded.codes
        if not rule.numbers:
            counted = vocabulary.counted()[surfaces][codes]
            codes, rows = codes[counted], rows[counted]
        names = list(vocabulary.terms)
        wanted = np.array([nodes is None or names[t] in nodes for t in terms.tolist()], dtype=bool)
        allowed = np.array([names[t] not in left_out for t in terms.tolist()], dtype=bool)
        article = pd.factorize(spans["article_id"])[0]
        tally.add(terms, codes, rows, article, wanted, allowed)
    names, labels, column_of = vocabulary.columns(n_surface)
    column = np.zeros(len(vocabulary.terms), dtype=np.int64)
    column[vocabulary.term_of()] = column_of
    return _measures(tally, names, labels, column, min_n)


class _Pairs(NamedTuple):
    """Pairs of terms in order, arrays of the same length."""

    key: np.ndarray  # first term << 32 | second term
    units: np.ndarray
    articles: np.ndarray


class _Tally:
    """Counts of pairs and of their margins, chunk by chunk."""

    def __init__(self, window: int | None):
        self.window = window
        self.n_units = 0
        self.first = np.zeros(0, dtype=np.int64)  # units with a term in first place, by term
        self.second = np.zeros(0, dtype=np.int64)
        self.alone = np.zeros(0, dtype=np.int64)  # occurrences of a term, with neighbours or without
        self._pairs: list[_Pairs] = [_Pairs(*(np.zeros(0, dtype=t) for t in (np.int64, np.int32, np.int32)))]

    def add(
        self,
        terms: np.ndarray,
        codes: np.ndarray,
        rows: np.ndarray,
        article: np.ndarray,
        wanted: np.ndarray,
        allowed: np.ndarray,
    ) -> None:
        """Count the pairs of a chunk.

        Parameters
        ----------
        terms : ndarray of int64, shape (n_surfaces,), the term of each surface
        codes, rows : ndarray of int, shape (n_tokens,), the surface and the sentence of each token
        article : ndarray of int64, shape (n_sentences,)
        wanted, allowed : ndarray of bool, shape (n_surfaces,)
            A pair is counted if one of its terms is wanted and both are allowed.
        """
        here, local = np.unique(terms, return_inverse=True)
        is_wanted, is_allowed = (np.zeros(len(here), dtype=bool) for _ in range(2))
        is_wanted[local[wanted]] = True
        is_allowed[local[allowed]] = True
        tokens = local[codes]
        none = np.zeros(len(here), dtype=np.int64)
        if self.window is None:
            seen = np.sort(rows * len(here) + tokens)
            seen = seen[np.append(True, seen[1:] != seen[:-1])[: len(seen)]]
            rows, tokens = np.divmod(seen, max(len(here), 1))
            self.n_units += len(np.unique(rows))
            n_sentences = np.bincount(tokens, minlength=len(here))
            self._margins(here, n_sentences, n_sentences, n_sentences)
            kept = is_allowed[tokens]
            rows, tokens = rows[kept], tokens[kept]
        else:
            self._margins(here, none, none, np.bincount(tokens, minlength=len(here)))
        found = []
        apart = 0
        while self.window is None or apart < self.window:
            apart += 1
            same = np.flatnonzero(rows[:-apart] == rows[apart:])
            if not len(same):
                break
            a, b = tokens[same], tokens[same + apart]
            if self.window is not None:
                self.n_units += len(same)
                self._margins(here, *(np.bincount(x, minlength=len(here)) for x in (a, b)), none)
            kept = (is_wanted[a] | is_wanted[b]) & is_allowed[a] & is_allowed[b]
            key = (a[kept] * len(here) + b[kept]) * (len(article) and article.max() + 1) + article[rows[same[kept]]]
            found.append(key)
        if found:
            self._pairs_of(np.concatenate(found), here, int(article.max()) + 1)

    def pairs(self) -> _Pairs:
        """Return the pairs counted."""
        if len(self._pairs) > 1:
            key = np.concatenate([p.key for p in self._pairs])
            order = np.argsort(key, kind="stable")  # merges what is sorted by chunk
            key = key[order]
            first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
            key = key[first]
            units, articles = [p.units for p in self._pairs], [p.articles for p in self._pairs]
            self._pairs.clear()
            sums = [np.add.reduceat(np.concatenate(x)[order], first) if len(first) else x[0] for x in (units, articles)]
            self._pairs.append(_Pairs(key, *sums))
        return self._pairs[0]

    def _margins(self, here: np.ndarray, first: np.ndarray, second: np.ndarray, alone: np.ndarray) -> None:
        size = max(len(self.first), int(here.max(initial=-1)) + 1)
        self.first, self.second, self.alone = (
            np.append(m, np.zeros(size - len(m), dtype=np.int64)) for m in (self.first, self.second, self.alone)
        )
        self.first[here] += first
        self.second[here] += second
        self.alone[here] += alone

    def _pairs_of(self, keys: np.ndarray, here: np.ndarray, n_articles: int) -> None:
        keys.sort()
        first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        units = np.diff(np.append(first, len(keys)))
        pair = keys[first] // n_articles
        begin = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])[: len(pair)])
        if not len(begin):
            return
        a, b = np.divmod(pair[begin], len(here))
        n_units, n_with = np.add.reduceat(units, begin), np.diff(np.append(begin, len(pair)))
        self._pairs.append(_Pairs(here[a] << 32 | here[b], n_units.astype(np.int32), n_with.astype(np.int32)))
        if sum(len(p.key) for p in self._pairs[1:]) > _PAIRS_HELD:
            self.pairs()


def _measures(tally: _Tally, names: pd.Index, labels: pd.Index, column: np.ndarray, min_n: int) -> pd.DataFrame:
    key, n_both, df = tally.pairs()
    often = n_both >= max(min_n, 1)
    key, n_both, df = key[often], n_both[often].astype(np.int64), df[often]
    a, b = key >> 32, key & 0xFFFFFFFF
    n_a, n_b = tally.first[a], tally.second[b]
    occurrences = tally.alone[a] + tally.alone[b]
    a, b = column[a], column[b]
    if tally.window is None:
        swap = a > b
        a, b, n_a, n_b = np.where(swap, b, a), np.where(swap, a, b), np.where(swap, n_b, n_a), np.where(swap, n_a, n_b)
    n = tally.n_units
    score = np.sign(n_both - n_a * n_b / max(n, 1)) * g2(n_both, n_a - n_both, n_b - n_both, n - n_a - n_b + n_both)
    order = np.argsort(a * len(names) + b)
    order = order[np.argsort(-score[order], kind="stable")]
    a, b, n_a, n_b, n_both, df, score, occurrences = (
        x[order] for x in (a, b, n_a, n_b, n_both, df, score, occurrences)
    )
    expected = n_a * n_b / max(n, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        npmi = np.where(n_both < n, np.log(n_both / expected) / -np.log(n_both / n), np.nan)
        delta_b = n_both / n_a - (n_b - n_both) / (n - n_a)
        delta_a = n_both / n_b - (n_a - n_both) / (n - n_b)
    values = {
        "term_a": names.array.take(a),
        "term_b": names.array.take(b),
        "n_a": n_a,
        "n_b": n_b,
        "n_both": n_both,
        "df": df,
        "expected": expected,
        "npmi": npmi,
        "g2": score,
        "log_dice": 14 + np.log2(2 * n_both / occurrences),
        "delta_p_b_given_a": delta_b,
        "delta_p_a_given_b": delta_a,
        "label": labels.array.take(a) + " " + labels.array.take(b),
    }
    return frames.conform(values, "collocations")
