"""The README's numbers are those of the code."""

import re

from analysis import accuracy, corpus, countries, figures


def row(table):
    total = table.set_index("kind").loc["all"]
    shares = (
        f"{total[c]:.3f} ({total[f'{c}_low']:.3f}–{total[f'{c}_high']:.3f})" for c in ("precision", "recall", "f1")
    )
    return " | ".join([f"{int(total['n_gold'])}", *shares])


def test_the_accuracy_table():
    readme = (figures.ROOT / "README.md").read_text(encoding="utf-8")
    articles, _ = corpus.load_articles()
    sentences, marked = accuracy.load_sentences()
    assert f"read whole | {row(accuracy.score(countries.mentions(articles), accuracy.load_gold()))} |" in readme
    assert f"ambiguous names | {row(accuracy.score(countries.mentions(sentences), marked))} |" in readme


def test_every_notebook_is_listed_and_every_link_leads_somewhere():
    readme = (figures.ROOT / "README.md").read_text(encoding="utf-8")
    for path in (figures.ROOT / "notebooks").glob("*.ipynb"):
        assert f"(notebooks/{path.name})" in readme
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (figures.ROOT / target).exists(), target
