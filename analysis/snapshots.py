"""A corpus as it was read once, for all notebooks of one run: they see the same articles, and wait for them once."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import frames

ENVIRONMENT = "DATELINE_SNAPSHOT"
"""The environment variable that names the folder of a snapshot, set for the kernels of a run only."""

_KEY = "corpus.json"
_DEFAULTS = {"columns": None, "encoding": None, "repair": False, "markup": False, "titles": "apart"}


def save(
    folder: str | os.PathLike[str], articles: pd.DataFrame, problems: pd.DataFrame, *, path: Path, **options: Any
) -> None:
    """Write what was read from a corpus, to a folder of its own.

    Parameters
    ----------
    folder : path-like
        Made here.
    articles, problems : DataFrame
        From `corpus.load_articles`.
    path : Path
        Where they were read from.
    **options
        How: arguments of `corpus.load_articles`.
    """
    import pyarrow as pa
    from pyarrow import feather

    target = Path(folder)
    target.mkdir()
    for name, frame in (("articles", articles), ("problems", problems)):
        feather.write_feather(pa.Table.from_pandas(frame, preserve_index=False), _file(target, name), "uncompressed")
    (target / _KEY).write_text(_key(path, options), encoding="utf-8")


def load(path: Path, options: Mapping[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return the frames of the run's snapshot; None where there is none, or one of another corpus or reading.

    The texts stay on disk, mapped into memory, which the notebooks of a run share.
    """
    folder = os.environ.get(ENVIRONMENT)
    if not folder or not (key := Path(folder, _KEY)).exists():
        return None
    if key.read_text(encoding="utf-8") != _key(path, options):
        return None
    from pyarrow import feather

    tables = [feather.read_table(_file(Path(folder), n), memory_map=True) for n in ("articles", "problems")]
    articles, problems = (t.to_pandas() for t in tables)
    return articles.astype(frames.SCHEMAS["articles"]), problems.astype(frames.SCHEMAS["problems"])


def _file(folder: Path, name: str) -> str:
    return str(folder / f"{name}.feather")


def _key(path: Path, options: Mapping[str, Any]) -> str:
    stated = {**_DEFAULTS, **{k: dict(v) if isinstance(v, Mapping) else v for k, v in options.items()}}
    return json.dumps({"path": str(path.resolve()), **stated}, sort_keys=True)
