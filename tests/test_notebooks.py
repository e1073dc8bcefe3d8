"""What a committed notebook must be: run top to bottom, with its outputs, and nothing private in them."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_output as output

from analysis import execution, figures

PATHS = sorted((figures.ROOT / "notebooks").glob("*.ipynb"))
MOST_BYTES = 1_000_000

PRIVATE = re.compile(
    r"(?<![\w.<])/(?:home|root|Users|tmp|var|usr|opt|mnt|work|private)/|[A-Za-z]:\\\\|object at 0x[0-9a-f]+|Traceback"
)
MARKERS = re.compile(r"NBVAL_\w+|nbval-\w+|raises-exception|PYTEST_VALIDATE")
LOGIC = re.compile(r"^\s*(?:def|class|for|while|async|with|try)\b", re.MULTILINE)


def complaints(path) -> list[str]:
    """Say what is wrong with a notebook file; an empty list means nothing."""
    found = []
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [c for c in notebook.cells if c.cell_type == "code"]
    counts = [c.execution_count for c in code]
    if None in counts:
        found.append("stripped: a cell has no execution count, and nbval would not compare it")
    elif counts != list(range(1, len(code) + 1)):
        found.append("out of order: not run from top to bottom")
    if not any(c.outputs for c in code):
        found.append("stripped: no cell has an output")
    if notebook.metadata.get("kernelspec") != execution.METADATA["kernelspec"]:
        found.append("a private kernel name")
    if notebook.metadata != execution.METADATA:
        found.append("metadata other than `make figures` writes")
    if path.stat().st_size > MOST_BYTES:
        found.append(f"over {MOST_BYTES:,} bytes")
    for number, cell in enumerate(code, 1):
        for out in cell.outputs:
            if out.output_type == "error":
                found.append(f"code cell {number}: saved with an error")
            if out.get("name") == "stderr":
                found.append(f"code cell {number}: a warning in its output")
            data = {k: v for k, v in out.get("data", {}).items() if not k.startswith("image/")}
            if PRIVATE.search(json.dumps(data, ensure_ascii=False) + out.get("text", "")):
                found.append(f"code cell {number}: a path, an address or a traceback in its output")
        if MARKERS.search(cell.source + json.dumps(cell.metadata)):
            found.append(f"code cell {number}: marked so that nbval does not check it")
        if cell.source.rstrip().endswith(";"):
            found.append(f"code cell {number}: ends with a semicolon")
        if LOGIC.search(cell.source):
            found.append(f"code cell {number}: logic that belongs in analysis/")
        if "execution" in cell.metadata:
            found.append(f"code cell {number}: timing in its metadata")
    tags = [c.metadata.get("tags", []) for c in code]
    if tags.count(["parameters"]) != 1 or tags[0] != ["parameters"]:
        found.append("the first code cell must be the only one tagged 'parameters'")
    return found


def test_there_are_notebooks():
    assert [p.name[:3] for p in PATHS][:4] == ["01_", "02_", "03_", "04_"]


@pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
def test_committed_notebook(path):
    assert complaints(path) == []


def test_names_are_told_apart_by_number():
    assert len({p.name[:2] for p in PATHS}) == len(PATHS)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda n: n.cells[2].update(execution_count=None), "stripped: a cell has no execution count"),
        (lambda n: n.cells[2].update(execution_count=7), "out of order"),
        (lambda n: [c.update(outputs=[]) for c in n.cells if c.cell_type == "code"], "stripped: no cell has an output"),
        (lambda n: n.metadata.kernelspec.update(name="my-env"), "a private kernel name"),
        (lambda n: n.metadata.update(widgets={}), "metadata other than"),
        (lambda n: n.cells[0].update(source="x" * MOST_BYTES), "over 1,000,000 bytes"),
        (lambda n: n.cells[2].outputs.append(output("error", ename="E", evalue="")), "saved with an error"),
        (lambda n: n.cells[2].outputs.append(output("stream", name="stderr", text="w")), "a warning in its output"),
        (lambda n: n.cells[2].outputs.append(output("stream", text="/home/me/x.txt")), "an address"),
        (lambda n: n.cells[2].outputs.append(output("stream", text="<A object at 0x7f00>")), "an address"),
        (lambda n: n.cells[2].update(source="# NBVAL_SKIP\n1"), "marked so that nbval does not check it"),
        (lambda n: n.cells[2].metadata.update(tags=["nbval-ignore-output"]), "marked so that nbval does not check it"),
        (lambda n: n.cells[2].update(source="x = 1\nx;"), "ends with a semicolon"),
        (lambda n: n.cells[2].update(source="def f():\n    pass"), "logic that belongs in analysis/"),
        (lambda n: n.cells[2].metadata.update(execution={}), "timing in its metadata"),
        (lambda n: n.cells[1].metadata.update(tags=[]), "must be the only one tagged 'parameters'"),
    ],
)  # fmt: skip
def test_the_guard_refuses(tmp_path, spoil, complaint):
    code = [nbformat.v4.new_code_cell(f"{i}", id=f"c{i}", execution_count=i + 1) for i in range(3)]
    code[0].metadata["tags"] = ["parameters"]
    code[1].outputs = [output("execute_result", data={"text/plain": "1"}, execution_count=2)]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Q", id="t"), *code])
    path = tmp_path / "01_x.ipynb"
    path.write_bytes(execution.content(notebook))
    assert complaints(path) == []
    spoil(notebook := nbformat.read(path, as_version=4))
    path.write_text(nbformat.writes(notebook))
    assert [c for c in complaints(path) if complaint in c]
