"""How well and how fast `vade ask` answers from imported abstracts where no pack does.

    python benchmarks/digest.py [--questions 200] [--seed N] [--write FILE]

Library A holds the PubMedQA abstracts and, to mislead, those of SciFact; every question's own abstract is in it.
Library B holds SciFact alone: nothing in it was written to answer these questions, though some may bear on one. All
are really encoded. A question counts as found when its own abstract is quoted in the digest.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from answers import machine
from vademecum.answer.article import Article
from vademecum.answer.pipeline import ask
from vademecum.literature.shelf import Shelf
from vademecum.literature.taking_in import take_in
from vademecum.packs.library import Library, load

BENCH = Path(__file__).resolve().parent.parent / ".." / "shared" / "bench"


def main() -> None:
    """Import, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--write", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        lines = list(report(folder, options.questions, options.seed))
    finally:
        shutil.rmtree(folder)
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(folder: Path, count: int, seed: int) -> Iterable[str]:
    """The figures, a line each."""
    lines = (BENCH / "pubmedqa" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    asked = random.Random(seed).sample(rows, min(count, len(rows)))
    own = dict(
        line.split("\t")[:2] for line in (BENCH / "pubmedqa" / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
    )
    yield from machine()
    yield f"{len(asked)} of {len(rows)} PubMedQA questions, seed {seed}"
    packs = load()
    for name, corpora in (("A, PubMedQA and SciFact", ("pubmedqa", "scifact")), ("B, SciFact alone", ("scifact",))):
        address = str(folder / f"{len(corpora)}.db")
        take_in([str(BENCH / corpus / "corpus.jsonl.gz") for corpus in corpora], address=address)
        with Shelf.open(address) as shelf:
            yield ""
            yield f"library {name}: {shelf.store.count():,} abstracts"
            yield from figures(shelf, packs, asked, own if len(corpora) > 1 else {})


def figures(shelf: Shelf, packs: Library, asked: list[dict[str, str]], own: dict[str, str]) -> Iterable[str]:
    """Kinds of answer, own abstract quoted, time."""
    kinds: Counter[str] = Counter()
    found, quoted, times = 0, [], []
    for row in asked:
        start = time.perf_counter()
        article = ask(row["text"], packs, literature=shelf)
        times.append((time.perf_counter() - start) * 1000)
        kinds[article.kind] += 1
        works = works_of(article, shelf)
        if article.kind == "digest":
            quoted.append(len(works))
        found += bool(own) and own[row["_id"]] in works
    yield f"  kinds of answer: {', '.join(f'{kind} {number}' for kind, number in kinds.most_common())}"
    if own:
        yield f"  own abstract quoted: {found} of {len(asked)} ({100 * found / len(asked):.1f} percent)"
    if quoted:
        yield f"  works in a digest: median {statistics.median(quoted):g}, most {max(quoted)}"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    yield f"  time, ms: median {cuts[49]:.1f}, p95 {cuts[94]:.1f}, most {max(times):.1f}"


def works_of(article: Article, shelf: Shelf) -> set[str | None]:
    """The corpus ids of the works an article cites."""
    ids = [int(one.key.partition(":")[2]) for one in article.references if one.key.startswith("imported:")]
    return {row.record.ids.other for row in shelf.store.sources(ids).values()}


if __name__ == "__main__":
    main()
