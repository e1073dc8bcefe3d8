"""Precision and recall of stories on made copies, and on reports that are alike without being copies.

    python tests/benchmarks/stories_accuracy.py [--n 2000] [--texts FILE.jsonl]

Copies: cut to a half or a third, retitled, paragraphs in another order, another agency and furniture around, 10, 20 or
30 per cent of the words replaced, removed or doubled, and mixtures. Not copies: reports that share their background
paragraphs, a third to a half of their words, and short reports written to one form, each about two other countries.
"""

from __future__ import annotations

import argparse
import json
import random
import time

import pandas as pd
from made_news import AGENCIES, PLACES, Maker

from analysis import lexicon, stories


def edited(text: str, share: float, rng: random.Random, words: list[str]) -> str:
    out = []
    for paragraph in text.split("\n\n"):
        kept = []
        for word in paragraph.split():
            if rng.random() >= share:
                kept.append(word)
            elif (what := rng.random()) < 0.6:
                kept.append(rng.choice(words))
            elif what < 0.8:
                kept += [word, rng.choice(words)]
        out.append(" ".join(kept))
    return "\n\n".join(out)


def cut(text: str, share: float) -> str:
    paragraphs = text.split("\n\n")
    most, kept = share * len(text), []
    for p in paragraphs:
        kept.append(p)
        if sum(map(len, kept)) >= most:
            break
    return "\n\n".join(kept)


def shuffled(text: str, rng: random.Random) -> str:
    head, *rest = text.split("\n\n")
    rng.shuffle(rest)
    return "\n\n".join([head, *rest])


def dressed(text: str, maker: Maker) -> str:
    head, *rest = text.split("\n\n")
    mark = f"{maker.rng.choice(PLACES)}, June 4 ({maker.rng.choice(AGENCIES)}) - "
    links = "\n\n".join(maker.headline() for _ in range(4))
    return (
        "\n\n".join([maker.headline(), mark + rest[0].split(" - ", 1)[-1], *rest[1:], "Read More:", links])
        if rest
        else head
    )


FORM = (
    "{a} and {b} signed an agreement on {topic} on {day}. Officials of {a} said that it would run for {years} years "
    "and that a joint commission would meet twice a year. Officials of {b} said that the text would go to parliament "
    "before the summer. Trade between {a} and {b} came to {millions} million dollars last year. Both sides said that "
    "they would speak again once the text had been printed."
)
TOPICS = "fisheries visas grain mining water energy taxes customs railways tourism".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()


def formed(rng: random.Random) -> list[str]:
    """Return reports of one form, no two on the same country."""
    names = sorted(n for n in lexicon.display_names().values() if " " not in n and n.isascii())
    rng.shuffle(names)
    return [
        FORM.format(
            a=a,
            b=b,
            topic=rng.choice(TOPICS),
            day=rng.choice(DAYS),
            years=rng.randint(2, 30),
            millions=rng.randint(20, 900),
        )
        for a, b in zip(names[::2], names[1::2], strict=False)
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--least", type=float, default=0.45)
    parser.add_argument("--texts", help="JSON lines with a column text: other originals than the made-up ones")
    options = parser.parse_args()
    maker = Maker(7)
    rng = random.Random(7)
    if options.texts:
        with open(options.texts, encoding="utf-8") as file:
            originals = [json.loads(line)["text"] for line in file]
        originals = [t for t in originals if len(t.split()) >= 80][: options.n]
        originals = ["\n\n".join(p for p in t.split("\n") if p.strip()) for t in originals]
    else:
        originals = [maker.report() for _ in range(options.n)]
    words = [w for t in originals[:200] for w in t.split()]
    kinds = {
        "same words": lambda t: t.upper(),
        "cut to a half": lambda t: cut(t, 0.5),
        "cut to a third": lambda t: cut(t, 0.34),
        "new title, agency, furniture": lambda t: dressed(t, maker),
        "other order": lambda t: shuffled(t, rng),
        "10 % edited": lambda t: edited(t, 0.1, rng, words),
        "20 % edited": lambda t: edited(t, 0.2, rng, words),
        "30 % edited": lambda t: edited(t, 0.3, rng, words),
        "cut to a half, 10 % edited": lambda t: edited(cut(t, 0.5), 0.1, rng, words),
        "other order, 20 % edited": lambda t: edited(shuffled(t, rng), 0.2, rng, words),
    }
    like: list[tuple[str, str]] = []
    for i, text in enumerate(originals):
        body = text.split("\n\n")
        other = maker.report() if not options.texts else originals[(i + 1) % len(originals)]
        background = body[-max(1, len(body) // 3) :]
        like.append((f"background {i}", "\n\n".join(other.split("\n\n")[: max(2, 2 * len(body) // 3)] + background)))
    rows = [(f"original {i}", i, "original", t) for i, t in enumerate(originals)]
    names = list(kinds)
    for i, text in enumerate(originals):
        kind = names[i % len(names)]
        rows.append((f"{kind} {i}", i, kind, kinds[kind](text)))
    if not options.texts:
        rows += [(name, -k, "shared background", t) for k, (name, t) in enumerate(like, 1)]
        rows += [(f"form {k}", -len(like) - k, "one form", t) for k, t in enumerate(formed(rng), 1)]
    rng.shuffle(rows)
    table = pd.DataFrame(rows, columns=["article_id", "truth", "kind", "text"])
    start = time.perf_counter()
    table["story_id"] = stories.story_ids(table, least=options.least)
    seconds = time.perf_counter() - start
    story = table.set_index("article_id")["story_id"]
    copies = table[~table["kind"].isin(["original", "shared background", "one form"])]
    copies = copies.assign(
        found=[story[a] == story[f"original {t}"] for a, t in zip(copies["article_id"], copies["truth"], strict=True)]
    )
    print(copies.groupby("kind")["found"].agg(["size", "mean"]).round(3).to_string())
    sizes = table.groupby("story_id")["truth"]
    joined = sum(len(g) * (len(g) - 1) // 2 for _, g in sizes)
    right = sum(n * (n - 1) // 2 for _, g in sizes for n in g[g >= 0].value_counts())
    forms = table[table["kind"] == "one form"]
    if len(forms):
        print(f"\none form: {len(forms)} reports, {forms['story_id'].nunique()} stories")
    print(f"\npairs joined {joined:,}, of them copies {right:,}: precision {right / max(joined, 1):.4f}")
    print(f"recall {copies['found'].mean():.4f}; {len(table):,} articles in {seconds:.1f} s")
    if joined > right:
        p = stories.pairs(table, least=options.least)
        truth = table.set_index("article_id")[["truth", "kind"]]
        wrong = p[p["article_a"].map(truth["truth"]).to_numpy() != p["article_b"].map(truth["truth"]).to_numpy()]
        kinds_of = wrong["article_b"].map(truth["kind"]) + " / " + wrong["article_a"].map(truth["kind"])
        print(wrong.assign(kinds=kinds_of).head(12).to_string())


if __name__ == "__main__":
    main()
