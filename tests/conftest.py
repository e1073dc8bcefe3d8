"""Settings of all tests: property tests draw the same examples each time; nothing is written into the checkout."""

import os
import tempfile

import hypothesis
import hypothesis.configuration
import matplotlib
import pytest

from analysis import figures

NOT_OURS = {".venv", ".git", "__pycache__", ".ipynb_checkpoints"}

_HOME = tempfile.TemporaryDirectory(prefix="hypothesis-")
hypothesis.configuration.set_hypothesis_home_dir(_HOME.name)
hypothesis.settings.register_profile("dateline", database=None, deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.load_profile("dateline")


@pytest.fixture(autouse=True)
def _figures_aside(tmp_path_factory, monkeypatch):
    """Send figures that a test saves to a temporary folder, and leave matplotlib as it was."""
    monkeypatch.setenv("DATELINE_FIGURES", str(tmp_path_factory.mktemp("figures")))
    with matplotlib.rc_context():
        yield


@pytest.fixture(autouse=True, scope="session")
def _checkout_untouched():
    """Fail if the tests wrote, changed or removed a file of the project."""
    before = _files()
    yield
    assert _files() == before


def _files() -> dict[str, tuple[int, int]]:
    found = {}
    for folder, folders, names in os.walk(figures.ROOT):
        folders[:] = [f for f in folders if f not in NOT_OURS]
        for path in (os.path.join(folder, name) for name in names):
            state = os.lstat(path)
            found[path] = (state.st_size, state.st_mtime_ns)
    return found
