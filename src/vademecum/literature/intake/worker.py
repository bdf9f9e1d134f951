"""The child process: reads one file after another from a pipe and sends back records. It trusts nothing it reads.

After its modules are loaded it gives up, for good, what parsing does not need. The kernel lets it open nothing (no
descriptor above 2), write no file, start no process and grow no further than its limit; an audit hook says so in
words where Python is asked first. Bytes arrive over standard input and records leave over standard output.
"""

from __future__ import annotations

import codecs
import contextlib
import gc
import inspect
import io
import math
import os
import pkgutil
import resource
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import BinaryIO, NoReturn

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.intake import protocol
from vademecum.literature.intake.limits import MB, Limits
from vademecum.literature.intake.protocol import Failure, Job, Kind
from vademecum.literature.records import Deletion, Item, Notice, Record

Reader = Callable[[BinaryIO, str], Iterator[Item]]

_CODECS: tuple[str, ...] = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252")
_CODECS += ("ascii", "idna", "mac-roman", "iso8859-15", "cp437", "unicode-escape", "raw-unicode-escape")
_REFUSED: tuple[str, ...] = ("open", "socket.", "subprocess.", "shutil.", "tempfile.", "urllib.", "ctypes.", "pty.")
_REFUSED += ("fcntl.", "mmap.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.startfile")
_REFUSED += ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
_REFUSED += ("os.chown", "os.utime", "os.listdir", "os.scandir", "os.putenv", "os.unsetenv", "os.kill", "os.chdir")
_LATE = ("pypdf", "bibtexparser", "pylatexenc", "rispy")  # import modules of their own in the middle of reading
_IMAGE = 40 * MB  # of the memory limit: the interpreter and its libraries, which are not counted as data
_STDIN, _STDOUT = 0, 1


class Incoming(io.RawIOBase):
    """The bytes of the current file, as the parent sends them."""

    def __init__(self, received: Callable[[int], None], name: str) -> None:
        super().__init__()
        self.name = name
        self._received = received
        self._left = 0
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if not self._more():
            return 0
        taken = os.readv(_STDIN, [view[: self._left]])
        if not taken:
            _leave()
        self._left -= taken
        return taken

    def drain(self) -> None:
        """Reads past what the reader of the file left, also after it closed the stream."""
        while self._more():
            taken = len(os.read(_STDIN, min(self._left, MB)))
            if not taken:
                _leave()
            self._left -= taken

    def _more(self) -> bool:
        while not self._left and not self._ended:
            kind, length = _header()
            self._ended = kind == Kind.END
            self._left = length
            self._received(length)
        return not self._ended


class Buffered(io.BufferedReader):
    """A buffer that sets no memory aside for bytes that may never come: readers ask for "a limit and one more"."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size <= MB:
            return super().read(size)
        parts: list[bytes] = []
        while size and (part := super().read(min(size, MB))):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class Outgoing:
    """Batches of records on their way to the parent."""

    def __init__(self, limits: Limits, taken: Callable[[], int]) -> None:
        self._limits, self._taken = limits, taken
        self._encode = msgspec.msgpack.Encoder().encode
        self._parts: list[bytes] = []
        self._bytes = self._sent = 0
        self.records = 0
        self.last: str | None = None

    def add(self, item: Item) -> None:
        encoded = self._encode(item)
        limits = self._limits
        if len(encoded) > limits.record:
            raise ImportFileError(f"the record takes more than {limits.record:,} bytes; split it")
        self._sent += len(encoded)
        if self._sent > min(limits.output, max(64 * MB, limits.output_ratio * self._taken())):
            raise ImportFileError(f"its records take more than {self._sent:,} bytes, far more than the file; refused")
        self._parts.append(encoded)
        self._bytes += len(encoded)
        self.records += 1
        self.last = _identifier(item)
        if len(self._parts) >= protocol.BATCH_RECORDS or self._bytes >= protocol.BATCH_BYTES:
            self.flush()

    def flush(self) -> None:
        if self._parts:
            head = protocol.ARRAY.pack(protocol.ARRAY_MARK, len(self._parts))
            _send(Kind.BATCH, b"".join([head, *self._parts]))
            self._parts, self._bytes = [], 0


class Clock:
    """Processor time a file may take: a fixed start and the format's pace for each megabyte received."""

    def __init__(self, seconds: float, pace: float) -> None:
        self._until = time.process_time() + seconds
        self._pace = pace / MB
        self.received = 0
        self._set()

    def more(self, length: int) -> None:
        self.received += length
        self._until += length * self._pace
        self._set()

    def _set(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(self._until), hard))


