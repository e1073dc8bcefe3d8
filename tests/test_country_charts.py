"""The charts of the ledger draw what they are given, name their axes and do not count."""

import pandas as pd
import pytest

from analysis import charts, countries


def counts(n: int) -> pd.DataFrame:
    """Return ``n`` countries; the first has n mentions in 3 articles, the next one fewer, and so on."""
    return pd.DataFrame(
        {
            "name": [f"Country {i}" for i in range(n)],
            "n_mentions": [n - i for i in range(n)],
            "n_articles": [max(3 - i, 1) for i in range(n)],
            "n_articles_searched": 5,
        }
    )


@pytest.mark.parametrize("n", [1, 3, 30])
def test_country_counts_draws_a_bar_for_each_count(n):
    table = counts(n)
    left, right = charts.country_counts(table)
    # the first country is on top: its bar has the largest y
    for ax, column in ((left, "n_mentions"), (right, "n_articles")):
        bars = sorted(ax.patches, key=lambda bar: -bar.get_y())
        assert [bar.get_width() for bar in bars] == table[column].tolist()
        assert [t.get_text() for t in ax.texts] == [str(v) for v in table[column]]
    assert [t.get_text() for t in left.get_yticklabels()] == table["name"].tolist()
    assert left.get_xlabel() == "mentions"
    assert right.get_xlabel() == "articles that name it, of 5"
    assert left.get_title(loc="left") == "Country 0 is named most often"


def test_country_counts_says_what_it_left_out():
    _, right = charts.country_counts(counts(8), n=5)
    assert right.get_xlabel().replace("\n", " ") == "articles that name it, of 5; 3 more countries not drawn"
    _, right = charts.country_counts(counts(8), n=7)
    assert right.get_xlabel().replace("\n", " ") == "articles that name it, of 5; 1 more country not drawn"


def test_country_counts_names_a_tie_and_takes_nothing():
    left, _ = charts.country_counts(counts(2).assign(n_mentions=4))
    assert left.get_title(loc="left") == "2 countries are named equally often"
    left, _ = charts.country_counts(counts(0))
    assert left.get_title(loc="left") == "No country is named"


def test_country_positions_draws_each_mention_where_it_stands():
    articles = pd.DataFrame({"article_id": ["a", "b"], "text": ["Iran, Cuba", "Cuba and Iran"]}, dtype="str")
    positions = countries.positions(countries.mentions(articles), articles)
    ax = charts.country_positions(positions, labels={"a": "first"})
    drawn = {c.get_label(): c.get_offsets().data for c in ax.collections}
    # both are named twice, so by name: Cuba after 6 of 10 characters of a and at the start of b; Iran at 0 and 9 of 13
    assert list(drawn) == ["Cuba", "Iran"]
    assert drawn["Cuba"][:, 0].tolist() == pytest.approx([60, 0])
    assert drawn["Iran"][:, 0].tolist() == pytest.approx([0, 900 / 13])
    # the first article is the upper lane, and in each lane Cuba stands above Iran
    assert drawn["Cuba"][0, 1] > drawn["Iran"][0, 1] > drawn["Cuba"][1, 1] > drawn["Iran"][1, 1]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["first", "b"]
    assert "%" in ax.get_xlabel()


def test_country_positions_puts_the_rare_together_and_takes_nothing():
    positions = pd.DataFrame({"article_id": "a", "name": ["X", "X", "Y", "Z"], "position": [0.1, 0.2, 0.3, 0.4]})
    ax = charts.country_positions(positions, n=1)
    assert [(c.get_label(), len(c.get_offsets())) for c in ax.collections] == [("X", 2), ("other countries", 2)]
    assert charts.country_positions(positions.head(0)).get_title(loc="left") == "No country is named"


def test_country_positions_draws_the_articles_with_most_mentions():
    positions = pd.DataFrame(
        {"article_id": ["a", "b", "b", "c", "c"], "name": "X", "position": [0.1, 0.2, 0.3, 0.4, 0.5]}
    )
    ax = charts.country_positions(positions, n_articles=2)
    assert [t.get_text() for t in ax.get_yticklabels()] == ["b", "c"]
    assert ax.get_title(loc="left").endswith("are named: the 2 of 3 with most mentions")
