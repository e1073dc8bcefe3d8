"""Which candidates are countries: rules over all candidates at once, and the name of the rule that decided."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis import matching

_ALNUM = np.zeros(256, dtype=bool)
_ALNUM[[*range(48, 58), *range(65, 91), *range(97, 123), matching.LOWER, matching.UPPER, matching.DIGIT,
        matching.MARK, ord("_"), ord("@")]] = True  # fmt: skip
_LOWER = np.zeros(256, dtype=bool)
_LOWER[[*range(97, 123), matching.LOWER]] = True

_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Sgt|Lt|Col|Gen|Capt|Rev|Sir|Officer|Judge|Coach|Detective|Justice|Deputy|Sheriff)\.? "
_NAME_AFTER = re.compile(rb"(?:'s)? [A-Z][a-z]+")
_WORD_BEFORE = re.compile(rb"([A-Za-z]+\.?) $")
_GIVEN = frozenset(
    b"Michael DeAndre Vernon Barbara Kim Kathy Tom Anatole Irving Isaiah Denzel George Kerry Jack Jim Eddie Brian "
    b"Montell Louis David John James Robert William Mary Patricia Jennifer Linda Elizabeth Susan Jessica Sarah Karen "
    b"Chris Christopher Daniel Matthew Anthony Mark Paul Steven Andrew Kenneth Joshua Kevin Adriana Katherine".split()
)
_NOT_A_SURNAME = frozenset(
    b"Basin National International State Government Army Navy Air President Prime Minister King Queen Parliament River "
    b"Valley Ministry Foreign Central Bank Street Times Post Airlines Airways Monday Tuesday Wednesday Thursday Friday "
    b"Saturday Sunday January February March April May June July August September October November December "
    b"The A An In On At And Of For To From With House Embassy Ambassador Police Supreme Court High Defense Defence "
    b"Cup Open League Football United Republic".split()
)


def boundaries(flat: matching.Flat, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return -1 where a span is part of a word, 1 where a blank is missing before it, else 0."""
    codes = np.concatenate((flat.codes, np.zeros(1, dtype=np.uint8)))
    left = codes[start - 1]
    left[start == 0] = 0
    right = codes[end]
    verdict = np.where(_ALNUM[left] | _ALNUM[right], -1, 0)
    joined = _LOWER[left] & ~_ALNUM[right] & (end - start >= 4)
    verdict[joined & (codes[start] >= 65) & (codes[start] <= 90)] = 1
    return verdict


def judge(found: pd.DataFrame, rows: pd.DataFrame, flat: matching.Flat, articles: pd.DataFrame) -> pd.DataFrame:
    """Decide on each candidate.

    Parameters
    ----------
    found : DataFrame
        Candidates: ``article``, ``start``, ``end``, ``row``, ``n_rows``, ``joined``, ``inside``.
    rows : DataFrame
        The lexicon, sorted by surface.
    flat : Flat
    articles : DataFrame

    Returns
    -------
    DataFrame, ``found`` with ``country``, ``organisation``, ``kind``, ``accepted`` and ``rule``
    """
    row = found["row"].to_numpy()
    country = rows["country"].to_numpy(dtype=object)[row]
    organisation = rows["organisation"].to_numpy(dtype=object)[row]
    kind = rows["kind"].to_numpy(dtype=object)[row]
    requires = rows["requires"].fillna("").to_numpy(dtype=object)
    forbids = rows["forbids"].fillna("").to_numpy(dtype=object)
    accepted = np.ones(len(found), dtype=bool)
    rule = np.where(found["joined"], "blank missing before it", "lexicon").astype(object)
    inside = found["inside"].to_numpy()
    held = inside >= 0
    accepted[held] = False
    rule[held] = [f"in a longer name: {n}" for n in rows["note"].to_numpy(dtype=object)[inside[held]]]
    rule[found["joined"].to_numpy() & False] = ""
    plain = ~held & (requires[row] == "") & (forbids[row] == "")
    for i in np.flatnonzero(~held & (forbids[row] != "")):
        for condition in forbids[row[i]].split("|"):
            if _holds(condition, flat, int(found["start"].iloc[i]), int(found["end"].iloc[i])):
                accepted[i], rule[i] = False, FORBIDDEN[condition]
                break
        plain[i] = accepted[i]
    article = found["article"].to_numpy()
    named = set(zip(article[plain].tolist(), country[plain].tolist(), strict=True))
    for i in np.flatnonzero(~held & (requires[row] != "")):
        options = range(row[i], row[i] + int(found["n_rows"].iloc[i]))
        fits = [r for r in options if (article[i], rows["country"].iloc[r]) in named]
        if requires[row[i]] == "prefix":
            accepted[i] = flat.codes[found["end"].iloc[i]] == ord("-")
            rule[i] = "combining form" if accepted[i] else "no hyphen follows"
        elif len(fits) == 1:
            country[i], rule[i] = rows["country"].iloc[fits[0]], "settled by the article"
        else:
            accepted[i] = False
            country[i] = pd.NA if len(options) > 1 else country[i]
            rule[i] = "undecided between countries" if len(options) > 1 else "country not named otherwise"
    return found.assign(country=country, organisation=organisation, kind=kind, accepted=accepted, rule=rule)


FORBIDDEN = {
    "person": "a person's name",
    "usstate": "the US state",
    "native": "native people",
    "club": "a sports club",
    "breed": "a breed of animal",
}


def _holds(condition: str, flat: matching.Flat, start: int, end: int) -> bool:
    before, after = flat.data[max(start - 40, 0) : start], flat.data[end : end + 40]
    if condition == "person":
        word = _WORD_BEFORE.search(before)
        if word and (word[1] in _GIVEN or re.search(_TITLE.encode() + b"$", before)):
            return True
        follows = re.match(rb" ([A-Z][a-z]+)", after)
        return bool(follows and word and word[1] in _GIVEN)
    if condition == "usstate":
        return bool(
            (
                re.search(rb"(?:[a-z], |University of |Atlanta, |south |north |coastal |rural |State of )$", before)
                and not re.match(rb", (?:Armenia|Azerbaijan|Ukraine|Moldova)", after)
            )
            or re.match(
                rb" (?:Tech|State|Southern|Bulldogs|Power|Dome|Senate|Republican|Democrat|Gov|Rep\.|Secretary|Post)",
                after,
            )
        )
    return False
