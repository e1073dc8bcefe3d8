import re
import time

import pandas as pd
import pytest

from analysis import frames, terms, tokens
from analysis.tokens import TokenRule


def articles(*texts: str) -> pd.DataFrame:
    return pd.DataFrame({"article_id": [f"a{i}" for i in range(len(texts))], "text": list(texts)})


TEXTS = articles("The hegemonic power. Talks ended.\n\nIran’s hegemons rule.", "Hegemons fear peace talks, Iran too.")


def lines(found: pd.DataFrame) -> list[list[str]]:
    return found[["article_id", "left", "hit", "right"]].to_numpy().tolist()


def test_a_word_with_its_context_and_place():
    found = terms.concordance(TEXTS, "iran", width=6)
    expected = pd.DataFrame(
        {
            "article_id": ["a0", "a1"],
            "segment": [1, 0],
            "sentence": [2, 0],
            "start": [35, 27],
            "end": [41, 31],
            "left": ["", "alks, "],
            "hit": ["Iran’s", "Iran"],
            "right": [" hegem", " too."],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


def test_wildcards_and_phrases():
    assert terms.concordance(TEXTS, "HEGEMON*")["hit"].tolist() == ["hegemonic", "hegemons", "Hegemons"]
    assert terms.concordance(TEXTS, "hegemon?")["hit"].tolist() == ["hegemons", "Hegemons"]
    assert terms.concordance(TEXTS, "peace talks")["hit"].tolist() == ["peace talks"]
    assert terms.concordance(TEXTS, "fear * talks")["hit"].tolist() == ["fear peace talks"]
    assert terms.concordance(TEXTS, "talks iran")["hit"].tolist() == ["talks, Iran"]
    assert terms.concordance(TEXTS, "power talks").empty  # a full stop between
    assert terms.concordance(TEXTS, "h[a-z]+*").empty  # brackets are no pattern


def test_hits_do_not_overlap():
    found = terms.concordance(articles("no no no no no"), "no no")
    assert found["start"].tolist() == [0, 6]


def test_a_concordance_shows_what_was_counted():
    rule = TokenRule(multiword=["peace talks"], stem="english")
    counts = tokens.document_terms(TEXTS, rule=rule)
    for term, n in zip(counts.terms, counts.matrix.sum(axis=0).tolist(), strict=True):
        surface = {"hegemon": "hegemons", "end": "ended"}.get(term, term)
        assert len(terms.concordance(TEXTS, surface, rule=rule)) == n, term


def test_stems_find_every_form_and_wildcards_the_form_as_written():
    rule = TokenRule(stem="english")
    assert terms.concordance(TEXTS, "talk", rule=rule)["hit"].tolist() == ["Talks", "talks"]
    assert terms.concordance(TEXTS, "talks*", rule=rule)["hit"].tolist() == ["Talks", "talks"]


def test_boilerplate_is_searched_when_asked():
    text = articles("Iran signed an accord.\n\nComments are closed.")
    assert terms.concordance(text, "comments").empty
    found = terms.concordance(text, "comments", roles=None)
    assert found[["segment", "sentence", "start"]].to_numpy().tolist() == [[1, 1, 24]]


def test_sentences_are_numbered_over_all_roles():
    text = articles("Comments are closed.\n\nIran signed an accord.")
    assert terms.concordance(text, "accord")["sentence"].tolist() == [1]
    assert tokens.tokens(text)["sentence"].unique().tolist() == [1]


def test_regular_expressions_read_the_text_as_it_is():
    found = terms.concordance(TEXTS, r"[Hh]egemon\w*", regex=True, width=4)
    assert found["hit"].tolist() == ["hegemonic", "hegemons", "Hegemons"]
    assert found[["segment", "sentence", "start", "end"]].to_numpy().tolist()[1] == [1, 2, 42, 50]
    compiled = terms.concordance(TEXTS, re.compile(r"hegemon\w*", re.IGNORECASE), width=4)
    pd.testing.assert_frame_equal(found, compiled)
    assert terms.concordance(TEXTS, r"x*", regex=True).empty  # empty matches are no hits
    assert terms.concordance(TEXTS, r"ended.*Iran", regex=True).empty  # paragraphs are searched one by one
    assert terms.concordance(TEXTS, r"^Talks|Hegemons$", regex=True).empty


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(.*a){25}[xyz]"])
def test_a_catastrophic_expression_is_stopped(pattern):
    text = articles("Fine.", "a" * 3000 + " b. C")
    begin = time.process_time()
    with pytest.raises(TimeoutError, match=r"was stopped after 0.2 seconds, in article 'a1'.*timeout="):
        terms.concordance(text, pattern, regex=True, timeout=0.2)
    assert time.process_time() - begin < 3


def test_sorting_by_the_words_around():
    text = articles("New ties. Old trade ties grow. Free ties, again.")
    assert terms.concordance(text, "ties", sort="left")["left"].tolist() == [
        "New ties. Old trade ties grow. Free ",
        "New ",
        "New ties. Old trade ",
    ]
    assert terms.concordance(text, "ties", sort="right")["right"].str.strip().str[:8].tolist() == [
        ", again.",
        "grow. Fr",
        ". Old tr",
    ]


def test_lines_stand_under_each_other():
    found = terms.aligned(terms.concordance(articles("The old  ties of old.", "Ties."), "ties", width=9))
    assert found.tolist() == ["The old  ties  of old.", "         Ties ."]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"pattern": " "}, "the pattern is empty"),
        ({"pattern": "…"}, "'…' holds no word; regex=True searches for characters"),
        ({"pattern": "(", "regex": True}, r"'\(' is no regular expression: missing \) at position 1"),
        ({"pattern": "a", "sort": "up"}, "sort must be text, left or right, not 'up'"),
        ({"pattern": "a", "width": -1}, "width must not be negative: -1"),
    ],
)
def test_what_a_concordance_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        terms.concordance(TEXTS, **arguments)


@pytest.mark.parametrize("regex", [False, True])
def test_without_hits_the_frame_is_empty(regex):
    for texts in (articles(), articles("…"), articles("Iran")):
        pd.testing.assert_frame_equal(terms.concordance(texts, "cuba", regex=regex), frames.empty("concordance"))
    assert terms.aligned(frames.empty("concordance")).empty


def test_other_scripts():
    text = articles("او می‌خواهد برود", "Россия и Иран", "中国和伊朗签署")
    assert terms.concordance(text, "می‌خواهد")["hit"].tolist() == ["می‌خواهد"]
    assert terms.concordance(text, "россия")["hit"].tolist() == ["Россия"]
    assert terms.concordance(text, "伊朗")["hit"].tolist() == ["伊朗"]
