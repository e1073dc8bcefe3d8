"""Whatever a frame holds, a chart is drawn without a warning, or says why there is none."""

import itertools
import runpy
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import PathCollection
from matplotlib.legend import Legend
from matplotlib.text import Text

from analysis import charts
from analysis.charts import labels

FRAMES = runpy.run_path(str(Path(__file__).with_name("chart_frames.py")))
DRAWN, LONG, figure = (FRAMES[name] for name in ("DRAWN", "LONG", "figure"))


def drawn(name, case):
    """Draw and lay out, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = figure(name, case)
        found.draw_without_rendering()
    return found


def titles(found):
    places = [(ax, where) for ax in found.axes if ax.get_visible() for where in ("left", "center")]
    return [t.replace("\n", " ") for ax, where in places if (t := ax.get_title(loc=where))]


NOTHING = {
    "country_counts": "No country is named",
    "country_positions": "No country is named",
    "keyness_dispersion": "No term is compared",
    "pair_map": "No two countries are named",
    "pair_matrix": "No pair of countries to draw",
    "pair_network": "No two countries share units",
    "pair_survival": "No two countries share a unit",
    "pair_timeline": "name – name: no article states its date",
    "pair_tone": "No two countries share a sentence",
    "pair_windows": "No two countries share a unit",
    "rank_frequency": "No term is counted",
    "share_intervals": "No story to count",
    "term_bars": "No term is counted",
    "term_positions": "No term to follow is in an article",
    "term_trend": "No term is counted",
    "terms_by_group": "No term is counted in a group",
    "topic_dendrogram": "No two units have a topic",
    "topic_map": "No topic to place on a map",
    "topic_number": "No number of topics was tried",
    "topic_rates": "No group has units of a topic",
    "topic_shares": "No article has a topic",
    "topic_terms": "No topic was found",
    "topic_trend": "No period has units of a topic",
    "words_by_role": "No article has words",
    "words_by_role of groups": "No article has words",
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_of_nothing_is_a_sentence(name):
    found = drawn(name, "nothing")
    assert titles(found) == [NOTHING[name]]
    shown = [ax for ax in found.axes if ax.get_visible()]
    assert not any(ax.axison for ax in shown)
    assert not any(ax.lines or ax.patches or ax.collections or ax.texts for ax in shown)


# Of the cases, those that have broken most charts; the rest where they have broken one.
SOME = [(name, case) for name in DRAWN for case in ("one row", "unknown", "long")]
SOME += [(name, "equal") for name in ("keyness_dispersion", "pair_matrix", "rank_frequency", "topic_map")]
SOME += [("share_intervals", "exact"), ("pair_timeline", "one period"), ("term_trend", "one period")]


@pytest.mark.parametrize(("name", "case"), SOME)
def test_a_chart_of_anything(name, case):
    found = drawn(name, case)
    assert not found.findobj(lambda a: isinstance(a, Text) and a.get_text().startswith(f"{LONG} 0"))
    shown = [ax for ax in found.axes if ax.get_visible() and ax.get_label() != "<colorbar>"]
    assert all(ax.get_window_extent().width > 0.08 * found.bbox.width for ax in shown)
    used = found.get_tightbbox()  # in inches: nothing is cut off at a side
    assert used.x0 > -0.05
    assert used.x1 < found.get_figwidth() + (0.05 if len(shown) == 1 else 0.3)  # the titles of small panels


@pytest.mark.parametrize("name", ["country_counts", "rank_frequency", "terms_by_group", "topic_map"])
def test_two_hundred_rows(name):
    """All are drawn, or as many as the chart promises, and what is left out is said."""
    ax = (axes := drawn(name, "many").axes)[-1]
    points = [len(c.get_offsets()) for c in ax.collections if len(c.get_offsets())]
    if name == "country_counts":
        assert [len(ax.patches) for ax in axes] == [30, 30]
        assert "170 more countries not drawn" in ax.get_xlabel().replace("\n", " ")
    elif name == "rank_frequency":
        assert points == [200]
        assert ax.texts[-1].get_text().startswith("200 terms;")
    elif name == "terms_by_group":
        marks = [len(c.get_offsets()) for c in ax.collections if isinstance(c, PathCollection)]
        assert sum(marks) == 4 * 200  # a mark for each term in each of four groups
        assert len({t.get_text() for t in ax.get_yticklabels()}) == 200
    else:
        assert points == [1] * 20  # a disc for each of twenty topics
        assert len(in_key(ax)) == len(ax.texts) == 20


def boxes(texts):
    return [t.get_window_extent() for t in texts]


@pytest.mark.parametrize("name", ["pair_matrix", "pair_windows"])
@pytest.mark.parametrize("case", ["two rows", "long"])
def test_names_of_columns_do_not_touch(name, case):
    ax = drawn(name, case).axes[0]
    columns = boxes(ax.get_xticklabels())
    assert len(columns) > 2
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(columns))
    assert all(box.x1 <= ax.figure.bbox.x1 for box in columns)


def test_bars_of_words_begin_at_zero_and_fill_the_chart():
    words = pd.DataFrame({"article": ["a", "a", "b"], "role": ["headline", "body", "body"], "n_words": [10, 90, 50]})
    ax = charts.words_by_role(words, title="t", ax=charts.subplots()[1])
    assert ax.get_xlim() == pytest.approx((0, 104))
    ax = charts.words_by_role(words.assign(n_words=0), title="t", ax=charts.subplots()[1])
    assert ax.get_xlim() == (0, 1)


def of(name):
    """Return one of the frames of two rows."""
    return FRAMES[name](FRAMES["CASES"]["two rows"])


UNASKED = {
    "article": lambda: charts.country_positions(of("_positions"), n_articles=0),
    "country": lambda: charts.country_counts(of("_countries"), n=0)[0],
    "group": lambda: charts.topic_rates(of("_rates"), of("_topics"), by="name", axes=FRAMES["_panels"](2), n=0)[0],
    "pair": lambda: charts.pair_windows(of("_windows"), n_pairs=0),
    "pair of survival": lambda: charts.pair_survival(of("_specifications"), n_pairs=0),
    "pair of tone": lambda: charts.pair_tone(of("_tone"), n_pairs=0),
    "pair of the network": lambda: charts.pair_network(of("_pairs"), n_edges=0),
    "term": lambda: charts.keyness_dispersion(of("_keyness"), title="t", ax=charts.subplots()[1], n_terms=0),
}


@pytest.mark.parametrize("what", UNASKED)
def test_a_chart_of_none_of_its_rows_does_not_say_that_there_are_none(what):
    expected = f"No {what.split(' of ')[0]} is drawn: at most 0 were asked for"
    assert titles(UNASKED[what]().figure) == [expected]


def test_keyness_says_why_no_term_is_drawn():
    def title(rows):
        return titles(charts.keyness_dispersion(rows, title="t", ax=charts.subplots()[1]).figure)

    rows = of("_keyness")
    assert title(rows.iloc[:0]) == ["No term is compared"]
    one_article = rows.assign(dp_target=np.nan, dp_reference=np.nan)
    assert title(one_article) == ["No term can be placed: the group that has more of it has one article"]
    assert title(rows.assign(log2_ratio_shrunk=np.inf)) == ["No term can be placed: no ratio is finite"]


def test_a_network_around_a_country_does_not_speak_of_all():
    pairs = of("_pairs").assign(log2_ratio=2.0, ci_low=1.0, q=[0.01, 0.5, 0.5], n_both=[3, 0, 0])
    ax = charts.pair_network(pairs, focus="C002", names={"C002": "Cuba"})
    assert titles(ax.figure) == ["No pair of Cuba shares more paragraphs than expected"]
    ax = charts.pair_network(pairs.assign(q=0.5), focus="C002")
    assert titles(ax.figure) == ["No pair of C002 shares paragraphs"]


def in_key(ax):
    return [t.get_text() for t in ax.get_legend().get_texts()]


def test_a_name_that_begins_with_an_underscore_is_in_the_key():
    ax = charts.terms_by_group(of("_by_group").replace({"group": {"name 0": "_a"}}), title="t", ax=charts.subplots()[1])
    assert in_key(ax) == ["_a (3 articles, 900 tokens)", "name 1 (3 articles, 900 tokens)"]
    axes = charts.subplots(2, 1, sharex=True)[1]
    charts.term_trend(of("_trend"), names={"name 0": "_a"}, title="t", axes=axes)
    assert in_key(axes[1]) == ["_a", "name 1"]
    assert in_key(charts.country_positions(of("_positions").replace("iran", "_a"))) == ["_a", "cuba"]


def test_groups_may_be_numbers():
    counts = of("_by_group").replace({"group": {"name 0": 2023, "name 1": 2024}})
    ax = charts.terms_by_group(counts, title="t", ax=charts.subplots()[1])
    assert in_key(ax) == ["2023 (3 articles, 900 tokens)", "2024 (3 articles, 900 tokens)"]


def test_a_term_without_a_finite_ratio_is_not_placed():
    rows = of("_keyness").assign(log2_ratio_shrunk=[np.inf, 0.5])
    ax = charts.keyness_dispersion(rows, title="t", ax=charts.subplots()[1])
    assert sum(len(c.get_offsets()) for c in ax.collections) == 1
    assert any("of the 1 term drawn, of 2;" in t.get_text() for t in ax.texts)


def test_topics_keep_their_number_and_colour_where_some_are_left_out():
    shares = pd.DataFrame({"article_id": "a", "topic": [0, 1, 2], "n_units": 1, "share": [0.2, 0.3, 0.5]})
    topics = pd.DataFrame({"topic": [0, 1, 2], "label": ["iran", "cuba", "china"], "stability": 0.9})
    whole = charts.topic_shares(shares, topics, ax=charts.subplots()[1])
    part = charts.topic_shares(shares, topics.iloc[1:], ax=charts.subplots()[1])
    assert [t.get_text() for t in part.texts] == ["1", "2"]
    assert in_key(part) == ["1: cuba", "2: china"]
    looks = [[(bar.get_facecolor(), bar.get_hatch()) for bar in ax.patches] for ax in (whole, part)]
    assert looks[0][1:] == looks[1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        none = charts.topic_shares(shares, topics.iloc[:0], ax=charts.subplots()[1])
    assert titles(none.figure) == ["No article has a topic"]


def test_short_keeps_both_ends():
    assert labels.short("Iran") == "Iran"
    assert labels.short("abcdefghij", 10) == "abcdefghij"
    # 9 letters beside the dots: five of the beginning, four of the end
    assert labels.short("abcdefghijk", 10) == "abcde…hijk"
    assert labels.short("abcd fghij lm", 10) == "abcd…j lm"


def test_names_that_differ_have_labels_that_differ():
    # 8 of 20 letters for the beginning, the rest from the word on where they part
    isles = ["United States Virgin Islands", "United States Minor Outlying Islands", "Iran"]
    assert labels.shorten(isles, 20) == ["United S…Virgin…ands", "United S…Minor…ands", "Iran"]
    start, end = "Ministry of Foreign Affairs of the", "Republic of Iran"
    found = labels.shorten([f"{start} Islamic {end}", f"{start} Bolivarian {end}"])
    assert found == ["Ministry of Fore…Islamic Repub…c of Iran", "Ministry of Fore…Bolivarian Re…c of Iran"]
    files = [f"statement-on-iran-{m}-2024-by-the-foreign-ministry-{i}" for m in ("may", "june") for i in (1, 2)]
    assert len(set(labels.shorten(files))) == 4
    assert max(map(len, labels.shorten(files))) <= 40
    assert labels.shorten([1, "1", LONG], 30) == ["1", "1", labels.short(LONG, 30)]
    assert labels.shorten(["abcde…hijk", "abcdefghijk"], 10) == ["abcde…hijk", "abcdefghijk"]  # one is a label itself


@given(st.lists(st.text("ab …", max_size=14), max_size=6), st.integers(5, 8))
def test_labels_differ_wherever_names_do(names, most):
    found = labels.shorten(names, most)
    assert len(found) == len(names)
    assert len(set(found)) == len(set(names))
    assert all(text == name for text, name in zip(found, names, strict=True) if len(name) <= most)


def written(found):
    """Return the texts of a figure that are shortened, in lists: those along an axis, in a key, in an axes."""
    lists = [axis.get_ticklabels() for ax in found.axes for axis in (ax.xaxis, ax.yaxis)]
    lists += [key.get_texts() for key in found.findobj(Legend)] + [ax.texts for ax in found.axes]
    shortened = [[t.get_text() for t in texts if "…" in t.get_text()] for texts in lists]
    return [texts for texts in shortened if texts]


# Charts that print names of a list; those of topics begin with the number of the topic.
NAMING = ["country_counts", "country_positions", "keyness_dispersion", "pair_map", "pair_matrix", "pair_network"]
NAMING += ["pair_survival", "pair_tone", "pair_windows", "term_bars", "term_positions", "term_trend"]
NAMING += ["terms_by_group", "topic_rates", "topic_shares", "topic_terms", "words_by_role"]
NAMING += ["words_by_role of groups"]


@pytest.mark.parametrize("name", NAMING)
def test_no_two_labels_of_a_chart_are_alike(name):
    lists = written(figure(name, "middle"))
    assert max(map(len, lists)) > 1
    assert [texts for texts in lists if len(set(texts)) < len(texts)] == []


def test_labels_of_pairs_leave_room():
    frame = pd.DataFrame({"country_a": ["AAA", "AAA"], "country_b": ["BBB", "CCC"]})
    assert labels.pairs_of(frame.iloc[:1], {"AAA": LONG}) == ["A name that goes on a…characters, so – BBB"]
    names = {"AAA": "Democratic Republic of the Congo", "BBB": "Saint Vincent and the Grenadines"}
    assert labels.countries(names, names) == names
    assert max(map(len, labels.pairs_of(frame, names))) < 60
    alike = {"AAA": "Cuba", "BBB": f"{LONG} 1 {LONG}", "CCC": f"{LONG} 2 {LONG}"}
    assert len(set(labels.pairs_of(frame, alike))) == 2


def test_keys_have_as_many_columns_as_fit():
    assert labels.columns(["Iran", "Cuba"], 5) == 5  # 10 of 90 characters each
    assert labels.columns(["a" * 24], 5) == 3
    assert labels.columns([LONG], 5) == 1
    assert labels.columns([], 5) == 5


def test_ranks_are_named_by_their_terms_whatever_the_order_of_the_rows():
    rows = pd.DataFrame({"term": ["rare", "common", "some"], "n": [1, 9, 3]})
    ax = charts.rank_frequency(rows, title="t", ax=charts.subplots()[1], n_labels=1)
    assert ax.texts[0].get_text() == "common"
    assert ax.collections[0].get_offsets()[:, 1].tolist() == [9, 3, 1]


def test_a_map_says_which_countries_have_no_place():
    columns = {"within": "paragraph", "n_a": 3, "n_b": 3, "n_both": 2, "log2_ratio": 1.0, "p": np.nan, "q": np.nan}
    pairs = pd.DataFrame({"country_a": ["CUB", "CUB"], "country_b": ["IRN", "XYZ"], **columns})
    ax = charts.pair_map(pairs, focus="CUB", ax=charts.subplots()[1])
    title = ax.get_title(loc="left")
    assert title == "CUB shares paragraphs with 2 of 2 other countries named (1 without a place not drawn)"
    nowhere = pairs.iloc[[1]].assign(country_a="XXX")
    ax = charts.pair_map(nowhere, focus="XYZ", ax=charts.subplots()[1])
    assert ax.get_title(loc="left") == "No country named has a place on the map"


def test_a_pair_of_which_no_unit_was_searched():
    periods = pd.DataFrame({"period": pd.to_datetime(["2020-01-01"]), "n_stories": 0, "n_units": 0, "n_a": 0, "n_b": 0})
    periods = periods.assign(n_both=0, share=np.nan, ci_low=np.nan, ci_high=np.nan)
    ax = charts.pair_timeline(periods, label="A – B", ax=charts.subplots()[1])
    assert ax.get_title(loc="left") == "A – B: no paragraphs were searched"


def test_one_period_is_a_day_and_no_row_of_years():
    axes = figure("topic_trend", "one period").axes
    assert [t.get_text() for t in axes[0].get_xticklabels()] == ["2020-01-01"]
