"""The length that "auto" stands for, by hand; 1 January 2024 is a Monday."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import period_lengths, resampling
from analysis.period_lengths import ENOUGH, MOST_PERIODS, PERIODS, length


def dates(*counts: tuple[str, int]) -> pd.Series:
    """As many articles of each day as stated, and one without a date."""
    return pd.to_datetime(pd.Series([d for d, n in counts for _ in range(n)] + [None]), utc=True)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2020-01-01", "2020-01-01", "day"),
        ("2020-01-01", "2020-01-02", "day"),
        ("2020-01-01", "2020-02-29", "day"),  # 60 days
        ("2020-01-01", "2020-03-01", "week"),
        ("2020-01-06", "2021-02-28", "week"),  # 60 weeks from Monday to Sunday
        ("2020-01-06", "2021-03-01", "month"),
        ("2000-01-01", "2004-12-31", "month"),  # 60 months
        ("2000-01-01", "2005-01-01", "quarter"),
        ("1989-09-25", "2019-09-25", "year"),
        ("1889-09-25", "2019-09-25", "year"),  # 131 years: more than 60, and nothing longer
    ],
)
def test_auto_makes_at_most_60_periods(first, last, expected):
    assert length(dates((first, 5), (last, 5))) == expected
    assert length(dates((last, 5), (first, 5))) == expected
    assert length(dates((first, 5), (last, 5)), "day") == "day"


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Monday, Tuesday, Wednesday: median 5 of 4, 5, 6
        ([("2024-01-01", 4), ("2024-01-02", 5), ("2024-01-03", 6)], "day"),
        # 4, 4 and 6 a day: median 4. All in one week, month, quarter and year, so only days make two periods
        ([("2024-01-01", 4), ("2024-01-02", 4), ("2024-01-03", 6)], "day"),
        # 4, 4 and 6 a day, the last of the next week: 8 and 6 a week
        ([("2024-01-01", 4), ("2024-01-02", 4), ("2024-01-08", 6)], "week"),
        # the median of an even number of periods is the mean of the middle two: (4 + 6) / 2 is enough
        ([("2024-01-01", 4), ("2024-01-02", 6)], "day"),
        # one a week over 13 weeks, 1 January to 25 March: 5, 4 and 4 a month; 13 in the one quarter. No length has
        # five, and months are the longest that make two
        ([(f"{d:%Y-%m-%d}", 1) for d in pd.date_range("2024-01-01", periods=13, freq="7D")], "month"),
        # one a week over 18 weeks, 1 January to 29 April: 5, 4, 4 and 5 a month: median 4.5; 13 and 5 a quarter
        ([(f"{d:%Y-%m-%d}", 1) for d in pd.date_range("2024-01-01", periods=18, freq="7D")], "quarter"),
        # empty days do not count: two days of five articles, 57 days without any between them
        ([("2024-01-01", 5), ("2024-02-28", 5)], "day"),
        # a day each side of a new year: every length makes two, none holds five, and all but a day are longer than it
        ([("2023-12-31", 1), ("2024-01-01", 1)], "day"),
        # five articles on five days over a new year
        ([(f"{d:%Y-%m-%d}", 1) for d in pd.date_range("2023-12-30", periods=5)], "day"),
        # the same with more: five on the first day of each year, but two days are no week
        ([("2023-12-31", 4), ("2024-01-01", 9)], "day"),
        # 7 days from Thursday to Wednesday are as long as a week, 6 are not
        ([(f"{d:%Y-%m-%d}", 1) for d in pd.date_range("2023-12-28", periods=7)], "week"),
        ([(f"{d:%Y-%m-%d}", 1) for d in pd.date_range("2023-12-28", periods=6)], "day"),
        # five articles in five years
        ([(f"{year}-06-01", 1) for year in range(2019, 2024)], "year"),
        # 1,000 articles on three days over a new year
        ([("2023-12-31", 300), ("2024-01-01", 300), ("2024-01-02", 400)], "day"),
        # one article every 15 days from 1 January 2022 to 6 January 2024: two or three a month, six or seven a quarter
        ([(f"{d:%Y-%m-%d}", 1) for d in pd.date_range("2022-01-01", periods=50, freq="15D")], "quarter"),
        # three on one day
        ([("2023-12-31", 3)], "day"),
        # one article in each of three years
        ([("2021-06-01", 1), ("2022-06-01", 1), ("2023-06-01", 1)], "year"),
        ([("2024-05-17", 1)], "day"),
        ([("2024-05-17", 900)], "day"),
    ],
)
def test_auto_is_the_shortest_that_holds_five(counts, expected):
    assert length(dates(*counts)) == expected


def test_without_dates_and_with_a_wrong_word():
    assert length(dates()) == "month"
    assert length(pd.Series([], dtype="datetime64[ns, UTC]")) == "month"
    assert length(dates(), "week") == "week"
    with pytest.raises(ValueError, match="period must be one of day, week, month, quarter, year, auto, not 'decade'"):
        length(dates(), "decade")


def test_what_is_enough_is_what_an_interval_needs():
    assert ENOUGH == resampling.FEWEST


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=30),
    st.sampled_from([1, 3, 9, 40, 300, 1500]),
    st.sampled_from(["1950-01-31", "1949-12-30"]),
)
def test_auto_against_the_rule_said_another_way(counts, step, first):
    days = [pd.Timestamp(first).date() + pd.Timedelta(days=step * at) for at, n in counts for _ in range(n)]
    found = pd.Series(pd.to_datetime(days, utc=True))
    groups = {}
    for name, key in {
        "day": lambda d: d.toordinal(),
        "week": lambda d: (d.toordinal() - 1) // 7,  # the first of January of the year 1 was a Monday
        "month": lambda d: 12 * d.year + d.month,
        "quarter": lambda d: 4 * d.year + (d.month - 1) // 3,
        "year": lambda d: d.year,
    }.items():
        at = sorted(map(key, days))
        fits = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}[name] <= (max(days) - min(days)).days + 1
        if 2 <= at[-1] - at[0] + 1 <= MOST_PERIODS and fits:
            groups[name] = sorted(at.count(k) for k in set(at))
    halves = {n: (g[(len(g) - 1) // 2] + g[len(g) // 2]) / 2 for n, g in groups.items()}
    wanted = [n for n in groups if halves[n] >= 5] or list(groups)[-1:]
    assert list(PERIODS) == ["day", "week", "month", "quarter", "year"]
    assert length(found) == (wanted[0] if wanted else "day" if len(set(days)) == 1 else "year")
    assert period_lengths.length(found.sample(frac=1, random_state=0)) == length(found)


@given(st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-01-01").date()), st.integers(0, 2000))
def test_a_period_is_never_longer_than_the_dates(first, n_days):
    """However few articles there are: the shortest period of a length is no longer than the days of the articles."""
    found = length(pd.Series(pd.to_datetime([first, first + pd.Timedelta(days=n_days)], utc=True)))
    shortest = {"day": 1, "week": 7, "month": 28, "quarter": 31 + 28 + 31, "year": 365}
    assert shortest[found] <= n_days + 1
