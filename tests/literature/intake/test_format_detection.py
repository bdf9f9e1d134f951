"""Which format a file is in: what it holds decides, its name only where text could be anything."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from vademecum.errors import ImportFileError
from vademecum.literature.formats import registry
from vademecum.literature.formats.sniff import json_paths

SHARED = Path(__file__).parents[3] / ".." / "shared"
SAMPLES = SHARED / "bench" / "samples"

FOLDERS = {
    "medline_xml": "medline",
    "jats": "jats",
    "spl": "spl",
    "nbib": "nbib",
    "ris": "ris",
    "bibtex": "bibtex",
    "ctgov": "ctgov",
    "guideline_html": "html",
    "guideline_pdf": "pdf",
}

HEADS = {
    "DOCTYPE before the root": (
        "x.xml",
        '<?xml version="1.0"?>\n<!-- c --><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD >" "u" [<!ELEMENT a (b)>]>'
        "<PubmedArticleSet>",
        "medline",
    ),
    "UTF-8 byte order mark": ("x.txt", "\ufeffTY  - JOUR\n", "ris"),
    "numbered RIS": ("x.txt", "1. \nTY  - JOUR\n", "ris"),
    "PubMed tagged text": ("x.txt", "\nPMID- 12\nTI  - T", "nbib"),
    "label with a prefix": ("x.xml", '<v3:document xmlns:v3="urn:hl7-org:v3">', "spl"),
    "article set": ("x.xml", "<pmc-articleset><article>", "jats"),
    "HTML article element": ("x.html", "<article><h1>Dose</h1>", "html"),
    "HTML without doctype": ("x", "<html><p>Drug A 10 mg.</p></html>", "html"),
    "HTML doctype": ("x.txt", "<!DOCTYPE html>\n<title>x</title>", "html"),
    "BibTeX after a comment": ("x.bib", "% mine\n\n@Article{key2019,\n title={T}}", "bibtex"),
    "JSON lines": ("x.jsonl", '{"_id": "1", "title": "", "text": "a"}\n{"_id": "2"', "beir"),
    "openFDA": ("x.json", '{"meta": {}, "results": [{"set_id": "a", "openfda": {}}]}', "openfda"),
    "one study": ("x.json", '{"protocolSection": {"identificationModule": {}}}', "ctgov"),
    "Europe PMC": ("x.json", '{"version":"6.9","hitCount":1,"resultList":{"result":[]}}', "europepmc"),
    "Crossref": ("x.json", '{"status":"ok","message":{"items":[{"DOI":"10.1/x"}]}}', "notices"),
    "Retraction Watch": ("x.csv", "\ufeffRecord ID,Title,Subject,Institution", "notices"),
    "Markdown with a mail address": ("x.md", "# Dose\n\n@misc{a,\n", "plain"),
    "Markdown that starts with a link": ("x.md", "[Dose](dose.md): 10 mg", "plain"),
    "text that starts with a sign": ("x.txt", "<5 mg a day is a low dose", "plain"),
    "text with a bracket": ("x.txt", "[Draft] protocol", "plain"),
}

UNKNOWN = {
    "empty": ("x.txt", b"  \n", "the file is empty"),
    "another root": ("x.xml", b"<?xml version='1.0'?><DescriptorRecordSet>", "DescriptorRecordSet"),
    "another HL7 document": ("x.xml", b'<ClinicalDocument xmlns="urn:hl7-org:v3">', "ClinicalDocument"),
    "JSON of another kind": ("x.json", b'{"resourceType": "Bundle"}', "resourceType"),
    "a schema": ("x.json", b'{"$schema": "x", "set_id": 1, "spl_product_data_elements": {}}', "schema"),
    "bytes": ("x.txt", b"\x80\x04\x95\x00\x00", "not text"),
    "control characters in text": ("x.txt", b"Dose 5\x08 mg", "does not say that it is text"),
    "a table": ("x.csv", b"title,dose\nA,5 mg", "Retraction Watch"),
    "text without a telling name": ("x", b"Dose 5 mg", "does not say that it is text"),
}


@pytest.mark.parametrize(("name", "text", "expected"), HEADS.values(), ids=HEADS)
def test_content_is_recognised(name: str, text: str, expected: str) -> None:
    assert registry.detect(name, text.encode()) == expected


def test_utf_16_is_recognised() -> None:
    assert (
        registry.detect("x.xml", '<?xml version="1.0" encoding="UTF-16"?><article><body/>'.encode("utf-16")) == "jats"
    )


@pytest.mark.parametrize(("name", "head", "seen"), UNKNOWN.values(), ids=UNKNOWN)
def test_the_unknown_is_refused_with_what_was_seen_and_how_to_name_a_format(name: str, head: bytes, seen: str) -> None:
    with pytest.raises(ImportFileError, match=rf"(?s){seen}.*medline, jats.*--as"):
        registry.detect(name, head)


def test_a_named_format_is_found_under_its_other_names_too() -> None:
    assert registry.named("PubMed") is registry.FORMATS["medline"]
    with pytest.raises(ImportFileError, match=r"unknown format 'docx'; formats: medline"):
        registry.named("docx")


def test_a_reader_is_loaded_by_name() -> None:
    assert registry.FORMATS["medline"].reader().__module__ == "vademecum.literature.formats.medline"
    with pytest.raises(ImportFileError, match="cannot be loaded"):
        registry.Format("x", "X", (), "no.such.module").reader()


@pytest.mark.parametrize("unit", ['"\\"', "<?a?>", "\n", '{"a":[', "@a{", "<!--", "<!DOCTYPE ["])
def test_no_start_of_a_file_makes_detection_slow(unit: str) -> None:
    head = (unit * registry.HEAD)[: registry.HEAD].encode()
    for first in (b"", b"{", b"<"):
        started = time.process_time()
        with pytest.raises(ImportFileError):
            registry.detect("x", first + head)
        assert time.process_time() - started < 1


def test_keys_below_the_third_level_and_in_strings_do_not_count() -> None:
    text = '{"a": {"b": {"c": {"d": 1}}}, "e": "\\"f\\": 1", "g": [[{"h": 1}]]}'
    assert json_paths(text) == {"a", "a.b", "a.b.c", "e", "g", "g.h"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_sample_is_recognised(folder: str) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("needs ../shared/bench/samples")
    files = sorted(path for path in (SAMPLES / folder).iterdir() if path.is_file())
    assert files
    for path in files:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert registry.detect(path.name, data[: registry.HEAD]) == FOLDERS[folder], path.name


def test_samples_that_are_no_evidence_are_refused() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("needs ../shared/bench/samples")
    assert registry.detect("x", (SAMPLES / "openfda" / "drug_label.json").read_bytes()) == "openfda"
    for name in ("openfda/schemas/druglabel_schema.json", "mesh/desc-samples.xml", "expected.json"):
        with pytest.raises(ImportFileError):
            registry.detect(name, (SAMPLES / name).read_bytes()[: registry.HEAD])
