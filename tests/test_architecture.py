"""The rooms of the program: who may import whom, how large a module may be, and what start-up may cost."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import vademecum

ROOT = Path(vademecum.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "evidence.terms": set(),
    "dosing": {"errors"},
    "evidence": {"errors", "evidence.terms", "dosing.model"},
    "proof": {"errors", "evidence", "evidence.terms", "dosing"},
    "packs": {"errors", "evidence", "evidence.terms", "dosing", "proof"},
    "literature": {"errors", "evidence", "evidence.terms", "dosing", "packs"},
    "answer": {"errors", "evidence", "evidence.terms", "dosing", "proof", "packs", "literature"},
    "render": {"errors", "evidence", "answer"},
    "cli": {"errors", "evidence", "dosing", "proof", "packs", "literature", "answer", "render"},
}
"""Rooms, bottom first, and the rooms each may import from; every room may import from itself.

A room is a package or, where a part of a package is held to more or lent to more, that module.
"""

LONGEST = 600
HEAVY = {"rich", "jinja2", "citeproc", "lxml", "typst", "lark", "yaml", "rispy", "bibtexparser", "rapidfuzz"}
HEAVY |= {"sqlalchemy", "alembic", "pysqlite3", "tantivy", "onnxruntime", "numpy", "pypdf", "httpcore"}


def name_of(path: Path) -> str:
    """The module's name below `vademecum`: "packs.lint"."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """The narrowest room that holds a module."""
    return max((room for room in MAY_IMPORT if f"{module}.".startswith(f"{room}.")), key=len, default=module)


def is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def imports_of(path: Path) -> Iterator[str]:
    """Every module of ours that a module imports, inside functions and for typing too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write the whole name of the module"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("vademecum."):
                yield existing(name.removeprefix("vademecum."))


def existing(name: str) -> str:
    """The module that an imported name comes from: the name itself, or what it is taken out of."""
    while name and not (ROOT / Path(*name.split("."))).with_suffix(".py").is_file():
        if (ROOT / Path(*name.split(".")) / "__init__.py").is_file():
            return name
        name = name.rpartition(".")[0]
    return name


def package_of(name: str) -> str:
    return name.partition(".")[0]


def allowed(room: str, imported: str) -> bool:
    if imported == "":  # the package itself, which holds only its version
        return True
    if package_of(imported) == package_of(room) and room != "evidence.terms":
        return True
    return any(f"{imported}.".startswith(f"{other}.") for other in MAY_IMPORT[room])


# --- imports ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_from_the_rooms_below_it(path: Path) -> None:
    module = name_of(path)
    if module in {"", "__init__"}:
        return
    room = room_of(module)
    assert room in MAY_IMPORT, f"{module} is in no room; say in MAY_IMPORT what it may import"
    assert [imported for imported in imports_of(path) if not allowed(room, imported)] == []


def test_the_package_itself_imports_nothing_of_ours() -> None:
    assert list(imports_of(ROOT / "__init__.py")) == []


def test_no_two_packages_import_each_other() -> None:
    graph: dict[str, set[str]] = {}
    for path in MODULES:
        here = package_of(name_of(path))
        there = {package_of(imported) for imported in imports_of(path)} - {here, ""}
        graph.setdefault(here, set()).update(there)
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("errors") < order.index("dosing") < order.index("evidence") < order.index("packs")


def test_no_two_modules_import_each_other() -> None:
    graph = {name_of(path): set(imports_of(path)) - {name_of(path)} for path in MODULES}
    assert list(TopologicalSorter(graph).static_order())


def test_nothing_below_the_command_line_prints_or_asks() -> None:
    loud = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if not name_of(path).startswith(("cli",))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "input", "exit"}
    ]
    assert loud == []


# --- size ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_module_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


# --- start-up --------------------------------------------------------------------------------------------


def loaded_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter holds after running `code`."""
    script = f"import sys\n{code}\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_starting_the_command_loads_no_heavy_library() -> None:
    assert loaded_after("import vademecum.cli.main") & HEAVY == set()


def test_opening_the_compiled_library_loads_no_heavy_library(library: object) -> None:
    assert loaded_after("from vademecum.packs.library import load\nload()") & HEAVY == set()


def test_importing_any_module_reads_no_network_and_starts_no_thread() -> None:
    migrations = "literature.store.migrations."  # run by the migration library only
    named = [name_of(path) for path in MODULES]
    names = [f"vademecum.{name}" for name in named if name not in {"", "__init__"} and not name.startswith(migrations)]
    code = f"import importlib, threading\nfor name in {names!r}: importlib.import_module(name)\n"
    loaded = loaded_after(code + "assert threading.active_count() == 1")
    assert loaded & {"requests", "httpx", "aiohttp", "torch", "openai"} == set()
