"""MathML and TeX on one line, with powers, indices and fractions still what they were: x², p_(R), (a)/(b)."""

from __future__ import annotations

import re

from lxml import etree

from vademecum.literature.formats.signs import entity, raised, squeeze

_SILENT = {"\u2061": "", "\u2062": "·", "\u2063": ",", "\u2064": "+"}  # function application, times, comma, plus
_LEFT_OUT = frozenset({"annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark"})
_TEX_BODY = re.compile(r"\\begin\{document\}(.*)\\end\{document\}", re.DOTALL)
_SIMPLE = re.compile(r"[^\W_]+(?:\.\d+)?")


def math_text(element: etree._Element) -> str:
    """One formula as text."""
    return squeeze(_row(element))


def tex_text(tex: str) -> str:
    """The formula inside a TeX document (PMC wraps each formula in one), without its dollar signs."""
    body = _TEX_BODY.search(tex)
    return squeeze(body[1] if body else tex).strip("$ ")


def _row(element: etree._Element) -> str:
    """The parts one after another; white space between elements is layout, not text."""
    parts = [element.text or ""] if not len(element) or (element.text or "").strip() else []
    for child in element:
        if isinstance(child, etree._Entity):
            parts.append(entity(child.name or ""))
        elif isinstance(child.tag, str):
            parts.append(_one(child))
        if child.tail and child.tail.strip():
            parts.append(child.tail)
    return "".join(_SILENT.get(character, character) for character in "".join(parts))


def _one(element: etree._Element) -> str:
    name = etree.QName(element).localname
    if name in _LEFT_OUT:
        return ""
    if name == "mspace":
        return " "
    if name == "msqrt":
        return f"√({squeeze(_row(element))})"
    if name not in _SCRIPTS and name not in {"mfrac", "mroot", "mfenced", "mmultiscripts"}:
        return f"{_row(element)} " if name in {"mtr", "mtd", "mlabeledtr"} else _row(element)
    if name == "mmultiscripts":
        return _multiscripts(element)
    parts = [squeeze(_one(child)) for child in element if isinstance(child.tag, str)]
    if name == "mfenced":
        comma = (element.get("separators", ",").strip() or " ")[0]
        return element.get("open", "(") + f"{comma} ".join(parts) + element.get("close", ")")
    if name in _SCRIPTS and len(parts) == len(_SCRIPTS[name]) + 1:
        return parts[0] + "".join(map(_script, parts[1:], _SCRIPTS[name]))
    if name == "mfrac" and len(parts) == 2:
        return "/".join(map(_grouped, parts))
    if name == "mroot" and len(parts) == 2:
        return f"{_script(parts[1], 'sup')}√({parts[0]})"
    return " ".join(parts)


def _multiscripts(element: etree._Element) -> str:
    """Scripts on both sides: pairs of index and power after the base, and before it behind `mprescripts`: ³He."""
    sides: list[list[str]] = [[], []]
    side = 0
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "mprescripts":
            side = 1
        elif name:
            sides[side].append("" if name == "none" else squeeze(_one(child)))
    (base, *after), before = sides[0] or [""], sides[1]
    scripts = ["".join(map(_script, marks, ("sub", "sup") * len(marks))) for marks in (before, after)]
    return scripts[0] + base + scripts[1]


_SCRIPTS = {
    "msup": ("sup",),
    "msub": ("sub",),
    "msubsup": ("sub", "sup"),
    "munder": ("sub",),
    "mover": ("sup",),
    "munderover": ("sub", "sup"),
}


def _script(text: str, which: str) -> str:
    """A power or index; always marked, since in a formula a letter on the line would be a factor."""
    if not text:
        return ""
    small = raised(text, which)
    return f"{'^' if which == 'sup' else '_'}({text})" if small == text else small


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"
