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
    """Find, for the words of each topic, the phrase of two words that each mostly stands in.

    A phrase is two words next to each other, one blank or hyphen apart, neither of them a function word; the same two
    in the same order in `LEAST` units at least. It must stand on its own: hold `BOUND` of the occurrences of *both* its
    words; or be written with two capitals each time, as a name is, and hold `BOUND` of those of the word. And it must
    be no piece of something longer: no third word that may label stands before it, or after it, in more than `BOUND` of
    the places where it occurs, and in two at least; nor does either word end as adverbs do (-ly), nor, but for names,
    the second as adjectives and verbs do (`NO_NOUN`): "global arrogant" is none.

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
    for topic, part in units.groupby("topic", sort=True):
        parts = [texts[i][a:b] for i, a, b in zip(part["article_id"], part["start"], part["end"], strict=True)]
        wanted = words[int(topic)]
        terms, pairs = _pairs(parts, frozenset(wanted), rule)
        least = LEAST if len(parts) >= FEW else 2
        for word in wanted:
            around = [p for p in pairs if word in (p.first, p.second) and p.n_units >= least and p.stands(word, terms)]
            if around:
                found[int(topic)][word] = min(around, key=lambda p: (-p.n, p.first, p.second)).written
    return found


@dataclass(frozen=True)
class _Pair:
    """Two terms next to each other, and how they occur in the units read."""

    first: str
    second: str
    n: int
    n_units: int
    is_name: bool
    beside: int
    """How often the commonest third word stands before it, or after it."""
    written: str

    def stands(self, word: str, occurrences: Counter[str]) -> bool:
        """Whether the two stand together often enough, and are no piece of something longer."""
        most = occurrences[word] if self.is_name else max(occurrences[self.first], occurrences[self.second])
        longer = self.beside > BOUND * self.n and self.beside >= 2
        return self.n >= most * BOUND and not longer and (self.is_name or not self.second.endswith(NO_NOUN))


def _pairs(parts: list[str], wanted: frozenset[str], rule: tokens.TokenRule) -> tuple[Counter[str], list[_Pair]]:
    """Count the terms of some texts, and the pairs of them that hold a wanted one."""
    # Each unit is an article of its own here, so that phrases are counted by unit.
    names = pd.Series([f"{i:09d}" for i in range(len(parts))], dtype="str")
    spans = pd.DataFrame({"article_id": names, "start": 0, "end": [len(p) for p in parts]})
    read = tokens.tokens(
        pd.DataFrame({"article_id": names, "text": pd.Series(parts, dtype="str")}), units=spans, rule=rule
    )
    unit, term = read["article_id"].astype("int64").to_numpy(), read["term"].tolist()
    start, end = read["start"].to_numpy(), read["end"].to_numpy()
    next_to = np.append((unit[1:] == unit[:-1]) & (start[1:] - end[:-1] == 1), False)
    next_to = [bool(n) and parts[u][e] in " -" for n, u, e in zip(next_to, unit, end, strict=True)]
    may = dict.fromkeys(set(term))
    may = {t for t, good in zip(may, may_label(list(may), rule), strict=True) if good and not t.endswith("ly")}
    places: dict[tuple[str, str], list[int]] = {}
    for i in np.flatnonzero(next_to):
        a, b = term[i], term[i + 1]
        if (a in wanted or b in wanted) and a != b and a in may and b in may:
            places.setdefault((a, b), []).append(int(i))
    pairs = []
    for (a, b), at in places.items():
        written = Counter(parts[unit[i]][start[i] : end[i + 1]] for i in at)
        before = Counter(term[i - 1] for i in at if i and next_to[i - 1] and term[i - 1] in may)
        after = Counter(term[i + 2] for i in at if next_to[i + 1] and term[i + 2] in may)
        pairs.append(
            _Pair(
                first=a,
                second=b,
                n=len(at),
                n_units=len({unit[i] for i in at}),
                is_name=all(_is_name(w) for w in written),
                beside=max([0, *before.values(), *after.values()]),
                written=min(written, key=lambda w: (-written[w], w)),
            )
        )
    return Counter(term), pairs


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
