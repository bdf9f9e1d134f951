"""Hostile and broken XML: refused with a clear message, or read without losing or fetching anything."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from xml_samples import BENCH, read, text

from vademecum.errors import ImportFileError
from vademecum.literature.formats import jats, medline, spl
from vademecum.literature.records import Record

READERS: dict[str, Callable[[BinaryIO], Iterator[Any]]] = {"pubmed": medline.read, "jats": jats.read, "spl": spl.read}
BAD_INPUTS = BENCH / "safety" / "bad_inputs"


def citation(abstract: str, pmid: int = 1) -> str:
    article = f"<ArticleTitle>T</ArticleTitle><Abstract><AbstractText>{abstract}</AbstractText></Abstract>"
    return (
        f"<PubmedArticle><MedlineCitation><PMID Version='1'>{pmid}</PMID><Article>{article}</Article>"
        "</MedlineCitation></PubmedArticle>"
    )


def citations(*each: str, before: str = "") -> str:
    return f"{before}<PubmedArticleSet>{''.join(each)}</PubmedArticleSet>"


def words(xml: str | bytes) -> str:
    return text(read(jats.read, xml)[0])


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        f'<!ENTITY a "{"x" * 50_000}">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY a SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd">%a;',
    ],
)
@pytest.mark.parametrize("read_as", ["pubmed", "jats", "spl"])
def test_entity_declarations_are_refused(declaration: str, read_as: str) -> None:
    root = {"pubmed": "PubmedArticleSet", "jats": "article", "spl": "document"}[read_as]
    with pytest.raises(ImportFileError, match="declares the entity 'a'; entity declarations are refused"):
        read(READERS[read_as], f"<!DOCTYPE {root} [{declaration}]><{root}>{citation('&a;')}</{root}>")


def test_a_doctype_line_is_accepted_and_nothing_is_fetched() -> None:
    doctype = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "http://127.0.0.1:9/pubmed.dtd">'
    (record,) = read(medline.read, citations(citation("Dose 10 mg."), before=doctype))
    assert text(record) == "Dose 10 mg."


def test_a_style_sheet_instruction_is_ignored() -> None:
    style = '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>'
    (record,) = read(spl.read, f'{style}<document xmlns="urn:hl7-org:v3"/>')
    assert [flag.code for flag in record.flags] == ["no-title", "no-set-id", "no-text"]


@pytest.mark.parametrize("read_as", ["jats", "spl"])
def test_an_inclusion_is_refused(read_as: str) -> None:
    root = {"jats": "article", "spl": "document"}[read_as]
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
    with pytest.raises(ImportFileError, match=r"^line 2: the document includes another file"):
        read(READERS[read_as], f"<{root}>\n{include}</{root}>")


@pytest.mark.parametrize(("name", "sign"), [("le", "≤"), ("mu", "μ"), ("micro", "µ"), ("minus", "−"), ("plusmn", "±")])
def test_an_undeclared_named_entity_is_the_sign_it_names(name: str, sign: str) -> None:
    doctype = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">'
    assert words(f"{doctype}<article><body><p>a &{name}; 50</p></body></article>") == f"a {sign} 50"


def test_an_entity_that_libxml2_drops_from_an_attribute_is_refused() -> None:
    label = '<AbstractText Label="eGFR &le; 30">t</AbstractText>'
    body = citation("x").replace("<AbstractText>x</AbstractText>", label)
    with pytest.raises(ImportFileError, match="unknown entity in an attribute"):
        read(medline.read, citations(body, before="<!DOCTYPE PubmedArticleSet SYSTEM 'x.dtd'>"))


@pytest.mark.parametrize("read_as", ["pubmed", "jats", "spl"])
@pytest.mark.parametrize("tag", ["a", "sec", "sup", "list"])
def test_deep_nesting_is_refused_without_deep_recursion(read_as: str, tag: str) -> None:
    with pytest.raises(ImportFileError, match="Excessive depth"):
        read(READERS[read_as], f"<article>{f'<{tag}>' * 20_000}{f'</{tag}>' * 20_000}</article>")


@pytest.mark.parametrize(
    "layers",
    [
        ("<sec><title>a</title>", "<p>kept</p>", "</sec>"),
        ("<boxed-text>", "<p>kept</p>", "</boxed-text>"),
        ("<p>", "kept", "</p>"),
        ("<sup>", "kept", "</sup>"),
        ("<alternatives>", "<p>kept</p>", "</alternatives>"),
        ("<msup><mi>x</mi>", "<mi>kept</mi>", "</msup>"),
        ("<mfrac><mi>x</mi>", "<mi>kept</mi>", "</mfrac>"),
        ("<mrow>", "<mi>kept</mi>", "</mrow>"),
    ],
    ids=lambda layers: layers[0],
)
def test_the_deepest_nesting_that_libxml2_reads_is_read(layers: tuple[str, str, str]) -> None:
    start, inside, end = layers
    body = f"{start * 240}{inside}{end * 240}"
    if start.startswith("<m"):
        body = f"<math>{body}</math>"
    assert "kept" in words(f"<article><body>{body if start.startswith('<sec') else f'<p>{body}</p>'}</body></article>")


def test_nested_lists_are_read_to_the_same_depth() -> None:
    body = "<list><list-item>" * 120 + "<p>kept</p>" + "</list-item></list>" * 120
    assert words(f"<article><body>{body}</body></article>").endswith("kept")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_an_encoding_that_is_told_truly_is_read(encoding: str) -> None:
    body = "<article><body><p>50 µg, 20 °C</p></body></article>"
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    declared = "utf-16" if mark else encoding
    assert words(mark + f'<?xml version="1.0" encoding="{declared}"?>{body}'.encode(encoding)) == "50 µg, 20 °C"


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("UTF-8", "iso-8859-1"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "utf-8"),
        ("US-ASCII", "utf-8"),
        ("UTF-16", "utf-8"),
        ("no-such-encoding", "utf-8"),
    ],
)
@pytest.mark.parametrize("read_as", ["pubmed", "jats", "spl"])
def test_an_encoding_that_is_told_falsely_is_refused(declared: str, actual: str, read_as: str) -> None:
    bodies = {
        "pubmed": citations(citation("50 µg")),
        "jats": "<article><body><p>50 µg</p></body></article>",
        "spl": "<document><component><structuredBody><component><section><text>50 µg</text></section></component>"
        "</structuredBody></component></document>",
    }
    with pytest.raises(ImportFileError, match=r"encoding|holds UTF-8|Blank needed here"):
        read(READERS[read_as], f'<?xml version="1.0" encoding="{declared}"?>{bodies[read_as]}'.encode(actual))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"no XML at all",
        b"<PubmedArticleSet><PubmedArticle>",
        b"<PubmedArticleSet><PubmedArticle></PubmedArticleSet>",
        b"<PubmedArticleSet>a\x00b</PubmedArticleSet>",
        b"<PubmedArticleSet>&#0;</PubmedArticleSet>",
        b"<PubmedArticleSet/><PubmedArticleSet/>",
    ],
)
@pytest.mark.parametrize("read_as", ["pubmed", "jats", "spl"])
def test_what_is_not_well_formed_is_refused_with_its_line(broken: bytes, read_as: str) -> None:
    with pytest.raises(ImportFileError, match=r"^line \d+: not well-formed XML"):
        read(READERS[read_as], broken)


def test_a_truncated_file_is_refused_after_the_citations_before_the_cut() -> None:
    items = medline.read(io.BytesIO(citations(*(citation("a" * 40_000, pmid) for pmid in (1, 2)))[:-60].encode()))
    first = next(items)
    assert isinstance(first, Record)
    assert first.ids.pmid == "1"
    with pytest.raises(ImportFileError, match="not well-formed"):
        list(items)


def test_a_record_inside_a_record_is_refused_since_one_would_lose_its_text() -> None:
    with pytest.raises(ImportFileError, match="<PubmedArticle> inside another record"):
        read(medline.read, citations(citation("a").replace("<Article>", f"{citation('b')}<Article>")))


def test_a_file_of_another_kind_is_refused_by_its_root() -> None:
    with pytest.raises(ImportFileError, match=r"^the root element is <html>, not <"):
        read(medline.read, "<html/>")
    with pytest.raises(ImportFileError, match=r"^no JATS article"):
        read(jats.read, "<html/>")
    with pytest.raises(ImportFileError, match=r"^no label: the root element is <html>"):
        read(spl.read, "<html/>")


def outcomes() -> list[dict[str, Any]]:
    """The rows of the manifest that a reader of unpacked XML must bear out."""
    manifest = BAD_INPUTS / "manifest.jsonl"
    if not manifest.is_file():
        return []
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["import_as"] in READERS]


@pytest.mark.parametrize("row", outcomes(), ids=lambda row: str(row["file"]))
def test_each_bad_input_ends_as_its_manifest_says(row: dict[str, Any]) -> None:
    must = row["expect"]
    try:
        with (BAD_INPUTS / row["file"]).open("rb") as stream:
            records: list[Record] = list(READERS[row["import_as"]](stream))
    except ImportFileError:
        assert not must.startswith("accept") or "reject" in must
        return
    assert must.split(";")[0] != "reject"
    said = "\n".join(map(text, records))
    assert "50 g" not in said
    if "sign kept" in must:
        assert "eGFR ≤ 30" in said
    if "mcg kept" in must:
        assert "50 μg" in said
    if "micro kept" in must:
        assert "50 µg" in said
    if "two versions" in must:
        assert [text(record) for record in records] == ["first version", "second version"]
        assert len({record.ids.pmid for record in records}) == 1


WHOLE = {
    "pubmed": citations(
        citation("10<sup>9</sup> <i>in vitro</i>").replace(
            "</Article>",
            "<AuthorList><Author><LastName>A</LastName></Author></AuthorList><Pagination><MedlinePgn>1</MedlinePgn>"
            "</Pagination></Article><MeshHeadingList><MeshHeading><DescriptorName>B</DescriptorName></MeshHeading>"
            "</MeshHeadingList><CommentsCorrectionsList><CommentsCorrections RefType='ErratumIn'><PMID>2</PMID>"
            "</CommentsCorrections></CommentsCorrectionsList>",
        )
    ),
    "jats": "<article><front><article-meta><title-group><article-title>T</article-title></title-group><contrib-group>"
    "<contrib><name><surname>A</surname></name></contrib></contrib-group></article-meta></front><body><sec><title>S"
    "</title><p>a<sup><xref ref-type='bibr'>1</xref></sup><list><list-item><p>b</p></list-item></list></p><table-wrap>"
    "<label>1</label><table><thead><tr><th>h</th></tr></thead><tbody><tr><td rowspan='2'>1</td></tr></tbody></table>"
    "</table-wrap><fig><caption><p>c</p></caption></fig></sec></body></article>",
    "spl": "<document><title>T</title><component><structuredBody><component><section><title>S</title><subject>"
    "<manufacturedProduct><manufacturedProduct><name>N</name><ingredient><quantity><numerator value='1'/></quantity>"
    "<ingredientSubstance><name>I</name></ingredientSubstance></ingredient></manufacturedProduct></manufacturedProduct>"
    "</subject><text>a<list><item>b<footnote>n</footnote></item></list><table><caption>c</caption><tr><td>1</td></tr>"
    "</table></text></section></component></structuredBody></component></document>",
}


@pytest.mark.parametrize("read_as", sorted(WHOLE))
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_whose_elements_are_mixed_up_is_read_or_refused(read_as: str, data: st.DataObject) -> None:
    root = etree.fromstring(WHOLE[read_as])
    elements = list(root.iter())
    tags = sorted({str(element.tag) for element in elements})
    for _ in range(data.draw(st.integers(1, 8))):
        element = data.draw(st.sampled_from(elements))
        if data.draw(st.booleans()):
            element.tag = data.draw(st.sampled_from(tags))
        else:
            element.insert(0, data.draw(st.sampled_from([etree.Comment("x"), etree.ProcessingInstruction("x", "y")])))
    try:
        records = read(READERS[read_as], etree.tostring(root))
    except ImportFileError:
        return
    for record in records:
        if isinstance(record, Record):
            assert record.title
            assert all(section.text and section.text == section.text.strip() for section in record.sections)
