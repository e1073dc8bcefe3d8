"""Which candidates are countries, judged by the whole article: one reading of a form per article, and what is open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.candidates import Candidates
from analysis.disambiguation import ACCEPTING, NUMBER, USA, Judge, in_lists, judge_words, persons, towns
from analysis.gazetteer import Gazetteer
from analysis.flat import Flat

_BIG = 1_000_000


@dataclass(frozen=True)
class Verdicts:
    """What was decided on each candidate.

    Attributes
    ----------
    row : int64, the row of the lexicon that it is read as; -1 where several are possible
    rule : int64, index into `disambiguation.RULES`, or ``len(RULES)`` plus the row of the longer name
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
    judge_words(j, published)
    listed = in_lists(j)
    direct = listed | j.beside("country")
    person = persons(j)
    j.decide(person, "a person's name")
    town = towns(j, listed, direct)
    known = _Known(j, direct)
    _states(j, known, direct)
    _one_reading(j, known, person, town, direct)
    return _settle(j, known, direct)


class _Known:
    """Which countries each article names beyond doubt."""

    def __init__(self, j: Judge, direct: np.ndarray) -> None:
        c, g = j.c, j.g
        sure = (j.rule < 0) | np.isin(j.rule, [NUMBER[r] for r in ACCEPTING])
        sure &= (j.country >= 0) & ~g.conditional[c.row] & (~g.doubtful[c.row] | direct)
        self._by_country = _Tally(c.article[sure] * _BIG + j.country[sure])
        self._by_row = _Tally(c.article[sure] * _BIG + c.row[sure])
        abroad = sure & (j.country != USA) & j.is_kind("name", "demonym")
        pairs = np.unique(c.article[abroad] * _BIG + j.country[abroad])
        self._abroad = _Tally(pairs)
        self._n_abroad = np.bincount(pairs // _BIG, minlength=len(c.near))
        self.article, self.country, self.row = c.article, j.country, c.row

    def otherwise(self) -> np.ndarray:
        """How often the article names the candidate's country by another form."""
        total = self._by_country.of(self.article * _BIG + self.country)
        return total - self._by_row.of(self.article * _BIG + self.row)

    def of(self, country: np.ndarray) -> np.ndarray:
        """How often the article names a given country."""
        return np.where(country >= 0, self._by_country.of(self.article * _BIG + country), 0)

    def others(self) -> np.ndarray:
        """How many further countries the article names, the United States left aside."""
        return self._n_abroad[self.article] - self._abroad.of(self.article * _BIG + self.country)


class _Tally:
    def __init__(self, keys: np.ndarray) -> None:
        self._keys, self._counts = np.unique(keys, return_counts=True)

    def of(self, keys: np.ndarray) -> np.ndarray:
        if not len(self._keys):
            return np.zeros(len(keys), dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[at] == keys, self._counts[at], 0)


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
        beside = j.beside(f"{name}_state", "us_list") | j.after("us_place")
        after_place = _after_place(j)
        key = c.article * _BIG + c.row
        by_state = j.nearby(f"{name}_state") + _Tally(key[mine[beside[mine]]]).of(key)
        by_country = j.nearby(f"{name}_country") + known.otherwise() + _Tally(key[mine[direct[mine]]]).of(key)
        local, abroad = j.nearby("us_local"), known.others()
        state, country = beside & ~direct, direct & ~beside
        rest = ~state & ~country
        state |= rest & (by_state > by_country)
        country |= rest & (by_country > by_state)
        rest &= by_state == by_country
        state |= rest & (by_state == 0) & (after_place | ((local > 0) & (abroad == 0)))
        default = j.is_kind("capital") | ((local == 0) & (abroad > 0))
        country |= rest & ~state & (by_state == 0) & default
        mask = np.zeros(len(c), dtype=bool)
        mask[mine] = True
        j.decide(mask & state, "the state or province of the same name")
        j.decide(mask & country, "settled by its context")
        j.decide(mask, "undecided: place or country")


def _after_place(j: Judge) -> np.ndarray:
    """Whether a comma and another proper name stand before it: "Athens, Georgia"."""
    c = j.c
    found = np.zeros(len(c), dtype=bool)
    at = j.flat.at
    for i in np.flatnonzero((at(c.start - 1) == ord(" ")) & (at(c.start - 2) == ord(","))):
        word = j.flat.data[max(c.start[i] - 26, 0) : c.start[i] - 2].split(b" ")[-1]
        is_country = i > 0 and c.end[i - 1] == c.start[i] - 2
        found[i] = word[:1].isupper() and not word.isupper() and not is_country and word not in _DATES
    return found


_DATES = frozenset(
    b"Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    b"September October November December Today Yesterday Here There Now Meanwhile However Also Finally".split()
)


def _one_reading(j: Judge, known: _Known, person: np.ndarray, town: np.ndarray, direct: np.ndarray) -> None:
    """A form that is a person's or a town's name in one place of an article is so in the others, unless told apart."""
    c = j.c
    key = c.article * _BIG + c.row
    otherwise, others = known.otherwise(), known.others()
    place = j.is_kind("name", "capital") & (j.country != USA)
    alone = ~direct & (otherwise == 0)
    j.decide(alone & (place | j.forbids("person")) & (_Tally(key[person]).of(key) > 0), "a person named in the article")
    j.decide(alone & place & (_Tally(key[town]).of(key) > 0) & (others < 2), "a town named in the article")
    local = j.forbids("town") & alone & (others == 0) & (j.nearby("us_local") > 2)
    j.decide(local, "undecided: place or country")
    j.decide(j.forbids("native") & (otherwise == 0) & (j.nearby("native") > 0), "native people")
    for condition in j.g.forbids:
        if condition.startswith("near:"):
            named = j.forbids(condition) & (otherwise == 0) & (j.nearby(condition) > 0)
            j.decide(named, "the name of something else")


def _settle(j: Judge, known: _Known, direct: np.ndarray) -> Verdicts:
    """Decide between several rows of one form, and accept what is left."""
    c, g = j.c, j.g
    row = c.row.copy()
    needs = (j.requires("own") | j.requires("only")) & (j.rule < 0)
    single = needs & (c.n_rows == 1)
    j.decide(single & (known.otherwise() > 0), "settled by the article")
    j.decide(single, "undecided: the country is not named otherwise")
    several = np.flatnonzero((c.n_rows > 1) & (j.rule < 0))
    if len(several):
        most = int(c.n_rows[several].max())
        fits = np.zeros((len(several), most), dtype=bool)
        for k in range(most):
            option = np.minimum(c.row + k, len(g.rows) - 1)
            fits[:, k] = ((k < c.n_rows) & (known.of(g.country[option]) > 0))[several]
        one = fits.sum(axis=1) == 1
        row[several] = np.where(one, c.row[several] + fits.argmax(axis=1), -1)
        decided = np.zeros(len(c), dtype=bool)
        decided[several[one]] = True
        j.decide(decided, "settled by the article")
        decided[several] = True
        j.decide(decided, "undecided between countries")
    j.decide(g.doubtful[c.row] & direct, "settled by its context")
    j.decide(c.joined, "blank missing before it")
    j.decide(np.ones(len(c), dtype=bool), "lexicon")
    return Verdicts(row, j.rule, np.isin(j.rule, [NUMBER[r] for r in ACCEPTING]))
