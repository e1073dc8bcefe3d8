"""Files made aside and moved into their places, all or none."""

from __future__ import annotations

import shutil
import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from analysis import figures


def install(folders: dict[Path, Path], *, gone: Iterable[Path] = ()) -> pd.DataFrame:
    """Move the files of each folder into its target: all copied beside their places first, then all renamed.

    Parameters
    ----------
    folders : dict of Path to Path
        Folder with what is new -> its target.
    gone : iterable of Path
        Files of an earlier run that this one does not make: removed, where they are.

    Returns
    -------
    DataFrame, one row per file
        ``file`` : Path
        ``changed`` : bool
    """
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
        stale += [f for f in gone if f.exists()]
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
