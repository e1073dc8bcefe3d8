"""The command: notebooks run over a corpus, or nothing is changed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest

from analysis import __main__ as command
from analysis import corpus, execution, figures, report

GOOD = (
    "from analysis import corpus, show\n"
    "articles, problems = corpus.load_articles(CORPUS)\n"
    "show.table(articles[['article_id']])"
)
SAVE = (
    "from analysis import charts, figures\n"
    "words = articles.assign(article=articles['article_id'], role='body')[['article', 'role', 'n_words']]\n"
    "fig, ax = charts.subplots()\n"
    "charts.words_by_role(words, title='Words', ax=ax)\n"
    "figures.save(fig, '01_words', data=words, alt='words', fingerprint=corpus.fingerprint(articles))"
)


def notebook_of(*cells, parameters=""):
    first = f"CORPUS = '../seeds'\n{parameters}".strip()
    code = [nbformat.v4.new_code_cell(first, id="p", metadata={"tags": ["parameters"]})]
    code += [nbformat.v4.new_code_cell(c, id=f"c{i}") for i, c in enumerate(cells)]
    return nbformat.v4.new_notebook(cells=code)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of one small notebook, with the seeds."""
    root = tmp_path / "project"
    (root / "notebooks").mkdir(parents=True)
    (root / "seeds").symlink_to(corpus.SEEDS)
    nbformat.write(notebook_of(GOOD, SAVE), root / "notebooks" / "01_words.ipynb")
    monkeypatch.setattr(report, "NOTEBOOKS", root / "notebooks")
    monkeypatch.setattr(figures, "FOLDER", root / "figures")
    return root


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "my articles"
    folder.mkdir()
    (folder / "one.txt").write_text("Iran met Cuba.")
    (folder / "two.txt").write_text("Russia met China.")
    return folder


