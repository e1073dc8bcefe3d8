"""Bytes to text: which encoding, and what is doubtful about it."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FIRST = frozenset(bytes([mark[0]]) for mark, _ in _BOMS)
_SAMPLE = 100_000
_FEWEST_BYTES = 40
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# What Windows programs put into English text: euro, ellipsis, quotes, dashes, bullet, no-break space, pound,
# copyright, registered, degree, half.
_TYPOGRAPHIC = re.compile(rb"[\x00-\x7f\x80\x85\x91-\x97\x99\xa0\xa3\xa9\xae\xb0\xb7\xbd]*")

_WORD = re.compile(rb"[A-Za-z]+")
_ENGLISH = re.compile(rb"\b(?:the|of|and|to|in|that|with|said)\b", re.IGNORECASE)
_SIGN_IN_WORD = re.compile(
    r"[^\W\d_][\u00a1-\u00bf\u00d7\u00f7\u0192\u02c6\u02dc\u2020-\u2021\u2030\u2039\u203a]+[^\W\d_]"
)


class Decoded(NamedTuple):
    """A text, or why there is none; with a text, ``problem`` is a doubt about it."""

    text: str | None
    problem: str | None = None
    detail: str = ""


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """Decode bytes: by their byte-order mark, as UTF-8, or by a guess that is reported.

    Newlines become line feeds. Nothing else is changed.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        The encoding, where it is known; no other is tried.

    Returns
    -------
    Decoded
        ``problem`` is None, or ``binary`` or ``undecodable`` (no text), or ``encoding_guessed`` or ``torn_character``
        (a text, with a doubt).
    """
    has_nul = b"\0" in data
    known, start = (encoding, 0) if encoding else (None, 0)
    if not encoding and (has_nul or data[:1] in _FIRST):
        known, start = _stated(data)
    if known:
        try:
            return Decoded(_newlines(data[start:].decode(known)))
        except (UnicodeDecodeError, LookupError) as error:
            return Decoded(None, "undecodable", f"not {known}: {_reason(data, error, start)}")
    if has_nul:
        return Decoded(None, "binary", f"a NUL byte at offset {data.index(0)}")
    try:
        return Decoded(_newlines(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        return _guess(data, error)


def guess_encoding(data: bytes) -> str | None:
    """Return the encoding of bytes that are not UTF-8, None where they do not tell."""
    if len(data) < _FEWEST_BYTES:
        return None
    if _TYPOGRAPHIC.fullmatch(data) and len(_HIGH.findall(data)) * 20 <= len(data):
        return "cp1252"
    if name := _windows(data[:_SAMPLE]):
        return name
    if len(_HIGH.findall(data[:_SAMPLE])) < 3:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], steps=10, chunk_size=1024).best()
    if best is None or best.encoding in ("ascii", "utf_8"):
        return None
    try:  # of the encodings that read these bytes alike, the usual one
        return "cp1252" if data.decode("cp1252") == data.decode(best.encoding) else best.encoding
    except UnicodeDecodeError:
        return best.encoding


def _windows(data: bytes) -> str | None:
    """Return the code page of an English text with a few other letters: Windows' Western one, or else the Central one.

    Statistics cannot tell *Agência* from *Agęncia* by one letter in a page of English. The Western page is the usual
    one; that it is not shows by signs within words (*Wa³êsa*).
    """
    n_words = len(_WORD.findall(data))
    if n_words < 20 or len(_ENGLISH.findall(data)) * 12 < n_words or len(_HIGH.findall(data)) * 10 > len(data):
        return None
    for name in ("cp1252", "cp1250"):
        try:
            if not _SIGN_IN_WORD.search(data.decode(name)):
                return name
        except UnicodeDecodeError:
            continue
    return None


def _stated(data: bytes) -> tuple[str | None, int]:
    """Return the encoding that a byte-order mark or the pattern of NUL bytes shows, and where the text starts."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, len(mark)
    head = data[:2000]
    half = len(head) // 2
    if half >= 8 and b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if odd >= 0.7 * half and not even:
            return "utf-16-le", 0
        if even >= 0.7 * half and not odd:
            return "utf-16-be", 0
    return None, 0


def _guess(data: bytes, error: UnicodeDecodeError) -> Decoded:
    where = _reason(data, error)
    if error.reason == "unexpected end of data" and len(data) - error.start < 4 and error.start:
        detail = f"the last {len(data) - error.start} bytes are part of a character and were left out"
        return Decoded(_newlines(data[: error.start].decode("utf-8")), "torn_character", detail)
    n_high = len(_HIGH.findall(data))
    if sum(map(len, _MULTIBYTE.findall(data))) * 2 > n_high and len(_MULTIBYTE.findall(data)) > 2:
        return Decoded(None, "undecodable", f"mostly UTF-8, but {where}")
    name = guess_encoding(data)
    if name is None:
        return Decoded(None, "undecodable", f"not UTF-8: {where}; the encoding cannot be told")
    try:
        return Decoded(_newlines(data.decode(name)), "encoding_guessed", f"read as {name}: {where}")
    except (UnicodeDecodeError, LookupError):
        return Decoded(None, "undecodable", f"neither UTF-8 nor {name}: {where}")


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _reason(data: bytes, error: Exception, start: int = 0) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte 0x{data[start + error.start]:02x} at offset {start + error.start}"
    return str(error)
