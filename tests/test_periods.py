import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from statsmodels.stats.proportion import proportion_confint

from analysis import clustered_shares, comention, frames, periods


def dated(unit_corpus, units, dates, **more):
    mentions, articles = unit_corpus(units, **more)
    return mentions, articles.assign(published=pd.to_datetime(pd.Series(dates), utc=True))


def test_periods_by_hand_with_a_gap_and_an_undated_article(unit_corpus):
    units = [{"AAA", "BBB"}, {"AAA"}, {"AAA", "BBB"}, {"BBB"}, set()]
    mentions, articles = dated(
        unit_corpus,
        units,
        [*(f"{d}:00Z" for d in ("2020-01-05T00", "2020-01-31T23", "2020-03-02T00", "2020-03-09T00")), None],
    )
    found = comention.over_time(mentions, articles, "BBB", "AAA", period="month")
    # One paragraph an article. January: two, one of both. February: none. March: two, one of both. Undated: one.
    wanted = pd.DataFrame(
        {
            "period": pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01", None]).astype("datetime64[ns]"),
            "n_stories": [2, 0, 2, 1], "n_units": [2, 0, 2, 1],
            "n_a": [1, 0, 2, 0], "n_b": [2, 0, 1, 0], "n_both": [1, 0, 1, 0],
            "share": [0.5, np.nan, 0.5, 0.0],
        }
    )  # fmt: skip
    assert_frame_equal(found[list(wanted)], wanted)
    assert found.loc[[1, 3], ["ci_low", "ci_high"]].isna().all(axis=None)


