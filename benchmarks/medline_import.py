"""How fast MEDLINE XML goes into a library by `vade import`, and how much memory that takes.

    python benchmarks/medline_import.py [--files 4] [--per-file 30000] [--folder DIR] [--write FILE]

Files are those of `medline.py`: real abstracts in made-up citations, gzipped, as many in a file as in the PubMed
baseline. The import is the ordinary one, parsing in its child process, words indexed by the process that follows; the
encoder is left out and its share told apart, from a sample.

- stored: until the database has acknowledged the last record; what is stored survives a power cut
- findable: until the index holds the words of the last record
- ended: until the command returns; so many texts are mined by `vade reindex` only, whose pace is told apart
"""

from __future__ import annotations

import argparse
import gzip
import resource
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from answers import machine
from medline import generate
from vademecum.literature import mining
from vademecum.literature.encoder import Encoder
from vademecum.literature.importing import mine_pending
from vademecum.literature.place import place
from vademecum.literature.store import Store
from vademecum.literature.taking_in import take_in

ENCODED = 500


def main() -> None:
    """Write the files, import them, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--per-file", type=int, default=30_000)
    parser.add_argument("--folder", type=Path, help="where the library is made (removed again)")
    parser.add_argument("--write", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        lines = list(report(folder, options.files, options.per_file))
    finally:
        shutil.rmtree(folder)
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(folder: Path, files: int, per_file: int) -> Iterable[str]:
    """The figures, a line each."""
    paths = []
    for number in range(files):
        paths.append(folder / f"generated{number:04}.xml.gz")
        with gzip.open(paths[-1], "wb", compresslevel=1) as stream:
            stream.writelines(generate(per_file, first=1 + number * per_file))
    yield from machine()
    packed = sum(path.stat().st_size for path in paths)
    records = files * per_file
    yield f"{records:,} citations in {files} files, {packed / 1e6:.0f} MB packed"
    address = str(folder / "library.db")
    ends: dict[str, float] = {}
    start = time.perf_counter()

    def tell(step: str, done: int, total: int | None, note: str) -> None:  # noqa: ARG001
        ends[step] = time.perf_counter() - start

    taken = take_in([str(path) for path in paths], address=address, semantic=False, tell=tell)
    ended = time.perf_counter() - start
    assert not taken.failed, taken.failed
    assert taken.put.added == records, taken.put
    findable = ends.get("index: words", ends["records"])
    for what, seconds in (("stored", ends["records"]), ("findable", findable), ("ended", ended)):
        yield f"{what:<10} {seconds:7.1f} s  {records / seconds:8,.0f} citations/s"
    with Store.open(address) as store:
        start = time.perf_counter()
        mined = mine_pending(store, mining.mine, str(mining.RULES_VERSION))
        yield f"mining afterwards: {mined / (time.perf_counter() - start):,.0f} citations/s"
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    here, there = (used.ru_utime + used.ru_stime for used in (own, children))
    yield f"processor time: {here:.0f} s here, {there:.0f} s in children"
    yield f"memory at most: {own.ru_maxrss >> 10} MB here, {children.ru_maxrss >> 10} MB in the largest child"
    size = sum(path.stat().st_size for path in folder.glob("library.db*") if path.is_file())
    index = sum(path.stat().st_size for path in place(address).index.rglob("*") if path.is_file())
    yield f"on disk: database {size / 1e6:.0f} MB, index {index / 1e6:.0f} MB"
    yield encoding(address)


def encoding(address: str) -> str:
    """What search by meaning adds."""
    encoder = Encoder.load()
    if encoder is None:
        return "encoder: not installed"
    with Store.open(address, read_only=True) as store:
        texts = [part.text for one in store.changed_sources(0, ENCODED) for part in one.passages]
    encoder.encode(texts[:20])
    start = time.perf_counter()
    encoder.encode(texts)
    return f"the encoder, if used, adds {(time.perf_counter() - start) / len(texts) * 1000:.1f} ms a citation"


if __name__ == "__main__":
    main()
