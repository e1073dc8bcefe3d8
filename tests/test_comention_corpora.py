"""Notebook 04 runs on every corpus that an analyst may start with, however little there is to count."""

import nbformat
import pytest

from analysis import comention, figures, lexicon, specifications

NOTEBOOK = figures.ROOT / "notebooks" / "04_country_comention.ipynb"


def no_country():
    return ["The rain fell.\n\nThe river rose."] * 2


def one_country():
    return [f"Iran spoke on day {i}. Iran left again.\n\nThe rain in Iran went on." for i in range(6)]


def one_unit():
    return ["Iran met Cuba."]


def all_units_equal():
    return [f"Iran met Cuba and Syria in room {i}." for i in range(8)]


def a_unit_that_names_every_country():
    names = list(lexicon.display_names())[:40]
    text = [f"{a} met {b}. {b} left." for a, b in zip(names[:8] * 3, names[1:9] * 3, strict=True)]
    return [f"The list holds {', '.join(names)}.", *text]


@pytest.mark.parametrize("texts", [no_country, one_country, one_unit, all_units_equal, a_unit_that_names_every_country])
def test_the_notebook_runs(tmp_path, monkeypatch, texts):
    monkeypatch.setenv(figures.ENVIRONMENT, str(tmp_path / "out"))
    monkeypatch.setattr(figures, "_render", lambda fig, kind, metadata: b"")  # laid out by the charts themselves
    for function in (comention.pairs, comention.windows):
        monkeypatch.setitem(function.__kwdefaults__, "n_draws", 40)  # enough to run, not to read
    few = {name: kinds for name, kinds in specifications.KIND_SETS.items() if name in ("names", "all kinds")}
    monkeypatch.setattr(specifications, "KIND_SETS", few)
    source = tmp_path / "articles"
    source.mkdir()
    for number, text in enumerate(texts()):
        (source / f"{number:02}.txt").write_text(f"{text}\n", encoding="utf-8")
    cells = [c.source for c in nbformat.read(NOTEBOOK, as_version=4).cells if c.cell_type == "code"]
    space = {}
    for number, cell in enumerate(cells):
        exec(compile(cell, f"cell {number}", "exec"), space)
        space |= {"CORPUS": str(source), "KINDS": ("name", "demonym")} if number == 0 else {}
    assert len(space["articles"]) == len(texts())
    made = figures.load_manifest(tmp_path / "out")
    assert {"04_countries", "04_pair_matrix", "04_pair_network", "04_pair_survival", "04_pair_map"} <= made.keys()
    assert {e["parameters"]["NULL"] for e in made.values()} == {"conditional"}
