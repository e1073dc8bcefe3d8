"""What a topic is called: words that are frequent and exclusive, and the phrases that they stand in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import directions, tokens, topic_quality
from analysis.mixtures import Mixture

N_WORDS = 3
"""Entries of a label."""

READ = 50
"""Units of each topic, the most central ones, that are read for phrases, at most."""

LEAST = 3
"""Units of a topic that must hold a phrase; 2 where fewer than `FEW` are read."""

FEW = 20
"""Units read below which a phrase in two of them will do."""

LONGEST = 4
"""Words of a phrase, at most."""

BOUND = 0.5
"""Share of a word's occurrences in the units read from which the word is shown as the phrase that it stands in."""

NO_NOUN = ("al", "ant", "ent", "ic", "ive", "ous", "able", "ible", "ful", "less", "ary", "ed", "ing", "ern", "ese")
"""Endings of a phrase's second word that make it seem no noun; a phrase lost costs less than a bad one shown."""

_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve hundred thousand million billion trillion".split()
)


def may_label(terms: Sequence[str], rule: tokens.TokenRule = tokens.DEFAULT) -> np.ndarray:
    """Return which terms may describe a topic: no function word, no number word, three letters or an acronym.

    Parameters
    ----------
    terms : sequence of str
    rule : TokenRule, optional
        By which they are terms.

    Returns
    -------
    ndarray of bool, shape (n_terms,)
    """
    left_out = tokens.stop_words(rule=rule) | _NUMBERS
    return np.array([_may_label(term, left_out) for term in terms], dtype=bool)


def _may_label(term: str, left_out: frozenset[str]) -> bool:
    long_enough = len(term) > 2 or term.isupper()
    return long_enough and term not in left_out and term.split("'")[0] not in left_out


def candidates(mixture: Mixture, allowed: np.ndarray, n_top: int) -> list[np.ndarray]:
    """Return the columns of each topic's typical words, those of highest `topic_quality.frex` first.

    Parameters
    ----------
    mixture : Mixture
    allowed : ndarray of bool of shape (n_terms,)
    n_top : int
        Typical words that are considered.

    Returns
    -------
    list of ndarray of int, one per topic
    """
    if not len(mixture.terms):
        return []
    score = directions.round_significant(topic_quality.frex(mixture.terms))
    typical = topic_quality.typical(mixture, allowed, n_top)
    return [columns[np.argsort(-score[k, columns], kind="stable")] for k, columns in enumerate(typical)]


def phrases(
    articles: pd.DataFrame, units: pd.DataFrame, words: list[list[str]], rule: tokens.TokenRule = tokens.DEFAULT
) -> list[dict[str, str]]:
    """Find, for the words of each topic, the phrase that each mostly stands in.

    A phrase is two words next to each other, one blank or hyphen apart, neither of them a function word or one that
    ends as adverbs do (-ly); and it is the longer one, up to `LONGEST` words, where such a word stands before it, or
    after it, in more than `BOUND` of the places where it occurs, and in two at least. It must stand in `LEAST` units,
    and on its own: hold `BOUND` of the occurrences of *each* of its words; or be written with capitals each time, as a
    name is, and hold `BOUND` of those of the word. But for names its last word must not end as adjectives and verbs do
    (`NO_NOUN`): "global arrogant" is none. What would grow longer still is none either.

    Parameters
    ----------
    articles : DataFrame
        ``article_id``, ``text``.
    units : DataFrame
        Units to read, sorted by ``topic``: ``topic`` int64, ``article_id``, ``segment``, ``start``, ``end``.
    words : list of list of str
        Terms of each topic that may be shown as a phrase.
    rule : TokenRule, optional
        By which they are terms.

    Returns
    -------
    list of dict, one per topic: term to phrase as it is mostly written
    """
    found: list[dict[str, str]] = [{} for _ in words]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    parts = [texts[i][a:b] for i, a, b in zip(units["article_id"], units["start"], units["end"], strict=True)]
    read = _Read.of(parts, rule)
    of_topic = units["topic"].to_numpy()
    for topic in np.unique(of_topic).tolist():
        first, last = np.searchsorted(of_topic, (topic, topic + 1)).tolist()
        wanted = words[topic]
        occurrences, candidates = _phrases(read, first, last, frozenset(wanted))
        least = LEAST if last - first >= FEW else 2
        for word in wanted:
            around = [p for p in candidates if word in p.terms and p.n_units >= least and p.stands(word, occurrences)]
            if around:
                found[topic][word] = min(around, key=lambda p: (-p.n, p.terms)).written
    return found


@dataclass(frozen=True)
class _Phrase:
    """Terms next to each other, and how they occur in the units read."""

    terms: tuple[str, ...]
    n: int
    n_units: int
    is_name: bool
    goes_on: bool
    """Whether it is a piece of something longer."""
    written: str

    def stands(self, word: str, occurrences: Counter[str]) -> bool:
        """Whether the terms stand together often enough, and are no piece of something longer."""
        most = occurrences[word] if self.is_name else max(occurrences[t] for t in self.terms)
        return self.n >= most * BOUND and not self.goes_on and (self.is_name or not self.terms[-1].endswith(NO_NOUN))


