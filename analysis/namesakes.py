"""Persons and towns that bear a country's name, told by the words beside it."""

from __future__ import annotations

import re

import numpy as np

from analysis.capitals import is_no_name, opens_sentence, titled
from analysis.disambiguation import CODES, USA, Judge, count, groups
from analysis.flat import IS_DIGIT, IS_LOWER, IS_UPPER

_CITY_STATES = frozenset("SGP HKG MAC LUX MCO DJI KWT GTM PAN VAT SMR GIB SLV".split())
_IS_CITY_STATE = np.array([*(c in _CITY_STATES for c in CODES), False])  # the last for no country, -1


def persons(j: Judge) -> tuple[np.ndarray, np.ndarray]:
    """Return which candidates are part of a person's name, and which may be.

    They are in Michael Jordan, Mr. Chad and Georgia Stevens. A word in no list that opens a sentence, as in "Shaquille
    Jordan" and "Landlocked Chad", may be a given name; "Neither Jordan" and "Visiting Chad" hold none.
    """
    c = j.c
    lead = j.flat.at(c.start - 1) == ord(" ")
    known = (
        j.g.one_word[c.row] & lead & (j.is_kind("name", "capital") | j.forbids("person")) & j.before("title", "given")
    )
    known |= (
        j.after("family") & j.before("article") & (j.forbids("given") | j.forbids("firstname") | j.forbids("surname"))
    )
    known |= j.before("kin") & (j.forbids("given") | j.forbids("firstname"))
    known |= j.forbids("given") & (
        j.after("kin") | _with_age(j) | (j.after("who") & opens_sentence(j.flat, c.start, c.line_start))
    )
    known |= lead & j.before("initial") & (j.forbids("given") | j.forbids("firstname") | j.forbids("surname"))
    apart = np.ones(len(c), dtype=bool)
    apart[:-1] = c.start[1:] > c.end[:-1] + 1
    blank, first, second = (j.flat.codes[c.end + i] for i in range(3))
    name_after = (blank == ord(" ")) & IS_UPPER[first] & IS_LOWER[second] & apart
    given = (j.forbids("given") | j.forbids("firstname")) & j.after("surname")
    loose = j.forbids("given") & name_after
    loose &= ~j.after("institution", "outlet", "water", "street", "road_name", "town", "club", "country")
    surname = j.forbids("surname") & lead & ~j.before("not_given") & ((blank != ord(" ")) | IS_LOWER[first])
    plain = ~c.headline & (loose | surname)
    plain &= ~titled(j.flat, c.line_start, c.line_end, plain)
    surname, doubtful = _after_capitalised(j, surname & plain)
    found = known | given | (loose & plain) | surname
    held = np.flatnonzero(found & (c.within >= 0))
    found[held] = j.g.is_person[c.within[held]]
    return found, doubtful & ~found & (c.within < 0)


def _with_age(j: Judge) -> np.ndarray:
    """Whether an age follows, between commas: "Chad, 42, was"."""
    marks = [j.flat.codes[j.c.end + i] for i in range(5)]
    comma, blank = marks[0] == ord(","), marks[1] == ord(" ")
    return comma & blank & IS_DIGIT[marks[2]] & IS_DIGIT[marks[3]] & ((marks[4] == ord(",")) | (marks[4] == ord(".")))


def _after_capitalised(j: Judge, where: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether, of those asked about, a capitalised word, which is no country's, stands right before it.

    The second array has those whose word opens a sentence, so that it need not be a name.
    """
    found, opening = np.zeros(len(j.c), dtype=bool), np.zeros(len(j.c), dtype=bool)
    for i in np.flatnonzero(where):
        word = j.flat.between(j.c.start[i] - 24, j.c.start[i] - 1).replace(b"\0", b" ").split(b" ")[-1]
        apart = i == 0 or j.c.end[i - 1] != j.c.start[i] - 1
        if apart and len(word) > 2 and word.isalpha() and word[:1].isupper() and word[1:].islower():
            at = j.c.start[[i]] - 1 - len(word)
            opens = opens_sentence(j.flat, at, j.c.line_start[[i]])[0]
            found[i], opening[i] = not opens, opens and not is_no_name(word)
    return found, opening


def towns(j: Judge, listed: np.ndarray, direct: np.ndarray) -> np.ndarray:
    """Decide which candidates are towns of the same name, and return them: Lebanon, Pa.; the city of Turkey.

    ``listed`` : in a list of countries; ``direct`` : the words beside it are those of a country.
    """
    c = j.c
    place = j.is_kind("name", "capital") & (j.country != USA) & ~j.g.has_state[c.row]
    with_state = place & ~listed & (j.after("us_place") | (j.after("us_state") & ~_in_series(j)))
    j.decide(with_state, "a town, its state after it")
    name = place & j.is_kind("name") & ~_IS_CITY_STATE[j.country]
    same = (place & j.after("town")) | (name & (j.beside("town_name") | (c.opens & j.forbids("town") & ~direct)))
    flagged = j.forbids("town") & ~direct
    of_town = j.after("town_flagged") | (j.after("outlet") & (j.nearby("us_local") > 0))
    same |= flagged & ((j.is_kind("name") & of_town) | _part_of_longer(j, flagged))
    same |= flagged & j.is_kind("capital") & j.beside("town_name") & (j.nearby("us_local") > 1)
    weak = flagged & j.after("town_weak")
    if weak.any():
        often = j.is_kind("name") & (count(weak, groups(c.article * len(j.g.rows) + c.row)) > 1)
        same |= weak & (often | (j.nearby("us_local") > 0))
    j.decide(same, "a town of the same name")
    return with_state | same


def _part_of_longer(j: Judge, where: np.ndarray) -> np.ndarray:
    """Whether, of those asked about, the name is part of that of a school or county: Poland Seminary High School."""
    found = np.zeros(len(j.c), dtype=bool)
    mark = j.flat.codes[j.c.end]
    part = (mark == ord("-")) | ((mark == ord(" ")) & IS_UPPER[j.flat.codes[j.c.end + 1]])
    for i in np.flatnonzero(where & part):
        found[i] = _DISTRICT.match(j.flat.between(j.c.end[i], j.c.end[i] + 48)) is not None
    return found


_DISTRICT = re.compile(
    rb"-[A-Z][a-z]+(?:-[A-Z][a-z]+)? (?:Area|Central|City|Community|Consolidated|County|Daily|District|Elementary|High"
    rb"|Independent|Junior|Local|Middle|Public|Regional|School|Schools|Township|Unified|Union)\b"
    rb"| [A-Z][a-z]+ (?:High|Middle|Elementary|Junior High|Senior High) School\b"
)


def _in_series(j: Judge) -> np.ndarray:
    """Whether a comma or an "and" stands before it, so that a state after it may be the next of a list."""
    third, second, first = (j.flat.at(j.c.start - n) for n in (3, 2, 1))
    return (first == ord(" ")) & ((second == ord(",")) | ((second == ord("d")) & (third == ord("n"))))
