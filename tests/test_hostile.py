"""Files made to break the loader: each ends in a row of problems, in bounded time and memory."""

import gzip
import io
import json
import os
import resource
import socket
import struct
import subprocess
import sys
import zipfile
import zlib

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import corpus, files, frames, readers, segments, tables

MEGABYTE = 2**20

READ = """
import resource, sys
from analysis import corpus, files, pages, stories
files.FREE_EXPANSION = {free}
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
articles, problems = corpus.load_articles({path!r})
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(*articles["article_id"])
print(*(problems["source"] + "=" + problems["problem"]))
print((peak - base) // 1024)
"""


def read_apart(path, *, seconds=60):
    """Read in a process that is killed when it takes too long; return ids, problems and the megabytes it grew by."""
    done = subprocess.run(
        [sys.executable, "-c", READ.format(path=str(path), seconds=seconds, free=4 * MEGABYTE)],
        capture_output=True, text=True, timeout=4 * seconds, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    ids, problems, megabytes = done.stdout.split("\n")[:3]
    return ids.split(), problems.split(), int(megabytes)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "good.txt").write_text("Iran met Cuba.")
    return tmp_path


def problems_of(folder):
    articles, problems = corpus.load_articles(folder)
    assert "good" in articles["article_id"].tolist()
    assert set(problems["problem"]) <= set(corpus.PROBLEMS)
    accounted = set(corpus.files(articles, problems)["file"])
    inside = {f for f in accounted if ".zip/" not in f and not f.endswith("/")}
    assert inside >= {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.suffix != ".zip"}
    return articles, problems[["source", "problem"]].values.tolist()


