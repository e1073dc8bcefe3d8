"""The country lexicon: which surface forms stand for which country, rows of a CSV that anyone can read and extend."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

LEXICON = Path(__file__).with_name("lexicon.csv")
"""The lexicon that ships with the project: one row per surface form."""

MEMBERSHIPS = Path(__file__).with_name("memberships.csv")
"""Dated membership of organisations; used only where it is asked for."""

KINDS = ("name", "demonym", "capital", "leader", "institution", "organisation")
"""Kinds of mention. The lexicon has one more, ``other``: a longer name that holds a country's but means no country."""

COLUMNS = (
    "surface", "country", "organisation", "kind", "valid_from", "valid_to", "requires", "forbids", "note"
)  # fmt: skip
"""Columns of the lexicon; ``organisation``, the dates, the conditions and ``note`` may be left out of a user's file."""

REQUIRES = {
    "own": "the article names the country by another form too",
    "only": "of the countries that share the form, the article names just one by another form",
    "both": "the form names all the countries that have it: the two Koreas; each gets a row of the ledger, of one span",
    "prefix": "a hyphen and a country's form follow: Sino-, Russo-",
    "part": "asked for: a part of a country, which is kept in the ledger and never counted",
    "former": "asked for: a state that is no more, which is kept in the ledger and never counted",
}
"""Conditions that a row may require; several, separated by ``|``, must all hold."""

FORBIDS = {
    "person": "the form is a surname where it stands",
    "given": "the form is a given name where it stands, before any capitalised word",
    "firstname": "the form is a given name where it stands, before a common surname",
    "surname": "the form is a surname where it stands, after any capitalised word",
    "town": "the form is the name of a town, as far as the article shows",
    "native": "the word means the native peoples of the Americas, as far as the article shows",
    "language": "the word names the language",
    "verb": "the word is a verb in capitals",
    "pronoun": "the word is a pronoun in capitals",
    "titled": "a longer name of ordinary words: all of them may just have the capitals of a title, or open a sentence",
    "loose": "a longer name that the country's own thing may bear too: Georgian houses, Turkey farmers",
    "paper": "the word is a newspaper's name after The: The Australian reported",
}
"""Conditions that a row may forbid, separated by ``|``. Also ``near:WORDS`` (the article has these words and does not
name the country otherwise), ``province:CODE`` (it is that of a state of another country where "state" follows and the
article names that country), ``state:NAME`` (the words beside it or in the article are those of the state) and
``town:STATE`` (the state of the United States has a town of that name, the article names the state, and neither the
country otherwise nor another one)."""


def load(path: str | os.PathLike[str] = LEXICON, *, extra: str | os.PathLike[str] | Iterable = ()) -> pd.DataFrame:
    """Read the lexicon, and rows of the user's own.

    Parameters
    ----------
    path : path-like, default=`LEXICON`
        A CSV with the columns of `COLUMNS`; ``surface``, ``kind`` and ``country`` (or ``organisation``) are needed.
    extra : path-like or list of path-like, default=()
        Further CSVs, whose rows are added; a row replaces those of earlier files with the same surface, kind, country
        and organisation, so that its dates and conditions hold instead of theirs.

    Returns
    -------
    DataFrame, one row per surface form and meaning
        The columns of `COLUMNS`, all str (NA where empty) but ``valid_from`` and ``valid_to``, datetime64[ns] or NaT.

    Raises
    ------
    FileNotFoundError
        If a file does not exist.
    ValueError
        If a column is missing or a row is wrong; the message names the file, the line and the value.
    """
    rows = _read(Path(path))
    for more in [extra] if isinstance(extra, str | os.PathLike) else extra:
        new = _read(Path(more))
        replaced = _meanings(rows).isin(_meanings(new))
        rows = pd.concat([rows[~replaced], new], ignore_index=True)
    return check(rows)


