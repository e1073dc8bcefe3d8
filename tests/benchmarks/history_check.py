"""Hold the pairs found in the UN General Debate against history.csv, written before they were counted.

python tests/benchmarks/history_check.py ungdc_dev.jsonl [bicm|conditional [none|stories]]
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import comention, countries

HERE = Path(__file__).parent


def main(path: str, null: str = "bicm", dependence: str = "none") -> None:
    raw = pd.read_json(path, lines=True)
    articles = pd.DataFrame(
        {"article_id": raw["id"].astype("str"), "text": raw["text"].astype("str"), "year": raw["year"]}
    )
    mentions = countries.mentions(articles)
    wanted = pd.read_csv(HERE / "history.csv")
    found = []
    for year, part in articles.groupby("year"):
        ledger = mentions[mentions["article_id"].isin(part["article_id"])]
        found.append(comention.pairs(ledger, part, null=null, dependence=dependence, n_draws=500).assign(year=year))
    table = pd.concat(found)
    ordered = np.sort(wanted[["country_a", "country_b"]].to_numpy(), axis=1)
    wanted = wanted.assign(country_a=ordered[:, 0], country_b=ordered[:, 1])
    hits = wanted.merge(table, how="left", on=["year", "country_a", "country_b"], validate="one_to_one")
    hits["above"] = hits["log2_ratio"] > 0
    hits["q05"] = hits["q"] <= 0.05
    hits["robust"] = hits["q05"] & (hits["ci_low"] > 0)
    print(f"null {null}, dependence {dependence}: {len(hits)} pairs expected")
    print(hits.groupby("year")[["above", "q05", "robust"]].mean().round(2).to_string())
    print("all:", hits[["above", "q05", "robust"]].mean().round(3).to_dict())
    columns = ["year", "country_a", "country_b", "n_a", "n_b", "n_both", "expected", "log2_ratio", "ci_low", "q"]
    print("misses (q > 0.05 or untested):")
    print(hits.loc[~hits["q05"], columns].round(3).to_string(index=False))
    for year, part in table.groupby("year"):
        strong = part[(part["q"] <= 0.05) & (part["ci_low"] > 0)]
        print(f"{year}: {len(strong)} of {part['p'].notna().sum()} tested pairs; by ratio, of those in 10 paragraphs:")
        often = strong[strong["n_both"] >= 10].sort_values("log2_ratio", ascending=False).head(15)
        print(
            "  "
            + ", ".join(f"{r.country_a}-{r.country_b} {r.n_both} (x{2**r.log2_ratio:.1f})" for r in often.itertuples())
        )
    contrasts = pd.read_csv(HERE / "history_contrasts.csv")
    units = articles.groupby("year")["article_id"].agg(list)
    right = []
    for row in contrasts.itertuples():
        share = []
        for year in (row.higher, row.lower):
            a, b = sorted((row.country_a, row.country_b))
            one = table[(table["year"] == year) & (table["country_a"] == a) & (table["country_b"] == b)]
            share.append((one["n_both"].iloc[0] if len(one) else 0) / len(units[year]))
        right.append(share[0] > share[1])
        print(
            f"  {row.country_a}-{row.country_b} {row.higher} > {row.lower}: {share[0]:.3f} {share[1]:.3f} {right[-1]}"
        )
    print(f"contrasts in the stated direction: {sum(right)} of {len(right)} (paragraphs naming both per speech)")


if __name__ == "__main__":
    main(*sys.argv[1:])
