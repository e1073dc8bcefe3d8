"""Files to articles and problems."""

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis import corpus, frames


def folder_of(path, **files):
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (path / name.replace("__", "/").replace("_txt", ".txt")).write_bytes(data)
    return path


def test_the_five_articles():
    articles, problems = corpus.load_articles()
    assert articles.dtypes.astype(str).to_dict() == frames.SCHEMAS["articles"]
    assert articles["article_id"].str[:3].tolist() == ["000", "001", "002", "003", "004"]
    # words as `wc -w` counts them, the non-breaking space in 002 and 003 apart: it is white space here
    assert articles["n_words"].tolist() == [317, 500, 480, 309, 415]
    assert articles["outlet"].fillna("").tolist() == ["Iran Press", "", "Iran Press", "Iran Press", ""]
    assert articles["title"].fillna("").tolist() == [
        "",
        "Iran signed 35 accords with Latin American states, Raisi says",
        "",
        "",
        "Iran and Russia strengthen cooperation and seek regional security",
    ]
    assert articles["published"].isna().all()
    assert articles["story_id"].tolist() == articles["article_id"].tolist()
    assert problems["problem"].tolist() == ["not_an_article"]  # seeds/README.md


def test_text_is_the_file():
    articles, _ = corpus.load_articles()
    for article in articles.itertuples():
        assert article.text.encode() == (corpus.SEEDS / article.source).read_bytes()


def test_bom_and_line_ends_only(tmp_path):
    folder_of(tmp_path, a_txt=b"\xef\xbb\xbfOne\r\ntwo\rthree \xc2\xa0 \n")
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == ["One\ntwo\nthree \xa0 \n"]
    assert problems.empty


def test_every_file_is_an_article_or_a_problem(tmp_path):
    (tmp_path / "b").mkdir()
    folder_of(
        tmp_path,
        a_txt="Iran met Cuba.",
        b__a_txt="Another.",
        binary_txt=b"PNG\0\1",
        empty_txt=" \n\t",
        latin_txt="Élysée".encode("latin-1"),
    )
    (tmp_path / "a.TXT").write_text("same id as a.txt")
    (tmp_path / "page.html").write_text("<p>x</p>")
    (tmp_path / "README.md").write_text("about")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    articles, problems = corpus.load_articles(tmp_path)
    # "a.TXT" sorts before "a.txt": capitals come first
    assert articles["article_id"].tolist() == ["a", "b/a"]
    assert articles["source"].tolist() == ["a.TXT", "b/a.txt"]
    expected = pd.DataFrame(
        [
            ("README.md", None, "not_an_article", corpus.PROBLEMS["not_an_article"]),
            ("a.txt", "a", "duplicate_id", "first used by a.TXT"),
            ("binary.txt", "binary", "binary", "a NUL byte at offset 3"),
            ("dangling.txt", "dangling", "unreadable", "No such file or directory"),
            ("empty.txt", "empty", "empty", "3 bytes"),
            ("latin.txt", "latin", "not_utf8", "byte 0xc9 at offset 0"),
            ("page.html", None, "unsupported", "file type .html; only .txt is read"),
        ],
        columns=["source", "article_id", "problem", "detail"],
    ).astype("str")
    pd.testing.assert_frame_equal(problems, expected)
    assert set(problems["problem"]) <= set(corpus.PROBLEMS)


def test_unreadable_file_is_a_problem(tmp_path, monkeypatch):
    folder_of(tmp_path, a_txt="Iran.", b_txt="Cuba.")
    read = corpus.Path.read_bytes

    def refuse(path):
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(corpus.Path, "read_bytes", refuse)
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["a"]
    assert problems[["problem", "detail"]].values.tolist() == [["unreadable", "Permission denied"]]


def test_no_such_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no such corpus: .*nowhere"):
        corpus.load_articles(tmp_path / "nowhere")


