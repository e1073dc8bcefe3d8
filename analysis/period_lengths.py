"""Periods of time: their names, and the length that suits a span."""

from __future__ import annotations

import pandas as pd

PERIODS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q", "year": "Y"}
"""Lengths of a period, with their names in pandas; a week starts on Monday."""

STARTS = {"day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}
"""The same lengths as offsets of pandas that start periods."""

MOST_PERIODS = 60
"""Periods that "auto" makes at most, as far as a year is not too short for it."""

DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
"""Days of the shortest period of each length."""

ENOUGH = 5
"""Articles that half of the periods hold for "auto": as many as a rate needs to be given an interval."""


def length(published: pd.Series, period: str = "auto") -> str:
    """Return the period that ``"auto"`` stands for.

    Of the lengths that make 2 to 60 periods from the first to the last date and are no longer than the days from the
    one to the other, both included, it is the shortest whose median period holds five articles, periods without an
    article aside. If none does, it is the longest of them: with so few articles a shorter one shows single articles. If
    there are none, it is a day where all dates are of one day, and else, beyond 60 years, a year. A few days over a new
    year make two periods of any length.

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
    first, last = found.min(), found.max()
    n_periods = {n: last.to_period(code).ordinal - first.to_period(code).ordinal + 1 for n, code in PERIODS.items()}
    suited = [name for name, n in n_periods.items() if 2 <= n <= MOST_PERIODS and DAYS[name] <= n_periods["day"]]
    for name in suited:
        if found.dt.to_period(PERIODS[name]).value_counts().median() >= ENOUGH:
            return name
    return suited[-1] if suited else "day" if n_periods["day"] == 1 else "year"
