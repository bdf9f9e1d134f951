"""Marks of references and footnotes, set in brackets so that none is read as part of a number.

"10 mg" with a raised 12 for reference 12 becomes "10 mg[12]"; as "10 mg¹²" it would read as a power, as "10 mg 12
daily" like an amount.
"""

from __future__ import annotations

import re

from lxml import etree

from vademecum.literature.formats.signs import squeeze
from vademecum.literature.formats.text import flat, local_name

_NOTES = frozenset({"bibr", "fn", "table-fn", "aff", "corresp"})
_NUMBERS = re.compile(r"\d+(?:\s*[,;–-]\s*\d+)*")
_LETTERS = re.compile(r"[^\W\d]{1,3}|[*†‡§¶#]{1,3}")
_BETWEEN = re.compile(r"[\s,;–-]*")


def bracket_xrefs(root: etree._Element) -> None:
    """Bracket the marks of a JATS tree in place; those that stand in brackets already are left as printed."""
    for xref in list(root.iter("{*}xref")):
        if xref.get("ref-type") in _NOTES:
            _bracket(xref)


def bracket_links(root: etree._Element) -> None:
    """Bracket the raised links of an SPL tree in place."""
    for link in list(root.iter("{*}linkHtml")):
        raised = next(link.iterancestors("{*}sup"), None)
        if raised is not None:
            _open(raised)


def _bracket(xref: etree._Element) -> None:
    mark = squeeze(flat(xref))
    raised = next(xref.iterancestors("{*}sup"), None)
    if raised is not None:
        _open(raised)
    within = not squeeze(xref.text or "") and any(local_name(child) == "sup" for child in xref)
    bare = raised is None and (within or _stands_bare(xref, mark))
    tail = xref.tail
    xref.clear()
    xref.text, xref.tail = f"[{mark}]" if bare else mark, tail


def _stands_bare(xref: etree._Element, mark: str) -> bool:
    """Nothing around the mark shows that it is one."""
    parent, previous = xref.getparent(), xref.getprevious()
    before = (previous.tail if previous is not None else parent.text if parent is not None else "") or ""
    if before.rstrip().endswith(("[", "(")):
        return False
    if _NUMBERS.fullmatch(mark):
        listed = previous is not None and local_name(previous) == "xref" and _BETWEEN.fullmatch(before)
        return not (listed and previous is not None and not (previous.text or "").startswith("["))
    if not before and previous is not None and isinstance(previous.tag, str):
        before = flat(previous)
    return bool(_LETTERS.fullmatch(mark)) and (before[-1:].isalnum() or before[-1:] in {"%", ".", ")", "]"})


def _open(raised: etree._Element) -> None:
    """A raised run of marks such as 12,14–16, turned into [12,14–16]; a power before it stays a power."""
    power = squeeze(raised.text or "").rstrip(",; ")
    raised.tag = "styled-content"
    raised.text = "["
    if power:
        kept = etree.Element("sup")
        kept.text, kept.tail = power, "["
        raised.text = None
        raised.insert(0, kept)
    raised[-1].tail = (raised[-1].tail or "") + "]"
