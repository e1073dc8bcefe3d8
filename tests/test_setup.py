"""Set-up: one source of pins, and nothing in the repository that belongs elsewhere."""

import hashlib
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from analysis import figures

ROOT = figures.ROOT
SEEDS = {
    "000_52c242eebb87d741.txt": "65d2b8b0741e04fe03f8b7bf77b3dff4e6a5bade0169b9752a093fdda61d3cbf",
    "001_8d99f8f097d704b3.txt": "5cbb8262c051f0ad210b43951778dbfddf544e404f6cdfe0a624382ba14fce29",
    "002_b0c665405909d48b.txt": "37a25a5787ed53eb15da3d44eacf6dcd6190ef4e00e6e101b96e153b5b5b3b05",
    "003_faa8aecda8797ede.txt": "e74782858d2ca6e8feafea8badbbf343c5520f0deb9976dd22cf32b780d0ab67",
    "004_a69506151a1a2a0e.txt": "58d0000f9ca34d4f43d2ad54de72f1a76b526a43caa7460226a16cadc84f7892",
}


def pins():
    text = (ROOT / "requirements.txt").read_text()
    entries = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)[^\\\n]*((?:\\\n\s+--hash=sha256:[0-9a-f]{64}\s*)*)", text, re.M
    )
    return {canonicalize_name(name): (version, hashes.count("--hash")) for name, version, hashes in entries}


def wishes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(r) for r in project["dependencies"] + project["optional-dependencies"]["dev"]]


def test_every_pin_has_hashes():
    text = (ROOT / "requirements.txt").read_text()
    assert len(pins()) == len(re.findall(r"^[A-Za-z0-9]", text, re.M)) > 50
    assert all(n_hashes for _, n_hashes in pins().values())


@pytest.mark.parametrize("wish", wishes(), ids=lambda r: r.name)
def test_the_lock_holds_what_the_project_asks_for(wish):
    version, _ = pins()[canonicalize_name(wish.name)]
    assert wish.specifier.contains(version)


def test_the_lock_names_no_place():
    assert not re.search(r"https?://|file:|--(?:extra-)?index|--find-links", (ROOT / "requirements.txt").read_text())


def test_conda_installs_the_same_pins():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["dependencies"][-1] == {"pip": ["-r requirements.txt"]}
    assert [d.split("=")[0] for d in environment["dependencies"][:-1]] == ["python", "pip"]


@pytest.mark.parametrize("name", SEEDS)
def test_seeds_are_as_given(name):
    assert hashlib.sha256((ROOT / "seeds" / name).read_bytes()).hexdigest() == SEEDS[name]
    assert SEEDS[name] in (ROOT / "seeds" / "README.md").read_text()


def test_seeds_are_five():
    assert sorted(p.name for p in (ROOT / "seeds").iterdir()) == [*SEEDS, "README.md"]


@pytest.mark.parametrize(
    ("modules", "absent"),
    [
        ("analysis", {"numpy", "pandas", "matplotlib", "sklearn", "nbformat"}),
        ("analysis.corpus, analysis.figures, analysis.report", {"seaborn", "sklearn", "nbformat"}),
    ],
)
def test_import_stays_cheap(modules, absent):
    code = f"import sys, {modules}; print(*sorted({absent} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_modules_of_charts_and_figures_know_nothing_of_the_analysis():
    """Arrows point one way: charts and figures import none of the modules that count."""
    counting = r"corpus|segments|stories|tokens|terms|topics|lexicon|countries|comention"
    for path in [
        *(ROOT / "analysis" / f"{name}.py" for name in ("figures", "gallery")),
        *sorted((ROOT / "analysis" / "charts").glob("*.py")),
    ]:
        assert not re.search(
            rf"from analysis import .*\b(?:{counting})\b|from analysis\.(?:{counting})\b", path.read_text()
        ), path
