"""Texts laid end to end: what is folded, and that nothing is lost by it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import matching
from analysis.flat import PAD, code_points, flatten, fold, last_before

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
TEXTS = st.lists(st.one_of(ANY, st.text(st.sampled_from("Aa .é’“\n\t\xa0漢😀\0"), max_size=80)), max_size=4)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Iran", b"Iran"),
        ("São Tomé", b"Sao Tome"),
        ("the\xa0UK\n’s", b"the UK 's"),
        ("“A”–—", b'"A"\x83\x84'),
        ("漢Ж٣\u0301😀", bytes([0x80, 0x81, 0x82, 0x86, 0x85])),
        ("", b""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@given(TEXTS)
def test_the_code_points_come_back(texts):
    flat = flatten(texts)
    points = code_points("\0".join(texts))
    np.testing.assert_array_equal(flat.points, points)
    assert flat.points.dtype == points.dtype
    assert len(flat.body) == flat.size == len(points)
    assert [len(t) for t in texts] == (flat.ends - flat.starts).tolist()
    assert flat.spans(flat.starts, flat.ends) == list(flat.texts) == texts
    assert b"".join(fold(t) + b"\0" for t in texts)[:-1] == flat.body.tobytes()
    wide = points > 127
    np.testing.assert_array_equal(flat.is_wide[: flat.size], wide)
    np.testing.assert_array_equal(flat.points_at(np.flatnonzero(wide)), points[wide])
    assert flat.at(np.array([-PAD, -1, flat.size])).tolist() == [0, 0, 0]


def test_dense_and_sparse_texts_are_laid_alike():
    # above and below the share of characters beyond ASCII from which on all are copied at once
    dense, sparse = "é漢😀a" * 500, "a" * 4000 + "é" + "b" * 4000
    for texts in ([dense], [sparse], [dense, sparse]):
        flat = flatten(texts)
        np.testing.assert_array_equal(flat.points, code_points("\0".join(texts)))


def test_any_column_of_strings_is_read_alike():
    texts = ["Iran", "", "São Tomé", "x"]
    for column in (pd.Series(texts, dtype=object), pd.Series(texts, dtype="str"), pd.concat([pd.Series(texts)] * 1)):
        assert flatten(column).body.tobytes() == flatten(texts).body.tobytes()
    parts = pd.concat([pd.Series(texts[:2], dtype="str"), pd.Series(texts[2:], dtype="str")])
    assert list(flatten(parts.iloc[1:]).texts) == texts[1:]
    assert flatten(pd.Series([], dtype="float64")).size == 0


@given(st.text(st.sampled_from("a b\n\xa0é"), max_size=200), st.integers(0, 5))
def test_words_are_counted_as_split_does(text, limit):
    text = "x" + text
    flat = flatten([text])
    n = flat.n_words(np.array([0]), np.array([len(text)]), limit=limit)
    assert n.tolist() == [min(len(text.split()), limit + 1)]


def test_a_long_span_is_counted_to_its_end():
    text = "word" * 300 + " a b c"
    assert flatten([text]).n_words(np.array([0]), np.array([len(text)]), limit=30).tolist() == [4]
    assert flatten([text]).n_words(np.array([0]), np.array([len(text)]), limit=2).tolist() == [3]


@given(st.lists(st.integers(0, 30), max_size=8).map(sorted), st.lists(st.integers(0, 30), max_size=12).map(sorted))
def test_last_before(starts, positions):
    expected = [sum(s <= p for s in starts) - 1 for p in positions]
    assert last_before(np.array(starts, dtype=int), np.array(positions, dtype=int)).tolist() == expected


@given(st.lists(st.binary(min_size=1, max_size=10).filter(lambda b: b"\0" not in b), min_size=1, max_size=6), st.data())
def test_no_word_is_missed_by_the_first_look(words, data):
    word = data.draw(st.sampled_from(words))
    more = data.draw(st.binary(min_size=8, max_size=8))
    after = np.frombuffer((word + more)[:8], dtype="<u8")
    before = np.frombuffer((more + word)[-8:], dtype="<u8")
    assert matching.Affixes(words).may_hold(after).all()
    assert matching.Affixes(words, at_end=True, lengths=(8, 4, 3, 2, 1)).may_hold(before).all()
    # what begins with none of them is as a rule known for it
    others = np.arange(1, 2001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert matching.Affixes([b"government", b"'s capital"]).may_hold(others).sum() < 5
