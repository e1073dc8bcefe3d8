"""The notebooks of a run read their corpus from one reading of it."""

import pytest
from pandas.testing import assert_frame_equal

from analysis import corpus, snapshots


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text("Iran met Cuba.")
    (tmp_path / "articles" / "b.csv").write_text(
        "title,date,text\nPact,2023-06-17,Cuba signed.\nTalks,soon,=SUM(A1)\n,,\n"
    )
    return tmp_path / "articles"


def test_a_snapshot_gives_the_frames_that_were_read(folder, tmp_path, monkeypatch):
    articles, problems = corpus.load_articles(folder)
    snapshots.save(tmp_path / "s", articles, problems, path=folder)
    monkeypatch.setenv(snapshots.ENVIRONMENT, str(tmp_path / "s"))
    (folder / "c.txt").write_text("Added while the notebooks ran.")
    monkeypatch.chdir(folder)
    for again, doubts in (corpus.load_articles(folder), corpus.load_articles(".", titles="apart")):
        assert_frame_equal(again, articles)
        assert_frame_equal(doubts, problems)


def test_another_corpus_or_reading_is_read_anew(folder, tmp_path, monkeypatch):
    articles, problems = corpus.load_articles(folder)
    snapshots.save(tmp_path / "s", articles.head(1), problems, path=folder)
    monkeypatch.setenv(snapshots.ENVIRONMENT, str(tmp_path / "s"))
    assert len(corpus.load_articles(folder)[0]) == 1
    assert len(corpus.load_articles(folder, titles="first")[0]) == len(articles)
    assert len(corpus.load_articles(folder, columns={"date": None})[0]) == len(articles)
    assert len(corpus.load_articles(folder / "a.txt")[0]) == 1
    assert len(corpus.load_articles()[0]) == 5
    assert sum(len(a) for a, _ in corpus.load_articles(folder, chunksize=1)) == len(articles)
    monkeypatch.setenv(snapshots.ENVIRONMENT, str(tmp_path / "nowhere"))
    assert len(corpus.load_articles(folder)[0]) == len(articles)


def test_empty_problems_keep_their_columns(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(
        "The president of Iran met the foreign minister of Cuba and said that talks went on."
    )
    articles, problems = corpus.load_articles(tmp_path / "a.txt")
    assert problems.empty
    snapshots.save(tmp_path / "s", articles, problems, path=tmp_path / "a.txt")
    monkeypatch.setenv(snapshots.ENVIRONMENT, str(tmp_path / "s"))
    assert_frame_equal(corpus.load_articles(tmp_path / "a.txt")[1], problems)
