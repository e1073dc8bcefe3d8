"""The README's numbers are those of the code."""

import re

from analysis import accuracy, corpus, countries, figures


def rows(text, table):
    for row in table.to_dict("records"):
        shares = (f"{row[c]:.3f} ({row[f'{c}_low']:.3f}–{row[f'{c}_high']:.3f})" for c in ("precision", "recall", "f1"))
        yield " | ".join([f"| {text}", row["kind"], f"{row['n_gold']:.0f}", *shares]) + " |"


def test_the_accuracy_table():
    readme = (figures.ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    articles, _ = corpus.load_articles()
    sentences, marked = accuracy.load_sentences()
    gold = accuracy.score(countries.mentions(articles), accuracy.load_gold())
    hard = accuracy.score(countries.mentions(sentences), marked)
    expected = [
        *rows("the five articles, read whole", gold),
        *rows("sentences written around ambiguous names", hard),
    ]
    stated = [line for line in readme if line.startswith(("| the five articles", "| sentences written"))]
    assert sorted(stated) == sorted(expected)


def test_every_notebook_is_listed_and_every_link_leads_somewhere():
    readme = (figures.ROOT / "README.md").read_text(encoding="utf-8")
    for path in (figures.ROOT / "notebooks").glob("*.ipynb"):
        assert f"(notebooks/{path.name})" in readme
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (figures.ROOT / target).exists(), target
