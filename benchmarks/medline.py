"""MEDLINE XML of any size, and how fast it is read.

    python benchmarks/medline.py [--count 20000] [--write benchmarks/results/medline.txt] [--to FILE]

Text: the abstracts of ../shared/bench/{pubmedqa,bioasq,scifact}. Around it the fields of a citation in the layout of
the annual baseline files: authors with affiliations, MeSH, grants, history, references. Names, numbers and identifiers
are made up; the same seed gives the same bytes. `--to FILE` writes the citations instead of reading them.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import io
import json
import os
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from answers import machine
from vademecum.literature.formats import medline

BENCH = Path(__file__).resolve().parent.parent / ".." / "shared" / "bench"
CORPORA = ("pubmedqa", "bioasq", "scifact")
FIRST_PMID = 70_000_000  # above every number in use
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, '
    '1st January 2025//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n<PubmedArticleSet>\n'
)
_FAMILIES = ("Smith", "García", "Müller", "Nguyen", "Kim", "Rossi", "Andersen", "O'Brien", "Okafor", "Sato", "Chen")
_GIVEN = ("Anna", "Jean-Pierre", "Wei", "Maria", "Olufemi", "Yuki", "Lars", "Fatima", "Carlos", "Rahul", "Tomás")
_PLACES = (
    "Department of Medicine, University Hospital, Uppsala, Sweden",
    "Division of Rheumatology, School of Medicine, Nagoya University, Nagoya, Japan",
    "Servicio de Neurología, Hospital Clínico, Zaragoza, Spain",
    "Institute of Epidemiology, Medical Faculty, University of Münster, 48149 Münster, Germany",
)
_JOURNALS = (
    ("Journal of clinical investigations in practice", "J Clin Investig Pract"),
    ("Annals of synthetic medicine", "Ann Synth Med"),
    ("The European review of made-up trials", "Eur Rev Made Up Trials"),
)
_TYPES = (
    "Journal Article",
    "Randomized Controlled Trial",
    "Review",
    "Research Support, Non-U.S. Gov't",
    "Case Reports",
)
_QUALIFIERS = ("drug therapy", "adverse effects", "diagnosis", "epidemiology", "administration & dosage", "genetics")
_MESH = ("Humans", "Female", "Male", "Adult", "Middle Aged", "Aged", "Treatment Outcome", "Risk Factors", "Child")


def generate(count: int, *, first: int = FIRST_PMID, seed: int = 3) -> Iterator[bytes]:
    """A PubmedArticleSet of `count` citations, in pieces of one citation; numbered from `first`."""
    texts = _texts()
    yield _HEAD.encode()
    for index in range(count):
        chance = random.Random(seed * 1_000_003 + first + index)
        yield _citation(first + index, texts[(first + index) % len(texts)], chance).encode()
    yield b"</PubmedArticleSet>\n"


class Stream(io.RawIOBase):
    """Generated citations as a binary file that is never whole in memory."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


