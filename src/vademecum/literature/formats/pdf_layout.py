"""Pieces of text on pages as paragraphs under headings.

Numbers of lines, and what stands at the head or foot of page after page, are left out. A hyphen at the end of a line
goes only when the document itself writes the word in one piece elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import msgspec

from vademecum.literature.formats.pdf_page import Page
from vademecum.literature.formats.text import raised, squeeze
from vademecum.literature.records import Section

_HEADING_LIMIT = 160  # characters
_HEADING_SHARE = 0.15  # of all lines; more means that size or weight does not mark headings here
_EDGE = 0.09  # of the page's height, where heads and feet stand
_BULLET = re.compile(r"^(?:[•▪■◦‣●○–—*]|o(?= )|\(?(?:\d{1,2}|[a-z])[.)])\s*(?=\S)")
_ENUMERATES = re.compile(r"\s*[.)]")
_BROKEN = re.compile(r"([A-Za-zÀ-ÿ]{2,})([-\u00ad])$")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)*")
_SENTENCE_END = re.compile(r"[.?!:;][)\]”\"'⁰-⁹¹²³]*$")


class Line(msgspec.Struct):
    """One printed line."""

    text: str
    x: float
    y: float
    size: float
    bold: bool
    page: int


def sections(pages: Sequence[Page]) -> tuple[Section, ...]:
    """The text in reading order. A path holds the headings, then "page 12", where the section begins."""
    printed = [list(_lines(page, number)) for number, page in enumerate(pages, start=1)]
    kept = _without_edges(printed, pages)
    everything = [line for lines in kept for line in lines]
    body = median([line.size for line in everything for _ in range(len(line.text))]) if everything else 0.0
    ranks = _heading_sizes(everything, body)
    words = Counter(word for line in everything for word in _WORD.findall(line.text))
    return tuple(_assembled(kept, body, ranks, words))


def largest(pages: Sequence[Page]) -> str:
    """The words in the largest letters of the first page that has any: most often its title."""
    for number, page in enumerate(pages[:3], start=1):
        lines = [line for line in _lines(page, number) if sum(map(str.isalpha, line.text)) >= 4]
        if lines:
            size = max(line.size for line in lines)
            title = squeeze(" ".join(line.text for line in lines if line.size > size - 0.5))
            return title if len(title) <= 300 and size > median(line.size for line in lines) + 0.5 else ""
    return ""


def _lines(page: Page, number: int) -> Iterator[Line]:
    """Pieces that stand on one base line, in the order they are drawn; raised and lowered ones as such."""
    margin = _numbered_margin(page)
    line: Line | None = None
    gap = ""
    for piece in page.pieces:
        if not piece.text.strip():
            gap = " "
            continue
        if margin and piece.x < margin and piece.text.strip().isdigit():
            continue
        text = piece.text.replace("\n", " ")
        if line is not None and abs(piece.y - line.y) < 0.6 * max(line.size, piece.size):
            shifted, smaller = piece.y - line.y, piece.size < 0.85 * line.size
            if piece.size > 1.18 * line.size and abs(shifted) > 0.1 * piece.size:
                line = msgspec.structs.replace(line, text=_shift(line.text, -shifted), y=piece.y, size=piece.size)
            elif abs(shifted) > 0.12 * line.size and (smaller or abs(shifted) > 0.25 * line.size):
                text = _shift(text, shifted)
            line.text += gap + text
            line.bold = line.bold and piece.bold
        else:
            if line is not None:
                yield _tidied(line)
            line = Line(text=text, x=piece.x, y=piece.y, size=piece.size, bold=piece.bold, page=number)
        gap = ""
    if line is not None:
        yield _tidied(line)


def _shift(text: str, by: float) -> str:
    bare = text.strip()
    if not bare:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{raised(bare, 'sup' if by > 0 else 'sub')}{after}"


def _tidied(line: Line) -> Line:
    line.text = squeeze(line.text.replace("\uf0b7", "•").replace("\uf0a7", "▪"))
    return line


def _numbered_margin(page: Page) -> float:
    """The right edge of a column of line numbers, 0 where there is none: they count up by one, left of the text."""
    words = [piece for piece in page.pieces if any(map(str.isalpha, piece.text))]
    if not words:
        return 0.0
    left = sorted(piece.x for piece in words)[len(words) // 50]
    counted = {
        round(piece.y): int(piece.text.strip())
        for piece, after in zip(page.pieces, (*page.pieces[1:], None), strict=True)
        if piece.text.strip().isdigit() and piece.x < left - 6 and not (after and _ENUMERATES.match(after.text))
    }
    values = [counted[y] for y in sorted(counted, reverse=True)]
    steps = sum(after - before == 1 for before, after in pairwise(values))
    most = len({round(piece.y) for piece in words}) * 0.5  # of the lines: fewer numbers are those of a list
    return left - 6 if len(values) >= max(3, most) and steps >= 0.8 * (len(values) - 1) else 0.0


def _without_edges(printed: list[list[Line]], pages: Sequence[Page]) -> list[list[Line]]:
    """Lines at the head or foot that come back on many pages, whatever the number in them."""

    def at_edge(line: Line, page: Page) -> bool:
        return not _EDGE * page.height < line.y < (1 - _EDGE) * page.height

    counts = Counter(
        key
        for lines, page in zip(printed, pages, strict=True)
        for key in {_pattern(line) for line in lines if at_edge(line, page)}
    )
    often = max(3, 0.3 * len(pages))
    return [
        [line for line in lines if line.text and not (at_edge(line, page) and counts[_pattern(line)] >= often)]
        for lines, page in zip(printed, pages, strict=True)
    ]


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def _heading_sizes(lines: list[Line], body: float) -> list[float]:
    """Sizes above that of the body, the largest first; none where too many lines would be headings."""
    larger = [round(line.size) for line in lines if _may_head(line) and line.size > body * 1.12]
    return [float(size) for size in sorted(set(larger), reverse=True)] if len(larger) < len(lines) * 0.15 else []


def _may_head(line: Line) -> bool:
    return len(line.text) <= _HEADING_LIMIT and sum(map(str.isalpha, line.text)) >= 3


def _assembled(pages: list[list[Line]], body: float, ranks: list[float], words: Counter[str]) -> Iterator[Section]:
    every = [line for lines in pages for line in lines]
    heads = {id(line) for lines in pages for line in _bold_heads(lines)}
    if len(heads) > len(every) * _HEADING_SHARE:
        heads.clear()
    path: list[tuple[int, str]] = []
    paragraphs: list[str] = []
    start, previous, heading_line = 0, None, None

    def section() -> Iterator[Section]:
        text = "\n".join(paragraphs)
        if text:
            yield Section(text=text, path=(*(heading for _, heading in path), f"page {start}"))
        paragraphs.clear()

    for lines in pages:
        pitch = _pitch(lines)
        for line in lines:
            level = _level(line, body, ranks, heads)
            if level is not None:
                joins = (
                    heading_line is not None and path and path[-1][0] == level and _follows(heading_line, line, pitch)
                )
                if joins and not paragraphs:
                    path[-1] = (level, f"{path[-1][1]} {line.text}")
                else:
                    yield from section()
                    path = [entry for entry in path if entry[0] < level] + [(level, line.text)]
                heading_line, previous, start = line, None, line.page
                continue
            heading_line = None
            crosses = previous is not None and previous.page != line.page
            if crosses and not (paragraphs and _goes_on(paragraphs[-1], line)):
                yield from section()
            if not paragraphs:
                start = line.page
                paragraphs.append(line.text)
            elif previous is not None and _same_paragraph(previous, line, pitch, crosses):
                paragraphs[-1] = _joined(paragraphs[-1], line.text, words)
            else:
                paragraphs.append(line.text)
            previous = line
    yield from section()


def _level(line: Line, body: float, ranks: list[float], heads: set[int]) -> int | None:
    larger = line.size > body * 1.12 and _may_head(line) and not _BULLET.match(line.text)
    if larger and float(round(line.size)) in ranks:
        return ranks.index(float(round(line.size)))
    return len(ranks) if id(line) in heads else None


def _bold_heads(lines: list[Line]) -> Iterator[Line]:
    """Bold lines that are headings; not a bold sentence, whose end would be cut off from its "should not"."""
    pitch = _pitch(lines)
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        if not line.bold or (before is not None and before.bold and _follows(before, line, pitch, 1.12)):
            continue
        end = at + 1
        while end < len(lines) and lines[end].bold and _follows(lines[end - 1], lines[end], pitch, 1.12):
            end += 1
        text = " ".join(part.text for part in lines[at:end])
        goes_on = end < len(lines) and _goes_on(text, lines[end])
        shaped = len(text) <= 110 and sum(map(str.isalpha, text)) >= 3 and text[0].isupper() and text[-1] not in ".,;:-"
        if shaped and not goes_on:
            yield from lines[at:end]


def _pitch(lines: list[Line]) -> float:
    steps = [before.y - after.y for before, after in pairwise(lines) if 0 < before.y - after.y < 60]
    return median(steps) if steps else 14.0


def _follows(before: Line, after: Line, pitch: float, most: float = 1.5) -> bool:
    """The line below, no further off than `most` times the usual distance."""
    return before.page == after.page and 0 < before.y - after.y < most * max(pitch, before.size)


def _goes_on(paragraph: str, line: Line) -> bool:
    """The line begins in the middle of the sentence before it, as after the end of a page."""
    begins = line.text[:1].islower() or line.text[:1] in "(≥≤<>"
    return begins and not _SENTENCE_END.search(paragraph) and not _BULLET.match(line.text)


def _same_paragraph(previous: Line, line: Line, pitch: float, crosses: bool) -> bool:
    if _BULLET.match(line.text):
        return False
    if crosses:
        return True
    step = previous.y - line.y
    if _goes_on(previous.text, line) and -1 < step < 2.8 * line.size and abs(line.size - previous.size) <= 1.2:
        return True
    if not -1 < step < 1.35 * pitch or abs(line.size - previous.size) > 1.2:
        return False
    indented = line.x - previous.x > 12 and not _BULLET.match(previous.text)
    return not indented


def _joined(before: str, after: str, words: Counter[str]) -> str:
    broken = _BROKEN.search(before)
    following = _WORD.match(after)
    if broken is None or following is None or not after[0].islower():
        return f"{before} {after}"
    tail = following[0].split("-")[0]
    whole = f"{broken[1]}{tail}"
    if broken[2] == "\u00ad" or (words[whole] and not words[f"{broken[1]}-{tail}"]):
        return f"{before[:-1]}{after}"
    return f"{before}{after}"
