"""Make `pytest --nbval` strict: pictures are compared too, and kernels write no figure into the project."""

import os
import tempfile

import pytest
from nbval.plugin import IPyNbFile

_folder = tempfile.TemporaryDirectory(prefix="dateline-nbval-")


def pytest_configure(config: pytest.Config) -> None:
    """Give the kernels, which inherit this process's environment, a folder for figures and a fixed hash seed."""
    os.environ["DATELINE_FIGURES"] = _folder.name
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ["IPYTHONDIR"] = os.path.join(_folder.name, "ipython")
    config.add_cleanup(_folder.cleanup)


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let nbval compare pixels: a redrawn chart must fail."""
    if isinstance(collector, IPyNbFile):
        collector.skip_compare = tuple(key for key in collector.skip_compare if key != "image/png")
