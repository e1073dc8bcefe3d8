"""Files to articles and problems."""

import base64
import functools
import gzip
import io
import json
import os
import re
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import tqdm
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis import corpus, frames, metadata, progress, segments


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
    (tmp_path / "page.pdf").write_text("%PDF")
    (tmp_path / "README.md").write_text("about")
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    articles, problems = corpus.load_articles(tmp_path)
    # "a.TXT" sorts before "a.txt": capitals come first
    assert articles["article_id"].tolist() == ["a", "b/a"]
    assert articles["source"].tolist() == ["a.TXT", "b/a.txt"]
    expected = pd.DataFrame(
        [
            ("README.md", None, "not_an_article", "a README, licence or hidden file beside the articles"),
            ("a.txt", "a", "duplicate_id", "first used by a.TXT"),
            ("binary.txt", "binary", "binary", "a NUL byte at offset 3"),
            ("dangling.txt", "dangling", "unreadable", "No such file or directory"),
            ("empty.txt", "empty", "empty", "3 characters, white space only"),
            ("latin.txt", "latin", "undecodable", "not UTF-8: byte 0xc9 at offset 0; the encoding cannot be told"),
            ("page.pdf", None, "unsupported", "file type .pdf: save it as text"),
        ],
        columns=["source", "article_id", "problem", "detail"],
    ).astype("str")
    pd.testing.assert_frame_equal(problems, expected)
    assert articles.dtypes.astype(str).to_dict() == frames.SCHEMAS["articles"]
    files = corpus.files(articles, problems)
    assert files["file"].tolist() == sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*"))
    assert files[["n_articles", "n_lost", "n_doubts"]].sum().tolist() == [2, 7, 0]


def test_unreadable_file_is_a_problem(tmp_path, monkeypatch):
    folder_of(tmp_path, a_txt="Iran.", b_txt="Cuba.")
    opened = os.open

    def refuse(path, *arguments, **options):
        if str(path).endswith("b.txt"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
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
    assert corpus.short_ids(articles).tolist() == ["000_52c2", "000_99", "001_52"]
    assert corpus.short_ids(articles.iloc[[0, 2]]).tolist() == ["000", "001"]
    assert corpus.short_ids(articles.iloc[:0]).empty


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["page1"], ["page1"]),
        (["copy"], ["copy"]),
        (["20240304-talks", "20240305-pact"], ["20240304", "20240305"]),
        (["000_52c2", "001_9ab1"], ["000", "001"]),
        (["harbour_times", "harbouring"], ["harbour", "harbouring"]),
        (["a" * 13, "b" * 13], ["aaa", "bbb"]),
        (["alpha-1", "beta-1"], ["alpha", "beta"]),
    ],
)
def test_short_ids_do_not_end_within_a_word(ids, expected):
    assert corpus.short_ids(pd.DataFrame({"article_id": ids})).tolist() == expected


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


def dated(*dates):
    n = len(dates)
    return pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in range(n)],
            "story_id": ["a0"] * min(n, 2) + [f"a{i}" for i in range(2, n)],
            "published": pd.to_datetime(pd.Series(dates), utc=True, format="ISO8601"),
            "n_words": range(1, n + 1),
        }
    )


def test_by_period_takes_the_finest_that_fits():
    articles = dated("2023-06-17T23:00Z", "2023-06-17", None, "2022-01-05")
    expected = {"period": ["2022-01-05", "2023-06-17", "not stated"], "n_articles": [1, 2, 1], "n_stories": [1, 1, 1]}
    expected = pd.DataFrame({**expected, "n_words": [4, 3, 3]}).astype({"period": "str"})
    pd.testing.assert_frame_equal(corpus.by_period(articles), expected)
    assert corpus.by_period(articles, most=1)["period"].tolist() == ["2020s", "not stated"]
    assert corpus.by_period(dated("2023-06-17", "2023-07-01", "2023-07-02"), most=2)["period"].tolist() == [
        "2023-06",
        "2023-07",
    ]
    assert corpus.by_period(dated(None, None))["period"].tolist() == ["not stated"]


def test_by_language():
    articles = dated(None, None, None, None).assign(language=["fa", "en", "en", "und"])
    table = corpus.by_language(articles)
    assert table.values.tolist() == [["en", 2, 2, 5, True], ["fa", 1, 1, 1, False], ["und", 1, 1, 4, True]]


@given(st.integers(1, 400))
def test_share_intervals_against_statsmodels(n):
    table = corpus.share_intervals(n)
    low, high = proportion_confint(table["n_found"], n, alpha=0.05, method="beta")
    np.testing.assert_allclose(table["low"], low, atol=1e-9)
    np.testing.assert_allclose(table["high"], high, atol=1e-9)
    assert table["n_found"].iloc[[0, -1]].tolist() == [0, n]
    assert table["n_found"].is_monotonic_increasing
    assert table["n_found"].is_unique


def test_share_intervals_need_an_article():
    with pytest.raises(ValueError, match="n_articles must be 1 at least, not 0"):
        corpus.share_intervals(0)


