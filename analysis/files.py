"""A path to the files in it: folders, zip archives and compressed files, none of them trusted."""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from analysis.progress import Meter

COMPRESSED = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
"""Suffixes of compressed files."""

MOST_EXPANSION = 200
"""A compressed file may hold this many times its own size: text compresses 3 to 20 times, a bomb 1,000 and more."""

FREE_EXPANSION = 64 * 2**20
"""Bytes that any compressed file may hold, however small it is."""

_NOT_ARTICLES = re.compile(
    r"\..*|(?:readme|licen[cs]e|copying)(?:\.(?:txt|md|rst|html?))?|thumbs\.db|desktop\.ini", re.IGNORECASE
)
_PAGE_FOLDER = re.compile(r"(.+)[_-](?:files|Dateien|fichiers|archivos|bestanden)", re.IGNORECASE)


class TooLargeError(Exception):
    """More bytes than a limit allows; the message says which."""


class Problem(NamedTuple):
    """A row of the frame ``problems``."""

    source: str
    problem: str
    detail: str
    article_id: str | None = None


class Found(NamedTuple):
    """A file: what to call it and how to open it.

    ``suffix`` is the one below ``.gz`` or ``.zst``; ``open`` gives a binary stream of the decompressed bytes; ``path``
    is None inside an archive.
    """

    source: str
    suffix: str
    open: Callable[[], IO[bytes]]
    path: str | None = None
    compressed: bool = False

    @property
    def size(self) -> int:
        """Bytes of a file of the disk that is not compressed; 0 of others."""
        try:
            return 0 if self.path is None or self.compressed else os.stat(self.path).st_size
        except OSError:
            return 0


def find(root: Path, meter: Meter | None = None) -> Iterator[Found | Problem]:
    """Yield every file of a folder, subfolders too, or of an archive, or the one file, in the order of their paths."""
    meter = meter or Meter()
    if root.is_file():
        meter.start([str(root)])
        yield from _file(str(root), printable(root.name), meter)
        return
    if not root.is_dir():
        yield Problem(printable(root.name), "unsupported", "neither a file nor a folder")
        return
    real = os.path.realpath(root)
    found = _walk(str(root))
    meter.start([path for path, source, _ in found if not source.endswith("/")])
    for path, source, link in found:
        if source.endswith("/"):
            yield Problem(source, *_folder_problem(path, source, link))
            continue
        if reason := _left(source, path):
            yield Problem(source, "not_an_article", reason)
            continue
        if link is not False:
            try:
                if not stat.S_ISREG(os.stat(path).st_mode):
                    yield Problem(source, "unsupported", "not a regular file (a pipe, a socket or a device)")
                    continue
            except (OSError, ValueError) as error:
                yield Problem(source, "unreadable", reason_of(error), identify(source))
                continue
            if link and os.path.commonpath([real, os.path.realpath(path)]) != real:
                yield Problem(source, "symlink_outside", "a link to a file outside the corpus: not followed")
                continue
        yield from _file(path, source, meter)


def identify(source: str) -> str:
    """Return the article id of a file: its path without its suffixes, composed as Unicode's form C."""
    base, suffix = os.path.splitext(source)
    if suffix.lower() in COMPRESSED:
        base = os.path.splitext(base)[0]
    return unicodedata.normalize("NFC", base)


def printable(name: str) -> str:
    """Return a file name as text that can be written: bytes that are no characters by their numbers."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def reason_of(error: BaseException) -> str:
    """Return one line, without a path, that says what went wrong."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _walk(root: str) -> list[tuple[str, str, bool | None]]:
    """Return ``(path, source, link)`` in the order of the sources; folders not entered end in a slash.

    ``link`` is False for a regular file, True for a link, None for anything else.
    """
    found: list[tuple[str, str, bool | None]] = []
    pending = [(root, "")]
    while pending:
        folder, prefix = pending.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            if not prefix:
                raise
            found.append((folder, prefix, False))
            continue
        for entry in entries:
            source = prefix + printable(entry.name)
            if entry.is_file(follow_symlinks=False):
                found.append((entry.path, source, False))
                continue
            link = entry.is_symlink() or None
            try:
                is_folder = entry.is_dir(follow_symlinks=True)
            except OSError:  # a link to itself
                is_folder = False
            if is_folder:
                if link or entry.name.startswith(".") or entry.name == "__MACOSX":
                    found.append((entry.path, source + "/", link))
                else:
                    pending.append((entry.path, source + "/"))
            else:
                found.append((entry.path, source, link))
    return sorted(found, key=lambda f: f[1])


def _folder_problem(path: str, source: str, link: bool) -> tuple[str, str]:
    if link:
        return "symlink_folder", "a link to a folder: not followed"
    if source.rsplit("/", 2)[-2].startswith((".", "__MACOSX")):
        return "not_an_article", "a hidden folder"
    return "unreadable", "the folder cannot be listed"


