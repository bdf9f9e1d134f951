"""Drug labels in SPL: identity, products with strengths, coded sections, tables and footnotes."""

from __future__ import annotations

import pytest
from xml_samples import expected, label, sample, text

from vademecum.literature.formats import spl
from vademecum.literature.records import RecordKind, Section

SAMPLES = ["cough.xml", "humira.xml.gz", "lipitor-orig.xml", "no-title.xml"]


def section(body: str, *, title: str = "", code: str = "34068-7") -> str:
    """A component with one section; `body` is its text or, with tags of its own, what follows the title."""
    inside = body if body.startswith("<text>") else f"<text>{body}</text>"
    return f"<component><section><code code='{code}'/><title>{title}</title>{inside}</section></component>"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_real_label_agrees_with_what_is_known_of_it(name: str) -> None:
    (record,) = spl.read(sample(f"spl/{name}"))
    facts = expected(f"spl/{name}")
    assert record.kind is RecordKind.LABEL
    assert (record.ids.set_id, record.version) == (facts["set_id"], facts["version"])
    assert (record.revised or "").replace("-", "") == facts["effective_time"]
    if facts["title"]:
        assert record.title.replace(" ", "").startswith(facts["title"].replace(" ", ""))
    else:
        assert record.title == "Haloperidol"
        assert "no-title" in [flag.code for flag in record.flags]
    codes = {part.code for part in record.sections}
    assert codes <= set(facts["section_loinc"])
    assert record.url == f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={facts['set_id']}"


def test_the_products_of_real_labels_have_their_strengths() -> None:
    (cough,) = spl.read(sample("spl/cough.xml"))
    assert cough.sections[0] == Section(
        "TRIAMINIC Childrens Night Time Cold and Cough (Diphenhydramine HCl, Phenylephrine HCl) [SYRUP, ORAL]: "
        "DIPHENHYDRAMINE HYDROCHLORIDE 6.25 mg in 5 mL; PHENYLEPHRINE HYDROCHLORIDE 2.5 mg in 5 mL",
        path=("Products",),
        code="48780-1",
    )
    (lipitor,) = spl.read(sample("spl/lipitor-orig.xml"))
    assert lipitor.sections[0].text.splitlines()[0] == (
        "Lipitor (atorvastatin calcium) [TABLET, FILM COATED, ORAL]: "
        "ATORVASTATIN CALCIUM TRIHYDRATE 10 mg as ATORVASTATIN"
    )
    assert lipitor.authors == ("Parke-Davis Div of Pfizer Inc",)
    (humira,) = spl.read(sample("spl/humira.xml.gz"))
    assert "Alcohol Swabs (isopropyl alcohol) [SWAB, TOPICAL]" in humira.sections[0].text


def test_a_section_that_is_only_a_title_is_text() -> None:
    """Lipitor's contraindications 4.1 and 4.2 say all they have to say in their titles."""
    (record,) = spl.read(sample("spl/lipitor-orig.xml"))
    found = [part.text for part in record.sections if part.code == "34070-3"]
    assert found == [
        "4.1 Active liver disease, which may include unexplained persistent elevations in hepatic transaminase levels",
        "4.2 Hypersensitivity to any component of this medication",
    ]


def test_real_tables_that_mark_no_headings_keep_those_laid_out_as_such() -> None:
    (record,) = spl.read(sample("spl/humira.xml.gz"))
    table = next(part for part in record.sections if part.path and part.path[-1].startswith("Table 14."))
    assert table.text.splitlines()[0] == (
        "PGA: Clear or minimal* — HUMIRA 40 mg every other week › N = 814: 506 (62%); Placebo › N = 398: 17 (4%)"
    )
    assert "table-without-headings" in [flag.code for flag in record.flags]


def test_highlights_are_not_read_twice() -> None:
    (record,) = spl.read(sample("spl/lipitor-orig.xml"))
    assert text(record).count("Women who are pregnant or may become pregnant") == 1


def test_sections_nest_and_unclassified_ones_carry_the_code_around_them() -> None:
    inner = section("Do not.", title="4.1 Liver", code="42229-5")
    outer = f"<component><section><code code='34070-3'/><title>4 Contraindications</title>{inner}</section></component>"
    alone = section("Free.", title="Other", code="42229-5")
    assert label(outer + alone).sections == (
        Section("Do not.", path=("4 Contraindications", "4.1 Liver"), code="34070-3"),
        Section("Free.", path=("Other",), code="42229-5"),
    )


