"""Doses as typed values: units, the authored record, prose from a value and back, exact arithmetic.

`read_dose` reads what an author wrote, `render` says it, `parse_dose` reads what anybody wrote and refuses to guess,
`numbers_with_units` lists the figures of a sentence, `amount_for` works a dose out for one patient. mg/m2 never
becomes mg without an area, weekly never becomes daily, units never become a mass.

Names are loaded on first use: importing a `Dose` does not compile the patterns of the parser. The phrase of a dose is
`vademecum.dosing.render.render`; it is not exported here, where its name is that of its module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vademecum.dosing.analytes import convert_analyte as convert_analyte
    from vademecum.dosing.arithmetic import Rounding as Rounding
    from vademecum.dosing.arithmetic import Worked as Worked
    from vademecum.dosing.arithmetic import amount_for as amount_for
    from vademecum.dosing.arithmetic import daily_equivalent as daily_equivalent
    from vademecum.dosing.arithmetic import exceeds as exceeds
    from vademecum.dosing.arithmetic import weekly_total as weekly_total
    from vademecum.dosing.figures import Measure as Measure
    from vademecum.dosing.figures import Role as Role
    from vademecum.dosing.measures import numbers_with_units as numbers_with_units
    from vademecum.dosing.model import Amount as Amount
    from vademecum.dosing.model import Cap as Cap
    from vademecum.dosing.model import Dose as Dose
    from vademecum.dosing.model import Frequency as Frequency
    from vademecum.dosing.model import Per as Per
    from vademecum.dosing.model import Quantity as Quantity
    from vademecum.dosing.model import Route as Route
    from vademecum.dosing.model import Span as Span
    from vademecum.dosing.model import TaperStep as TaperStep
    from vademecum.dosing.model import Titration as Titration
    from vademecum.dosing.parse import parse_dose as parse_dose
    from vademecum.dosing.reading import Expression as Expression
    from vademecum.dosing.reading import Level as Level
    from vademecum.dosing.reading import Piece as Piece
    from vademecum.dosing.reading import Reading as Reading
    from vademecum.dosing.reading import ReadingWarning as ReadingWarning
    from vademecum.dosing.record import dose_json as dose_json
    from vademecum.dosing.record import read_amount as read_amount
    from vademecum.dosing.record import read_dose as read_dose
    from vademecum.dosing.record import read_quantity as read_quantity
    from vademecum.dosing.record import read_span as read_span
    from vademecum.dosing.record import write_dose as write_dose
    from vademecum.dosing.render import canonical as canonical
    from vademecum.dosing.render import render_amount as render_amount
    from vademecum.dosing.render import render_frequency as render_frequency
    from vademecum.dosing.render import render_quantity as render_quantity
    from vademecum.dosing.render import render_span as render_span
    from vademecum.dosing.unit_table import Basis as Basis
    from vademecum.dosing.unit_table import Kind as Kind
    from vademecum.dosing.unit_table import Unit as Unit
    from vademecum.dosing.units import basis_of as basis_of
    from vademecum.dosing.units import compare as compare
    from vademecum.dosing.units import convert as convert
    from vademecum.dosing.units import kind_of as kind_of
    from vademecum.dosing.units import read_unit as read_unit
    from vademecum.dosing.units import same_kind as same_kind
    from vademecum.dosing.units import unit as unit

_HOMES = {
    "analytes": "convert_analyte",
    "arithmetic": "Rounding Worked amount_for daily_equivalent exceeds weekly_total",
    "figures": "Measure Role",
    "measures": "numbers_with_units",
    "model": "Amount Cap Dose Frequency Per Quantity Route Span TaperStep Titration",
    "parse": "parse_dose",
    "reading": "Expression Level Piece Reading ReadingWarning",
    "record": "dose_json read_amount read_dose read_quantity read_span write_dose",
    "render": "canonical render_amount render_frequency render_quantity render_span",
    "unit_table": "Basis Kind Unit",
    "units": "basis_of compare convert kind_of read_unit same_kind unit",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted(_HOME_OF)
