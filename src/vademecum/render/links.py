"""Where a reference may point: an address is built from a checked identifier or is plain http(s), or there is none."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from vademecum.answer.article import Reference
from vademecum.render.inline import clean

_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"]+")
_PMID = re.compile(r"\d{1,9}")
_ADDRESS_SAFE = "/:?#@!$&'*+,;=~%-._"  # of RFC 3986, without brackets and parentheses, which markup gives a meaning


class Span(NamedTuple):
    """A stretch of a reference; `address` when it links."""

    text: str
    address: str | None = None


def doi_address(doi: str | None) -> str | None:
    if doi is None or not _DOI.fullmatch(doi):
        return None
    return f"https://doi.org/{quote(doi, safe='/:;._-')}"


def pmid_address(pmid: str | None) -> str | None:
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid is not None and _PMID.fullmatch(pmid) else None


def web_address(url: str | None) -> str | None:
    """`url`, percent-encoded, when it is http or https with a host and without a user name; else None."""
    if url is None or url != clean(url) or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    return quote(url, safe=_ADDRESS_SAFE)


def reference_spans(reference: Reference) -> tuple[Span, ...]:
    """The reference's text with its identifiers as links; an identifier that the text lacks follows it."""
    text = clean(reference.text)
    shown = (
        (f"doi:{reference.doi}", doi_address(reference.doi)),
        (f"PMID: {reference.pmid}", pmid_address(reference.pmid)),
        (reference.url or "", web_address(reference.url)),
    )
    spans = [Span(text)]
    after: list[Span] = []
    for label, address in shown:
        if address is None:
            continue
        found = [part for span in spans for part in _split(span, label, address)]
        if len(found) == len(spans) and not any(span.address == address for span in found):
            name = label if label != reference.url else urlsplit(address).netloc
            after.extend((Span(" "), Span(name, address)))
        spans = found
    return (*spans, *after)


def _split(span: Span, label: str, address: str) -> tuple[Span, ...]:
    """`span` with `label`, where it holds it, as a link of its own."""
    if span.address is not None or label not in span.text:
        return (span,)
    before, _, after = span.text.partition(label)
    return tuple(part for part in (Span(before), Span(label, address), Span(after)) if part.text)