def test_interval_of_independent_units_is_that_of_clopper_and_pearson(unit_corpus):
    units = [{"AAA", "BBB"}] * 8 + [{"AAA"}] * 32
    mentions, articles = dated(unit_corpus, units, ["2020-05-05"] * 40)
    row = comention.over_time(mentions, articles, "AAA", "BBB", period="year").iloc[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(proportion_confint(8, 40, method="beta"))


def test_intervals_use_what_all_periods_say_of_likeness(unit_corpus):
    # Four articles a year, each with a story of its own and one unit: intervals of 1 of 4 and 2 of 4.
    units = [{"AAA", "BBB"}, *[{"AAA"}] * 3, *[{"AAA", "BBB"}] * 2, *[{"AAA"}] * 2]
    data = dated(unit_corpus, units, ["2020-05-05"] * 4 + ["2021-05-05"] * 4)
    found = comention.over_time(*data, "AAA", "BBB", period="year")
    wanted = [proportion_confint(k, 4, method="beta") for k in (1, 2)]
    np.testing.assert_allclose(found[["ci_low", "ci_high"]], wanted)
    # Stories of two units, alike in 2020 alone: what 2020 shows widens 2021 too.
    stories = dated(unit_corpus, units, ["2020-05-05"] * 4 + ["2021-05-05"] * 4, stories=list("aabbccdd"))
    each = comention.over_time(*stories, "AAA", "BBB", period="year", duplicates="each")
    rho = clustered_shares.likeness([1, 0, 2, 0], [2] * 4, [0, 0, 1, 1])
    wanted = [clustered_shares.interval(y, [2, 2], rho=rho) for y in ([1, 0], [2, 0])]
    np.testing.assert_allclose(each[["ci_low", "ci_high"]], wanted)


def test_interval_widens_where_the_units_of_a_story_are_alike(unit_corpus):
    units = [{"AAA", "BBB"}] * 8 + [{"AAA"}] * 32
    each = dated(unit_corpus, units, ["2020-05-05"] * 40, stories=[f"s{i // 8}" for i in range(40)])
    row = comention.over_time(*each, "AAA", "BBB", period="year", duplicates="each").iloc[0]
    low, high = proportion_confint(8, 40, method="beta")
    assert row["ci_high"] - row["ci_low"] > 1.7 * (high - low)


def test_a_change_is_found_where_it_is(unit_corpus):
    units = [{"AAA", "BBB"} if i % 10 == 0 else {"AAA"} for i in range(60)]
    units += [{"AAA", "BBB"} if i % 2 == 0 else {"AAA"} for i in range(60)]
    dates = pd.date_range("2020-01-01", periods=120, freq="3D")
    found = comention.changes(
        *dated(unit_corpus, units, dates), pairs=[("BBB", "AAA")], period="month", n_permutations=499
    ).iloc[0]
    # The 61st article is of 29 June 2020: the share changes from July on.
    assert found["changed_at"] == pd.Timestamp("2020-07-01")
    assert found["p"] == 1 / 500
    assert found["n_before"] + found["n_after"] == 120
    assert found["n_both_before"] + found["n_both_after"] == 36
    assert found["share_before"] < 0.15 < 0.4 < found["share_after"]


def test_no_change_is_not_found_too_often(unit_corpus):
    rng = np.random.default_rng(0)
    low = 0
    for _ in range(30):
        units = [{"AAA", "BBB"} if rng.random() < 0.3 else {"AAA"} for _ in range(40)]
        dates = pd.date_range("2020-01-01", periods=40, freq="9D")
        found = comention.changes(*dated(unit_corpus, units, dates), pairs=[("AAA", "BBB")], n_permutations=99)
        low += found["p"].iloc[0] <= 0.05
    # Binomial(30, 0.05) exceeds 5 once in 300.
    assert low <= 5


def test_change_against_all_permutations():
    # Six stories in three months; the statistic of all 720 orders, computed here from its definition.
    import itertools

    counts, sizes = np.array([0.0, 1, 0, 2, 1, 3]), np.array([3.0, 3, 3, 3, 3, 3])
    codes = np.array([0, 0, 1, 1, 2, 2])
    residual = counts - counts.sum() / sizes.sum() * sizes

    def largest(values):
        best = 0
        for n in (2, 4):
            sd = np.sqrt(n * (6 - n) / (6 * 5) * (residual**2).sum())
            best = max(best, abs(values[:n].sum()) / sd)
        return best

    all_orders = [largest(residual[list(o)]) for o in itertools.permutations(range(6))]
    exact = np.mean(np.array(all_orders) >= largest(residual) - 1e-9)
    _, p = periods._largest_change(counts, sizes, codes, 20_000, np.random.default_rng(0))
    assert p == pytest.approx(exact, abs=0.015)


def test_untested_empty_and_wrong(unit_corpus):
    mentions, articles = dated(unit_corpus, [{"AAA", "BBB"}, {"AAA"}], ["2020-01-01", "2020-02-01"])
    found = comention.changes(mentions, articles, pairs=[("AAA", "BBB")])
    assert found[["p", "q"]].isna().all(axis=None)
    assert comention.changes(mentions, articles, pairs=[]).empty
    undated = articles.assign(published=pd.Series([pd.NaT, pd.NaT], dtype=frames.UTC))
    nothing = comention.over_time(mentions, undated, "AAA", "BBB")
    assert nothing["period"].isna().all()
    assert nothing["n_units"].tolist() == [2]
    assert comention.changes(mentions, undated, pairs=[("AAA", "BBB")])["changed_at"].isna().all()
    with pytest.raises(ValueError, match="articles lacks the column published"):
        comention.over_time(mentions, articles.drop(columns="published"), "AAA", "BBB")
    with pytest.raises(ValueError, match="period must be one of day, week, month, quarter, year, auto, not 'decade'"):
        comention.over_time(mentions, articles, "AAA", "BBB", period="decade")
    with pytest.raises(ValueError, match="the two countries are the same: AAA"):
        comention.over_time(mentions, articles, "AAA", "AAA")


def test_length_is_of_the_articles():
    articles = pd.DataFrame({"published": pd.to_datetime(["2020-01-01"] * 5 + ["2020-03-01"] * 5 + [None], utc=True)})
    assert periods.length(articles) == "week"
    assert periods.length(articles, "day") == "day"
    assert periods.length(articles[10:]) == "month"
    with pytest.raises(ValueError, match="published"):
        periods.length(articles.drop(columns="published"))


def test_auto_is_the_period_it_stands_for(unit_corpus):
    data = dated(unit_corpus, [{"AAA", "BBB"}, {"AAA"}] * 6, pd.date_range("1990-05-01", periods=12, freq="3YS"))
    assert_frame_equal(
        comention.over_time(*data, "AAA", "BBB", period="auto"), comention.over_time(*data, "AAA", "BBB", period="year")
    )
