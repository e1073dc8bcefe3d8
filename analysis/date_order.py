"""Dates such as 03/04/2024, which the other dates of the same table explain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.dates import parse_date


class SlashedDates(NamedTuple):
    """Dates of a batch that are three numbers.

    Attributes
    ----------
    orders : set of (file, "day" or "month"), what comes first in those that tell
    unclear : list of (row, source, value), those that do not tell
    """

    orders: set[tuple[str, str]]
    unclear: list[tuple[int, str, str]]


def settle(articles: pd.DataFrame, problems: pd.DataFrame, found: Sequence[tuple[int, SlashedDates]]) -> pd.DataFrame:
    """Fill in dates such as 03/04/2024 where the others of the table tell what comes first; return the problems left.

    Parameters
    ----------
    articles : DataFrame
        New, and filled in where it stands.
    problems : DataFrame
    found : sequence of (n_articles, SlashedDates)
        Of the batches that ``articles`` is made of.
    """
    orders: dict[str, set[str]] = {}
    for file, order in set().union(*(dates.orders for _, dates in found)):
        orders.setdefault(file, set()).add(order)
    settled: dict[str, list[tuple[str, str]]] = {}
    rows, values, begin = [], [], 0
    for n_articles, dates in found:
        for row, source, value in dates.unclear:
            told = orders.get(file_of(source), set())
            when = parse_date(value, first=next(iter(told)))[0] if len(told) == 1 else None
            if when is not None:
                rows.append(begin + row)
                values.append(when)
                settled.setdefault(file_of(source), []).append((source, value))
        begin += n_articles
    if not rows:
        return problems
    articles.loc[rows, "published"] = pd.DatetimeIndex(values).as_unit("ns")
    done = {source for pairs in settled.values() for source, _ in pairs}
    gone = (problems["problem"] == "date_unclear") & problems["source"].isin(done)
    said = problems[gone].assign(file=problems["source"].map(file_of)).drop_duplicates("file").drop(columns="file")
    for row in said.index:
        pairs = settled[file_of(said.loc[row, "source"])]
        n, are = f"{len(pairs):,} date{'' if len(pairs) == 1 else 's'}", "is" if len(pairs) == 1 else "are"
        first = next(iter(orders[file_of(said.loc[row, "source"])]))
        detail = f"{n}, first {pairs[0][1]!r:.40}, {are} read {first} first, as the other dates of the table are"
        problems.loc[row, ["source", "article_id", "problem", "detail"]] = [
            file_of(said.loc[row, "source"]), None, "date_order", detail,
        ]  # fmt: skip
    return problems[~gone | problems.index.isin(said.index)].reset_index(drop=True)


def file_of(source: str) -> str:
    """Return the file of a row."""
    return re.sub(r"#\d+$", "", source)
