"""Names that hold a country's form but mean something else: newspapers, airlines, provinces, ships, streets."""

from __future__ import annotations

import numpy as np

from analysis.capitals import opens_sentence, titled
from analysis.disambiguation import USA, Judge, count, groups, speaks_for
from analysis.flat import IS_UPPER


def weigh_longer_names(j: Judge) -> None:
    """Mark the forms whose longer name proves nothing where it stands, as ``weak``.

    That is so of a name that the country's own things may bear (Georgian houses), and of a name of ordinary words in a
    title (US Open to Talks) or at the start of a sentence (New Egypt rules), unless the article has it elsewhere too.

    Parameters
    ----------
    j : Judge, changed
    """
    c, g = j.c, j.g
    held = c.within >= 0
    may = held & g.forbidding("titled")[c.within]
    apart = titled(j.flat, c.line_start, c.line_end, may) | _opens_before(j, may)
    apart &= may
    if apart.any():
        apart &= count(may & ~apart, groups(c.article * len(g.rows) + g.spelling[c.within])) == 0
    j.weak = apart | (held & g.forbidding("loose")[c.within])


def settle_longer_names(j: Judge, meant: np.ndarray, otherwise: np.ndarray, direct: np.ndarray) -> None:
    """Leave open what may be part of a longer name, unless the article speaks for the country.

    Parameters
    ----------
    j : Judge, changed
    meant, otherwise : bool arrays, whether the article names the country beyond doubt, and by another form
    direct : bool array, whether the words beside it are those of a country
    """
    loose = (j.c.within >= 0) & j.g.forbidding("loose")[j.c.within] & j.is_kind("demonym")
    named = np.where(loose, otherwise, meant) | speaks_for(j, j.country)
    j.decide(j.weak & ~direct & ~named, "undecided: longer name or country")


def _opens_before(j: Judge, where: np.ndarray) -> np.ndarray:
    """Whether, of those asked about, the longer name has words before the form and opens a sentence with them."""
    c, found = j.c, np.zeros(len(j.c), dtype=bool)
    for i in np.flatnonzero(where):
        before = j.g.rows["folded"].iloc[c.within[i]].find(j.flat.between(c.start[i], c.end[i]))
        if before > 0:
            found[i] = opens_sentence(j.flat, c.start[[i]] - before, c.line_start[[i]])[0]
    return found


def judge_longer_names(j: Judge) -> None:
    """Reject a newspaper, a ship, an outlet, a club, a street or a river with a country's or capital's name in its own.

    Parameters
    ----------
    j : Judge, changed
    """
    c = j.c
    name, capital = j.is_kind("name"), j.is_kind("capital")
    place = name | capital
    elsewhere = place & (j.country != USA)
    j.decide(_newspapers(j), "an outlet's name")
    j.decide(place & j.before("ship"), "a ship's name")
    people = place | j.is_kind("demonym")
    j.decide(people & (j.beside("airline") | _flies(j, people)), "a company's name")
    j.decide(place & (j.after("club") | (capital & j.before("club"))), "a sports club's name")
    street = (elsewhere | capital) & j.beside("street")
    church = elsewhere & j.after("church") & (j.forbids("town") | (j.nearby("us_local") > 0))
    land = ((elsewhere | capital) & j.beside("water")) | (j.is_kind("demonym") & j.after("land"))
    _in_running_text(j, place & j.after("outlet") & c.counted, "an outlet's name")
    _in_running_text(j, street | church | j.after("road_name"), "a street, building or landmark")
    _in_running_text(j, land, "a river, lake or stretch of land")


def _in_running_text(j: Judge, where: np.ndarray, rule: str) -> None:
    """Apply a rule, but in titles ("Iran Street Protests Spread") only if it holds elsewhere in the article too."""
    c = j.c
    may = where & (j.rule < 0) & j.is_kind("name") & ~j.before("water", "street")
    apart = titled(j.flat, c.line_start, c.line_end, may)
    if apart.any():
        apart &= count(where & ~apart, groups(c.article * len(j.g.rows) + c.row)) == 0
    j.weak |= apart
    j.decide(where & ~apart, rule)


def _flies(j: Judge, where: np.ndarray) -> np.ndarray:
    """Whether, of those asked about, "Air" follows and ends the name: Oman Air said, but no Iran Air Force."""
    c = j.c
    found = where & j.after("air") & ~j.after("air_force")
    some = np.flatnonzero(found)
    after = c.end[some] + len(" Air")
    more = (j.flat.codes[after] == ord(" ")) & IS_UPPER[j.flat.codes[after + 1]]
    found[some] = ~more & (j.flat.codes[after] != ord("-"))
    return found


def _newspapers(j: Judge) -> np.ndarray:
    """Which words name a newspaper after "The": where it is said to report, or the article's capital is its own.

    "The Australian" opens a sentence like any adjective, and has its capital in a title like any word.
    """
    c = j.c
    found = j.forbids("paper") & (j.flat.words(c.start - 4) << np.uint64(32) == _THE)
    some = np.flatnonzero(found)
    opens = opens_sentence(j.flat, c.start[some] - 4, c.line_start[some])
    before_capital = (j.flat.codes[c.end[some]] == ord(" ")) & IS_UPPER[j.flat.codes[c.end[some] + 1]]
    in_title = titled(j.flat, c.line_start, c.line_end, found)[some]
    found[some] = j.after("paper")[some] | ~(opens | before_capital | in_title)
    return found


_THE = np.uint64(int.from_bytes(b"The ", "little")) << np.uint64(32)