def snapshot(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_second_run_changes_no_byte(project):
    first = report.save_figures()
    assert first["changed"].all()
    before = snapshot(project)
    assert sorted(before) == [
        "figures/01_words.csv",
        "figures/01_words.png",
        "figures/01_words.svg",
        "figures/README.md",
        "figures/manifest.json",
        "notebooks/01_words.ipynb",
    ]
    assert not report.save_figures()["changed"].any()
    assert snapshot(project) == before
    assert report.verify().empty


def test_outputs_tell_neither_time_nor_machine(project):
    report.save_figures()
    notebook = nbformat.read(project / "notebooks" / "01_words.ipynb", as_version=4)
    assert [c.execution_count for c in notebook.cells] == [1, 2, 3]
    assert all("execution" not in c.metadata for c in notebook.cells)
    assert "version" not in notebook.metadata.language_info
    assert str(project) not in (project / "notebooks" / "01_words.ipynb").read_text()


def test_verify_names_what_differs(project):
    report.save_figures()
    (project / "figures" / "01_words.csv").write_text("article,role,n_words\n000,body,1\n")
    path = project / "notebooks" / "01_words.ipynb"
    path.write_text(path.read_text().replace("000_52c242eebb87d741", "000_changed"))
    found = report.verify()
    assert found["file"].tolist() == ["figures/01_words.csv", "notebooks/01_words.ipynb"]
    assert found["difference"].tolist() == ["5 rows instead of 1", "its code gives other outputs than it holds"]


OF_WORDS = ["01_words.csv", "01_words.png", "01_words.svg", "README.md", "manifest.json", "notebooks/01_words.ipynb"]


def test_another_corpus_changes_nothing_of_ours(project, articles, tmp_path, capsys):
    report.save_figures()
    before = snapshot(project)
    out = tmp_path / "out"
    assert command.main(["figures", "--corpus", str(articles), "--out", str(out)]) == 0
    assert snapshot(project) == before
    assert sorted(snapshot(out)) == OF_WORDS
    assert pd.read_csv(out / "01_words.csv")["article"].tolist() == ["one", "two"]
    line = corpus.summary(*corpus.load_articles(articles))
    assert capsys.readouterr().out == f"{line}\n6 files made, 6 of them new or changed\n"


def test_the_corpus_is_read_once_and_titles_apart_are_told(project, tmp_path, monkeypatch, capsys):
    table, read = tmp_path / "t.csv", []
    table.write_text("title,text\nPact,Iran met Cuba and talks went on.\n")
    load = corpus.load_articles

    def load_and_change(*args, **kwargs):
        found = load(*args, **kwargs)
        read.append(kwargs)
        table.write_text("title,text\n" + "Pact,Iran met Cuba.\nTalks,Cuba met Iran.\n")
        return found

    monkeypatch.setattr(corpus, "load_articles", load_and_change)
    arguments = ["figures", "--corpus", str(table), "--out"]
    assert command.main([*arguments, str(tmp_path / "out")]) == 0
    assert len(pd.read_csv(tmp_path / "out" / "01_words.csv")) == 1
    assert "are not counted; --set TITLES=first counts them as headlines.\n" in capsys.readouterr().out
    assert [r.get("titles", "apart") for r in read] == ["apart"]


def test_html_in_the_rows_of_tables_is_told_and_read_once_asked(project, tmp_path, capsys):
    table, out = tmp_path / "t.csv", tmp_path / "out"
    table.write_text("text\n<p class=a>Iran met Cuba and talks went on.</p>\n")
    reads = GOOD.replace("(CORPUS)", "(CORPUS, markup=MARKUP)")
    nbformat.write(notebook_of(reads, SAVE, parameters="MARKUP = False"), project / "notebooks" / "01_words.ipynb")
    said = "Tags of HTML in the rows of tables count as words; --set MARKUP=True reads them.\n"
    for options, n_words, is_said in (([], 8, True), (["--set", "MARKUP=True"], 7, False)):
        assert command.main(["figures", "--corpus", str(table), "--out", str(out), *options]) == 0
        assert (said in capsys.readouterr().out) == is_said
        assert pd.read_csv(out / "01_words.csv")["n_words"].tolist() == [n_words]


FRENCH = "Le ministre a rencontré le président à Paris, et les deux pays ont signé un accord sur le commerce."


def test_without_an_english_article_the_notebooks_that_read_all_languages_are_made(project, articles, tmp_path, capsys):
    english = GOOD.replace(
        "show.table", "from analysis import metadata\narticles = metadata.english(articles)\nshow.table"
    )
    nbformat.write(
        notebook_of(english, SAVE.replace("01_words", "02_words")), project / "notebooks" / "02_english.ipynb"
    )
    out = tmp_path / "out"
    assert command.main(["figures", "--corpus", str(articles), "--out", str(out)]) == 0
    assert {"02_words.png", "notebooks/02_english.ipynb"} <= snapshot(out).keys()
    for path in articles.iterdir():
        path.write_text(FRENCH)
    (articles / "three.txt").write_text("El presidente de Irán se reunió con el canciller de Cuba para hablar.")
    capsys.readouterr()
    assert command.main(["figures", "--corpus", str(articles), "--out", str(out)]) == 0
    note = "No article is in English (2 fr, 1 es), so what reads English only is left out: 02_english."
    assert capsys.readouterr().out.splitlines()[1] == note
    assert note.replace("_", "\\_") in (out / "README.md").read_text()
    assert sorted(snapshot(out)) == OF_WORDS
    (articles / "four.txt").write_text(
        "The minister met the president in Paris, and they signed an agreement on trade."
    )
    assert command.main(["figures", "--corpus", str(articles), "--out", str(out)]) == 0
    assert "left out" not in capsys.readouterr().out + (out / "README.md").read_text()
    assert len(pd.read_csv(out / "02_words.csv")) == 1


def test_kernels_share_no_ports(project):
    # A port that is chosen and then taken can be taken by another kernel in between.
    asked = (
        "import json\nfrom ipykernel.connect import get_connection_info\nprint(json.loads(get_connection_info())['ip'])"
    )
    nbformat.write(notebook_of(asked), project / "notebooks" / "01_words.ipynb")
    report.save_figures()
    run = nbformat.read(project / "notebooks" / "01_words.ipynb", as_version=4)
    folder = Path(run.cells[1].outputs[0].text.strip()).parent
    assert folder.name.startswith("dateline-")
    assert not folder.exists()


def test_the_columns_of_a_table_can_be_named_in_the_command(project, tmp_path, capsys):
    table = tmp_path / "t.csv"
    table.write_text("a,b\nIran met Cuba.,Russia met China and Peru.\n")
    named = GOOD.replace("(CORPUS)", "(CORPUS, columns=COLUMNS)").replace("'article_id'", "'text'")
    notebook = notebook_of(named)
    notebook.cells[0].source += "\nCOLUMNS = None"
    nbformat.write(notebook, project / "notebooks" / "01_words.ipynb")
    out = tmp_path / "out"
    arguments = ["figures", "--corpus", str(table), "--out", str(out)]
    assert command.main(arguments) == 1
    assert "name one with columns={'text': ...} (--set COLUMNS=)" in capsys.readouterr().err
    assert command.main([*arguments, "--set", "COLUMNS={'text': 'b'}"]) == 0
    assert "1 article read from 1 file" in capsys.readouterr().out
    run = nbformat.read(out / "notebooks" / "01_words.ipynb", as_version=4)
    assert "Russia met China and Peru." in str([cell.get("outputs") for cell in run.cells])
    assert command.main([*arguments, "--set", "COLUMNS=b"]) == 1
    assert "columns must map fields to names" in capsys.readouterr().err


def test_a_figure_that_no_notebook_makes_any_more_goes(project):
    report.save_figures()
    nbformat.write(notebook_of(GOOD, SAVE.replace("01_words", "01_other")), project / "notebooks" / "01_words.ipynb")
    report.save_figures()
    assert sorted(p.name for p in (project / "figures").glob("01_*")) == [
        "01_other.csv",
        "01_other.png",
        "01_other.svg",
    ]


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "01_words.ipynb, cell 4: ZeroDivisionError: division by zero"),
        ("import os; os._exit(1)", "01_words.ipynb, cell 4: the kernel died"),
    ],
)
def test_a_failing_cell_leaves_everything_as_it_was(project, capsys, cell, message):
    report.save_figures()
    path = project / "notebooks" / "01_words.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source += "\nprint('changed')"
    notebook.cells.append(nbformat.v4.new_code_cell(cell, id="last"))
    nbformat.write(notebook, path)
    before = snapshot(project)
    assert command.main(["figures"]) == 1
    assert snapshot(project) == before
    assert f"error: {message}\n" in capsys.readouterr().err


