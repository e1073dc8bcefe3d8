"""The notebooks run over corpora that are nothing like the seeds."""

import nbformat
import pandas as pd
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
    of_any = {"02_keyness", "03_number_of_topics", "03_tree_of_units"}
    assert missing - of_any == ({"03_topics_by_country"} if write is without_countries else set())
    assert {p: p.read_bytes() for p in figures.FOLDER.iterdir()} == before
    fingerprint = corpus.fingerprint(corpus.load_articles(source)[0])
    assert {e["corpus"] for e in figures.load_manifest(out).values()} == {fingerprint}
    for path in (out / "notebooks").iterdir():
        outputs = [o for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code" for o in c.outputs]
        if write is partly_spanish and path.name[:2] in ("02", "03", "04"):
            assert "which are not in English (3 es)." in str(outputs), path
        assert not [o for o in outputs if o.get("name") == "stderr"], path
        if path.name.startswith("01"):
            assert "no rows; columns" not in str(outputs)
            assert "No article is from a known outlet." in str(outputs) or write is partly_spanish
    groups = pd.read_csv(out / "01_words_by_role.csv")
    assert ("group" in groups.columns) == (write is partly_spanish)  # more than 40 articles
    assert groups.iloc[:, 0].notna().all()


def test_a_corpus_without_english_has_01(tmp_path):
    source, out, said = tmp_path / "source", tmp_path / "out", []
    source.mkdir()
    texts = ["Le ministre a rencontré le président à Paris.", "Les deux pays ont signé un accord sur la pêche."]
    for n, text in enumerate([*texts, texts[0]]):
        page = f"Rencontre numéro {n}\n\n2024-03-0{n + 1}\n\n{text} {' '.join(texts)} {text}\n"
        (source / f"{'ab'[n % 2]}{n}.txt").write_text(page, encoding="utf-8")
    report.save_figures(source, out, say=said.append)
    assert [p.name for p in (out / "notebooks").iterdir()] == ["01_corpus.ipynb"]
    assert sorted(figures.load_manifest(out)) == ["01_what_n_supports", "01_words_by_role"]
    left = "left out: 02_term_frequency, 03_topic_clustering, 04_country_comention."
    assert said[0].endswith(left)
    assert left.replace("_", r"\_") in (out / "README.md").read_text(encoding="utf-8")
    cells = nbformat.read(out / "notebooks" / "01_corpus.ipynb", as_version=4).cells
    shown = {c.id: str(c.outputs) for c in cells if c.cell_type == "code"}
    assert "No article is in English, so notebooks 02 to 04 have nothing to read" in shown["01-17-left"]
    assert "Every article states a date." in shown["01-15"]
    assert "n_shared" in shown["01-12-largest"]
