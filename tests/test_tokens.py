import numpy as np
import pandas as pd
import pytest

from analysis import tokens


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("Iran's", "iran"),
        ("Iran’s", "iran"),
        ("IRAN'S", "iran"),
        ("don’t", "don't"),
        ("US", "US"),
        ("us", "us"),
        ("Us", "us"),
        ("U.S", "US"),
        ("U.N", "un"),
        ("Straße", "strasse"),
    ],
)
def test_the_term_of_a_token(surface, expected):
    assert tokens.term(surface) == expected


def test_tokens_lie_where_they_say():
    texts = articles("He said: Iran's anti-imperialism cost $5 billion. It grew.")
    found = tokens.tokens(texts)
    text = texts["text"][0]
    assert [text[a:b] for a, b in zip(found["start"], found["end"], strict=True)] == found["token"].tolist()
    assert found["term"].tolist() == "he said iran anti-imperialism cost 5 billion it grew".split()
    assert found["sentence"].tolist() == [0] * 7 + [1] * 2


def test_document_terms_by_hand():
    counts = tokens.document_terms(articles("The Talks, the talks.", "Cuba's talks."))
    assert counts.terms.tolist() == ["cuba", "talks", "the"]
    assert counts.matrix.toarray().tolist() == [[0, 2, 2], [1, 1, 0]]
    assert counts.matrix.dtype == np.int64
    assert counts.article_ids.tolist() == ["a0", "a1"]
    assert counts.n_tokens.tolist() == [4, 2]


def test_an_article_of_stop_words_keeps_its_row_and_its_size():
    counts = tokens.document_terms(articles("It is.", "Cuba is."), stop_words=["it", "is"])
    assert counts.terms.tolist() == ["cuba"]
    assert counts.matrix.toarray().tolist() == [[0], [1]]
    assert counts.n_tokens.tolist() == [2, 2]


def test_no_articles_give_an_empty_matrix():
    counts = tokens.document_terms(articles())
    assert counts.matrix.shape == (0, 0)
    assert counts.matrix.dtype == np.int64
    assert len(tokens.tokens(articles())) == 0


def test_a_string_of_stop_words_is_refused():
    with pytest.raises(TypeError, match="iterable of words, not the string 'the'"):
        tokens.document_terms(articles("The."), stop_words="the")


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="article, paragraph or sentence, not 'line'"):
        tokens.document_terms(articles("The."), unit="line")


def test_stop_words_are_terms():
    words = tokens.stop_words()
    assert {"the", "of", "won't"} <= words
    assert {tokens.term(w) for w in words} == words
    assert not words & {"said", "new", "US"}
