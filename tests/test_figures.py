"""Figures: what is written, that it is the same each time, and that a difference is found."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from analysis import charts, figures, gallery

DATA = pd.DataFrame({"term": ["iran", "cuba"], "per_million": [1 / 3, 2.0]})
FIGURE = """
import pandas as pd
from analysis import charts, figures
words = pd.DataFrame({"article": ["a", "b"], "role": ["body", "body"], "n_words": [3, 5]})
fig, ax = charts.subplots()
charts.words_by_role(words, title="Zwölf “Wörter” $5 – $6", ax=ax)
figures.save(fig, "01_words", data=words, alt="two bars")
"""


def figure(title="Two bars"):
    fig, ax = charts.subplots()
    ax.barh([0, 1], DATA["per_million"])
    ax.set_title(title)
    return fig


def test_save_writes_three_files_an_entry_and_the_gallery(tmp_path):
    saved = figures.save(
        figure(), "02_bars", data=DATA, alt="Two\n bars.", fingerprint="f", parameters={"TOP": 2}, folder=tmp_path
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "02_bars.csv",
        "02_bars.png",
        "02_bars.svg",
        "README.md",
        "manifest.json",
    ]
    assert (tmp_path / "02_bars.csv").read_text() == "term,per_million\niran,0.33333333\ncuba,2\n"
    entry = figures.load_manifest(tmp_path)["02_bars"]
    assert entry == {
        "title": "Two bars",
        "alt": "Two bars.",
        "notebook": "02_term_frequency.ipynb",
        "corpus": "f",
        "parameters": {"TOP": 2},
        "n_rows": 2,
        "sha256": {
            kind: hashlib.sha256((tmp_path / f"02_bars.{kind}").read_bytes()).hexdigest()
            for kind in ("csv", "png", "svg")
        },
    }
    assert saved.png == (tmp_path / "02_bars.png").read_bytes()
    assert saved._repr_png_() == (saved.png, {"width": 800, "alt": "Two bars."})
    assert repr(saved) == "figure 02_bars: Two bars."
    gallery = (tmp_path / "README.md").read_text()
    assert '<img src="02_bars.png" width="800" alt="Two bars.">' in gallery
    assert "[02_term_frequency.ipynb](../notebooks/02_term_frequency.ipynb)" in gallery


def test_the_picture_in_few_colours_looks_the_same():
    fig = figure()
    fig.axes[0].plot([0, 1], [0, 1], color="#E69F00", lw=1)
    whole = BytesIO()
    fig.savefig(whole, format="png")
    small = figures._render(fig, "png", {})
    one, other = (np.asarray(Image.open(BytesIO(png)).convert("RGB"), dtype=int) for png in (whole.getvalue(), small))
    assert len(small) < 0.6 * len(whole.getvalue())
    assert np.abs(one - other).max() <= figures._VISIBLE
    assert Image.open(BytesIO(small)).info["dpi"] == pytest.approx((150, 150), abs=0.1)


def test_a_picture_that_needs_its_colours_keeps_them():
    fig, ax = charts.subplots()
    ax.imshow(np.random.default_rng(0).random((60, 60, 3)))
    whole = BytesIO()
    fig.savefig(whole, format="png")
    assert figures._smaller(whole.getvalue()) == whole.getvalue()


def test_bytes_tell_neither_time_nor_machine(tmp_path):
    figures.save(figure(), "02_bars", data=DATA, alt="x", folder=tmp_path)
    svg, png = (tmp_path / "02_bars.svg").read_text(), (tmp_path / "02_bars.png").read_bytes()
    assert "<dc:date>" not in svg
    assert "Matplotlib v" not in svg
    assert b"Software" not in png


def test_bytes_are_the_same_in_any_process(tmp_path):
    """Another hash seed, folder, locale, time zone, number of threads, and matplotlib settings of the user."""
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: none\n")
    settings = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C"},
        {
            "PYTHONHASHSEED": "2",
            "TZ": "Asia/Tehran",
            "LC_ALL": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MATPLOTLIBRC": str(tmp_path),
            "MPLBACKEND": "svg",
        },
    ]
    digests = []
    for i, setting in enumerate(settings):
        folder, place = tmp_path / f"figures{i}", tmp_path / f"place{i}"
        place.mkdir()
        environment = {**os.environ, **setting, figures.ENVIRONMENT: str(folder), "PYTHONPATH": str(figures.ROOT)}
        subprocess.run([sys.executable, "-c", FIGURE], env=environment, cwd=place, check=True)
        digests.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())})
    assert digests[0] == digests[1]
    assert len(digests[0]) == 5


def test_order_of_saving_does_not_matter(tmp_path):
    names = ["02_b", "01_a", "03_c"]
    for folder, order in [("one", names), ("two", names[::-1])]:
        for name in order:
            figures.save(figure(name), name, data=DATA, alt=name, folder=tmp_path / folder)
    assert figures.compare(tmp_path / "one", tmp_path / "two").empty


def test_saving_at_once_loses_no_entry(tmp_path):
    names = [f"0{i}_x" for i in range(6)]

    def save(name):
        fig = figure(name)
        figures.save(fig, name, data=DATA, alt="x", folder=tmp_path)

    threads = [threading.Thread(target=save, args=(n,)) for n in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(figures.load_manifest(tmp_path)) == names


def test_gallery_escapes_what_the_corpus_says(tmp_path):
    figures.save(figure("<script>*x*"), "02_x", data=DATA, alt='"><img onerror=1> [a](b)', folder=tmp_path)
    gallery = (tmp_path / "README.md").read_text()
    assert "<script>" not in gallery
    assert "<img onerror" not in gallery
    assert r"&lt;script&gt;\*x\*" in gallery
    assert r"\[a\](b)" in gallery


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "bars"}, "figure name 'bars' is not of the form NN_lower_case_words"),
        ({"name": "02_../x"}, "is not of the form"),
        ({"alt": "  "}, "figure 02_x: alt text is empty"),
        ({"data": DATA[[]]}, "figure 02_x: data must be a DataFrame with columns"),
        ({"data": [1]}, "figure 02_x: data must be a DataFrame with columns"),
        ({"fig": figure("")}, "figure 02_x has no title"),
    ],
)
def test_bad_arguments(tmp_path, change, message):
    given = {"fig": figure(), "name": "02_x", "data": DATA, "alt": "x", "folder": tmp_path, **change}
    with pytest.raises(ValueError, match=message):
        figures.save(given.pop("fig"), given.pop("name"), **given)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_earlier_file(tmp_path, monkeypatch):
    figures.save(figure(), "02_x", data=DATA, alt="x", folder=tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(descriptor, *arguments):
        os.close(descriptor)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OSError, match="No space left on device"):
        figures.save(figure("Other"), "02_x", data=DATA, alt="other", folder=tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_figures_of_another_corpus_go_elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv(figures.ENVIRONMENT)
    seeds = figures.saver(figures.ROOT / "seeds", fingerprint="f")
    other = figures.saver(tmp_path / "my articles", fingerprint="f")
    assert seeds.keywords["folder"] == figures.FOLDER
    assert other.keywords["folder"] == figures.ROOT / "output" / "my articles"
    monkeypatch.setenv(figures.ENVIRONMENT, str(tmp_path))
    assert figures.saver(figures.ROOT / "seeds", fingerprint="f").keywords["folder"] == str(tmp_path)


def test_compare_names_each_difference(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    for name in ("01_same", "02_number", "03_picture", "04_gone", "05_rows", "06_close"):
        figures.save(figure(), name, data=DATA, alt="x", folder=old)
    figures.save(figure(), "01_same", data=DATA, alt="x", folder=new)
    figures.save(figure(), "02_number", data=DATA.assign(per_million=[1 / 3, 2.1]), alt="x", folder=new)
    figures.save(figure("Other"), "03_picture", data=DATA, alt="x", folder=new)
    figures.save(figure(), "05_rows", data=DATA.head(1), alt="x", folder=new)
    figures.save(figure(), "06_close", data=DATA.assign(per_million=[1 / 3, 2 + 1e-7]), alt="x", folder=new)
    figures.save(figure(), "07_new", data=DATA, alt="x", folder=new)
    found = dict(figures.compare(old, new).itertuples(index=False))
    assert found == {
        "02_number.csv": "per_million in row 2 is 2.1 instead of 2.0",
        "03_picture.png": "other bytes",
        "03_picture.svg": "other bytes",
        "04_gone.csv": "committed, but no notebook makes it",
        "04_gone.png": "committed, but no notebook makes it",
        "04_gone.svg": "committed, but no notebook makes it",
        "05_rows.csv": "1 rows instead of 2",
        "06_close.csv": "other bytes (its data agree within 1e-06)",
        "07_new.csv": "made by a notebook, but not committed",
        "07_new.png": "made by a notebook, but not committed",
        "07_new.svg": "made by a notebook, but not committed",
        "README.md": "other bytes",
        "manifest.json": "other bytes",
    }


def test_the_committed_manifest_holds():
    manifest = figures.load_manifest()
    files = {p.name for p in figures.FOLDER.iterdir()}
    assert files == {f"{n}.{k}" for n in manifest for k in ("svg", "png", "csv")} | {"manifest.json", "README.md"}
    for name, entry in manifest.items():
        assert entry["notebook"], name
        for kind, digest in entry["sha256"].items():
            content = (figures.FOLDER / f"{name}.{kind}").read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest, f"{name}.{kind}"
    assert len({e["corpus"] for e in manifest.values()}) == 1
    assert json.dumps(manifest).count(str(figures.ROOT)) == 0


def test_locks_do_not_pile_up(tmp_path):
    assert len({gallery.lock(tmp_path / str(i)).lock_file for i in range(500)}) == 16
    assert gallery.lock(tmp_path).lock_file == gallery.lock(tmp_path / "x" / "..").lock_file
