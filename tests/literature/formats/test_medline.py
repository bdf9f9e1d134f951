"""PubMed citations in MEDLINE XML: fields, structured abstracts, links, deletions, book chapters, and flat memory."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from xml_samples import BENCH, expected, read, sample, text

from vademecum.errors import ImportFileError
from vademecum.literature.formats import medline
from vademecum.literature.records import (
    Deletion,
    Heading,
    Identifiers,
    Link,
    LinkKind,
    Record,
    RecordKind,
    Section,
)

SAMPLES = ["biopython_pubmed4.xml", "biopython_pubmed7.xml", "pubmed-29768149.xml"]
FULL = """
<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="2">123</PMID>
<DateRevised><Year>2020</Year><Month>1</Month><Day>05</Day></DateRevised>
<Article><Journal><JournalIssue><Volume>12</Volume><Issue>3</Issue><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate>
</PubDate></JournalIssue><Title>The journal</Title><ISOAbbreviation>J</ISOAbbreviation></Journal>
<ArticleTitle>Dose of 10<sup>3</sup> &lt; 5.</ArticleTitle>
<Pagination><StartPage>1</StartPage><EndPage>9</EndPage><MedlinePgn>1-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="N">10.1/wrong</ELocationID><ELocationID EIdType="doi">10.1/ABC</ELocationID>
<Abstract><AbstractText Label="AIM" NlmCategory="OBJECTIVE">To see.</AbstractText>
<AbstractText Label="RESULT" NlmCategory="RESULTS">T<sub>4</sub> <i>fell</i>.</AbstractText><AbstractText/>
<CopyrightInformation>Not text</CopyrightInformation></Abstract>
<AuthorList><Author ValidYN="Y"><LastName>O'Brien</LastName><ForeName>Anna</ForeName><Initials>A</Initials></Author>
<Author ValidYN="N"><LastName>Wrong</LastName></Author>
<Author><CollectiveName>The Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><Language>fre</Language>
<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>
<AccessionNumber>NCT01</AccessionNumber></AccessionNumberList></DataBank></DataBankList>
<GrantList><Grant><GrantID>1</GrantID><Agency>NIH</Agency></Grant><Grant><Agency>NIH</Agency></Grant></GrantList>
<PublicationTypeList><PublicationType>Review</PublicationType><PublicationType>Review</PublicationType>
</PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J. 2020</RefSource>
<PMID>9</PMID></CommentsCorrections><CommentsCorrections RefType="CommentIn"><PMID>8</PMID></CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList><!-- a remark --><MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">Asthma</DescriptorName>
<QualifierName MajorTopicYN="Y">drug therapy</QualifierName><!-- another --></MeshHeading></MeshHeadingList>
<KeywordList><Keyword>one</Keyword></KeywordList><KeywordList><Keyword>two</Keyword></KeywordList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">123</ArticleId><ArticleId IdType="pmc">PMC7</ArticleId>
</ArticleIdList><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1/of-a-reference</ArticleId>
</ArticleIdList></Reference></ReferenceList><ReferenceList><ReferenceList><Reference/></ReferenceList></ReferenceList>
</PubmedData></PubmedArticle>
"""


def one(xml: str) -> Record:
    (record,) = read(medline.read, f"<PubmedArticleSet>{xml}</PubmedArticleSet>")
    assert isinstance(record, Record)
    return record


def test_every_field_of_a_citation() -> None:
    assert one(FULL) == Record(
        kind=RecordKind.CITATION,
        title="Dose of 10³ < 5.",
        ids=Identifiers(pmid="123", pmcid="PMC7", doi="10.1/abc"),
        sections=(
            Section("To see.", path=("AIM",), code="OBJECTIVE"),
            Section("T₄ fell.", path=("RESULT",), code="RESULTS"),
        ),
        authors=("O'Brien A", "The Group"),
        journal="The journal",
        journal_abbreviation="J",
        volume="12",
        issue="3",
        pages="1-9",
        year=1998,
        language="eng",
        publication_types=("Review",),
        mesh=(Heading("Asthma", ui="D1", major=True, qualifiers=("drug therapy",)),),
        keywords=("one", "two"),
        funding=("NIH",),
        links=(Link(LinkKind.RETRACTED_BY, pmid="9", citation="J. 2020"),),
        registrations=("NCT01",),
        references=2,
        version="2",
        revised="2020-01-05",
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_citation_agrees_with_what_is_known_of_it(name: str) -> None:
    facts = expected(f"medline_xml/{name}")
    records = list(medline.read(sample(f"medline_xml/{name}")))
    stated = facts if isinstance(facts, list) else facts.get("citations", facts.get("records", [facts]))
    assert [record.ids.pmid for record in records if isinstance(record, Record)] == [row["pmid"] for row in stated]
    for record, row in zip(records, stated, strict=True):
        assert isinstance(record, Record)
        assert record.title == row["title"]


def test_isotopes_before_the_element_are_kept() -> None:
    (record,) = medline.read(sample("medline_xml/biopython_pubmed7.xml"))
    assert isinstance(record, Record)
    plain = text(record).replace("\u2009", " ")
    assert "inhaled ³He/¹²⁹Xe MRI ventilation" in plain
    assert "echo-time ¹H MRI proton density" in plain


def test_deletions_and_citations_come_in_file_order() -> None:
    again = FULL.replace("To see.", "To see again.")
    items = read(
        medline.read,
        f"<PubmedArticleSet>{FULL}{again}<DeleteCitation><PMID>5</PMID><PMID>6</PMID></DeleteCitation></PubmedArticleSet>",
    )
    assert [item.sections[0].text if isinstance(item, Record) else item for item in items] == [
        "To see.",
        "To see again.",
        Deletion("5"),
        Deletion("6"),
    ]


def test_a_chapter_of_a_book_is_a_citation() -> None:
    record = one(
        "<PubmedBookArticle><BookDocument><PMID Version='1'>77</PMID><ArticleIdList>"
        "<ArticleId IdType='bookaccession'>NBK7</ArticleId></ArticleIdList>"
        "<Book><PubDate><Year>2024</Year></PubDate><BookTitle>StatPearls</BookTitle></Book>"
        "<ArticleTitle>Tetanus</ArticleTitle><Language>eng</Language>"
        "<AuthorList Type='authors'><Author><LastName>Smith</LastName><Initials>J</Initials></Author></AuthorList>"
        "<PublicationType>Study Guide</PublicationType>"
        "<Abstract><AbstractText>Give 500 IU.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"
    )
    assert record == Record(
        kind=RecordKind.CITATION,
        title="Tetanus",
        ids=Identifiers(pmid="77", other="NBK7"),
        sections=(Section("Give 500 IU."),),
        authors=("Smith J",),
        journal="StatPearls",
        year=2024,
        language="eng",
        publication_types=("Study Guide",),
        version="1",
    )


def test_a_retracted_publication_is_retracted_even_when_its_notice_is_not_linked() -> None:
    marked = FULL.replace(">Review<", ">Retracted Publication<", 1).replace("RetractionIn", "CommentIn")
    assert [link.kind for link in one(marked).links] == [LinkKind.RETRACTED_BY]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<PMID Version="2">123</PMID>', "", "citation without a PMID of digits"),
        (">123</PMID>", ">12x</PMID>", "citation without a PMID of digits"),
        ("ArticleTitle", "Other", "PMID 123: no ArticleTitle"),
        ("MedlineCitation", "Other", "PubmedArticle without MedlineCitation"),
        ("<Article><Journal>", "<Other><Journal>", "not well-formed"),
    ],
)
def test_a_citation_without_identity_or_title_is_refused_by_name(old: str, new: str, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        one(FULL.replace(old, new))


def test_memory_stays_flat_however_many_citations_there_are() -> None:
    """In a process of its own, since only the operating system sees what libxml2 holds."""
    program = """
