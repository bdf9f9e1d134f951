"""What parent and child say to each other over two pipes: frames of one byte of kind, four of length, and a body.

The parent sends a job, the file's bytes and an end; the child answers with batches of records and a verdict. Neither
side trusts a length above its limit.
"""

from __future__ import annotations

import struct
from enum import IntEnum

import msgspec

from vademecum.literature.intake.limits import Limits
from vademecum.literature.records import Item

HEADER = struct.Struct("<BI")
ARRAY = struct.Struct(">BI")  # msgpack: an array of up to 2**32 - 1 values
ARRAY_MARK = 0xDD
RUBBISH = "the reading process sent rubbish; the file is left out"
BATCH_RECORDS = 256
BATCH_BYTES = 1 << 20


class Kind(IntEnum):
    """What a frame holds."""

    JOB = 1  # parent: Job
    DATA = 2  # parent: bytes of the file
    END = 3  # parent: no more bytes
    READY = 4  # child: locked in and waiting
    BATCH = 5  # child: list[Item]
    DONE = 6  # child: the file is read to its end
    FAILED = 7  # child: Failure


class Setup(msgspec.Struct, frozen=True):
    """What a child is started with."""

    modules: dict[str, str]  # format name to the module with its `read`
    limits: Limits


class Job(msgspec.Struct, frozen=True):
    """One file to read."""

    file: str  # its name without folders
    format: str
    pace: float


class Failure(msgspec.Struct, frozen=True):
    """Why a file was not read, and after how many records."""

    records: int
    message: str
    mine: bool = False  # the child is of no more use
    last: str | None = None  # identifier of the last record before


ITEMS = msgspec.msgpack.Decoder(list[Item])
JOBS = msgspec.msgpack.Decoder(Job)
FAILURES = msgspec.msgpack.Decoder(Failure)
SETUPS = msgspec.json.Decoder(Setup)


def frame(kind: Kind, body: bytes = b"") -> bytes:
    """A frame ready to send."""
    return HEADER.pack(kind, len(body)) + body