def test_a_quote_that_is_not_closed_costs_its_row_only(tmp_path):
    rows = [f"{i},Iran met Cuba number {i}." for i in range(500)]
    rows[100] = '100,"Iran met'
    rows[300] = '300,"Cuba, Iran'
    rows[400] = '400,"closed, and\non two lines"'
    (tmp_path / "t.csv").write_text("id,text\n" + "\n".join(rows) + "\n")
    articles, problems = corpus.load_articles(tmp_path / "t.csv")
    assert articles["article_id"].tolist() == [str(i) for i in range(500) if i not in (100, 300)]
    assert articles["text"].iloc[398] == "closed, and\non two lines"
    assert problems[["source", "problem", "detail"]].values.tolist() == [
        ["t.csv#101", "bad_row", "line 102: 3 fields instead of 2"],
        ["t.csv#301", "bad_row", "line 302: 3 fields instead of 2"],
    ]


@pytest.mark.parametrize(
    ("rows", "read", "lost"),
    [
        # to the end of the file, to the next quoted row, to a quoted row after plain ones
        (['1,"Iran met', "2,Cuba met.", "3,Peru met."], ["2", "3"], ["t.csv#1"]),
        (['1,"Iran met', '2,"Cuba met."', '3,"Peru met."'], ["2", "3"], ["t.csv#1"]),
        (['1,"Iran met', "2,Cuba met.", '3,"Peru met."'], ["2", "3"], ["t.csv#1"]),
        # quotes within a text that are not doubled, on one line, and on two, where the first ends the row
        (['1,"Iran said "no" to Cuba."', '2,"Peru met."'], ["1", "2"], []),
        (['1,"Iran said "no"\nto Cuba."', '2,"Peru met."'], ["1", "2"], ["t.csv#2"]),
        (['1,"Iran said ""no""\n2,""to"" Cuba."', '2,"Peru met."'], ["1", "2"], []),
    ],
)
def test_rows_with_quotes_that_do_not_fit(tmp_path, rows, read, lost):
    (tmp_path / "t.csv").write_text("id,text\n" + "\n".join(rows) + "\n")
    articles, problems = corpus.load_articles(tmp_path / "t.csv")
    assert articles["article_id"].tolist() == read
    assert problems.loc[problems["problem"] == "bad_row", "source"].tolist() == lost


def test_a_text_without_spaces_is_not_too_short(tmp_path):
    text = "外務大臣は火曜日、両国が協定に署名すると述べた、と伝えられ"
    (tmp_path / "long.txt").write_text(text, encoding="utf-8")
    (tmp_path / "short.txt").write_text(text[:4], encoding="utf-8")
    problems = corpus.load_articles(tmp_path)[1]
    assert problems.loc[problems["problem"] == "too_short", "article_id"].tolist() == ["short"]


def test_repair_beside_a_row_that_is_lost(tmp_path):
    rows = ["Caf\u00c3\u00a9 talks of Iran went on.", "half \ud800 a character", "Cuba signed."]
    (tmp_path / "t.jsonl").write_bytes(lines_of([{"text": t} for t in rows]))
    articles, problems = corpus.load_articles(tmp_path, repair=True)
    assert articles["text"].tolist() == ["Caf\u00e9 talks of Iran went on.", "Cuba signed."]
    assert problems[["source", "problem"]].values.tolist() == [["t.jsonl#1", "repaired"], ["t.jsonl#2", "undecodable"]]


def test_order_of_listing_does_not_matter(tmp_path, monkeypatch):
    folder_of(tmp_path, a_txt="A.", b_txt="B.", c_txt="C.")
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: sorted(scan(path), key=lambda e: e.name, reverse=True))
    assert corpus.load_articles(tmp_path)[0]["article_id"].tolist() == ["a", "b", "c"]


def test_ids_are_the_same_however_a_name_is_composed(tmp_path):
    folder_of(tmp_path, **{"Te\u0301he\u0301ran_txt": "Iran."})  # e and an accent, as macOS writes it
    articles, _ = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["T\u00e9h\u00e9ran"]


ROWS = [
    {"id": "x1", "title": "Pact signed", "date": "2023-06-17", "outlet": "Daily", "text": "Iran met Cuba."},
    {
        "id": "x2",
        "title": 'Talks, "open"',
        "date": "17 June 2023",
        "outlet": None,
        "text": "One line.\nAnother\u2019s.",
    },
]
TABLE = pd.DataFrame(
    {
        "article_id": ["x1", "x2"],
        "title": ["Pact signed", 'Talks, "open"'],
        "text": ["Iran met Cuba.", "One line.\nAnother\u2019s."],
        "outlet": ["Daily", None],
        "published": pd.to_datetime(["2023-06-17", "2023-06-17"], utc=True),
    }
).astype({"article_id": "str", "title": "str", "text": "str", "outlet": "str", "published": frames.UTC})


