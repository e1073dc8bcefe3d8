import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from analysis import charts, frames, terms, tokens
from analysis.charts.placement import name_points

TEXTS = [
    "Iran Iran Cuba talks talks the the the sea.",
    "Iran Cuba talks the the.",
    "Cuba Chad the the sea sea.",
    "Chad the the the talks.",
]
ARTICLES = pd.DataFrame({"article_id": [f"a{i}" for i in range(4)], "text": TEXTS})
COUNTS = tokens.document_terms(ARTICLES)
GROUPS = pd.Series(["x", "x", "y", "y"], index=COUNTS.article_ids)


def boxes(figure, texts):
    figure.draw_without_rendering()
    return [Text.get_window_extent(t) for t in texts]  # without the arrow


def test_names_touch_neither_each_other_nor_the_points():
    rng = np.random.default_rng(0)
    figure, ax = charts.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    x, y = rng.random((2, 60)) * 0.5 + 0.25
    ax.scatter(x, y, s=30)
    n = name_points(ax, x, y, [f"term {i}" for i in range(60)], radii=[np.sqrt(30 / np.pi)] * 60)
    found = boxes(figure, ax.texts)
    assert 15 < n == len(found)
    for i, box in enumerate(found):
        assert not any(box.shrunk(0.9, 0.8).overlaps(other.shrunk(0.9, 0.8)) for other in found[i + 1 :])
        frame = ax.get_window_extent()
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1 + 1
    points = ax.transData.transform(np.column_stack([x, y]))
    inside = [[b.shrunk(0.9, 0.7).contains(*p) for p in points] for b in found]
    assert not np.any(inside)


def test_keyness_dispersion_draws_what_the_frame_holds():
    found = terms.keyness(COUNTS, GROUPS == "x")
    found["log2_ratio_shrunk"] = found["log2_ratio"] / 2  # four articles give no sign of a difference: all are 0
    figure, ax = charts.subplots()
    charts.keyness_dispersion(found, title="t", ax=ax, target="x", reference="y")
    hollow, filled = ax.collections
    assert len(filled.get_offsets()) == 0  # no q is small with four articles
    assert len(hollow.get_offsets()) == len(found)
    iran = found[found["term"] == "iran"].iloc[0]
    assert [iran["log2_ratio_shrunk"], iran["dp_target"]] in hollow.get_offsets().tolist()
    said = [t.get_text() for t in ax.texts]
    assert not set(found["label"]) & set(said)  # nothing is pointed out that may be chance
    assert "filled: q at most 0.05, 0 of the 6 terms drawn; named: none" in said
    assert not figure.findobj(lambda o: getattr(o, "get_text", lambda: "")() == "nan")


def test_keyness_names_the_terms_that_pass_and_says_so():
    found = terms.keyness(COUNTS, GROUPS == "x")
    names = dict(zip(found["term"], found["label"], strict=True))
    small = found["term"].isin(["iran", "chad"])
    for n_labels, named, note in (
        (30, {names["iran"], names["chad"]}, "filled: q at most 0.05, 2 of the 6 terms drawn; named: all of them"),
        (1, None, "filled: q at most 0.05, 2 of the 6 terms drawn; named: 1 of them, largest g2 first"),
    ):
        ax = charts.subplots()[1]
        charts.keyness_dispersion(found.assign(q=small.map({True: 0.01, False: 1.0})), title="t", ax=ax,
                                  n_labels=n_labels)  # fmt: skip
        said = {t.get_text() for t in ax.texts}
        written = said & set(names.values())
        assert note in said
        assert written == named if named else len(written) == 1
        assert written <= {names["iran"], names["chad"]}
    ax = charts.keyness_dispersion(found.assign(q=np.nan), title="t", ax=charts.subplots()[1])
    assert not set(names.values()) & {t.get_text() for t in ax.texts}


def test_trend_breaks_at_gaps_and_says_what_is_undated():
    when = pd.to_datetime(
        pd.Series(["2021-01-01", "2021-03-01", "2021-03-05", None], index=COUNTS.article_ids), utc=True
    )
    trend = terms.trend(COUNTS, when, terms=["iran", "cuba"])
    _, axes = charts.subplots(2, 1, sharex=True)
    charts.term_trend(trend, title="t", axes=axes)
    line = axes[0].get_lines()[0]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]
    assert [p.get_height() for p in axes[1].containers[0]] == [1, 0, 2]
    assert [t.get_text() for t in axes[1].texts] == ["1 undated article left out"]
    assert [t.get_text() for t in axes[1].get_xticklabels()] == ["2021-01", "2021-02", "2021-03"]
    assert axes[1].get_xlabel() == "start of the period (grey: no article)"


def test_every_interval_of_a_trend_is_drawn():
    rows = terms.trend(
        COUNTS,
        pd.Series(pd.date_range("2021-01-01", periods=4, freq="MS", tz="UTC"), index=COUNTS.article_ids),
        terms=["cuba"],
    ).assign(ci_low=[1e3, np.nan, 2e3, 3e3], ci_high=[4e3, np.nan, 5e3, 6e3])
    _, axes = charts.subplots(2, 1, sharex=True)
    charts.term_trend(rows, title="t", axes=axes)
    strokes = [c for c in axes[0].collections if hasattr(c, "get_segments")]
    # January stands alone: a band from one month to no other has no width. The others are the ends of a band.
    assert [s[:, 1].tolist() for c in strokes for s in c.get_segments()] == [[1, 4]]
    assert axes[1].get_xlabel() == "start of the period; band or stroke: interval of the rate"