def test_paragraphs_lists_and_signs() -> None:
    body = (
        "Before.<paragraph><content styleCode='bold'>Dose:</content> ≤ 10 mg/m<sup>2</sup><br/>daily</paragraph>"
        "<list listType='ordered'><item>first</item><item>second</item></list>"
        "<list><item><caption>•</caption>third</item><item><caption>(c)</caption>fourth</item></list>"
        "<renderMultiMedia><caption>Figure 1. Curve</caption></renderMultiMedia>after"
    )
    assert label(section(body)).sections[0].text.splitlines() == [
        "Before.",
        "Dose: ≤ 10 mg/m² daily",
        "1. first",
        "2. second",
        "- third",
        "(c) fourth",
        "Figure 1. Curve",
        "after",
    ]


def test_a_captioned_table_is_a_section_of_its_own_with_its_footnotes() -> None:
    head = "<thead><tr><th>Event</th><th>Drug<footnote ID='f1'>N=10</footnote></th></tr></thead>"
    row = "<tr><td>Nausea</td><td>8.3<footnoteRef IDREF='f1'/></td></tr>"
    table = f"<table><caption>Table 1. Events (%)</caption>{head}<tbody>{row}</tbody></table>"
    note = "<paragraph>Told<footnote>Elsewhere.</footnote>.</paragraph>"
    assert label(section(f"{table}{note}", title="6 Reactions")).sections == (
        Section("Told [note 2].\nNote 2: Elsewhere.", path=("6 Reactions",), code="34068-7"),
        Section(
            "Event: Nausea — Drug [note 1]: 8.3 [note 1]\nNote 1: N=10",
            path=("6 Reactions", "Table 1. Events (%)"),
            code="34068-7",
        ),
    )


def test_a_raised_reference_is_no_power() -> None:
    body = (
        "10 mg<sup><linkHtml href='#r1'>1</linkHtml></sup> and 10<sup>9</sup> [see <linkHtml href='#s'>5.1</linkHtml>]"
    )
    assert label(section(body)).sections[0].text == "10 mg[1] and 10⁹ [see 5.1]"


def test_a_table_without_a_caption_stays_in_the_text() -> None:
    table = "<table><tr><th>Age</th><th>Dose</th></tr><tr><td>2 to 5</td><td>5 mL</td></tr></table>"
    assert label(section(f"As below.{table}Stop.")).sections[0].text == "As below.\nAge: 2 to 5 — Dose: 5 mL\nStop."


@pytest.mark.parametrize(
    ("class_code", "numerator", "denominator", "said"),
    [
        ("ACTIB", "value='5' unit='mg'", "value='1' unit='1'", "SALT 5 mg"),
        ("ACTIB", "value='5' unit='mg'", "value='1'", "SALT 5 mg"),
        ("ACTIM", "value='0.5' unit='ug'", "value='1' unit='mL'", "SALT 0.5 ug in 1 mL as BASE"),
        ("ACTIR", "value='100' unit='[iU]'", "value='0.5' unit='mL'", "SALT 100 [iU] in 0.5 mL as OTHER"),
        ("ACTI", "", "", "SALT"),
    ],
)
def test_a_strength_says_how_much_of_what_in_what(class_code: str, numerator: str, denominator: str, said: str) -> None:
    quantity = f"<quantity><numerator {numerator}/><denominator {denominator}/></quantity>"
    substance = (
        "<ingredientSubstance><name>SALT</name><activeMoiety><activeMoiety><name>BASE</name></activeMoiety>"
        "</activeMoiety><asEquivalentSubstance><definingSubstance><name>OTHER</name></definingSubstance>"
        "</asEquivalentSubstance></ingredientSubstance>"
    )
    inactive = "<ingredient classCode='IACT'><ingredientSubstance><name>WATER</name></ingredientSubstance></ingredient>"
    product = (
        "<subject><manufacturedProduct><manufacturedProduct><name>Brand</name><formCode displayName='VIAL'/>"
        f"<ingredient classCode='{class_code}'>{quantity}{substance}</ingredient>{inactive}</manufacturedProduct>"
        "<consumedIn><substanceAdministration><routeCode displayName='INTRAVENOUS'/></substanceAdministration>"
        "</consumedIn></manufacturedProduct></subject>"
    )
    record = label(f"<component><section><code code='48780-1'/>{product}</section></component>")
    assert record.sections == (Section(f"Brand [VIAL, INTRAVENOUS]: {said}", path=("Products",), code="48780-1"),)
    assert record.keywords == ("Brand", "SALT", "BASE")
    assert record.title == "Brand"