def check(lexicon: pd.DataFrame) -> pd.DataFrame:
    """Return the lexicon with its documented dtypes, or say which row is wrong.

    Raises
    ------
    TypeError
        If ``lexicon`` is no DataFrame.
    ValueError
        If a column is missing, or a row has an empty surface, an unknown kind, country or condition, a bad date, or
        contradicts another row: the same surface for two countries without the condition ``only`` or dates that keep
        them apart.
    """
    if not isinstance(lexicon, pd.DataFrame):
        raise TypeError(f"lexicon must be a pandas DataFrame, not {type(lexicon).__name__}")
    missing = [c for c in ("surface", "kind", "country") if c not in lexicon.columns]
    if missing:
        raise ValueError(f"the lexicon lacks the columns {', '.join(missing)}; it has {', '.join(lexicon.columns)}")
    where = lexicon["where"].tolist() if "where" in lexicon.columns else [f"row {i}" for i in range(len(lexicon))]
    frame = lexicon.reindex(columns=list(COLUMNS)).reset_index(drop=True)
    for column in COLUMNS:
        if column not in ("valid_from", "valid_to"):
            texts = frame[column].astype("str").str.strip()
            frame[column] = texts.where(texts != "")
            continue
        dates = frame[column].where(frame[column].astype("str").str.strip() != "")
        parsed = pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")
        bad = (dates.notna() & parsed.isna()).to_numpy()
        if bad.any():
            row = int(bad.argmax())
            raise ValueError(
                f"lexicon: {where[row]} ({frame['surface'].iloc[row]!r}): {column} is no date like 2021-08-03: "
                f"{dates.iloc[row]!r}"
            )
        frame[column] = parsed
    nameless = (frame["kind"] == "organisation") & frame["organisation"].isna()
    frame.loc[nameless, "organisation"] = frame["country"].where(frame["country"].notna(), frame["surface"])[nameless]
    frame.loc[frame["kind"] == "organisation", "country"] = pd.NA
    for line, row in zip(where, frame.to_dict("records"), strict=True):
        _check_row(line, row)
    _check_conflicts(frame, where)
    return frame


def name(code: str) -> str:
    """Return the short common name of a country, for display: ``name("IRN")`` is ``"Iran"``.

    Raises
    ------
    KeyError
        If ``code`` is no ISO 3166-1 alpha-3 code of the lexicon.
    """
    return _display_names()[code]


def hint(name: object) -> str:
    """Return ``"; did you mean ESP?"`` for Spain, the form of one country in the place of its code, else ``""``."""
    rows = load()
    meant = rows.loc[rows["surface"].str.casefold() == str(name).casefold(), "country"].dropna().unique()
    return f"; did you mean {meant[0]}?" if len(meant) == 1 else ""


def names(codes: Iterable[str]) -> list[str]:
    """Return the short common names of countries, in the order given."""
    return [name(c) for c in codes]


def codes() -> tuple[str, ...]:
    """Return the codes of all countries and territories of the lexicon, sorted."""
    return tuple(sorted(_display_names()))


def display_names() -> dict[str, str]:
    """Return the short common name of every country and territory, by code: the labels of charts."""
    return dict(_display_names())


def memberships(path: str | os.PathLike[str] = MEMBERSHIPS) -> pd.DataFrame:
    """Read the dated memberships of organisations.

    Returns
    -------
    DataFrame, one row per spell of membership
        ``organisation``, ``country``, ``note`` : str
        ``valid_from``, ``valid_to`` : datetime64[ns], NaT where open
    """
    return pd.read_csv(path, dtype={"organisation": "str", "country": "str", "note": "str"}).assign(
        valid_from=lambda d: pd.to_datetime(d["valid_from"]).astype("datetime64[ns]"),
        valid_to=lambda d: pd.to_datetime(d["valid_to"]).astype("datetime64[ns]"),
    )


def members(organisation: str, *, on: str | pd.Timestamp) -> tuple[str, ...]:
    """Return the members of an organisation on a day, sorted; mentions of it never count as mentions of them.

    Parameters
    ----------
    organisation : str
        Its code in the ledger, such as ``"ALBA"``.
    on : str or Timestamp
        The day, such as ``"2022-01-19"``; a spell of membership includes its first and last day.

    Raises
    ------
    KeyError
        If no membership is recorded for the organisation; the message lists those that have one.
    """
    table = memberships()
    spells = table[table["organisation"] == organisation]
    if spells.empty:
        recorded = ", ".join(sorted(set(table["organisation"])))
        raise KeyError(f"no membership is recorded for {organisation!r}; it is for {recorded}")
    day = pd.Timestamp(on).normalize()
    belongs = (spells["valid_from"] <= day) & (spells["valid_to"].isna() | (spells["valid_to"] >= day))
    return tuple(sorted(spells.loc[belongs, "country"]))