def lines_of(rows):
    return "".join(json.dumps(r) + "\n" for r in rows).encode()


def csv_of(rows, sep=",", encoding="utf-8"):
    return pd.DataFrame(rows).to_csv(index=False, sep=sep).encode(encoding)


def parquet_of(rows):
    buffer = io.BytesIO()
    pd.DataFrame(rows).to_parquet(buffer)
    return buffer.getvalue()


def zip_of(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def zstd_of(data):
    return pa.compress(data, "zstd", asbytes=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.jsonl", lines_of(ROWS)),
        ("t.ndjson", b"\xef\xbb\xbf" + lines_of(ROWS).replace(b"\n", b"\r\n")),
        ("t.json", json.dumps(ROWS).encode()),
        ("t.json", json.dumps({"status": "ok", "response": {"results": ROWS}}, indent=1).encode()),
        ("t.json", lines_of(ROWS)),
        ("t.json", json.dumps(ROWS).encode("utf-16")),
        ("t.csv", csv_of(ROWS)),
        ("t.csv", csv_of(ROWS, sep=";", encoding="utf-8-sig")),
        ("t.tsv", csv_of(ROWS, sep="\t", encoding="utf-16")),
        ("t.csv", csv_of(ROWS).replace(b"text", b"Full Text").replace(b"date", b"Publication date")),
        ("t.csv", csv_of(ROWS).replace(b"\n", b"\r\n")),
        ("t.parquet", parquet_of(ROWS)),
        ("t.jsonl.gz", gzip.compress(lines_of(ROWS))),
        ("t.csv.zst", zstd_of(csv_of(ROWS))),
        ("t.parquet.gz", gzip.compress(parquet_of(ROWS))),
        ("t.zip", zip_of({"in/t.csv": csv_of(ROWS)})),
        ("t.zip", zip_of({"in/t.jsonl.gz": gzip.compress(lines_of(ROWS))})),
    ],
)  # fmt: skip
def test_a_table_in_every_format(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    articles, problems = corpus.load_articles(tmp_path / name)
    assert problems["problem"].tolist() == ["title_apart"], problems.to_string()
    assert problems["detail"].str.match("2 titles, first 'Pact signed'").all()
    pd.testing.assert_frame_equal(articles[list(TABLE)], TABLE)
    base = name if not name.endswith(".zip") else name + "/" + zipfile.ZipFile(tmp_path / name).namelist()[0]
    assert articles["source"].tolist() == [f"{base}#1", f"{base}#2"]
    assert articles.dtypes.astype(str).to_dict() == frames.SCHEMAS["articles"]


def test_columns_can_be_named(tmp_path):
    pd.DataFrame({"id": [7], "when": ["2023-06-17"], "text": ["a note"], "Meldung": ["Iran met Cuba."]}).to_csv(
        tmp_path / "t.csv", index=False
    )
    articles, _ = corpus.load_articles(tmp_path / "t.csv", columns={"text": "Meldung", "date": "when", "id": None})
    assert articles[["article_id", "text"]].values.tolist() == [["t#1", "Iran met Cuba."]]
    assert articles["published"].dt.date.astype(str).tolist() == ["2023-06-17"]
    for path in ("", None, 3):
        with pytest.raises(TypeError, match="path must name a folder, an archive or a file"):
            corpus.load_articles(path)
    with pytest.raises(TypeError, match="columns must map fields to names"):
        corpus.load_articles(tmp_path, columns="text")
    with pytest.raises(ValueError, match="columns: unknown field 'body'; known are text, title, date"):
        corpus.load_articles(tmp_path, columns={"body": "x"})
    with pytest.raises(
        ValueError, match=r"1 file found, 1 no_text_column; first t\.csv: columns: id, when, text, Meldung; name one"
    ):
        corpus.load_articles(tmp_path / "t.csv", columns={"text": "nothing"})
    with pytest.raises(
        ValueError, match=r"columns: no table has 'nothing' for the text; first t\.csv: columns: id, when, text, Meld"
    ):
        corpus.load_articles(tmp_path, columns={"text": "nothing"})


def test_a_table_as_excel_writes_it(tmp_path):
    rows = [
        "Titel;Text;Datum",
        "\u00c9lys\u00e9e;\u201cYes\u201d, said the president of the republic;17.06.2023",
        "B;It cost \u20ac5.;",
    ]
    (tmp_path / "t.csv").write_bytes("\r\n".join(["sep=;", *rows]).encode("cp1252"))
    articles, problems = corpus.load_articles(tmp_path / "t.csv")
    assert articles["title"].tolist() == ["\u00c9lys\u00e9e", "B"]
    assert articles["text"].tolist() == ["\u201cYes\u201d, said the president of the republic", "It cost \u20ac5."]
    assert articles["published"].dt.strftime("%F").fillna("").tolist() == ["2023-06-17", ""]
    # each row that is not UTF-8 says so
    assert problems[["source", "problem", "detail"]].values.tolist() == [
        ["t.csv#1", "encoding_guessed", "read as cp1252"],
        ["t.csv#2", "encoding_guessed", "read as cp1252"],
        ["t.csv", "title_apart", "2 titles, first 'Élysée'"],
    ]


ENGLISH = "The ministers of the two countries met in the capital and said that they would talk to {}. " * 5


@pytest.mark.parametrize(
    ("name", "encoding", "read"),
    [
        ("Ag\u00eancia Sul", "cp1252", "Ag\u00eancia Sul"),
        ("S\u00e3o Tom\u00e9 and C\u00f4te d\u2019Ivoire", "cp1252", "S\u00e3o Tom\u00e9 and C\u00f4te d\u2019Ivoire"),
        (
            "Ja\u015bko Wa\u0142\u0119sa of \u0141\u00f3d\u017a",
            "cp1250",
            "Ja\u015bko Wa\u0142\u0119sa of \u0141\u00f3d\u017a",
        ),
    ],
)
def test_names_in_an_english_text(tmp_path, name, encoding, read):
    (tmp_path / "a.txt").write_bytes(ENGLISH.format(*[name] * 5).encode(encoding))
    articles, problems = corpus.load_articles(tmp_path)
    assert read in articles["text"][0]
    assert problems["problem"].tolist() == ["encoding_guessed"]


def test_running_numbers_of_two_tables_do_not_collide(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text("id,text\n1,Iran met Cuba.\n2,Peru met Chile.\n")
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["a:1", "a:2", "b:1", "b:2"]
    assert problems.empty
    # a table by itself keeps the ids that it states
    assert corpus.load_articles(tmp_path / "a.csv")[0]["article_id"].tolist() == ["1", "2"]


def test_one_bad_row_costs_that_row(tmp_path):
    (tmp_path / "t.jsonl").write_bytes(
        b'{"text": "One."}\n{"text": "Tw\n{"text": "Three."}\n["Four."]\n{"text": 5}\n{"text": null}\n'
        b'{"title": "Seven"}\n{"text": "Eight \xff."}\n\n{"id": "a", "text": "Ten."}\n{"id": "a", "text": "Eleven."}\n'
    )
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == ["One.", "Three.", "Ten."]
    assert articles["article_id"].tolist() == ["t#1", "t#3", "a"]
    assert problems[["source", "problem"]].values.tolist() == [
        ["t.jsonl#2", "bad_row"],
        ["t.jsonl#4", "bad_row"],
        ["t.jsonl#5", "bad_row"],
        ["t.jsonl#6", "empty"],
        ["t.jsonl#7", "no_text_column"],
        ["t.jsonl#8", "undecodable"],
        ["t.jsonl#11", "duplicate_id"],
    ]


def test_a_quote_left_open_costs_its_row(tmp_path):
    (tmp_path / "t.csv").write_text(
        'title,text\na,"One\nline."\nb,"Two.\nc,Three.\nd,"Four, 4."\ne\nf,Six.,more\ng,Seven.,\n'
    )
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == ["One\nline.", "Three.", "Four, 4.", "Seven."]
    assert problems["problem"].tolist() == ["bad_row"] * 3 + ["title_apart"]
    assert problems["detail"][:3].str.extract(r"(line \d+)")[0].tolist() == ["line 4", "line 7", "line 8"]


def test_a_json_list_that_is_cut_off_keeps_what_it_has(tmp_path):
    (tmp_path / "t.json").write_text('[{"text": "One."}, {"text": "Two."}, {"text": "Thr')
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == ["One.", "Two."]
    assert problems[["source", "problem"]].values.tolist() == [["t.json#3", "bad_row"]]


def test_items_of_a_json_list_longer_than_what_is_read_at_once(tmp_path):
    rows = [{"text": f"{i} " + "the talks " * n} for i, n in enumerate([10, 100_000, 3, 30_000, 30_000, 1])]
    (tmp_path / "t.json").write_text(json.dumps(rows))
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == [r["text"] for r in rows]
    assert problems.empty


PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="{charset}"><title>Pact signed - Daily</title>
<meta property="og:site_name" content="Daily"><meta property="article:published_time" content="2023-06-17T10:20:00Z">
</head><body><nav><a href="/">Home</a> <a href="/w">World</a></nav><h1>Pact signed</h1><article>
<p>HAVANA, June 16 (AP) - Iran and Cuba signed an agreement in Havana on Friday, officials of both countries said.</p>
<p>The presidents met for the third time this year, and ministers said that “trade” had grown by a fifth since then.</p>
<p>Cuba’s president thanked the visitors for their support, which he called steadfast.</p></article>
<aside><a href="/x">Read more about it</a></aside><footer>© 2023 Daily. All rights reserved.</footer></body></html>"""


def mhtml_of(page):
    body = base64.encodebytes(page.encode()).decode()
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\n"
    part = f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--X--\r\n"
    return (head + part).encode()


def warc_of(*pages, compress=False):
    records = []
    for status, kind, page in pages:
        http = f"HTTP/1.0 {status}\r\nContent-Type: {kind}\r\n\r\n{page}".encode()
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\nWARC-Date: 2023-06-17T00:00:00Z\r\n"
            "WARC-Target-URI: http://example.org/a\r\nContent-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(http)}\r\n\r\n"
        )
        records.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(gzip.compress(r) if compress else r for r in records)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("p.html", PAGE.format(charset="utf-8").encode()),
        ("p.htm", PAGE.format(charset="windows-1252").encode("cp1252")),
        ("p.html.gz", gzip.compress(PAGE.format(charset="utf-8").encode())),
        ("p.mhtml", mhtml_of(PAGE.format(charset="utf-8"))),
        ("p.warc", warc_of(("200 OK", "text/html", PAGE.format(charset="utf-8")))),
        ("p.warc.gz", warc_of(("200 OK", "text/html; charset=utf-8", PAGE), compress=True)),
    ],
)
def test_a_page_in_every_format(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    articles, problems = corpus.load_articles(tmp_path)
    assert problems.empty, problems.to_string()
    row = articles.iloc[0]
    assert (row["outlet"], str(row["published"].date()), row["language"]) == ("Daily", "2023-06-17", "en")
    assert row["title"].startswith("Pact signed")
    assert row["text"].startswith("Pact signed\n\nHAVANA, June 16 (AP) - Iran and Cuba")
    assert row["text"].endswith("“trade” had grown by a fifth since then.\n\nCuba’s president thanked the visitors for "
                                "their support, which he called steadfast.")  # fmt: skip
    assert row["article_id"] == ("p#1" if "warc" in name else "p")


def test_what_is_no_page_in_a_web_archive(tmp_path):
    pages = [("404 Not Found", "text/html", PAGE), ("200 OK", "image/png", "x"), ("200 OK", "text/html", PAGE)]
    (tmp_path / "p.warc").write_bytes(warc_of(*pages))
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["p#3"]
    assert problems["problem"].tolist() == ["not_an_article"] * 2


RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>The Feed</title><item><title>One</title><description>Short.</description>
<content:encoded><![CDATA[<p>Iran &amp; Cuba <b>met</b>.</p><p>They spoke.</p>]]></content:encoded>
<pubDate>Sat, 17 Jun 2023 10:00:00 +0200</pubDate></item>
<item><title>Two</title><description>&lt;p&gt;A summary.&lt;/p&gt;</description></item><item><title>Three</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Feed</title><entry><title>One</title>
<published>2023-06-17T10:00:00+02:00</published><content type="html">&lt;p&gt;Iran &amp;amp; Cuba
&lt;b&gt;met&lt;/b&gt;.&lt;/p&gt; &lt;p&gt;They spoke.&lt;/p&gt;</content></entry></feed>"""


def test_feeds(tmp_path):
    folder_of(tmp_path, **{"r.xml": RSS, "a.atom": ATOM, "other.xml": "<doc>Iran.</doc>"})
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["a#1", "r#1", "r#2"]
    assert articles["text"].tolist() == ["Iran & Cuba met.\n\nThey spoke."] * 2 + ["A summary."]
    assert articles["title"].tolist() == ["One", "One", "Two"]
    assert articles["outlet"].tolist() == ["The Feed"] * 3
    assert articles["published"].dt.strftime("%F %T").fillna("").tolist() == ["2023-06-17 08:00:00"] * 2 + [""]
    assert problems[["source", "problem"]].values.tolist() == [
        ["a.atom", "title_apart"],
        ["other.xml", "unsupported"],
        ["r.xml#2", "summary_only"],
        ["r.xml#3", "empty"],
        ["r.xml", "title_apart"],
    ]


def test_the_folder_that_a_browser_saves_beside_a_page(tmp_path):
    (tmp_path / "Pact_files").mkdir()
    (tmp_path / "notes_files").mkdir()
    page = PAGE.format(charset="utf-8")
    folder_of(tmp_path, **{"Pact.html": page, "Pact_files__ad.html": page, "notes_files__a_txt": "Iran."})
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["Pact", "notes_files/a"]
    assert problems[["source", "problem"]].values.tolist() == [["Pact_files/ad.html", "not_an_article"]]


@pytest.mark.parametrize(
    ("data", "text", "doubt"),
    [
        ("Iran’s “reply” came".encode("utf-16"), "Iran’s “reply” came", None),
        ("Iran’s “reply” came".encode("utf-16-le"), "Iran’s “reply” came", None),
        ("Iran’s “reply” came in the form of a long letter to the editor.".encode("cp1252"),
         "Iran’s “reply” came in the form of a long letter to the editor.", "encoding_guessed"),
        (("Президент России встретился с министром Ирана в Москве, сообщило агентство. " * 3).encode("cp1251"),
         "Президент России встретился с министром Ирана в Москве, сообщило агентство. " * 3, "encoding_guessed"),
        ("Iran’s reply: “yes”, “no”, “perhaps”".encode() + b"\xe2\x80", "Iran’s reply: “yes”, “no”, “perhaps”",
         "torn_character"),
        ("Iran’s “reply”".encode() + b"\xff and more", None, "undecodable"),
    ],
)  # fmt: skip
def test_encodings(tmp_path, data, text, doubt):
    folder_of(tmp_path, a_txt=data, z_txt="Iran.")
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == ([text] if text else []) + ["Iran."]
    assert [p for p in problems["problem"] if p != "language_other"] == ([doubt] if doubt else [])
    if doubt == "encoding_guessed":
        with_encoding, problems = corpus.load_articles(
            tmp_path / "a.txt", encoding=problems["detail"][0].split()[2][:-1]
        )
        assert with_encoding["text"].tolist() == [text]
        assert "encoding_guessed" not in problems["problem"].tolist()


def test_mojibake_is_named_and_repaired_on_request_only(tmp_path):
    text = "Iran’s president said that the “agreement” would stand."
    folder_of(tmp_path, a_txt=text.encode().decode("cp1252", "replace").replace("\ufffd", "\x9d"), b_txt=text)
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"][0].startswith("Iranâ€™s")
    assert problems[["article_id", "problem"]].values.tolist() == [["a", "mojibake"]]
    articles, problems = corpus.load_articles(tmp_path, repair=True)
    assert articles["text"].tolist() == [text, text]
    assert problems["problem"].tolist() == ["repaired"]


def test_other_languages_load_and_are_named(tmp_path):
    spanish = "El presidente de Irán se reunió el martes con el canciller de Cuba para hablar de la cooperación."
    folder_of(
        tmp_path, a_txt="The president of Iran met the foreign minister of Cuba on Tuesday to talk.", b_txt=spanish
    )
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["language"].tolist() == ["en", "es"]
    assert problems[["article_id", "problem", "detail"]].values.tolist() == [["b", "language_other", "es"]]
    assert "language_other" in corpus.DOUBTS


def test_chunks_hold_what_the_whole_holds(tmp_path):
    rows = [{"text": f"Iran met country {i}."} for i in range(10)] + [{"text": ""}]
    (tmp_path / "t.jsonl").write_bytes(lines_of(rows))
    whole, problems = corpus.load_articles(tmp_path)
    chunks = list(corpus.load_articles(tmp_path, chunksize=4))
    assert [len(a) for a, _ in chunks] == [4, 4, 2]
    pd.testing.assert_frame_equal(pd.concat([a for a, _ in chunks], ignore_index=True), whole)
    pd.testing.assert_frame_equal(pd.concat([p for _, p in chunks], ignore_index=True), problems)
    with pytest.raises(ValueError, match="chunksize must be 1 at least, not 0"):
        corpus.load_articles(tmp_path, chunksize=0)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("write", "unit"),
    [
        (lambda f: [(f / f"{i}.txt").write_text(f"Iran met Cuba {i} times.") for i in range(300)], "B"),
        (lambda f: [(f / f"{i}.txt").write_text(f"Iran met Cuba {i} times.") for i in range(1200)], "file"),
        (lambda f: (f / "t.jsonl").write_bytes(lines_of([{"text": f"Iran {i}. " * 200} for i in range(400)])), "B"),
        (lambda f: (f / "t.csv.gz").write_bytes(gzip.compress(b"text\n" + b"Iran met Cuba.\n" * 999)), "B"),
        (lambda f: (f / "t.zip").write_bytes(zip_of({f"{i}.txt": f"Iran {i}." for i in range(200)})), "B"),
        (lambda f: (f / "t.parquet").write_bytes(parquet_of([{"text": f"Iran {i}."} for i in range(999)])), "B"),
    ],
)  # fmt: skip
def test_progress_has_rate_and_time_left_on_a_terminal_and_is_silent_elsewhere(
    tmp_path, monkeypatch, capsys, write, unit
):
    write(tmp_path)
    corpus.load_articles(tmp_path)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    corpus.load_articles(tmp_path)
    assert terminal.getvalue() == ""  # done before two seconds are over
    monkeypatch.setattr(progress, "PATIENCE", 0)
    monkeypatch.setattr("tqdm.tqdm", functools.partial(tqdm.tqdm, mininterval=0, miniters=0))
    corpus.load_articles(tmp_path)
    bars = [b for b in terminal.getvalue().split("\r") if f"{unit}/s]" in b and "?" not in b]
    assert bars, terminal.getvalue()
    done = [int(b.split("reading:")[1].split("%")[0]) for b in bars]
    assert all(re.search(r"<\d\d:\d\d, ", b) for b in bars)
    assert 0 < max(done) <= 100


def test_problem_counts(tmp_path):
    folder_of(tmp_path, a_txt="", b_txt="", c_txt=b"\0", d_txt="Iran\x1b[1m.", e_txt="Iran.")
    _, problems = corpus.load_articles(tmp_path)
    table = corpus.problem_counts(problems)
    assert table[["problem", "lost", "n", "example"]].values.tolist() == [
        ["empty", True, 2, "a.txt"],
        ["binary", True, 1, "c.txt"],
        ["control_characters", False, 1, "d.txt"],
    ]
    assert table["meaning"].tolist() == [corpus.PROBLEMS[p] for p in table["problem"]]
    assert corpus.problem_counts(problems.iloc[:0]).empty


def test_problems_of_a_file_count_its_articles(tmp_path):
    text = "The ministers of both countries met in the capital on Friday and signed an agreement on trade, no."
    rows = "".join(
        f'Title {n},"{text} {n}",{day},\n' for n, day in enumerate(["25/04/2024", "03/04/2024", "05/04/2024"])
    )
    (tmp_path / "a.csv").write_text(f"title,text,date,empty\n{rows}Lost,,,\n")
    (tmp_path / "b.txt").write_text("Iran\x1b[1m met Cuba.")
    articles, problems = corpus.load_articles(tmp_path, columns={"outlet": "press"})
    table = corpus.problem_counts(problems, articles=articles).set_index("problem")
    counted = table[["lost", "n", "n_articles"]].astype(object).where(table[["lost", "n", "n_articles"]].notna(), "–")
    assert counted.T.to_dict("list") == {
        "empty": [True, 1, "–"],
        "column_missing": [False, 1, 3],  # all that were read from the table
        "title_apart": [False, 1, 3],
        "date_order": [False, 1, 2],  # 25/04 tells how the two others are read
        "control_characters": [False, 1, 1],
    }
    assert corpus.summary(articles, problems) == (
        "4 articles read from 2 files; not read: 1 empty; "
        "articles read with a doubt: 3 column_missing, 3 title_apart, 2 date_order, 1 control_characters"
    )


def test_every_problem_that_the_code_names_is_in_the_vocabulary():
    assert not set(corpus.LOST) & set(corpus.DOUBTS)
    for module in ("files", "tables", "pages", "readers", "decoding", "intake"):
        text = (corpus.SEEDS.parent / "analysis" / f"{module}.py").read_text()
        calls = r'(?:Problem\(|\.problem\(|_drop\(|_doubt\()[^"\n]*(?:f"[^"]*")?[^"\n]*"([a-z_]+)",'
        named = re.findall(calls, text)
        assert named or module == "decoding"
        assert set(named) <= set(corpus.PROBLEMS), module


def test_summary(tmp_path):
    folder_of(tmp_path, a_txt="Iran.")
    assert corpus.summary(*corpus.load_articles(tmp_path)) == "1 article read from 1 file"
    folder_of(tmp_path, b_txt="", c_txt="", d_txt=b"\0", e_txt="Iran\x1b[1m.")
    assert corpus.summary(*corpus.load_articles(tmp_path)) == (
        "2 articles read from 5 files; not read: 2 empty, 1 binary; articles read with a doubt: 1 control_characters"
    )


BODY = "The ministers of both countries met in the capital on Friday and signed an agreement on trade."


def test_titles_apart_from_the_text_are_named_and_laid_first_on_request(tmp_path):
    rows = [
        {"headline": "Kenya accuses Uganda", "body": "The minister spoke."},
        {"headline": "Pact signed | Daily", "body": f"Pact signed today\n\n{BODY}"},  # a title, a line that is longer
        {"headline": "Talks in Peru", "body": f"By Ann Lee\n\nTALKS IN PERU!\n\n{BODY}"},
        {"headline": "Ministers sign pact | Daily News", "body": f"Ministers sign pact\n\n{BODY}"},
        {"headline": None, "body": "No title."},
        {"headline": "Empty", "body": " "},
        {"headline": "Half a \ud800 sign\u0007", "body": BODY},
    ]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == [rows[i]["body"] for i in (0, 1, 2, 3, 4, 6)]
    assert metadata.titles_apart(articles).tolist() == [True, True, False, False, False, True]
    expected = [["t.jsonl", "3 titles, first 'Kenya accuses Uganda'"]]
    assert problems.loc[problems["problem"] == "title_apart", ["source", "detail"]].values.tolist() == expected
    chunks = pd.concat([p for _, p in corpus.load_articles(tmp_path, chunksize=2)])
    assert chunks.loc[chunks["problem"] == "title_apart", ["source", "detail"]].values.tolist() == expected

    first, doubts = corpus.load_articles(tmp_path, titles="first")
    assert "title_apart" not in set(doubts["problem"])
    assert first["text"].tolist()[:2] == [
        "Kenya accuses Uganda\n\nThe minister spoke.",
        f"Pact signed | Daily\n\nPact signed today\n\n{BODY}",
    ]
    assert first["text"].iloc[5] == f"Half a ? sign\n\n{BODY}"
    assert not metadata.titles_apart(first).any()
    assert segments.paragraphs(first.iloc[:1])["role"].tolist() == ["headline", "body"]
    assert first["n_words"].iloc[0] == 6
    with pytest.raises(ValueError, match="titles must be 'apart' or 'first', not 'last'"):
        corpus.load_articles(tmp_path, titles="last")


@pytest.mark.parametrize(
    ("title", "heading", "text"),
    [
        ("Iran and Cuba sign a pact - Daily", "<h1>Iran and Cuba sign a pact</h1>", "Iran and Cuba sign a pact\n\n"),
        ("Iran and Cuba sign a pact", "<h2>Iran &amp; Cuba</h2><h1><a>Daily</a></h1>", ""),  # the site's name
        ("Daily", "<h1 class='x'>Iran and <b>Cuba</b> sign a pact</h1>", "Iran and Cuba sign a pact\n\n"),
    ],
)
def test_the_heading_of_a_page_belongs_to_its_text(tmp_path, title, heading, text):
    page = f"<html><head><title>{title}</title></head><body><header>{heading}</header><article>"
    (tmp_path / "p.html").write_text(page + f"<p>{BODY}</p><p>{BODY} They left.</p></article></body></html>")
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == [f"{text}{BODY}\n\n{BODY} They left."]
    assert problems["problem"].tolist() == ([] if text else ["title_apart"])


def test_a_notice_in_place_of_an_article_is_named(tmp_path):
    gone = ["[Removed]", "Content not available", "This article is no longer available.", "x y"]
    kept = ["Removed from office, he left.", "Iran met Cuba.", "Yes.", "One two three"]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in gone + kept))
    articles, problems = corpus.load_articles(tmp_path)
    assert len(articles) == 8
    named = problems[problems["problem"] == "too_short"]
    assert named["source"].tolist() == [f"t.jsonl#{i}" for i in (1, 2, 3, 4)]
    assert named["detail"].iloc[0] == "1 word: '[Removed]'"


