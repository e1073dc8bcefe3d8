"""Groups of articles that a chart of many can name."""

import matplotlib.pyplot as plt
import pandas as pd

from analysis import charts, overview


def words_of(lengths):
    rows = [(a, role, n) for a, pair in lengths.items() for role, n in zip(("headline", "body"), pair, strict=True)]
    return pd.DataFrame(rows, columns=["article_id", "role", "n_words"])


def test_groups_are_outlets_where_two_are_known():
    articles = pd.DataFrame({"article_id": list("abcd"), "outlet": ["B", "A", None, "A"]})
    words = words_of({"a": (0, 10), "b": (4, 20), "c": (1, 7), "d": (2, 41)})
    expected = pd.DataFrame(
        {
            "group": ["A", "A", "B", "B", "not stated", "not stated"],
            "n_articles": [2, 2, 1, 1, 1, 1],
            "role": ["headline", "body"] * 3,
            "n_words": [3.0, 30.5, 0.0, 10.0, 1.0, 7.0],  # of A (4 + 2) / 2 and (20 + 41) / 2
        }
    ).astype({"group": "str", "role": "str"})
    pd.testing.assert_frame_equal(overview.words_by_group(words, articles).astype({"role": "str"}), expected)


def test_many_outlets_are_drawn_together():
    names = [f"o{i:02d}" for i in range(23)]
    articles = pd.DataFrame({"article_id": [f"{i}" for i in range(25)], "outlet": [*names, "o22", "o22"]})
    words = words_of({f"{i}": (1, i) for i in range(25)})
    found = overview.words_by_group(words, articles)
    sizes = found.drop_duplicates("group").set_index("group")["n_articles"]
    assert sizes.index.tolist() == ["o22", *names[:19], "3 other outlets"]
    assert sizes["o22"] == 3
    assert found["n_words"].tolist()[-2:] == [1.0, 20.0]  # (19 + 20 + 21) / 3


def test_groups_are_lengths_where_fewer_are_known():
    articles = pd.DataFrame({"article_id": list("abcde"), "outlet": ["A", None, None, None, None]})
    words = words_of({"a": (0, 50), "b": (1, 50), "c": (0, 100), "d": (0, 4000), "e": (0, 0)})
    found = overview.words_by_group(words, articles)
    assert found[found["role"].eq("body")][["group", "n_articles", "n_words"]].values.tolist() == [
        ["more than 3,200 words", 1, 4000.0],
        ["51 to 100 words", 2, 75.0],
        ["50 words or fewer", 2, 25.0],
    ]
    assert overview.words_by_group(words.iloc[:0], articles.iloc[:0]).empty


def test_every_bar_of_many_articles_has_a_name():
    articles = pd.DataFrame({"article_id": [f"{i}" for i in range(60)], "outlet": ["A", "B"] * 30})
    groups = overview.words_by_group(words_of({f"{i}": (2, 10 + i) for i in range(60)}), articles)
    _, ax = plt.subplots()
    charts.words_by_role(groups, title="Words", ax=ax)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["A (30)", "B (30)"]
    assert ax.get_xlabel() == "mean words, separated by white space"
    widths = [bar.get_width() for bars in ax.containers for bar in bars]
    assert widths == [2.0, 2.0, 39.0, 40.0]  # means of 10, 12 ... 68 and 11, 13 ... 69