@dataclass(frozen=True, eq=False)
class _Read:
    """The terms of some texts, and where they stand."""

    parts: list[str]
    term: list[str]
    unit: np.ndarray
    start: np.ndarray
    end: np.ndarray
    joined: list[bool]
    """Whether a term and the next one may both stand in one phrase."""

    @classmethod
    def of(cls, parts: list[str], rule: tokens.TokenRule) -> _Read:
        # Each unit is an article of its own here, so that phrases are counted by unit.
        names = pd.Series([f"{i:09d}" for i in range(len(parts))], dtype="str")
        spans = pd.DataFrame({"article_id": names, "start": 0, "end": [len(p) for p in parts]})
        read = tokens.tokens(
            pd.DataFrame({"article_id": names, "text": pd.Series(parts, dtype="str")}), units=spans, rule=rule
        )
        start, end = read["start"].to_numpy(), read["end"].to_numpy()
        unit = np.repeat(np.arange(len(parts)), read.groupby("article_id").size().reindex(names, fill_value=0))
        kinds, terms = pd.factorize(read["term"])
        may = may_label(terms, rule) & np.array([not t.endswith("ly") for t in terms], dtype=bool)
        joined = np.append((unit[1:] == unit[:-1]) & (start[1:] - end[:-1] == 1), False)[: len(read)]
        joined &= may[kinds] & np.append(may[kinds][1:], False)[: len(read)]
        for i in np.flatnonzero(joined).tolist():
            joined[i] = parts[unit[i]][end[i]] in " -"
        return cls(parts, read["term"].tolist(), unit, start, end, joined.tolist())


def _phrases(read: _Read, first: int, last: int, wanted: frozenset[str]) -> tuple[Counter[str], list[_Phrase]]:
    """Count the terms of the texts from ``first`` to before ``last``, and their phrases that hold a wanted one."""
    term, joined, unit = read.term, read.joined, read.unit
    begin, stop = np.searchsorted(unit, (first, last)).tolist()
    places: dict[tuple[str, ...], list[int]] = {}
    for i in range(begin, stop):
        if joined[i]:
            pair = (term[i], term[i + 1])
            if not wanted.isdisjoint(pair) and pair[0] != pair[1]:
                places.setdefault(pair, []).append(i)
    found = {}
    for at in places.values():
        starts, ends, goes_on = _grown(at, term, joined)
        written = Counter(read.parts[unit[i]][read.start[i] : read.end[j]] for i, j in zip(starts, ends, strict=True))
        terms = tuple(term[starts[0] : ends[0] + 1])
        found[terms] = _Phrase(
            terms=terms,
            n=len(starts),
            n_units=len({unit[i] for i in starts}),
            is_name=all(_is_name(w) for w in written),
            goes_on=goes_on,
            written=min(written, key=lambda w: (-written[w], w)),
        )
    return Counter(term[begin:stop]), list(found.values())


def _grown(at: list[int], term: list[str], joined: list[bool]) -> tuple[list[int], list[int], bool]:
    """Lengthen a pair of terms, first terms ``at``, while one more mostly stands beside it.

    Returns
    -------
    first, last : list of int
        Positions of the first and the last term of each place that is left.
    goes_on : bool
        Whether it would grow beyond `LONGEST`.
    """
    first, last = at, [i + 1 for i in at]
    while True:
        before = Counter(term[i - 1] for i in first if i and joined[i - 1])
        after = Counter(term[j + 1] for j in last if joined[j])
        n, word, side = max(
            [(n, w, 0) for w, n in before.items()] + [(n, w, 1) for w, n in after.items()], default=(0, "", 0)
        )
        if n < 2 or n <= BOUND * len(first):
            return first, last, False
        if last[0] - first[0] + 1 == LONGEST:
            return first, last, True
        if side == 0:
            kept = [(i - 1, j) for i, j in zip(first, last, strict=True) if i and joined[i - 1] and term[i - 1] == word]
        else:
            kept = [(i, j + 1) for i, j in zip(first, last, strict=True) if joined[j] and term[j + 1] == word]
        first, last = [i for i, _ in kept], [j for _, j in kept]


def _is_name(written: str) -> bool:
    return all(part[:1].isupper() for part in written.replace("-", " ").split())


def label(
    words: list[str], surfaces: list[str], phrase: dict[str, str], rule: tokens.TokenRule = tokens.DEFAULT
) -> str:
    """Return the label of a topic: its first `N_WORDS` words, a word shown as its phrase; each phrase once.

    Parameters
    ----------
    words, surfaces : list of str
        Terms, best first, and how they are written.
    phrase : dict
        Term to phrase, of `phrases`.
    rule : TokenRule, optional
    """
    entries: list[str] = []
    held: set[str] = set()
    for word, surface in zip(words, surfaces, strict=True):
        if word in held:
            continue
        entry = phrase.get(word, surface)
        if entry in entries:
            continue
        entries.append(entry)
        held |= {tokens.term(part, rule=rule) for part in entry.replace("-", " ").split()} | {word}
        if len(entries) == N_WORDS:
            break
    return ", ".join(entries) or "no typical word"