@cache
def _display_names() -> dict[str, str]:
    found: dict[str, str] = {}
    with LEXICON.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "name" and row["country"]:
                found.setdefault(row["country"], row["surface"])
    return found


def _read(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.ParserError as error:
        raise ValueError(f"lexicon: {path.name} is no table: {error}") from None
    missing = [c for c in ("surface", "kind", "country") if c not in frame.columns]
    if missing:
        there = ", ".join(frame.columns)
        raise ValueError(f"lexicon: {path.name} lacks the columns {', '.join(missing)}; it has {there}")
    unknown = [c for c in frame.columns if c not in COLUMNS]
    if unknown:
        known = ", ".join(COLUMNS)
        raise ValueError(f"lexicon: {path.name} has unknown columns {', '.join(unknown)}; known are {known}")
    return frame.assign(where=[f"{path.name}, line {i + 2}" for i in range(len(frame))])


def _meanings(rows: pd.DataFrame) -> pd.Series:
    parts = rows.reindex(columns=["surface", "kind", "country", "organisation"], fill_value="").fillna("")
    return parts.apply(lambda column: column.str.strip()).agg("\0".join, axis=1)


def _check_row(line: str, row: dict) -> None:
    surface, kind, country = row["surface"], row["kind"], row["country"]
    if pd.isna(surface):
        raise ValueError(f"lexicon: {line}: the surface is empty")
    if kind not in (*KINDS, "other"):
        raise ValueError(
            f"lexicon: {line} ({surface!r}): unknown kind {kind!r}; kinds are {', '.join(KINDS)} and other"
        )
    former = not pd.isna(row["requires"]) and "former" in row["requires"].split("|")
    if kind in ("organisation", "other") or former:
        if not pd.isna(country):
            raise ValueError(
                f"lexicon: {line} ({surface!r}): a row of kind {kind} has no country, but this has {country!r}"
            )
    elif pd.isna(country) or country not in _display_names():
        raise ValueError(f"lexicon: {line} ({surface!r}): {country!r} is no ISO 3166-1 alpha-3 code of a country")
    for column, known in (("requires", REQUIRES), ("forbids", FORBIDS)):
        for condition in [] if pd.isna(row[column]) else row[column].split("|"):
            if column == "forbids" and condition.startswith("province:"):
                if condition.removeprefix("province:") not in _display_names():
                    raise ValueError(f"lexicon: {line} ({surface!r}): {condition!r} names no country's code")
                continue
            is_open = column == "forbids" and condition.startswith(("near:", "state:", "town:"))
            if condition not in known and not is_open:
                raise ValueError(
                    f"lexicon: {line} ({surface!r}): unknown condition {condition!r} in {column}; "
                    f"known are {', '.join(known)}"
                )
    if row["valid_from"] > row["valid_to"]:
        raise ValueError(f"lexicon: {line} ({surface!r}): valid_from is after valid_to")


def _check_conflicts(frame: pd.DataFrame, where: list[str]) -> None:
    shared = frame[frame.duplicated("surface", keep=False)]
    for surface, rows in shared.groupby("surface", sort=False):
        records = list(zip(rows.index, rows.to_dict("records"), strict=True))
        for i, (index, row) in enumerate(records):
            for earlier, other in records[:i]:
                if _conflict(row, other):
                    raise ValueError(
                        f"lexicon: {where[index]} ({surface!r}) contradicts {where[earlier]}: "
                        f"{_meaning(row)} and {_meaning(other)}, with nothing to tell them apart"
                    )


def _conflict(a: dict, b: dict) -> bool:
    apart = a["valid_from"] > b["valid_to"] or b["valid_from"] > a["valid_to"]
    conditional = all(isinstance(r["requires"], str) for r in (a, b))
    return not apart and not conditional and _meaning(a) != _meaning(b)


def _meaning(row: dict) -> str:
    what = next((row[c] for c in ("country", "organisation") if not pd.isna(row[c])), "nothing")
    return f"{row['kind']} of {what}"
