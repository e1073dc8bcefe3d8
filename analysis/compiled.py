"""Whether the compiled `kernels` serve: they take a second to load, which much text pays for and little does not."""

from __future__ import annotations

import shutil
import sys
import warnings
from types import ModuleType

import numpy as np
import pyarrow as pa

_loaded: list[ModuleType | None] = []


def load() -> None:
    """Load the kernels, where this system can have them: much text is coming.

    The first time they are compiled, which takes some seconds, and kept beside the package. Where they cannot be kept
    each process would have to compile them: there all is found without. What was kept and cannot be read again, as a
    full disk or a power cut leaves it, is compiled anew.

    Warns
    -----
    RuntimeWarning
        If that fails too: all is found, but more slowly.
    """
    if _loaded:
        return
    try:
        _loaded.append(_imported())
    except ImportError:  # no numba for this system
        _loaded.append(None)
    except Exception:
        _loaded.append(_compiled_anew())


def _imported() -> ModuleType:
    from analysis import kernels

    return kernels


def _compiled_anew() -> ModuleType | None:
    """Return the kernels compiled anew, None where they cannot be kept."""
    basics = sys.modules.get("analysis.kernels.basics")  # there even if the package is not
    if basics is None:
        return None
    folder = basics.folder()
    was_kept = folder.is_dir()
    shutil.rmtree(folder, ignore_errors=True)
    try:
        return _imported()
    except Exception as error:
        if was_kept or isinstance(error, OSError):  # otherwise there is no place for them, or no compiler
            warnings.warn(
                f"no compiled loops ({type(error).__name__}: {error}): what they find is found without them, but more "
                f"slowly. Is there room for {folder}?",
                RuntimeWarning,
                stacklevel=3,
            )
        return None


def kernels() -> ModuleType | None:
    """Return `kernels` if they are loaded."""
    return _loaded[0] if _loaded else None


def utf8_of(texts: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of texts as Arrow holds them, and where each begins and the last ends."""
    if not len(texts):
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    _, edges, data = texts.buffers()
    edges = np.frombuffer(edges, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(data or b"", dtype=np.uint8), edges
