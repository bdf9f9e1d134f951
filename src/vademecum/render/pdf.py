"""The article as a PDF, set by typst.

No text of the article ever becomes typst markup: the template reads one JSON value and sets its strings as strings.
The same article gives the same bytes: the date is the article's own, and only the fonts inside typst are used.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from vademecum.answer.article import Article
from vademecum.errors import MissingExtraError, VademecumError
from vademecum.render.inline import NBSP, Piece, Role, clean
from vademecum.render.links import reference_spans
from vademecum.render.outline import Entry, Grid, Line, Part, outline
from vademecum.render.pathway_svg import describe, render_pathway_svg

if TYPE_CHECKING:
    from typst import Fonts

Json: TypeAlias = "str | int | list[Json] | dict[str, Json] | None"

_PAGE_SHAPE = 220 / 164
"""Height over width of the text area, less a little for the heading."""

_TEMPLATE = Path(__file__).parent / "templates" / "article.typ"


def render_pdf(article: Article) -> bytes:
    """A tagged A4 document, to PDF/UA-1 unless some character of it has no glyph in the fonts that typst carries."""
    try:
        from typst import TypstError
    except ImportError:
        raise MissingExtraError("PDF output", "pdf") from None
    inputs = {"article": json.dumps(_document(article), ensure_ascii=False, separators=(",", ":"))}
    made = dt.datetime.combine(dt.date.fromisoformat(article.dates.generated), dt.time(), dt.UTC)
    try:
        return _compiled(inputs, made, accessible=True)
    except TypstError:
        pass
    try:
        return _compiled(inputs, made, accessible=False)
    except TypstError as error:
        raise VademecumError(f"the PDF could not be set: {error.message}") from None


def _compiled(inputs: dict[str, str], made: dt.datetime, *, accessible: bool) -> bytes:
    from typst import Compiler

    compiler = Compiler(input=_TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs=inputs)
    document = compiler.compile(format="pdf", timestamp=made, pdf_standards=["ua-1"] if accessible else [])
    assert isinstance(document, bytes)
    return document


@lru_cache(maxsize=1)
def _fonts() -> Fonts:
    from typst import Fonts

    return Fonts(include_system_fonts=False)


# --- the article as one JSON value ---------------------------------------------------------------------


def _document(article: Article) -> Json:
    date = dt.date.fromisoformat(article.dates.generated)
    picture = render_pathway_svg(article.pathway) if article.pathway else ""
    return {
        "title": clean(article.title),
        "review": clean(article.review.line),
        "disclaimer": clean(article.disclaimer),
        "date": [date.year, date.month, date.day],
        "parts": list(_parts(outline(article))),
        "picture": picture,
        "picture_share": _share_of_width(picture),
        "picture_words": clean(describe(article.pathway)) if article.pathway else "",
    }


def _share_of_width(picture: str) -> int:
    """Percent of the text's width at which the picture is not taller than a page."""
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture)
    return min(100, int(_PAGE_SHAPE * float(size[1]) / float(size[2]) * 100)) if size else 100


def _parts(parts: Iterable[Part]) -> Iterator[Json]:
    """Neighbouring lines of one box and neighbouring references as one part each."""
    for (kind, box), run in groupby(parts, key=_belongs_to):
        if kind is Entry:
            yield {"is": "references", "entries": [_entry(part) for part in run if isinstance(part, Entry)]}
        elif box is not None:
            yield {"is": "box", "box": box, "lines": [_line(part) for part in run if isinstance(part, Line)]}
        else:
            for part in run:
                if isinstance(part, Grid):
                    yield _grid(part)
                elif isinstance(part, Line):
                    yield _line(part)


def _belongs_to(part: Part) -> tuple[type[Part], str | None]:
    return type(part), part.box if isinstance(part, Line) else None


def _line(line: Line) -> Json:
    return {
        "is": line.kind,
        "pieces": _pieces(line.pieces),
        "label": clean(line.label) if line.label else None,
        "marker": line.marker,
        "depth": line.depth,
        "tone": line.tone,
    }


def _grid(grid: Grid) -> Json:
    rows: list[Json] = [[_pieces(cell.pieces) for cell in row] for row in grid.rows]
    return {"is": "grid", "columns": list(grid.columns), "rows": rows}


def _entry(entry: Entry) -> Json:
    spans: list[Json] = [{"t": span.text, "a": span.address} for span in reference_spans(entry.reference)]
    return {"number": entry.reference.number, "spans": spans, "note": entry.note}


def _pieces(pieces: Iterable[Piece]) -> list[Json]:
    """A command is set with plain spaces, which are what a shell understands when it is copied."""
    return [
        {"t": piece.text.replace(NBSP, " ") if piece.role is Role.COMMAND else piece.text, "r": piece.role}
        for piece in pieces
    ]
