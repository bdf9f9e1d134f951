"""The lint: the example library is clean, and one change that breaks a rule is found by that rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from pack_folder import EXAMPLE, Edit

from vademecum.packs.library import load
from vademecum.packs.lint import COMMON, PACK_RULES, SHEET_RULES, Finding, lint

PACK, CHILD, SHEET, OTHER_SHEET = (
    "packs/exampleitis.yaml",
    "packs/juvenile-exampleitis.yaml",
    "drugs/examplomab.yaml",
    "drugs/samplazole.yaml",
)
DOSE = "{drug: examplomab, amount: 20 mg, per: week, every: 1 wk, route: subcutaneous, max: {week: 40 mg}}"


def findings(folder: Path) -> tuple[Finding, ...]:
    return lint(load(bundled=folder))


@dataclass(frozen=True)
class Break:
    """One change to the example library and the finding it must lead to."""

    rule: str
    file: str
    old: str
    new: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message[:40]}"


BREAKS = (
    # --- sources and grades ---
    Break(
        "statement_has_checked_source", PACK, "cites: [{source: example_guideline, at: page 5}]", "cites: []",
        "statements.exi-exercise", "cites no source; add one, or leave the statement out",
    ),
    Break(
        "statement_has_checked_source", PACK, "{source: example_guideline, at: page 5}", "unseen_report",
        "statements.exi-exercise", "cites 'unseen_report', whose record was not seen; cite another source",
    ),
    Break(
        "statement_has_checked_source", PACK, "{source: example_guideline, at: page 5}", "retracted_trial",
        "statements.exi-exercise", "cites 'retracted_trial', which is retracted; cite another source",
    ),
    Break(
        "statement_has_checked_source", PACK, "at: page 5}", "quote: Offer exercise}",
        "statements.exi-exercise", "quotes 'example_guideline', whose licence is facts only; remove the quotation",
    ),
    Break(
        "grade_has_an_origin", PACK, "certainty: high, origin: source", "certainty: high",
        "statements.exi-dose", "has a strength or certainty but no grade.origin; say who graded it",
    ),
    Break(
        "grade_has_an_origin", CHILD, ", as_printed: level 4", "",
        "statements.jex-dose", "is mapped from another scale; keep the source's code in grade.as_printed",
    ),
    Break(
        "grade_has_an_origin", CHILD, "certainty: low, origin: mapped, as_printed: level 4", "certainty: low",
        "statements.jex-dose", "has a strength or certainty but no grade.origin; say who graded it",
    ),
    # --- texts and doses ---
    Break(
        "text_is_free_of_error_prone_forms", PACK, "Offer exercise to", "Offer exercise BID to",
        "statements.exi-exercise", "'BID' is an error-prone abbreviation; write it out",
    ),
    Break(
        "text_is_free_of_error_prone_forms", PACK, "text: Offer exercise to adults", "text: Offer 1.0 g to adults",
        "statements.exi-exercise", "'1.0' is a trailing zero; write it out",
    ),
    Break(
        "text_is_free_of_error_prone_forms", PACK, "text: Offer exercise to adults", "text: Offer .5 g to adults",
        "statements.exi-exercise", "'.5' is a naked decimal point; write it out",
    ),
    Break(
        "text_is_free_of_error_prone_forms", PACK, "text: Offer exercise to adults", "text: Offer 5 µg to adults",
        "statements.exi-exercise", "'µg' is the micro sign; write mcg; write it out",
    ),
    Break(
        "text_is_free_of_error_prone_forms", PACK, "text: Offer exercise to adults", "text: Offer 5 ug to adults",
        "statements.exi-exercise", "'ug' is ug; write mcg; write it out",
    ),
    Break(
        "text_agrees_with_doses", PACK, f"- {DOSE}", f"- {DOSE.replace('20 mg', '25 mg')}",
        "statements.exi-dose", "types 25 mg for examplomab, not in the text",
    ),
    Break(
        "text_agrees_with_doses", PACK, f"- {DOSE}", f"- {DOSE.replace('20 mg', '20 g').replace('40 mg', '40 g')}",
        "statements.exi-dose", "types 20 g, the text says 20 mg",
    ),
    Break(
        "text_agrees_with_doses", CHILD, "give examplomab 15 mg/m2 once", "give examplomab 15 mg once",
        "statements.jex-dose", "types 15 mg/m2, the text says 15 mg",
    ),
    Break(
        "text_agrees_with_doses", CHILD, "give examplomab 15 mg/m2 once", "give examplomab 15 once",
        "statements.jex-dose", "types 15 mg/m2, the text says it without its unit",
    ),
    Break(
        "text_agrees_with_doses", PACK, "every: 1 wk, route", "every: 1 wk, for: 3 wk, route",
        "statements.exi-dose", "types 3 wk for examplomab, not in the text",
    ),
    Break(
        "ceiling_in_text_is_typed", PACK, "subcutaneous, max: {week: 40 mg}}", "subcutaneous, max: none stated}",
        "statements.exi-dose", "the text names a ceiling and no dose has one; add max: {...}",
    ),
    Break(
        "child_rules_are_labelled", CHILD, "text: In juvenile exampleitis give", "text: In exampleitis give",
        "statements.jex-dose", "is paediatric and its text does not say so; name the child or the disease",
    ),
    Break(
        "drug_ids_have_sheets", SHEET, "drugs: [examplomab, samplazole]", "drugs: [examplomab, nosuchdrug]",
        "statements.exa-interaction", "names drug 'nosuchdrug', which has no sheet; write drugs/nosuchdrug.yaml",
    ),
    Break(
        "drug_ids_have_sheets", PACK, f"- {DOSE}", f"- {DOSE.replace('examplomab', 'nosuchdrug')}",
        "statements.exi-dose", "names drug 'nosuchdrug', which has no sheet; write drugs/nosuchdrug.yaml",
    ),
    Break(
        "limits_hold", SHEET, "subcutaneous, max: {week: 40 mg}}", "subcutaneous, max: none stated}",
        "statements.exa-label-dose",
        "says `max: none stated`, but the sheet of examplomab caps it from this very statement",
    ),
    # --- plain wordings ---
    Break(
        "plain_wordings_keep_the_claim", PACK, "    exi-about: Exampleitis is an invented illness of adults.\n", "",
        "plain.patient.en", "has no wording for exi-about; write one",
    ),
    Break(
        "plain_wordings_keep_the_claim", PACK, "In a blinded trial in 120 adults, examplomab", "In a trial examplomab",
        "plain.patient.en.exi-trial", "lost the number 120",
    ),
    Break(
        "plain_wordings_keep_the_claim", SHEET, "examplomab once a week under the skin, at most 40 mg a week.",
        "examplomab once a week under the skin.", "plain.patient.en.exa-label-dose", "lost 40 mg",
    ),
    Break(
        "plain_wordings_keep_the_claim", PACK, "    exi-check: Infection is looked for before examplomab is given.",
        "    exi-check: Infection is looked for first.", "plain.patient.en.exi-check", "lost the drug examplomab",
    ),
    Break(
        "plain_wordings_keep_the_claim", SHEET, "    exa-pregnancy: Examplomab is not used in pregnancy.",
        "    exa-pregnancy: Examplomab is used in pregnancy.", "plain.patient.en.exa-pregnancy",
        "lost the negation; say what is not done",
    ),
    Break(
        "plain_wordings_keep_the_claim", PACK, "    exi-check: Infection is looked for before examplomab is given.",
        "    exi-check: Infection is looked for 3 days before examplomab is given.", "plain.patient.en.exi-check",
        "numbers and units: 3 d is not in the statement; reword it or name the statement that says so",
    ),
    Break(
        "plain_wordings_keep_the_claim", CHILD, "    step.start: Start examplomab",
        "    step.start: Start examplomab\n    exi-flag: On day 9 go to hospital.", "plain.patient.en.exi-flag",
        "numbers and units: 9 is not in the statement; reword it or name the statement that says so",
    ),
    Break(
        "plain_wordings_keep_the_claim", PACK, "    exi-about: Exampleitis is",
        "    exi-abut: no\n    exi-about: It is",
        "plain.patient.en.exi-abut", "is the wording of nothing; use a statement id, bottom_line or step.ID",
    ),
    # --- use of statements ---
    Break(
        "every_statement_is_used", PACK, "adjuncts: [exi-exercise]", "adjuncts: [exi-infection]",
        "statements.exi-exercise", "no section, step or slot uses it; use it or list it in left_out",
    ),
    Break(
        "nothing_unverified_is_shown", PACK, "    kind: adjunct", "    kind: adjunct\n    unverified: true",
        "adjuncts", "shows 'exi-exercise', which is marked unverified or was replaced; leave it out",
    ),
    Break(
        "nothing_unverified_is_shown", SHEET, "text: Examplomab carries a boxed warning for serious infection.",
        "text: Examplomab carries a boxed warning for serious infection.\n    unverified: true",
        "boxed_warning", "shows 'exa-box', which is marked unverified or was replaced; leave it out",
    ),
    # --- the pathway ---
    Break(
        "steps_hang_together", PACK, "steps:\n",
        "steps:\n  - {id: induction, title: Again, line: first, applies_if: exampleitis, because: [exi-dose]}\n",
        "steps", "two steps have the same id; rename one",
    ),
    Break(
        "steps_hang_together", PACK, "    because: [exi-dose]\n    options: [examplomab]",
        "    because: []\n    options: [examplomab]", "steps.induction",
        "has no because: name the statements that support it",
    ),
    Break(
        "steps_hang_together", PACK, "    options: [examplomab]", "    options: []",
        "actions.examplomab", "no step offers it; add it to a step's options or remove it",
    ),
    Break(
        "recommended_drugs_have_doses_and_sheets", PACK, "    drug: examplomab\n    because: [exi-dose]",
        "    drug: nosuchdrug\n    because: [exi-dose]", "actions.examplomab",
        "drug 'nosuchdrug' has no sheet; write drugs/nosuchdrug.yaml",
    ),
    Break(
        "recommended_drugs_have_doses_and_sheets", PACK, "    drug: examplomab\n    because: [exi-dose]",
        "    drug: examplomab\n    because: [exi-check]", "actions.examplomab",
        "no statement in because doses this drug; add one, or say why in no_dose",
    ),
    Break(
        "populations_are_not_mixed", PACK, "    drug: examplomab\n    because: [exi-dose]",
        "    drug: examplomab\n    because: [exi-dose, jex-dose]", "actions.examplomab",
        "'jex-dose' doses paediatric people in a pack for adult ones",
    ),
    Break(
        "populations_are_not_mixed", CHILD, "drug: examplomab, because: [jex-dose]}",
        "drug: examplomab, because: [jex-dose, exi-dose]}", "actions.examplomab",
        "'exi-dose' doses adult people in a pack for paediatric ones",
    ),
    # --- criteria ---
    Break(
        "criteria_are_sound", PACK, "    when: exampleitis\n", "    when: exampleitis and weak\n",
        "steps.induction.when", "fact 'weak' is not declared; add it under facts:",
    ),
    Break(
        "criteria_are_sound", PACK, "scope: \"age >= 18 'a' and", "scope: \"age >= 18 'kg' and",
        "scope", "'age' is declared in 'a' and compared in 'kg': another kind",
    ),
    Break(
        "criteria_are_sound", PACK, "not_if: [{when: pregnant,", "not_if: [{when: pregnant or,",
        "actions.examplomab.not_if", "criterion 'pregnant or': cannot read it at 'or'; write `fact`, `not fact` or "
        "`fact < 30 'unit'`, joined by and / or",
    ),
    Break(
        "criteria_are_sound", PACK, "  pregnant: {from: condition}",
        "  pregnant: {from: condition}\n  weak: {from: finding}",
        "facts.weak", "is declared and no criterion uses it; use it or remove it",
    ),
    Break(
        "criteria_are_sound", PACK, "  pregnant: {from: condition}", '  pregnant: {from: condition, if_none: "false"}',
        "facts.pregnant", "counts 'not recorded' as false without a reason; add reason:",
    ),
    # --- bottom line, sections, evidence, forks, dates ---
    Break(
        "bottom_line_is_short_and_dosed", PACK, "Check for infection first.", f"Check first.{' Look again.' * 20}",
        "bottom_line", "has 57 words once rendered, the limit is 45; shorten it",
    ),
    Break(
        "bottom_line_is_short_and_dosed", PACK, "{dose exi-dose examplomab}", "{dose exi-about}",
        "bottom_line", "'{dose exi-about}. Check for infection fi' stands for no dose; use {dose STATEMENT DRUG}",
    ),
    Break(
        "empty_sections_are_explained", PACK, "cautions: [exi-infection]\n", "",
        "cautions", "is empty; fill it or say why under unknown: cautions:",
    ),
    Break(
        "empty_sections_are_explained", PACK, "left_out:", "unknown: {adjuncts: none found}\nleft_out:",
        "unknown.adjuncts", "is filled and also called unknown; remove one",
    ),
    Break(
        "disagreements_have_two_sides", PACK, ", {who: cohort, because: exi-contrary}]", "]",
        "evidence.benefit of examplomab", "a disagreement needs at least two views",
    ),
    Break(
        "contrary_evidence_is_marked", PACK, "  contrary: [exi-contrary]\n", "",
        "statements.exi-contrary", "is marked contrary and not listed under evidence.contrary",
    ),
    Break(
        "contrary_evidence_is_marked", PACK, "    contrary: true\n", "",
        "evidence.contrary", "'exi-contrary' is listed as contrary and not marked contrary: true",
    ),
    Break(
        "forks_have_one_best_reading", PACK, "why: [exi-about], best: true,", "why: [exi-about],",
        "forks.example-trouble", "needs exactly one reading with best: true",
    ),
    Break(
        "forks_have_one_best_reading", PACK, "        why: [jex-about]", "        best: true\n        why: [jex-about]",
        "forks.example-trouble", "needs exactly one reading with best: true",
    ),
    Break(
        "forks_have_one_best_reading", PACK,
        "      - pack: juvenile-exampleitis\n        label: Exampleitis in a child\n        why: [jex-about]\n"
        "        question: How is juvenile exampleitis treated?\n", "",
        "forks.example-trouble", "a fork needs at least two readings",
    ),
    Break(
        "forks_have_one_best_reading", PACK, "- pack: juvenile-exampleitis", "- pack: no-such-pack",
        "forks.example-trouble", "reading 'no-such-pack' is not a pack of the library",
    ),
    Break(
        "names_of_packs_resolve", PACK, "left_out:", "counterparts: {paediatric: no-such-pack}\nleft_out:",
        "counterparts.paediatric", "'no-such-pack' is not a pack of the library; mend the id",
    ),
    Break(
        "names_of_packs_resolve", PACK, "left_out:", "replaces: no-such-pack\nleft_out:",
        "replaces", "no earlier folder holds a pack 'no-such-pack', so nothing is replaced; mend the id",
    ),
    Break(
        "plain_titles_exist", PACK, "    step.induction: Start examplomab\n", "",
        "plain.patient.en", "has no wording for step.induction; write one",
    ),
    Break(
        "dates_are_in_order", PACK, "review_by: 2027-01-01", "review_by: next year",
        "review_by", "is not a date; write 2026-11-24",
    ),
    Break(
        "dates_are_in_order", PACK, "review_by: 2027-01-01", "review_by: 2025-01-01",
        "review_by", "does not lie after the publication date",
    ),
    Break(
        "dates_are_in_order", PACK, "review_by: 2027-01-01", "review_by: 2026-01-01",
        "review_by", "does not lie after the publication date",
    ),
    Break(
        "short_texts_are_supported", PACK, "Check for infection first.", "Check for infection for 3 days.",
        "bottom_line",
        "numbers and units: 3 d is not in the statement; reword it or name the statement that says so",
    ),
    Break(
        "short_texts_are_supported", PACK, "    applies_if: exampleitis in an adult\n    when",
        "    applies_if: exampleitis in an adult above 65 years\n    when", "steps.induction.applies_if",
        "numbers and units: 65 a is not in the statement; reword it or name the statement that says so",
    ),
    Break(
        "short_texts_are_supported", PACK, "prefer_if: exampleitis in adults", "prefer_if: exampleitis in children",
        "actions.examplomab.prefer_if",
        "population: speaks of children; the statement does not; reword it or name the statement that says so",
    ),
    Break(
        "short_texts_are_supported", PACK, "decides: whether examplomab can start", "decides: whether to wait 3 days",
        "assessment.exi-check.decides",
        "numbers and units: 3 d is not in the statement; reword it or name the statement that says so",
    ),
    Break(
        "short_texts_are_supported", PACK, "interval: before examplomab", "interval: every 4 weeks",
        "monitoring.Infection.interval",
        "numbers and units: 4 wk is not in the statement; reword it or name the statement that says so",
    ),
    # --- drug sheets ---
    Break(
        "every_slot_is_filled_or_explained", SHEET, "  children: no checked source seen\n", "",
        "children", "is empty; fill it or say why under unknown: children:",
    ),
    Break(
        "every_slot_is_filled_or_explained", SHEET, "  children: no checked source seen\n",
        "  children: no checked source seen\n  kidney: nothing seen\n",
        "unknown.kidney", "is filled and also called unknown; remove one",
    ),
    Break(
        "shared_sheet_exists", OTHER_SHEET, "shares: examplomab", "shares: no-such-drug",
        "shares", "'no-such-drug' is not a drug sheet",
    ),
)  # fmt: skip


def test_the_example_library_is_clean() -> None:
    assert findings(EXAMPLE) == ()


@pytest.mark.parametrize("broken", BREAKS, ids=str)
def test_what_breaks_a_rule_is_found_by_that_rule(broken: Break, folder: Path, edit: Edit) -> None:
    edit(broken.file, broken.old, broken.new)
    found = findings(folder)
    holder = Path(broken.file).stem
    expected = Finding(holder=holder, where=broken.where, message=broken.message, rule=broken.rule)
    assert expected in found, [(one.rule, one.where, one.message) for one in found]


def test_every_rule_has_a_change_that_breaks_it() -> None:
    rules = {rule.__name__ for rule in (*COMMON, *PACK_RULES, *SHEET_RULES)}
    assert {broken.rule for broken in BREAKS} == rules


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        # A drug option without a dose says why, or is one to avoid.
        (PACK, "because: [exi-dose]\n    prefer_if", "because: [exi-check]\n    no_dose: none stated\n    prefer_if"),
        # The dose of a drug that shares the sheet counts as the drug's own.
        (PACK, "    drug: examplomab\n", "    drug: samplazole\n"),
        # Care without a drug needs neither dose nor sheet.
        (PACK, "    drug: examplomab\n    because: [exi-dose]", "    because: [exi-dose]"),
        # An edition that expired is still a source.
        ("sources.yaml", "    body: Example Society", "    body: Example Society\n    state: expired"),
        # A statement may be kept for authors when nothing shows it.
        (PACK, "adjuncts: [exi-exercise]", "adjuncts: [exi-infection]\nleft_out: [{id: exi-exercise, reason: doubt}]"),
        # A fact that counts "not recorded" as false says why.
        (
            PACK,
            "  pregnant: {from: condition}",
            '  pregnant: {from: condition, if_none: "false", reason: asked of all}',
        ),
        # Another pack may be the one for children.
        (PACK, "adjuncts: [", "counterparts: {paediatric: juvenile-exampleitis}\nadjuncts: ["),
        # "whether" asks; it claims nothing.
        (PACK, "decides: whether examplomab can start", "decides: whether to check for infection before examplomab"),
    ],
)
def test_what_is_allowed_is_not_reported(file: str, old: str, new: str, folder: Path, edit: Edit) -> None:
    if "left_out" in new:
        edit(PACK, "left_out:\n  - {id: exi-unsure, reason: open doubt}\n", "")
    edit(file, old, new)
    assert findings(folder) == ()


def test_weeks_in_the_text_are_not_months_in_the_dose(folder: Path, edit: Edit) -> None:
    edit(
        PACK, "give examplomab 20 mg once weekly subcutaneously,", "give examplomab 20 mg every 4 weeks subcutaneously,"
    )
    edit(PACK, f"- {DOSE}", f"- {DOSE.replace('per: week, every: 1 wk', 'per: dose, every: 4 mo')}")
    assert "types 4 mo, the text says 4 wk" in [finding.message for finding in findings(folder)]


def test_a_quotation_stands_where_the_licence_allows_it(folder: Path, edit: Edit) -> None:
    edit(PACK, "at: page 5}", "quote: Offer exercise}")
    edit(
        "sources.yaml", "    body: Example Society", "    body: Example Society\n    licence: CC BY 4.0, quote allowed"
    )
    assert findings(folder) == ()


def test_a_statement_kept_for_authors_needs_neither_use_nor_wording(folder: Path, edit: Edit) -> None:
    edit(PACK, "    kind: adjunct", "    kind: adjunct\n    unverified: true")
    edit(PACK, "adjuncts: [exi-exercise]", "adjuncts: [exi-infection]")
    edit(PACK, "    exi-exercise: Adults with exampleitis are offered exercise.\n", "")
    assert findings(folder) == ()


def test_a_dose_without_a_ceiling_may_say_so_when_its_own_source_names_none(folder: Path, edit: Edit) -> None:
    edit(PACK, f"- {DOSE}", f"- {DOSE.replace('{week: 40 mg}', 'none stated')}")
    edit(PACK, "once weekly subcutaneously, at most 40 mg per week.", "once weekly subcutaneously.")
    for wording in ("    exi-dose: Adults with exampleitis have examplomab", "For exampleitis adults have examplomab"):
        edit(
            PACK, f"{wording} 20 mg once a week under the skin, at most 40 mg a week.", f"{wording} 20 mg once a week."
        )
    assert findings(folder) == ()


def test_a_pack_may_take_the_place_of_one_of_an_earlier_folder(folder: Path, edit: Edit) -> None:
    (folder / CHILD).unlink()
    edit(PACK, "pack: exampleitis\n", "pack: ours\nreplaces: exampleitis\n")
    edit(PACK, "{pack: exampleitis,", "{pack: ours,")
    library = load((folder,), bundled=EXAMPLE)
    assert lint(library, [library.packs["ours"]]) == ()


def test_a_ceiling_in_a_text_without_a_dose_needs_no_typed_cap(folder: Path, edit: Edit) -> None:
    edit(
        PACK, "text: Offer exercise to adults with exampleitis.", "text: In a trial adults had at most 40 mg per week."
    )
    edit(PACK, "exi-exercise: Adults with exampleitis are offered", "exi-exercise: At most 40 mg a week, adults had")
    assert findings(folder) == ()


def test_a_part_of_a_library_can_be_checked_alone(folder: Path, edit: Edit) -> None:
    edit(PACK, "cautions: [exi-infection]\n", "")
    edit(SHEET, "  children: no checked source seen\n", "")
    library = load(bundled=folder)
    assert [f.holder for f in lint(library, [library.drugs["examplomab"]])] == ["examplomab"]
    assert lint(library, [library.packs["juvenile-exampleitis"]]) == ()


def test_findings_come_pack_by_pack_and_name_their_place(folder: Path, edit: Edit) -> None:
    edit(PACK, "cautions: [exi-infection]\n", "")
    edit(SHEET, "  children: no checked source seen\n", "")
    assert [(finding.holder, finding.where) for finding in findings(folder)] == [
        ("exampleitis", "cautions"),
        ("examplomab", "children"),
    ]
