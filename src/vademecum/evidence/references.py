"""Reference lists and exports: a `Source` as CSL-JSON, Vancouver text, RIS or BibTeX.

Nothing is added on the way: a field the record lacks is absent from every format. Citation and export libraries
are imported inside the functions, so importing this module costs nothing.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from vademecum.errors import UsageError
from vademecum.evidence.model import Source, SourceType

if TYPE_CHECKING:
    from bibtexparser.model import Entry

CslItem = dict[str, Any]
"""One CSL-JSON item, as other programs read and write it."""

ET_AL = "et al."

# Authors are recorded as "Family GG" or as the name of a body.
_PERSON = re.compile(r"(?P<family>\S.*[^\W\d_].*) (?P<initials>[^\W\d_]{1,5})")
_BODY_WORDS = re.compile(
    r"\b(agency|association|authority|board|body|cent(?:re|er)s?|coalition|college|committee|council|department"
    r"|foundation|group|guidance|health|hospitals?|institutes?|investigators|label|ministry|network|office"
    r"|organi[sz]ation|panel|program(?:me)?|service|society|task force|team|trust|union|university)\b",
    re.IGNORECASE,
)
_WEB_SITE = re.compile(r"[\w-]+(\.[\w-]+)+(/\S*)?")
_NEVER_ARTICLES = (SourceType.LABEL, SourceType.REFERENCE_PAGE, SourceType.PROTOCOL)
_PAGE_RANGE = re.compile(r"(?P<first>\w+)[-–](?P<last>\w+)")


def _is_person(name: str, source: Source) -> bool:
    found = _PERSON.fullmatch(name)
    if found is None or name == source.body or _BODY_WORDS.search(name):
        return False
    return found["initials"].isupper() and not found["family"].isupper()


def _csl_name(name: str, source: Source) -> dict[str, str]:
    """A person as family and given name; a body, and a closing "et al.", as a literal."""
    found = _PERSON.fullmatch(name)
    if found is None or not _is_person(name, source):
        return {"literal": name}
    return {"family": found["family"], "given": " ".join(f"{initial}." for initial in found["initials"])}


def _csl_type(source: Source) -> str:
    """An article when it sits in a journal or has its identifiers; otherwise a web page, or a document without one."""
    in_journal = source.container is not None and not _WEB_SITE.fullmatch(source.container)
    if source.type not in _NEVER_ARTICLES and (in_journal or source.doi or source.pmid):
        return "article-journal"
    return "webpage" if source.url else "document"


def csl_item(source: Source) -> CslItem:
    """The record as a CSL-JSON item; its id is the source key."""
    kind = _csl_type(source)
    publisher = source.body if kind != "article-journal" and source.body not in source.authors else None
    fields: Mapping[str, Any] = {
        "title": source.title,
        "author": [_csl_name(name, source) for name in source.authors],
        "container-title": source.container,
        "publisher": publisher,
        "volume": source.volume,
        "issue": source.issue,
        "page": source.pages,
        "issued": {"date-parts": [[source.year]]} if source.year is not None else None,
        "DOI": source.doi,
        "PMID": source.pmid,
        "URL": source.url,
    }
    return {"id": source.key, "type": kind} | {name: value for name, value in fields.items() if value}


def to_csl_json(sources: Iterable[Source]) -> str:
    """A CSL-JSON array."""
    return json.dumps([csl_item(source) for source in sources], ensure_ascii=False, indent=2) + "\n"


# --- plain text ------------------------------------------------------------------------------------------

# Written for this program after the NLM's examples for the Vancouver style: all authors as recorded, no number
# in front, an article without a DOI or PMID gets its address.
_VANCOUVER = """\
<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
  <info><title>Vancouver</title><id>vademecum-vancouver</id><updated>2025-01-01T00:00:00Z</updated></info>
  <locale><terms><term name="page-range-delimiter">-</term></terms></locale>
  <macro name="address"><text variable="URL" prefix="Available from: "/></macro>
  <macro name="year"><date variable="issued"><date-part name="year"/></date></macro>
  <macro name="place">
    <group>
      <group delimiter=";">
        <text macro="year"/>
        <group>
          <text variable="volume"/>
          <text variable="issue" prefix="(" suffix=")"/>
        </group>
      </group>
      <choose>
        <if variable="issued volume issue" match="any"><text variable="page" prefix=":"/></if>
        <else><text variable="page"/></else>
      </choose>
    </group>
  </macro>
  <citation><layout><text variable="citation-number"/></layout></citation>
  <bibliography>
    <layout>
      <group delimiter=". " suffix=".">
        <names variable="author">
          <name name-as-sort-order="all" sort-separator=" " initialize-with="" delimiter=", "
                delimiter-precedes-last="always"/>
        </names>
        <choose>
          <if type="webpage"><text variable="title" suffix=" [Internet]"/></if>
          <else><text variable="title"/></else>
        </choose>
        <choose>
          <if type="article-journal">
            <group delimiter=". "><text variable="container-title"/><text macro="place"/></group>
          </if>
          <else>
            <group delimiter="; ">
              <choose>
                <if variable="container-title"><text variable="container-title"/></if>
                <else><text variable="publisher"/></else>
              </choose>
              <text macro="year"/>
            </group>
          </else>
        </choose>
      </group>
      <text variable="DOI" prefix=" doi:" suffix="."/>
      <text variable="PMID" prefix=" PMID: " suffix="."/>
      <choose>
        <if type="article-journal">
          <choose><if variable="DOI PMID" match="none"><text macro="address" prefix=" "/></if></choose>
        </if>
        <else><text macro="address" prefix=" "/></else>
      </choose>
    </layout>
  </bibliography>
