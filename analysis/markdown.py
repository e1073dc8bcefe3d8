"""Markdown to plain text: what its marks stand for is kept, the marks and what a reader does not see are not."""

from __future__ import annotations

import functools
import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

MOST_MARKDOWN = 2**20
"""Bytes that a Markdown file may have: taking it apart costs a hundred times what reading does."""

_MOST_METADATA = 2**16
_FENCE = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_LINE = re.compile(r"([A-Za-z_][\w -]{0,40}):(?:[ \t]+(.*?))?[ \t]*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n]+")
_UNSEEN = frozenset({"image", "footnote_ref", "thematic_break", "blank_line", "inline_html"})


def read(text: str) -> tuple[str, dict[str, Any]]:
    """Return the plain text of a Markdown file, its paragraphs apart by a blank line, and its front matter.

    Parsed by mistune, as CommonMark with tables, footnotes and struck-out text. Headings, paragraphs, items of lists
    and rows of tables are paragraphs; lines that Markdown joins are joined. Pictures and their descriptions, the
    targets of links, rules and tags are left out.

    Parameters
    ----------
    text : str

    Returns
    -------
    text : str
    metadata : dict
        Of YAML between lines ``---`` or TOML between lines ``+++`` at the start; empty where there is none.
    """
    metadata, body = front_matter(text)
    return "\n\n".join(p for p in _paragraphs(_parser()(body)) if p), metadata


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the metadata at the start of a text and the text after it; what is no metadata stays text."""
    mark = text[:3]
    if mark not in _FENCE or text[3 : text.find("\n")].strip() or "\n" not in text:
        return {}, text
    start = text.index("\n") + 1
    close = _FENCE[mark].search(text, start, start + _MOST_METADATA)
    if close is None:
        return {}, text
    raw = text[start : close.start()]
    stated = _toml(raw) if mark == "+++" else _yaml(raw)
    return ({}, text) if stated is None else (stated, text[close.end() :])


def _yaml(raw: str) -> dict[str, Any] | None:
    import yaml

    try:
        stated = yaml.load(raw, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError):
        return _lines(raw)  # ``title: Talks: the third day`` is no YAML, and common
    if stated is None and not raw.strip():
        return {}
    return {str(k): v for k, v in stated.items()} if isinstance(stated, dict) else None


def _toml(raw: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(raw)
    except (ValueError, RecursionError):
        return None


def _lines(raw: str) -> dict[str, Any] | None:
    stated: dict[str, Any] = {}
    for line in raw.split("\n"):
        if match := _LINE.fullmatch(line):
            value = (match[2] or "").strip()
            stated.setdefault(match[1], value.strip("\"'") or None)
        elif line.strip() and not line.startswith((" ", "\t", "-", "#")):
            return None
    return stated or None


@functools.cache
def _parser() -> Any:
    import mistune

    return mistune.create_markdown(renderer="ast", plugins=["table", "strikethrough", "footnotes"])


def _paragraphs(nodes: list[Mapping[str, Any]]) -> Iterator[str]:
    for node in nodes:
        kind, children = node["type"], node.get("children")
        if kind in ("paragraph", "heading", "block_text"):
            yield _tidy(_inline(children or []))
        elif kind in ("table_head", "table_row"):
            yield " | ".join(filter(None, (_tidy(_inline(c.get("children") or [])) for c in children or [])))
        elif kind == "block_html":
            from analysis import pages

            yield pages.plain_text(node.get("raw", "").strip())
        elif kind == "block_code":
            yield node.get("raw", "").strip("\n")
        elif children:
            yield from _paragraphs(children)


def _inline(nodes: list[Mapping[str, Any]]) -> str:
    parts = []
    for node in nodes:
        kind = node["type"]
        if kind == "softbreak":
            parts.append(" ")
        elif kind == "linebreak" or (kind == "inline_html" and _BREAK.fullmatch(node["raw"])):
            parts.append("\0")
        elif kind in _UNSEEN:
            continue
        elif "children" in node:
            inner = _inline(node["children"])
            target = (node.get("attrs") or {}).get("url", "")
            parts.append(
                "" if kind == "link" and inner and inner in (target, target.removeprefix("mailto:")) else inner
            )
        else:
            raw = node.get("raw", "")
            parts.append(html.unescape(raw) if kind == "text" else raw)
    return "".join(parts)


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\0"))
    return "\n".join(line for line in lines if line)
