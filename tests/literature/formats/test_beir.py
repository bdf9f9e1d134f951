"""BEIR corpora."""

import gzip
from io import BytesIO
from itertools import islice

import pytest
from format_samples import SHARED

from vademecum.errors import ImportFileError
from vademecum.literature.formats import beir
from vademecum.literature.records import Identifiers, Record, RecordKind, Section


def test_a_line_is_a_citation_under_its_own_id() -> None:
    line = (
        b'{"_id": "7", "title": "", "text": "50 \xc2\xb5g\\n daily.", '
        b'"metadata": {"url": "https://example.org/a", "source": "CDC", "x": [1]}}\n\n'
    )
    assert list(beir.read(BytesIO(line))) == [
        Record(
            kind=RecordKind.CITATION,
            title="",
            ids=Identifiers(other="7"),
            sections=(Section(text="50 µg daily."),),
            journal="CDC",
            url="https://example.org/a",
        )
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"_id": "7"}', r"^line 2: Object missing required field `text`"),
        (b'{"_id": 7, "text": "x"}', r"^line 2: _id: Expected `str`, got `int`"),
        (b'{"_id": " ", "text": "x"}', r"^line 2: _id: empty"),
        (b'{"_id": "7", "text": "x"', r"^line 2: not JSON"),
        (b'{"_id": "7", "text": "\xb5g"}', r"^line 2: byte 0xb5"),
    ],
)
def test_what_does_not_fit_is_refused_with_line_and_field(line: bytes, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        list(beir.read(BytesIO(b'{"_id": "1", "text": "first"}\n' + line)))


@pytest.mark.parametrize("name", ["scifact", "bioasq", "medquad", "pubmedqa"])
def test_the_shared_corpora_are_read(name: str) -> None:
    path = SHARED / name / "corpus.jsonl.gz"
    if not path.exists():
        pytest.skip("needs ../shared/bench")
    with gzip.open(path) as stream:
        records = list(islice(beir.read(stream), 500))
    assert len({record.ids.other for record in records}) == 500
    assert all(record.sections or record.title for record in records)
