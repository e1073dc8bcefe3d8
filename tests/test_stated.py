"""What tables state is told from what is read off their texts."""

import json

import pandas as pd
import pytest

from analysis import corpus, metadata, stated

TEXT = "The ministers of both countries met in the capital on Friday and signed an agreement on trade."
FRENCH = "Le ministre a rencontré le président à Paris, et les deux pays ont signé un accord sur le commerce."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    rows = [
        {"headline": "Talks", "body": f"Talks\n\nMOSCOW (AFP) - {TEXT}", "lang": "en", "date": "2024-03-04"},
        {"headline": None, "body": f"MOSCOW (AFP) - {TEXT} Again.", "lang": "", "publisher": "Daily"},
        {"body": FRENCH, "lang": "??", "date": "no day"},
    ]
    (tmp_path / "sub" / "t.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    (tmp_path / "u.csv").write_text(f"id,text\nx,{TEXT}\n")
    (tmp_path / "v.txt").write_text(f"{TEXT} And on fish.")
    return tmp_path


def test_fields(folder):
    articles, _ = corpus.load_articles(folder)
    found = stated.fields(articles, path=folder)
    expected = pd.DataFrame(
        {
            "article_id": ["sub/t#1", "sub/t#2", "sub/t#3", "x"],
            "title": ["Talks", None, None, None],
            "outlet": [None, "Daily", None, None],
            "published": ["2024-03-04", None, "no day", None],
            "language": ["en", None, "??", None],
        },
        dtype="str",
    )
    pd.testing.assert_frame_equal(found, expected)


def test_what_no_table_states_is_detected(folder):
    articles, _ = corpus.load_articles(folder)
    table = metadata.origins(articles, stated=stated.fields(articles, path=folder))
    wide = table.pivot(index="article_id", columns="field", values="how").reindex(articles["article_id"])
    assert wide["language"].tolist() == ["file", "detected", "detected", "detected", "detected"]
    assert wide["title"].tolist() == ["file", "not stated", "not stated", "not stated", "not stated"]
    assert wide["outlet"].tolist() == ["text", "file", "not stated", "not stated", "not stated"]
    assert wide["published"].tolist() == ["file", *["not stated"] * 4]


def test_a_file_by_itself_or_in_an_archive(folder):
    import zipfile

    path = folder / "sub" / "t.jsonl"
    articles, _ = corpus.load_articles(path)
    assert stated.fields(articles, path=path)["language"].isna().tolist() == [False, True, False]
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.write(path, "in/t.jsonl")
    articles, _ = corpus.load_articles(folder / "z.zip")
    assert stated.fields(articles, path=folder / "z.zip")["title"].isna().tolist() == [False, True, True]


def test_what_is_gone_or_no_table_is_not_known(folder):
    articles, _ = corpus.load_articles(folder)
    (folder / "u.csv").unlink()
    assert stated.fields(articles, path=folder)["article_id"].tolist() == ["sub/t#1", "sub/t#2", "sub/t#3"]
    assert stated.fields(articles.iloc[-1:], path=folder).empty
    assert stated.fields(articles.iloc[:0], path=folder).columns.tolist() == ["article_id", *stated.FIELDS]
    seeds, _ = corpus.load_articles()
    assert stated.fields(seeds, path=corpus.SEEDS).dtypes.astype(str).tolist() == ["str"] * 5


def test_a_day_that_the_other_rows_make_clear_is_of_the_file(tmp_path):
    # 03/04 is 3 April or 4 March: 25/04 of another row says which. The third states no day, and its text does.
    texts = [TEXT, f"{TEXT} And on fish.", f"Tuesday, 5 March 2024\n\nTEHRAN (IP) - {TEXT} And on grain."]
    rows = pd.DataFrame({"text": texts, "date": ["03/04/2023", "25/04/2023", None], "title": ["A b", None, " "]})
    rows.to_csv(tmp_path / "t.csv", index=False)
    articles, _ = corpus.load_articles(tmp_path)
    assert articles["published"].dt.strftime("%m-%d").tolist() == ["04-03", "04-25", "03-05"]
    table = metadata.origins(articles, stated=stated.fields(articles, path=tmp_path))
    wide = table.pivot(index="article_id", columns="field", values="how").reindex(articles["article_id"])
    assert wide["published"].tolist() == ["file", "file", "text"]
    assert wide["title"].tolist() == ["file", "not stated", "not stated"]
    assert wide["outlet"].tolist() == ["not stated", "not stated", "text"]


def test_no_text_is_read_where_it_is_known_what_the_rows_state(folder, monkeypatch):
    articles, _ = corpus.load_articles(folder)
    known = stated.fields(articles, path=folder)
    expected = metadata.origins(articles, stated=known)
    read = []
    openings = metadata.openings
    monkeypatch.setattr(metadata, "openings", lambda texts: read.extend(texts) or openings(texts))
    pd.testing.assert_frame_equal(metadata.origins(articles, stated=known), expected)
    assert read == articles.loc[articles["source"] == "v.txt", "text"].tolist()
