"""The notebooks run over corpora that are nothing like the seeds."""

import nbformat
import pytest

from analysis import corpus, figures, report, segments


def without_countries(folder):
    for day in range(1, 4):
        text = f"The rain fell on the hills for {day} days. The river rose and the fields were under water by Monday."
        (folder / f"{day}.txt").write_text(text)


def many_short_articles(folder):
    """Each paragraph of the seeds an article; more than thirty, so that topics are made of articles."""
    articles, _ = corpus.load_articles()
    parts = segments.paragraphs(articles)
    for number, text in enumerate(segments.text_of(parts[parts["role"] == "body"], articles)):
        dateline = "PARIS (AP) - " if number % 3 else ""
        (folder / f"p{number:02d}.txt").write_text(f"{dateline}{text}\n\n<b>{number}</b> $5 *bold* `code`")


def partly_spanish(folder):
    many_short_articles(folder)
    for day in range(1, 4):
        text = f"El presidente de Irán se reunió {day} veces con el canciller de Cuba para hablar de la cooperación."
        (folder / f"s{day}.txt").write_text(text)


def test_notebooks_say_what_they_leave_out_for_its_language():
    for path in sorted(report.NOTEBOOKS.glob("0[234]_*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        outputs = "".join(str(c.get("outputs", "")) for c in cells)
        assert any("metadata.left_out(loaded)" in c.source for c in cells), path
        assert "No article is left out for its language." in outputs, path


@pytest.mark.parametrize("write", [without_countries, partly_spanish])
def test_all_notebooks_run(tmp_path, write):
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    write(source)
    before = {p: p.read_bytes() for p in figures.FOLDER.iterdir()}
    report.save_figures(source, out)
    missing = figures.load_manifest().keys() - figures.load_manifest(out).keys()
    # One outlet only; too few units for numbers of topics to be compared; too many units for a tree, or too few.
    assert missing <= {"02_keyness", "03_number_of_topics", "03_tree_of_units"}
    assert {p: p.read_bytes() for p in figures.FOLDER.iterdir()} == before
    fingerprint = corpus.fingerprint(corpus.load_articles(source)[0])
    assert {e["corpus"] for e in figures.load_manifest(out).values()} == {fingerprint}
    for path in (out / "notebooks").iterdir():
        outputs = [o for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code" for o in c.outputs]
        if write is partly_spanish and path.name[:2] in ("02", "03", "04"):
            assert "which are not in English (3 es)." in str(outputs), path
        assert not [o for o in outputs if o.get("name") == "stderr"], path
