"""Sentences of clinical prose with exact offsets.

A full stop ends a sentence less often than it seems: "i.v.", "E. coli", "vs. placebo", "Dr. Smith", "Fig. 2". The
splitter prefers a sentence that is too long over one that is cut, since a cut sentence can lose its "not".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MARK = re.compile(r"[.?!…\n\u2028\u2029]")
_CLOSERS = re.compile(r"[\"'”’)\]]*(?:\[\d[\d,–-]*\])?(?=\s)")
_MISSING_BLANK = re.compile(r"[A-Z][a-z]+ ")
"""A mark, what may close behind it before white space, and how a sentence goes on where the blank is missing."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEXT_WORD = re.compile(r"[\s\"'“‘(\[*_•·]*([^\s,;:.()\[\]]*)")
_NEVER = _words(
    "e.g i.e eg ie vs cf ca viz dr mr mrs ms prof st approx resp incl excl esp subsp ssp var cv inc. i.e., c.f"
)
"""Abbreviations that always lean on the word after them."""

_BEFORE_NUMBER = _words(
    "fig figs no nos vol vols p pp eq eqs ref refs tab tabs sec sect ch chap art para suppl appx app ed ser n"
)
"""Abbreviations only when a number follows: "Fig. 2", but "the answer was no. We"."""

_SOMETIMES = _words(
    "al etc spp sp u.s u.k u.s.a ph.d m.d i.v i.m s.c p.o p.r b.i.d t.i.d q.i.d q.d q.o.d p.r.n o.d b.d t.d.s n.s "
    "a.m p.m w.k i.p i.c.v s.d s.e s.e.m c.i r.r o.r h.r w.w inc ltd co corp bros dept univ jan feb mar apr jun jul "
    "aug sep sept oct nov dec max min hr hrs wk wks mo mos yr yrs sec secs tab tabs cap caps inj sol med nat am clin "
    "jr sr phd md mt ft obs temp conc avg wt vol diff dil exp est"
)
"""Abbreviations that may end a sentence: they do when the next word is one that opens sentences."""

_OPENERS = _words(
    "the a an in on at of for from by with without within we our this these those that there their they it its he she "
    "his her all no none both each most many some several after before during when while although however moreover "
    "furthermore thus therefore hence conversely overall finally among between compared compare as to if patients "
    "results conclusion conclusions methods background objective objectives aim aims data one two three four five six "
    "seven eight nine ten only other another using here also additionally similarly because since such subsequent "
    "subjects participants women men children mean median treatment n not mortality significant do use take give "
    "consider avoid monitor discontinue administer adjust reduce start initiate"
)
_LETTER_NAMES = _words(
    "vitamin vitamins hepatitis type group groups class grade factor arm phase protein level category part "
    "cohort study "
    "table influenza drug stage genotype serotype panel model apolipoprotein score child pugh levels and or"
)
"""Words a single letter belongs to: "vitamin D. The"."""

_LIST_ITEM = re.compile(r"[ \t]*(?:[•·●○▪■◦#|>]|[-*–—]\s|\(?(?:\d{1,2}|[a-z])[.)]\s+[A-Z])")
_SPACE = " \t\r\n\f\v\u00a0\u2028\u2029"
_MARKS = _SPACE + "•●·■▪○◦*"
_SHORT_LINE = 40  # characters; a line this short before a capital is a heading or the end of a paragraph


def sentences(text: str, start: int = 0, end: int | None = None, *, lines: bool = False) -> Iterator[tuple[int, int]]:
    """Spans of the sentences in `text[start:end]`, in order, without the white space around them.

    With `lines` every line break ends a sentence (labels keep lists that way); otherwise only a blank line, a line
    that begins a list item, or a line that ends like a sentence does.
    """
    stop = len(text) if end is None else end
    at = start
    for match in _MARK.finditer(text, start, stop):
        mark = match.start()
        if mark < at:
            continue
        if match[0] in _BREAKS:
            after = mark + 1 if lines or _line_ends(text, mark, stop) else None
        else:
            after = _behind(text, at, mark, stop)
        if after is not None:
            yield from _trimmed(text, at, after)
            at = after
    yield from _trimmed(text, at, stop)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip(_MARKS))
    right = len(piece.rstrip(_SPACE))
    if right > left:
        yield start + left, start + right


def _line_ends(text: str, at: int, stop: int) -> bool:
    following = text[at + 1 : at + 2]
    if following in ("", "\n", "\r") or at + 1 >= stop or text[at - 1 : at] in ("\n", ""):
        return True
    if _LIST_ITEM.match(text, at + 1) is not None:
        return True
    line_start = text.rfind("\n", 0, at) + 1
    if at - line_start >= _SHORT_LINE or not following.isupper():
        return False
    line = text[line_start:at].strip(_MARKS)
    return bool(line) and line[-1] != "," and line.count("(") <= line.count(")")


_BREAKS = "\n\u2028\u2029"


def _behind(text: str, start: int, mark: int, stop: int) -> int | None:
    """Where a sentence that began at `start` ends if it ends with the mark at `mark`."""
    following = text[mark + 1 : mark + 2]
    if following.isdigit() or following.islower():
        return None
    if following.isspace():
        after = mark + 1
    elif (closed := _CLOSERS.match(text, mark + 1)) is not None:
        after = closed.end()
    elif text[mark] == "." and _MISSING_BLANK.match(text, mark + 1) and _may_miss_blank(text[mark - 1 : mark]):
        after = mark + 1
    else:
        return None
    if after >= stop:
        return None
    ends = _stop_ends(text, start, mark, after) if text[mark] == "." else not _opens_lower(text, after)
    return after if ends else None


def _may_miss_blank(before: str) -> bool:
    return before.islower() or before.isdigit() or before in (")", "%", "]")


def _opens_lower(text: str, at: int) -> bool:
    word = _next_word(text, at)
    return bool(word) and word.islower() and word.isalpha()


def _stop_ends(text: str, start: int, dot: int, after: int) -> bool:
    """Whether the full stop at `dot` ends a sentence that began at `start`."""
    following = _next_word(text, after)
    if following and following[0].islower() and following.isalpha() and following == following.lower():
        return False
    words = text[max(start, dot - 30) : dot].split()
    before = words[-1].rpartition("/")[2].lstrip('(["“‘') if words and not text[dot - 1].isspace() else ""
    if not before:
        return True
    word = before.lower()
    opens = following.lower() in _OPENERS and not following.islower()
    if word in _NEVER:
        return False
    if word in _BEFORE_NUMBER and following[:1].isdigit():
        return False
    if word in _SOMETIMES or ("." in word and word.replace(".", "").isalpha() and len(word) <= 7):
        return opens
    if len(before) == 1 and before.isupper():
        return opens or _names_a_letter(text, start, dot - 1)
    return True


def _names_a_letter(text: str, start: int, letter: int) -> bool:
    words = text[max(start, letter - 24) : letter].lower().split()
    return bool(words) and words[-1].strip("(,") in _LETTER_NAMES


def _next_word(text: str, at: int) -> str:
    match = _NEXT_WORD.match(text, at)
    return match[1] if match else ""
