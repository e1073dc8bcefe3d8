import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis import charts, comention, frames
from analysis.charts import labels, network

NAMES = {f"C{i:02}": f"Country number {i}" for i in range(60)} | {"AAA": "Aland", "BBB": "Beland"}


def drawn(draw, **size):
    """Draw into a figure of the style and render it, so that layout errors and missing glyphs show."""
    figure, ax = charts.subplots(**size)
    result = draw(ax)
    figure.canvas.draw()
    assert result is ax
    assert ax.get_title(loc="left") or ax.get_title()
    return ax


def title(ax):
    return ax.get_title(loc="left").replace("\n", " ")


def pairs_frame(n_countries, seed=0, *, tested=True):
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(n_countries, 1)
    size = rng.integers(5, 200, n_countries)
    n_both = rng.poisson(2, len(a))
    expected = rng.gamma(2, 1, len(a)) + 0.1
    with np.errstate(divide="ignore"):
        ratio = np.log2(n_both / expected)
    p = np.where(np.arange(len(a)) % 5 < 4, rng.random(len(a)) ** 4, np.nan) if tested else np.nan
    codes = np.array([f"C{i:02}" for i in range(n_countries)], dtype=object)
    table = {
        "country_a": codes[a], "country_b": codes[b], "within": "paragraph", "n_a": size[a], "n_b": size[b],
        "n_both": n_both, "expected": expected, "log2_ratio": ratio, "ci_low": ratio - 0.5, "ci_high": ratio + 0.5,
        "npmi": 0.0, "p": p, "q": p,
    }  # fmt: skip
    return pd.DataFrame(table).astype(comention.PAIRS)


@pytest.mark.parametrize("n_countries", [2, 5, 60])
@pytest.mark.parametrize("tested", [True, False])
def test_matrix_and_network_at_any_size(n_countries, tested):
    pairs = pairs_frame(n_countries, tested=tested)
    ax = drawn(lambda ax: charts.pair_matrix(pairs, names=NAMES, n_countries=60, ax=ax), width=9, height=8)
    assert [t.get_text() for t in ax.get_yticklabels()] == [NAMES[c] for c in labels.sizes(pairs)]
    hatched = [p for p in ax.patches if p.get_hatch()]
    assert len(hatched) == pairs["p"].isna().sum()
    ax = drawn(lambda ax: charts.pair_network(pairs, names=NAMES, ax=ax), width=9, height=7)
    assert ("could be tested" in title(ax)) == (not tested and (pairs["n_both"] > 0).any())


def test_supported_pairs_pass_the_test_and_the_interval():
    pairs = pairs_frame(3).assign(q=[0.01, 0.01, 0.2], log2_ratio=[2.0, 2.0, 2.0], ci_low=[0.5, -0.1, 0.5])
    assert labels.supported(pairs, 0.05).tolist() == [True, False, False]
    assert labels.supported(pairs.assign(ci_low=np.nan), 0.05).tolist() == [True, True, False]
    assert labels.supported(pairs.assign(log2_ratio=-1.0), 0.05).tolist() == [False] * 3


def test_network_draws_supported_pairs_only_and_the_same_each_time():
    pairs = pairs_frame(30)
    n = int(labels.supported(pairs, 0.05).sum())
    one = drawn(lambda ax: charts.pair_network(pairs, ax=ax), width=9, height=7)
    two = drawn(lambda ax: charts.pair_network(pairs, ax=ax), width=9, height=7)
    assert title(one).startswith(f"{n} pairs share more paragraphs than expected")
    assert len(one.collections[0].get_segments()) == n
    np.testing.assert_array_equal(one.collections[1].get_offsets(), two.collections[1].get_offsets())
    few = drawn(lambda ax: charts.pair_network(pairs, n_edges=5, ax=ax))
    assert len(few.collections[0].get_segments()) == 5
    assert "the 5 most frequent drawn" in title(few)
    strong = pairs[labels.supported(pairs, 0.05)]
    focus = strong["country_a"].iloc[0]
    ego = drawn(lambda ax: charts.pair_network(pairs, focus=focus, names=NAMES, ax=ax))
    assert NAMES[focus] in {t.get_text() for t in ego.texts}
    none = drawn(lambda ax: charts.pair_network(pairs.assign(q=1.0), ax=ax))
    seen, tested = int((pairs["n_both"] > 0).sum()), int(pairs["p"].notna().sum())
    assert title(none).startswith(f"{seen} pairs share paragraphs; of {tested} tested, none more than expected (dashed")
    assert len(none.collections[0].get_segments()) == 120


