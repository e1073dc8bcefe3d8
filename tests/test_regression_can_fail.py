"""Plant faults in a copy of the project: the checks of `make test` must go red for each, and green for none."""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from analysis import figures

COPIED = ["analysis", "figures", "notebooks", "seeds", "tests", "pyproject.toml"]
GUARD = ["-m", "pytest", "tests/test_notebooks.py", "-k", "committed"]
VERIFY = ["-m", "analysis", "verify"]


def nbval(number):
    name = next(p.name for p in sorted((figures.ROOT / "notebooks").glob(f"{number}_*.ipynb")))
    return ["-m", "pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", f"notebooks/{name}"]


@pytest.fixture
def copy(tmp_path):
    """A copy of the project, whose `analysis` is the copy's own."""
    root = tmp_path / "copy"
    root.mkdir()
    ignore = shutil.ignore_patterns("__pycache__", "benchmarks")
    for name in COPIED:
        source = figures.ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=ignore)
        else:
            shutil.copy(source, root / name)
    return root


def run(copy, command):
    """Run a check in the copy; return its exit code and what it said."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "DATELINE_"))}
    environment |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


def edit(copy, number, change):
    """Apply ``change`` to the notebook of that number."""
    path = next((copy / "notebooks").glob(f"{number}_*.ipynb"))
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(nbformat.writes(notebook) + "\n")


def tables(notebook):
    return [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs if "text/html" in o.get("data", {})]


def pictures(notebook):
    return [o for c in notebook.cells if c.cell_type == "code" for o in c.outputs if "image/png" in o.get("data", {})]


def changed_number(copy):
    def change(notebook):
        data = tables(notebook)[0].data
        digit = re.search(r"(?<=<td>)\d", data["text/html"])
        other = str((int(digit[0]) + 1) % 10)
        data["text/html"] = data["text/html"][: digit.start()] + other + data["text/html"][digit.end() :]

    edit(copy, "02", change)


def redrawn_in_the_notebook(copy):
    def change(notebook):
        first, second = pictures(notebook)[:2]
        first.data["image/png"] = second.data["image/png"]

    edit(copy, "02", change)


def redrawn_in_figures(copy):
    """Save a figure anew from other data, its manifest entry and gallery in order."""
    code = (
        "import pandas as pd\n"
        "from analysis import charts, figures\n"
        "name = next(iter(figures.load_manifest()))\n"
        "entry = figures.load_manifest()[name]\n"
        "fig, ax = charts.subplots()\n"
        "ax.set_title(entry['title'])\n"
        "data = pd.read_csv(figures.FOLDER / f'{name}.csv')\n"
        "figures.save(fig, name, data=data, alt=entry['alt'], fingerprint=entry['corpus'])\n"
    )
    assert run(copy, ["-c", code])[0] == 0


def dropped_article(copy):
    next((copy / "seeds").glob("004_*.txt")).unlink()


def swapped_lexicon_rows(copy):
    path = copy / "analysis" / "lexicon.csv"
    text = path.read_text()
    assert "\nIran,IRN," in text
    assert "\nCuba,CUB," in text
    path.write_text(text.replace("\nIran,IRN,", "\nIran,CUB,").replace("\nCuba,CUB,", "\nCuba,IRN,"))


def stripped(copy):
    def change(notebook):
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.update(outputs=[], execution_count=None)

    edit(copy, "03", change)


def exchanged_cells(copy):
    def change(notebook):
        code = [i for i, c in enumerate(notebook.cells) if c.cell_type == "code"]
        a, b = code[-2], code[-1]
        notebook.cells[a], notebook.cells[b] = notebook.cells[b], notebook.cells[a]

    edit(copy, "04", change)


def statistic_off_by_one(copy):
    with (copy / "analysis" / "terms.py").open("a") as file:
        file.write(
            "\n_right = frequencies\n\n\ndef frequencies(*args, **kwargs):\n"
            "    table = _right(*args, **kwargs)\n    return table.assign(df=table['df'] + 1)\n"
        )


def test_the_copy_is_green(copy):
    """The slower checks need no such control: what they say below names the fault and nothing else."""
    code, said = run(copy, GUARD)
    assert code == 0, said


@pytest.mark.parametrize(
    ("fault", "command", "says"),
    [
        (changed_number, nbval("02"), r"1 failed"),
        (redrawn_in_the_notebook, nbval("02"), r"image/png(?s:.*)1 failed"),
        (redrawn_in_figures, VERIFY, r"^3 files differ"),
        (dropped_article, nbval("01"), r"failed"),
        (swapped_lexicon_rows, nbval("04"), r"failed"),
        (stripped, GUARD, r"stripped: a cell has no execution count"),
        (exchanged_cells, GUARD, r"out of order"),
        (statistic_off_by_one, nbval("02"), r"failed"),
    ],
    ids=lambda value: getattr(value, "__name__", None) or "",
)
def test_a_fault_turns_the_suite_red(copy, fault, command, says):
    fault(copy)
    code, said = run(copy, command)
    assert code == 1, said
    assert re.search(says, said, re.MULTILINE), said


def test_numbers_are_never_masked():
    """No sanitising of outputs: neither an option of nbval nor a marker in a notebook."""
    assert "sanitize" not in (figures.ROOT / "Makefile").read_text() + (figures.ROOT / "pyproject.toml").read_text()
    for path in (figures.ROOT / "notebooks").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.pop("outputs", None)  # the letters of a picture may spell anything
        assert "nbval" not in json.dumps(notebook).lower()
