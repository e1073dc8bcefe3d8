"""Bytes to lines: in which encoding, and in bounded memory however long a line is."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import IO

import numpy as np

from analysis import decoding
from analysis.files import reason_of
from analysis.tables import BLOCK, MOST_TEXT

_WIDE = (b"\xff\xfe", b"\xfe\xff")


def is_plain(head: bytes, encoding: str | None) -> bool:
    """Say whether lines end in single bytes, as the first 4,096 bytes of a file tell it."""
    return not (encoding or head.startswith(_WIDE) or (b"\r" in head and b"\n" not in head))


def whole_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield blocks of whole lines, as long as they are UTF-8 and none is too long; leave the stream where they end."""
    while data := stream.read(BLOCK):
        begin = stream.tell() - len(data)
        data += stream.readline(MOST_TEXT + 1) if not data.endswith(b"\n") else b""
        if len(data) - data.rfind(b"\n", 0, -1) > MOST_TEXT or not _is_utf8(data):
            # as if read line by line so far: what `lines_of` guesses an encoding from follows from where it stands
            stream.seek(begin - begin % io.DEFAULT_BUFFER_SIZE)
            stream.read(begin % io.DEFAULT_BUFFER_SIZE)
            return
        yield data


def n_signs(data: bytes | bytearray | memoryview, signs: bytes) -> int:
    """Count some signs of ASCII in UTF-8, in a third of the time that ``data.count`` takes."""
    codes = np.frombuffer(data, dtype=np.uint8)
    pieces = (codes[i : i + 2**17] for i in range(0, len(codes), 2**17))
    return sum(int(np.count_nonzero(piece == sign)) for piece in pieces for sign in signs)


def _is_utf8(data: bytes) -> bool:
    try:
        return data.isascii() or data.decode("utf-8") is not None
    except UnicodeDecodeError:
        return False


def lines_of(stream: IO[bytes], encoding: str | None) -> Iterator[tuple[int, str, tuple[str, str] | None]]:
    """Yield ``(number from 1, line, problem)``; a line that is too long is skipped in bounded memory."""
    stream = io.BufferedReader(stream) if not hasattr(stream, "peek") else stream  # type: ignore[type-var]
    head = stream.peek(4096)[:4096]  # type: ignore[attr-defined]
    if not is_plain(head, encoding):
        wide = "utf-16" if head.startswith(_WIDE) else "utf-8-sig"
        yield from _decoded_lines(stream, encoding or wide)
        return
    if head.startswith(b"\xef\xbb\xbf"):
        stream.read(3)
    guess: str | None = None
    number = 0
    while line := stream.readline(MOST_TEXT + 1):
        number += 1
        if len(line) > MOST_TEXT:
            n_bytes = len(line)
            while line and not line.endswith(b"\n"):
                line = stream.readline(MOST_TEXT)
                n_bytes += len(line)
            yield number, "", ("too_large", f"a line of {n_bytes:,} bytes; {MOST_TEXT:,} at most")
            continue
        try:
            yield number, line.decode("utf-8"), None
        except UnicodeDecodeError:
            decoded = decoding.decode(line, encoding=guess)
            if guess is None and (decoded.problem == "encoding_guessed" or decoded.text is None):
                # One line tells less than those around it.
                sample = line + stream.peek()[:100_000]  # type: ignore[attr-defined]
                guess = decoding.guess_encoding(sample)
                if guess and decoding.decode(line, encoding=guess).text is not None:
                    decoded = decoding.decode(line, encoding=guess)
            if decoded.text is None or decoded.problem == "torn_character":
                yield number, "", ("undecodable", decoded.detail)
            else:
                yield number, decoded.text, ("encoding_guessed", f"read as {guess}" if guess else decoded.detail)


def _decoded_lines(stream: IO[bytes], encoding: str) -> Iterator[tuple[int, str, tuple[str, str] | None]]:
    """Yield lines of an encoding whose line feeds are not single bytes, or of a file that has none."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("strict"), translate=True)
    number, rest, skipping, more = 0, "", False, True
    while more:
        data = stream.read(2**16)
        more = bool(data)
        try:
            rest += decoder.decode(data, final=not more)
        except UnicodeError as error:
            yield number + 1, "", ("undecodable", f"not {encoding}: {reason_of(error)[:120]}; not read on")
            return
        *lines, rest = rest.split("\n")
        if not more and rest:
            lines, rest = [*lines, rest], ""
        for line in lines:
            number += not skipping
            if not skipping:
                yield number, line + "\n", None
            skipping = False
        if len(rest) > MOST_TEXT:
            if not skipping:
                number += 1
                yield number, "", ("too_large", f"a line of more than {MOST_TEXT:,} characters")
            rest, skipping = "", True
