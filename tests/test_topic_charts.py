import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis import charts

TOPICS = pd.DataFrame({"topic": [0, 1], "label": ["ship, dock", "court"], "n_units": [3, 1], "stability": [0.8, 0.2]})
RATES = pd.DataFrame(
    {
        "name": ["Iran", "Iran", "Cuba", "Cuba"],
        "topic": [0, 1, 0, 1],
        "n_units": [3, 1, 0, 2],
        "n_group": [4, 4, 2, 2],
        "share": [0.75, 0.25, 0.0, 1.0],
        "ci_low": [0.3, 0.05, 0.0, 0.34],
        "ci_high": [0.95, 0.7, 0.66, 1.0],
    }
)


def panels(n):
    return Figure().subplots(1, n, squeeze=False).ravel()


def title(ax):
    return ax.get_title() or ax.get_title(loc="left")  # the style sets titles on the left


def ends(ax):
    return np.array([s[:, 0] for s in ax.collections[0].get_segments()])


def test_rates_are_drawn_with_their_intervals():
    axes = charts.topic_rates(RATES, TOPICS, axes=panels(3), by="name")
    assert [t.get_text() for t in axes[0].get_yticklabels()] == ["Iran (4)", "Cuba (2)"]
    np.testing.assert_allclose(axes[0].lines[0].get_xdata(), [75, 0])
    np.testing.assert_allclose(axes[1].lines[0].get_xdata(), [25, 100])
    np.testing.assert_allclose(ends(axes[1]), [[5, 70], [34, 100]])
    assert title(axes[0]) == "0:\nship, dock"
    assert title(axes[1]) == "1 (unstable):\ncourt"
    assert axes[0].lines[0].get_color() != axes[1].lines[0].get_color()
    assert not axes[2].get_visible()
    assert len(charts.topic_rates(RATES, TOPICS, axes=panels(2), by="name", n=1)[0].lines[0].get_xdata()) == 1
    with pytest.raises(ValueError, match="2 topics need as many axes, not 1"):
        charts.topic_rates(RATES, TOPICS, axes=panels(1), by="name")


def test_a_share_without_an_interval_is_hollow():
    rates = RATES.assign(ci_low=RATES["ci_low"].where(RATES.index != 0))
    axes = charts.topic_rates(rates, TOPICS, axes=panels(2), by="name")
    assert [line.get_color() for line in axes[0].lines][1] == "white"
    assert len(axes[0].lines[1].get_xdata()) == 1
    assert [len(ax.lines[1].get_xdata()) for ax in axes[1:]] == [0]


def test_trend_is_in_the_order_of_time():
    months = pd.to_datetime(["2024-02-01", "2024-02-01", "2024-01-01", "2024-01-01"])
    axes = charts.topic_trend(RATES.assign(period=months), TOPICS, axes=panels(2))
    np.testing.assert_allclose(axes[0].lines[0].get_ydata(), [0, 75])
    np.testing.assert_allclose(axes[1].lines[0].get_ydata(), [100, 25])
    with pytest.raises(ValueError, match="2 topics need as many axes, not 1"):
        charts.topic_trend(RATES.assign(period=months), TOPICS, axes=panels(1))


def test_shares_or_probabilities_are_stacked():
    shares = pd.DataFrame(
        {"article_id": list("aabb"), "topic": [0, 1] * 2, "n_units": [3, 1, 0, 2], "share": [0.75, 0.25, 0, 1]}
    ).assign(probability=[0.7, 0.3, 0.1, 0.9])
    ax = charts.topic_shares(shares, TOPICS, ax=panels(1)[0])
    assert [[bar.get_width() for bar in bars] for bars in ax.containers] == [[0.75, 0], [0.25, 1]]
    assert [bar.get_x() for bar in ax.containers[1]] == [0.75, 0]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a  (4)", "b  (2)"]
    ax = charts.topic_shares(shares, TOPICS, ax=panels(1)[0], column="probability")
    np.testing.assert_allclose([[bar.get_width() for bar in bars] for bars in ax.containers], [[0.7, 0.1], [0.3, 0.9]])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["a", "b"]
    assert ax.get_xlabel() == "probability of the topic"


