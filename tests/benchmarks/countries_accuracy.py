"""Which states does a document name? Against documents labelled by others: precision, recall, F1, and each error.

    python tests/benchmarks/countries_accuracy.py LABELLED.jsonl [--errors]

Each line of the file is a document: ``id``, ``corpus``, ``text`` and ``mentions``, a list of objects with ``start``,
``end``, ``country`` (ISO 3166-1 alpha-3 or null), ``is_state`` and ``kind`` ("name" or "demonym"). A document counts a
state once for names, once for names and demonyms, however often it names it: corpora differ in which occurrences they
mark, less in which states a document names.
"""

import argparse
import json

import pandas as pd

from analysis import countries


def states(labelled: list[dict], kinds: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return (document, country) as labelled."""
    return {
        (row["id"], m["country"])
        for row in labelled
        for m in row["mentions"]
        if m["is_state"] and m["country"] and m["kind"] in kinds
    }


def found(ledger: pd.DataFrame, ids: set[str], kinds: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return (document, country) as the ledger has them, whatever part of the article they stand in."""
    rows = ledger[ledger["accepted"] & ledger["country"].notna() & ledger["kind"].isin(kinds)]
    rows = rows[rows["article_id"].isin(ids)]
    return set(zip(rows["article_id"], rows["country"], strict=True))


def main() -> None:
    """Print a table, a row per corpus and kinds, and on request the errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labelled")
    parser.add_argument("--errors", action="store_true", help="list each error with its sentence")
    options = parser.parse_args()
    with open(options.labelled, encoding="utf-8") as lines:
        labelled = [json.loads(line) for line in lines]
    texts = {row["id"]: row["text"] for row in labelled}
    ledger = countries.mentions(pd.DataFrame({"article_id": texts.keys(), "text": texts.values()}).astype("str"))
    table = []
    for corpus in ("all", *sorted({row["corpus"] for row in labelled})):
        part = [row for row in labelled if corpus in ("all", row["corpus"])]
        for kinds in (("name",), ("name", "demonym")):
            gold, ours = states(part, kinds), found(ledger, {row["id"] for row in part}, kinds)
            right = len(gold & ours)
            precision, recall, f1 = right / len(ours), right / len(gold), 2 * right / (len(ours) + len(gold))
            table.append([corpus, " and ".join(kinds), len(part), len(gold), precision, recall, f1])
            if options.errors and corpus != "all":
                for wrong, errors in (("not labelled", ours - gold), ("not found", gold - ours)):
                    for document, country in sorted(errors):
                        where = context(texts, ledger, labelled, document, country)
                        print(f"{corpus}, {' and '.join(kinds)}: {country} {wrong} in {document}: {where}")
    names = ["corpus", "kinds", "documents", "states", "precision", "recall", "F1"]
    print(pd.DataFrame(table, columns=names).to_string(index=False, float_format="{:.4f}".format))


def context(texts: dict[str, str], ledger: pd.DataFrame, labelled: list[dict], document: str, country: str) -> str:
    """Return the words around the first place that was marked, by us or by the labels."""
    rows = ledger[(ledger["article_id"] == document) & (ledger["country"] == country) & ledger["accepted"]]
    starts = rows["start"].tolist()
    starts += [m["start"] for r in labelled if r["id"] == document for m in r["mentions"] if m["country"] == country]
    return " ".join(texts[document][max(0, starts[0] - 50) : starts[0] + 50].split()) if starts else ""


if __name__ == "__main__":
    main()
