"""Settings of all tests: property tests draw the same examples each time; nothing is written into the checkout."""

import os
import tempfile

import hypothesis
import hypothesis.configuration
import matplotlib
import pandas as pd
import pytest

from analysis import figures, frames

NOT_OURS = {".venv", ".git", "__pycache__", ".ipynb_checkpoints"}

hypothesis.configuration.set_hypothesis_home_dir(os.path.join(tempfile.gettempdir(), "dateline-hypothesis"))
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


@pytest.fixture(scope="session")
def unit_corpus():
    """Return a function: sets of country codes, one an article of one paragraph, to a ledger and its articles."""

    def build(units, *, stories=None):
        """One article per unit, of one paragraph; ``units`` is a list of sets of country codes."""
        articles = pd.DataFrame(
            {
                "article_id": [f"a{i:04}" for i in range(len(units))],
                "text": ["Something happened. Something else did."] * len(units),
            }
        ).astype("str")
        if stories is not None:
            articles["story_id"] = pd.Series(stories, dtype="str")
        rows = [
            {"article_id": f"a{i:04}", "start": n, "end": n + 1, "surface": "x", "country": c, "kind": "name",
             "role": "body", "segment": 0, "sentence": 0, "accepted": True, "rule": "test"}
            for i, named in enumerate(units)
            for n, c in enumerate(sorted(named))
        ]  # fmt: skip
        return frames.conform(rows, "mentions"), articles

    return build
