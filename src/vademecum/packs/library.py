"""The library: every pack, drug sheet and source in reach, as one frozen value with indexes.

Folders are read in order; a later folder's pack, sheet or source takes the place of an earlier one with the same
id (or of the pack it names in `replaces`), and the library remembers what was replaced so that pages can say so.

Reading YAML is slow (a second for the bundled folder), so the result is kept compiled in the user's cache, named
by the hash of every file, its place and the program; a changed file makes another name. The cache can be deleted at any
time; it holds typed data only, and one that does not decode is ignored.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec.structs import replace

from vademecum.errors import UsageError
from vademecum.evidence.model import Source, SourceState, Statement
from vademecum.evidence.terms import fold
from vademecum.packs.compiled import Compiled, dec_hook, digest_of, enc_hook
from vademecum.packs.model import DrugSheet, Fork, Pack, Premise

BUNDLED = Path(__file__).parent / "bundled"


class Library:
    """Read-only view over compiled packs. Lookups raise KeyError for unknown ids; nothing is guessed."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self.packs: dict[str, Pack] = {pack.pack: pack for pack in compiled.packs}
        self.drugs: dict[str, DrugSheet] = {sheet.drug: sheet for sheet in compiled.drugs}
        self.sources: dict[str, Source] = {source.key: source for source in compiled.sources}
        self.references = compiled.references
        self.origins = compiled.origins
        self.replaced = compiled.replaced
        self.digest = compiled.digest
        self.memo: dict[object, object] = {}  # what later stages derived from this content and want to keep

    def with_states(self, states: dict[str, tuple[SourceState, str | None]]) -> Library:
        """The same library where the named sources stand as given: one that was retracted since supports nothing."""
        changed = {
            key: replace(self.sources[key], state=state, state_note=note)
            for key, (state, note) in states.items()
            if self.sources[key].state is not state
        }
        if not changed:
            return self
        key = ("with states", frozenset((name, source.state) for name, source in changed.items()))
        other = self.memo.get(key)
        if other is None:
            other = self.memo[key] = Library(self._compiled)
            other.sources = {**self.sources, **changed}
        assert isinstance(other, Library)
        return other

    @property
    def version(self) -> str:
        """Short name of exactly this content."""
        return self.digest[:12]

    @property
    def holders(self) -> tuple[Pack | DrugSheet, ...]:
        """Everything that holds statements."""
        return (*self.packs.values(), *self.drugs.values())

    def origin_of(self, holder: Pack | DrugSheet) -> Path:
        """The file that a pack or a drug sheet was read from."""
        return Path(self.origins[f"pack:{holder.pack}" if isinstance(holder, Pack) else f"drug:{holder.drug}"])

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """Every statement by id."""
        found = {s.id: s for pack in self.packs.values() for s in pack.statements}
        found.update({s.id: s for sheet in self.drugs.values() for s in sheet.statements})
        found.update({s.id: s for s in self._compiled.retired})
        return found

    @cached_property
    def home(self) -> dict[str, str]:
        """Statement id to the pack or drug sheet that holds it."""
        found = {s.id: pack.pack for pack in self.packs.values() for s in pack.statements}
        found.update({s.id: sheet.drug for sheet in self.drugs.values() for s in sheet.statements})
        return found

    @cached_property
    def forks(self) -> tuple[Fork, ...]:
        return tuple(fork for pack in self.packs.values() for fork in pack.forks)

    @cached_property
    def premises(self) -> tuple[tuple[Premise, str], ...]:
        """Mistaken assumptions the library can correct, each with the pack or drug sheet that holds it."""
        packs = ((premise, pack.pack) for pack in self.packs.values() for premise in pack.premises)
        sheets = ((premise, sheet.drug) for sheet in self.drugs.values() for premise in sheet.premises)
        return (*packs, *sheets)

    @cached_property
    def plain(self) -> dict[str, dict[str, str]]:
        """Reader and language ("patient.en") to wordings by statement id."""
        found: dict[str, dict[str, str]] = {}
        for holder in self.holders:
            for reader, wordings in holder.plain.items():
                found.setdefault(reader, {}).update(wordings)
        return found

    @cached_property
    def _drug_names(self) -> tuple[re.Pattern[str], dict[str, str]]:
        names: dict[str, str] = {}
        for sheet in self.drugs.values():
            for name in (sheet.drug.replace("-", " "), sheet.drug, sheet.title, *sheet.names):
                names.setdefault(fold(name), sheet.drug)
        return _any_of(names), names

    @cached_property
    def _class_names(self) -> tuple[re.Pattern[str], dict[str, str]]:
        names = {fold(name): sheet.drug for sheet in self.drugs.values() for name in sheet.asked_as}
        return _any_of(names), names

    def drugs_in(self, text: str) -> tuple[str, ...]:
        """Ids of the drugs named in `text`, in order of mention; the longest name wins at each place."""
        pattern, names = self._drug_names
        return tuple(dict.fromkeys(names[match[0]] for match in pattern.finditer(fold(text))))

    def classes_in(self, text: str) -> tuple[str, ...]:
        """Ids of the sheets that class words in `text` lead to ("NSAIDs", "benzodiazepine")."""
        pattern, names = self._class_names
        return tuple(dict.fromkeys(names[match[0]] for match in pattern.finditer(fold(text))))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Stems of every word the library uses: a word in here is not a misspelling."""
        return frozenset(self._compiled.vocabulary)

    def plain_terms_of(self, statement_id: str) -> tuple[str, ...]:
        """Content stems of a statement's plain wordings: how people who are no clinicians say the same."""
        return self._compiled.plain_terms.get(statement_id, ())

    def drugs_of(self, statement_id: str) -> tuple[str, ...]:
        """Ids of the drugs that a statement names in its text or is about."""
        key = ("drugs of", statement_id)
        kept = self.memo.get(key)
        if kept is None:
            statement = self.statements[statement_id]
            typed = (dose.drug for dose in statement.doses)
            kept = self.memo[key] = tuple(dict.fromkeys((*statement.drugs, *typed, *self.drugs_in(statement.text))))
        return kept  # type: ignore[return-value]

    def base_of(self, drug: str) -> str:
        """The sheet whose safety slots hold for `drug`: its own, or the one it shares."""
        sheet = self.drugs.get(drug)
        return sheet.shares if sheet and sheet.shares else drug

    def terms_of(self, statement_id: str) -> tuple[str, ...]:
        """Content stems of a statement, worked out when the library was compiled."""
        return self._compiled.terms[statement_id]


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(?:" + ("|".join(map(re.escape, longest_first)) or r"(?!)") + r")(?![\w])")


