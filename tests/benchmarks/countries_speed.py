"""How fast the mention ledger is beside its peers, and whether time and memory grow with the text alone.

    python tests/benchmarks/countries_speed.py corpus.jsonl

The corpus is JSON lines with a column ``text``, or a folder of text files. Peers that are not installed (see
requirements.txt) are left out. MB are millions of bytes of UTF-8; each figure is the best of several rounds, one core.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import ahocorasick_rs
import pandas as pd

from analysis import countries, lexicon, segments


def read(path: Path) -> pd.DataFrame:
    if path.is_dir():
        texts = [f.read_text(encoding="utf-8") for f in sorted(path.rglob("*.txt"))]
    else:
        with path.open(encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in lines]
    return pd.DataFrame({"article_id": [str(i) for i in range(len(texts))], "text": texts}, dtype="str")


def best(function: Callable[[], object], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def peers(texts: list[str]) -> dict[str, tuple[Callable[[str], object], int]]:
    """Each peer's call on one text, and how many bytes are enough to time it."""
    surfaces = lexicon.load().query("kind != 'other'")["surface"].unique().tolist()
    automaton = ahocorasick_rs.AhoCorasick(surfaces, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(surfaces, key=len, reverse=True))) + r")\b")
    found: dict[str, tuple[Callable[[str], object], int]] = {
        "ahocorasick_rs, bare": (automaton.find_matches_as_indexes, 10**9),
        "regular expression of the lexicon": (pattern.findall, 500_000),
    }
    if find_spec("geotext"):
        from geotext import GeoText

        found["geotext"] = (lambda text: GeoText(text).country_mentions, 10**9)
    if find_spec("flashgeotext"):
        from flashgeotext.geotext import GeoText as FlashGeoText

        flash = FlashGeoText()
        found["flashgeotext"] = (flash.extract, 3_000_000)
    if find_spec("country_named_entity_recognition"):
        from country_named_entity_recognition import find_countries

        found["country-named-entity-recognition"] = (find_countries, 100_000)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    articles = read(arguments.corpus)
    texts = articles["text"].tolist()
    sizes = [len(t.encode()) for t in texts]
    print(f"{len(texts):,} texts, {sum(sizes) / 1e6:.1f} MB")
    parts = segments.paragraphs(articles)
    sentences = segments.sentences(articles, segments=parts)
    contestants: dict[str, tuple[Callable[[], object], int]] = {
        "countries.mentions, end to end": (lambda: countries.mentions(articles), sum(sizes)),
        "countries.mentions, segments given": (
            lambda: countries.mentions(articles, segments=parts, sentences=sentences),
            sum(sizes),
        ),
    }
    for name, (call, enough) in peers(texts).items():
        chosen, total = [], 0
        for text, size in zip(texts, sizes, strict=True):
            if total >= enough:
                break
            chosen.append(text)
            total += size
        contestants[name] = (lambda call=call, chosen=chosen: [call(t) for t in chosen], total)
    # in turns, so that a busy machine slows all alike
    seconds = dict.fromkeys(contestants, float("inf"))
    for _ in range(arguments.rounds):
        for name, (function, _size) in contestants.items():
            seconds[name] = min(seconds[name], best(function, 1))
    table = pd.DataFrame(
        [(name, size / seconds[name] / 1e6) for name, (_, size) in contestants.items()], columns=["what", "MB/s"]
    )
    table["ours is times as fast"] = table["MB/s"].iloc[0] / table["MB/s"]
    print(table.round(2).to_string(index=False))
    growth = []
    for share in (0.25, 0.5, 1.0):
        some = articles.head(int(len(articles) * share))
        size = sum(sizes[: len(some)])
        seconds = best(lambda some=some: countries.mentions(some), arguments.rounds)
        tracemalloc.start()
        countries.mentions(some)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        growth.append((size / 1e6, seconds, size / seconds / 1e6, peak / size))
    print(
        pd.DataFrame(growth, columns=["MB", "seconds", "MB/s", "peak bytes per byte"]).round(2).to_string(index=False)
    )


if __name__ == "__main__":
    main()