</style>
"""

_STYLES = {"vancouver": _VANCOUVER}


def render_references(sources: Sequence[Source], style: str = "vancouver") -> tuple[str, ...]:
    """One plain-text reference a source, in the given order, without numbers."""
    if style not in _STYLES:
        raise UsageError(f"no reference style {style!r}; known: {', '.join(sorted(_STYLES))}")
    if not sources:
        return ()
    # The processor folds ids to lower case, so positions stand in for the keys.
    items = [csl_item(source) | {"id": str(position)} for position, source in enumerate(sources)]
    for item in items:
        if "page" in item:
            item["page"] = _short_range(item["page"])
    return tuple(_tidy(text) for text in _process(items, _STYLES[style]))


def _process(items: Sequence[CslItem], style: str) -> list[str]:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
    from citeproc.source.json import CiteProcJSON

    parsed = CitationStylesStyle(io.BytesIO(style.encode()), validate=False)
    bibliography = CitationStylesBibliography(parsed, CiteProcJSON(items), formatter.plain)
    for item in items:
        bibliography.register(Citation([CitationItem(item["id"])]))
    return [str(text) for text in bibliography.bibliography()]


def _short_range(pages: str) -> str:
    """Write "1760-1768" as "1760-8". The processor's own shortening loses digits when the ends differ in length."""
    found = _PAGE_RANGE.fullmatch(pages)
    if found is None or len(found["first"]) != len(found["last"]) or found["first"] == found["last"]:
        return pages
    first, last = found["first"], found["last"]
    shared = next(index for index, (left, right) in enumerate(zip(first, last, strict=True)) if left != right)
    return f"{first}-{last[shared:]}"


def _tidy(text: str) -> str:
    """A title that ends in "?" or "!" needs no full stop after it."""
    return re.sub(r"([?!])\.(?= |$)", r"\1", text).strip()


# --- RIS -------------------------------------------------------------------------------------------------

_RIS_TYPES = {"article-journal": "JOUR", "webpage": "ELEC", "document": "GEN"}


