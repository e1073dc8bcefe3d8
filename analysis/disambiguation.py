"""Which candidates are countries, judged by the words beside them: rules over all candidates at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import addresses
from analysis import lexicon as lexicons
from analysis.candidates import Candidates
from analysis.flat import IS_DIGIT, IS_UPPER, Flat
from analysis.gazetteer import KIND, Gazetteer

ACCEPTING = (
    "lexicon",
    "blank missing before it",
    "combining form",
    "between two countries",
    "settled by its context",
    "settled by the article",
)
"""Rules under which a candidate counts."""

REJECTING = (
    "part of an address",
    "undecided between countries",
    "undecided: the country is not named otherwise",
    "undecided: place or country",
    "undecided: pronoun or country",
    "undecided: person or country",
    "undecided: longer name or country",
    "out of office at the article's date",
    "a part of the country",
    "a former state",
    "no country follows the hyphen",
    "a person's name",
    "a person named in the article",
    "a town, its state after it",
    "a town of the same name",
    "a town named in the article",
    "the state or province of the same name",
    "a street, building or landmark",
    "a river, lake or stretch of land",
    "an outlet's name",
    "a sports club's name",
    "a ship's name",
    "a company's name",
    "a road's number",
    "native people",
    "the name of something else",
    "people by descent",
    "a language",
    "a verb",
    "a pronoun",
)
"""Rules under which it does not; and ``in a longer name: ...``, with the lexicon's note on the longer name."""

OUT_OF_OFFICE = "out of office at the article's date"
RULES = ACCEPTING + REJECTING
NUMBER = {rule: i for i, rule in enumerate(RULES)}

CODES = lexicons.codes()
USA = CODES.index("USA")
_BETWEEN = [b", ", b" and ", b", and ", b" or ", b", or ", b"-", b"/", b" & ", b"'s, ", b" and the", b", the "]
_BETWEEN_KEYS = np.array([int.from_bytes(b, "little") for b in _BETWEEN], dtype=np.uint64)


class Judge:
    """What is known about the candidates, and what has been decided so far.

    Attributes
    ----------
    c : Candidates
    g : Gazetteer
    flat : Flat
    kind, country : int64 arrays over candidates: of the first row of the form; -1 for no country
    rule : int64 array, index into `RULES`, ``len(RULES)`` plus a reason for a longer name, -1 while open
    weak : bool array, may be part of a longer name, which nothing beside it tells
    """

    def __init__(self, c: Candidates, g: Gazetteer, flat: Flat) -> None:
        self.c, self.g, self.flat = c, g, flat
        self.kind, self.country = g.kind[c.row], g.country[c.row]
        self.rule = np.full(len(c), -1, dtype=np.int64)
        self.weak = np.zeros(len(c), dtype=bool)

    def decide(self, where: np.ndarray, rule: str) -> None:
        """Apply a rule to the candidates that are still open."""
        self.rule[where & (self.rule < 0)] = NUMBER[rule]

    def after(self, *senses: str) -> np.ndarray:
        """Whether a word of one of the senses follows."""
        return (self.c.after & self.g.bits(senses)) != 0

    def before(self, *senses: str) -> np.ndarray:
        """Whether a word of one of the senses precedes."""
        return (self.c.before & self.g.bits(senses)) != 0

    def beside(self, *senses: str) -> np.ndarray:
        """Whether a word of one of the senses follows or precedes."""
        return self.after(*senses) | self.before(*senses)

    def nearby(self, sense: str, where: np.ndarray | slice = slice(None)) -> np.ndarray:
        """How often words of a sense occur in the article of candidates."""
        number, article = self.g.senses.get(sense), self.c.article[where]
        return np.zeros(len(article), dtype=np.int64) if number is None else self.c.near[:, number][article]

    def is_kind(self, *kinds: str) -> np.ndarray:
        """Whether the candidate is of one of the kinds."""
        wanted = np.zeros(len(KIND), dtype=bool)
        wanted[[KIND[k] for k in kinds]] = True
        return wanted[self.kind]

    def requires(self, condition: str) -> np.ndarray:
        """Whether the candidate's row requires a condition."""
        return self.g.requiring(condition)[self.c.row]

    def forbids(self, condition: str) -> np.ndarray:
        """Whether the candidate's row forbids a condition."""
        return self.g.forbidding(condition)[self.c.row]


