"""HTML in the fields of tables: found where it truly is markup, and read as text."""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import NamedTuple

BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol p pre section table td th tr ul".split()
)
"""Elements that begin and end a line."""

_ALONE = frozenset("p br hr li ul ol div td tr blockquote h1 h2 h3 h4 h5 h6".split())
"""Elements whose name nobody puts in angle brackets for another purpose."""

_OTHERS = frozenset(
    "a abbr acronym applet area audio b base bdi bdo big body button caption center cite code col colgroup data "
    "del details dfn em embed fieldset font form frame frameset head html i iframe img input ins kbd label legend "
    "link map mark meta nobr noframes noscript object option param picture q s samp script select small source "
    "span strike strong style sub summary sup svg tbody template textarea tfoot thead time title track tt u var "
    "video wbr.split() )".split()
)
# no part of it can be read in two ways: time grows with the length only
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,10}+|[ovw]:[a-z]{1,20}+)"""
    r"""(?P<stated>(?>\s++[A-Za-z_:@][\w:.@-]{0,80}+(?>\s*+=\s*+(?>"[^"]{0,5000}+"|'[^']{0,5000}+'|[^\s"'<>=`]{1,5000}+))?+){0,50}+)"""
    r"""\s*+/?>"""
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_DECLARED = re.compile(r"<!(?:doctype\b[^<>]{0,300}>|\[CDATA\[)", re.IGNORECASE)
_HEAVY = re.compile(r"<(script|style|svg|noscript|template)\b", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n\s*\n")


class Plain(NamedTuple):
    """The text of a piece of markup, how many tags (comments too) and references were read, whether all were."""

    text: str
    n_tags: int
    n_references: int
    is_whole: bool = True

    def __str__(self) -> str:
        counted = ((self.n_tags, "tag"), (self.n_references, "character reference"))
        said = ", ".join(f"{n:,} {what}{'' if n == 1 else 's'}" for n, what in counted if n)
        return said if self.is_whole else f"{said}, more below them left as they are"


def plain(text: str) -> Plain | None:
    """Read the HTML in a text; None where there is none.

    Markup is a complete tag of an element of HTML: one of paragraphs, lines, lists, tables or headings, one that
    states an attribute, or one that is closed (so that ``<time>`` and ``<City>`` by themselves stay); and a character
    reference with its semicolon. In a text that has tags, blocks become paragraphs, scripts, styles and comments are
    left out, and blank lines remain paragraphs; other line ends remain where there are no blocks but ``<br>``. Markup
    that only appears once references are read (``&lt;b&gt;``) is read too, once.

    Parameters
    ----------
    text : str, its line ends line feeds
    """
    first = _read(text)
    again = first and _read(first.text)
    if first is None or again is None:
        return first
    n_tags, n_references = first.n_tags + again.n_tags, first.n_references + again.n_references
    return Plain(again.text, n_tags, n_references, _read(again.text) is None)


def _read(text: str) -> Plain | None:
    n_tags, has_blocks = 0, False
    if "<" in text and _has_tags(text):
        text, n_tags, has_blocks = _without_tags(text)
    n_references = 0

    def character(found: re.Match[str]) -> str:
        nonlocal n_references
        name = found[0][1:]
        if name[0] != "#" and name not in html5:
            return found[0]
        n_references += 1
        return html.unescape(found[0])

    if "&" in text:
        read = _REFERENCE.sub(character, text)
        text = read.replace("\r\n", "\n").replace("\r", "\n") if n_references else text
    if not n_tags:
        return Plain(text, 0, n_references) if n_references else None
    if has_blocks:
        lines = (" ".join(line.split()) for line in text.split("\n"))
        text = "\n\n".join(line for line in lines if line)
    return Plain(text.strip(), n_tags, n_references)


def _has_tags(text: str) -> bool:
    """Say whether one of the tags cannot be anything else."""
    opened = set()
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name in _ALONE or (name in _OTHERS and "=" in tag["stated"]):
            return True
        if not tag["end"]:
            opened.add(name)
        elif name in opened and (name in _OTHERS or name in BLOCKS):
            return True
    return False


def _without_tags(text: str) -> tuple[str, int, bool]:
    """Return a text without its tags, lines for blocks; their number; and whether it has blocks."""
    bare, n_comments = _without_comments(without_heavy(text))
    names = [name for tag in _TAG.finditer(bare) if _is_known(name := tag["name"].lower())]
    kinds = set(names)

    def sign(tag: re.Match[str]) -> str:
        name = tag["name"].lower()
        return "\n\n" if name in BLOCKS else "" if _is_known(name) else tag[0]

    n = len(names) + n_comments
    if not BLOCKS.isdisjoint(kinds - {"br"}):  # a line end is but white space
        parts = (part.replace("\n", " ") for part in _BLANK_LINE.split(bare))
        return _TAG.sub(sign, "\n\n".join(parts)), max(n, 1), True
    bare = _TAG.sub(sign, bare)
    if "br" in kinds:
        bare = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" \t") for line in bare.split("\n")))
    return bare, max(n, 1), False


def _is_known(name: str) -> bool:
    return name in BLOCKS or name in _OTHERS or ":" in name


def _without_comments(text: str) -> tuple[str, int]:
    """Leave out what is commented out and declared; one that does not end stays."""
    n = 0
    if "<!" not in text:
        return text, n
    if _DECLARED.search(text):
        text, n = _DECLARED.subn("", text)
        text = text.replace("]]>", "")
    kept, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        kept.append(text[at:start])
        at, n = end + 3, n + 1
    return "".join([*kept, text[at:]]), n


def without_heavy(text: str) -> str:
    """Leave out scripts, styles and drawings; what is opened and not closed stays."""
    lower = text.lower() if len(text.lower()) == len(text) else text
    kept: list[str] = []
    at = 0
    endless: set[str] = set()
    for match in _HEAVY.finditer(text):
        name = match[1].lower()
        if match.start() < at or name in endless:
            continue
        end = lower.find(f"</{name}", match.end())
        if end < 0:
            endless.add(name)
            continue
        kept.append(text[at : match.start()])
        at = lower.find(">", end) + 1 or len(text)
    return "".join([*kept, text[at:]])
