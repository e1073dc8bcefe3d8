"""What the rows of tables state of their articles, before anything is inferred."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import frames, readers
from analysis.tables import Options, Record

FIELDS = ("title", "outlet", "published", "language")


def fields(
    articles: pd.DataFrame, *, path: str | os.PathLike[str], columns: Mapping[str, str | None] | None = None
) -> pd.DataFrame:
    """Read again what tables state of the articles that are their rows.

    Parameters
    ----------
    articles : DataFrame
        From `corpus.load_articles`: ``article_id``, ``source``.
    path : path-like
        What they were read from.
    columns : mapping, optional
        As they were read.

    Returns
    -------
    DataFrame, one row per article that is a row of a table, in the order of ``articles``; pages of web archives are
    left out
        ``article_id`` : str
        ``title``, ``outlet``, ``published``, ``language`` : str, as stated; NA where the row states nothing
    """
    frames.require(articles, ["article_id", "source"], name="articles")
    rows = articles["source"].str.contains(r"#\d+$")
    files = dict.fromkeys(articles["source"][rows].str.replace(r"#\d+$", "", regex=True))
    root = Path(path).expanduser()
    stated = {source: values for file in _readable(root, files) for source, values in _stated(root, file, columns)}
    known = articles[np.fromiter((source in stated for source in articles["source"].tolist()), bool, len(articles))]
    table = pd.DataFrame([stated[s] for s in known["source"]], columns=list(FIELDS), dtype="str")
    table.insert(0, "article_id", known["article_id"].astype("str").to_numpy())
    return table.astype("str")


def _readable(root: Path, files: dict[str, None]) -> list[str]:
    """Return the files to read one by one; a file or an archive is read whole, as the name that is empty."""
    if not root.is_dir():
        return [""] if files and root.exists() and not _HOLDS_PAGES.search(root.name.lower()) else []
    return [f for f in files if not _HOLDS_PAGES.search(f.lower()) and (root / f).is_file()]


_HOLDS_PAGES = re.compile(r"\.warc(?:\.\w+)?$")
"""Web archives: to find the main text of their pages anew would take as long as to read them."""


def _stated(root: Path, file: str, columns: Mapping[str, str | None] | None) -> Iterator[tuple[str, list]]:
    for item in readers.records(root / file if file else root, Options(columns)):
        if isinstance(item, Record):
            source = f"{file}#{item.source.rpartition('#')[2]}" if file else item.source
            missing = pd.api.types.is_scalar(item.published) and pd.isna(item.published)
            published = None if missing else str(item.published).strip() or None
            yield source, [item.title, item.outlet, published, item.language]
