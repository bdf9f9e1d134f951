"""What one import may cost before it is stopped."""

from __future__ import annotations

import msgspec

MB = 1 << 20


class Limits(msgspec.Struct, frozen=True):
    """Generous for real files, small for hostile ones; every refusal names the limit it met."""

    # unpacking
    ratio: int = 100  # unpacked bytes for each packed byte; XML packs about tenfold
    ratio_from: int = MB  # below this much text a ratio harms nobody
    unpacked: int = 8 << 30  # of one file or archive; the largest MEDLINE file is below 1 GB
    spooled: int = 8 << 30  # of standard input
    entries: int = 2_000  # in any archive ...
    entry_bytes: int = 1024  # ... and one more for each so many packed bytes ...
    entries_most: int = 500_000  # ... up to this
    directory: int = 64 * MB  # of a zip archive's list of entries, which is read as a whole
    # parsing
    document: int = 64 * MB  # a file that is one document is read as a whole
    seconds: float = 4.0  # of processor time, beside the format's pace for each megabyte read
    stalled: float = 60.0  # without any progress, by the clock
    memory: int = 256 * MB  # of the child process
    record: int = 16 * MB  # of one encoded record
    output: int = 4 << 30  # of all encoded records of one file ...
    output_ratio: int = 40  # ... and for each byte read, from 64 MB
    # economy
    units: int = 400  # files one child reads before a fresh one takes over
    held: int = 8 * MB  # of encoded records kept in memory; more goes to an unnamed temporary file

    def entries_in(self, size: int) -> int:
        """How many entries an archive of `size` bytes may have."""
        return min(self.entries_most, self.entries + size // self.entry_bytes)
