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

NO_NOUN = ("al", "ant", "ent", "ic", "ive", "ous", "able", "ible", "ful", "less", "ary", "ed", "ing", "ern", "ese")
"""Endings of a phrase's second word that make it seem no noun; a phrase lost costs less than a bad one shown."""

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
    allowed = {t for t in terms[may_label(terms)] if not t.endswith("ly")}
    # The word before and the word after, where one is next to the pair and could belong to it.
    term = read["term"].to_numpy(dtype=object)
    near = dict(zip(here, term[here], strict=True)), dict(zip(here, term[here + 1], strict=True))
    before, after = ([near[side].get(i + step, "") for i in here] for side, step in ((0, -1), (1, 1)))
    pairs["before"] = [w if w in allowed else "" for w in before]
    pairs["after"] = [w if w in allowed else "" for w in after]
    pairs = pairs[pairs["term"].isin(allowed) & pairs["other"].isin(allowed) & (pairs["term"] != pairs["other"])]
    n_read = units.groupby("topic").size()
    for topic, part in pairs.groupby("topic", sort=True):
        occurrences = read.loc[read["topic"] == topic, "term"].value_counts()
        least = LEAST if n_read[topic] >= FEW else 2
        for word in words[int(topic)]:
            found[int(topic)] |= _phrase(part, word, occurrences, least)
    return found


def _phrase(pairs: pd.DataFrame, word: str, occurrences: pd.Series, least: int) -> dict[str, str]:
    around = pairs[(pairs["term"] == word) | (pairs["other"] == word)]
    if around.empty:
        return {}
    around = around.assign(name=[_is_name(w) for w in around["written"]])
    counted = around.groupby(["term", "other"]).agg(
        n=("unit", "size"),
        n_units=("unit", "nunique"),
        name=("name", "all"),
        before=("before", _most_frequent),
        after=("after", _most_frequent),
    )
    counted = counted.reset_index()
    both = np.maximum(counted["term"].map(occurrences), counted["other"].map(occurrences))
    needed = np.where(counted["name"], occurrences[word], both) * BOUND
    beside = np.maximum(counted["before"], counted["after"])
    longer = (beside > BOUND * counted["n"]) & (beside >= 2)
    noun = counted["name"] | ~counted["other"].str.endswith(NO_NOUN)
    counted = counted[(counted["n_units"] >= least) & (counted["n"] >= needed) & ~longer & noun]
    if counted.empty:
        return {}
    best = counted.sort_values(["n", "term", "other"], ascending=[False, True, True]).iloc[0]
    written = around.loc[(around["term"] == best["term"]) & (around["other"] == best["other"]), "written"]
    forms = written.value_counts().reset_index().sort_values(["count", "written"], ascending=[False, True])
    return {word: forms["written"].iloc[0]}


def _is_name(written: str) -> bool:
    return all(part[:1].isupper() for part in written.replace("-", " ").split())


def _most_frequent(words: pd.Series) -> int:
    """How often the most frequent of the words stands there; "" is none."""
    return int(words[words != ""].value_counts().max()) if (words != "").any() else 0


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