def main() -> None:
    """Reads files until the parent closes the pipe."""
    setup = protocol.SETUPS.decode(sys.argv[2])
    sys.stdout = sys.stderr  # a library that prints must not write into the answers
    readers = {name: _reader(module) for name, module in setup.modules.items()}
    for name in _CODECS:
        codecs.lookup(name)
    for name in _LATE:
        _load_all(name)
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # records hold no cycles; looking for some took a tenth of the time
    lock(setup.limits)
    _send(Kind.READY)
    while True:
        kind, length = _header(may_end=True)
        if kind != Kind.JOB:
            _leave()
        job = protocol.JOBS.decode(_exactly(length))
        _send(*_verdict(job, readers[job.format], setup.limits))


def lock(limits: Limits) -> None:
    """Gives up files, connections, processes and memory beyond the limit. There is no way back."""
    data = max(limits.memory - _IMAGE, 32 * MB)
    for name, value in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_NOFILE", 3),
        ("RLIMIT_DATA", data),
    ):
        with contextlib.suppress(AttributeError, ValueError, OSError):  # a system that lacks one of them
            resource.setrlimit(getattr(resource, name), (value, value))
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(_REFUSED):
        raise PermissionError(f"{event} is not allowed while a file is read")


def _reader(module: str) -> Reader | str:
    """The module's `read`, or why there is none: a missing format must not keep the others from working.

    A reader that has a parameter `name` is told the file's name: of some files it is the only title.
    """
    try:
        read = import_module(module).read
        named = "name" in inspect.signature(read).parameters
    except Exception as error:
        return f"the reader {module} cannot be loaded: {error}"
    return lambda stream, name: read(stream, name=name) if named else read(stream)


def _load_all(package: str) -> None:
    """Every module of a library that a reader uses; those for which something is not installed stay out."""
    loaded = sys.modules.get(package)
    for module in pkgutil.iter_modules(loaded.__path__, f"{package}.") if loaded else ():
        with contextlib.suppress(Exception):
            import_module(module.name)
            if module.ispkg:
                _load_all(module.name)


def _verdict(job: Job, reader: Reader | str, limits: Limits) -> tuple[Kind, bytes]:
    """Reads one file; the last frame about it."""
    clock = Clock(limits.seconds, job.pace)
    incoming = Incoming(clock.more, job.file)
    outgoing = Outgoing(limits, lambda: clock.received)
    failure: Failure | None = None
    try:
        if isinstance(reader, str):
            raise ImportFileError(reader)
        for item in reader(Buffered(incoming, 1 << 16), job.file):
            outgoing.add(item)
        outgoing.flush()
    except ImportFileError as error:
        failure = Failure(outgoing.records, _words(error), last=outgoing.last)
    except MemoryError:
        message = f"needs more than {limits.memory // MB} MB of memory; split the file"
        failure = Failure(outgoing.records, message, mine=True, last=outgoing.last)
    except Exception as error:
        message = f"the {job.format} reader failed ({type(error).__name__}: {_words(error)}); the file is left out"
        failure = Failure(outgoing.records, message, mine=True, last=outgoing.last)
    incoming.drain()
    return (Kind.FAILED, msgspec.msgpack.encode(failure)) if failure else (Kind.DONE, b"")


def _words(error: Exception) -> str:
    """The message as text that can be sent: lone surrogates replaced, no longer than a screen."""
    return str(error)[:2000].encode("utf-8", "replace").decode()


def _identifier(item: Item) -> str | None:
    match item:
        case Record(ids=ids) | Notice(about=ids):
            pairs = (("PMID", ids.pmid), ("PMCID", ids.pmcid), ("NCT", ids.nct), ("DOI", ids.doi), ("id", ids.other))
            return next((f"{name} {value}" for name, value in pairs if value), None)
        case Deletion(pmid=pmid):
            return f"PMID {pmid}"


def _header(*, may_end: bool = False) -> tuple[int, int]:
    data = _exactly(protocol.HEADER.size, may_end=may_end)
    kind, length = protocol.HEADER.unpack(data)
    return kind, length


def _exactly(size: int, *, may_end: bool = False) -> bytes:
    parts: list[bytes] = []
    while size:
        part = os.read(_STDIN, size)
        if not part:
            _leave(0 if may_end and not parts else 1)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _send(kind: Kind, body: bytes = b"") -> None:
    view = memoryview(protocol.frame(kind, body))
    while view:
        view = view[os.write(_STDOUT, view) :]


def _leave(status: int = 1) -> NoReturn:
    """The parent is gone, or has no more work."""
    os._exit(status)
