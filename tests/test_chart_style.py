"""The typeface of the charts, and what stands in for the letters that it lacks."""

from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager

from analysis import charts
from analysis.charts import style


@pytest.fixture
def installed(monkeypatch):
    """Install typefaces: all have the letters of matplotlib's serif."""
    file = str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSerif.ttf"))

    def install(*names):
        fonts = [f for f in font_manager.fontManager.ttflist if f.name not in style.FALLBACK]
        fonts += [font_manager.FontEntry(fname=file, name=name) for name in names]
        monkeypatch.setattr(font_manager.fontManager, "ttflist", fonts)

    yield install
    monkeypatch.undo()
    charts.use_style()


def test_a_typeface_stands_in_only_where_it_is_installed(installed):
    installed()
    charts.use_style()
    assert matplotlib.rcParams["font.family"] == [style.TYPEFACE]
    installed("Malgun Gothic", "Comic Neue", "PingFang SC")
    charts.use_style()
    assert matplotlib.rcParams["font.family"] == [style.TYPEFACE, "PingFang SC", "Malgun Gothic"]


def test_what_stands_in_changes_no_letter_that_the_typeface_has(installed, tmp_path, capfd):
    drawn = []
    for names in ((), ("PingFang SC",)):
        installed(*names)
        charts.use_style()
        figure, ax = charts.subplots(width=3, height=2)
        ax.set_title("Тегеран, Ελλάδα, Zürich")
        figure.savefig(tmp_path / "chart.png")
        drawn.append((tmp_path / "chart.png").read_bytes())
    assert drawn[0] == drawn[1]
    assert capfd.readouterr().err == ""
