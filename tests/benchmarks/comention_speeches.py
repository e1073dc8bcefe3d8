"""Time and memory of the pairs of a whole corpus: three windows, null model, 1,000 bootstrap draws.

python tests/benchmarks/comention_speeches.py ungdc_dev.jsonl [bicm|conditional [none|stories]]
"""

import resource
import sys
import time

import pandas as pd

from analysis import comention, countries


def main(path: str, null: str = "bicm", dependence: str = "none") -> None:
    raw = pd.read_json(path, lines=True)
    articles = pd.DataFrame({"article_id": raw["id"].astype("str"), "text": raw["text"].astype("str")})
    start = time.perf_counter()
    mentions = countries.mentions(articles)
    ledger = time.perf_counter()
    windows = comention.windows(mentions, articles, null=null, dependence=dependence, n_draws=1000)
    end = time.perf_counter()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(articles)} articles, {len(windows)} pairs, null {null}, dependence {dependence}: "
        f"ledger {ledger - start:.1f} s, three windows with 1,000 draws {end - ledger:.1f} s, peak {megabytes:.0f} MB"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
