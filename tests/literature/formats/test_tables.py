"""No value of a table loses the headings of its row and column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from vademecum.errors import ImportFileError
from vademecum.literature.formats import tables


def lines(markup: str) -> list[str]:
    return list(tables.lines(etree.fromstring(f"<table>{markup}</table>")).rows)


def headed(markup: str) -> bool:
    return tables.lines(etree.fromstring(f"<table>{markup}</table>")).headed


def row(*cells: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def test_every_value_stands_beside_its_column_and_row() -> None:
    head = f"<thead>{row('Drug', 'Dose', 'Deaths')}</thead>"
    assert lines(f"{head}<tbody>{row('A', '5 mg', '3 (2%)')}{row('B', '50 mg', '')}</tbody>") == [
        "Drug: A — Dose: 5 mg; Deaths: 3 (2%)",
        "Drug: B — Dose: 50 mg",
    ]


def test_headings_of_several_rows_are_joined_from_the_top() -> None:
    head = (
        "<thead><tr><th rowspan='2'>District</th><th colspan='2'>Goats</th><th colspan='2'>Sheep</th></tr>"
        + row("n", "%", "n", "%", tag="th")
        + "</thead>"
    )
    assert lines(f"{head}<tbody>{row('Mocuba', '59', '0.0', '181', '13.8')}</tbody>") == [
        "District: Mocuba — Goats › n: 59; Goats › %: 0.0; Sheep › n: 181; Sheep › %: 13.8"
    ]


def test_a_cell_that_spans_rows_stands_in_each_of_them() -> None:
    body = "<tr><td rowspan='2'>Adults</td><td>low</td><td>1</td></tr>" + row("high", "2")
    assert lines(f"<thead>{row('Who', 'Dose', 'n')}</thead><tbody>{body}</tbody>") == [
        "Who: Adults — Dose: low; n: 1",
        "Who: Adults — Dose: high; n: 2",
    ]


def test_a_cell_that_spans_columns_names_them_all() -> None:
    body = "<tr><td>B</td><td colspan='2'>not recommended</td></tr>"
    assert lines(f"<thead>{row('Drug', 'Adults', 'Children')}</thead><tbody>{body}</tbody>") == [
        "Drug: B — Adults + Children: not recommended"
    ]


def test_a_band_holds_for_the_rows_below_it() -> None:
    body = "<tr><td colspan='2'>Children</td></tr>" + row("A", "5 mg") + "<tr><td colspan='2'>Adults</td></tr>"
    assert lines(f"<thead>{row('Drug', 'Dose')}</thead><tbody>{body}{row('A', '50 mg')}</tbody>") == [
        "Children",
        "Children › Drug: A — Dose: 5 mg",
        "Adults",
        "Adults › Drug: A — Dose: 50 mg",
    ]


def test_an_indented_label_is_read_under_the_label_it_is_indented_from() -> None:
    body = row("Age", "") + row("\u2003&lt; 65", "3") + row("\u2003≥ 65", "4") + row("Women", "5")
    assert lines(f"<thead>{row('', 'Events')}</thead><tbody>{body}</tbody>") == [
        "Age",
        "Age › < 65 — Events: 3",
        "Age › ≥ 65 — Events: 4",
        "Women — Events: 5",
    ]


def test_blanks_at_the_start_of_a_row_are_said_to_lie_below_the_labels_above_them() -> None:
    body = row("Goats", "Sex", "Female", "345") + row("", "", "Male", "104") + row("", "Age", "old", "7")
    assert lines(f"<thead>{row('Species', 'Variable', 'Level', 'n')}</thead><tbody>{body}</tbody>") == [
        "Species: Goats — Variable: Sex; Level: Female; n: 345",
        "(below Species: Goats › Variable: Sex) Level: Male; n: 104",
        "(below Species: Goats) Variable: Age; Level: old; n: 7",
    ]


def test_a_row_of_headings_inside_the_body_replaces_those_above() -> None:
    body = row("A", "1") + row("Drug", "Harm", tag="th") + row("A", "2")
    assert lines(f"<thead>{row('Drug', 'Benefit')}</thead><tbody>{body}</tbody>") == [
        "Drug: A — Benefit: 1",
        "Drug: A — Harm: 2",
    ]


def test_without_thead_rows_of_th_or_bold_cells_are_headings() -> None:
    for head in (row("Drug", "Dose", "n", tag="th"), row("<b>Drug</b>", "<b>Dose</b>", "<b>n</b>")):
        assert lines(head + row("A", "5 mg", "4")) == ["Drug: A — Dose: 5 mg; n: 4"]
        assert headed(head + row("A", "5 mg", "4"))


def test_a_blank_corner_makes_headings_but_is_told_as_unmarked() -> None:
    table = row("", "Placebo", "Drug") + row("", "N=110", "N=113") + row("Nausea", "3", "4")
    assert lines(table) == ["Nausea — Placebo › N=110: 3; Drug › N=113: 4"]
    assert not headed(table)


def test_figures_are_not_taken_for_headings() -> None:
    table = row("A", "1", "2") + row("B", "3", "4")
    assert lines(table) == ["A — 1; 2", "B — 3; 4"]
    assert not headed(table)


def test_the_foot_comes_last_wherever_it_stands() -> None:
    foot = "<tfoot><tr><td colspan='2'>* P &lt; 0.05</td></tr></tfoot>"
    assert lines(f"<thead>{row('a', 'b')}</thead>{foot}<tbody>{row('x', '1*')}</tbody>") == [
        "a: x — b: 1*",
        "* P < 0.05",
    ]


def test_absurd_spans_are_bounded() -> None:
    assert lines("<tr><td colspan='99999999' rowspan='99999999'>1</td></tr>") == ["1"]
    assert lines("<tr><td colspan='-3' rowspan='x'>1</td><td colspan='0'>2</td></tr>") == ["1 — 2"]
    with pytest.raises(ImportFileError, match="more than 200,000 cells"):
        lines("<tr><td colspan='1000'>1</td></tr>" * 300)


sizes = st.integers(min_value=1, max_value=4)


@st.composite
def grids(draw: st.DrawFn) -> tuple[str, list[tuple[str, list[str], str]]]:
    """A table with spans in head and body; for each value its text, the headings over it and the label of its row."""
    groups = draw(st.lists(sizes, min_size=1, max_size=3))
    top = "".join(f"<th colspan='{size}'>group {number}</th>" for number, size in enumerate(groups))
    columns = [(f"group {number}", f"column {number}.{at}") for number, size in enumerate(groups) for at in range(size)]
    head = f"<tr><th rowspan='2'>label</th>{top}</tr>" + row(*(name for _, name in columns), tag="th")
    body, values = "", []
    for number in range(draw(sizes)):
        at = 0
        cells = ""
        while at < len(columns):
            span = draw(st.integers(min_value=1, max_value=len(columns) - at))
            covered = [heading for column in columns[at : at + span] for heading in column]
            values.append((f"value {number}/{at}", covered, f"row {number}"))
            cells += f"<td colspan='{span}'>value {number}/{at}</td>"
            at += span
        body += f"<tr><td>row {number}</td>{cells}</tr>"
    return f"<thead>{head}</thead><tbody>{body}</tbody>", values


@given(grids())
def test_every_cell_of_any_table_appears_once_with_its_headings_and_label(
    made: tuple[str, list[tuple[str, list[str], str]]],
) -> None:
    markup, values = made
    written = lines(markup)
    for value, headings, label in values:
        (line,) = [line for line in written if f"label: {label} — " in line and f": {value}" in line]
        (cell,) = [part for part in line.partition(" — ")[2].split("; ") if part.endswith(f": {value}")]
        assert set(cell.removesuffix(f": {value}").replace(" + ", " › ").split(" › ")) == set(headings)


def test_a_bold_row_under_a_finished_heading_is_a_row_of_values() -> None:
    bold = row("<b>children under 4 years of age</b>", "<b>do not use</b>")
    assert lines(row("Age", "Dose") + bold + row("children 6 to under 12", "2 teaspoonfuls (10 mL)")) == [
        "Age: children under 4 years of age — Dose: do not use",
        "Age: children 6 to under 12 — Dose: 2 teaspoonfuls (10 mL)",
    ]


def test_a_bold_row_that_divides_a_span_is_a_heading() -> None:
    spanned = "<tr><td></td><td colspan='2'><b>Goats</b></td></tr>"
    bold = row("<b>District</b>", "<b>n</b>", "<b>%</b>")
    assert lines(spanned + bold + row("Mocuba", "59", "0.0")) == ["District: Mocuba — Goats › n: 59; Goats › %: 0.0"]