def to_ris(sources: Iterable[Source]) -> str:
    """RIS records, which every reference manager reads. RIS has no "et al.": a note says the list is cut."""
    import rispy

    text: str = rispy.dumps([_ris(source) for source in sources])
    return re.sub(r"^\d+\.\n(?=TY  - )", "", text, flags=re.MULTILINE)  # rispy numbers the records, RIS does not


def _ris(source: Source) -> dict[str, Any]:
    item = csl_item(source)
    first, last = _page_ends(source.pages)
    fields: Mapping[str, Any] = {
        "authors": [_inverted(name) for name in item.get("author", []) if name.get("literal") != ET_AL],
        "title": source.title,
        "secondary_title": source.container,
        "publisher": item.get("publisher"),
        "volume": source.volume,
        "number": source.issue,
        "start_page": first,
        "end_page": last,
        "year": None if source.year is None else str(source.year),
        "doi": source.doi,
        "accession_number": source.pmid,
        "name_of_database": "PubMed" if source.pmid else None,
        "urls": [source.url] if source.url else None,
        "notes": ["The record names only the first authors (et al.)."] if ET_AL in source.authors else None,
    }
    given = {name: _on_one_line(value) for name, value in fields.items() if value}
    return {"type_of_reference": _RIS_TYPES[item["type"]], "id": source.key} | given


def _on_one_line(value: str | list[str]) -> str | list[str]:
    """A line break inside a value would start a new RIS field."""
    return " ".join(value.split()) if isinstance(value, str) else [" ".join(part.split()) for part in value]


def _inverted(name: Mapping[str, str]) -> str:
    return name["literal"] if "literal" in name else f"{name['family']}, {name['given']}"


def _page_ends(pages: str | None) -> tuple[str | None, str | None]:
    found = _PAGE_RANGE.fullmatch(pages or "")
    return (found["first"], found["last"]) if found else (pages, None)


# --- BibTeX ----------------------------------------------------------------------------------------------

_TEX = str.maketrans(
    {character: "\\" + character for character in "&%$#_"}
    | {
        "{": r"\ensuremath{\lbrace}",  # BibTeX would count an escaped brace
        "}": r"\ensuremath{\rbrace}",
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


def to_bibtex(sources: Iterable[Source]) -> str:
    """BibTeX in UTF-8. Titles keep their capitals; DOI and address stay verbatim, as BibLaTeX wants them."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library

    return write_string(Library([_bibtex(source) for source in sources]))


def _bibtex(source: Source) -> Entry:
    from bibtexparser.model import Entry, Field

    item = csl_item(source)
    is_article = item["type"] == "article-journal"
    fields: Mapping[str, str | None] = {
        "author": " and ".join(_bibtex_name(name) for name in item.get("author", [])),
        "title": "{" + source.title.translate(_TEX) + "}",
        "journal" if is_article else "howpublished": _escaped(source.container),
        "publisher": _escaped(item.get("publisher")),
        "volume": _escaped(source.volume),
        "number": _escaped(source.issue),
        "pages": _escaped(_PAGE_RANGE.sub(r"\g<first>--\g<last>", source.pages or "")),
        "year": None if source.year is None else str(source.year),
        "doi": source.doi,
        "pmid": source.pmid,
        "url": source.url,
    }
    kept = [Field(name, value) for name, value in fields.items() if value]
    return Entry("article" if is_article else "misc", source.key, kept)


def _bibtex_name(name: Mapping[str, str]) -> str:
    """BibTeX spells a cut list "and others"; braces keep the name of a body in one piece."""
    if name.get("literal") == ET_AL:
        return "others"
    return "{" + name["literal"].translate(_TEX) + "}" if "literal" in name else _inverted(name).translate(_TEX)


def _escaped(text: str | None) -> str | None:
    return text.translate(_TEX) if text else None


EXPORTS: Mapping[str, Callable[[Iterable[Source]], str]] = {
    "csl-json": to_csl_json,
    "ris": to_ris,
    "bibtex": to_bibtex,
}
"""The export formats by name."""
