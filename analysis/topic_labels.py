"""What a topic is called: words that are frequent and exclusive, and the phrases that they stand in."""

from __future__ import annotations

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

_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve hundred thousand million billion trillion".split()
)


def may_label(terms: np.ndarray) -> np.ndarray:
    """Return which terms may describe a topic: no function word, no number word, three letters or an acronym.

    Parameters
    ----------
    terms : ndarray of str, shape (n_terms,)

    Returns
    -------
    ndarray of bool, shape (n_terms,)
    """
    left_out = tokens.stop_words() | _NUMBERS
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


def phrases(articles: pd.DataFrame, units: pd.DataFrame, words: list[list[str]]) -> list[dict[str, str]]:
    """Find, for the words of each topic, the phrase of two words that each mostly stands in.

    A phrase is two words next to each other, one blank or hyphen apart, neither of them a function word; the same two
    in the same order in `LEAST` units at least, and in `BOUND` of the word's occurrences.

    Parameters
    ----------
    articles : DataFrame
        ``article_id``, ``text``.
    units : DataFrame
        Units to read, sorted by ``topic``: ``topic`` int64, ``article_id``, ``segment``, ``start``, ``end``.
    words : list of list of str
        Terms of each topic that may be shown as a phrase.

    Returns
    -------
    list of dict, one per topic: term to phrase as it is mostly written
    """
    found: list[dict[str, str]] = [{} for _ in words]
    if units.empty:
        return found
    ids = pd.Index(articles["article_id"])
    texts = articles["text"].iloc[ids.get_indexer(units["article_id"])].tolist()
    # Each unit is an article of its own here, so that phrases are counted by unit.
    parts = [t[a:b] for t, a, b in zip(texts, units["start"], units["end"], strict=True)]
    names = pd.Series([f"{i:09d}" for i in range(len(units))], dtype="str")
    spans = pd.DataFrame({"article_id": names, "start": 0, "end": [len(p) for p in parts]})
    read = tokens.tokens(pd.DataFrame({"article_id": names, "text": pd.Series(parts, dtype="str")}), units=spans)
    unit = read["article_id"].astype("int64").to_numpy()
    read = read.assign(unit=unit, topic=units["topic"].to_numpy()[unit])
    start, end = read["start"].to_numpy(), read["end"].to_numpy()
    here = np.flatnonzero((unit[1:] == unit[:-1]) & (start[1:] - end[:-1] == 1))
    here = here[[parts[unit[i]][end[i]] in " -" for i in here]] if len(here) else here
    left, right = read.iloc[here].reset_index(drop=True), read.iloc[here + 1].reset_index(drop=True)
    written = [parts[u][a:b] for u, a, b in zip(left["unit"], left["start"], right["end"], strict=True)]
    pairs = left[["unit", "topic", "term"]].assign(other=right["term"], written=pd.Series(written, dtype="str"))
    terms = pd.unique(pd.concat([pairs["term"], pairs["other"]]))
    allowed = set(terms[may_label(terms)])
    pairs = pairs[pairs["term"].isin(allowed) & pairs["other"].isin(allowed) & (pairs["term"] != pairs["other"])]
    n_read = units.groupby("topic").size()
    for topic, part in pairs.groupby("topic", sort=True):
        occurrences = read.loc[read["topic"] == topic, "term"].value_counts()
        least = LEAST if n_read[topic] >= FEW else 2
        for word in words[int(topic)]:
            found[int(topic)] |= _phrase(part, word, int(occurrences.get(word, 0)), least)
    return found


def _phrase(pairs: pd.DataFrame, word: str, n_word: int, least: int) -> dict[str, str]:
    around = pairs[(pairs["term"] == word) | (pairs["other"] == word)]
    counted = around.groupby(["term", "other"]).agg(n=("unit", "size"), n_units=("unit", "nunique")).reset_index()
    counted = counted[(counted["n_units"] >= least) & (counted["n"] >= BOUND * n_word)]
    if counted.empty:
        return {}
    best = counted.sort_values(["n", "term", "other"], ascending=[False, True, True]).iloc[0]
    written = around.loc[(around["term"] == best["term"]) & (around["other"] == best["other"]), "written"]
    forms = written.value_counts().reset_index().sort_values(["count", "written"], ascending=[False, True])
    return {word: forms["written"].iloc[0]}


def label(words: list[str], surfaces: list[str], phrase: dict[str, str]) -> str:
    """Return the label of a topic: its first `N_WORDS` words, a word shown as its phrase; each phrase once.

    Parameters
    ----------
    words, surfaces : list of str
        Terms, best first, and how they are written.
    phrase : dict
        Term to phrase, of `phrases`.
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
        held |= {tokens.term(part) for part in entry.replace("-", " ").split()} | {word}
        if len(entries) == N_WORDS:
            break
    return ", ".join(entries) or "no typical word"