def judge_words(j: Judge, published: np.ndarray | None) -> None:
    """Decide what the words beside a candidate decide.

    Parameters
    ----------
    j : Judge, changed
    published : datetime64[ns] array over articles, or None
    """
    c = j.c
    j.decide(addresses.hold(j.flat, c.start, c.end), "part of an address")
    held = (j.rule < 0) & (c.within >= 0) & ~j.weak & (c.counted | ~j.g.is_outlet[c.within])
    j.rule[held] = len(RULES) + j.g.reason[c.within[held]]
    j.decide(j.requires("part"), "a part of the country")
    j.decide(j.requires("former"), "a former state")
    _combining_forms(j)
    j.decide((c.n_rows == 1) & ~in_force(j.g, c.row, c.article, published), OUT_OF_OFFICE)
    _other_words(j)
    _languages(j)
    _descent(j)


def in_force(g: Gazetteer, row: np.ndarray, article: np.ndarray, published: np.ndarray | None) -> np.ndarray:
    """Return whether rows hold on the day their article was published; they do where the day is not known."""
    if published is None:
        return np.ones(len(row), dtype=bool)
    date = published[article]
    return ~((date < g.valid_from[row]) | (date >= g.valid_to[row] + np.timedelta64(1, "D")))


def groups(keys: np.ndarray) -> np.ndarray:
    """Return a number from 0 for each key, the same for equal keys, in the order in which they appear."""
    return pd.factorize(keys)[0]


