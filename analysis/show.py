"""What a notebook shows beside its charts: sentences and tables, with everything from the corpus escaped."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from typing import Any

import pandas as pd

_MARKUP = re.compile(r"([\\`*_\[\]#|$~<>&])")


class Text(str):
    """A sentence that a notebook renders as Markdown."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return str(self)


class Table:
    """The head of a frame, rounded, without its index; says how many rows it leaves out."""

    def __init__(self, frame: pd.DataFrame, n_rows: int, decimals: int) -> None:
        head = frame.head(n_rows)
        # pandas shows a missing whole number as <NA> and a missing date as NaT, whatever representation is asked for.
        whole = [c for c, t in head.dtypes.items() if str(t) in ("Int64", "object")]
        self._frame = head.assign(**{c: head[c].astype(object).where(head[c].notna(), "–") for c in whole})
        self._decimals = decimals
        self._left = len(frame) - len(self._frame)

    def _options(self) -> dict[str, Any]:
        return {"index": False, "na_rep": "–", "float_format": f"{{:,.{self._decimals}f}}".format}

    def _note(self) -> str:
        return f"… and {count(self._left, 'row')} more"

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):
            table = self._frame.to_html(classes="tex2jax_ignore mathjax_ignore", border=0, **self._options())
        return table + (f"\n<p>{self._note()}</p>" if self._left else "")

    def __repr__(self) -> str:
        if self._frame.empty:
            return f"no rows; columns: {', '.join(map(str, self._frame.columns))}"
        with pd.option_context("display.max_colwidth", None):
            body = self._frame.to_string(**self._options())
        return body + (f"\n{self._note()}" if self._left else "")


class _Escaping(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return escape(text) if isinstance(value, str) and not isinstance(value, Text) else text


def text(template: str, /, **values: Any) -> Text:
    """Fill ``{name}`` fields of a Markdown template; strings are escaped, numbers take format specs.

    Parameters
    ----------
    template : str
        Markdown with the fields of `str.format`.
    **values
        What the fields hold. A `Text` goes in as it is.
    """
    return Text(_Escaping().vformat(template, (), values))


def table(frame: pd.DataFrame, *, n_rows: int = 15, decimals: int = 2, none: str | None = None) -> Table | Text:
    """Return the first rows of a frame for display, floats rounded, missing values as a dash.

    Parameters
    ----------
    frame : DataFrame
    n_rows : int, default=15
    decimals : int, default=2
    none : str, optional
        The sentence to show where the frame has no rows.
    """
    if none is not None and frame.empty:
        return text("{none}", none=none)
    return Table(frame, n_rows, decimals)


def listing(items: Iterable[Any], *, word: str = "and") -> str:
    """Join items as a sentence does: ``a, b and c``; ``none`` where there are none."""
    parts = [str(i) for i in items]
    if len(parts) < 2:
        return parts[0] if parts else "none"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 article``, ``1,200 articles``."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def escape(text: str) -> str:
    """Return text in which Markdown, HTML and mathematics are plain characters."""
    return _MARKUP.sub(lambda m: {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(m[1], "\\" + m[1]), text)