def test_a_cell_that_runs_too_long_is_stopped(project, monkeypatch):
    monkeypatch.setattr(execution, "CELL_TIMEOUT", 1)
    nbformat.write(notebook_of("import time; time.sleep(30)"), project / "notebooks" / "01_words.ipynb")
    with pytest.raises(report.RunError, match=r"01_words.ipynb, cell 2: still running after 1 seconds"):
        report.save_figures()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--corpus", "{tmp}/nowhere", "--out", "{tmp}/out"], "no such corpus: {tmp}/nowhere"),
        (
            ["--corpus", "{tmp}/empty", "--out", "{tmp}/out"],
            "no article could be read from {tmp}/empty: the folder holds no files",
        ),
        (["--corpus", "{tmp}/my articles"], "--corpus needs --out: figures/ holds the figures of the seeds"),
        (["--corpus", "{tmp}/my articles", "--out", "{tmp}/file"], "cannot write to {tmp}/file: File exists"),
        (
            ["--corpus", "{tmp}/my articles", "--out", "{tmp}/project/figures"],
            "--out is figures/, which holds the figures of the seeds; choose another folder",
        ),
    ],
)
def test_wrong_paths_are_one_line(project, articles, tmp_path, capsys, arguments, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("in the way")
    before = snapshot(tmp_path)
    assert command.main(["figures", *(a.format(tmp=tmp_path) for a in arguments)]) == 1
    assert capsys.readouterr().err == f"error: {message.format(tmp=tmp_path)}\n"
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process of another user")
def test_a_folder_without_write_permission(project):
    """In a child that is no superuser: root may write everywhere."""
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder, "locked")
        locked.mkdir()
        Path(folder).chmod(0o755)
        locked.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            if os.geteuid() == 0:
                os.seteuid(65534)
            try:
                with report._staging(locked):
                    said = "could write"
            except report.RunError as error:
                said = str(error)
            os.write(writer, said.encode())
            os._exit(0)
        os.close(writer)
        os.waitpid(child, 0)
        with os.fdopen(reader) as answer:
            assert answer.read() == f"cannot write to {locked}: Permission denied"