def _left(source: str, path: str | None = None) -> str | None:
    """Say why a file is no article by its place and name alone."""
    *folders, name = source.split("/")
    if _NOT_ARTICLES.fullmatch(name):
        return "a README, licence or hidden file beside the articles"
    for depth, folder in enumerate(folders):
        page = _PAGE_FOLDER.fullmatch(folder)
        if page and path is not None:
            up = len(folders) - depth
            above = PurePosixPath(path.replace(os.sep, "/")).parents[up]
            if any(os.path.exists(f"{above}/{page[1]}{suffix}") for suffix in (".html", ".htm", ".mhtml")):
                return f"saved by the browser beside the page {page[1]}"
    return None


def _file(path: str, source: str, meter: Meter) -> Iterator[Found | Problem]:
    meter.enter(path)
    base, suffix = os.path.splitext(source)
    suffix = suffix.lower()
    if suffix == ".txt":
        yield Found(source, suffix, _no_opener, path)
        return
    kind = COMPRESSED.get(suffix)
    try:
        size = os.stat(path).st_size
    except OSError as error:
        yield Problem(source, "unreadable", reason_of(error), identify(source))
        return
    if suffix == ".zip":
        yield from _archive(path, source, size, meter)
    elif kind:
        inner = os.path.splitext(base)[1].lower()
        yield Found(source, inner, lambda: _decompress(meter.watch(_open(path)), kind, size), path, True)
    else:
        yield Found(source, suffix, lambda: meter.watch(_open(path)), path)


def _open(path: str) -> IO[bytes]:
    return open(path, "rb")


def _no_opener() -> IO[bytes]:
    raise OSError("plain text is read by its path")


def _archive(path: str, source: str, size: int, meter: Meter) -> Iterator[Found | Problem]:
    budget = Budget(size)
    try:
        with meter.watch(_open(path)) as stream, zipfile.ZipFile(stream) as archive:
            members = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename)
            if not members:
                yield Problem(source, "empty", "an archive without files")
            for info in members:
                yield _member(archive, info, source, budget)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error) as error:
        yield Problem(source, "truncated_archive", f"no whole zip archive: {reason_of(error)}")


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: str, budget: Budget) -> Found | Problem:
    name = info.filename.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    inner = f"{source}/{name}"
    parts = PurePosixPath(info.filename.replace("\\", "/")).parts
    if not parts or ".." in parts or parts[0] == "/" or re.match(r"[A-Za-z]:", info.filename):
        return Problem(inner, "unsafe_path", "the name leads out of the archive: not read")
    if stat.S_ISLNK(info.external_attr >> 16):
        return Problem(inner, "symlink_outside", "a link in an archive: not followed")
    if info.flag_bits & 1:
        return Problem(inner, "unreadable", "encrypted")
    if any(p.startswith(".") or p == "__MACOSX" for p in parts):
        return Problem(inner, "not_an_article", "a hidden file")
    if reason := _left(name):
        return Problem(inner, "not_an_article", reason)
    base, suffix = os.path.splitext(name)
    kind = COMPRESSED.get(suffix.lower())
    if kind:
        inner_suffix = os.path.splitext(base)[1].lower()
        return Found(
            inner, inner_suffix,
            lambda: _decompress(_limited(archive.open(info), budget), kind, info.compress_size), None, True,
        )  # fmt: skip
    return Found(inner, suffix.lower(), lambda: _limited(archive.open(info), budget), None, True)


class Budget:
    """Bytes that may still come out of a compressed file."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.left = max(FREE_EXPANSION, MOST_EXPANSION * size)

    def spend(self, n: int) -> None:
        """Take ``n`` bytes; raise `TooLargeError` when there are none left."""
        self.left -= n
        if self.left < 0:
            raise TooLargeError(f"holds more than {MOST_EXPANSION} times its {self.size:,} bytes: not read on")


class _Limited(io.RawIOBase):
    def __init__(self, stream: IO[bytes], budget: Budget, below: IO[bytes] | None = None) -> None:
        self._stream = stream
        self._budget = budget
        self._below = below

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._budget.spend(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            if self._below is not None:
                self._below.close()
        super().close()


def _limited(stream: IO[bytes], budget: Budget, below: IO[bytes] | None = None) -> IO[bytes]:
    return io.BufferedReader(_Limited(stream, budget, below), 2**18)


def _decompress(stream: IO[bytes], kind: str, size: int) -> IO[bytes]:
    if kind == "gzip":
        return _limited(gzip.GzipFile(fileobj=stream, mode="rb"), Budget(size), stream)
    import pyarrow as pa

    return _limited(pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"), Budget(size), stream)
