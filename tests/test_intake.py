"""Large files are read in blocks, and nothing tells from the frames that they were."""

import json

import pytest
from pandas.testing import assert_frame_equal

from analysis import corpus, json_files, lines, parquet_files

SAID = "The minister said on Monday that the talks with Cuba had been good, and that they would go on in Havana."
ROWS = [
    {"id": f"a{i}", "title": f"Title {i}", "text": f"{SAID} It was day {i}.", "date": "2023-01-02"} for i in range(60)
]
ROWS[30]["id"], ROWS[31]["id"] = "a29", "a2"  # first used in the same block, and in an earlier one
ROWS[40] = {"id": "s", "summary": SAID}
ROWS[41]["title"] = ROWS[41]["text"][:30]
ROWS[42]["text"] = "[Removed]"
ROWS[43]["text"] = "El ministro dijo el lunes que las conversaciones con Cuba habían sido buenas y que seguirían."
BAD = ['{"id": "x", "text": ', "[1, 2]", "", '{"text": "a\\u0000b"}', '{"text": ' + "[" * 950 + "]" * 950 + "}", "nul"]


@pytest.fixture
def small_blocks(monkeypatch):
    def make_small():
        for module in (json_files, parquet_files):
            monkeypatch.setattr(module, "LARGE", 1)
        for module in (lines, parquet_files):
            monkeypatch.setattr(module, "BLOCK", 500)

    return make_small


def in_lines(end, tail=b""):
    return end.join([*map(json.dumps, ROWS), *BAD, json.dumps(ROWS[0])]).encode() + tail


FILES = {
    "rows": in_lines("\n"),
    "carriage returns": in_lines("\r\n", b"\r\n"),
    "another encoding": in_lines("\n", b"\n" + '{"text": "The caf\u00e9s of Paris said so."}'.encode("cp1252") + b"\n"),
    "a mark": b"\xef\xbb\xbf" + in_lines("\n", b"\n\n"),
}


@pytest.mark.parametrize("titles", ["apart", "first"])
@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_lines_in_blocks_are_lines_one_by_one(tmp_path, small_blocks, data, titles):
    (tmp_path / "a.jsonl").write_bytes(data)
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS[:3]))
    (tmp_path / "c.txt").write_text(SAID)
    whole = corpus.load_articles(tmp_path, titles=titles)
    assert set(whole[1]["problem"]) >= {
        "duplicate_id",
        "bad_row",
        "too_deep",
        "binary",
        "summary_only",
        "language_other",
    }
    small_blocks()
    for one, other in zip(whole, corpus.load_articles(tmp_path, titles=titles), strict=True):
        assert_frame_equal(one, other)


def test_parquet_in_blocks_is_parquet_row_by_row(tmp_path, small_blocks):
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [{k: row.get(k) for k in ("id", "title", "text", "date")} for row in ROWS] * 40
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    pq.write_table(pa.Table.from_pylist([{**r, "id": f"b{i}"} for i, r in enumerate(rows)]), tmp_path / "b.parquet")
    whole = corpus.load_articles(tmp_path)
    assert len(whole[0]) > 2300
    assert set(whole[1]["problem"]) >= {"duplicate_id", "empty", "title_apart"}
    small_blocks()
    for one, other in zip(whole, corpus.load_articles(tmp_path), strict=True):
        assert_frame_equal(one, other)


def test_that_rows_were_read_in_blocks(tmp_path, small_blocks, monkeypatch):
    (tmp_path / "a.jsonl").write_bytes(FILES["rows"])
    seen = []
    read = json_files.block_lines
    monkeypatch.setattr(json_files, "block_lines", lambda *args: seen.append(args[1]) or read(*args))
    small_blocks()
    corpus.load_articles(tmp_path, jobs=1)
    assert len(seen) > 10
    assert min(seen) == 2  # the first row tells what the columns are


@pytest.mark.parametrize("n", [0, 1, 2**17 - 1, 2**17, 2**17 + 1])
def test_signs_are_counted_across_pieces(n):
    data = b"[" * n + b"{\n"
    assert lines.n_signs(data, b"[{") == n + 1
    assert lines.n_signs(memoryview(data), b"\n") == 1
