"""One look at all bytes of a text file: what it is, how it is encoded, how many records it has, whether it is regular."""

from __future__ import annotations

import codecs
import errno
import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from prmkit.data.engine import Engine
from prmkit.data.faults import FaultLog

HEAD = 1 << 20
_CHUNK = 1 << 22
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or one with a password"),
    (b"\x89PNG", "a picture"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<head", b"<body")
_BOMS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GZIP_ERRORS = (EOFError, zlib.error, gzip.BadGzipFile)
_UNDEFINED_IN_CP1252 = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_LARGEST_RATIO, _LARGEST_UNPACKED = 200, 1 << 28
_NOTHING_WRITTEN = bytes(1 << 16)


class UnpacksTooLarge(Exception):
    """A small archive that unpacks to something out of all proportion."""


class Unfinished(Exception):
    """A file whose bytes stop being written half-way: nothing but NUL follows."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What the bytes say.

    path: what to read, in UTF-8: the file itself or a copy. records: record ends outside quotes,
    the header's included. regular: one kind of line end, no empty lines, no NUL, quotes in pairs,
    so that the database may read it at once. nul_line: the first line with a NUL byte, or 0.
    """

    path: Path
    head: str
    records: int
    regular: bool
    nul_line: int


def content_of(head: bytes) -> str:
    """What a file really is when it is no text table; empty when nothing speaks against one."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    start = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:20].lower()
    if start.startswith(_MARKUP):
        return "a web page, perhaps a log-in page saved in place of the export"
    if start.startswith((b"{", b"[{")):
        return "a JSON document"
    return ""


def ordinary(path: Path) -> BinaryIO:
    """A file opened for reading; OSError, and no endless wait, where a pipe or a device has taken its place."""

    def without_waiting(name: str, flags: int) -> int:
        number = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            raise OSError(errno.EINVAL, "it is no ordinary file")
        return number

    return open(path, "rb", opener=without_waiting)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked where it ends on .gz."""
    with ordinary(path) as file:
        if path.suffix.casefold() == ".gz":
            with gzip.GzipFile(fileobj=file, mode="rb") as unpacked:
                yield cast(BinaryIO, unpacked)
        else:
            yield file


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file in pieces, unpacked; UnpacksTooLarge for an archive bomb, Unfinished for a copy that stopped."""
    packed = path.suffix.casefold() == ".gz"
    total = 0
    with opened(path) as file:
        while piece := file.read(_CHUNK):
            total += len(piece)
            if packed and total > _LARGEST_UNPACKED and total > _LARGEST_RATIO * cast(Any, file).fileobj.tell():
                raise UnpacksTooLarge
            if piece.endswith(_NOTHING_WRITTEN):
                raise Unfinished
            yield piece


def scan(engine: Engine, path: Path, log: FaultLog, *, table: str, file: str) -> Scan | None:
    """Look at a text file once; None, with the reason in `log`, where it cannot be read as a table."""
    try:
        with opened(path) as stream:
            head = stream.read(HEAD) or b""
        if what := content_of(head):
            log.add("not_a_table", table=table, file=file, words={"what": what})
            return None
        if not head.strip(b"\x00 \t\r\n" + codecs.BOM_UTF8):
            log.add("empty_file", table=table, file=file)
            return None
        return _read(engine, path, head, log, table=table, file=file)
    except _GZIP_ERRORS:
        log.add("broken_gzip", table=table, file=file)
    except UnpacksTooLarge:
        log.add("unpacks_too_large", table=table, file=file)
    except Unfinished:
        words = {"what": "an unfinished copy, which from some place on holds nothing but NUL"}
        log.add("not_a_table", table=table, file=file, words=words)
    except OSError as error:
        log.add("unreadable_file", table=table, file=file, words={"reason": error.strerror or str(error)})
    return None


def _read(engine: Engine, path: Path, head: bytes, log: FaultLog, *, table: str, file: str) -> Scan | None:
    wide = wide_encoding(head)
    if wide:
        try:
            path = _transcoded(engine, path, wide)
        except UnicodeDecodeError:
            log.add("broken_encoding", table=table, file=file, words={"encoding": wide})
            return None
        log.add("transcoded", table=table, file=file, words={"encoding": wide.upper()})
    try:
        counted = _count(path)
    except UnicodeDecodeError:
        narrow, line = _narrow_encoding(path)
        if not narrow:
            log.add("mixed_encoding", table=table, file=file, row=line)
            return None
        log.add("transcoded", table=table, file=file, row=line, words={"encoding": narrow})
        path = _transcoded(engine, path, narrow)
        counted = _count(path)
    with opened(path) as stream:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(stream.read(HEAD))
    return Scan(path, text, counted.records, counted.regular, counted.nul_line)


def wide_encoding(head: bytes) -> str:
    """The two- or four-byte encoding of a text by its mark or its zeros; empty for any other."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    sample = head[:2000]
    if len(sample) >= 4 and sample.count(0) * 2 >= len(sample):
        empty = [not sample[place::4].strip(b"\0") for place in range(4)]
        if empty in ([False, True, True, True], [False, False, True, True]):
            return "utf-32-le"
        if empty in ([True, True, True, False], [True, True, False, False]):
            return "utf-32-be"
    odd, even = sample[1::2].count(0), sample[0::2].count(0)
    if odd > 0.4 * len(sample) / 2 and even < odd / 10:
        return "utf-16-le"
    if even > 0.4 * len(sample) / 2 and odd < even / 10:
        return "utf-16-be"
    return _wide_by_line_ends(head) if b"\0" in sample else ""


def _wide_by_line_ends(head: bytes) -> str:
    """UTF-16 of another alphabet, where few bytes are zero: line ends and delimiters are two bytes each."""
    sample = head[: 1 << 16]
    for encoding, kind in (("utf-16-le", "<u2"), ("utf-16-be", ">u2")):
        units = np.frombuffer(sample[: len(sample) // 2 * 2], dtype=kind)
        if 2 * int((units == 10).sum()) > sample.count(b"\n") and np.isin(units, (44, 59, 9, 124)).any():
            return encoding
    return ""


def _narrow_encoding(path: Path) -> tuple[str, int]:
    """The one-byte encoding of a file that is not UTF-8, and its first such line; empty where part of it is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    valid = invalid = lines = line = 0
    undefined = False
    for piece in chunks(path):
        decoded = decoder.decode(piece)
        bad = decoded.count("\ufffd")
        if bad and not line:
            line = lines + decoded.count("\n", 0, decoded.index("\ufffd")) + 1
        lines += decoded.count("\n")
        invalid += bad
        valid += len(decoded) - len(decoded.encode("ascii", "ignore")) - bad
        undefined = undefined or any(byte in piece for byte in _UNDEFINED_IN_CP1252)
    if valid > invalid:
        return "", line
    return ("latin-1" if undefined else "cp1252"), line


def _transcoded(engine: Engine, path: Path, encoding: str) -> Path:
    made = engine.fresh(".csv")
    decoder = codecs.getincrementaldecoder(encoding)()
    with made.open("wb") as copy:
        for piece in chunks(path):
            copy.write(decoder.decode(piece).encode("utf-8", "replace"))
        copy.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return made


class _Counter:
    """Counts lines, records, quotes and line ends over pieces of a file."""

    def __init__(self) -> None:
        self.lines = self.records = self.quotes = self.returns = self.pairs = self.nul_line = 0
        self.empty_line = False
        self.tail = b"\n"

    def feed(self, piece: bytes) -> None:
        if b"\0" in piece and not self.nul_line:
            self.nul_line = self.lines + piece.count(b"\n", 0, piece.index(b"\0")) + 1
        joined = self.tail + piece
        self.empty_line = self.empty_line or b"\n\n" in joined or b"\n\r\n" in joined
        self.returns += piece.count(b"\r")
        self.pairs += joined.count(b"\r\n") - (self.tail == b"\r\n")
        lines = piece.count(b"\n")
        self.lines += lines
        self.records += self._ends(piece) if b'"' in piece or self.quotes % 2 else lines
        self.quotes += piece.count(b'"')
        self.tail = joined[-2:]

    def _ends(self, piece: bytes) -> int:
        """Line ends outside quotes, quotes counted in pairs."""
        letters = np.frombuffer(piece, dtype=np.uint8)
        marks = letters[(letters == 34) | (letters == 10)]
        inside = (np.cumsum(marks == 34) + self.quotes) % 2
        return int(((marks == 10) & (inside == 0)).sum())

    @property
    def regular(self) -> bool:
        one_kind = self.returns == self.pairs and self.pairs in (0, self.lines)
        return one_kind and not self.empty_line and not self.nul_line and self.quotes % 2 == 0


def _count(path: Path) -> _Counter:
    counter = _Counter()
    decoder = codecs.getincrementaldecoder("utf-8")()
    for piece in chunks(path):
        decoder.decode(piece)
        counter.feed(piece)
    decoder.decode(b"", final=True)
    if not counter.tail.endswith(b"\n"):
        counter.records += 1
    return counter
