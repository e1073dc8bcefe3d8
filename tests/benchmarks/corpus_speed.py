"""How fast files become the articles frame, and in how much memory.

    python tests/benchmarks/corpus_speed.py folder --n 100000
    python tests/benchmarks/corpus_speed.py jsonl --megabytes 1000
    python tests/benchmarks/corpus_speed.py parquet --megabytes 1000
    python tests/benchmarks/corpus_speed.py jsonl --megabytes 1000 --chunksize 20000

Each reading runs in a process of its own, `--repeat` times; the data are made once, in the temporary folder. Memory is
what was added to that of a process that has imported the package; helping processes count whole, imports and all. On a
machine that does other things too, processor time divided by the processors says what a free one would take. The first
reading of a vast corpus compiles `analysis.kernels`, which takes some seconds once.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from made_news import in_bulk

ROOT = Path(__file__).resolve().parents[2]
MEASURE = """
import os, sys, threading, time
sys.path.insert(0, {root!r})
import psutil
from analysis import corpus
me, peak, done = psutil.Process(), [0, 0], threading.Event()
base = me.memory_info().rss
def watch():
    while not done.wait(0.02):
        own = whole = me.memory_info().rss
        for child in me.children(recursive=True):
            try:
                whole += child.memory_info().rss
            except psutil.Error:
                pass
        peak[:] = max(peak[0], own), max(peak[1], whole)
threading.Thread(target=watch, daemon=True).start()
before, start = os.times(), time.perf_counter()
loaded = corpus.load_articles({path!r}, jobs={jobs!r}, chunksize={chunksize!r})
counts = [0, 0, 0, 0]
for articles, problems in [loaded] if {chunksize!r} is None else loaded:
    held = time.perf_counter()
    done.set() if {chunksize!r} is None else None
    size = sum(len(t.encode()) for t in articles["text"])
    counts = [a + b for a, b in zip(counts, (len(articles), len(problems), articles["story_id"].nunique(), size))]
    start += time.perf_counter() - held  # what the benchmark itself takes
seconds, after = time.perf_counter() - start, os.times()
done.set()
cpu = sum(after[:4]) - sum(before[:4])
print(*counts, seconds, cpu, peak[0] - base, peak[1] - base)
"""


def make(kind: str, n: int, megabytes: int) -> Path:
    base = Path(tempfile.gettempdir(), "dateline-benchmark")
    base.mkdir(exist_ok=True)
    path = base / (f"folder-of-{n}" if kind == "folder" else f"news-{megabytes}.{kind}")
    if path.exists():
        return path
    if kind == "folder":
        path.mkdir()
        for i, text in enumerate(in_bulk(n)):
            (path / f"{i:06d}.txt").write_text(text, encoding="utf-8")
        return path
    rows = _rows(megabytes)
    if kind == "jsonl":
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
        return path
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in ("id", "title", "date", "text")])
    with pq.ParquetWriter(path, schema) as writer:
        while chunk := list(itertools.islice(rows, 10_000)):
            writer.write_table(pa.Table.from_pylist(chunk, schema))
    return path


def _rows(megabytes: int) -> Iterator[dict[str, str]]:
    size = 0
    for i, text in enumerate(in_bulk(10**9)):
        date = f"2023-{1 + i % 12:02d}-{1 + i % 28:02d}T{i % 24:02d}:{i % 60:02d}:00Z"
        yield {"id": f"a{i}", "title": text.split("\n", 1)[0], "date": date, "text": text}
        size += len(text)
        if size > megabytes * 1e6:
            return


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["folder", "jsonl", "parquet"])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--jobs", type=int, help="processes (default: what load_articles chooses)")
    parser.add_argument("--chunksize", type=int, help="stream so many articles at a time; the peak is told in MB too")
    options = parser.parse_args()
    path = make(options.kind, options.n, options.megabytes)
    for _ in range(options.repeat):
        code = MEASURE.format(root=str(ROOT), path=str(path), jobs=options.jobs, chunksize=options.chunksize)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        n, n_problems, n_stories, size, seconds, cpu, own, whole = (float(v) for v in done.stdout.split())
        print(
            f"{n:,.0f} articles, {n_problems:.0f} problems, {n_stories:,.0f} stories, {size / 1e6:,.0f} MB of text: "
            f"{seconds:.1f} s, {n / seconds:,.0f} articles/s, {size / 1e6 / seconds:.1f} MB/s, "
            f"{cpu:.1f} s of processor time; "
            f"peak {own / size:.1f} times the text, {whole / size:.1f} with the helping processes "
            f"({own / 1e6:,.0f} and {whole / 1e6:,.0f} MB)"
        )
        time.sleep(0.1)


if __name__ == "__main__":
    main()