def test_a_mapping_that_fits_one_table_of_a_folder(tmp_path):
    (tmp_path / "a.csv").write_text("Wortlaut,when\nIran met Cuba.,2023-06-17\n")
    (tmp_path / "b.jsonl").write_text('{"body": "Peru met Chile."}\n{"body": "Mali.", "Wortlaut": "other"}\n')
    columns = {"text": "Wortlaut", "date": "when"}
    articles, problems = corpus.load_articles(tmp_path, columns=columns)
    assert articles["text"].tolist() == ["Iran met Cuba.", "Peru met Chile.", "Mali."]
    assert problems[["source", "problem", "detail"]].values.tolist() == [
        ["b.jsonl", "column_missing", "no 'Wortlaut' for the text; columns: body; read is body"],
        ["b.jsonl", "column_missing", "no 'when' for the date; columns: body; read is none"],
    ]


def test_a_return_in_the_header_of_a_table(tmp_path):
    """Found by fuzzing: the csv module takes it for a row's end and raises."""
    folder_of(
        tmp_path,
        **{"a.txt": "Iran met Cuba.", "b.csv": b"\n\r\x00", "c.tsv": b"\n\r\x00", "d.csv": b"\n\rtext\nGood.\n"},
    )
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["text"].tolist() == ["Iran met Cuba.", "Good."]
    assert problems[["source", "problem"]].values.tolist() == [["b.csv", "no_text_column"], ["c.tsv", "no_text_column"]]


