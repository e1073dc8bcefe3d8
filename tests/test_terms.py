import numpy as np
import pandas as pd
import pytest

from analysis import terms, tokens


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


def test_frequencies_by_hand():
    # 8 tokens, 6 and 2 an article: shares 3/4 and 1/4.
    # talks: 3 of 4 in a0: DP = (|3/4-3/4| + |1/4-1/4|)/2 = 0.
    # cuba: (3/4 + 3/4)/2 = 3/4, norm 3/4/(1-1/4) = 1.
    counts = tokens.document_terms(articles("Talks, talks, talks on the sea.", "Cuba talks."))
    found = terms.frequencies(counts, n_boot=0, stop_words=["on", "the"])
    expected = pd.DataFrame(
        {
            "term": ["talks", "cuba", "sea"],
            "n": [4, 1, 1],
            "df": [2, 1, 1],
            "per_million": [500_000.0, 125_000.0, 125_000.0],
            "ci_low": [np.nan] * 3,
            "ci_high": [np.nan] * 3,
            "dp": [0.0, 0.75, 0.25],
            "dp_norm": [0.0, 1.0, 1 / 3],
            "rank": [1, 2, 2],
            "label": ["talks", "Cuba", "sea"],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_keyness_refuses_a_group_without_articles():
    counts = tokens.document_terms(articles("Cuba talks.", "Iran talks."))
    with pytest.raises(ValueError, match="target group has no article among the 2"):
        terms.keyness(counts, pd.Series({"a0": False, "a1": False}))


def test_concordance_finds_a_wildcard_and_a_phrase_within_sentences():
    texts = articles("The hegemonic power. Talks ended.", "Hegemons fear peace talks.")
    found = terms.concordance(texts, "hegemon*", width=4)
    assert found[["article_id", "left", "hit", "right"]].to_numpy().tolist() == [
        ["a0", "The ", "hegemonic", " pow"],
        ["a1", "", "Hegemons", " fea"],
    ]
    assert terms.concordance(texts, "peace talks")["hit"].tolist() == ["peace talks"]
    assert terms.concordance(texts, "power talks").empty
