"""HTML and fragments of it as text: blocks apart, raised and lowered parts kept, nothing fetched or run."""

from __future__ import annotations

import html
import re
from html.entities import html5, name2codepoint

from lxml import etree
from lxml.html import HtmlElement, HTMLParser
from lxml.html import document_fromstring as _document
from lxml.html.defs import tags as html_tags

from vademecum.errors import ImportFileError
from vademecum.literature.formats import tables
from vademecum.literature.formats.text import inline, local_name, raised, squeeze

BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("html", "legend", "li", "main", "nav", "ol", "option", "p", "paragraph", "pre", "section", "summary"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "br"),
    }
)
NOT_TEXT = frozenset(
    {
        *("applet", "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "frame", "frameset", "input"),
        *("link", "meta", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title"),
        *("video", "source", "track", "param", "map", "area", "base"),
    }
)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_TAG = re.compile(r"<(?![!?])/?([A-Za-z][\w:.-]*|)")
_MATH = (
    *("math", "mi", "mn", "mo", "ms", "mrow", "mtext", "mfrac", "msqrt", "mroot", "msup", "msub", "msubsup", "mover"),
    *("munder", "munderover", "mtable", "mtr", "mtd", "mfenced", "mspace", "mstyle", "mpadded", "menclose", "mphantom"),
    *("merror", "mglyph", "mlabeledtr", "maction", "maligngroup", "malignmark", "mmultiscripts", "mprescripts"),
    *("semantics", "annotation"),
)
_KNOWN = BLOCKS | NOT_TEXT | html_tags | frozenset(_MATH) | {"svg", "bdi", "mark", "ruby", "rt", "rp", "time", "wbr"}
_INLINE = "abbr|b|bold|br|div|em|h[1-6]|i|italic|li|math|m[a-z]+|ol|p|s|sc|sec|small|span|strong|sub|sup|tt|title|u|ul"
_STRAY = re.compile(rf"<(?!/?(?:jats:|mml:)?(?:{_INLINE})\b[^<>]*>)", re.IGNORECASE)  # "x<y" in a fragment is text


def document(text: str, *, comments: bool = False) -> HtmlElement:
    """The root of a whole page or a fragment. Raises ImportFileError for what is empty or too deep to be read whole."""
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=not comments, remove_pis=True)
    try:
        root = _document(_TAG.sub(_tag, _NAMED.sub(_entity, text)).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise ImportFileError(f"not readable as HTML: {error}") from None
    for entry in parser.error_log:
        if "RESOURCE_LIMIT" in (entry.type_name or ""):  # libxml2 stops here without raising: the rest would be lost
            raise ImportFileError(f"line {entry.line}: not readable as HTML: {entry.message.partition(',')[0].strip()}")
    return root


def plain(fragment: str) -> str:
    """A short stretch of HTML as one line of text.

    >>> plain("<h4>Results</h4>10<sup>9</sup>/L, P&le;0.05, x<y <5")
    'Results 10⁹/L, P≤0.05, x<y <5'
    """
    if "<" not in fragment and "&" not in fragment:
        return squeeze(fragment)
    return words(document(f"<div>{_STRAY.sub('&lt;', fragment)}</div>"))


def words(element: etree._Element) -> str:
    """The text inside an element, on one line."""
    pieces: list[str] = []
    _walk(element, pieces)
    return squeeze("".join(pieces))


def table_rows(markup: str) -> tables.Lines | None:
    """The rows of a table given as HTML or as SPL's XML, each value with its headings; None when there is no table."""
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
        root: etree._Element = etree.fromstring(_NAMED.sub(_entity, markup).encode(), parser)
        if root.getroottree().docinfo.internalDTD is not None:
            raise ImportFileError("a table with a document type; it is refused")
    except etree.XMLSyntaxError:
        root = document(markup)
    table = root if local_name(root) == "table" else root.find(".//table")
    return None if table is None else tables.lines(table, words)


def _walk(element: etree._Element, out: list[str]) -> None:
    if element.text:
        out.append(element.text)
    for child in element:
        name = local_name(child)
        if name in BLOCKS:
            out.append(" ")
            _walk(child, out)
            out.append(" ")
        elif name in {"sup", "sub"}:
            inner: list[str] = []
            _walk(child, inner)
            out.append(raised(squeeze("".join(inner)), name, out[-1] if out else ""))
        elif name == "math":
            inline(child, out)
        elif name == "img":
            out.append(f" [image: {squeeze(child.get('alt') or '')}] " if squeeze(child.get("alt") or "") else "")
        elif name == "q":
            out.append("“")
            _walk(child, out)
            out.append("”")
        elif name and name not in NOT_TEXT:
            _walk(child, out)
        if child.tail:
            out.append(child.tail)


def _entity(match: re.Match[str]) -> str:
    """A named entity of HTML 5 that libxml2, which knows those of HTML 4, would leave as it stands."""
    name = match[1]
    if name in name2codepoint or f"{name};" not in html5:
        return match[0]
    return html.escape(html5[f"{name};"])


def _tag(match: re.Match[str]) -> str:
    """A "<" that starts no known tag is text: "CD4<350", "x<y and"."""
    name = match[1].lower()
    known = name in _KNOWN or ("-" in name or ":" in name)
    return match[0] if known else f"&lt;{match[0][1:]}"