def test_a_zip_bomb_and_a_gzip_bomb(folder):
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(3):
            with archive.open(f"{i}.jsonl", "w", force_zip64=True) as file:
                file.write(b'{"text": "')
                for _ in range(12):
                    file.write(b"word " * (MEGABYTE // 5))
                file.write(b'"}\n')
    with gzip.open(folder / "bomb.csv.gz", "wb") as file:
        file.write(b"text\n")
        for _ in range(10):
            file.write(b"Iran met Cuba.\n".rjust(1000) * 1000)
    (folder / "bomb.txt.zst").write_bytes(pa.compress(b"word " * (4 * MEGABYTE), "zstd", asbytes=True))
    _, problems, megabytes = read_apart(folder)
    assert set(problems) >= {"bomb.zip/1.jsonl=too_large", "bomb.csv.gz=too_large", "bomb.txt.zst=too_large"}
    assert megabytes < 700


def test_names_that_leave_the_archive(folder):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for name in ("../up.txt", "/root.txt", "x/../../up.txt", "..\\up.txt", "C:\\x.txt", "fine.txt"):
            archive.writestr(name, "Iran met Cuba, they say.")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    before = sorted(folder.parent.iterdir())
    articles, problems = problems_of(folder)
    assert articles["article_id"].tolist() == ["a.zip/fine", "good"]
    assert sorted(p for _, p in problems) == ["symlink_outside"] + ["unsafe_path"] * 5
    assert sorted(folder.parent.iterdir()) == before


def test_damaged_archives(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "Iran met Cuba. " * 500)
        archive.writestr("inner.zip", b"PK")
    whole = buffer.getvalue()
    (folder / "cut.zip").write_bytes(whole[: len(whole) // 2])
    (folder / "flipped.zip").write_bytes(whole[:50] + bytes([whole[50] ^ 255]) + whole[51:])
    (folder / "not.zip").write_bytes(b"hello")
    packed = gzip.compress(json.dumps({"text": "Iran met Cuba."}).encode() * 1000)
    (folder / "cut.jsonl.gz").write_bytes(packed[:-12])
    (folder / "not.txt.gz").write_bytes(b"hello")
    (folder / "cut.csv.zst").write_bytes(pa.compress(b"text\na\n" * 500, "zstd", asbytes=True)[:-3])
    _, problems = problems_of(folder)
    kinds = dict(problems)
    assert kinds["cut.zip"] == kinds["not.zip"] == "truncated_archive"
    assert kinds["flipped.zip/a.txt"] == "truncated_archive"
    assert kinds["flipped.zip/inner.zip"] == "unsupported"
    assert kinds["cut.jsonl.gz"] == kinds["not.txt.gz"] == kinds["cut.csv.zst"] == "truncated_archive"


def overlapping(names, member=b"a.txt", size=400_000):
    """A zip archive whose directory gives the same compressed bytes many times over, under some names."""
    data = b"word " * size
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    sizes = (zlib.crc32(data), len(packed), len(data))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, *sizes, len(member), 0) + member + packed
    entries = [
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, *sizes, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in names
    ]
    ahead = sum(map(len, entries))
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, len(names), len(names), ahead, len(local), 0)
    return local + b"".join(entries) + end


def test_archives_whose_entries_overlap(folder):
    """Found with a hostile archive: entries of other names than their headers stopped the whole reading."""
    (folder / "other.zip").write_bytes(overlapping([b"%04d.txt" % i for i in range(2000)]))
    (folder / "same.zip").write_bytes(overlapping([b"a.txt"] * 2000))
    ids, problems, megabytes = read_apart(folder, seconds=30)
    assert "good" in ids
    assert problems.count("other.zip/0000.txt=truncated_archive") == 1
    assert {p.split("=")[1] for p in problems} <= {"truncated_archive", "too_large", "duplicate_id"}
    assert len(ids) + len(problems) >= 4001  # each is read or named
    assert megabytes < 300


def test_a_million_bad_rows_are_named_in_bounded_time(folder):
    (folder / "bad.jsonl").write_text("{bad\n" * 100_000)
    ids, problems, megabytes = read_apart(folder, seconds=60)
    assert (ids, len(problems), set(problems[:1])) == (["good"], 100_000, {"bad.jsonl#1=bad_row"})
    assert megabytes < 300


def test_what_cannot_be_read_as_a_file(folder):
    """Pipes that nobody writes to, a socket, links to devices that never end, links that go round."""
    for name in ("pipe.jsonl", "pipe.txt", "pipe.zip"):
        os.mkfifo(folder / name)
    with socket.socket(socket.AF_UNIX) as bound:
        os.chdir(folder)
        bound.bind("s.csv")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "random.json").symlink_to("/dev/urandom")
    (folder / "round").symlink_to(folder)
    ids, problems, _ = read_apart(folder, seconds=20)
    assert ids == ["good"]
    assert sorted(p.split("=")[1] for p in problems) == ["symlink_folder"] + ["unsupported"] * 6


def test_a_file_that_goes_away_while_others_are_read(folder, monkeypatch):
    for name in ("b.txt", "c.jsonl", "d.html", "e.zip"):
        (folder / name).write_text("Iran met Cuba.")
    find = readers.find

    def find_and_remove(*args):
        for found in list(find(*args)):
            if getattr(found, "path", None) and not found.source.startswith("good"):
                os.unlink(found.path)
            yield found

    monkeypatch.setattr(readers, "find", find_and_remove)
    articles, problems = corpus.load_articles(folder)
    assert articles["article_id"].tolist() == ["good"]
    assert problems[["source", "problem"]].values.tolist() == [
        ["b.txt", "unreadable"], ["c.jsonl", "unreadable"], ["d.html", "unreadable"], ["e.zip", "truncated_archive"],
    ]  # fmt: skip


def test_a_parquet_file_with_columns_of_columns(folder):
    pq.write_table(pa.table({"text": [{"a": "x", "b": [1]}, {"a": "y", "b": []}]}), folder / "n.parquet")
    pq.write_table(pa.table({"doc": [{"text": "Iran met Cuba."}]}), folder / "m.parquet")
    lists = pa.array([["Iran met Peru.", "They spoke."], None], pa.list_(pa.string()))
    pq.write_table(pa.table({"text": lists}), folder / "l.parquet")
    articles, problems = problems_of(folder)
    assert articles["text"].tolist() == ["Iran met Cuba.", "Iran met Peru.\n\nThey spoke."]
    assert problems == [
        ["l.parquet#2", "empty"],
        ["m.parquet", "no_text_column"],
        ["n.parquet#1", "bad_row"],
        ["n.parquet#2", "bad_row"],
    ]


def test_an_archive_without_files(folder):
    with zipfile.ZipFile(folder / "none.zip", "w"):
        pass
    with zipfile.ZipFile(folder / "folder.zip", "w") as archive:
        archive.mkdir("only")
    _, problems = problems_of(folder)
    assert problems == [["folder.zip", "empty"], ["none.zip", "empty"]]


def test_links_pipes_and_hidden_folders(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("Not of this corpus.")
    (folder / "sub").mkdir()
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("hidden")
    (folder / "sub" / "inside.txt").symlink_to(folder / "good.txt")
    (folder / "sub" / "out.txt").symlink_to(outside / "secret.txt")
    (folder / "sub" / "folder").symlink_to(outside)
    (folder / "sub" / "loop").symlink_to(folder)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    os.mkfifo(folder / "pipe.txt")
    articles, problems = corpus.load_articles(folder)
    assert articles["article_id"].tolist() == ["good", "sub/inside"]
    assert problems[["source", "problem"]].values.tolist() == [
        [".git/", "not_an_article"],
        ["pipe.txt", "unsupported"],
        ["self.txt", "unreadable"],
        ["sub/folder/", "symlink_folder"],
        ["sub/loop/", "symlink_folder"],
        ["sub/out.txt", "symlink_outside"],
    ]


def test_a_very_long_line(folder):
    """One line of 100 MB (a gigabyte takes the same path) among good ones, in each format that has lines."""
    for name, start, end, after in [
        ("a.jsonl", b'{"text": "', b'"}\n', b'{"text": "Good."}\n'),
        ("b.csv", b"text,title\n\"", b"\"\n", b"Good.,x\n"),
        ("c.txt", b"", b"", b""),
        ("d.json", b'[{"text": "', b'"}', b', {"text": "Good."}]'),
    ]:  # fmt: skip
        with (folder / name).open("wb") as file:
            file.write(start)
            for _ in range(100):
                file.write(b"word " * (MEGABYTE // 5))
            file.write(end + after)
    ids, problems, megabytes = read_apart(folder)
    assert ids == ["a#2", "b#2", "good"]
    problems.remove("b.csv=title_apart")
    assert problems == ["a.jsonl#1=too_large", "b.csv#1=too_large", "c.txt=too_large", "d.json#1=too_large"]
    assert megabytes < 500


@pytest.mark.parametrize("name", ["deep.json", "deep.jsonl"])
@pytest.mark.parametrize("text", ["[" * 10_000 + "]" * 10_000, '{"text":' * 100_000, '[{"a":' + "[" * 10_000])
def test_json_nested_deep(folder, name, text):
    (folder / name).write_text(text)
    _, problems = problems_of(folder)
    assert len(problems) == 1
    assert problems[0][1] in ("too_deep", "bad_row")


def test_json_numbers_and_keys_without_end(folder):
    (folder / "a.jsonl").write_text(
        '{"text": "Long number.", "n": ' + "9" * 100_000 + "}\n"
        '{"text": "NaN.", "n": NaN}\n{"text": "ok", "text": "last"}\n'
        + json.dumps({"text": "keys"} | {f"k{i}": i for i in range(50_000)}) + "\n"
    )  # fmt: skip
    articles, problems = problems_of(folder)
    assert articles["text"].tolist() == ["NaN.", "last", "keys", "Iran met Cuba."]
    assert problems == [["a.jsonl#1", "bad_row"], ["a.jsonl#3", "too_short"], ["a.jsonl#4", "too_short"]]


def test_csv_of_quotes_left_open(folder):
    """Each row opens a quote that never closes: every row would swallow the rest of the file."""
    (folder / "q.csv").write_text("title,text\n" + 'a,b,"c\n' * 20_000)
    (folder / "r.csv").write_text("title,text\n" + 'a,"b,c\n"' * 20_000)
    (folder / "s.csv").write_text("title,text\n" + ('a,"""b\n' + "a,b\n" * 100) * 101)
    ids, problems, megabytes = read_apart(folder)
    assert ids[0] == "good"
    assert {p.split("=")[1] for p in problems} - {"title_apart", "too_short"} == {"bad_row"}
    assert megabytes < 500


def test_a_cell_that_begins_as_a_formula_is_text_and_is_named(folder):
    cells = ["=1+1", "=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "- a dash", "-2 degrees", "+98 21 is a number"]
    pd.DataFrame({"title": cells, "text": [f"{c} and text" for c in cells]}).to_csv(folder / "f.csv", index=False)
    articles, problems = problems_of(folder)
    assert articles["text"].tolist()[:7] == [f"{c} and text" for c in cells]
    assert sorted({s for s, p in problems if p == "formula"}) == [f"f.csv#{i}" for i in (1, 2, 3, 4)]


def test_nul_control_characters_and_lone_surrogates(folder):
    (folder / "a.jsonl").write_bytes(
        b'{"text": "a \\u0000 b"}\n{"text": "a \\ud800 b"}\n{"text": "a \\u001b[31m b"}\n{"text": "a \x00 b"}\n'
        b'{"title": "a \\ud800 title", "text": "fine"}\n{"text": "a \xed\xa0\x80 b"}\n'
    )
    (folder / "nul.txt").write_bytes(b"Iran\0Cuba")
    (folder / "bell.txt").write_bytes(b"Iran\x07 met\x0c Cuba\x9d".replace(b"\x9d", b""))
    articles, problems = problems_of(folder)
    assert articles["text"].tolist() == ["a \x1b[31m b", "fine", "Iran\x07 met\x0c Cuba", "Iran met Cuba."]
    assert [p for p in problems if p[1] not in ("title_apart", "too_short")] == [
        ["a.jsonl#1", "binary"],
        ["a.jsonl#2", "undecodable"],
        ["a.jsonl#3", "control_characters"],
        ["a.jsonl#4", "bad_row"],
        ["a.jsonl#6", "undecodable"],
        ["bell.txt", "control_characters"],
        ["nul.txt", "binary"],
    ]
    articles.to_parquet(io.BytesIO())  # whatever was read can be written


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">{}]><rss><channel><title>&j;</title></channel></rss>'.format(
        "".join(f'<!ENTITY {n} "{f"&{b};" * 10}">' for b, n in zip("abcdefghi", "bcdefghij", strict=True))
    )
)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (LAUGHS.encode(), "unsafe_xml"),
        (LAUGHS.encode("utf-16"), "unsafe_xml"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', "unsafe_xml"),
        (b"<rss>" + b"<a>" * 100_000, "unreadable"),
        (b"<rss><channel><item><title>x", "unreadable"),
        (b"", "empty"),
        (b"<rss/>", "empty"),
        (b"hello", "unreadable"),
    ],
)
def test_hostile_xml(folder, data, problem):
    (folder / "feed.xml").write_bytes(data)
    assert problems_of(folder)[1] == [["feed.xml", problem]]


PAGES = {
    "deep": "<div>" * 200_000 + "hello there",
    "attributes": "<p " + "a=b " * 300_000 + ">hi</p>",
    "paragraphs": "<html><body>" + "<p>word word word word</p>" * 300_000,
    "open": "<" * 500_000,
    "comments": "<!--" * 300_000,
    "scripts": "<script>" * 100_000,
    "white": "<html" + " " * 1_000_000,
    "metas": "<meta " * 200_000,
    "nested": "<html><body><article>" + "<b><i>" * 12_000 + "Iran",
    "links": "<html><body><article>" + "<a href=x>word word word</a>" * 20_000,
    "entities": "<p>" + "&amp;" * 500_000,
}


def test_hostile_pages(folder):
    for name, page in PAGES.items():
        (folder / f"{name}.html").write_text(page)
    ids, problems, megabytes = read_apart(folder, seconds=90)
    assert "good" in ids
    assert set(ids) | {p.split(".html=")[0] for p in problems} == {*PAGES, "good"}
    assert megabytes < 1200


def test_a_parquet_file_that_repeats_one_huge_text(folder):
    huge = "word " * (MEGABYTE // 5)
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array([huge]))
    pq.write_table(pa.table({"text": column}), folder / "r.parquet", compression="zstd")
    (folder / "cut.parquet").write_bytes((folder / "r.parquet").read_bytes()[:300])
    pq.write_table(pa.table({"text": [1, 2]}), folder / "n.parquet")
    pq.write_table(pa.table({"text": pa.array([b"\xff"]).cast(pa.binary())}), folder / "b.parquet")
    _, problems, megabytes = read_apart(folder)
    assert {"cut.parquet=unreadable", "n.parquet#1=bad_row", "b.parquet#1=bad_row"} <= set(problems)
    assert any(p.startswith("r.parquet") and p.endswith("too_large") for p in problems)
    assert megabytes < 1000


def test_names_of_files(folder):
    names = [b"caf\xe9.txt", "سند.txt".encode(), b"new\nline.txt", b"#1.txt", b"a#1.txt", b"-rf.txt", b"$(x).txt"]
    for name in names:
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"Iran met Cuba. " + name.hex().encode())
    articles, problems = corpus.load_articles(folder)
    assert len(articles) == len(names) + 1
    assert problems["problem"].tolist() in ([], ["language_other"] * len(problems))
    assert r"caf\xe9" in articles["article_id"].tolist()
    articles.to_parquet(io.BytesIO())


def test_patterns_take_time_in_proportion(folder):
    """Lines made for patterns that try again and again; each half a megabyte."""
    n = MEGABYTE // 2
    repeated = [" ", ".", "a.", "A", "A ", "=", "Read more ", "\t|", "(", "A, ", '"', "1/", "\xa0", "&", "|"]
    lines = [r * (n // len(r)) for r in repeated] + ["By " + "A. " * (n // 3), "TEHRAN, " + "x" * n]
    (folder / "a.txt").write_text("\n\n".join(lines))
    for i, line in enumerate(lines):
        (folder / f"line{i:02d}.txt").write_text(line + "\n" + line[:50] + "\nIran met Cuba.\n")
    ids, _, _ = read_apart(folder, seconds=60)
    assert "a" in ids


def test_segments_of_hostile_lines_take_time_in_proportion():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    n = MEGABYTE // 2
    texts = [
        f"Iran met Cuba.\n{c * (n // len(c))}\nIran met Peru.\n"
        for c in (" ", ".", "A", "A ", "Read more: ", '"', "1/", "(")
    ]
    articles = pd.DataFrame({"article_id": [str(i) for i in range(len(texts))], "text": texts})
    segments.paragraphs(articles)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - before < 20


ZIPS = st.dictionaries(
    st.sampled_from(
        ["a.txt", "b/c.jsonl", "../up.txt", "d.csv", "e.html", "f.bin", "g.zip", ".h.txt", "i/", "j.txt.gz"]
    ),
    st.binary(max_size=40) | st.sampled_from([b"Iran met Cuba.", b"text\nIran\n", b'{"text": "Iran."}\n']),
    max_size=6,
)


@settings(max_examples=40)
@given(members=ZIPS)
def test_every_file_of_an_archive_is_read_or_named(tmp_path_factory, members):
    folder = tmp_path_factory.mktemp("zips")
    (folder / "good.txt").write_text("Iran met Cuba.")
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    articles, problems = corpus.load_articles(folder)
    inside = {f"z.zip/{name}" for name in members if not name.endswith("/")}
    assert set(corpus.files(articles, problems)["file"]) == {"good.txt"} | (inside or {"z.zip"})


BYTES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from([b'{"text":"a"}', b"\n", b'"', b",", b"[", b"]", b"{", b"}", b"text", b"id",
             b"\xff", b"\0", b"<p>", b"</p>", b"<rss>", b"<item>", b"\\ud800", b"\xef\xbb\xbf",
             b"\xff\xfe", b";", b"\t", b"\r"]),
             max_size=60).map(b"".join),
)  # fmt: skip
SUFFIXES = [".txt", ".md", ".json", ".jsonl", ".csv", ".tsv", ".html", ".xml", ".parquet", ".warc", ".mhtml", ".zip",
            ".txt.gz", ".jsonl.zst", ".warc.gz"]  # fmt: skip


@settings(max_examples=int(os.environ.get("DATELINE_FUZZ", "60")))
@given(contents=st.lists(st.tuples(st.sampled_from(SUFFIXES), BYTES), min_size=1, max_size=4))
def test_whatever_a_folder_holds(tmp_path_factory, contents):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "good.txt").write_text("Iran met Cuba.")
    for i, (suffix, data) in enumerate(contents):
        (folder / f"f{i}{suffix}").write_bytes(data)
    articles, problems = corpus.load_articles(folder)
    assert articles.dtypes.astype(str).to_dict() == frames.SCHEMAS["articles"]
    assert problems.dtypes.astype(str).to_dict() == frames.SCHEMAS["problems"]
    assert set(problems["problem"]) <= set(corpus.PROBLEMS)
    assert articles["article_id"].is_unique
    found = {f.split(".zip/")[0] for f in corpus.files(articles, problems)["file"]}
    names = {"good.txt"} | {f"f{i}{s}" for i, (s, _) in enumerate(contents)}
    assert found == names  # files read + problems = files found
    articles.to_parquet(io.BytesIO())
    assert (articles["text"].str.strip() != "").all()


