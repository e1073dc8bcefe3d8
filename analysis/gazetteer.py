"""The lexicon made ready for search: its forms and the words of context in one automaton, and the tables beside it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import context, matching
from analysis import lexicon as lexicons
from analysis.flat import IS_WORD, fold

CUES = Path(__file__).with_name("cues.csv")
"""Words that decide between readings of a form: ``cue``, ``side`` (before, after, near), ``sense``, ``note``."""

COMMON = ("stop", "study", "conjunction", "article", "not_given", "placed", "verb")
"""Senses of everyday words, looked for beside those forms only whose rows forbid one of `LOOKED_AT`."""

LOOKED_AT = ("language", "person", "surname", "given", "firstname", "verb")

HALVES = tuple(
    (one, other)
    for pair in ((b"North", b"South"), (b"East", b"West"))
    for a, b in (pair, pair[::-1])
    for one, other in ((a, b), (a.upper(), b.upper()))
)
"""The words that tell the halves of a country apart, each with its opposite."""

KIND = {kind: i for i, kind in enumerate((*lexicons.KINDS, "other"))}
"""The number of each kind, in the order of `lexicon.KINDS`."""

_DOUBTFUL = ("given", "town", "native")
_CONDITIONAL = ("own", "only", "part", "former", "prefix")


@dataclass(frozen=True)
class Gazetteer:
    """A lexicon, compiled.

    Attributes
    ----------
    rows : DataFrame, the lexicon sorted by form; rows of the same form follow each other
    finder : the automaton over forms (as written, and in capitals) and the words looked for anywhere in an article
    first, n_rows : int64 arrays over its patterns, the first row of a form and how many; first is -1 for a mere word
    sense : int64 array over its patterns, a row each, the senses of a word looked for anywhere, filled up with -1
    checks_left, checks_right : bool arrays over its patterns, whether a letter beside the match disqualifies it
    pattern_texts : str array over its patterns
    n_characters : int64 array over its patterns, their lengths
    partner : int64 array over patterns, of South Korea the pattern North Korea, and so on; -1 without one
    beside, beside_common : `Context` of the words beside a form, those of `COMMON` senses apart
    needs_common : bool array over rows, whether the common words matter
    senses : dict, the number of each sense; those of words beside a form come first
    requires, forbids : dict, for each condition a bool array over rows
    kind, country : int64 arrays over rows, indices into `KIND` and the sorted codes; -1 for no country
    meaning : int64 array over rows, the country's number, or one beyond for each organisation, or -1
    valid_from, valid_to : datetime64[ns] arrays over rows
    accented : int64 array over rows, the row to use where the text has the accents, or -1
    one_word, is_outlet, is_person, is_american : bool arrays over rows
    spelling : int64 array over rows, the same for forms that differ by full stops or capitals alone
    reason : int64 array over rows, index into ``reasons``: why a longer name means something else
    reasons : list of str
    conditional : bool array over rows, rows that require something
    doubtful : bool array over rows, forms that are often something else
    has_towns : bool array over rows, forms that are a town's name in some states of the US
    has_state : bool array over rows, forms that are a US state's name too
    """

    rows: pd.DataFrame
    finder: object
    first: np.ndarray
    n_rows: np.ndarray
    sense: np.ndarray
    checks_left: np.ndarray
    checks_right: np.ndarray
    pattern_texts: pd.api.extensions.ExtensionArray
    n_characters: np.ndarray
    partner: np.ndarray
    beside: context.Context
    beside_common: context.Context
    needs_common: np.ndarray
    senses: dict[str, int]
    requires: dict[str, np.ndarray]
    forbids: dict[str, np.ndarray]
    kind: np.ndarray
    country: np.ndarray
    meaning: np.ndarray
    valid_from: np.ndarray
    valid_to: np.ndarray
    accented: np.ndarray
    one_word: np.ndarray
    is_outlet: np.ndarray
    is_person: np.ndarray
    is_american: np.ndarray
    spelling: np.ndarray
    reason: np.ndarray
    reasons: list[str]
    conditional: np.ndarray
    doubtful: np.ndarray
    has_towns: np.ndarray
    has_state: np.ndarray

    def bits(self, senses: Iterable[str]) -> np.uint64:
        """Return the bits of senses of the words before and after."""
        return np.uint64(sum(1 << self.senses[s] for s in senses if s in self.senses))

    def requiring(self, condition: str) -> np.ndarray:
        """Return which rows require a condition, as bool."""
        return self.requires.get(condition, np.zeros(len(self.rows), dtype=bool))

    def forbidding(self, condition: str) -> np.ndarray:
        """Return which rows forbid a condition, as bool."""
        return self.forbids.get(condition, np.zeros(len(self.rows), dtype=bool))


@cache
def shipped() -> Gazetteer:
    """Return the gazetteer of the lexicon that ships with the project."""
    return compile_lexicon(lexicons.load())


def of(lexicon: pd.DataFrame) -> Gazetteer:
    """Return the gazetteer of a lexicon, checked; the last few are kept."""
    return _of(lexicons.check(lexicon).to_csv(index=False))


@lru_cache(maxsize=4)
def _of(table: str) -> Gazetteer:
    return compile_lexicon(lexicons.check(pd.read_csv(io.StringIO(table), dtype="str", keep_default_na=False)))


def compile_lexicon(lexicon: pd.DataFrame) -> Gazetteer:
    """Compile a lexicon that has been checked."""
    rows = lexicon.assign(folded=[fold(s) for s in lexicon["surface"]])
    rows, accented = _merge_accents(rows)
    requires, forbids = (_conditions(rows[c]) for c in ("requires", "forbids"))
    groups = rows[: len(rows) - int((accented >= 0).sum())].groupby("folded", sort=False).indices
    cues = _cues(forbids)
    near = cues[cues["side"] == "near"]
    senses = {s: i for i, s in enumerate(dict.fromkeys([*cues.loc[cues["side"] != "near", "sense"], *near["sense"]]))}
    patterns = {folded: (int(index[0]), len(index)) for folded, index in groups.items()}
    for folded, index in groups.items():
        if _has_capitals(folded, rows["kind"].iloc[index[0]]):
            patterns.setdefault(folded.upper(), patterns[folded])
    for folded in near["folded"]:
        patterns.setdefault(folded, (-1, 0))
    first, n_rows = (np.array(c, dtype=np.int64) for c in zip(*patterns.values(), strict=True))
    sense = _senses_of(list(patterns), near, senses)
    words = [w for w in zip(cues["side"], cues["folded"], cues["sense"], strict=True) if w[0] != "near"]
    common = [(side, word, senses[sense]) for side, word, sense in words if sense in COMMON]
    others = [(side, word, senses[sense]) for side, word, sense in words if sense not in COMMON]
    reason, notes = pd.factorize(rows["note"].fillna("of something else").to_numpy(dtype=object))
    return Gazetteer(
        rows=rows,
        finder=matching.automaton(list(patterns)),
        first=first,
        n_rows=n_rows,
        sense=sense,
        checks_left=IS_WORD[[p[0] for p in patterns]],
        checks_right=np.array([p[-1:] != b"$" for p in patterns]),
        pattern_texts=pd.array([p.decode("latin-1") for p in patterns], dtype="str"),
        n_characters=np.array([len(p) for p in patterns]),
        partner=_partners(list(patterns), first, rows["kind"].map(KIND).to_numpy()),
        beside=context.build(others),
        beside_common=context.build(common),
        needs_common=_any(forbids, LOOKED_AT, len(rows)) | _initials(rows, requires),
        senses=senses,
        requires=requires,
        forbids=forbids,
        kind=rows["kind"].map(KIND).to_numpy(dtype=np.int64),
        country=rows["country"].map({c: i for i, c in enumerate(lexicons.codes())}).fillna(-1).to_numpy(dtype=np.int64),
        meaning=_meanings(rows),
        valid_from=rows["valid_from"].to_numpy(dtype="datetime64[ns]"),
        valid_to=rows["valid_to"].to_numpy(dtype="datetime64[ns]"),
        accented=accented,
        one_word=np.array([b" " not in f for f in rows["folded"]]),
        is_outlet=(rows["note"] == "an outlet's name").to_numpy(dtype=bool, na_value=False),
        is_person=(rows["note"] == "a person").to_numpy(dtype=bool, na_value=False),
        is_american=rows["surface"].isin(["American", "Americans"]).to_numpy(),
        spelling=pd.factorize(rows["surface"].str.replace(".", "").str.lower())[0],
        reason=reason,
        reasons=[f"in a longer name: {note}" for note in notes],
        conditional=_any(requires, _CONDITIONAL, len(rows)),
        doubtful=_any(forbids, [f for f in forbids if f.startswith(("near:", "state:"))], len(rows))
        | (_any(forbids, _DOUBTFUL, len(rows)) & (rows["kind"] != "capital").to_numpy()),
        has_towns=_any(forbids, [f for f in forbids if f.startswith("town:")], len(rows)),
        has_state=_any(forbids, [f for f in forbids if f.startswith("state:")], len(rows)),
    )


def _partners(patterns: list[bytes], first: np.ndarray, kind: np.ndarray) -> np.ndarray:
    """Return for each pattern that of the other half of a country: of South Korea that of North Korea."""
    number = {p: i for i, p in enumerate(patterns) if first[i] >= 0 and kind[first[i]] != KIND["other"]}
    found = np.full(len(patterns), -1, dtype=np.int64)
    for one, other in HALVES:
        for pattern, i in number.items():
            if pattern.startswith(one + b" "):
                found[i] = number.get(other + pattern[len(one) :], -1)
    return found


def _senses_of(patterns: list[bytes], near: pd.DataFrame, senses: dict[str, int]) -> np.ndarray:
    number = {p: i for i, p in enumerate(patterns)}
    place = near.groupby("folded").cumcount()
    found = np.full((len(patterns), int(place.max()) + 1), -1, dtype=np.int64)
    found[near["folded"].map(number), place] = near["sense"].map(senses)
    return found


def _meanings(rows: pd.DataFrame) -> np.ndarray:
    names = [*lexicons.codes(), *sorted(rows["organisation"].dropna().unique())]
    number = {name: i for i, name in enumerate(names)}
    return rows["country"].fillna(rows["organisation"]).map(number).fillna(-1).to_numpy(dtype=np.int64)


def _any(conditions: dict[str, np.ndarray], wanted: Iterable[str], n: int) -> np.ndarray:
    found = np.zeros(n, dtype=bool)
    for condition in wanted:
        found |= conditions.get(condition, False)
    return found


def _merge_accents(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Sort rows by folded form; of forms that differ by accents alone keep one, and both where their conditions differ.

    Returns the rows, and for each the row to use where the text has the accents, or -1.
    """
    meaning = ["folded", "kind", "country", "organisation", "valid_from", "valid_to"]
    plain = ~rows["surface"].map(str.isascii)
    rows = rows.assign(accented=plain).sort_values([*meaning[:3], "accented", "valid_from"], kind="stable")
    rows = rows[~rows.duplicated([*meaning, "requires", "forbids"])].reset_index(drop=True)
    twin = rows.duplicated(meaning)
    extra = rows[twin]
    rows = rows[~twin].reset_index(drop=True)
    first = {folded: i for i, folded in reversed(list(enumerate(rows["folded"])))}
    accented = np.full(len(rows) + len(extra), -1, dtype=np.int64)
    for i, folded in enumerate(extra["folded"]):
        accented[first[folded]] = len(rows) + i
    return pd.concat([rows, extra], ignore_index=True), accented


