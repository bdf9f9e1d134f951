"""The picture of the sources: how much, how good, how old, at a glance.

Each source is a mark: its year across, its design down, its size the number of people in it, filled when more than an
abstract was read, struck through when it is no longer current.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from vademecum.answer.article import Reference
from vademecum.evidence.model import Design, ReadDepth, SourceState, SourceType
from vademecum.render.pathway_svg import FONT

_ROWS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Guidelines", frozenset({SourceType.GUIDELINE, SourceType.PROTOCOL})),
    ("Systematic reviews", frozenset({SourceType.SYSTEMATIC_REVIEW})),
    ("Randomised trials", frozenset({SourceType.TRIAL})),
    ("Cohorts, case series", frozenset({SourceType.COHORT})),
    ("Experiments", frozenset({SourceType.EXPERIMENT})),
    ("Reviews", frozenset({SourceType.REVIEW})),
    ("Drug labels", frozenset({SourceType.LABEL})),
    ("Reference pages", frozenset({SourceType.REFERENCE_PAGE})),
)
_RANDOMISED = "Randomised trials"
_OTHER_TRIALS = "Other trials"
_READ = frozenset({ReadDepth.FULL_TEXT, ReadDepth.FULL_PAGE, ReadDepth.LABEL, ReadDepth.TABLE})
_NOT_RANDOMISED = frozenset({Design.SINGLE_ARM, Design.CASE_SERIES})

FEWEST = 4
"""With fewer dated sources there is nothing to see that the list does not say."""

_SMALLEST, _LARGEST = 3.6, 9.0
_LABEL = 13
_WIDTH = 400
_ROOM = 8.0


def render_sources_svg(references: Sequence[Reference]) -> str:
    """The picture as one SVG element; empty when there are too few sources that carry a year."""
    dated = [reference for reference in references if reference.year is not None]
    if len(dated) < FEWEST:
        return ""
    return "".join(_Picture(dated).parts())


def describe(references: Sequence[Reference]) -> str:
    """The picture in words: each design with its number of sources, their years, and the largest."""
    return " ".join(_row_in_words(name, found) for name, found in _rows(references))


def _row_in_words(name: str, found: Sequence[Reference]) -> str:
    years = sorted(reference.year for reference in found if reference.year is not None)
    span = f"{years[0]} to {years[-1]}" if years[0] != years[-1] else str(years[0])
    said = f"{name}: {len(found)}, {span}"
    people = max((reference.participants or 0 for reference in found), default=0)
    old = sum(reference.status is not SourceState.CURRENT for reference in found)
    said += f", the largest with {people:,} people" if people else ""
    return f"{said}, {old} no longer current." if old else f"{said}."


def _rows(references: Sequence[Reference]) -> Iterator[tuple[str, list[Reference]]]:
    for name, types in _ROWS:
        found = [reference for reference in references if reference.type in types]
        if name == _RANDOMISED:
            other = [reference for reference in found if reference.design in _NOT_RANDOMISED]
            yield from ((n, f) for n, f in ((name, [r for r in found if r not in other]), (_OTHER_TRIALS, other)) if f)
        elif found:
            yield name, found


class _Picture:
    """Places marks so that none covers another: those of one row and year stand above one another."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self.rows = list(_rows(references))
        self.references = references
        years = [reference.year for reference in references if reference.year is not None]
        self.first, self.last = min(years), max(*years, min(years) + 4)
        self.largest = max((reference.participants or 0 for reference in references), default=0)

    def parts(self) -> Iterator[str]:
        y = 6.0
        drawn: list[str] = []
        for name, found in self.rows:
            top, y = y, y + self._height(found)
            drawn += self._row(name, found, top, y)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="es" role="img" aria-labelledby="sources-title '
            f'sources-desc" viewBox="0 0 {_WIDTH} {y + 24:.0f}" width="{_WIDTH}" '
            f'height="{y + 24:.0f}" font-family="{FONT}">'
            f'<title id="sources-title">The sources by year and design</title>'
            f'<desc id="sources-desc">{escape(describe(self.references))}</desc>'
        )
        yield from drawn
        yield from self._axis(y)
        yield "</svg>"

    def _radius(self, reference: Reference) -> float:
        if not reference.participants or not self.largest:
            return _SMALLEST
        share = math.log10(reference.participants) / max(math.log10(self.largest), 1)
        return _SMALLEST + (_LARGEST - _SMALLEST) * min(share, 1.0) ** 2

    def _x(self, year: int) -> float:
        inset = _LARGEST + 2
        return inset + (_WIDTH - 2 * inset) * (year - self.first) / (self.last - self.first)

    def _stacks(self, found: Sequence[Reference]) -> dict[int, list[Reference]]:
        stacks: dict[int, list[Reference]] = {}
        for reference in found:
            stacks.setdefault(reference.year or 0, []).append(reference)
        return stacks

    def _height(self, found: Sequence[Reference]) -> float:
        tallest = max(sum(2 * self._radius(r) + 2 for r in stack) for stack in self._stacks(found).values())
        return max(tallest, 14.0) + _ROOM + 18

    def _row(self, name: str, found: Sequence[Reference], top: float, bottom: float) -> Iterator[str]:
        yield f'<text class="es-label" y="{top + 14:.1f}" font-size="{_LABEL}">{name}: {len(found)}</text>'
        yield f'<path class="es-rule" d="M0 {bottom:.1f}H{_WIDTH}" stroke="#dcd7cc" stroke-width="1"/>'
        yield from self._marks(found, bottom)

    def _marks(self, found: Sequence[Reference], bottom: float) -> Iterator[str]:
        read: list[str] = []
        seen: list[str] = []
        old: list[str] = []
        for year, stack in self._stacks(found).items():
            x, base = self._x(year), bottom - 3
            for reference in stack:
                radius = self._radius(reference)
                (read if reference.read in _READ else seen).append(_mark(reference, x, base - radius, radius))
                if reference.status is not SourceState.CURRENT:
                    reach = radius + 3
                    old.append(f"M{x - reach:.1f} {base - radius + reach:.1f}l{2 * reach:.1f} {-2 * reach:.1f}")
                base -= 2 * radius + 2
        yield f'<g class="es-read" fill="#0b4a50" stroke="#0b4a50" stroke-width="1.4">{"".join(read)}</g>'
        yield f'<g class="es-seen" fill="none" stroke="#0b4a50" stroke-width="1.4">{"".join(seen)}</g>'
        if old:
            yield f'<path class="es-old" d="{"".join(old)}" stroke="#1f1d1a" stroke-width="1.6"/>'

    def _axis(self, y: float) -> Iterator[str]:
        """A tick for each fifth or tenth year, and none closer than a label is wide."""
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100) if (self.last - self.first) / s <= _WIDTH / 48)
        for year in range(-(-self.first // step) * step, self.last + 1, step):
            yield (
                f'<text class="es-label" x="{self._x(year):.1f}" y="{y + 17:.1f}" font-size="11.5" '
                f'text-anchor="middle">{year}</text>'
            )


def _mark(reference: Reference, x: float, y: float, radius: float) -> str:
    people = f", n = {reference.participants:,}" if reference.participants else ""
    said = f"{reference.number}: {reference.year}{people}"
    return f'<circle cx="{x:.0f}" cy="{y:.1f}" r="{radius:.1f}"><title>{said}</title></circle>'
