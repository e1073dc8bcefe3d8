"""Web pages to records: HTML, pages saved whole as MHTML, RSS and Atom feeds, WARC archives."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from analysis import decoding, metadata, roles
from analysis.files import Found, Problem, identify, reason_of
from analysis.markup import BLOCKS, without_heavy
from analysis.tables import MOST_TEXT, Options, Record

MOST_TAGS = 50_000
"""Tags of one page: extracting the text takes more than linear time, and articles have a few thousand."""

MOST_FEED = 32 * 2**20
"""Bytes of one feed."""

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_LANGUAGE = re.compile(r"""<html[^>]{0,500}?\slang\s*=\s*["']?([A-Za-z-]{2,20})""", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_HEADING = re.compile(r"<h([1-3])\b[^>]{0,500}>(.{1,1000}?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
# of the nineties: trafilatura would make one paragraph of those in a <font>
_TYPOGRAPHY = re.compile(r"</?(?:font|center)\b[^<>]{0,300}>", re.IGNORECASE)
_WHITE = re.compile(r"\s+")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}date"


def html_page(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read one page: its title, date, outlet and main text, as its metadata and layout tell."""
    with found.open() as stream:
        data = stream.read(MOST_TEXT + 1)
    yield from _page(data, found.source, identify(found.source), options.encoding)


def mhtml_page(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read the first HTML part of a page saved whole."""
    from email import message_from_bytes, policy

    article_id = identify(found.source)
    with found.open() as stream:
        data = stream.read(4 * MOST_TEXT + 1)
    if len(data) > 4 * MOST_TEXT:
        yield Problem(found.source, "too_large", f"more than {4 * MOST_TEXT:,} bytes", article_id)
        return
    part = None
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        part = next((p for p in message.walk() if p.get_content_type() == "text/html"), None)
        payload = part.get_payload(decode=True) if part else None
        charset = part.get_content_charset() if part else None
    except (ValueError, LookupError, RecursionError, AttributeError) as error:
        yield Problem(found.source, "unreadable", f"no whole page: {reason_of(error)}", article_id)
        return
    if not isinstance(payload, bytes):
        yield Problem(found.source, "unreadable", "no HTML part in it", article_id)
        return
    yield from _page(payload, found.source, article_id, options.encoding or charset)


def warc_pages(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read the HTML pages among the responses of a web archive, counted from 1."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    file_id = identify(found.source)
    number = 0
    with found.open() as stream:
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type != "response":
                    continue
                number += 1
                source, article_id = f"{found.source}#{number}", f"{file_id}#{number}"
                headers = record.http_headers
                kind = (headers.get_header("Content-Type") or "") if headers else ""
                status = headers.get_statuscode() if headers else ""
                if "html" not in kind.lower() or status != "200":
                    detail = f"a response of type {kind[:40] or 'unknown'}, status {status[:3] or 'unknown'}"
                    yield Problem(source, "not_an_article", detail)
                    continue
                data = record.content_stream().read(MOST_TEXT + 1)
                charset = re.search(r"charset=([\w.:-]{2,40})", kind, re.IGNORECASE)
                encoding = options.encoding or (charset[1] if charset else None)
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                yield from _page(data, source, article_id, encoding, url=url)
        except (ArchiveLoadFailed, UnicodeError, ValueError) as error:
            yield Problem(found.source, "truncated_archive", f"no whole web archive: {reason_of(error)[:200]}")
            return
    if number == 0:
        yield Problem(found.source, "empty", "no responses in it")


def feed(found: Found, options: Options) -> Iterator[Record | Problem]:
    """Read the entries of an RSS or Atom feed. XML that declares entities is refused: no feed needs them."""
    from lxml import etree

    file_id = identify(found.source)
    with found.open() as stream:
        data = stream.read(MOST_FEED + 1)
    if len(data) > MOST_FEED:
        yield Problem(found.source, "too_large", f"more than {MOST_FEED:,} bytes", file_id)
        return
    plain = data.replace(b"\0", b"")
    if not plain.strip():
        yield Problem(found.source, "empty", f"{len(data)} bytes", file_id)
        return
    if b"<!ENTITY" in plain or b"<!entity" in plain:
        yield Problem(found.source, "unsafe_xml", "declares entities", file_id)
        return
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        yield Problem(found.source, "unreadable", f"no whole XML: {reason_of(error)[:200]}", file_id)
        return
    if _name(root) not in ("rss", "feed", "RDF"):
        yield Problem(found.source, "unsupported", "XML that is no RSS or Atom feed", file_id)
        return
    outlet = next((_inner(e) for e in root.iter() if _name(e) == "title" and _name(e.getparent()) not in _ENTRY), None)
    entries = [e for e in root.iter() if _name(e) in _ENTRY]
    for number, entry in enumerate(entries, 1):
        yield from _entry(entry, f"{found.source}#{number}", f"{file_id}#{number}", outlet)
    if not entries:
        yield Problem(found.source, "empty", "a feed without entries", file_id)


_ENTRY = ("item", "entry")


def _entry(entry: Any, source: str, article_id: str, outlet: str | None) -> Iterator[Record | Problem]:
    parts = {}
    for child in entry:
        parts.setdefault(child.tag if child.tag in (_CONTENT, _DUBLIN_CORE) else _name(child), child)
    whole = parts.get(_CONTENT, parts.get("content"))
    body = whole if whole is not None else parts.get("description", parts.get("summary"))
    text = plain_text(_inner(body) or "") if body is not None else ""
    if not text:
        yield Problem(source, "empty", "an entry without text", article_id)
        return
    if whole is None:
        yield Problem(source, "summary_only", "the feed gives a summary of the article", article_id)
    when = next((parts[k] for k in ("pubDate", "published", _DUBLIN_CORE) if k in parts), None)
    title = _inner(parts["title"]) if "title" in parts else None
    yield Record(
        source, article_id, text, plain_text(title or "") or None, outlet, None if when is None else _inner(when)
    )


def plain_text(markup: str) -> str:
    """Return the text of a piece of HTML, its blocks as lines."""
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    from lxml import etree, html

    try:
        root = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    pieces: list[str] = []

    def flat(text: str | None) -> str:
        return _WHITE.sub(" ", text or "")

    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        block = _name(node) in BLOCKS
        if event == "start":
            pieces += ["\n" if block else "", flat(node.text) if _name(node) not in ("script", "style") else ""]
        else:
            pieces += ["\n" if block and event == "end" else "", flat(node.tail) if node is not root else ""]
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _page(
    data: bytes, source: str, article_id: str, encoding: str | None, *, url: str = ""
) -> Iterator[Record | Problem]:
    if len(data) > MOST_TEXT:
        yield Problem(source, "too_large", f"a page of more than {MOST_TEXT:,} bytes", article_id)
        return
    if not data.strip():
        yield Problem(source, "empty", f"{len(data)} bytes", article_id)
        return
    charset = _CHARSET.search(data[:4096])
    decoded = decoding.decode(data)
    if decoded.problem and (encoding or charset):
        named = decoding.decode(data, encoding=encoding or charset[1].decode("ascii"))  # type: ignore[index]
        decoded = named if named.text is not None else decoded
    if decoded.problem:
        yield Problem(source, decoded.problem, decoded.detail, article_id)
    if decoded.text is None:
        return
    markup = without_heavy(decoded.text)
    if declaration := _DECLARATION.match(markup):
        markup = markup[declaration.end() :]
    if markup.count("<") > MOST_TAGS:
        yield Problem(source, "too_large", f"a page of more than {MOST_TAGS:,} tags", article_id)
        return
    markup = _TYPOGRAPHY.sub("", markup)
    page, why = _extract(_with_metadata(decoded.text, markup), url)
    if page is None or not (page.text or "").strip():
        yield Problem(source, "no_main_text", why or "no text of an article was found in the page", article_id)
        return
    stated = _LANGUAGE.search(markup[:20_000])
    title, text = _one_line(page.title), page.text.replace("\r", "\n").replace("\n", "\n\n")
    date = page.date
    headline = _headline(markup, title)
    if not (headline and date):  # a page without headings, or metadata: what its lines show
        lines = plain_text(markup).split("\n")
        date = date or _date_among(lines)
        headline = headline or _title_among(lines, markup)
        title = headline if title and headline and f" {title} " not in f" {headline} " else title
    if headline and metadata.is_apart(headline, text):
        title, text = headline, f"{headline}\n\n{text}"
    yield Record(
        source, article_id, text, title,
        _one_line(page.sitename) or _one_line(page.hostname), date, f"?{stated[1]}" if stated else None,
    )  # fmt: skip


def _headline(markup: str, title: str | None) -> str | None:
    """Return the heading that is the page's title, else its only first-order heading, where that has four words.

    A single word is the site's name rather than a headline.
    """
    headings = [(m[1], _one_line(plain_text(m[2]))) for m in _HEADING.finditer(markup)]
    for _, heading in headings:
        if heading and title and " " in heading and not metadata.is_apart(title, heading):
            return heading
    first = [heading for level, heading in headings if level == "1" and heading]
    return first[0] if len(first) == 1 and len(first[0].split()) >= 4 else None


def _title_among(lines: list[str], markup: str) -> str | None:
    """Return the part of the page's title, names of sites and sections apart, that stands in the page as a line."""
    stated = _TITLE.search(markup)
    parts = metadata.SITE_MARK.split(_one_line(plain_text(stated[1])) or "") if stated else []
    if len(parts) < 2:
        return None
    return next((p for p in sorted(parts, key=len, reverse=True) if len(p.split()) >= 4 and p in lines), None)


def _date_among(lines: list[str]) -> str | None:
    """Return the date of the page's date lines, if all that are no notes of updates show the same."""
    found = [m for m in map(roles.DATE_LINE.fullmatch, lines) if m]
    dates = {m["date"] for m in found if not m["label"].lower().startswith(("updated", "last"))}
    return dates.pop() if len(dates) == 1 else None


def _with_metadata(text: str, markup: str) -> str:
    """Return the page without scripts, but for JSON-LD, which states date and outlet."""
    kept = re.findall(r"<script[^>]{0,200}application/ld\+json[^>]{0,200}>[^<]{0,20000}</script>", text, re.IGNORECASE)
    return markup.replace("</head>", "".join(kept[:5]) + "</head>", 1) if kept else markup


def _extract(markup: str, url: str) -> tuple[Any, str | None]:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        page = trafilatura.bare_extraction(
            markup,
            url=url or None,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (ValueError, TypeError, AttributeError, RecursionError, LookupError) as error:
        return None, f"the page cannot be taken apart: {type(error).__name__}"
    return page, None


def _name(element: Any) -> str:
    tag = getattr(element, "tag", None)
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _inner(element: Any) -> str | None:
    """Return the text in an element, markup in it as it is written."""
    if len(element):
        from lxml import etree

        return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)
    return element.text.strip() if element.text else None


def _one_line(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
