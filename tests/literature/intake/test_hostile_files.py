"""Hostile and odd files go through the real child process and end as their manifest says, within its limits."""

from __future__ import annotations

import importlib.util
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.formats import registry
from vademecum.literature.intake.limits import MB
from vademecum.literature.intake.sandbox import Sandbox
from vademecum.literature.intake.units import Skipped, Unit, walk
from vademecum.literature.records import Item, Record

FOLDER = Path(__file__).parents[3] / ".." / "shared" / "bench" / "safety" / "bad_inputs"
ARCHIVES = (".zip", ".tar")
NO_IMPORT = {"pack manifest", "model file", "api json"}  # other parts of the program read these
NO_FORMAT = {"csv"}  # the only table that is imported is Retraction Watch's

MUST_HOLD = {
    "entity_named_le.xml": ("≤ 30",),
    "entity_named_mu.xml": ("μg", "µg"),
    "enc_utf16_bom.xml": ("50 µg",),
    "ok_jats_doctype.xml": ("≤ 5 mg",),
    "ok_pubmed_doctype.xml": ("Dose 10 mg.",),
    "html_active.html": ("Drug A 10 mg.",),
    "two_pmids_same.xml": ("second version",),
}
MUST_NOT_HOLD = {
    "entity_named_mu.xml": "50 g",
    "enc_mismatch_latin1.xml": "50 g",
    "xxe_file.xml": Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "&x;",
    "html_active.html": "fetch(",
}
HIDES_TEXT = {"pdf_white_text.pdf", "pdf_tiny_text.pdf", "pdf_offpage_text.pdf", "pdf_render_mode3.pdf"}
MUST_BE_FLAGGED = {"pdf_js.pdf", "pdf_launch.pdf"}


def rows() -> list[dict[str, str]]:
    manifest = FOLDER / "manifest.jsonl"
    if not manifest.exists():
        return []
    entries = map(json.loads, manifest.read_text(encoding="utf-8").splitlines())
    return [entry for entry in entries if entry["import_as"] not in NO_IMPORT]


def outcome(file: Path, format_name: str | None) -> tuple[list[Item], list[str], Sandbox]:
    """Everything one file gives, the reasons for what it does not give, and the sandbox that was used."""
    items: list[Item] = []
    reasons: list[str] = []
    with Sandbox() as sandbox:
        for found in walk([file], format_name=format_name):
            if isinstance(found, Skipped):
                reasons.append(found.reason)
                continue
            try:
                items += [item for batch in sandbox.items(found) for item in batch]
            except ImportFileError as error:
                reasons.append(str(error))
    return items, reasons, sandbox


def words(items: list[Item]) -> str:
    return " ".join(
        " ".join([item.title, *(section.text for section in item.sections)])
        for item in items
        if isinstance(item, Record)
    )


@pytest.mark.parametrize("found", [False, True], ids=["named", "found"])
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_each_file_ends_as_the_manifest_says(row: dict[str, object], found: bool) -> None:
    name, expected = str(row["file"]), str(row["expect"])
    limit = row["limit"]
    assert isinstance(limit, dict)
    kind = str(row["import_as"]).removesuffix(".gz")
    archive = name.endswith(ARCHIVES)
    if not archive and kind not in NO_FORMAT:
        entry = registry.named(kind)
        if importlib.util.find_spec(entry.module) is None:
            pytest.skip(f"{entry.module} is not here")
    items, reasons, sandbox = outcome(FOLDER / name, None if found or archive or kind in NO_FORMAT else kind)
    if kind in NO_FORMAT or (expected.startswith("reject") and " or " not in expected) or archive:
        assert (items, len(reasons)) == ([], 1)
    elif expected.startswith("accept") and " or " not in expected:
        assert reasons == []
    if items:
        check_text(name, items)
    if sandbox.usage is not None:
        assert sandbox.usage.peak <= limit["peak_mb"] * MB
        assert sandbox.usage.seconds <= limit["seconds"]


def check_text(name: str, items: list[Item]) -> None:
    text = words(items)
    flags = [flag for item in items if isinstance(item, Record) for flag in item.flags]
    assert name not in MUST_HOLD or any(kept in text for kept in MUST_HOLD[name])
    assert name not in MUST_NOT_HOLD or MUST_NOT_HOLD[name] not in text
    assert name not in MUST_BE_FLAGGED or flags
    if name in HIDES_TEXT:
        assert flags or "CANARY" not in text
    if name == "html_active.html":
        assert flags or "CANARY-H1" not in text
    if name == "two_pmids_same.xml":
        assert len(items) == 2


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


TRICKS = {
    "an external DTD": '<!DOCTYPE PubmedArticleSet SYSTEM "{url}"><PubmedArticleSet>',
    "an external entity": '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "{url}">]><PubmedArticleSet>&x;',
    "a parameter entity": '<!DOCTYPE PubmedArticleSet [<!ENTITY % p SYSTEM "{url}">%p;]><PubmedArticleSet>',
    "a stylesheet": '<?xml-stylesheet type="text/xsl" href="{url}"?><PubmedArticleSet>',
    "a schema": '<PubmedArticleSet xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="a {url}">',
    "an inclusion": '<PubmedArticleSet xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="{url}"/>',
}


@pytest.mark.parametrize("start", TRICKS.values(), ids=TRICKS)
def test_no_document_opens_a_connection(start: str, listener: socket.socket, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    path = tmp_path / "x.xml"
    path.write_text(start.replace("{url}", url) + "</PubmedArticleSet>")
    (unit,) = walk([path])
    assert isinstance(unit, Unit)
    said = ""
    with Sandbox() as sandbox:
        try:
            list(sandbox.items(unit))
        except ImportFileError as error:
            said = str(error)
    assert ("declares the entity" in said) == ("ENTITY" in start)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_the_manifest_is_there() -> None:
    if not FOLDER.is_dir():
        pytest.skip("needs ../shared/bench/safety/bad_inputs")
    assert len(rows()) > 40
