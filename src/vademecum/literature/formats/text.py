"""Readable text out of markup, without losing what carries meaning.

A superscript that is dropped turns 10⁹ into 109; an entity that is dropped turns "if eGFR ≤ 30" into nonsense; two
lines of a cell that are run together turn 10 and 20 into 1020. All are kept apart, with Unicode characters where
Unicode has them.
"""

from __future__ import annotations

from collections.abc import Container

from lxml import etree

from vademecum.literature.formats.mathml import math_text, tex_text
from vademecum.literature.formats.signs import entity, raised, squeeze

__all__ = ["IMAGE", "entity", "flat", "inline", "local_name", "raised", "squeeze", "text_of"]

IMAGE = "[image]"  # stands where the file has only a picture, of a formula or a sign
_APART = frozenset({
    "p", "paragraph", "break", "br", "title", "label", "caption", "list", "list-item", "item", "def", "term",
    "def-item", "sec", "td", "th", "tr", "fn", "disp-formula", "DispFormula", "disp-quote", "table",
})  # fmt: skip
_UNDERLINED = {"<": "≤", ">": "≥", "+": "±"}  # how some typesetters make these signs
_MATH = frozenset({"math", "tex-math"})
_UNSEEN = frozenset({"alt-text", "long-desc", "index-term", "glyph-data"})
_PICTURES = frozenset({"inline-graphic", "graphic"})


def text_of(element: etree._Element, skip: Container[str] = ()) -> str:
    """The text inside an element with raised and lowered parts kept; elements named in `skip` are left out."""
    if not len(element):
        return squeeze(element.text or "")
    pieces: list[str] = []
    _walk(element, skip, pieces)
    return squeeze("".join(pieces))


def inline(child: etree._Element, out: list[str], skip: Container[str] = ()) -> None:
    """Append the text of one child, without its tail."""
    name = local_name(child)
    if not name:
        if isinstance(child, etree._Entity):
            out.append(entity(child.name or ""))
    elif name in skip or name in _UNSEEN:
        return
    elif name in {"sup", "sub"}:
        inner: list[str] = []
        _walk(child, skip, inner)
        out.append(raised(squeeze("".join(inner)), name, out[-1] if out else ""))
    elif name in _MATH:
        out.append(math_text(child) if name == "math" else tex_text(flat(child)))
    elif name in {"alternatives", "inline-formula"}:
        _preferred(child, skip, out)
    elif (name in {"underline", "u"} or "underline" in child.get("styleCode", "")) and not len(child):
        printed = child.text or ""
        out.append(_UNDERLINED.get(printed.strip(), printed))
    elif name in _PICTURES:
        alternative = next((text_of(part) for part in child if local_name(part) == "alt-text"), "")
        out.append(alternative or IMAGE)
    elif name in _APART:
        out.append(" ")
        _walk(child, skip, out)
        out.append(" ")
    else:
        _walk(child, skip, out)


def flat(element: etree._Element) -> str:
    """The characters inside an element as they stand, without regard to where they are set."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child, etree._Entity):
            parts.append(entity(child.name or ""))
        elif isinstance(child.tag, str):
            parts.append(flat(child))
        parts.append(child.tail or "")
    return "".join(parts)


def local_name(element: etree._Element) -> str:
    """The tag without its namespace; comments and processing instructions give an empty name."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _walk(element: etree._Element, skip: Container[str], out: list[str]) -> None:
    if element.text:
        out.append(element.text)
    for child in element:
        inline(child, out, skip)
        if child.tail:
            out.append(child.tail)


def _preferred(element: etree._Element, skip: Container[str], out: list[str]) -> None:
    """Of several forms of one thing the one that is text: MathML, then TeX, then whatever is not a picture."""
    children = {local_name(child): child for child in reversed(element)}
    for name in ("math", "tex-math"):
        if name in children:
            return inline(children[name], out, skip)
    if local_name(element) == "inline-formula":
        return _walk(element, skip, out)
    words = [child for name, child in children.items() if name and name not in _PICTURES]
    for child in words[-1:] or list(children.values())[-1:]:
        inline(child, out, skip)
    return None
