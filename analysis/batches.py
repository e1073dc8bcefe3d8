"""Batches of records, and of the columns that become of them, which are put together as the frames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import date_order, frames, languages, story_samples
from analysis.files import Problem
from analysis.tables import Record

CONTROL = r"[\x00-\x08\x0e-\x1f\x7f]"
"""Control characters but for tabs, line breaks and page breaks."""


class Batch:
    """Records on their way into a frame, and the problems between them, in the order in which they were met.

    Parameters
    ----------
    repair : bool
        Whether mojibake is repaired.
    """

    def __init__(self, repair: bool) -> None:
        self.repair = repair
        self.records: list[Record] = []
        self.at: list[int] = []
        self.problems: list[tuple[int, Problem]] = []
        self.n_characters = 0
        self.ends_chunk = False

    def add(self, record: Record) -> None:
        """Take a record."""
        self.at.append(len(self.records) + len(self.problems))
        self.records.append(record)
        self.n_characters += len(record.text)

    def problem(self, problem: Problem) -> None:
        """Take a problem that was met before the next record."""
        self.problems.append((len(self.records) + len(self.problems), problem))

    def __getstate__(self) -> tuple:  # lists of strings are sent in half the time that records take
        state = {**self.__dict__, "records": list(zip(*self.records, strict=True))}
        return (state,)

    def __setstate__(self, state: tuple) -> None:
        self.__dict__ = {**state[0], "records": list(map(Record._make, zip(*state[0]["records"], strict=True)))}


def with_title(record: Record) -> Record:
    """Lay a title that the file states before the text, as its first paragraph."""
    laid = re.sub(CONTROL, "", (record.title or "").encode("utf-8", "replace").decode())
    return record._replace(text=f"{laid}\n\n{record.text}")


class Undecided(NamedTuple):
    """A text that the language model must be asked about: its row, the sample, what was stated, whose it is."""

    row: int
    sample: str
    stated: str | None
    source: str
    article_id: str

    def code(self) -> str:
        """Return the language as the model has it, or as it was stated where the model cannot tell."""
        code = languages.modelled(self.sample)
        if code == "und":  # what a page says of itself is often wrong, but better than nothing
            code = languages.stated_language((self.stated or "").removeprefix("?")) or code
        return code


class Framed(NamedTuple):
    """What became of a batch: the columns of ``articles``, its problems in their order, a sample for the stories.

    Where a text's language is `Undecided`, that stands among the problems, and the language is missing. ``taken`` is
    there where a block was read, see `intake.Taken`.
    """

    columns: dict[str, pa.Array]
    problems: list[Problem | Undecided]
    sample: story_samples.Sample
    ends_chunk: bool
    dates: date_order.SlashedDates
    taken: Any = None


def decided(part: Framed) -> Framed:
    """Return a batch with the language of every text."""
    codes: list[str | None] = []
    problems: list[Problem | Undecided] = []
    for item in part.problems:
        if isinstance(item, Undecided):
            codes = codes or part.columns["language"].to_pylist()
            codes[item.row] = code = item.code()
            if not languages.is_english(code):
                problems.append(Problem(item.source, "language_other", code, item.article_id))
        else:
            problems.append(item)
    if not codes:
        return part
    return part._replace(columns={**part.columns, "language": strings(codes)}, problems=problems)


def articles_of(parts: Sequence[Framed]) -> pd.DataFrame:
    """Put batches together as the articles frame; until stories are known, each article is its own."""
    if not sum(len(p.columns["text"]) for p in parts):
        return frames.empty("articles")
    arrays = {c: pa.chunked_array([p.columns[c] for p in parts]) for c in parts[0].columns}
    return pd.DataFrame({c: _series(arrays.get(c, arrays["article_id"])) for c in frames.SCHEMAS["articles"]})


def problems_of(parts: Sequence[Framed]) -> pd.DataFrame:
    """Put the problems of batches together as the problems frame."""
    rows = [p for part in parts for p in part.problems]
    return frames.conform({c: [getattr(p, c) for p in rows] for c in frames.SCHEMAS["problems"]}, "problems")


def _series(values: pa.ChunkedArray) -> pd.Series:
    if pa.types.is_large_string(values.type):
        return pd.Series(_STRING.__from_arrow__(values))
    if pa.types.is_timestamp(values.type):
        return pd.Series(values.to_numpy().astype("datetime64[ns]")).dt.tz_localize("UTC")
    return pd.Series(values.to_numpy())


_STRING = pd.StringDtype(na_value=np.nan)


def strings(values: list[str | None]) -> pa.Array:
    """Return an array of strings, half of a character replaced by a question mark."""
    try:
        return large_strings(values)
    except UnicodeEncodeError:
        return large_strings([None if v is None else v.encode("utf-8", "replace").decode() for v in values])


def large_strings(values: list[str | None]) -> pa.Array:
    """Return an array of strings; Arrow's own allocator would keep as much again for what comes after."""
    return pa.array(values, pa.large_string(), memory_pool=pa.system_memory_pool())
