"""Wrong values of the notebooks' parameters are refused with the list of what is allowed."""

import ast
import re

import pytest

from analysis import execution, figures, parameters, report

NOTEBOOKS = execution.read(report.NOTEBOOKS)
KNOWN = execution.parameters_of(NOTEBOOKS.values())


def defaults():
    """Return the parameters of each notebook, as its own cell sets them."""
    found = []
    for path, notebook in NOTEBOOKS.items():
        for statement in ast.parse(notebook.cells[1].source).body:
            found.append(
                pytest.param(statement.targets[0].id, ast.literal_eval(statement.value), id=f"{path.name[:2]}")
            )
    return found


@pytest.mark.parametrize(("name", "value"), defaults())
def test_the_notebooks_own_values_are_allowed(name, value):
    parameters.check({name: value}, known=KNOWN)


def test_every_parameter_is_checked():
    assert KNOWN - parameters.ALLOWED.keys() == {"CORPUS", "COLUMNS"}
    assert parameters.ALLOWED.keys() <= KNOWN


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("WITHIN", "chapter", "WITHIN must be one of article, paragraph, sentence, not 'chapter'"),
        ("WITHIN", ["article"], "WITHIN must be one of article, paragraph, sentence, not ['article']"),
        (
            "KINDS",
            ("name", "captial"),
            "KINDS must be one or more of name, demonym, capital, leader, institution, organisation, or None for all, "
            "not ('name', 'captial')",
        ),
        ("KINDS", (), "or None for all, not ()"),
        ("PERIOD", "fortnight", "PERIOD must be one of auto, day, week, month, quarter, year, not 'fortnight'"),
        ("NULL", "poisson", "NULL must be one of bicm, conditional, not 'poisson'"),
        ("DEPENDENCE", None, "DEPENDENCE must be one of none, stories, not None"),
        ("TITLES", "last", "TITLES must be one of apart, first, not 'last'"),
        ("MARKUP", "true", "MARKUP must be True or False, not 'true'"),
        ("MARKUP", 1, "MARKUP must be True or False, not 1"),
        ("STEM", "klingon", "russian"),
        ("N_TOPICS", "five", "N_TOPICS must be a whole number, 1 at least, or None, not 'five'"),
        ("TOP_TERMS", True, "TOP_TERMS must be a whole number, 1 at least, not True"),
        ("TOP_TERMS", 0, "1 at least, not 0"),
        ("MAX_Q", 5, "MAX_Q must be a number between 0 and 1, not 5"),
        ("PHRASES", "Iran", "PHRASES must be a list of words or expressions, such as [\"Latin America\"], not 'Iran'"),
        ("TOPS", 1, "no notebook has a parameter 'TOPS'; parameters are AROUND, COLUMNS, CORPUS, "),
    ],
)
def test_wrong_values(name, value, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parameters.check({name: value}, known=KNOWN)


@pytest.mark.parametrize("value", [("name", "capital"), ["leader"], "name", None])
def test_kinds_may_be_one_or_many(value):
    parameters.check({"KINDS": value}, known=KNOWN)


def test_nothing_is_read_or_run(tmp_path, monkeypatch):
    monkeypatch.setattr(report.corpus, "load_articles", lambda *_, **__: pytest.fail("the corpus was read"))
    with pytest.raises(report.RunError, match="WITHIN must be one of article, paragraph, sentence, not 'chapter'"):
        report.save_figures(out=tmp_path / "out", parameters={"WITHIN": "chapter"})
    with pytest.raises(report.RunError, match="the corpus is named by --corpus PATH"):
        report.save_figures(out=tmp_path / "out", parameters={"CORPUS": str(figures.ROOT)})
    assert not (tmp_path / "out").exists()
