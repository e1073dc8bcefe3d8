"""Figures and notebooks of a corpus: made and put into place, or compared with the committed ones."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from analysis import corpus, execution, figures, gallery, installation, snapshots
from analysis import parameters as allowed
from analysis.execution import RunError

__all__ = ["NOTEBOOKS", "RunError", "save_figures", "verify"]

NOTEBOOKS = figures.ROOT / "notebooks"


def save_figures(
    source: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    *,
    parameters: Mapping[str, object] | None = None,
    jobs: int | None = None,
    say: Callable[[str], object] | None = None,
) -> pd.DataFrame:
    """Run all notebooks; refresh their outputs and the figures.

    Everything is made aside and moved into place only when every notebook has run to its end. Where no article is in
    English, the notebooks that read English only are left out; ``say`` and the gallery tell it, and what an earlier
    run left of them in ``out`` goes.

    Parameters
    ----------
    source : path-like, optional
        The corpus; default the seeds.
    out : path-like, optional
        A folder for the figures, with the notebooks in ``notebooks/`` below it. By default the figures of the
        seeds go to ``figures/`` and the notebooks are refreshed where they are.
    parameters : mapping, optional
        Values for names of the notebooks' parameters cells; each goes to every notebook that has the name.
    jobs : int, optional
        Notebooks run at once; default one per processor.
    say : callable, optional
        Called with one line on what was read and what was not, before the notebooks run.

    Returns
    -------
    DataFrame, one row per file written
        ``file`` : str, below ``out`` or below the project
        ``changed`` : bool, whether its bytes are others than before

    Raises
    ------
    RunError
        If the corpus cannot be read, a parameter is none or has a wrong value, a cell fails or a file cannot be
        written.
    """
    for option, value in (("--corpus", source), ("--set", parameters or None)):
        if value is not None and out is None:
            raise RunError(f"{option} needs --out: figures/ holds the figures of the seeds")
    target = figures.FOLDER if out is None else Path(out).expanduser().resolve()
    notebooks = NOTEBOOKS if out is None else target / "notebooks"
    if (source is not None or parameters) and target == figures.FOLDER:
        raise RunError("--out is figures/, which holds the figures of the seeds; choose another folder")
    path = corpus.SEEDS if source is None else Path(source).expanduser().resolve()
    read = execution.read(NOTEBOOKS)
    _check(parameters or {}, execution.parameters_of(read.values()))
    with _staging(target) as aside:
        line, foreign = _read(path, parameters or {}, aside / execution.SNAPSHOT)
        without = [p for p, n in read.items() if foreign and execution.reads_english_only(n)]
        note = f"{foreign}, so what reads English only is left out: {_listing(without)}." if without else ""
        if say is not None:
            say(f"{line}\n{note}".rstrip())
        given = {**(parameters or {}), **({"CORPUS": str(path)} if path != corpus.SEEDS else {})}
        kept = {p: n for p, n in read.items() if p not in without}
        contents = execution.run(kept, aside / "figures", parameters=given, jobs=jobs)
        if out is not None:
            gallery.write_gallery(aside / "figures", notebooks="notebooks", note=note)
        (aside / "notebooks").mkdir()
        try:
            for notebook, content in contents.items():
                (aside / "notebooks" / notebook.name).write_bytes(content)
            gone = [notebooks / p.name for p in without]
            return installation.install({aside / "figures": target, aside / "notebooks": notebooks}, gone=gone)
        except OSError as error:
            raise RunError(f"cannot write to {target}: {error.strerror}; nothing was changed") from error


def verify(*, jobs: int | None = None, rtol: float = 1e-6) -> pd.DataFrame:
    """Rebuild figures and notebooks aside and list what differs from the committed ones.

    Parameters
    ----------
    jobs : int, optional
        Notebooks run at once; default one per processor.
    rtol : float, default=1e-6
        Relative tolerance for the data of the figures; their bytes are compared as well.

    Returns
    -------
    DataFrame, one row per file that differs
        ``file`` : str, below the project
        ``difference`` : str
    """
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        rebuilt = Path(folder, "figures")
        contents = execution.run(execution.read(NOTEBOOKS), rebuilt, parameters={}, jobs=jobs)
        differences = figures.compare(figures.FOLDER, rebuilt, rtol=rtol)
    differences["file"] = "figures/" + differences["file"]
    stale = [f"notebooks/{path.name}" for path, content in contents.items() if path.read_bytes() != content]
    other = pd.DataFrame({"file": stale, "difference": "its code gives other outputs than it holds"}, dtype="str")
    return pd.concat([differences, other], ignore_index=True)


def _check(given: Mapping[str, object], known: set[str]) -> None:
    if "CORPUS" in given:
        raise RunError("the corpus is named by --corpus PATH, not by --set CORPUS=")
    try:
        allowed.check(given, known=known)
    except ValueError as error:
        raise RunError(str(error)) from error


def _listing(paths: list[Path]) -> str:
    return ", ".join(p.stem for p in paths)


def _read(path: Path, given: Mapping[str, object], snapshot: Path) -> tuple[str, str]:
    """Read the corpus once for all notebooks, as they will.

    Returns
    -------
    str
        What could be read.
    str
        That no article is in English, and in what they are; empty where one is, or its language cannot be told.
    """
    options = {name.lower(): given[name] for name in ("TITLES", "COLUMNS", "MARKUP") if name in given}
    try:
        articles, problems = corpus.load_articles(path, **options)  # type: ignore[call-overload]
    except (OSError, TypeError, ValueError) as error:
        raise RunError(str(error)) from error
    try:
        snapshots.save(snapshot, articles, problems, path=path, **options)
    except OSError:  # no room: each notebook reads for itself
        shutil.rmtree(snapshot, ignore_errors=True)
    line = corpus.summary(articles, problems)
    if (problems["problem"] == "title_apart").any():
        line += "\nTitles that files state apart from the text are not counted; "
        line += "--set TITLES=first counts them as headlines."
    if (problems["problem"] == "markup").any():
        line += "\nTags of HTML in the rows of tables count as words; --set MARKUP=True reads them."
    languages = corpus.by_language(articles)
    if languages["english"].any():
        return line, ""
    found = ", ".join(f"{n:,} {code}" for code, n in zip(languages["language"], languages["n_articles"], strict=True))
    return line, f"No article is in English ({found})"


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Make a folder inside ``target`` to write aside in; leave no trace of either if the run fails."""
    existed = target.exists()
    try:
        target.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".dateline-", dir=target))
    except OSError as error:
        raise RunError(f"cannot write to {target}: {error.strerror}") from error
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        if not existed and not any(target.iterdir()):
            target.rmdir()