def test_criteria_each_in_its_panel():
    selection = pd.DataFrame(
        {
            "n_topics": [2, 3, 4],
            "stability": [0.5, 0.6, 0.4],
            "likelihood": [1.0, 2, 3],
            "n_found": [2, 3, 4],
            "share": [0.3, 0.6, 0.9],
            "information_share": [0.2, 0.9, 1],
            "score": [np.nan, 1.0, 0.2],
            "choice": ["", "chosen", "runner-up"],
        }
    )
    axes = charts.topic_number(selection, axes=panels(5), enough={"share": 0.55})
    titles = ["share of the likelihood", "share of the information", "stability", "held-out likelihood"]
    assert [title(ax) for ax in axes[:4]] == titles
    columns = ["share", "information_share", "stability", "likelihood"]
    for ax, column in zip(axes, columns, strict=False):
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), selection[column])
        # The share that is looked for; and the choice and the runner-up in every panel.
        looked_for = [line.get_ydata()[0] for line in ax.lines[1:-2]]
        assert looked_for == ([0.55] if column == "share" else [])
        assert [line.get_xdata()[0] for line in ax.lines[-2:]] == [3, 4]
    assert [ax.get_ylabel() for ax in axes[:4]] == ["of the greatest"] * 2 + [""] * 2
    assert [t.get_text() for t in axes[4].get_legend().get_texts()] == ["range: 3 to 4", "chosen: 3", "runner-up: 4"]
    fewer = charts.topic_number(selection.assign(n_found=[2, 3, 2]), axes=panels(5))
    assert [t.get_text() for t in fewer[4].get_legend().get_texts()][1:] == ["chosen: 3", "runner-up: 4, 2 found"]
    without = charts.topic_number(selection, axes=panels(3))
    assert without[0].get_legend() is None  # it would lie on the lines
    [legend] = without[0].figure.legends
    assert [t.get_text() for t in legend.get_texts()] == ["range: 3 to 4", "chosen: 3", "runner-up: 4"]


def test_a_topic_has_one_colour_in_every_chart():
    from analysis.charts import style, topic_looks

    assert [topic_looks.colour(k, 0.6) for k in (0, 2, len(style.PALETTE))] == [
        style.PALETTE[0],
        style.PALETTE[2],
        style.PALETTE[0],
    ]
    assert topic_looks.colour(2, 0.4) == topic_looks.look(2, 0.4)[0] == style.MUTED


def test_discs_of_a_map_stay_at_their_places_and_their_numbers_part():
    places = pd.DataFrame(
        {"topic": range(4), "label": list("abcd"), "x": [0.1, 0.1, 0.101, 0.5], "y": [0.0, 0, 0, 0.3]}
    )
    places = places.assign(n_units=[5, 40, 20, 9], stability=[0.9, 0.9, 0.1, 0.9], explained=0.5, nearest=[1, 0, 1, 2])
    figure, ax = charts.subplots(width=9, height=4.2)
    charts.topic_map(places, ax=ax)
    figure.draw_without_rendering()
    drawn = [c for c in ax.collections if len(c.get_offsets())]
    assert [tuple(c.get_offsets()[0]) for c in drawn] == [(0.1, 0.0), (0.101, 0.0), (0.5, 0.3), (0.1, 0.0)]
    sizes = [c.get_sizes()[0] for c in drawn]
    assert sizes == sorted(sizes, reverse=True)  # the smallest is drawn last
    assert all(c.get_facecolor()[0, 3] < 1 == c.get_edgecolor()[0, 3] for c in drawn)
    assert [t.get_text() for t in ax.texts] == ["0", "1", "2", "3"]
    boxes = [Text.get_window_extent(t) for t in ax.texts]  # without the stroke to the disc
    assert not any(a.shrunk(0.9, 0.9).overlaps(b.shrunk(0.9, 0.9)) for i, a in enumerate(boxes) for b in boxes[:i])
    # The one that stands alone is in the middle of its disc.
    middle = ax.transData.transform((0.5, 0.3))
    assert np.hypot(boxes[3].x0 + boxes[3].width / 2 - middle[0], boxes[3].y0 + boxes[3].height / 2 - middle[1]) < 4
    assert len(charts.topic_map(places.head(0), ax=charts.subplots()[1]).texts) == 0
