"""What a folder of figures holds: its manifest, and the gallery made from it."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import tempfile
from pathlib import Path

from filelock import FileLock


def load_manifest(folder: str | os.PathLike[str]) -> dict[str, dict]:
    """Read ``manifest.json``: figure name -> its entry; empty where there is none."""
    path = Path(folder, "manifest.json")
    return json.loads(path.read_text(encoding="utf-8"))["figures"] if path.exists() else {}


def write_manifest(manifest: dict[str, dict], folder: Path) -> None:
    """Write ``manifest.json`` and the gallery of the folder, figures in the order of their names."""
    ordered = {name: manifest[name] for name in sorted(manifest)}
    text = json.dumps({"figures": ordered}, indent=1, ensure_ascii=False) + "\n"
    write_bytes(folder / "manifest.json", text.encode("utf-8"))
    write_bytes(folder / "README.md", _gallery(ordered, "../notebooks").encode("utf-8"))


def write_gallery(folder: Path, *, notebooks: str, note: str = "") -> None:
    """Write the gallery of a folder of figures anew, with links to notebooks that lie elsewhere.

    Parameters
    ----------
    folder : Path
    notebooks : str
        The way from the folder to that of the notebooks.
    note : str, default=""
        What the reader should know before the figures: what is left out, say.
    """
    write_bytes(folder / "README.md", _gallery(load_manifest(folder), notebooks, note).encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: aside first, then renamed."""
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def lock(folder: Path) -> FileLock:
    """Return the lock of a folder, one of 16 in the system's temporary folder.

    Folders share locks, which costs a moment's wait at most: a lock of its own for each would stay behind for ever, and
    to remove one that another run may just have opened would let both in.
    """
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[0]
    return FileLock(Path(tempfile.gettempdir(), f"dateline-{os.getuid() if hasattr(os, 'getuid') else 0}-{key}.lock"))


def _gallery(manifest: dict[str, dict], notebooks: str, note: str = "") -> str:
    lines = ["# Figures", "", "Written by the notebooks through `analysis.figures`; do not edit.", ""]
    lines += [_plain(note), ""] if note else []
    for name, entry in manifest.items():
        made_by = f"[{entry['notebook']}]({notebooks}/{entry['notebook']}) · " if entry["notebook"] else ""
        alt = _plain(entry["alt"])
        lines += [
            f"## {_plain(entry['title'])}",
            "",
            f'<img src="{name}.png" width="800" alt="{alt}">',
            "",
            f"{alt}",
            "",
            f"{made_by}[SVG]({name}.svg) · [PNG]({name}.png) · [data]({name}.csv), "
            f"{entry['n_rows']} row{'' if entry['n_rows'] == 1 else 's'}",
            "",
        ]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would read as markup."""
    return html.escape(re.sub(r"([\\`*_\[\]#|$])", r"\\\1", text), quote=False)