def count(where: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return how many items of each item's group are marked."""
    return np.bincount(group[where], minlength=int(group.max(initial=-1)) + 1)[group]


def speaks_for(j: Judge, country: np.ndarray, where: np.ndarray | slice = slice(None)) -> np.ndarray:
    """Whether the articles of candidates have a place, a group or a leader of a country, given as index into `CODES`.

    The words are those of the senses ``speaks:CODE``. A leader's country stays the same when the office is left.
    """
    found = np.zeros(len(country), dtype=bool)
    for sense in j.g.senses:
        if sense.startswith("speaks:"):
            mine = country == CODES.index(sense.removeprefix("speaks:"))
            if mine.any():
                found |= mine & (j.nearby(sense, where) > 0)
    return found


def in_lists(j: Judge) -> np.ndarray:
    """Return which places stand in a list with another country's: "Armenia, Georgia and Iraq"."""
    c = j.c
    listed = np.zeros(len(c), dtype=bool)
    if len(c) < 2:
        return listed
    gap = c.start[1:] - c.end[:-1]
    free = (c.within < 0) & j.is_kind("name", "capital") & (j.country >= 0)
    close = (gap > 0) & (gap <= 9) & (j.kind[1:] == j.kind[:-1]) & free[1:] & free[:-1]
    close &= j.country[1:] != j.country[:-1]
    index = np.flatnonzero(close)
    index = index[_is_between(j.flat, c.end[index], gap[index])]
    sound = ~(j.before("title", "given") | j.after("surname")) & (j.country != USA)
    listed[index] |= sound[index + 1]
    listed[index + 1] |= sound[index]
    return listed


def _is_between(flat: Flat, end: np.ndarray, gap: np.ndarray) -> np.ndarray:
    """Whether what stands between two candidates is that between the items of a list."""
    unused = (8 * (8 - np.minimum(gap, 8))).astype(np.uint64)
    keys = flat.words(end) << unused >> unused
    long = keys == _BETWEEN_KEYS[_BETWEEN.index(b" and the")]
    return np.isin(keys, _BETWEEN_KEYS) & (long == (gap == 9)) & (~long | (flat.codes[end + 8] == ord(" ")))


def _combining_forms(j: Judge) -> None:
    prefix = j.requires("prefix")
    follows = np.zeros(len(j.c), dtype=bool)
    follows[:-1] = (j.c.start[1:] == j.c.end[:-1] + 1) & (j.flat.codes[j.c.end[:-1]] == ord("-")) & (j.c.within[1:] < 0)
    j.decide(prefix & follows, "combining form")
    j.decide(prefix, "no country follows the hyphen")


def _other_words(j: Judge) -> None:
    """Reject the verb polish, the pronoun us in a headline in capitals, the words of a road sign."""
    c, at = j.c, j.flat.at
    j.decide(j.forbids("verb") & j.after("verb"), "a verb")
    pronoun, organisation = j.forbids("pronoun"), j.is_kind("organisation")
    some = np.flatnonzero(pronoun)
    start, end = c.start[some], c.end[some]
    capital_after, capital_before, opens = (np.zeros(len(c), dtype=bool) for _ in range(3))
    capital_after[some] = (at(end) == ord(" ")) & IS_UPPER[at(end + 1)] & IS_UPPER[at(end + 2)]
    capital_before[some] = (at(start - 1) == ord(" ")) & IS_UPPER[at(start - 2)] & IS_UPPER[at(start - 3)]
    opens[some] = at(start - 1) == 0
    j.decide(pronoun & ~organisation & j.before("pronoun"), "a pronoun")
    j.decide(pronoun & ~organisation & j.before("preposition") & ~capital_after, "undecided: pronoun or country")
    j.decide(pronoun & organisation & capital_after & (capital_before | opens), "a pronoun")
    j.decide(_roads(j, (j.country == USA) & j.is_kind("name") & (c.end - c.start <= 4)), "a road's number")


def _roads(j: Judge, where: np.ndarray) -> np.ndarray:
    """U.S. 41, US-31, U.S. Highway 7, of those asked about."""
    c, at = j.c, j.flat.at
    road = where & j.after("road")
    some = np.flatnonzero(where)
    mark = at(c.end[some])
    for i in some[((mark == ord(" ")) | (mark == ord("-"))) & IS_DIGIT[at(c.end[some] + 1)]]:
        text = j.flat.between(c.end[i] + 1, c.end[i] + 24)
        rest = text.lstrip(b"0123456789")
        following = rest[:1]
        road[i] |= (
            len(text) - len(rest) <= 3
            and following not in b"%-abcdefghijklmnopqrstuvwxyz"
            and not (following in b".," and rest[1:2].isdigit())
            and rest[1:].split(b" ")[0] not in (b"million", b"billion", b"trillion", b"percent")
            and (
                j.flat.between(c.start[i] - 4, c.start[i]).lower() != b"the "
                or rest[1:].split(b" ")[0].rstrip(b".,") in _ROAD_WORDS
            )
        )
    return road


_ROAD_WORDS = frozenset(
    b"bridge bypass corridor detour exit exits expressway freeway highway interchange intersection lanes off-ramp "
    b"on-ramp overpass project ramp reconstruction underpass widening".split()
)


def _languages(j: Judge) -> None:
    c = j.c
    language = j.forbids("language")
    ends = j.after("stop") | (j.flat.codes[c.end] == 0)
    speaks = language & (j.after("language") | j.before("speak") | (j.before("study") & ends))
    pairs = np.flatnonzero(language & j.before("conjunction") & ends)
    for i in pairs[pairs > 0]:
        speaks[i] |= bool(speaks[i - 1]) and c.start[i] - c.end[i - 1] <= 5
    j.decide(speaks, "a language")


def _descent(j: Judge) -> None:
    """Tell people (a Cuban-American senator, Iranian Americans) from two countries (Russian-American talks)."""
    c = j.c
    after = np.flatnonzero(j.g.is_american[c.row[1:]] & (c.start[1:] == c.end[:-1] + 1)) + 1
    before = after - 1
    fits = j.is_kind("demonym")[before] & (c.within[after] < 0) & (j.country[after] != j.country[before])
    mark = j.flat.codes[c.end[before]]
    fits &= ((mark == ord(" ")) | (mark == ord("-"))) & ~j.requires("prefix")[before]
    after, mark = after[fits], mark[fits]
    both = (mark == ord("-")) & j.after("bilateral")[after]
    for chosen, rule in ((both, "between two countries"), (~both, "people by descent")):
        where = np.zeros(len(c), dtype=bool)
        where[after[chosen]] = where[after[chosen] - 1] = True
        j.decide(where, rule)
