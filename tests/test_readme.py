"""The README's numbers are those of the code."""

import re
import textwrap

import nbformat
import pandas as pd

from analysis import accuracy, comention, corpus, countries, figures, incidence, lexicon, metadata


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


def test_its_code_gives_what_the_notebooks_give(tmp_path, monkeypatch):
    readme = (figures.ROOT / "README.md").read_text(encoding="utf-8")
    code = textwrap.dedent(re.search(r"```python\n(.*?)```", readme, re.DOTALL)[1])
    folder = tmp_path / "my_articles"
    folder.mkdir()
    for path in corpus.SEEDS.glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    text = "El presidente de Cuba se reunió con el canciller de Venezuela y el de Cuba para hablar de la cooperación."
    (folder / "z.txt").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    made: dict = {}
    exec(code, made)
    cells = nbformat.read(figures.ROOT / "notebooks" / "04_country_comention.ipynb", as_version=4).cells
    own: dict = {}
    exec(cells[1].source, own)
    articles = metadata.english(corpus.load_articles(folder)[0])
    assert len(articles) == len(made["loaded"]) - 1
    choices = {name.lower(): own[name] for name in ("WITHIN", "KINDS", "NULL", "DEPENDENCE", "RANDOM_STATE")}
    expected = comention.pairs(countries.mentions(articles), articles, **choices)
    pd.testing.assert_frame_equal(made["pairs"], expected)
    row = expected.query("country_a == 'CUB' and country_b == 'IRN'").iloc[0]
    assert len(made["evidence"].drop_duplicates(["article_id", "segment"])) == row["n_both"] > 0


def test_what_it_says_may_be_set():
    readme = (figures.ROOT / "README.md").read_text(encoding="utf-8")
    said = re.search(r"`WITHIN` is ([\w, ]+); `KINDS` are one or more of ([\w, ]+)\.", readme)
    words = [re.split(r", | or | and ", part) for part in said.groups()]
    assert words == [list(incidence.WINDOWS), list(lexicon.KINDS)]
