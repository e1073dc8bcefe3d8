"""Exports of newspaper databases: many articles in one text file, or a table with the database's own codes."""

import csv
import io

import pytest

from analysis import corpus, exports

NEXIS = """
                               1 of 2 DOCUMENTS


                             The Northern Courier

                            October 3, 2023 Tuesday
                                 First Edition

Norway and Poland open gas link

BYLINE: Ingrid Dahl

LENGTH: 40 words

Norway and Poland on Monday opened a station on the pipe.

Poland stopped buying gas from Russia in 2022.

LOAD-DATE: October 3, 2023

LANGUAGE: ENGLISH

                     Copyright 2023 Northern Media Group Ltd.
                              All Rights Reserved


                               2 of 2 DOCUMENTS


                     Copyright 2023 Eastern Media
                             The Eastern Courier

                            October 5, 2023 Thursday

SECTION: Pg. 4

HEADLINE: Finland closes consulate

LENGTH: 9 words

Finland is closing its consulate in St Petersburg.

LOAD-DATE: October 5, 2023
"""
PROQUEST = """____________________________________________________________

Document 1 of 2

Norway and Poland open gas link

Author: Dahl, Ingrid

Publication title: The Northern Courier

Publication date: Oct 3, 2023

Full text: Norway and Poland on Monday opened a station on the pipe.

He said: it is good.

Subject: Gas

Title: Norway and Poland open gas link

Language of publication: English

____________________________________________________________

Document 2 of 2

Abstract: None available.

Title: Nothing but an abstract
"""
FACTIVA = """Norway and Poland open gas link
By Ingrid Dahl
40 words
3 October 2023
10:15 GMT
The Northern Courier
NRTHC
English
Copyright 2023. Northern Media.

Norway and Poland on Monday opened a station on the pipe.

Poland stopped buying gas from Russia in 2022.

Document NRTHC00020231003eaa300001


Finland closes consulate
9 words
5 October 2023
The Eastern Courier
English

Finland is closing its consulate in St Petersburg.

Document EASTC00020231005eaa500002
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_nexis(tmp_path, end):
    (tmp_path / "n.txt").write_bytes(NEXIS.replace("\n", end).encode())
    articles, problems = corpus.load_articles(tmp_path)
    assert articles["article_id"].tolist() == ["n#1", "n#2"]
    assert articles["source"].tolist() == ["n.txt#1", "n.txt#2"]
    assert articles["title"].tolist() == ["Norway and Poland open gas link", "Finland closes consulate"]
    assert articles["outlet"].tolist() == ["The Northern Courier", "The Eastern Courier"]
    assert articles["published"].dt.strftime("%F").tolist() == ["2023-10-03", "2023-10-05"]
    assert articles["text"].tolist() == [
        "Norway and Poland on Monday opened a station on the pipe.\n\nPoland stopped buying gas from Russia in 2022.",
        "Finland is closing its consulate in St Petersburg.",
    ]
    assert all(text in NEXIS for text in articles["text"])  # a piece of the file as it stands
    assert problems["problem"].tolist() == ["title_apart"]


def test_proquest(tmp_path):
    (tmp_path / "p.txt").write_text(PROQUEST)
    articles, problems = corpus.load_articles(tmp_path)
    row = articles.iloc[0]
    assert (row["title"], row["outlet"]) == ("Norway and Poland open gas link", "The Northern Courier")
    assert str(row["published"].date()) == "2023-10-03"
    assert row["text"].strip() == ("Norway and Poland on Monday opened a station on the pipe.\n\nHe said: it is good.")
    assert problems[["source", "problem"]].values.tolist() == [["p.txt#2", "bad_row"], ["p.txt", "title_apart"]]


def test_factiva(tmp_path):
    (tmp_path / "f.txt").write_text(FACTIVA)
    articles, _ = corpus.load_articles(tmp_path)
    assert articles["title"].tolist() == ["Norway and Poland open gas link", "Finland closes consulate"]
    assert articles["outlet"].tolist() == ["The Northern Courier", "The Eastern Courier"]
    assert articles["published"].dt.strftime("%F").tolist() == ["2023-10-03", "2023-10-05"]
    assert articles["text"].str.split("\n").str[0].tolist() == [
        "Norway and Poland on Monday opened a station on the pipe.",
        "Finland is closing its consulate in St Petersburg.",
    ]


def test_a_table_with_the_codes_of_factiva(tmp_path):
    out = io.StringIO()
    rows = [["AN", "HD", "WC", "PD", "SN", "LP", "TD", "LA"]]
    rows += [["N1", "Gas link", "9 words", "3 October 2023", "Courier", "They opened it.", "All came.", "English"]]
    csv.writer(out).writerows(rows)
    (tmp_path / "f.csv").write_text(out.getvalue())
    articles, _ = corpus.load_articles(tmp_path / "f.csv")
    assert articles[["article_id", "title", "outlet", "text", "language"]].values.tolist() == [
        ["N1", "Gas link", "Courier", "They opened it.\n\nAll came.", "en"]
    ]
    named = corpus.load_articles(tmp_path / "f.csv", columns={"text": "TD"})[0]
    assert named["text"].tolist() == ["All came."]


@pytest.mark.parametrize(
    "text", ["", "Iran met Cuba.", "Document 3 was read aloud.\n", "He read 1 of 2 DOCUMENTS aloud.", "Document ABC\n"]
)
def test_what_is_no_export(text):
    assert exports.articles(text, "a.txt") is None


def test_time_grows_with_the_length():
    for text in ("1 of 2 DOCUMENTS\n" * 20_000, "Document 1 of 2\n" + "Full text: x\n" * 20_000, "\n \n" * 200_000):
        list(exports.articles(text + "1 of 2 DOCUMENTS", "a.txt") or [])
