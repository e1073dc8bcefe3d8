"""Which candidates are countries, judged by the whole article: one reading of a form per article, and what is open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.candidates import Candidates
from analysis.disambiguation import (
    ACCEPTING,
    CODES,
    OUT_OF_OFFICE,
    USA,
    Judge,
    count,
    groups,
    in_force,
    in_lists,
    judge_words,
    speaks_for,
)
from analysis.flat import Flat
from analysis.gazetteer import Gazetteer
from analysis.longer_names import judge_longer_names, settle_longer_names, weigh_longer_names
from analysis.namesakes import persons, towns

_BIG = 1_000_000


@dataclass(frozen=True)
class Verdicts:
    """What was decided on each candidate.

    Attributes
    ----------
    row : int64, the row of the lexicon that it is read as; -1 where several are possible
    rule : int64, index into `disambiguation.RULES`, or ``len(RULES)`` plus the reason of the longer name
    accepted : bool
    """

    row: np.ndarray
    rule: np.ndarray
    accepted: np.ndarray


def judge(c: Candidates, gazetteer: Gazetteer, flat: Flat, published: np.ndarray | None) -> Verdicts:
    """Decide on every candidate: by the words beside it, then by its article.

    Parameters
    ----------
    c : Candidates
    gazetteer : Gazetteer
    flat : Flat
    published : datetime64[ns] array over articles, or None
    """
    j = Judge(c, gazetteer, flat)
    weigh_longer_names(j)
    judge_words(j, published)
    judge_longer_names(j)
    listed = in_lists(j)
    direct = listed | j.beside("country")
    person, perhaps = persons(j)
    j.decide(person, "a person's name")
    town = towns(j, listed, direct)
    known = _Known(j, direct, person | perhaps)
    settle_longer_names(j, known.meant > 0, known.otherwise > 0, direct)
    _one_person(j, known, person, perhaps, direct)
    _states(j, known, direct)
    _provinces(j, known, direct)
    _one_reading(j, known, town, direct)
    return _settle(j, known, direct, published)


class _Known:
    """Which countries each article names beyond doubt, and how often a form is found in one reading."""

    def __init__(self, j: Judge, direct: np.ndarray, person: np.ndarray) -> None:
        c, g = j.c, j.g
        self._form = groups(c.article * _BIG + c.row)
        self._meaning = groups(c.article * _BIG + g.meaning[c.row])
        sure = j.rule < len(ACCEPTING)  # open, or accepted
        sure &= ~g.conditional[c.row] & (~g.doubtful[c.row] | direct)
        sure &= ~j.weak & (count(person, self._form) == 0)
        self._keys = np.unique(c.article[sure] * _BIG + g.meaning[c.row[sure]])
        self._article = c.article
        self.otherwise = count(sure, self._meaning) - count(sure, self._form)
        """How often the article names the candidate's country (or organisation) by another form."""
        self.meant = count(sure & ~(j.is_kind("demonym") & (j.country == USA)), self._meaning)
        """How often the article names the candidate's country beyond doubt; Americans are in news of the U.S. Open."""
        abroad = sure & (j.country >= 0) & (j.country != USA) & j.is_kind("name", "demonym")
        first = ~pd.Series(self._meaning[abroad]).duplicated().to_numpy()
        named = np.bincount(c.article[abroad][first], minlength=len(c.near))
        self.others = named[c.article] - (count(abroad, self._meaning) > 0)
        """How many further countries the article names, the United States left aside."""

    def times(self, where: np.ndarray) -> np.ndarray:
        """How often the candidate's form is among those marked, in its article."""
        return count(where, self._form)

    def names(self, meaning: np.ndarray, where: np.ndarray) -> np.ndarray:
        """Whether the articles of some candidates name countries, given by the numbers of their meanings."""
        if not len(self._keys):
            return np.zeros(len(meaning), dtype=bool)
        wanted = self._article[where] * _BIG + meaning
        return self._keys[np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)] == wanted


