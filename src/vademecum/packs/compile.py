"""From library folders to one compiled value: read every file, let later folders lead, check that it holds together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from vademecum.errors import PackError
from vademecum.evidence.model import Source, Statement
from vademecum.evidence.terms import terms
from vademecum.packs.compiled import Compiled, Replaced, library_files
from vademecum.packs.loader import read_pack, read_sheet, read_sources
from vademecum.packs.model import DrugSheet, Pack
from vademecum.packs.references import references


class _Shelf:
    """What has been read so far, and what took whose place."""

    def __init__(self) -> None:
        self.held: dict[str, Pack | DrugSheet | Source] = {}  # "pack:ID", "drug:ID", "source:KEY"
        self.origins: dict[str, Path] = {}
        self.replaced: list[Replaced] = []
        self.retired: list[Statement] = []
        self.problems: list[str] = []

    def put(self, name: str, value: Pack | DrugSheet | Source, file: Path, folder: Path) -> None:
        """Shelve `value` under `name`; one of an earlier folder gives way, one of the same folder is an error."""
        instead = f"pack:{value.replaces}" if isinstance(value, Pack) and value.replaces else name
        for old in dict.fromkeys((name, instead)):
            before = self.held.pop(old, None)
            if before is None:
                continue
            was = self.origins.pop(old)
            if was.is_relative_to(folder):
                self.problems.append(f"{file}:1: {old} is already defined in {was}; rename one of them")
            kind, _, key = old.partition(":")
            self.replaced.append(Replaced(kind, key, str(file), str(was)))
            if isinstance(before, (Pack, DrugSheet)):
                self.retired.extend(replace(statement, unverified=True) for statement in before.statements)
        self.held[name] = value
        self.origins[name] = file

    def read(self, file: Path, folder: Path) -> None:
        """Read one file of a folder; its problems are kept, not raised."""
        try:
            if file.parent == folder:
                for source in read_sources(file)[0].sources:
                    self.put(f"source:{source.key}", source, file, folder)
            elif file.parent.name == "drugs":
                sheet = read_sheet(file)[0]
                self.put(f"drug:{sheet.drug}", sheet, file, folder)
            else:
                pack = read_pack(file)[0]
                self.put(f"pack:{pack.pack}", pack, file, folder)
                for source in pack.sources:
                    self.put(f"source:{source.key}", source, file, folder)
        except PackError as error:
            self.problems.extend(error.problems)


def compile_folders(folders: tuple[Path, ...], digest: str) -> Compiled:
    """Read every folder. Raises PackError with the problems of all files together."""
    shelf = _Shelf()
    for folder in folders:
        for file in library_files(folder):
            shelf.read(file, folder)
    held = [shelf.held[name] for name in sorted(shelf.held)]
    packs = tuple(value for value in held if isinstance(value, Pack))
    drugs = tuple(value for value in held if isinstance(value, DrugSheet))
    sources = tuple(value for value in held if isinstance(value, Source))
    shown = {statement.id for statement in (*_statements(packs), *_statements(drugs))}
    retired = tuple({s.id: s for s in shelf.retired if s.id not in shown}.values())
    problems = [*shelf.problems, *_dangling(packs, drugs, sources, retired, shelf.origins)]
    if problems:
        raise PackError(tuple(problems))
    return Compiled(
        digest=digest,
        packs=packs,
        drugs=drugs,
        sources=sources,
        references=_references(sources),
        origins={name: str(file) for name, file in shelf.origins.items()},
        replaced=tuple(shelf.replaced),
        retired=retired,
        terms={s.id: terms(s.text) for s in (*_statements(packs), *_statements(drugs), *retired)},
        plain_terms=_plain_terms((*packs, *drugs)),
        vocabulary=tuple(sorted({term for text in _every_text(packs, drugs, sources) for term in terms(text)})),
    )


def _plain_terms(holders: Iterable[Pack | DrugSheet]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for holder in holders:
        for wordings in holder.plain.values():
            for key, text in wordings.items():
                found[key] = (*found.get(key, ()), *terms(text))
    return found


def _every_text(packs: Iterable[Pack], drugs: Iterable[DrugSheet], sources: Iterable[Source]) -> Iterable[str]:
    for source in sources:
        yield from filter(None, (source.title, source.body, source.container))
    for pack in packs:
        yield from (pack.title, *pack.names, *(wording for plain in pack.plain.values() for wording in plain.values()))
        yield from (statement.text for statement in pack.statements)
    for sheet in drugs:
        yield from (sheet.title, *sheet.names, *(text for plain in sheet.plain.values() for text in plain.values()))
        yield from (statement.text for statement in sheet.statements)


def _statements(holders: Iterable[Pack | DrugSheet]) -> Iterable[Statement]:
    return (statement for holder in holders for statement in holder.statements)


def _references(sources: tuple[Source, ...]) -> dict[str, str]:
    from vademecum.evidence.references import render_references

    return dict(zip((source.key for source in sources), render_references(sources), strict=True))


def _dangling(
    packs: Iterable[Pack],
    drugs: Iterable[DrugSheet],
    sources: Iterable[Source],
    retired: Iterable[Statement],
    origins: dict[str, Path],
) -> Iterable[str]:
    """Ids used twice and names of things that are not there: an article composed from such a library would lie."""
    seen: dict[str, Path] = {}
    keys = {source.key for source in sources}
    holders: list[tuple[Path, Pack | DrugSheet]] = [(origins[f"pack:{pack.pack}"], pack) for pack in packs]
    holders += [(origins[f"drug:{sheet.drug}"], sheet) for sheet in drugs]
    for file, holder in holders:
        for statement in holder.statements:
            if statement.id in seen:
                yield f"{file}:1: statement id {statement.id!r} is also used in {seen[statement.id]}; rename one"
            seen[statement.id] = file
            for cite in statement.cites:
                if cite.source not in keys:
                    yield f"{file}:1: statement {statement.id!r} cites unknown source {cite.source!r}; add it"
    known = {*seen, *(statement.id for statement in retired)}
    for file, holder in holders:
        for where, ids in references(holder):
            for missing in (i for i in ids if i not in known):
                yield f"{file}:1: {where}: names statement {missing!r}, which does not exist; mend the id"
        if isinstance(holder, Pack):
            yield from _loose_ends(holder, file)


def _loose_ends(pack: Pack, file: Path) -> Iterable[str]:
    steps = {step.id for step in pack.steps}
    for step in pack.steps:
        for option in step.options:
            if option not in pack.actions:
                yield f"{file}:1: steps.{step.id}: option {option!r} is not an action; add it under actions:"
        for other in (step.if_fails, step.after):
            if other is not None and other not in steps:
                yield f"{file}:1: steps.{step.id}: points to step {other!r}, which does not exist; mend the id"
