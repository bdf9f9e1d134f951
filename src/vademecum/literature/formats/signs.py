"""Single characters that carry meaning: raised and lowered digits, named entities, white space."""

from __future__ import annotations

import re
from html.entities import html5

from vademecum.errors import ImportFileError

_SUPER = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_SUB = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_MAPPED = {"sup": (_SUPER, frozenset("0123456789+-−–=()ni")), "sub": (_SUB, frozenset("0123456789+-−–=()"))}
_MARK = {"sup": "^", "sub": "_"}
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_LETTERS = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")  # Unicode has no raised q
_FOOTNOTE = re.compile(r"[a-pr-z]{1,2}")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def squeeze(text: str) -> str:
    """Runs of breaking white space as one space, ends trimmed. No-break and thin spaces stay as printed."""
    if text.isprintable() and "  " not in text:  # nearly every text of a citation, and much faster to see
        return text.strip()
    return _SPACES.sub(" ", text).strip()


def raised(text: str, which: str, after: str = "") -> str:
    """`text` set above ("sup") or below ("sub") the line, as characters; `after` is what stands before it.

    >>> raised("9", "sup"), raised("2", "sub"), raised("0.75", "sup"), raised("®", "sup")
    ('⁹', '₂', '^(0.75)', '®')

    Words stay on the line, but not where they would follow a number; one or two letters are powers or footnote marks.

    >>> raised("max", "sub", "C"), raised("x", "sup", "10"), raised("th", "sup", "5"), raised("GFP", "sup", "10")
    ('max', 'ˣ', 'th', '^(GFP)')
    """
    table, known = _MAPPED[which]
    if not text:
        return ""
    if all(character in known for character in text):
        return text.translate(table)
    if any(character.isdigit() for character in text):
        return f"{_MARK[which]}({text})"
    if text == "TM":
        return "™"
    if text in _ORDINALS:
        return text
    if which == "sup" and _FOOTNOTE.fullmatch(text):
        return text.translate(_LETTERS)
    fused = after[-1:].isdigit() and any(character.isalpha() for character in text)
    return f"{_MARK[which]}({text})" if fused else text


def entity(name: str) -> str:
    """The characters an undeclared named entity stands for; the names are those of HTML 5, which hold ISO 8879's.

    Raises ImportFileError for an unknown name, since leaving it out could change a number's meaning.
    """
    try:
        return html5[f"{name};"]
    except KeyError:
        raise ImportFileError(f"unknown entity &{name};; write the character itself") from None
