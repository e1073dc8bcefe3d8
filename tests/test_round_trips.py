"""What is written into a folder comes back: texts to the character, ids in any order, frames by any number of jobs."""

import csv
import gzip
import io
import json
import os
import time
import zipfile

import pandas as pd
import pyarrow as pa
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis import corpus, segments

SECONDS = 10.0
"""Processor time that a folder of a few short files may take."""

PIECES = [
    *"Iran met Cuba.|Tehran (IP) - |Le président a rencontré le ministre.|سلام|漢字|=1+1|#|a,b;c|Read More:".split("|"),
    *"\"|'|“quoted”|,|;|\\|\\n|e\u0301|\u200f|sep=;|{|[|<p>|&amp;|03/04/2024|\N{GRINNING FACE}".split("|"),
    "|", "\t", "\n", "\r\n", "\r", "\n\n", " ", "\xa0", "\u2028", "\x0b", "\x0c", "\x1c", "\x85", "\ufeff",
    "word " * 30,
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=12).map("".join)
CLEAN = TEXTS.map(lambda t: t.encode("utf-8", "replace").decode().replace("\0", ""))
ROWS = st.lists(
    st.fixed_dictionaries({"text": CLEAN, "title": st.none() | CLEAN, "outlet": st.sampled_from([None, "Daily"])}),
    min_size=1,
    max_size=5,
)


def newlines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_csv(rows, delimiter, quoting, end):
    """Write a table; where only what needs quotes has them, Python's writer leaves a lone return without any."""
    if quoting == csv.QUOTE_MINIMAL:
        assume(not any("\r" in (v or "").replace("\r\n", "") for r in rows for v in r.values()))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["title", "text", "outlet"], delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


TABLES = {
    "csv": lambda rows: as_csv(rows, ",", csv.QUOTE_ALL, "\r\n"),
    "minimal.csv": lambda rows: as_csv(rows, ";", csv.QUOTE_MINIMAL, "\n"),
    "pipes.csv": lambda rows: as_csv(rows, "|", csv.QUOTE_MINIMAL, "\r\n"),
    "tsv": lambda rows: as_csv(rows, "\t", csv.QUOTE_ALL, "\n"),
    "bom.csv": lambda rows: b"\xef\xbb\xbf" + as_csv(rows, ";", csv.QUOTE_ALL, "\r\n"),
    "jsonl": lambda rows: "".join(json.dumps(r) + "\n" for r in rows).encode(),
    "raw.jsonl": lambda rows: "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows).encode(),
    "json": lambda rows: json.dumps(rows, indent=1).encode(),
    "jsonl.gz": lambda rows: gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()),
    "parquet": lambda rows: _parquet(rows),
    "csv.zst": lambda rows: pa.compress(as_csv(rows, ",", csv.QUOTE_ALL, "\n"), "zstd", asbytes=True),
}


def _parquet(rows):
    out = io.BytesIO()
    pd.DataFrame(rows, columns=["title", "text", "outlet"]).astype("str").to_parquet(out)
    return out.getvalue()


def check(articles, problems, texts):
    """Compare with the texts written, source -> text, and see that segments tile them."""
    lost = set(problems["source"][problems["problem"].isin(list(corpus.LOST))])
    read = dict(zip(articles["source"], articles["text"], strict=True))
    for source, text in texts.items():
        assert (source in read) != (source in lost), (source, text)
        if source in read:
            assert read[source] == newlines(text), source
        else:
            assert not newlines(text).strip(), (source, text)
    paragraphs = segments.paragraphs(articles)
    for text, (_, own) in zip(articles["text"], paragraphs.groupby("article_id", sort=False), strict=True):
        between = zip([0, *own["end"]], [*own["start"], len(text)], strict=True)
        assert all(not text[a:b].strip() for a, b in between)


def run(folder, tables, files, jobs):
    """Write tables and files of text, read them, and compare."""
    texts, packed = {}, {}
    for number, (kind, rows) in enumerate(tables):
        (folder / f"t{number}.{kind}").write_bytes(TABLES[kind](rows))
        texts |= {f"t{number}.{kind}#{i}": r["text"] for i, r in enumerate(rows, 1)}
    for number, text in enumerate(files):
        packed[f"s/f{number}.txt"] = text.encode()
        texts[f"s/f{number}.txt"] = text.removeprefix("\ufeff")
    (folder / "s").mkdir(exist_ok=True)
    for name in reversed(packed):
        (folder / name).write_bytes(packed[name])
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        for name, data in packed.items():
            archive.writestr(name, data)
            texts[f"z.zip/{name}"] = texts[name]
    (folder / "zz.txt").write_text("Iran met Cuba in Havana on Friday.")
    start = time.process_time()
    articles, problems = corpus.load_articles(folder, jobs=1)
    check(articles, problems, texts)
    assert time.process_time() - start < SECONDS
    for more in jobs:
        for one, other in zip((articles, problems), corpus.load_articles(folder, jobs=more), strict=True):
            assert_frame_equal(one, other)
    chunks = list(corpus.load_articles(folder, chunksize=2))
    assert pd.concat([c[0] for c in chunks])["article_id"].tolist() == articles["article_id"].tolist()
    assert pd.concat([c[1] for c in chunks])["problem"].tolist() == problems["problem"].tolist()
    # a file by itself gives the ids that it gives among others
    for kind in {f"t{n}.{k}" for n, (k, _) in enumerate(tables)}:
        own = articles["article_id"][articles["source"].str.startswith(f"{kind}#")].tolist()
        if own:
            assert corpus.load_articles(folder / kind)[0]["article_id"].tolist() == own


@settings(max_examples=int(os.environ.get("DATELINE_FUZZ", "25")))
@given(
    tables=st.lists(st.tuples(st.sampled_from(list(TABLES)), ROWS), max_size=3), files=st.lists(CLEAN, max_size=3)
)  # fmt: skip
def test_what_was_written_comes_back(tmp_path_factory, tables, files):
    run(tmp_path_factory.mktemp("trips"), tables, files, jobs=())


@settings(max_examples=2)
@given(tables=st.lists(st.tuples(st.sampled_from(list(TABLES)), ROWS), min_size=2, max_size=3))
def test_any_number_of_jobs(tmp_path_factory, tables):
    run(tmp_path_factory.mktemp("jobs"), tables, ["Iran met Cuba."], jobs=(2,))
