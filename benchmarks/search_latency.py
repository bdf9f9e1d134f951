"""Search time, memory and building time of the index as the library grows.

    python benchmarks/search_latency.py [--sizes N ...] [--seed N] [--questions N] [--folder DIR] [--write FILE]

A search is what `vade search` does in a warm process: ten works, each with its passage read from the store, quotation
and highlights. Passages are recombined from real sentences of the corpora in ../shared/bench: half of a passage comes
from one real document, half from any. Encoding a million texts takes hours, so a passage's vector is the mean of its
sentences' vectors: `--encoded` distinct sentences are really encoded, and every other one borrows the vector of one of
these.
The question's vector is made as in use. Questions are real ones of the same sets. Building and searching run in
processes of their own.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from answers import machine
from vademecum.answer.pipeline import ask
from vademecum.literature import mining
from vademecum.literature.appraisal import Appraisal
from vademecum.literature.documents import Document
from vademecum.literature.encoder import Encoder
from vademecum.literature.importing import mine_pending
from vademecum.literature.index import Filters, Index
from vademecum.literature.place import place
from vademecum.literature.records import Identifiers, Record, RecordKind, Section
from vademecum.literature.search import Library, Mode
from vademecum.literature.search import search as find
from vademecum.literature.shelf import Shelf
from vademecum.literature.store import Store
from vademecum.packs.library import load

BENCH = Path(__file__).resolve().parent.parent / ".." / "shared" / "bench"
SETS = ("scifact", "pubmedqa", "bioasq", "medquad")
MINED = 100_000  # sources up to which findings are mined before; beyond, an answer mines those it quotes
SIZES = (10_000, 100_000, 1_000_000)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z0-9(\[])|\n+")
Floats = npt.NDArray[np.float32]


def main() -> None:
    """Measure every size and print; the hidden options run one step in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--encoded", type=int, default=8_000, help="distinct sentences that get a real vector")
    parser.add_argument("--folder", type=Path, help="where indexes are built (removed again); default: a temporary one")
    parser.add_argument("--write", type=Path, help="also write the result to this file")
    parser.add_argument("--step", choices=("build", "search"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        folder = options.folder
        print(
            json.dumps(build(folder, options.sizes[0], options) if options.step == "build" else search(folder, options))
        )
        return
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        lines = list(report(folder, options))
    finally:
        shutil.rmtree(folder)
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(folder: Path, options: argparse.Namespace) -> Iterable[str]:
    """One block a size."""
    yield from machine()
    libraries = ("tantivy", "numpy", "onnxruntime")
    yield ", ".join(f"{library} {version(library)}" for library in libraries)
    yield (
        f"passages recombined from {len(documents())} documents of {', '.join(SETS)}; seed {options.seed}; "
        f"a passage's vector is the mean of its sentences' vectors; {options.encoded} sentences were encoded, "
        "the others borrow a vector of these"
    )
    make_vectors(folder, options)
    for size in options.sizes:
        index = folder / str(size)
        arguments = ["--folder", str(index), "--sizes", str(size), "--seed", str(options.seed)]
        arguments += ["--questions", str(options.questions), "--encoded", str(options.encoded)]
        built = run("build", arguments)
        found = run("search", arguments)
        yield ""
        yield f"{size:,} passages"
        for key, value in {**built, **found}.items():
            yield f"  {key}: {value}"
        shutil.rmtree(index)


def run(step: str, arguments: list[str]) -> dict[str, str]:
    """A step in its own process."""
    made = subprocess.run(
        [sys.executable, __file__, *arguments, "--step", step], check=True, capture_output=True, text=True
    )
    result: dict[str, str] = json.loads(made.stdout.splitlines()[-1])
    return result


# --- the library that is searched


@lru_cache(maxsize=1)
def documents() -> list[tuple[str, tuple[str, ...]]]:
    """Title and sentences of every document of the sets, in file order."""
    found = []
    for name in SETS:
        with gzip.open(BENCH / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                sentences = tuple(part for part in _SENTENCE.split(row["text"]) if 20 < len(part) < 600)
                if sentences:
                    found.append((row["title"], sentences[:12]))
    return found


def questions(count: int, seed: int) -> list[str]:
    """A sample of the sets' real questions."""
    rows = [
        json.loads(line)["text"]
        for name in SETS
        for line in (BENCH / name / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return random.Random(seed).sample(rows, min(count, len(rows)))


def recombined(size: int, seed: int) -> Iterator[Record]:
    """Made-up abstracts, the same ones every time."""
    for number in range(1, size + 1):
        choose = random.Random(seed * 10_000_019 + number)
        title, own = choose.choice(documents())
        kept = choose.sample(own, min(4, len(own)))
        others = [choose.choice(choose.choice(documents())[1]) for _ in range(8 - len(kept))]
        yield Record(
            kind=RecordKind.CITATION,
            title=title,
            ids=Identifiers(pmid=str(number)),
            sections=(Section(text="\n".join([*kept, *others])),),
            year=choose.randint(1980, 2026),
            language="eng",
        )


def appraise(record: Record, body: Document) -> Appraisal:
    """Some level for the filters; the rules themselves are measured elsewhere."""
    return Appraisal(level=(len(body.text) + (record.year or 0)) % 5 or None)


def fill(store: Store, size: int, seed: int) -> None:
    """The made-up abstracts into the store."""
    writer = store.writer(appraise)
    records = recombined(size, seed)
    while batch := list(islice(records, 5_000)):
        writer.put(batch)


def make_vectors(folder: Path, options: argparse.Namespace) -> None:
    """Encode a sample of the sentences once."""
    every = [sentence for _, sentences in documents() for sentence in sentences]
    chosen = random.Random(options.seed).sample(sorted(set(every)), options.encoded)
    (folder / "sentences.json").write_text(json.dumps(chosen), encoding="utf-8")
    np.save(folder / "sentences.npy", Encoder.demand().encode(chosen))


def clinical(count: int, seed: int) -> list[str]:
    """PubMedQA questions, hardly any of which a pack covers."""
    rows = (BENCH / "pubmedqa" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(row)["text"] for row in random.Random(seed).sample(rows, min(count, len(rows)))]


class MeanOfSentences:
    """The mean of the vectors of a text's encoded sentences, and for every other sentence one of them by its hash."""

    def __init__(self, folder: Path) -> None:
        self.identity = Encoder.identity
        self._vectors: Floats = np.load(folder / "sentences.npy")
        chosen = json.loads((folder / "sentences.json").read_text(encoding="utf-8"))
        self._rows = {sentence: row for row, sentence in enumerate(chosen)}

    def encode(self, texts: Sequence[str], /) -> Floats:
        means = np.stack([self._vectors[self._rows_of(text)].mean(axis=0) for text in texts])
        unit: Floats = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def _rows_of(self, text: str) -> list[int]:
        return [self._row(sentence) for sentence in text.split("\n") if sentence]

    def _row(self, sentence: str) -> int:
        if sentence not in self._rows:
            self._rows[sentence] = int.from_bytes(hashlib.sha256(sentence.encode()).digest()[:4]) % len(self._vectors)
        return self._rows[sentence]


# --- the two steps


def build(folder: Path, size: int, options: argparse.Namespace) -> dict[str, str]:
    """Fill the store, then build the index: words, then vectors."""
    encoder = MeanOfSentences(folder.parent)
    documents()
    with Store.open(str(folder / "library.db")) as store:
        fill(store, size, options.seed)
        index = Index.open(folder / "index", store)
        start = time.perf_counter()
        index.update(store)
        words = time.perf_counter() - start
        start = time.perf_counter()
        index.update(store, encoder=encoder)
        vectors = time.perf_counter() - start
        if size <= MINED:
            mine_pending(store, mining.mine, str(mining.RULES_VERSION))
    on_disk = sum(path.stat().st_size for path in (folder / "index").rglob("*") if path.is_file())
    return {
        "words indexed": f"{words:.1f} s, {size / words:,.0f} passages/s",
        "vectors stored": f"{vectors:.1f} s (encoding not counted; see above)",
        "on disk": f"index {on_disk / 1e6:,.0f} MB, database {(folder / 'library.db').stat().st_size / 1e6:,.0f} MB",
        "memory while building": memory(),
    }


def search(folder: Path, options: argparse.Namespace) -> dict[str, str]:
    """Ask every question once to warm up, then once for the figures."""
    encoder = Encoder.demand()
    with Store.open(str(folder / "library.db"), read_only=True) as store:
        start = time.perf_counter()
        index = Index.open(folder / "index", store, encoder=encoder)
        opened = time.perf_counter() - start
        library = Library(store=store, index=index, encoder=encoder)
        asked = questions(options.questions, options.seed)
        times: dict[str, list[float]] = {}
        for measured in (False, True):
            for question in asked:
                taken = once(library, question)
                for name, value in taken.items() if measured else ():
                    times.setdefault(name, []).append(value * 1000)
        found = recall(index, encoder, asked[:50])
        shelf = Shelf(place(str(folder / "library.db")), store, index, encoder)
        packs = load()
        uncovered = clinical(options.questions // 2, options.seed)
        for measured in (False, True):
            for question in uncovered:
                start = time.perf_counter()
                ask(question, packs, literature=shelf)
                if measured:
                    times.setdefault("vade ask, a question no pack covers", []).append(
                        (time.perf_counter() - start) * 1000
                    )
    return {
        "opened and checked": f"{opened * 1000:.0f} ms",
        **{f"{name}, ms": spread(values) for name, values in times.items()},
        "recall@100 of the two-step vector search": f"{found:.3f} (50 questions)",
        "memory while searching": memory(),
    }


FILTERS = Filters(years=(2015, None), levels=(1, 2))


def once(library: Library, question: str) -> dict[str, float]:
    """One question with ten results, every way of searching; seconds. Quotations and highlights included."""
    taken = {}
    for name, mode, filters in (
        ("lexical", Mode.LEXICAL, Filters()),
        ("hybrid", Mode.DEFAULT, Filters()),
        ("lexical, filtered", Mode.LEXICAL, FILTERS),
        ("hybrid, filtered", Mode.DEFAULT, FILTERS),
    ):
        start = time.perf_counter()
        find(library, question, filters, mode=mode)
        taken[name] = time.perf_counter() - start
    return taken


def recall(index: Index, encoder: Encoder, asked: list[str]) -> float:
    """Share of the exact nearest hundred that the search by signs and then bytes finds."""
    shares = []
    for question in asked:
        vector = encoder.encode([question])[0]
        exact = {one.passage for one in index.semantic(vector, Filters(), 100, exact=True)}
        found = {one.passage for one in index.semantic(vector, Filters(), 100)}
        shares.append(len(exact & found) / max(1, len(exact)))
    return statistics.mean(shares)


def spread(values: list[float]) -> str:
    """Median and tail."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return f"median {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f}, most {max(values):.1f}"


def memory() -> str:
    """Resident memory now and at most, as the system counts it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return "not known on this system"
    held = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    megabytes = {key: int(held[key].split()[0]) // 1024 for key in ("VmRSS", "VmHWM", "RssAnon", "RssFile")}
    return "{VmRSS} MB resident ({RssAnon} own, {RssFile} mapped files), at most {VmHWM} MB".format(**megabytes)


if __name__ == "__main__":
    main()
