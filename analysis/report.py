"""Run the notebooks over a corpus: notebooks and figures out, or compared with the committed ones."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import corpus, figures, progress, snapshots

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

NOTEBOOKS = figures.ROOT / "notebooks"
CELL_TIMEOUT = 600
"""Seconds that one cell may take."""

_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython"},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


class RunError(Exception):
    """A run that could not be finished; its message is one line for the reader."""


def save_figures(
    source: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    *,
    parameters: Mapping[str, object] | None = None,
    jobs: int | None = None,
    say: Callable[[str], object] | None = None,
) -> pd.DataFrame:
    """Run all notebooks; refresh their outputs and the figures.

    Everything is made aside and moved into place only when every notebook has run to its end.

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
        If the corpus cannot be read, no notebook has a parameter, a cell fails or a file cannot be written.
    """
    for option, value in (("--corpus", source), ("--set", parameters or None)):
        if value is not None and out is None:
            raise RunError(f"{option} needs --out: figures/ holds the figures of the seeds")
    target = figures.FOLDER if out is None else Path(out).expanduser().resolve()
    notebooks = NOTEBOOKS if out is None else target / "notebooks"
    if (source is not None or parameters) and target == figures.FOLDER:
        raise RunError("--out is figures/, which holds the figures of the seeds; choose another folder")
    path = corpus.SEEDS if source is None else Path(source).expanduser().resolve()
    with _staging(target) as aside:
        line = _read(path, parameters or {}, aside / _SNAPSHOT)
        if say is not None:
            say(line)
        contents = _run_all(path, aside / "figures", jobs, parameters or {})
        if out is not None:
            figures.write_gallery(aside / "figures", notebooks="notebooks")
        (aside / "notebooks").mkdir()
        try:
            for notebook, content in contents.items():
                (aside / "notebooks" / notebook.name).write_bytes(content)
            return _install({aside / "figures": target, aside / "notebooks": notebooks})
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
        contents = _run_all(corpus.SEEDS, rebuilt, jobs)
        differences = figures.compare(figures.FOLDER, rebuilt, rtol=rtol)
    differences["file"] = "figures/" + differences["file"]
    stale = [f"notebooks/{path.name}" for path, content in contents.items() if path.read_bytes() != content]
    other = pd.DataFrame({"file": stale, "difference": "its code gives other outputs than it holds"}, dtype="str")
    return pd.concat([differences, other], ignore_index=True)


def _read(path: Path, parameters: Mapping[str, object], snapshot: Path) -> str:
    """Read the corpus once for all notebooks, as they will; return what could be read, in one line."""
    given = {name.lower(): parameters[name] for name in ("TITLES", "COLUMNS") if name in parameters}
    try:
        articles, problems = corpus.load_articles(path, **given)  # type: ignore[call-overload]
    except (OSError, TypeError, ValueError) as error:
        raise RunError(str(error)) from error
    try:
        snapshots.save(snapshot, articles, problems, path=path, **given)
    except OSError:  # no room: each notebook reads for itself
        shutil.rmtree(snapshot, ignore_errors=True)
    line = corpus.summary(articles, problems)
    if (problems["problem"] == "title_apart").any():
        line += "\nTitles that files state apart from the text are not counted; "
        line += "--set TITLES=first counts them as headlines."
    return line


_SNAPSHOT = "snapshot"


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


def _run_all(
    path: Path, folder: Path, jobs: int | None, parameters: Mapping[str, object] = MappingProxyType({})
) -> dict[Path, bytes]:
    """Run every notebook over the corpus at ``path``, figures into ``folder``; return the notebooks' new contents."""
    import nbformat

    sources = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    notebooks = {p: nbformat.read(p, as_version=4) for p in sources}
    _inject(notebooks.values(), {**parameters, **({"CORPUS": str(path)} if path != corpus.SEEDS else {})})
    folder.mkdir()
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(sources)))
    cells = {p: sum(c.cell_type == "code" for c in n.cells) for p, n in notebooks.items()}
    with _Progress(cells) as progress, _heard() as interrupted, ThreadPoolExecutor(jobs) as pool:
        stop = threading.Event()
        runs = {pool.submit(_run, n, p.name, folder, progress, stop): p for p, n in notebooks.items()}
        try:
            _first_error(list(runs), interrupted)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            _kill_kernels()
            raise
    return {p: _content(n) for p, n in notebooks.items()}