def _states(j: Judge, known: _Known, direct: np.ndarray) -> None:
    """Georgia and Washington, each a state of the United States and something else."""
    c = j.c
    for condition in j.g.forbids:
        if not condition.startswith("state:"):
            continue
        mine = np.flatnonzero(j.forbids(condition) & (j.rule < 0))
        if not len(mine):
            continue
        name = condition.removeprefix("state:")
        beside = j.beside(f"{name}_state", "us_list") | j.after("us_place", "us_state")
        after_place = _after_place(j, mine)
        by_state = j.nearby(f"{name}_state") + known.times(beside)
        by_country = j.nearby(f"{name}_country") + known.otherwise + known.times(direct)
        local, abroad = j.nearby("us_local"), known.others
        state, country = beside & ~direct, direct & ~beside
        rest = ~state & ~country
        state |= rest & (by_state > by_country)
        country |= rest & (by_country > by_state)
        rest &= by_state == by_country
        state |= rest & (by_state == 0) & (after_place | ((local > 0) & (abroad == 0)))
        country |= rest & ~state & (by_state == 0) & (local == 0) & (abroad > 1)
        mask = np.zeros(len(c), dtype=bool)
        mask[mine] = True
        j.decide(mask & state, "the state or province of the same name")
        j.decide(mask & country, "settled by its context")
        j.decide(mask & ~(j.is_kind("capital") & (by_state == 0)), "undecided: place or country")


def _provinces(j: Judge, known: _Known, direct: np.ndarray) -> None:
    """Niger, a state of Nigeria and a country of its own."""
    prefix = "province:"
    for condition in [c for c in j.g.forbids if c.startswith(prefix)]:
        mine = j.forbids(condition)
        state = mine & j.after("province") & ~j.after("of_state")
        around = np.full(len(j.c), CODES.index(condition.removeprefix(prefix)))
        j.decide(state & known.names(around, np.arange(len(j.c))), "the state or province of the same name")
        rest = mine & ~direct & (known.times(state) > 0) & (known.otherwise == 0)
        j.decide(state | rest, "undecided: place or country")


def _after_place(j: Judge, where: np.ndarray) -> np.ndarray:
    """Whether a comma and another proper name stand before it: "Athens, Georgia"."""
    c = j.c
    found = np.zeros(len(c), dtype=bool)
    at = j.flat.at
    for i in where[(at(c.start[where] - 1) == ord(" ")) & (at(c.start[where] - 2) == ord(","))]:
        word = j.flat.between(c.start[i] - 26, c.start[i] - 2).replace(b"\0", b" ").split(b" ")[-1]
        is_country = i > 0 and c.end[i - 1] == c.start[i] - 2
        found[i] = word[:1].isupper() and not word.isupper() and not is_country and word not in _DATES
    return found


_DATES = frozenset(
    b"Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    b"September October November December Today Yesterday Here There Now Meanwhile However Also Finally".split()
)


def _one_person(j: Judge, known: _Known, person: np.ndarray, perhaps: np.ndarray, direct: np.ndarray) -> None:
    """Read a form that is a person's name in one place of an article as that in the others, unless told apart.

    What may be a person's name is left open where it stands; the others are left open with it, unless something in the
    article speaks for the country.
    """
    surname = j.is_kind("name", "capital") | (j.forbids("person") & ~j.before("article"))
    alone = ~direct & (known.otherwise == 0)
    j.decide(alone & surname & (known.times(person) > 0), "a person named in the article")
    as_country = known.times(direct | j.before("placed")) > 0
    too = alone & surname & ~as_country & (known.times(perhaps) > 0)
    j.decide((perhaps & ~direct) | too, "undecided: person or country")


