"""Notebooks run over a corpus, each in a kernel of its own, several at once."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import figures, progress, snapshots

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

CELL_TIMEOUT = 600
"""Seconds that one cell may take."""

METADATA = {
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

SNAPSHOT = "snapshot"
"""Name of the corpus as it was read, beside the folder of the figures; see `snapshots`."""


class RunError(Exception):
    """A run that could not be finished; its message is one line for the reader."""


def read(folder: Path) -> dict[Path, NotebookNode]:
    """Read the notebooks of a folder, those that begin with a number of two digits.

    Raises
    ------
    RunError
        If one has no parameters cell.
    """
    import nbformat

    found = {p: nbformat.read(p, as_version=4) for p in sorted(folder.glob("[0-9][0-9]_*.ipynb"))}
    for path, notebook in found.items():
        if not any("parameters" in c.metadata.get("tags", []) for c in notebook.cells):
            raise RunError(f"{path.name} has no cell tagged 'parameters'")
    return found


def parameters_of(notebooks: Iterable[NotebookNode]) -> set[str]:
    """Return the names that the parameters cells of notebooks set."""
    cells = [c.source for n in notebooks for c in n.cells if "parameters" in c.metadata.get("tags", [])]
    return {name for source in cells for name in _PARAMETER.findall(source)}


def reads_english_only(notebook: NotebookNode) -> bool:
    """Say whether a notebook leaves out what is in another language, by `metadata.english`."""
    return any("metadata.english(" in c.source for c in notebook.cells if c.cell_type == "code")


def run(
    read: Mapping[Path, NotebookNode], folder: Path, *, parameters: Mapping[str, object], jobs: int | None
) -> dict[Path, bytes]:
    """Run notebooks; their outputs are filled in.

    Parameters
    ----------
    read : mapping of Path to NotebookNode
        From `read`.
    folder : Path
        Made, for the figures.
    parameters : mapping
        Values for names of the parameters cells.
    jobs : int or None
        Notebooks run at once; None is one per processor.

    Returns
    -------
    dict of Path to bytes
        Each notebook, and what it holds now.

    Raises
    ------
    RunError
        If a cell fails.
    """
    _inject(read.values(), parameters)
    folder.mkdir()
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(read)))
    cells = {p: sum(c.cell_type == "code" for c in n.cells) for p, n in read.items()}
    with _Progress(cells) as progress, _heard() as interrupted, ThreadPoolExecutor(jobs) as pool:
        stop = threading.Event()
        runs = [pool.submit(_run, n, p, folder, progress, stop) for p, n in read.items()]
        try:
            _first_error(runs, interrupted)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            _kill_kernels()
            raise
    return {p: content(n) for p, n in read.items()}


def _run(notebook: NotebookNode, path: Path, folder: Path, progress: _Progress, stop: threading.Event) -> None:
    """Run one notebook in a kernel of its own and fill in its outputs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    name, current = path.name, 0

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
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=on_cell,
        on_cell_executed=lambda **_: progress.cell_done(name),
    )
    environment = {
        **os.environ,
        figures.ENVIRONMENT: str(folder),
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(folder.parent / "ipython"),
        snapshots.ENVIRONMENT: str(folder.parent / SNAPSHOT),
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


def _inject(notebooks: Iterable[NotebookNode], values: Mapping[str, object]) -> None:
    """Put a cell behind each parameters cell that sets those of the values that it names."""
    import nbformat

    for notebook in notebooks:
        tagged = [i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", [])]
        own = _PARAMETER.findall(notebook.cells[tagged[0]].source)
        lines = [f"{name} = {values[name]!r}" for name in own if name in values]
        if lines:
            tags = {"tags": ["injected-parameters"]}
            cell = nbformat.v4.new_code_cell("\n".join(lines), id="corpus", metadata=tags)
            notebook.cells.insert(tagged[0] + 1, cell)


_PARAMETER = re.compile(r"^([A-Z][A-Z_]*) = ", re.MULTILINE)


def content(notebook: NotebookNode) -> bytes:
    """Return the notebook as the bytes to save: nothing in it tells when, where or by which patch version it ran."""
    import nbformat

    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata = nbformat.from_dict(METADATA)
    return (nbformat.writes(notebook) + "\n").encode("utf-8")


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
