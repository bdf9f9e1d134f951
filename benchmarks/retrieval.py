"""How well search ranks: every retrieval set in ../shared/bench, by words alone, by meaning alone, and as users get it.

    python benchmarks/retrieval.py [SET ...] [--folder DIR] [--write benchmarks/results/retrieval.txt]

Each set's whole corpus is imported into a library of its own, and every judged question of queries.jsonl is searched
with default settings, the same for all sets. Only _id, title and text of a document are imported; labels made with the
questions stay out. Encoding dominates the time: about 40,000 texts, ten minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from answers import machine
from vademecum.literature.bench import TIMED, Figures, Report, evaluate, read_collection
from vademecum.literature.encoder import Encoder

BENCH = Path(__file__).resolve().parent.parent / ".." / "shared" / "bench"
SETS = ("scifact", "bioasq", "medquad", "pubmedqa")


def main() -> None:
    """Measure and print; with --write also keep the text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET", help=f"default: {' '.join(SETS)}")
    parser.add_argument("--folder", type=Path, default=BENCH, help="folder of the sets")
    parser.add_argument("--write", type=Path, help="also write the result to this file")
    options = parser.parse_args()
    encoder = Encoder.load()
    lines = [*machine(), *libraries(), *notes(encoder)]
    print("\n".join(lines), flush=True)
    for name in options.sets:
        began = time.perf_counter()
        report = evaluate(read_collection(options.folder / name), encoder)
        found = list(rows(report, time.perf_counter() - began))
        print("\n".join(found), flush=True)
        lines += found
    if options.write:
        options.write.parent.mkdir(parents=True, exist_ok=True)
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def libraries() -> Iterable[str]:
    """Versions of what does the work."""
    yield ", ".join(
        f"{name} {version(name)}" for name in ("tantivy", "onnxruntime", "tokenizers", "numpy", "SQLAlchemy")
    )


def notes(encoder: Encoder | None) -> Iterable[str]:
    """How to read the figures."""
    yield f"encoder {encoder.identity[:12]}" if encoder else "no encoder: the semantic extra is not installed"
    yield "nDCG@10 as trec_eval: linear gain, log2(rank + 1), unjudged 0; means over all judged questions"
    yield f"latency: median of {TIMED} searches of ten hits with quotations, one process, whatever else the machine did"


def rows(report: Report, seconds: float) -> Iterable[str]:
    """One set."""
    yield ""
    yield (
        f"{report.collection}: {report.documents:,} documents, {report.questions:,} questions; "
        f"imported, indexed and searched in {seconds:.0f} s"
    )
    yield f"  {'':9} nDCG@10  recall@100  success@1  latency"
    named: tuple[tuple[str, Figures | None], ...] = (
        ("lexical", report.lexical),
        ("semantic", report.semantic),
        ("default", report.default),
    )
    for name, found in named:
        if found:
            yield (
                f"  {name:9}  {found.ndcg:.4f}      {found.recall:.4f}     {found.success:.4f}"
                f"  {found.latency_ms:4.0f} ms"
            )


if __name__ == "__main__":
    main()
