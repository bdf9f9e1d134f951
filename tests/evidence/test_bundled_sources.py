"""The bundled bibliography: every record is typed, plain about what was not seen, and safe to print."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

import msgspec
import pytest
import yaml

from vademecum.evidence.model import ReadDepth, Source, SourceState
from vademecum.evidence.references import csl_item, render_references, to_bibtex, to_csl_json, to_ris


@cache
def bundled() -> tuple[Source, ...]:
    """Parsed the way packs are: every scalar is text until the types say otherwise."""
    text = (files("vademecum.packs") / "bundled" / "sources.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.load(text, Loader=yaml.CBaseLoader)["sources"], tuple[Source, ...], strict=False)


def offenders(rule: re.Pattern[str], *texts: str | None) -> list[str]:
    return [text for text in texts if text is not None and rule.search(text)]


def test_every_key_is_unique_and_a_plain_name() -> None:
    assert [key for key, times in Counter(source.key for source in bundled()).items() if times > 1] == []
    assert [source.key for source in bundled() if not re.fullmatch(r"[a-z0-9_]+", source.key)] == []


def test_the_bibliography_is_whole() -> None:
    assert len(bundled()) >= 161


def test_every_address_is_secure_or_the_publishers_own() -> None:
    plain = {
        urlsplit(source.url).netloc for source in bundled() if source.url and not source.url.startswith("https://")
    }
    assert plain <= {"therapeuticportal.nhsh.scot", "www.arthritis-research.com", "www.octagam.com"}


def test_identifiers_have_their_form() -> None:
    for source in bundled():
        assert source.doi is None or re.fullmatch(r"10\.\d{4,9}/\S+", source.doi), source.key
        assert source.pmid is None or re.fullmatch(r"\d{6,8}", source.pmid), source.key
        assert source.year is None or 1980 <= source.year <= 2026, source.key
        assert source.participants is None or source.participants > 0, source.key


def test_no_working_note_of_the_librarian_is_printed() -> None:
    leak = re.compile(r"not displayed|from memory|label cop|drug guide|as reproduced|librarian|\bcopy\)", re.IGNORECASE)
    for source in bundled():
        assert offenders(leak, source.title, source.container, *source.authors) == [], source.key


def test_a_described_title_says_so() -> None:
    for source in bundled():
        if source.title.startswith("["):
            assert source.title.endswith("]"), source.key
            assert "itle not seen" in (source.note or ""), source.key


def test_et_al_only_closes_a_list() -> None:
    for source in bundled():
        assert "et al." not in source.authors[:-1], source.key
        assert source.authors != ("et al.",), source.key


def test_a_state_other_than_current_is_explained() -> None:
    for source in bundled():
        if source.state is not SourceState.CURRENT:
            assert source.state_note, source.key
    assert {source.key for source in bundled() if source.state is SourceState.EXPIRED} >= {"acp_lbp_2017"}


def test_a_successor_is_in_the_list() -> None:
    keys = {source.key for source in bundled()}
    assert {source.superseded_by for source in bundled() if source.superseded_by} <= keys


def test_what_was_never_seen_is_not_verified() -> None:
    unseen = {source.key for source in bundled() if source.read is ReadDepth.NONE}
    assert unseen == {source.key for source in bundled() if not source.verified}


@pytest.mark.parametrize(
    ("key", "participants"),
    [("proderm_2022", 95), ("friedman_2015", 323), ("borenstein_1990", 40), ("printo_trial_2016", 139)],
)
def test_study_sizes_are_those_the_record_states(key: str, participants: int) -> None:
    (source,) = (source for source in bundled() if source.key == key)
    assert source.participants == participants


def test_every_source_renders_and_exports_without_a_warning() -> None:
    references = render_references(bundled())
    assert len(references) == len(bundled())
    for source, reference in zip(bundled(), references, strict=True):
        assert source.title.rstrip(".") in reference, source.key
        assert source.year is None or str(source.year) in reference, source.key
        assert not re.search(r"\.\.|  | [.,;:]|\(\)|None", reference.split(" Available from: ")[0]), reference
    for export in (to_csl_json, to_ris, to_bibtex):
        text = export(bundled())
        assert all(source.key in text for source in bundled())


def test_every_person_is_split_and_every_body_kept_whole() -> None:
    literals = {
        name["literal"] for source in bundled() for name in csl_item(source).get("author", ()) if "literal" in name
    }
    assert [name for name in literals if re.fullmatch(r"[^\W\d_]+ [A-Z]{1,3}", name)] == []
    families = {
        name["family"] for source in bundled() for name in csl_item(source).get("author", ()) if "family" in name
    }
    assert [family for family in families if len(family.split()) > 3] == []
