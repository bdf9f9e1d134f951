"""Index tokens of biomedical English: one function for texts and for questions.

A run of characters between spaces is read once and remembered, so that a text costs one dictionary look-up a word.
Compounds are kept whole (joined, so that "TNF-alpha", "TNF-α" and "TNFα" are one token) and in their parts. A raised
digit never joins a number: 10⁹ is "10^9", not "109".
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from sys import intern

import tantivy

from vademecum.evidence.terms import american

ANALYSER = "1"
"""Changes whenever a text could give other tokens than before; an index of another analyser is rebuilt."""

_STOP_WORDS = """
a about after again all also although am among an and any are as at be because been before being between both but by
can could did do does doing done during each either for from further get give given had has have having he her here
hers him his how i if in into is it its itself just may me might more most must my neither no nor not of off on once
only or other our ours out over own per same she should since so some still such than that the their theirs them then
there therefore these they this those through thus to too under until up upon us use used using very via was we were
what when where whether which while who whom whose why will with within without would yet you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
_NAMES_LIKE_STOP_WORDS = frozenset(
    ["WHO", "US", "ALL", "IT", "A"]
)  # an organisation, a country, a leukaemia, a vitamin

_RAISED = {ord(c): f"^{p}" for c, p in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ", "0123456789+-ni", strict=True)}
_LOWERED = {ord(c): p for c, p in zip("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+-", strict=True)}
_GREEK_WORDS = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon
phi chi psi omega
"""
_GREEK = {ord(c): f"~{name}~" for c, name in zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_WORDS.split(), strict=True)}
_SIGNS = {ord(c): " " for c in "™®©℠ªº�"} | {ord(c): "-" for c in "‐‑‒–—―−"} | {ord(c): "'" for c in "’‘ʼ′"}
_SIGNS |= {ord("·"): ".", ord("×"): " ", ord("†"): " ", ord("‡"): " ", ord("ß"): "ss", ord("ı"): "i"}
_SIGNS |= {ord(c): f" {unicodedata.normalize('NFKC', c).replace('⁄', '/')} " for c in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
_INVISIBLE = {ord(c): None for c in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_FOLDED = _RAISED | _LOWERED | _SIGNS | _INVISIBLE

_UNIT = r"(?:mg|g|kg|mcg|[uµμn]g|m[lL]|[µμ]?[lL]|dL|dl|mmol|[uµμ]mol|nmol|IU|U|mEq|mm|cm|Gy|Hz|kcal|mmHg|%)"
_GAP = "[ \u00a0\u2009\u202f]"
_BEFORE_UNIT = rf"(?={_UNIT}(?![A-Za-z]))"
_AMOUNT = rf"(?<=[0-9].)(?<![A-Za-z/]..){_BEFORE_UNIT}"
_NUMBERED_NAME = (  # of "IL 6 mg" the amount is kept
    rf"(?<=[A-Z][A-Z0-9][ \u00a0])(?=(?:[0-9]{{1,2}}(?!{_GAP}{_BEFORE_UNIT})|alpha|beta|gamma|[αβγκ])"
    r"(?![\w.,%/~^⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻-]))"
)
# One pass over the text: what comes before is looked at last, since a search for plain characters is the fastest.
_BOUND = re.compile(rf"[A-Z0-9]{_GAP}(?:{_AMOUNT}|{_NUMBERED_NAME})")
_MICRO = re.compile(r"(?:µ|μ)(?=(?:g|l|L|m|M|mol|mol/L|U|Ci)(?![a-z]))|(?<![a-z])u(?=(?:g|mol)(?![a-z]))")

_RAISED_RUN = re.compile(r"\^([0-9+\-ni^]+)")
_PIECE = re.compile(r"[a-z0-9.,'+%/\-~^&]+")
_OPENING = "([{\"'“"
_CLOSING = ".,;:)]}\"'”?!"
_EDGE = ".,'+-/~^&%"
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_AMOUNT_RUN = re.compile(r"([0-9]+(?:[.,][0-9]+)*)[~-]?([a-z%]+)((?:[/^].*)?)")
_NAMED_GREEK = re.compile(r"([a-z]{2,5}[0-9]{0,2}|[0-9]{1,2})(alpha|beta|gamma|delta|kappa)")
_JOINT = re.compile(r"[-/~&'+^%]+|,(?![0-9]{3}(?![0-9]))|\.(?![0-9])|(?<![0-9])\.")
_PART = re.compile(r"[-/~&.,'+^%]+")
_LENGTHS = frozenset(["m", "cm", "mm", "dm", "km", "kg", "s"])
_UNIT_WORDS = "mg g kg mcg ng ml l dl mcl mmol mcmol nmol iu u meq mm cm gy hz kcal mmhg %"
_UNITS = frozenset(_UNIT_WORDS.split())
_LATIN = frozenset(["e.g", "i.e"])
_LONGEST = 60  # characters of a token: longer ones are sequences or addresses, and nobody types them


class _Memory(dict[str, str]):
    """Tokens of each run of characters seen, joined by spaces; emptied when large so that memory stays bounded."""

    def __missing__(self, run: str) -> str:
        if len(self) > 400_000:
            self.clear()
        core = run.lstrip(_OPENING).rstrip(_CLOSING)
        found = self[core] if core != run else intern(" ".join(_tokens_of_run(run)))
        self[run] = found if found != run else run  # few strings, so that more of them stay in the processor's cache
        return found


_memory = _Memory()

# Snowball English in Rust: the same stems as `terms.stem`, 30 times faster, which is what new words of an import cost.
_stemmer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.stemmer("english")).build()


def stem(word: str) -> str:
    """One form for the inflections and the two spellings of a lower-case word."""
    usual = american(word).replace("sulph", "sulf")
    return str(_stemmer.analyze(usual)[0]) if len(usual) > 3 else usual


def token_stream(text: str) -> str:
    """The tokens of `text` in order, separated by white space: what the index is fed."""
    return " ".join(map(_memory.__getitem__, _bound(text).split()))


def tokens(text: str) -> list[str]:
    """The tokens of `text` in order, repeats kept."""
    return token_stream(text).split()


def _bound(text: str) -> str:
    """Amounts and numbered names without the space inside: "10 mg", "IL 6" and "TNF alpha" are one thing each."""
    return _BOUND.sub(lambda match: match[0][0] + "~", text)


def _tokens_of_run(run: str) -> list[str]:
    if run in _NAMES_LIKE_STOP_WORDS:
        return [run.lower()]
    plain = _folded(run)
    if plain.isascii() and plain.isalpha():
        found = _word(plain)  # most runs: nothing to take apart
    else:
        found = [token for piece in _PIECE.findall(plain) for token in _tokens_of_piece(piece)]
    return [token for token in found if len(token) <= _LONGEST]


def _folded(run: str) -> str:
    """Lower case, plain letters, Greek letters by name between `~`, raised characters after `^`."""
    if run.isascii():
        return (_MICRO.sub("mc", run) if "u" in run else run).lower()
    marked = _MICRO.sub("mc", run).translate(_FOLDED)
    plain = "".join(c for c in unicodedata.normalize("NFKD", marked) if not unicodedata.combining(c))
    return plain.lower().translate(_GREEK)


def _tokens_of_piece(piece: str) -> list[str]:
    raised = "^" in piece
    if raised:
        piece = _RAISED_RUN.sub(lambda match: "^" + match.group(1).replace("^", ""), piece)
    charged = "+" in piece and piece.rstrip(".,'-/~^&%").endswith("+")
    body = _shorn(piece)
    if not body:
        return []
    amount = _AMOUNT_RUN.fullmatch(piece.strip(".,'-/~&%") if raised else body)
    if amount and amount.group(2) in _UNITS:
        number, unit, rest = amount.groups()
        value = _number(number)
        return [value, *(_tokens_of_piece(unit + rest) if rest else [unit]), value + unit]
    if raised:
        return _with_raised(piece.strip(".,'-/~&%"))
    return _plain(body, charged=charged)


def _shorn(piece: str) -> str:
    """Without punctuation at its ends; a naked decimal point gets its zero, a per cent sign stays with its number."""
    left = piece.lstrip(_EDGE)
    before = piece[: len(piece) - len(left)]
    if before.endswith(".") and left[:1].isdigit():
        left = "0." + left
    right = left.rstrip(_EDGE)
    if left[len(right) : len(right) + 1] == "%" and right[-1:].isdigit():
        right += "%"
    return right.removesuffix("'s")


def _plain(body: str, *, charged: bool) -> list[str]:
    if body.isalpha() and not charged:
        return _word(body)
    if body in _LATIN:
        return []
    if _THOUSANDS.fullmatch(body) or _NUMBER.fullmatch(body):
        return [_number(body)]
    if charged:
        whole = _PART.sub("", body)
        return [whole + "+", *_compound(body)]
    return _compound(body)


def _number(printed: str) -> str:
    """One form of a number: no thousands separator, no trailing zero."""
    plain = printed.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _compound(body: str) -> list[str]:
    """A name of several parts: every part, and the whole without its joints; two numbers are never run together."""
    parts = [part for chunk in _chunks(body) for part in _named_greek(chunk)]
    if len(parts) == 1:
        return _word(parts[0])
    found = [token for part in parts for token in _word(part)]
    if len(parts) <= 4:
        if (joined := _joined(parts)) and STOP_WORDS.isdisjoint(parts):
            found.append(joined)
        if len(parts) == 3:
            found.extend(pair for pair in (_joined(parts[:2]), _joined(parts[1:])) if pair)
    if "/" in body and len(body) <= 20:
        found.append(_PART.sub("/", body))
    return found


def _chunks(body: str) -> list[str]:
    """Cut at joints, but not at the point of a decimal number."""
    chunks: list[str] = []
    for piece in _JOINT.split(body):
        if piece:
            chunks.append(piece.replace(",", ""))
    return chunks


def _named_greek(part: str) -> list[str]:
    match = _NAMED_GREEK.fullmatch(part)
    return [match.group(1), match.group(2)] if match else [part]


def _joined(parts: list[str]) -> str | None:
    for left, right in pairwise(parts):
        if left[-1].isdigit() and right[0].isdigit():
            return None
    whole = "".join(parts)
    return stem(whole) if whole.isalpha() else whole


def _with_raised(body: str) -> list[str]:
    """Powers of numbers, charges of ions, squares of lengths; a raised mark after a word is a footnote."""
    found: list[str] = []
    base = ""
    for piece in re.split(r"[-/~&,'%](?![0-9+]*\^)(?<!\^-)", body):
        base, _, power = piece.partition("^")
        power = power.rstrip(".,")
        if not power:
            found.extend(_plain(_shorn(piece) or "x", charged=False) if _shorn(piece) else [])
        elif not base:
            found.extend(_plain(_shorn(power), charged=False) if _shorn(power) else [])
        elif base[-1].isdigit() and power[0] in "0123456789-":
            found.append(f"{base}^{power}")
        elif power[-1] in "+-" or base in _LENGTHS:
            found.extend([base + power.rstrip("-"), *([base] if power[-1] in "+-" else [])])
        else:
            found.extend(_plain(_shorn(base), charged=False))
    if "/" in body and base in _LENGTHS:
        found.append(body.replace("^", ""))
    return found


def _word(word: str) -> list[str]:
    if word in STOP_WORDS:
        return []
    if word.isalpha():
        return [stem(word)]
    return [_number(word) if _NUMBER.fullmatch(word) else word]
