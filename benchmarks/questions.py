"""How well questions are answered: recall of the right statements, required safety, forbidden ones, kind of reply.

    python benchmarks/questions.py [FILE ...] [--misses] [--write FILE]

Rows: {id, question, expect, pack, intent, must_include_any, must_include, must_not_include}. Without FILE the three
bundled sets are run: tests/data/questions.jsonl (the code was tuned on it), heldout.jsonl and sealed.jsonl (written by
others, run once before anything was changed in their light; see results/*-first-run.txt).
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from answers import machine
from vademecum.answer.article import Article, sentences
from vademecum.answer.pipeline import ask
from vademecum.errors import UsageError
from vademecum.packs.library import Library, load

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
Row = dict[str, Any]


def main() -> None:
    """Run every file and print one block for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="list every row that went wrong")
    parser.add_argument("--write", type=Path, help="also write the result to this file")
    options = parser.parse_args()
    library = load()
    lines = [*machine(), f"library {library.version}"]
    for file in options.files or (DATA / "questions.jsonl", DATA / "heldout.jsonl", DATA / "sealed.jsonl"):
        lines += ["", *scores(file, library, misses=options.misses)]
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def scores(file: Path, library: Library, *, misses: bool) -> Iterable[str]:
    """The figures of one file."""
    rows: list[Row] = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    wrong: dict[str, list[str]] = {"recall": [], "required safety": [], "forbidden": [], "kind": []}
    asked = dict.fromkeys(wrong, 0)
    times = []
    for row in rows:
        start = time.perf_counter()
        try:
            article = ask(row["question"], library)
        except UsageError as error:
            wrong["kind"].append(f"{row['id']}: usage error: {error}")
            continue
        times.append((time.perf_counter() - start) * 1000)
        for name, verdict in judged(row, article):
            asked[name] += 1
            if verdict is not None:
                wrong[name].append(f"{row['id']}: {verdict}: {row['question']}")
    yield f"{file.name}: {len(rows)} questions, median {statistics.median(times):.1f} ms, max {max(times):.0f} ms"
    for name, failed in wrong.items():
        right = asked[name] - len(failed)
        yield f"  {name}: {right} of {asked[name]} right ({100 * right / max(1, asked[name]):.1f} percent)"
        if misses:
            yield from (f"    {line}" for line in failed)


def judged(row: Row, article: Article) -> Iterable[tuple[str, str | None]]:
    """Each judgement that a row asks for: its name, and what is wrong or None."""
    parts = (article.premise, article.red_flags, article.bottom_line, article.sections)
    shown = {i for part in parts if part is not None for s in sentences(part) for i in s.statement_ids}
    if any_of := set(row.get("must_include_any", ())):
        yield "recall", None if shown & any_of else f"none of {', '.join(sorted(any_of))}"
    if needed := set(row.get("must_include", ())):
        yield "required safety", None if needed <= shown else f"without {', '.join(sorted(needed - shown))}"
    bad = shown & set(row.get("must_not_include", ()))
    yield "forbidden", f"shows {', '.join(sorted(bad))}" if bad else None
    yield "kind", None if article.kind == row["expect"] else f"{article.kind} instead of {row['expect']}"


if __name__ == "__main__":
    main()