def load(own: tuple[Path, ...] = (), *, cache: Path | None = None, bundled: Path = BUNDLED) -> Library:
    """The bundled library with the reader's own folders on top.

    Raises UsageError for a folder that is not there and PackError with every problem for one that does not load.
    """
    for folder in own:
        if not folder.is_dir():
            raise UsageError(f"no pack folder at {folder}; give a folder that holds packs/, drugs/ or sources.yaml")
    folders = (bundled, *own)
    digest = digest_of(folders)
    cache = cache if cache is not None else default_cache()
    file = cache / _cache_name(digest, folders)
    compiled = _cached(file, digest)
    if compiled is None:
        from vademecum.packs.compile import compile_folders

        compiled = compile_folders(folders, digest)
        _keep(file, compiled)
    return Library(compiled)


def default_cache() -> Path:
    """`$VADEMECUM_CACHE`, or the platform's cache folder."""
    named = os.environ.get("VADEMECUM_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("vademecum", appauthor=False)


def _cache_name(digest: str, folders: tuple[Path, ...]) -> str:
    """By content and by place: a library names the files it was read from, so a copy elsewhere is another one."""
    places = "".join(f"\0{folder}\0{folder.absolute()}" for folder in folders)
    return f"library-{hashlib.blake2b((digest + places).encode(), digest_size=12).hexdigest()}.bin"


def _cached(file: Path, digest: str) -> Compiled | None:
    try:
        compiled = msgspec.msgpack.decode(file.read_bytes(), type=Compiled, dec_hook=dec_hook)
    except (OSError, msgspec.MsgspecError, ValueError):
        return None
    return compiled if compiled.digest == digest else None


def _keep(file: Path, compiled: Compiled) -> None:
    """Write whole or not at all; a cache that cannot be written only costs time."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as handle:
            handle.write(msgspec.msgpack.encode(compiled, enc_hook=enc_hook))
        Path(handle.name).replace(file)
    except OSError:
        return