def test_folder_without_articles(tmp_path):
    with pytest.raises(ValueError, match=r"no article could be read from .*: the folder holds no files"):
        corpus.load_articles(tmp_path)
    folder_of(tmp_path, a_txt="", b_txt=b"\0")
    with pytest.raises(ValueError, match="2 files found, 1 binary, 1 empty"):
        corpus.load_articles(tmp_path)


def test_one_file(tmp_path):
    folder_of(tmp_path, a_txt="Iran met Cuba.")
    articles, _ = corpus.load_articles(tmp_path / "a.txt")
    assert articles[["article_id", "source"]].values.tolist() == [["a", "a.txt"]]


def test_a_text_loaded_twice_is_one_story(tmp_path):
    folder_of(tmp_path, a_txt="Iran met Cuba.", b_txt="IRAN  met\nCuba.", c_txt="Iran met Peru.")
    articles, _ = corpus.load_articles(tmp_path)
    assert articles["story_id"].tolist() == ["a", "a", "c"]


def test_fingerprint_knows_texts_and_not_their_order():
    articles = pd.DataFrame({"article_id": ["a", "b"], "text": ["x", "y"]})
    assert corpus.fingerprint(articles) == corpus.fingerprint(articles.iloc[::-1])
    assert corpus.fingerprint(articles) != corpus.fingerprint(articles.assign(text=["x", "z"]))
    # the border between id and text counts: ("a", "bc") is not ("ab", "c")
    one, other = (pd.DataFrame({"article_id": [i], "text": [t]}) for i, t in [("a", "bc"), ("ab", "c")])
    assert corpus.fingerprint(one) != corpus.fingerprint(other)


def test_short_ids_tell_articles_apart():
    articles = pd.DataFrame({"article_id": ["000_52c2", "000_99", "001_52"]})
    assert corpus.short_ids(articles).tolist() == ["000_5", "000_9", "001_5"]
    assert corpus.short_ids(articles.iloc[[0, 2]]).tolist() == ["000", "001"]
    assert corpus.short_ids(articles.iloc[:0]).empty


def test_by_outlet_orders_by_size_then_name():
    articles = pd.DataFrame(
        {
            "article_id": ["a", "b", "c", "d"],
            "story_id": ["a", "a", "c", "d"],
            "outlet": ["Z", "Z", None, "A"],
            "n_words": [1, 2, 3, 4],
            "published": pd.Series(pd.NaT, index=range(4), dtype=frames.UTC),
        }
    )
    table = corpus.by_outlet(articles)
    assert table["outlet"].tolist() == ["Z", "A", "not stated"]
    assert table["n_articles"].tolist() == [2, 1, 1]
    assert table["n_stories"].tolist() == [1, 1, 1]
    assert table["n_words"].tolist() == [3, 4, 3]


@given(st.integers(1, 400))
def test_share_intervals_against_statsmodels(n):
    table = corpus.share_intervals(n)
    low, high = proportion_confint(table["n_found"], n, alpha=0.05, method="wilson")
    np.testing.assert_allclose(table["low"], low, atol=1e-9)
    np.testing.assert_allclose(table["high"], high, atol=1e-9)
    assert table["n_found"].iloc[[0, -1]].tolist() == [0, n]
    assert table["n_found"].is_monotonic_increasing
    assert table["n_found"].is_unique


def test_share_intervals_need_an_article():
    with pytest.raises(ValueError, match="n_articles must be 1 at least, not 0"):
        corpus.share_intervals(0)


def test_order_of_listing_does_not_matter(tmp_path, monkeypatch):
    folder_of(tmp_path, a_txt="A.", b_txt="B.", c_txt="C.")
    walk = os.walk
    monkeypatch.setattr(os, "walk", lambda *a, **k: [(d, f, n[::-1]) for d, f, n in walk(*a, **k)])
    assert corpus.load_articles(tmp_path)[0]["article_id"].tolist() == ["a", "b", "c"]