def test_terms_are_shown_as_they_are_written():
    written = dict(zip(COUNTS.terms, COUNTS.labels, strict=True))
    hits = terms.positions(ARTICLES, terms=["cuba", "sea"])
    _, ax = charts.subplots()
    charts.term_positions(hits, terms=["cuba", "sea"], articles=["a0", "a2"], title="t", ax=ax, term_names=written)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Cuba", "sea", "Cuba", "sea"]
    when = pd.Series(pd.to_datetime(["2021-01-05"] * 4, utc=True), index=COUNTS.article_ids)
    for names, shown in ((written, ["Cuba", "sea*"]), (None, ["cuba", "sea*"])):
        _, axes = charts.subplots(2, 1, sharex=True)
        charts.term_trend(terms.trend(COUNTS, when, terms=["cuba", "sea*"]), title="t", axes=axes, names=names)
        assert [t.get_text() for t in axes[1].get_legend().get_texts()] == shown


def test_keyness_of_a_single_article_is_said_to_be_untested():
    found = terms.keyness(COUNTS, pd.Series([True, False, False, False], index=COUNTS.article_ids))
    assert found["q"].isna().all()
    _, ax = charts.subplots()
    charts.keyness_dispersion(found, title="t", ax=ax)
    said = " ".join(t.get_text() for t in ax.texts)
    assert "not tested, a group has a single article" in said
    assert "filled" not in said


def test_few_terms_have_a_chart_that_can_be_read():
    found = terms.frequencies(tokens.document_terms(ARTICLES.head(1).assign(text="Iran.")))
    figure, ax = charts.subplots()
    charts.rank_frequency(found, title="t", ax=ax)
    assert "1 term; occurring once: 1" in [t.get_text() for t in ax.texts]
    figure.draw_without_rendering()
    shown = [t.get_text() for axis in (ax.xaxis, ax.yaxis) for t in axis.get_ticklabels(which="both")]
    assert not [t for t in shown if "$" in t]
    figure, ax = charts.subplots(height=2.3)
    charts.terms_by_group(terms.by_group(COUNTS, GROUPS), terms=["iran", "cuba"], title="t", ax=ax)
    figure.draw_without_rendering()
    assert ax.get_legend().get_window_extent().y1 < ax.xaxis.label.get_window_extent().y0


def test_bars_and_groups_draw_the_intervals():
    known = {"ci_low": [9e4] * 5 + [np.nan], "ci_high": [5e5] * 5 + [np.nan]}
    found = terms.frequencies(COUNTS).assign(**known)
    _, ax = charts.subplots()
    charts.term_bars(found, title="t", ax=ax)
    assert [round(p.get_width() * 1000) for p in ax.patches] == found["per_million"].round().astype(int).tolist()
    assert len(ax.collections[0].get_segments()) == len(found) - 1
    groups = terms.by_group(COUNTS, GROUPS)
    _, ax = charts.subplots()
    charts.terms_by_group(groups, title="t", ax=ax)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [
        "x (2 articles, 14 tokens)",
        "y (2 articles, 11 tokens)",
    ]


@pytest.mark.filterwarnings("error")
def test_charts_of_nothing_are_empty():
    _, ax = charts.subplots()
    charts.term_bars(frames.empty("frequencies"), title="t", ax=ax)
    charts.rank_frequency(frames.empty("frequencies"), title="t", ax=charts.subplots()[1])
    charts.terms_by_group(frames.empty("terms_by_group"), title="t", ax=charts.subplots()[1])
    charts.keyness_dispersion(frames.empty("keyness"), title="t", ax=charts.subplots()[1])
    charts.term_trend(frames.empty("term_trend"), title="t", axes=charts.subplots(2, 1, sharex=True)[1])
    charts.term_positions(
        frames.empty("term_positions"), title="t", ax=charts.subplots()[1], terms=["a"], articles=["b"]
    )


def test_no_two_groups_look_alike():
    groups = pd.concat([terms.by_group(COUNTS, GROUPS).assign(group=f"g{k}") for k in range(12)])
    groups = groups[groups["term"].eq("cuba") & groups["n"].gt(0)].drop_duplicates("group")
    _, ax = charts.subplots()
    charts.terms_by_group(groups, title="t", ax=ax)
    filled = [c for c in ax.collections if c.get_label().startswith("g")]
    looks = {(tuple(c.get_facecolor()[0]), c.get_paths()[0].vertices.tobytes()) for c in filled}
    assert len(filled) == len(looks) == 12


def test_keyness_without_a_difference_draws_the_plain_ratios():
    found = terms.keyness(COUNTS, GROUPS == "x").assign(log2_ratio_shrunk=0.0)
    _, ax = charts.subplots()
    charts.keyness_dispersion(found, title="t", ax=ax)
    assert sorted(ax.collections[0].get_offsets()[:, 0]) == sorted(found["log2_ratio"])
    assert "not shrunk" in ax.get_xlabel()
    _, ax = charts.subplots()
    charts.keyness_dispersion(found.assign(dp_target=np.nan, dp_reference=np.nan), title="t", ax=ax)
    assert not ax.axison
    assert ax.get_title(loc="left").startswith("No term can be placed")


def test_long_titles_stay_in_the_figure_and_a_day_is_a_day_wide():
    figure, ax = charts.subplots(width=5)
    hits = terms.positions(ARTICLES, terms=["cuba"])
    charts.term_positions(hits, terms=["cuba"], articles=["a0"], title="a long title " * 9, ax=ax)
    figure.draw_without_rendering()
    assert ax._left_title.get_window_extent().x1 <= figure.bbox.width
    when = pd.Series(pd.to_datetime(["2021-01-05"] * 4, utc=True), index=COUNTS.article_ids)
    _, axes = charts.subplots(2, 1, sharex=True)
    charts.term_trend(terms.trend(COUNTS, when, terms=["cuba"], period="day"), title="t", axes=axes)
    assert axes[1].patches[0].get_width() < 1
