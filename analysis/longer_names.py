"""Names that hold a country's form but mean something else: newspapers, airlines, provinces, ships, streets."""

from __future__ import annotations

import numpy as np

from analysis.capitals import opens_sentence, titled
from analysis.disambiguation import USA, Judge
from analysis.flat import IS_UPPER


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
    j.decide((place | j.is_kind("demonym")) & j.beside("airline"), "a company's name")
    j.decide(place & j.after("outlet") & c.counted, "an outlet's name")
    j.decide(place & (j.after("club") | (capital & j.before("club"))), "a sports club's name")
    street = (elsewhere | capital) & j.beside("street")
    church = elsewhere & j.after("church") & (j.forbids("town") | (j.nearby("us_local") > 0))
    j.decide(street | church | j.after("road_name"), "a street, building or landmark")
    land = ((elsewhere | capital) & j.beside("water")) | (j.is_kind("demonym") & j.after("land"))
    j.decide(land, "a river, lake or stretch of land")


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
