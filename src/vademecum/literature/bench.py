"""How well search finds what judges found relevant: retrieval sets in the layout of BEIR.

A set is a folder with `corpus.jsonl` or `corpus.jsonl.gz`, `queries.jsonl` and `qrels.tsv` (with a header). Its whole
corpus is imported into a library of its own, the ordinary way, and each judged question is searched as a user would.
nDCG is what trec_eval computes: linear gain, discount log2(rank + 1), unjudged counts as 0, mean over all judged
questions, also those that find nothing.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import msgspec

from vademecum.errors import ImportFileError
from vademecum.literature.encoder import Encoder
from vademecum.literature.formats import beir
from vademecum.literature.importing import import_units
from vademecum.literature.index import Index
from vademecum.literature.records import Item
from vademecum.literature.search import Library, Mode, search
from vademecum.literature.store import Store

DEPTH: Final = 100  # works ranked for each question
TIMED: Final = 100  # searches of ten hits that are timed, after all questions were searched once
_BATCH: Final = 500

Judged = Mapping[str, Mapping[str, int]]
"""Question -> document -> grade; only grades above 0 count."""


class Collection(msgspec.Struct, frozen=True):
    """A retrieval set: where its corpus is, its judged questions, and what judges found."""

    name: str
    corpus: Path
    questions: dict[str, str]
    judged: dict[str, dict[str, int]]


class Figures(msgspec.Struct, frozen=True, rename={"ndcg": "ndcg@10", "recall": "recall@100", "success": "success@1"}):
    """Means over all judged questions; latency is the median of one search in this process."""

    ndcg: float
    recall: float
    success: float
    latency_ms: float


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """One set, searched three ways. Without an encoder there is no search by meaning."""

    collection: str
    documents: int
    questions: int
    encoder: str | None
    lexical: Figures
    default: Figures
    semantic: Figures | None = None


class _Line(msgspec.Struct, frozen=True):
    id: str = msgspec.field(name="_id")
    text: str


class _Document(msgspec.Struct, frozen=True):
    """What a question may be matched with. A corpus may also carry labels made with its questions: they stay out."""

    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""


_T = TypeVar("_T")


class _Unit(msgspec.Struct, frozen=True):
    name: str
    fingerprint: str


def read_collection(folder: Path) -> Collection:
    """The set in a folder. Raises ImportFileError naming the file and line of what does not fit."""
    corpus = next((path for path in (folder / "corpus.jsonl", folder / "corpus.jsonl.gz") if path.is_file()), None)
    if corpus is None:
        raise ImportFileError(f"{folder}: no corpus.jsonl or corpus.jsonl.gz; is this a retrieval set?")
    judged = _read_judgements(folder / "qrels.tsv")
    questions = {line.id: line.text for line in _read_lines(folder / "queries.jsonl", _Line)}
    unknown = [question for question in judged if question not in questions]
    if unknown:
        raise ImportFileError(f"{folder / 'qrels.tsv'}: question {unknown[0]} is not in queries.jsonl")
    kept = {question: questions[question] for question in judged}
    return Collection(name=folder.resolve().name, corpus=corpus, questions=kept, judged=judged)


def evaluate(collection: Collection, encoder: Encoder | None, progress: Callable[[str], None] | None = None) -> Report:
    """Import the corpus into a library of its own, search every judged question three ways, measure."""
    tell = progress or (lambda _: None)
    with (
        tempfile.TemporaryDirectory(prefix="vademecum-bench-") as scratch,
        Store.open(f"sqlite:///{scratch}/library.db") as store,
    ):
        tell("import")
        _take_in(store, collection)
        tell("index")
        index = Index.open(Path(scratch) / "index", store, encoder=encoder)
        index.update(store, encoder=encoder)
        library = Library(store=store, index=index, encoder=encoder)
        tell("search")
        return Report(
            collection=collection.name,
            documents=store.count(),
            questions=len(collection.judged),
            encoder=encoder.identity if encoder else None,
            lexical=_measured(library, collection, Mode.LEXICAL),
            default=_measured(library, collection, Mode.DEFAULT),
            semantic=_measured(library, collection, Mode.SEMANTIC) if encoder else None,
        )


def figures(judged: Judged, ranked: Mapping[str, Sequence[str]], latencies: Sequence[float]) -> Figures:
    """The means of a run: question -> documents, best first. Latencies in seconds."""
    questions = list(judged)
    return Figures(
        ndcg=statistics.fmean(ndcg(judged[one], ranked.get(one, ())) for one in questions),
        recall=statistics.fmean(recall(judged[one], ranked.get(one, ())) for one in questions),
        success=statistics.fmean(success(judged[one], ranked.get(one, ())) for one in questions),
        latency_ms=1_000 * statistics.median(latencies) if latencies else 0.0,
    )


def ndcg(grades: Mapping[str, int], ranked: Sequence[str], depth: int = 10) -> float:
    """Gain of the ranking over the gain of the best possible one; 0 where nothing is relevant."""
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    best = _discounted(ideal[:depth])
    return _discounted([max(0, grades.get(one, 0)) for one in ranked[:depth]]) / best if best else 0.0


def recall(grades: Mapping[str, int], ranked: Sequence[str], depth: int = 100) -> float:
    """Share of the relevant documents among the first `depth`."""
    relevant = {one for one, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def success(grades: Mapping[str, int], ranked: Sequence[str]) -> float:
    """1 when the first document is relevant."""
    return 1.0 if ranked and grades.get(ranked[0], 0) > 0 else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _measured(library: Library, collection: Collection, mode: Mode) -> Figures:
    ranked = {question: _ranking(library, text, mode) for question, text in collection.questions.items()}
    latencies = []
    for text in list(collection.questions.values())[:TIMED]:
        began = time.perf_counter()
        search(library, text, mode=mode)
        latencies.append(time.perf_counter() - began)
    return figures(collection.judged, ranked, latencies)


def _ranking(library: Library, text: str, mode: Mode) -> list[str]:
    """Document ids, best first; twins named beside a hit follow it."""
    hits = search(library, text, limit=DEPTH, mode=mode)
    twins = library.store.sources([one for hit in hits for one in hit.also])
    rows = [row for hit in hits for row in (hit.source, *(twins[one] for one in hit.also))]
    return [row.record.ids.other or "" for row in rows][:DEPTH]


def _take_in(store: Store, collection: Collection) -> None:
    def read(_: _Unit) -> Iterator[Sequence[Item]]:
        batch: list[Item] = []
        for record in beir.read(_without_labels(collection.corpus)):
            batch.append(record)
            if len(batch) == _BATCH:
                yield batch
                batch = []
        yield batch

    fingerprint = hashlib.sha256(collection.corpus.read_bytes()).hexdigest()
    report = import_units(store, [_Unit(name=collection.corpus.name, fingerprint=fingerprint)], read)
    if report.failed:
        raise ImportFileError(f"{collection.corpus}: {report.failed[0].error}")


def _without_labels(corpus: Path) -> BinaryIO:
    encoder = msgspec.json.Encoder()
    return io.BytesIO(b"".join(encoder.encode(line) + b"\n" for line in _read_lines(corpus, _Document)))


def _read_lines(path: Path, kind: type[_T]) -> Iterator[_T]:
    decoder = msgspec.json.Decoder(kind)
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise ImportFileError(f"{path}: line {number}: {error}") from None


def _read_judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_text(path).splitlines()[1:], start=2):
        fields = line.split()
        if not fields:
            continue
        try:
            question, document, grade = fields
            judged.setdefault(question, {})[document] = int(grade)
        except ValueError:
            raise ImportFileError(f"{path}: line {number}: expected query-id, corpus-id and a whole number") from None
    if not judged:
        raise ImportFileError(f"{path}: no judgements")
    return judged


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ImportFileError(f"{path}: cannot be read: {error}") from None
