"""How fast files become the articles frame, and in how much memory.

    python tests/benchmarks/corpus_speed.py folder --n 100000
    python tests/benchmarks/corpus_speed.py jsonl --megabytes 1000
    python tests/benchmarks/corpus_speed.py parquet --megabytes 1000

Each reading runs in a process of its own, `--repeat` times; the data are made once, in the temporary folder.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_news import reports

ROOT = Path(__file__).resolve().parents[2]
MEASURE = """
import resource, sys, time
sys.path.insert(0, {root!r})
from analysis import corpus, stories, metadata
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
articles, problems = corpus.load_articles({path!r})
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = int(articles["text"].map(lambda t: len(t.encode())).sum())
print(len(articles), len(problems), articles["story_id"].nunique(), size, round(seconds, 2), (peak - base) * 1024)
"""


def make(kind: str, n: int, megabytes: int) -> Path:
    base = Path(tempfile.gettempdir(), "dateline-benchmark")
    base.mkdir(exist_ok=True)
    unique = list(reports(20_000 if kind != "folder" else min(n, 20_000)))
    if kind == "folder":
        folder = base / f"folder-{n}"
        if not folder.exists():
            folder.mkdir()
            for i, text in enumerate(_many(unique, n)):
                (folder / f"{i:06d}.txt").write_text(text, encoding="utf-8")
        return folder
    path = base / f"articles-{megabytes}.{kind}"
    if path.exists():
        return path
    size, rows = 0, []
    for i, text in enumerate(_many(unique, 10**9)):
        rows.append({"id": f"a{i}", "title": text.split("\n", 1)[0], "date": "2023-06-17T10:00:00Z", "text": text})
        size += len(text)
        if size > megabytes * 1e6:
            break
    if kind == "jsonl":
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    else:
        import pandas as pd

        pd.DataFrame(rows).to_parquet(path)
    return path


def _many(unique: list[str], n: int):
    """Yield n reports: paragraphs of the unique ones dealt out anew, so that none is another's copy."""
    yield from unique[:n]
    import random

    rng = random.Random(1)
    pool = [p for t in unique for p in t.split("\n\n")[1:]]
    for i in range(n - len(unique)):
        yield unique[i % len(unique)].split("\n\n", 1)[0] + f" {i}\n\n" + "\n\n".join(rng.sample(pool, 8))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["folder", "jsonl", "parquet"])
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    path = make(options.kind, options.n, options.megabytes)
    for _ in range(options.repeat):
        code = MEASURE.format(root=str(ROOT), path=str(path))
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        n, n_problems, n_stories, size, seconds, peak = (float(v) for v in done.stdout.split())
        print(
            f"{n:,.0f} articles, {n_problems:.0f} problems, {n_stories:,.0f} stories, {size / 1e6:,.0f} MB of text: "
            f"{seconds:.1f} s, {n / seconds:,.0f} articles/s, {size / 1e6 / seconds:.1f} MB/s, "
            f"peak {peak / size:.1f} times the text"
        )
        time.sleep(0.1)


if __name__ == "__main__":
    main()
