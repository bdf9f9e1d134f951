"""Doses as typed values: units, the authored record, prose from a value and back, exact arithmetic.

`read_dose` reads what an author wrote, `render` says it, `parse_dose` reads what anybody wrote and refuses to guess,
`numbers_with_units` lists the figures of a sentence, `amount_for` works a dose out for one patient.
"""