def test_a_full_disk_leaves_everything_as_it_was(project, monkeypatch, capsys):
    report.save_figures()
    nbformat.write(notebook_of(GOOD + "\n1 + 1", SAVE), project / "notebooks" / "01_words.ipynb")
    before = snapshot(project)

    def full(source, target):
        Path(target).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(report.shutil, "copyfile", full)
    assert command.main(["figures"]) == 1
    assert capsys.readouterr().err.endswith("No space left on device; nothing was changed\n")
    assert snapshot(project) == before


def test_ctrl_c_leaves_nothing_behind(tmp_path):
    out = tmp_path / "out"
    run = subprocess.Popen(
        [sys.executable, "-m", "analysis", "figures", "--out", out],
        cwd=figures.ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    process, kernels = psutil.Process(run.pid), []
    end = time.monotonic() + 60
    while not kernels and time.monotonic() < end:
        time.sleep(0.05)
        kernels = process.children(recursive=True)
    time.sleep(0.5)
    kernels = process.children(recursive=True)
    os.kill(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert said.splitlines()[-1] == "interrupted; nothing was changed"
    assert run.returncode == 130
    assert not out.exists()
    assert kernels
    _, alive = psutil.wait_procs(kernels, timeout=10)
    assert not alive


def test_usage(capsys):
    with pytest.raises(SystemExit) as stop:
        command.main([])
    assert stop.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_parameters_go_to_the_notebooks_that_have_them(project, articles, tmp_path, capsys):
    notebook = project / "notebooks" / "01_words.ipynb"
    changed = nbformat.read(notebook, as_version=4)
    changed.cells[0].source += "\nTOP = 3  # how many\nWITHIN = 'paragraph'"
    changed.cells.append(nbformat.v4.new_code_cell("print(TOP + 1, WITHIN)", id="shown"))
    nbformat.write(changed, notebook)
    out = tmp_path / "out"
    assert (
        command.main(
            ["figures", "--corpus", str(articles), "--out", str(out), "--set", "TOP=7", "--set", "WITHIN=sentence"]
        )
        == 0
    )
    run = nbformat.read(out / "notebooks" / "01_words.ipynb", as_version=4)
    assert run.cells[1].source == f"CORPUS = {str(articles)!r}\nTOP = 7\nWITHIN = 'sentence'"
    assert run.cells[-1].outputs[0].text == "8 sentence\n"
    assert "(notebooks/01_corpus.ipynb)" in (out / "README.md").read_text()
    capsys.readouterr()
    assert command.main(["figures", "--corpus", str(articles), "--out", str(out), "--set", "TOPS=7"]) == 1
    assert capsys.readouterr().err == "error: no notebook has a parameter 'TOPS'; parameters are CORPUS, TOP, WITHIN\n"
    assert command.main(["figures", "--set", "TOP=7"]) == 1
    assert capsys.readouterr().err == "error: --set needs --out: figures/ holds the figures of the seeds\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--outt", "x"], "unrecognized arguments: --outt x"), (["--set", "TOP"], "'TOP' is not NAME=VALUE")],
)
def test_wrong_options_show_the_usage_of_their_command(arguments, message, capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main(["figures", *arguments])
    shown = capsys.readouterr().err
    assert message in shown
    assert shown.startswith("usage: python -m analysis figures")
