"""What notebooks show: nothing from a corpus becomes markup."""

import pandas as pd
import pytest

from analysis import show


def test_text_escapes_strings_and_formats_numbers():
    said = show.text("**{name}** has {n:,} words", name="<b>*x*</b> $5", n=1200)
    assert said == r"**&lt;b&gt;\*x\*&lt;/b&gt; \$5** has 1,200 words"
    assert said._repr_markdown_() == said
    assert repr(said) == said


def test_a_text_goes_in_as_it_is():
    assert show.text("{a}", a=show.text("**{x}**", x="y")) == "**y**"


def test_table_rounds_cuts_and_says_so():
    frame = pd.DataFrame({"term": ["<i>", None, "c"], "share": [1 / 3, None, 1.0]})
    table = show.table(frame, n_rows=2, decimals=1)
    assert repr(table) == "term  share\n <i>    0.3\n   –      –\n… and 1 row more"
    page = table._repr_html_()
    assert "&lt;i&gt;" in page
    assert "<i>" not in page
    assert "mathjax_ignore" in page
    assert "<p>… and 1 row more</p>" in page


def test_an_empty_table_names_its_columns():
    assert repr(show.table(pd.DataFrame({"a": [], "b": []}))) == "no rows; columns: a, b"


def test_an_empty_table_may_be_a_sentence():
    frame = pd.DataFrame({"a": ["x"]})
    assert show.table(frame.iloc[:0], none="Nothing *here*.") == r"Nothing \*here\*."
    assert repr(show.table(frame, none="Nothing.")) == "a\nx"


@pytest.mark.parametrize(
    ("items", "expected"), [([], "none"), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listing(items, expected):
    assert show.listing(items) == expected


def test_count():
    assert show.count(1, "article") == "1 article"
    assert show.count(1200, "article") == "1,200 articles"
    assert show.count(2, "story", "stories") == "2 stories"


def test_a_missing_whole_number_is_a_dash():
    table = show.table(pd.DataFrame({"n": pd.Series([5, None], dtype="Int64")}))
    assert str(table).split() == ["n", "5", "–"]
    assert "NA" not in table._repr_html_()


def test_a_missing_date_is_shown_as_what_is_missing():
    dates = pd.Series(pd.to_datetime(["2024-05-14", None])).dt.date
    shown = repr(show.table(pd.DataFrame({"day": dates})))
    assert "–" in shown
    assert "NaT" not in shown
