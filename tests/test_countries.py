import pandas as pd
import pytest

from analysis import corpus, countries, frames


def read(*texts: str) -> pd.DataFrame:
    articles = pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)}, dtype="str")
    return countries.mentions(articles)


def named(text: str) -> list[tuple[str, str]]:
    rows = read(text)
    rows = rows[rows["accepted"] & rows["country"].notna()]
    return list(zip(rows["surface"], rows["country"], strict=True))


def test_the_ledger_of_one_sentence():
    # 0         1         2         3
    # 0123456789012345678901234567890123456
    # Iran and Latin American states met.
    found = read("Iran and Latin American states met.")
    expected = frames.conform(
        {
            "article_id": ["a0", "a0"],
            "start": [0, 15],
            "end": [4, 23],
            "surface": ["Iran", "American"],
            "country": ["IRN", "USA"],
            "organisation": [None, None],
            "kind": ["name", "demonym"],
            "role": ["body", "body"],
            "segment": [0, 0],
            "sentence": [0, 0],
            "accepted": [True, False],
            "rule": ["lexicon", "in a longer name: part of the Americas"],
        },
        "mentions",
    )
    pd.testing.assert_frame_equal(found, expected)


def test_the_longest_name_wins():
    assert named("The Islamic Republic of Iran, South Sudan and Papua New Guinea.") == [
        ("Islamic Republic of Iran", "IRN"),
        ("South Sudan", "SSD"),
        ("Papua New Guinea", "PNG"),
    ]


def test_spans_hold_over_line_breaks_and_non_breaking_spaces():
    assert named("The United\nStates and the United\u00a0States’ ally.") == [
        ("United\nStates", "USA"),
        ("United\u00a0States", "USA"),
    ]


def test_a_missing_blank():
    rows = read("Iran PressIran news.")
    assert rows["rule"].tolist() == ["lexicon", "blank missing before it"]


def test_no_articles_give_an_empty_ledger():
    articles = pd.DataFrame({"article_id": pd.Series(dtype="str"), "text": pd.Series(dtype="str")})
    pd.testing.assert_frame_equal(countries.mentions(articles), frames.empty("mentions"))


def test_counts_and_evidence():
    articles = pd.DataFrame(
        {"article_id": ["x", "y", "z"], "text": ["Iran met Cuba. Iran left.", "Cuba spoke.", "Rain."]}, dtype="str"
    )
    ledger = countries.mentions(articles)
    # Iran: 2 mentions in 1 article; Cuba: 2 mentions in 2 articles of 3
    counts = countries.counts(ledger, articles)
    assert counts[["country", "n_mentions", "n_articles", "n_articles_searched"]].to_numpy().tolist() == [
        ["CUB", 2, 2, 3],
        ["IRN", 2, 1, 3],
    ]
    found = countries.evidence(ledger, articles, "IRN", "CUB")
    assert found["text"].tolist() == ["Iran met Cuba."]
    assert found["spans"].tolist() == [[(0, 4, "IRN"), (9, 13, "CUB")]]
    assert len(countries.evidence(ledger, articles, "CUB")) == 2


def test_evidence_names_a_bad_code():
    articles, _ = corpus.load_articles()
    with pytest.raises(ValueError, match="'IR' is no ISO 3166-1"):
        countries.evidence(countries.mentions(articles), articles, "IR")


def test_every_span_is_its_surface():
    articles, _ = corpus.load_articles()
    ledger = countries.mentions(articles)
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    rows = zip(ledger["article_id"], ledger["start"], ledger["end"], ledger["surface"], strict=True)
    assert all(texts[i][a:b] == s for i, a, b, s in rows)
