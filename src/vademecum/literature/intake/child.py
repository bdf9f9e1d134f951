"""Starting, feeding and ending one child process (see `worker`)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.intake import protocol
from vademecum.literature.intake.limits import MB, Limits
from vademecum.literature.intake.protocol import Job, Kind, Setup

_CHUNK = 1 << 17
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from vademecum.literature.intake.worker import main; main()"
)
_LONGEST_NOTE = 1 << 16
_LINUX_SET_PIPE_SIZE = 1031


class Usage(msgspec.Struct, frozen=True):
    """What a child took, once it has ended."""

    peak: int  # bytes of resident memory, as last seen; 0 on a system that does not tell
    seconds: float  # of processor time


class Child:
    """A running worker. One file at a time; after a fault it is ended and not used again."""

    def __init__(self, modules: dict[str, str], limits: Limits) -> None:
        self._limits = limits
        setup = msgspec.json.encode(Setup(modules, limits)).decode()
        path = msgspec.json.encode([os.path.realpath(entry) for entry in sys.path]).decode()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", _START, path, setup],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            bufsize=0,
            start_new_session=True,  # a key press meant for this process must not end the child first
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        for descriptor in (self._in, self._out):
            os.set_blocking(descriptor, False)
            with contextlib.suppress(OSError):
                fcntl.fcntl(descriptor, _LINUX_SET_PIPE_SIZE, MB)
        self._received = bytearray()
        self._ready = False
        self.modules = modules
        self.files = 0
        self.usage: Usage | None = None
        self._peak = 0

    def read(self, job: Job, stream: BinaryIO, sent: Callable[[int], None]) -> Iterator[tuple[Kind, bytes]]:
        """Sends a file and gives the frames that come back, the last of them DONE or FAILED.

        `sent` is told how many bytes have gone so far. Raises ImportFileError when the child breaks a limit, dies, or
        does not move; what `stream` raises goes through. After either the child must be ended.
        """
        self.files += 1
        outbox = _Outbox(job, stream, sent)
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            selector.register(self._in, selectors.EVENT_WRITE)
            writing = True
            while True:
                for descriptor in self._moving(selector):
                    if descriptor == self._in:
                        if not self._write(outbox):
                            selector.unregister(self._in)
                            writing = False
                        continue
                    self._fill()
                    while (received := self._take()) is not None:
                        self._look_at_memory()
                        if received[0] in {Kind.DONE, Kind.FAILED}:
                            if writing:
                                self._finish(outbox, selector)
                            yield received
                            return
                        yield received

    def _moving(self, selector: selectors.BaseSelector) -> list[int]:
        """The pipes that can be read or written, waited for no longer than the limit."""
        events = selector.select(timeout=self._limits.stalled)
        if not events:
            raise ImportFileError(f"nothing happened for {self._limits.stalled:.0f} seconds; the file is left out")
        return [key.fd for key, _ in events]

    def end(self) -> Usage:
        """Ends the child, whatever it is doing, and says what it took."""
        self.kill()
        if self.usage is None:
            self._reap()
        assert self.usage is not None
        return self.usage

    def kill(self) -> None:
        """Stops the child; another thread that reads from it finds out, and must end it."""
        if self.usage is None:
            self._look_at_memory()
            os.kill(self._process.pid, signal.SIGKILL)  # not Popen.kill, which may reap what `_reap` waits for

    def _reap(self) -> None:
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self.usage = Usage(self._peak, used.ru_utime + used.ru_stime)

    def _look_at_memory(self) -> None:
        """The most memory so far. What `wait4` tells includes this process's own, from before the child's start."""
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
            found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
            self._peak = max(self._peak, int(found[1]) * 1024 if found else 0)

    def _write(self, outbox: _Outbox) -> bool:
        """Writes what the pipe takes; False when the whole file has gone, or the child hears no more."""
        try:
            return outbox.write_to(self._in)
        except BrokenPipeError:
            return False

    def _finish(self, outbox: _Outbox, selector: selectors.BaseSelector) -> None:
        """The child has given its verdict; what is left of the file need not be sent, only its end."""
        selector.unregister(self._out)
        outbox.cut()
        while self._write(outbox):
            self._moving(selector)

    def _fill(self) -> None:
        data = os.read(self._out, MB)
        if not data:
            raise ImportFileError(self._why_it_ended())
        self._received += data

    def _take(self) -> tuple[Kind, bytes] | None:
        """The next whole frame, if it has come."""
        size = protocol.HEADER.size
        if len(self._received) < size:
            return None
        kind, length = protocol.HEADER.unpack_from(self._received)
        most = self._limits.record + protocol.BATCH_BYTES + size if kind == Kind.BATCH else _LONGEST_NOTE
        expected = {Kind.BATCH, Kind.DONE, Kind.FAILED} if self._ready else {Kind.READY}
        if kind not in expected or length > most:
            raise ImportFileError(protocol.RUBBISH)
        if len(self._received) < size + length:
            return None
        body = bytes(memoryview(self._received)[size : size + length])
        del self._received[: size + length]
        if kind == Kind.READY:
            self._ready = True
            return self._take()
        return Kind(kind), body

    def _why_it_ended(self) -> str:
        self._reap()
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return "takes far longer to read than a file of its size should; the file is left out"
        if code < 0:
            return f"the reading process ended with {signal.Signals(-code).name}; the file is left out"
        return f"the reading process ended with status {code}; the file is left out"


class _Outbox:
    """What is to be sent for one file: the job, its bytes, the end."""

    def __init__(self, job: Job, stream: BinaryIO, sent: Callable[[int], None]) -> None:
        self._pending = memoryview(protocol.frame(Kind.JOB, msgspec.msgpack.encode(job)))
        self._stream: BinaryIO | None = stream
        self._told, self._sent = sent, 0

    def write_to(self, descriptor: int) -> bool:
        """Writes a piece; False when nothing is left."""
        if not self._pending:
            if self._stream is None:
                return False
            data = self._stream.read(_CHUNK)
            if not data:
                self._stream = None
            self._pending = memoryview(protocol.frame(Kind.DATA, data) if data else protocol.frame(Kind.END))
            self._sent += len(data)
            self._told(self._sent)
        with contextlib.suppress(BlockingIOError):
            self._pending = self._pending[os.write(descriptor, self._pending) :]
        return bool(self._pending) or self._stream is not None

    def cut(self) -> None:
        """The frame that is on its way is completed, then comes the end."""
        if self._stream is not None:
            self._stream = None
            self._pending = memoryview(bytes(self._pending) + protocol.frame(Kind.END))