def test_a_page_laid_out_in_a_table(tmp_path):
    """As in 2002: no heading, no metadata, paragraphs that are opened in a font and never closed."""
    said = "Officials of both countries said that lorries had waited for nine days at the crossing in the mountains."
    (tmp_path / "old.htm").write_bytes(
        "<HTML><HEAD><TITLE>DAILY NEWS - Pakistan and Iran reopen crossing</TITLE></HEAD><BODY><TABLE><TR>"
        '<TD><FONT SIZE=1><A HREF="a.html">Front page</A><BR><A HREF="b.html">World</A></FONT></TD><TD><FONT SIZE=5><B>'
        "Pakistan and Iran reopen crossing</B></FONT><BR><FONT SIZE=2>Thursday, March 21, 2002</FONT><P><FONT SIZE=3>"
        f"QUETTA \x97 Pakistan and Iran reopened the crossing. {said}<P>Traders spoke of losses. The "
        "fruit of Kandahar had rotted on the lorries.<P>The food agency said that its own had crossed by then.</FONT>"
        "</TD></TR></TABLE></BODY></HTML>".encode("latin-1")
    )
    articles, _ = corpus.load_articles(tmp_path)
    assert articles["title"].tolist() == ["Pakistan and Iran reopen crossing"]
    assert articles["published"].dt.strftime("%F").tolist() == ["2002-03-21"]
    parts = segments.paragraphs(articles)
    assert parts["role"].tolist() == ["headline", "dateline", "body", "body", "body"]


def test_a_terminal_that_does_not_know_its_size_has_a_bar_too(monkeypatch):
    """As under `script` or in a container: tqdm would draw nothing in no columns, and nothing in no rows."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("LINES", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((0, 0)))
    assert progress.room() == {"ncols": 79, "nrows": 24}
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((120, 40)))
    assert progress.room() == {"ncols": 119, "nrows": 40}
