"""How much of the hand-labelled gold set mining and appraisal find, and how much of what they find is right.

    python benchmarks/mining.py [--split dev|held] [--misses] [--write benchmarks/results/mining.txt]

Gold: tests/data/mining-gold.jsonl, labelled by reading before a rule existed. A finding is right when a labelled
sentence of the same kind overlaps at least half of both; a sentence labelled optional for a kind counts neither for
nor against. A figure is right when its role and the end of its number agree. Abstracts are read from ../shared/bench.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

import vademecum
from vademecum.literature import appraisal, mining
from vademecum.literature.documents import Document, document
from vademecum.literature.findings import Finding, FindingKind, Role
from vademecum.literature.records import Heading, Record, RecordKind, Section

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT / "tests" / "data" / "mining-gold.jsonl"
BENCH = ROOT.parent / "shared" / "bench"


class GoldFigure(msgspec.Struct):
    role: str
    start: int
    end: int
    text: str


class GoldSentence(msgspec.Struct):
    start: int
    end: int
    text: str
    kinds: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    figures: tuple[GoldFigure, ...] | None = None  # None: figures of this sentence were not labelled


class GoldDocument(msgspec.Struct, tag="document"):
    id: str
    split: str
    sentences: tuple[GoldSentence, ...]
    kind: str = "citation"
    title: str = ""
    sections: tuple[Section, ...] = ()  # the text itself, where its licence lets us keep it


class GoldAppraisal(msgspec.Struct, tag="appraisal"):
    id: str
    split: str
    designs: tuple[str | None, ...]  # the best name first, then those a careful reader would also accept
    participants: tuple[int | None, ...]


class Score:
    """Counts of right, wrong and missed."""

    def __init__(self) -> None:
        self.right = self.wrong = self.missed = 0

    def line(self, name: str) -> str:
        found, wanted = self.right + self.wrong, self.right + self.missed
        precision = f"{self.right / found:.2f}" if found else "-"
        recall = f"{self.right / wanted:.2f}" if wanted else "-"
        return (
            f"{name:<18} precision {precision:>4}  recall {recall:>4}  ({self.right} right, {self.wrong} wrong, "
            f"{self.missed} missed)"
        )


def main() -> None:
    """Measure and print; with --write also keep the text."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "held", "fresh"), action="append")
    parser.add_argument("--misses", action="store_true", help="list what was wrong or missed")
    parser.add_argument("--write", type=Path, help="also write the result to this file")
    options = parser.parse_args()
    if not BENCH.is_dir():
        sys.exit(f"needs the abstracts in {BENCH.relative_to(ROOT.parent)}, which are not part of the repository")
    lines = list(report(options.split or ["dev", "held", "fresh"], options.misses))
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(splits: Iterable[str], misses: bool) -> Iterator[str]:
    """The whole report, line by line."""
    yield (
        f"vademecum {vademecum.__version__}, mining rules {mining.RULES_VERSION}, appraisal rules "
        f"{appraisal.RULES_VERSION}"
    )
    yield f"{platform.python_implementation()} {platform.python_version()}, {platform.system()} {platform.machine()}"
    abstracts = _abstracts()
    gold = list(_gold())
    for split in splits:
        documents = [entry for entry in gold if isinstance(entry, GoldDocument) and entry.split == split]
        appraisals = [entry for entry in gold if isinstance(entry, GoldAppraisal) and entry.split == split]
        yield ""
        yield f"== {split}: {len(documents)} documents, {len(appraisals)} appraisals"
        yield from score_mining(documents, abstracts, misses)
        yield from score_appraisal(appraisals, abstracts, misses)
    yield ""
    yield from speed(abstracts)


def score_mining(documents: Iterable[GoldDocument], abstracts: dict[str, Record], misses: bool) -> Iterator[str]:
    """Precision and recall for each kind of finding and role of figure."""
    kinds = {kind.value: Score() for kind in FindingKind}
    roles = {role.value: Score() for role in Role}
    notes: list[str] = []
    for entry in documents:
        record = _record(entry, abstracts)
        body = document(record)
        for wanted in entry.sentences:
            if body.text[wanted.start : wanted.end] != wanted.text:
                sys.exit(f"{entry.id}: the gold sentence at {wanted.start} is not in the text any more")
        _compare(entry, mining.mine(record, body), kinds, roles, notes)
    for name, score in kinds.items():
        yield score.line(name)
    for name, score in roles.items():
        if score.right + score.wrong + score.missed:
            yield "  " + score.line(f"figure: {name}")
    if misses:
        yield from notes


def _compare(
    entry: GoldDocument,
    found: tuple[Finding, ...],
    kinds: dict[str, Score],
    roles: dict[str, Score],
    notes: list[str],
) -> None:
    used: set[tuple[int, str]] = set()
    for finding in found:
        gold = next((sentence for sentence in entry.sentences if _same(sentence, finding)), None)
        kind = finding.kind.value
        if gold is not None and kind in gold.kinds:
            kinds[kind].right += 1
            used.add((gold.start, kind))
            if gold.figures is not None and finding.kind is FindingKind.RESULT:
                _compare_figures(entry.id, gold, finding, roles, notes)
        elif gold is None or kind not in gold.optional:
            kinds[kind].wrong += 1
            notes.append(f"  WRONG  {kind} [{finding.rule}] {entry.id}: {finding.text[:170]!r}")
    for sentence in entry.sentences:
        for kind in sentence.kinds:
            if (sentence.start, kind) not in used:
                kinds[kind].missed += 1
                notes.append(f"  MISSED {kind} {entry.id}: {sentence.text[:170]!r}")