def _run(notebook: NotebookNode, name: str, folder: Path, progress: _Progress, stop: threading.Event) -> None:
    """Run one notebook in a kernel of its own and fill in its outputs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    current = 0

    def on_cell(cell: NotebookNode, cell_index: int) -> None:
        nonlocal current
        current = cell_index + 1
        if stop.is_set():
            raise RunError("stopped")

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
        on_cell_start=on_cell,
        on_cell_executed=lambda **_: progress.cell_done(name),
    )
    environment = {
        **os.environ,
        figures.ENVIRONMENT: str(folder),
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(folder.parent / "ipython"),
        snapshots.ENVIRONMENT: str(folder.parent / _SNAPSHOT),
    }
    try:
        with _own_sockets(client):
            asyncio.run(client.async_execute(env=environment))
    except CellExecutionError as error:
        raise RunError(f"{name}, cell {current}: {error.ename}: {' '.join(error.evalue.split())}") from error
    except CellTimeoutError as error:
        raise RunError(f"{name}, cell {current}: still running after {CELL_TIMEOUT} seconds") from error
    except DeadKernelError as error:
        raise RunError(f"{name}, cell {current}: the kernel died") from error
    finally:
        atexit.unregister(client._cleanup_kernel)  # left registered if the kernel was killed while it started
    progress.notebook_done(name)


@contextmanager
def _own_sockets(client: NotebookClient) -> Iterator[None]:
    """Let a notebook speak with its kernel by sockets in a folder of its own, where the system has such.

    A port is chosen before the kernel takes it, and another kernel that starts meanwhile may take the same.
    """
    client.create_kernel_manager()
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        if hasattr(socket, "AF_UNIX") and len(os.fsencode(folder)) <= _LONGEST_FOLDER:
            client.km.transport, client.km.ip = "ipc", str(Path(folder, "kernel"))
        yield


_LONGEST_FOLDER = 80
"""Bytes of a folder's path that leave room for the name of a socket: some systems allow 104 in all."""


@contextmanager
def _heard() -> Iterator[threading.Event]:
    """Remember that Ctrl-C or a request to stop came, even where its exception is lost (in a destructor, say)."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return

    def on_signal(_number: int, _frame: object) -> None:
        interrupted.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _first_error(runs: list[Future], interrupted: threading.Event) -> None:
    """Wait for all runs; raise the first error at once, and soon after Ctrl-C."""
    pending = set(runs)
    while pending:
        if interrupted.is_set():
            raise KeyboardInterrupt
        done, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
        for run in done:
            run.result()


def _kill_kernels() -> None:
    import psutil

    for child in psutil.Process().children(recursive=True):
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue


def _inject(notebooks: Iterable[NotebookNode], values: dict[str, object]) -> None:
    """Put a cell behind each parameters cell that sets those of the values that it names."""
    import nbformat

    known: set[str] = set()
    for notebook in notebooks:
        tagged = [i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])]
        if not tagged:
            raise RunError("a notebook has no cell tagged 'parameters'")
        own = _PARAMETER.findall(notebook.cells[tagged[0]].source)
        known.update(own)
        lines = [f"{name} = {values[name]!r}" for name in own if name in values]
        if lines:
            tags = {"tags": ["injected-parameters"]}
            cell = nbformat.v4.new_code_cell("\n".join(lines), id="corpus", metadata=tags)
            notebook.cells.insert(tagged[0] + 1, cell)
    unknown = sorted(values.keys() - known)
    if unknown:
        raise RunError(f"no notebook has a parameter {unknown[0]!r}; parameters are {', '.join(sorted(known))}")


_PARAMETER = re.compile(r"^([A-Z][A-Z_]*) = ", re.MULTILINE)


def _content(notebook: NotebookNode) -> bytes:
    """Return the notebook as the bytes to save: nothing in it tells when, where or by which patch version it ran."""
    import nbformat

    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = nbformat.from_dict(_METADATA)
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


def _install(folders: dict[Path, Path]) -> pd.DataFrame:
    """Move the files of each folder into its target: all copied beside their places first, then all renamed."""
    moves: list[tuple[Path, Path]] = []
    rows = []
    try:
        for source, target in folders.items():
            target.mkdir(parents=True, exist_ok=True)
            for file in sorted(p for p in source.iterdir() if p.is_file()):
                place = target / file.name
                changed = not place.exists() or place.read_bytes() != file.read_bytes()
                rows.append((place, changed))
                if changed:
                    moves.append((target / f".{file.name}.new", place))
                    shutil.copyfile(file, moves[-1][0])
        stale = [f for source, target in folders.items() for f in _stale(source, target)]
        with _no_interrupt():
            for aside, place in moves:
                aside.replace(place)
            for file in stale:
                file.unlink()
    finally:
        for aside, _ in moves:
            aside.unlink(missing_ok=True)
    return pd.DataFrame(rows, columns=["file", "changed"])


def _stale(source: Path, target: Path) -> list[Path]:
    """Files of figures that the target's manifest lists and no notebook makes any more."""
    gone = figures.load_manifest(target).keys() - figures.load_manifest(source).keys()
    return [p for name in sorted(gone) for p in sorted(target.glob(f"{name}.*"))]


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C and a request to stop back for the moment in which files change places."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Progress:
    """A bar of cells on a terminal; elsewhere a line per finished notebook."""

    def __init__(self, cells: dict[Path, int]) -> None:
        from tqdm import tqdm

        self._cells = {p.name: n for p, n in cells.items()}
        self._bar: Any = tqdm(
            total=sum(cells.values()), unit="cell", disable=None, leave=False, file=sys.stderr, **progress.room()
        )

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def cell_done(self, name: str) -> None:
        self._bar.set_description(name, refresh=False)
        self._bar.update()

    def notebook_done(self, name: str) -> None:
        if self._bar.disable:
            print(f"{name}: {self._cells[name]} cells run", file=sys.stderr, flush=True)  # noqa: T201
