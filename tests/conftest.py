"""Settings of all tests: property tests draw the same examples each time; nothing is written into the checkout."""

import hypothesis
import matplotlib
import pytest

hypothesis.settings.register_profile("dateline", database=None, deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.load_profile("dateline")


@pytest.fixture(autouse=True)
def _figures_aside(tmp_path_factory, monkeypatch):
    """Send figures that a test saves to a temporary folder, and leave matplotlib as it was."""
    monkeypatch.setenv("DATELINE_FIGURES", str(tmp_path_factory.mktemp("figures")))
    with matplotlib.rc_context():
        yield