def _has_capitals(folded: bytes, kind: str) -> bool:
    """Whether the form in capitals is searched for: not where it would be an everyday word or an initialism."""
    return len(folded) > (5 if kind == "demonym" else 3) and folded.isascii() and folded not in _COMMON_IN_CAPITALS


_COMMON_IN_CAPITALS = frozenset([b"Polish", b"Male", b"Victoria", b"Reunion", b"Duma", b"Stanley", b"Nevis"])


def _initials(rows: pd.DataFrame, requires: dict[str, np.ndarray]) -> np.ndarray:
    """Return which rows are organisations' initials that need support: the AU, the SCO."""
    return (rows["kind"] == "organisation").to_numpy() & requires.get("own", np.zeros(len(rows), dtype=bool))


def _conditions(column: pd.Series) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for i, text in enumerate(column):
        for condition in [] if pd.isna(text) else text.split("|"):
            found.setdefault(condition, np.zeros(len(column), dtype=bool))[i] = True
    return found


def _cues(forbids: dict[str, np.ndarray]) -> pd.DataFrame:
    """Read the words of context: those of the file, and those that rows of the lexicon name themselves."""
    cues = pd.read_csv(CUES, dtype="str", keep_default_na=False)
    own = [c for c in forbids if c.startswith(("near:", "town:"))]
    more = pd.DataFrame({"cue": [c.partition(":")[2] for c in own], "side": "near", "sense": own}, dtype="str")
    cues = pd.concat([cues, more], ignore_index=True)
    return cues.assign(folded=[fold(c) for c in cues["cue"]]).drop_duplicates(["folded", "side", "sense"])
