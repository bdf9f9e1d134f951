"""A record without any text is its title."""

from __future__ import annotations

from vademecum.literature.documents import document, passages
from vademecum.literature.records import Record, RecordKind, Section


def test_the_text_of_a_record_without_sections_is_its_title() -> None:
    record = Record(kind=RecordKind.CITATION, title="Colchicine for gout.", sections=(Section(text=""),))
    body = document(record)
    assert body.text == "Colchicine for gout."
    assert [passage.text for passage in passages(record, body)] == ["Colchicine for gout."]


def test_a_record_without_title_and_text_has_no_passage() -> None:
    record = Record(kind=RecordKind.CITATION, title="")
    assert passages(record, document(record)) == ()