def _one_reading(j: Judge, known: _Known, town: np.ndarray, direct: np.ndarray) -> None:
    """Read a form that is a town's name in one place of an article as that in the others, unless told apart."""
    otherwise, others = known.otherwise, known.others
    place = j.is_kind("name", "capital") & (j.country != USA)
    alone = ~direct & (otherwise == 0)
    j.decide(alone & place & (known.times(town) > 0) & (others < 2), "a town named in the article")
    local = (j.forbids("town") | (place & j.is_kind("capital"))) & alone & (others == 0) & (j.nearby("us_local") > 2)
    j.decide(local, "undecided: place or country")
    j.decide(_in_state_with_town(j, alone & (others == 0)), "undecided: place or country")
    compound = j.flat.at(j.c.start - 1) == ord("-")
    j.decide(j.forbids("native") & ~compound & (otherwise == 0) & (j.nearby("native") > 0), "native people")
    for condition in j.g.forbids:
        if condition.startswith("near:"):
            mine = np.flatnonzero(j.forbids(condition) & alone)
            named = np.zeros(len(j.c), dtype=bool)
            named[mine] = j.nearby(condition, mine) > 0
            j.decide(named, "the name of something else")


def _in_state_with_town(j: Judge, where: np.ndarray) -> np.ndarray:
    """Whether, of those asked about, the article names a state of the United States that has a town of that name."""
    found = np.zeros(len(j.c), dtype=bool)
    mine = np.flatnonzero(where & j.g.has_towns[j.c.row] & (j.rule < 0))
    for condition, rows in j.g.forbids.items():
        if condition.startswith("town:") and len(mine):
            found[mine] |= rows[j.c.row[mine]] & (j.nearby(condition, mine) > 0)
    return found


def _settle(j: Judge, known: _Known, direct: np.ndarray, published: np.ndarray | None) -> Verdicts:
    """Decide between several rows of one form, and accept what is left."""
    c, g = j.c, j.g
    row = c.row.copy()
    needs = (j.requires("own") | j.requires("only")) & (j.rule < 0)
    single = needs & (c.n_rows == 1)
    j.decide(single & j.is_kind("organisation") & j.before("article"), "settled by its context")
    j.decide(single & (known.otherwise > 0), "settled by the article")
    j.decide(single, "undecided: the country is not named otherwise")
    several = np.flatnonzero((c.n_rows > 1) & (j.rule < 0))
    if len(several):
        row[several], rule = _choose(j, known, several, published)
        for name in set(rule):
            where = np.zeros(len(c), dtype=bool)
            where[several[np.array([r == name for r in rule])]] = True
            j.decide(where, name)
    j.decide(g.doubtful[c.row] & direct, "settled by its context")
    j.decide(c.joined, "blank missing before it")
    j.decide(np.ones(len(c), dtype=bool), "lexicon")
    return Verdicts(row, j.rule, j.rule < len(ACCEPTING))


def _choose(j: Judge, known: _Known, several: np.ndarray, published: np.ndarray | None) -> tuple[np.ndarray, list[str]]:
    """Choose between the rows of one form: those in force at the article's date, whose country it names otherwise."""
    c, g = j.c, j.g
    first, n_rows = c.row[several], c.n_rows[several]
    options = [np.minimum(first + k, len(g.rows) - 1) for k in range(int(n_rows.max()))]
    valid, fits = [], []
    for k, option in enumerate(options):
        valid.append((k < n_rows) & in_force(g, option, c.article[several], published))
        named = known.names(g.meaning[option], several) | speaks_for(j, g.country[option], several)
        fits.append(valid[-1] & (~g.conditional[option] | named))
    chosen, rules = first.copy(), []
    for i in range(len(several)):
        meanings = {int(options[k][i]): int(g.meaning[options[k][i]]) for k in range(len(options)) if fits[k][i]}
        one = len(set(meanings.values())) == 1
        chosen[i] = next(iter(meanings)) if one else -1
        if one:
            rules.append("settled by the article" if g.conditional[chosen[i]] else "lexicon")
        else:
            rules.append("undecided between countries" if any(v[i] for v in valid) else OUT_OF_OFFICE)
    return chosen, rules