def _same(sentence: GoldSentence, finding: Finding) -> bool:
    shared = min(sentence.end, finding.end) - max(sentence.start, finding.start)
    return 2 * shared >= max(sentence.end - sentence.start, finding.end - finding.start)


def _compare_figures(
    name: str, gold: GoldSentence, finding: Finding, roles: dict[str, Score], notes: list[str]
) -> None:
    arms = any(figure.role == "arm" for figure in gold.figures or ())
    wanted = {(figure.role, figure.end): figure.text for figure in gold.figures or ()}
    for figure in finding.figures:
        if figure.role is Role.ARM and not arms:
            continue
        if wanted.pop((figure.role.value, figure.end), None) is not None:
            roles[figure.role.value].right += 1
        else:
            roles[figure.role.value].wrong += 1
            notes.append(f"  WRONG  figure {figure.role.value} {figure.text!r} {name}: {finding.text[:120]!r}")
    for (role, _), text in wanted.items():
        roles[role].missed += 1
        notes.append(f"  MISSED figure {role} {text!r} {name}: {finding.text[:120]!r}")


def score_appraisal(appraisals: Iterable[GoldAppraisal], abstracts: dict[str, Record], misses: bool) -> Iterator[str]:
    """Designs and numbers of people against the gold."""
    design, people = Score(), Score()
    notes: list[str] = []
    for entry in appraisals:
        record = abstracts[entry.id]
        got = appraisal.appraise(record, document(record))
        named = got.design.value if got.design else None
        _count(design, named, entry.designs)
        _count(people, got.participants, entry.participants)
        if named not in entry.designs or got.participants not in entry.participants:
            notes.append(
                f"  {entry.id}: {named} ({'/'.join(map(str, entry.designs))}), "
                f"n {got.participants} ({'/'.join(map(str, entry.participants))}) {got.reason}"
            )
    yield design.line("design")
    yield people.line("participants")
    if misses:
        yield from notes


def _count(score: Score, got: object, wanted: tuple[object, ...]) -> None:
    if got is None:
        score.missed += wanted[0] is not None
    elif got in wanted:
        score.right += 1
    else:
        score.wrong += 1


def speed(abstracts: dict[str, Record]) -> Iterator[str]:
    """Microseconds of processor time for each PubMedQA abstract."""
    chosen = [record for name, record in sorted(abstracts.items()) if name.startswith("pubmedqa:")][:400]
    pairs: list[tuple[Record, Document]] = [(record, document(record)) for record in chosen]
    length = sum(len(body.text) for _, body in pairs) // len(pairs)
    for name, work in (("appraise", appraisal.appraise), ("mine", mining.mine)):
        best = min(_seconds(work, pairs) for _ in range(3))
        yield (
            f"{name}: {best / len(pairs) * 1e6:.0f} microseconds an abstract ({len(pairs)} abstracts, {length} "
            f"characters on average)"
        )


def _seconds(work: object, pairs: list[tuple[Record, Document]]) -> float:
    assert callable(work)
    start = time.process_time()
    for record, body in pairs:
        work(record, body)
    return time.process_time() - start


def _gold() -> Iterator[GoldDocument | GoldAppraisal]:
    decoder = msgspec.json.Decoder(GoldDocument | GoldAppraisal)
    for line in GOLD.read_bytes().splitlines():
        yield decoder.decode(line)


def _record(entry: GoldDocument, abstracts: dict[str, Record]) -> Record:
    if not entry.sections:
        return abstracts[entry.id]
    return Record(kind=RecordKind(entry.kind), title=entry.title, sections=entry.sections)


def _abstracts() -> dict[str, Record]:
    """PubMedQA abstracts with the conclusion put back, and SciFact abstracts, as citations."""
    found: dict[str, Record] = {}
    answers = {row["id"]: row for row in _rows(BENCH / "pubmedqa" / "qa.jsonl")}
    for row in _rows(BENCH / "pubmedqa" / "corpus.jsonl.gz"):
        answer = answers.get(row["_id"])
        if answer is None:
            continue
        sections = [Section(text=text, path=(label,)) for label, text in row["sections"]]
        sections.append(Section(text=answer["long_answer"], path=("CONCLUSION",), code="CONCLUSIONS"))
        found[f"pubmedqa:{row['_id']}"] = Record(
            kind=RecordKind.CITATION,
            title=answer["question"],
            sections=tuple(sections),
            mesh=tuple(Heading(name=name) for name in row["mesh"]),
        )
    for row in _rows(BENCH / "scifact" / "corpus.jsonl.gz"):
        sections = [Section(text=row["text"])]
        found[f"scifact:{row['_id']}"] = Record(kind=RecordKind.CITATION, title=row["title"], sections=tuple(sections))
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    content = path.read_bytes()
    for line in (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines():
        yield json.loads(line)


if __name__ == "__main__":
    main()
