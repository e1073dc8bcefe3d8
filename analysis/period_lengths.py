"""Periods of time: their names, and the length that suits a span."""

from __future__ import annotations

import pandas as pd

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
"""Lengths of a period, with their names in pandas; a week starts on Monday."""

STARTS = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}
"""The same lengths as offsets of pandas that start periods."""

_MOST_PERIODS = 60


def length(published: pd.Series, period: str = "auto") -> str:
    """Return the period that ``"auto"`` stands for: the shortest that makes at most 60 of the dates' span, or a year.

    Parameters
    ----------
    published : Series of datetime64
        NaT where there is no date; a month where there is none at all.
    period : str
        A key of `PERIODS` is returned as it is.

    Raises
    ------
    ValueError
        If ``period`` is neither.
    """
    if period not in (*PERIODS, "auto"):
        raise ValueError(f"period must be one of {', '.join(PERIODS)}, auto, not {period!r}")
    found = pd.to_datetime(published, utc=True).dt.tz_localize(None).dropna()
    if period != "auto" or found.empty:
        return "month" if period == "auto" else period
    for name, code in PERIODS.items():
        if found.max().to_period(code).ordinal - found.min().to_period(code).ordinal < _MOST_PERIODS:
            return name
    return "year"
