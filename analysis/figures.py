"""Save a figure with its data, its description and where it came from; compare two folders of figures."""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from analysis import gallery

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "figures"
"""Where the figures of the seeds are."""

ENVIRONMENT = "DATELINE_FIGURES"
"""Environment variable that sends all figures to another folder; the runner and the tests set it."""

_VISIBLE = 3
"""Steps of 255 by which red, green or blue of a pixel may change when a PNG is made smaller."""

_NAME = re.compile(r"\d\d_[a-z0-9]+(?:_[a-z0-9]+)*")
_FORMATS: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}


@dataclass(frozen=True)
class SavedFigure:
    """A figure as it was saved; in a notebook it shows itself, the bytes of the PNG file."""

    name: str
    alt: str
    png: bytes = field(repr=False)
    width: int = field(repr=False)

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        return self.png, {"width": self.width, "alt": self.alt}

    def __repr__(self) -> str:
        return f"figure {self.name}: {self.alt}"


def save(
    fig: Figure,
    name: str,
    *,
    data: pd.DataFrame,
    alt: str,
    fingerprint: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> SavedFigure:
    """Write ``name.svg``, ``name.png`` and ``name.csv``, and the figure's entry in ``manifest.json`` and the gallery.

    The same figure gives the same bytes on every run.

    Parameters
    ----------
    fig : Figure
        Its first title is its name in the gallery.
    name : str
        ``NN_words``: two digits of the notebook, then lower-case words joined by underscores.
    data : DataFrame
        What the figure shows, one row per mark; floats are written with 8 significant digits.
    alt : str
        What a reader who cannot see the figure should know.
    fingerprint : str, optional
        Of the corpus, from `corpus.fingerprint`.
    parameters : mapping, optional
        The settings that shaped the figure; JSON values.
    folder : path-like, optional
        Default: the environment variable ``DATELINE_FIGURES``, else `FOLDER`.

    Raises
    ------
    ValueError
        If the name has another form, ``alt`` is empty, ``data`` has no columns or the figure no title.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"figure name {name!r} is not of the form NN_lower_case_words")
    if not alt.strip():
        raise ValueError(f"figure {name}: alt text is empty")
    if not isinstance(data, pd.DataFrame) or data.shape[1] == 0:
        raise ValueError(f"figure {name}: data must be a DataFrame with columns")
    titles = [t for a in fig.axes for where in ("left", "center", "right") if (t := a.get_title(loc=where))]
    title = (fig.get_suptitle() or next(iter(titles), "")).replace("\n", " ")
    if not title:
        raise ValueError(f"figure {name} has no title")
    target = Path(folder or os.environ.get(ENVIRONMENT) or FOLDER)
    target.mkdir(parents=True, exist_ok=True)
    files = {kind: _render(fig, kind, metadata) for kind, metadata in _FORMATS.items()}
    files["csv"] = _csv(data)
    entry = {
        "title": title,
        "alt": " ".join(alt.split()),
        "notebook": _notebook(name),
        "corpus": fingerprint,
        "parameters": dict(parameters or {}),
        "n_rows": len(data),
        "sha256": {kind: hashlib.sha256(content).hexdigest() for kind, content in sorted(files.items())},
    }
    with gallery.lock(target):
        for kind, content in files.items():
            gallery.write_bytes(target / f"{name}.{kind}", content)
        manifest = {**gallery.load_manifest(target), name: entry}
        gallery.write_manifest(manifest, target)
    return SavedFigure(name=name, alt=entry["alt"], png=files["png"], width=round(fig.get_figwidth() * 100))


def saver(
    source: str | os.PathLike[str], *, fingerprint: str, parameters: Mapping[str, Any] | None = None
) -> Callable[..., SavedFigure]:
    """Return `save` with the corpus filled in, and with the folder that suits it.

    The figures of the seeds go to `FOLDER`, those of another corpus to ``output/<name of the corpus>/`` beside it,
    so that exploring one's own articles never changes the committed figures.

    Parameters
    ----------
    source : path-like
        Where the corpus was read from.
    fingerprint : str
        From `corpus.fingerprint`.
    parameters : mapping, optional
        The settings of the notebook, without paths.
    """
    path = Path(source).expanduser().resolve()
    folder = FOLDER if path == ROOT / "seeds" else ROOT / "output" / (path.stem or "corpus")
    folder = os.environ.get(ENVIRONMENT) or folder
    return functools.partial(save, fingerprint=fingerprint, parameters=parameters, folder=folder)


def load_manifest(folder: str | os.PathLike[str] = FOLDER) -> dict[str, dict]:
    """Read ``manifest.json``: figure name -> its entry; empty where there is none."""
    return gallery.load_manifest(folder)


def compare(committed: str | os.PathLike[str], rebuilt: str | os.PathLike[str], *, rtol: float = 1e-6) -> pd.DataFrame:
    """List how a rebuilt folder of figures differs from the committed one: data first, then bytes.

    Parameters
    ----------
    committed, rebuilt : path-like
        Folders written by `save`.
    rtol : float, default=1e-6
        Relative tolerance for the numbers in the data.

    Returns
    -------
    DataFrame, one row per file that differs
        ``file``, ``difference`` : str
    """
    old, new = _listing(committed), _listing(rebuilt)
    rows = []
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            rows.append((name, "committed, but no notebook makes it"))
        elif name not in old:
            rows.append((name, "made by a notebook, but not committed"))
        elif name.endswith(".csv") and (difference := _data_difference(old[name], new[name], rtol)):
            rows.append((name, difference))
        elif old[name].read_bytes() != new[name].read_bytes():
            within = f" (its data agree within {rtol:g})" if name.endswith(".csv") else ""
            rows.append((name, f"other bytes{within}"))
    return pd.DataFrame(rows, columns=["file", "difference"], dtype="str")


def _render(fig: Figure, kind: str, metadata: dict[str, Any]) -> bytes:
    buffer = BytesIO()
    fig.savefig(buffer, format=kind, metadata=metadata)
    return _smaller(buffer.getvalue()) if kind == "png" else buffer.getvalue()


def _smaller(png: bytes) -> bytes:
    """Write a PNG with at most 256 colours, a third of the size, unless that would change a colour."""
    full = Image.open(BytesIO(png))
    flat = Image.new("RGB", full.size, "white")
    flat.paste(full, mask=full.getchannel("A"))
    few = flat.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    apart = np.abs(np.asarray(few.convert("RGB"), dtype=np.int16) - np.asarray(flat, dtype=np.int16)).max()
    if apart > _VISIBLE:
        return png
    buffer = BytesIO()
    few.save(buffer, "png", dpi=full.info.get("dpi"), optimize=True)
    return buffer.getvalue()


def _csv(data: pd.DataFrame) -> bytes:
    named = data.index.names != [None]
    return data.to_csv(index=named, float_format="%.8g", lineterminator="\n").encode("utf-8", "backslashreplace")


def _notebook(name: str) -> str | None:
    return next((p.name for p in sorted((ROOT / "notebooks").glob(f"{name[:2]}_*.ipynb"))), None)


def settings(names: Mapping[str, object], wanted: str) -> dict[str, object]:
    """Return the parameters of a notebook that its figures depend on, for the manifest.

    Parameters
    ----------
    names : mapping
        The notebook's ``globals()``.
    wanted : str
        Names, separated by blanks.
    """
    return {name: names[name] for name in wanted.split()}


def _listing(folder: str | os.PathLike[str]) -> dict[str, Path]:
    root = Path(folder)
    return {p.relative_to(root).as_posix(): p for p in sorted(root.glob("*")) if p.is_file()}


def _data_difference(old: Path, new: Path, rtol: float) -> str:
    before, after = (pd.read_csv(StringIO(p.read_text(encoding="utf-8")), keep_default_na=False) for p in (old, new))
    if list(before.columns) != list(after.columns):
        return f"columns {', '.join(after.columns)} instead of {', '.join(before.columns)}"
    if len(before) != len(after):
        return f"{len(after)} rows instead of {len(before)}"
    for column in before.columns:
        a, b = before[column], after[column]
        numbers = pd.to_numeric(a, errors="coerce"), pd.to_numeric(b, errors="coerce")
        close = np.isclose(*numbers, rtol=rtol, atol=rtol) | (a.astype(str) == b.astype(str)).to_numpy()
        if not close.all():
            row = int((~close).argmax())
            return f"{column} in row {row + 1} is {b.iloc[row]} instead of {a.iloc[row]}"
    return ""