import io, resource, sys
from vademecum.literature.formats import medline
citation = sys.stdin.buffer.read()
class Endless(io.RawIOBase):
    left = 6000
    def readable(self): return True
    def read(self, size=-1):
        self.left -= 1
        if self.left == 5999: return b"<PubmedArticleSet>"
        if self.left > 0: return citation
        return b"</PubmedArticleSet>" if self.left == 0 else b""
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for number, _ in enumerate(medline.read(Endless())):
    if number == 500: early = peak()
print(number + 1, peak() - early)
"""
    done = subprocess.run([sys.executable, "-c", program], input=FULL.encode(), capture_output=True, check=True)
    count, grown = done.stdout.split()
    assert int(count) == 5998
    assert float(grown) < 3


def test_generated_citations_are_the_same_each_time_and_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    if not BENCH.is_dir():
        pytest.skip("needs ../shared/bench")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "benchmarks"))
    sys.modules.pop("medline", None)
    import medline as benchmark

    data = b"".join(benchmark.generate(50))
    assert data == io.BufferedReader(benchmark.Stream(benchmark.generate(50))).read()
    records = read(medline.read, data)
    assert len({record.ids.pmid for record in records if isinstance(record, Record)}) == 50
    assert all(isinstance(record, Record) and record.sections and record.mesh for record in records)