def test_labels_of_the_network_do_not_cover_each_other():
    for n in (5, 60):
        pairs = pairs_frame(n).assign(q=0.01, log2_ratio=2.0, ci_low=1.0)
        ax = drawn(lambda ax, p=pairs: charts.pair_network(p, names=NAMES, n_edges=3 * len(NAMES), ax=ax),
                   width=12, height=10)  # fmt: skip
        renderer = FigureCanvasAgg(ax.figure).get_renderer()
        boxes = [t.get_window_extent(renderer) for t in ax.texts]
        covered = sum(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
        assert covered <= n // 20


def test_spread_moves_apart_and_leaves_alone():
    apart = np.array([[0.0, 0.0], [100.0, 0.0]])
    np.testing.assert_array_equal(labels.spread(apart, np.full(2, 10.0), np.full(2, 10.0)), apart)
    same = labels.spread(np.zeros((4, 2)), np.full(4, 10.0), np.full(4, 10.0))
    for i in range(4):
        for j in range(i):
            assert (np.abs(same[i] - same[j]) >= 9.9).any()


def test_map_has_a_place_for_every_country_of_the_lexicon():
    from analysis import lexicon

    places = pd.read_csv(network.PLACES, dtype={"country": "str"})
    assert places["country"].tolist() == list(lexicon.codes())
    assert places["longitude"].between(-180, 180).all()
    assert places["latitude"].between(-90, 90).all()


def gaps(xy, radii):
    """Room between circles: negative where two cover each other."""
    return (np.hypot(*(xy[:, None] - xy).T) - np.add.outer(radii, radii))[np.triu_indices(len(xy), 1)]


def test_circles_are_moved_apart_as_little_as_it_takes():
    page = {"low": np.zeros(2), "high": np.full(2, 100.0)}
    there = np.array([[10.0, 10], [30, 10], [50, 60]])
    np.testing.assert_array_equal(labels.apart(there, np.full(3, 10.0), **page), there)  # the first two touch
    # Two circles of radius 5 with their centres 6 apart: each moves by 2, along the line between them.
    moved = labels.apart(np.array([[50.0, 50], [56, 50]]), np.full(2, 5.0), **page)
    np.testing.assert_allclose(moved, [[48, 50], [58, 50]], atol=1e-3)
    # At the edge of the page only one can give way: the other stays at 5.
    moved = labels.apart(np.array([[0.0, 50], [6, 50]]), np.full(2, 5.0), **page)
    np.testing.assert_allclose(moved, [[5, 50], [15, 50]], atol=1e-2)
    rng = np.random.default_rng(0)
    xy = np.concatenate([np.full((12, 2), 50.0), rng.random((40, 2)) * 100])
    radii = rng.uniform(2, 6, len(xy))
    moved = labels.apart(xy, radii, **page)
    assert gaps(moved, radii).min() > -0.002
    assert ((moved >= radii[:, None] - 0.002) & (moved <= 100.002 - radii[:, None])).all()
    np.testing.assert_array_equal(moved, labels.apart(xy, radii, **page))
    assert labels.apart(np.zeros((0, 2)), np.zeros(0), **page).shape == (0, 2)


def test_map_discs_and_names_cover_no_disc():
    near = "FRA DEU BEL NLD LUX CHE AUT CZE POL HUN SVK SVN HRV ITA ESP GBR IRL DNK".split()
    pairs = pairs_frame(18).replace({f"C{k:02}": code for k, code in enumerate(near)}).assign(n_both=40)
    figure, ax = charts.subplots(width=10, height=4.6)
    charts.pair_map(pairs, focus="FRA", ax=ax)
    figure.draw_without_rendering()
    discs = max(ax.collections, key=lambda c: c.get_sizes().max())
    centres = ax.transData.transform(discs.get_offsets()) * 72 / figure.dpi
    radii = np.sqrt(discs.get_sizes()) / 2
    assert len(centres) == 18
    assert gaps(centres, radii).min() > 0
    assert ax.texts[0].get_text() == "FRA"
    assert ax.texts[0].get_fontweight() == "bold"
    assert len(ax.texts) == 18
    for text in ax.texts:
        box = Text.get_window_extent(text)
        low, high = (np.array(e) * 72 / figure.dpi for e in (box.min, box.max))
        off = np.hypot(*(centres - np.clip(centres, low, high)).T)
        assert (off > radii - 1).all()


def test_map_of_a_focus():
    pairs = pairs_frame(4).replace({"C00": "IRN", "C01": "CUB", "C02": "USA", "C03": "RUS"})
    ax = drawn(lambda ax: charts.pair_map(pairs, focus="IRN", names={"IRN": "Iran"}, ax=ax), width=10, height=5.6)
    n_seen = int((pairs.loc[pairs["country_a"] == "IRN", "n_both"] > 0).sum())
    assert title(ax) == f"Iran shares paragraphs with {n_seen} of 3 other countries named"
    one = pairs[(pairs["country_a"] == "CUB") & (pairs["country_b"] == "IRN") | (pairs["country_a"] == "IRN")].head(1)
    ax = drawn(lambda ax: charts.pair_map(one.assign(n_both=1), focus="IRN", ax=ax))
    assert title(ax) == "IRN shares paragraphs with 1 of 1 other country named"
    with pytest.raises(ValueError, match="no pair holds 'XXX'"):
        charts.pair_map(pairs, focus="XXX")


def test_map_tells_a_pair_at_its_expectation_from_one_not_tested():
    pairs = pairs_frame(3).replace({"C00": "IRN", "C01": "CUB", "C02": "USA"})
    pairs = pairs.assign(n_both=4, log2_ratio=0.0, p=[0.9, np.nan, np.nan])
    tested = pairs.loc[pairs["p"].notna(), ["country_a", "country_b"]].iloc[0].tolist()
    focus = tested[0]
    ax = drawn(lambda ax: charts.pair_map(pairs, focus=focus, ax=ax))
    discs = max(ax.collections, key=lambda c: len(c.get_offsets()) if len(c.get_linestyles()) > 1 else 0)
    dashed = {
        code: pattern is not None
        for code, (_, pattern) in zip(["CUB", "IRN", "USA"], discs.get_linestyles(), strict=True)
    }
    assert dashed == {code: code not in tested for code in dashed}
    assert "dashed: not tested" in [t.get_text() for t in ax.get_legend().get_texts()]


def test_windows_survival_tone_and_timeline(unit_corpus):
    units = [{"AAA", "BBB"}] * 6 + [{"AAA"}, {"BBB", "CCC"}] * 6
    mentions, articles = unit_corpus(units)
    windows = comention.windows(mentions, articles, n_draws=50)
    ax = drawn(lambda ax: charts.pair_windows(windows, names=NAMES, ax=ax))
    assert title(ax) == "Of 2 pairs that share an article, 2 share a sentence"
    assert next(t.get_text() for t in ax.get_yticklabels()) == "Aland – Beland"
    found = comention.specifications(mentions, articles, kinds={"names": ["name"]}, top=1)
    ax = drawn(lambda ax: charts.pair_survival(found, names=NAMES, ax=ax), width=10, height=6)
    assert "of 60 ways to count" in title(ax)
    tone = comention.tone(mentions, articles)
    ax = drawn(lambda ax: charts.pair_tone(tone, names=NAMES, ax=ax))
    assert title(ax) == "Aland – Beland: of 6 sentences, 0 with words of cooperation, 0 of conflict, 0 of both"
    dates = pd.Series(pd.date_range("2020-01-01", periods=18, freq="40D", tz="UTC"))
    dates[17] = pd.NaT
    dated = articles.assign(published=dates)
    periods = comention.over_time(mentions, dated, "AAA", "BBB", period="month")
    change = comention.changes(mentions, dated, pairs=[("AAA", "BBB")], n_permutations=199).iloc[0]
    ax = drawn(lambda ax: charts.pair_timeline(periods, label="Aland – Beland", change=change, ax=ax))
    assert "from 100 to 0% from 2020-08 on (p = " in title(ax)
    assert "undated and left out: 1 of the paragraphs" in ax.get_xlabel()
    assert "hatched: no articles" in ax.get_xlabel()
    one = comention.over_time(mentions, articles.assign(published=dates[0]), "AAA", "BBB", period="day")
    ax = drawn(lambda ax: charts.pair_timeline(one, label="Aland – Beland", ax=ax))
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2020-01-01"]  # a day, not the year 2020


def test_nothing_to_draw_says_so():
    empty = pd.DataFrame({c: pd.Series(dtype=t) for c, t in comention.PAIRS.items()})
    articles = pd.DataFrame({"article_id": ["a"], "text": ["One. Two."]}).astype("str")
    none = frames.empty("mentions")
    for draw in (
        lambda ax: charts.pair_matrix(empty, ax=ax),
        lambda ax: charts.pair_network(empty, ax=ax),
        lambda ax: charts.pair_windows(comention.windows(none, articles), ax=ax),
        lambda ax: charts.pair_survival(comention.specifications(none, articles, windows=["article"]), ax=ax),
        lambda ax: charts.pair_tone(comention.tone(none, articles), ax=ax),
    ):
        assert title(drawn(draw)).startswith("No ")
    undated = articles.assign(published=pd.Series([pd.NaT], dtype=frames.UTC))
    periods = comention.over_time(none, undated, "AAA", "BBB")
    ax = drawn(lambda ax: charts.pair_timeline(periods, label="A – B", ax=ax))
    assert title(ax) == "A – B: no article states its date"


def test_titles_and_labels_that_run_over_the_edge_are_broken():
    figure, axes = charts.subplots(1, 2, width=8, height=4)
    axes[0].set_title("A title that is far too long for the figure that it stands over, " * 2)
    axes[1].set_xlabel("another text that is longer than the half of the page that belongs to it, as can be seen")
    axes[1].set_title("short")
    labels.fit(axes[1])
    figure.draw_without_rendering()
    for text in (axes[0].get_title(loc="left"), axes[1].get_xlabel()):
        assert "\n" in text
        found = next(t for t in figure.findobj() if getattr(t, "get_text", lambda: "")() == text)
        box = found.get_window_extent()
        assert box.x0 >= -1
        assert box.x1 <= figure.bbox.width + 1
    assert title(axes[1]) == "short"


def test_matrix_says_what_it_leaves_out_and_marks_what_is_as_expected():
    pairs = pairs_frame(30)
    pairs.loc[:, ["n_both", "expected"]] = [0, 1.0]
    rare = pairs["country_a"].eq("C27") & pairs["country_b"].eq("C29")  # the first pair, of countries seldom named
    pairs.loc[rare, "n_both"] = 9
    for code in ("C27", "C29"):
        pairs.loc[pairs["country_a"] == code, "n_a"] = pairs.loc[pairs["country_b"] == code, "n_b"] = 1
    ax = drawn(lambda ax: charts.pair_matrix(pairs, names=NAMES, n_countries=25, ax=ax), width=9, height=8)
    shown = [t.get_text() for t in ax.get_yticklabels()]
    assert len(shown) == 25
    assert {NAMES["C27"], NAMES["C29"]} <= set(shown)
    assert "(25 of 30 countries drawn)" in title(ax)
    assert any("fewer than 3 expected" in t.get_text() for t in ax.get_legend().get_texts())


def test_headings_of_the_ways_to_count_stand_between_chart_and_title(unit_corpus):
    found = comention.specifications(*unit_corpus([{"AAA", "BBB"}] * 3), kinds={"names": ["name"]}, top=1)
    ax = drawn(lambda ax: charts.pair_survival(found, names=NAMES, ax=ax), width=10, height=4.4)
    heading = next(t for t in ax.texts if t.get_text() == "all ways").get_window_extent()
    headline = ax._left_title if ax.get_title(loc="left") else ax.title
    assert ax.get_window_extent().y1 <= heading.y0
    assert heading.y1 < headline.get_window_extent().y0