def test_the_limits_are_what_the_documents_say():
    assert tables.MOST_TEXT == 16 * MEGABYTE
    assert files.FREE_EXPANSION == 64 * MEGABYTE


CHUNKS = """
import resource, sys
from analysis import corpus
corpus.load_articles({warm!r})
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
n = sum(len(articles) for articles, _ in corpus.load_articles({path!r}, chunksize=200))
print(n, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) // 1024)
"""


def test_chunks_take_the_memory_of_a_chunk(folder):
    """Thirty megabytes in chunks of two: a chunk is held as strings and as a frame, and the one before it too."""
    warm = folder / "warm.txt"
    warm.write_text("El presidente de Irán se reunió el martes con el canciller de Cuba para hablar. " * 3)
    line = json.dumps({"text": "Iran met Cuba in the capital and said that the talks would go on. " * 150}) + "\n"
    with (folder / "a.jsonl").open("w") as file:
        for _ in range(30 * MEGABYTE // len(line)):
            file.write(line)
    done = subprocess.run(
        [sys.executable, "-c", CHUNKS.format(warm=str(warm), path=str(folder / "a.jsonl"))],
        capture_output=True, text=True, timeout=200, check=True,
    )  # fmt: skip
    n, megabytes = map(int, done.stdout.split())
    assert n == 30 * MEGABYTE // len(line)
    assert megabytes < 20