@functools.cache
def _texts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name in CORPORA:
        with gzip.open(BENCH / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
            found.extend(json.loads(line) for line in lines)
    return [row for row in found if len(row["text"]) > 400]


def _citation(pmid: int, row: dict[str, Any], chance: random.Random) -> str:
    year = chance.randint(1998, 2025)
    journal, short = chance.choice(_JOURNALS)
    title = row.get("title") or row["text"][:150].rsplit(" ", 1)[0] + "."
    lines = [
        "  <PubmedArticle>",
        '    <MedlineCitation Status="MEDLINE" IndexingMethod="Automated" Owner="NLM">',
        f'      <PMID Version="1">{pmid}</PMID>',
        *_date("DateCompleted", year, chance, 6),
        *_date("DateRevised", year, chance, 6),
        '      <Article PubModel="Print-Electronic">',
        "        <Journal>",
        f'          <ISSN IssnType="Electronic">{chance.randint(1000, 9999)}-{chance.randint(1000, 9999)}</ISSN>',
        '          <JournalIssue CitedMedium="Internet">',
        f"            <Volume>{chance.randint(1, 300)}</Volume>",
        f"            <Issue>{chance.randint(1, 12)}</Issue>",
        "            <PubDate>",
        f"              <Year>{year}</Year>",
        f"              <Month>{chance.choice(('Jan', 'Apr', 'Sep'))}</Month>",
        "            </PubDate>",
        "          </JournalIssue>",
        f"          <Title>{journal}</Title>",
        f"          <ISOAbbreviation>{short}</ISOAbbreviation>",
        "        </Journal>",
        f"        <ArticleTitle>{_marked(title)}</ArticleTitle>",
        "        <Pagination>",
        f"          <StartPage>{pmid % 900}</StartPage>",
        f"          <MedlinePgn>{pmid % 900}-{pmid % 900 + 8}</MedlinePgn>",
        "        </Pagination>",
        f'        <ELocationID EIdType="doi" ValidYN="Y">10.99999/made-up.{pmid}</ELocationID>',
        "        <Abstract>",
        *_abstract(row),
        "        </Abstract>",
        '        <AuthorList CompleteYN="Y">',
        *(line for _ in range(chance.choice((2, 3, 4, 5, 6, 8))) for line in _author(chance)),
        "        </AuthorList>",
        "        <Language>eng</Language>",
        *_grants(chance),
        "        <PublicationTypeList>",
        *(
            f'          <PublicationType UI="D016428">{escape(kind)}</PublicationType>'
            for kind in _some(_TYPES, chance)
        ),
        "        </PublicationTypeList>",
        *_date("ArticleDate", year, chance, 8),
        "      </Article>",
        "      <MedlineJournalInfo>",
        "        <Country>England</Country>",
        f"        <MedlineTA>{short}</MedlineTA>",
        f"        <NlmUniqueID>{chance.randint(10**6, 10**7)}</NlmUniqueID>",
        "      </MedlineJournalInfo>",
        "      <CitationSubset>IM</CitationSubset>",
        "      <MeshHeadingList>",
        *_mesh(row, chance),
        "      </MeshHeadingList>",
        '      <KeywordList Owner="NOTNLM">',
        *(f'        <Keyword MajorTopicYN="N">{escape(word)}</Keyword>' for word in row["text"].split()[3:8]),
        "      </KeywordList>",
        "    </MedlineCitation>",
        "    <PubmedData>",
        "      <History>",
        *(line for status in ("received", "accepted", "pubmed", "medline") for line in _history(status, year, chance)),
        "      </History>",
        "      <PublicationStatus>ppublish</PublicationStatus>",
        "      <ArticleIdList>",
        f'        <ArticleId IdType="pubmed">{pmid}</ArticleId>',
        f'        <ArticleId IdType="doi">10.99999/made-up.{pmid}</ArticleId>',
        "      </ArticleIdList>",
        *_references(chance),
        "    </PubmedData>",
        "  </PubmedArticle>\n",
    ]
    return "\n".join(lines)


def _some(words: tuple[str, ...], chance: random.Random) -> list[str]:
    return chance.sample(words, chance.randint(1, 2))


def _marked(text: str) -> str:
    """The text as markup, with the raised digits that such titles and abstracts have."""
    return escape(text).replace("m2", "m<sup>2</sup>").replace("10(9)", "10<sup>9</sup>")


def _abstract(row: dict[str, Any]) -> Iterator[str]:
    for label, text in row.get("sections") or [("", row["text"])]:
        attributes = f' Label="{escape(label)}" NlmCategory="{escape(label)}"' if label else ""
        yield f"          <AbstractText{attributes}>{_marked(text)}</AbstractText>"


def _author(chance: random.Random) -> Iterator[str]:
    given = chance.choice(_GIVEN)
    yield '          <Author ValidYN="Y">'
    yield f"            <LastName>{chance.choice(_FAMILIES)}</LastName>"
    yield f"            <ForeName>{given}</ForeName>"
    yield f"            <Initials>{given[0]}</Initials>"
    yield "            <AffiliationInfo>"
    yield f"              <Affiliation>{chance.choice(_PLACES)}.</Affiliation>"
    yield "            </AffiliationInfo>"
    yield "          </Author>"


def _grants(chance: random.Random) -> Iterator[str]:
    if chance.random() < 0.3:
        yield '        <GrantList CompleteYN="Y">'
        yield "          <Grant>"
        yield f"            <GrantID>R01 XX{chance.randint(100000, 999999)}</GrantID>"
        yield "            <Agency>NHLBI NIH HHS</Agency>"
        yield "            <Country>United States</Country>"
        yield "          </Grant>"
        yield "        </GrantList>"


def _mesh(row: dict[str, Any], chance: random.Random) -> Iterator[str]:
    own = tuple(row.get("mesh") or row["text"].split()[10:15])
    for name in (*own, *chance.sample(_MESH, 6)):
        yield "        <MeshHeading>"
        ui = f"D{chance.randint(1, 70_000):06}"
        yield f'          <DescriptorName UI="{ui}" MajorTopicYN="N">{escape(name)}</DescriptorName>'
        if chance.random() < 0.4:
            word = escape(chance.choice(_QUALIFIERS))
            yield f'          <QualifierName UI="Q{chance.randint(1, 900):06}" MajorTopicYN="Y">{word}</QualifierName>'
        yield "        </MeshHeading>"


def _date(name: str, year: int, chance: random.Random, indent: int) -> Iterator[str]:
    space = " " * indent
    yield f"{space}<{name}>"
    yield f"{space}  <Year>{year}</Year>"
    yield f"{space}  <Month>{chance.randint(1, 12):02}</Month>"
    yield f"{space}  <Day>{chance.randint(1, 28):02}</Day>"
    yield f"{space}</{name}>"


def _history(status: str, year: int, chance: random.Random) -> Iterator[str]:
    yield f'        <PubMedPubDate PubStatus="{status}">'
    yield f"          <Year>{year}</Year>"
    yield f"          <Month>{chance.randint(1, 12)}</Month>"
    yield f"          <Day>{chance.randint(1, 28)}</Day>"
    yield "        </PubMedPubDate>"


def _references(chance: random.Random) -> Iterator[str]:
    count = chance.choice((0, 0, 0, 0, 4, 12))
    if count:
        yield "      <ReferenceList>"
        for number in range(count):
            yield "        <Reference>"
            yield f"          <Citation>J Made Up. {chance.randint(1980, 2020)};{number + 1}(2):101-9</Citation>"
            yield "          <ArticleIdList>"
            yield f'            <ArticleId IdType="pubmed">{chance.randint(10**7, 3 * 10**7)}</ArticleId>'
            yield "          </ArticleIdList>"
            yield "        </Reference>"
        yield "      </ReferenceList>"


def measure(count: int) -> Iterator[str]:
    """How fast one process reads `count` citations, and what it needs."""
    data = b"".join(generate(count))
    start = time.process_time()
    read = sum(1 for _ in medline.read(io.BytesIO(data)))
    seconds = time.process_time() - start
    yield f"{read:,} citations, {len(data) / count:,.0f} bytes each, one process"
    yield f"{read / seconds:,.0f} citations a second, {len(data) / seconds / 1e6:,.0f} MB a second (processor time)"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    streamed = sum(1 for _ in medline.read(io.BufferedReader(Stream(generate(2 * count)))))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield f"peak memory grew by {grown:,.0f} MB while {streamed:,} more were streamed"


def main() -> None:
    """Measure, or write a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--write", type=Path, help="also write the figures to this file")
    parser.add_argument("--to", type=Path, help="write the citations here instead (gzip when it ends in .gz)")
    options = parser.parse_args()
    if options.to:
        with gzip.open(options.to, "wb", 6) if options.to.suffix == ".gz" else options.to.open("wb") as file:
            for piece in generate(options.count):
                file.write(piece)
        return
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [*machine(), f"load average before the run {load}", *measure(options.count)]
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
