"""A small article with every part an article can have, and the same article with hostile words in every field."""

from __future__ import annotations

from typing import Any

import msgspec

from vademecum.answer.article import (
    Article,
    Dates,
    ForkReading,
    Gap,
    Interpretation,
    Item,
    List,
    Notice,
    Option,
    Paragraph,
    PathwayOption,
    PathwayStep,
    Reading,
    Reference,
    Review,
    Row,
    Section,
    Sentence,
    StepBlock,
    Table,
)
from vademecum.evidence.model import Certainty, GradeOrigin, Population, SourceState, SourceType, Strength
from vademecum.proof.model import Check, Proof, Verdict

PROOF = Proof(Verdict.SUPPORTED, (Check("sources", True), Check("numbers and units", True)), ())


def said(text: str, *citations: int, **more: Any) -> Sentence:
    fields: dict[str, Any] = {
        "citations": citations or (1,),
        "statement_ids": ("st-1",),
        "population": Population.ADULT,
        "strength": Strength.NONE,
        "certainty": Certainty.NOT_GRADED,
        "proof": PROOF,
    }
    return Sentence(text=text, **(fields | more))


DOSE = {"drug": "methotrexate", "text": "methotrexate 15 to 20 mg/m2 once weekly, at most 40 mg per week"}

CHILD_DOSE = said(
    "For juvenile dermatomyositis give methotrexate 15 to 20 mg/m2 once weekly, at most 40 mg per week.",
    2,
    statement_ids=("jdm-002",),
    population=Population.PAEDIATRIC,
    dose=DOSE,
    grade_as_printed="SHARE level 4, strength D",
)
BOTTOM_LINE = said(
    "Start prednisolone 0.5 to 1 mg/kg once daily by mouth, usually 40 to 60 mg per day.",
    1,
    2,
    statement_ids=("fl-002",),
    dose={"drug": "prednisolone", "text": "prednisolone 0.5 to 1 mg/kg once daily by mouth"},
    strength=Strength.STRONG,
    certainty=Certainty.MODERATE,
    grade_origin=GradeOrigin.MAPPED,
    grade_as_printed="BSR 1B",
)

STEPS = (
    StepBlock(
        id="one",
        number=1,
        title="Start a glucocorticoid",
        line="first",
        applies_if=said("Active muscle inflammation"),
        because=(said("A high-dose glucocorticoid comes first."), said("It is well supported by experience.", 2)),
        before=(said("Screen for hepatitis B before the first dose.", 2),),
        options=(
            Option(id="a", label="Oral prednisolone", sentences=(BOTTOM_LINE,), drug="prednisolone", rank=1),
            Option(
                id="b",
                label="Methotrexate",
                sentences=(CHILD_DOSE, said("Taken daily it has caused fatal errors.")),
                why=said("It spares steroid"),
                drug="methotrexate",
                rank=2,
            ),
            Option(id="c", label="Low-dose warfarin", sentences=(said("A small trial was unfavourable."),), avoid=True),
        ),
        choose="one",
        effect=(said("Improvement took a median of 20 weeks."),),
        stop=(said("Taper after about 6 weeks."), said("Do not stop it suddenly.")),
        if_fails="two",
    ),
    StepBlock(
        id="two",
        number=2,
        title="Reconsider the diagnosis",
        line="second",
        applies_if=said("Treatment seems to fail"),
        because=(said("Inclusion body myositis does not respond."),),
        options=(),
        choose="all",
    ),
)

SECTIONS = (
    Section(
        id="assessment",
        title="Initial assessment",
        blocks=(
            List(
                items=(
                    Item(
                        sentence=said("Creatine kinase can be normal.", 2, caveat="From an abstract"),
                        decides=said("Whether a normal value ends the matter", 2),
                    ),
                ),
                role="assessment",
            ),
            Paragraph(sentences=(said("Look at the skin."), said("Look at the lungs.", 2)), title="Examination"),
        ),
    ),
    Section(id="treatment", title="Treatment", blocks=STEPS),
    Section(
        id="monitoring",
        title="Monitoring and follow-up",
        blocks=(
            Table(
                columns=("What", "When", "Target", "If abnormal"),
                rows=(
                    Row(
                        label="Blood count and liver tests",
                        cells=(
                            said("Every 2 weeks for at least 6 weeks, then monthly, then every 3 months"),
                            None,
                            said("Stop methotrexate above 3 times the upper limit of normal"),
                        ),
                    ),
                    Row(label="Weight", cells=(said("At each visit", 2), said("Stable", 2), None)),
                ),
                role="monitoring",
            ),
            List(items=(Item(sentence=said("Check eye pressure.")),), title="Prednisone", drug="prednisone"),
        ),
    ),
    Section(
        id="dosing",
        title="Dose",
        blocks=(List(items=(Item(sentence=CHILD_DOSE),), title="Methotrexate", role="dosing", drug="methotrexate"),),
    ),
    Section(
        id="cautions",
        title="Cautions",
        blocks=(
            List(items=(Item(sentence=said("Ask about medicines.")),), role="pack"),
            List(
                items=(Item(sentence=said("Fatal toxicity has occurred.")),),
                title="Methotrexate: boxed warning",
                role="boxed_warning",
                drug="methotrexate",
            ),
            List(
                items=(
                    Item(sentence=said("Contraindicated in pregnancy.", population=Population.PREGNANCY)),
                    Item(sentence=said("Contraindicated in alcoholism.", 2, scope="rheumatoid arthritis")),
                ),
                title="Methotrexate: do not use",
                role="contraindications",
                drug="methotrexate",
            ),
            List(
                items=(Item(sentence=said("Prednisone raises blood glucose.")),),
                title="Prednisone: take care",
                role="cautions",
                drug="prednisone",
            ),
        ),
    ),
)

REFERENCES = (
    Reference(
        number=1,
        key="bsr",
        type=SourceType.GUIDELINE,
        title="Guideline on myositis",
        text="Oldroyd AGS, Chinoy H, et al. Guideline on myositis. Rheumatology. 2022;61(5):1760-8. "
        "doi:10.1093/rheumatology/keac115. PMID: 29865091.",
        status=SourceState.CURRENT,
        read="secondary summary",
        year=2022,
        doi="10.1093/rheumatology/keac115",
        pmid="29865091",
        body="BSR",
        jurisdiction="UK",
    ),
    Reference(
        number=2,
        key="trial",
        type=SourceType.TRIAL,
        title="A trial of methotrexate",
        text="Smith J. A trial of methotrexate. 2014. Available from: https://example.org/a_(b)?c=1",
        status=SourceState.CONCERN,
        status_note="Under inquiry",
        read="abstract",
        year=2014,
        url="https://example.org/a_(b)?c=1",
        design="randomised trial",
        participants=31,
    ),
)

WHOLE = Article(
    article_id="abc123",
    kind="emergency",
    question="what helps in severe inflammatory muscle spasm",
    title="Treatment of myositis in adults",
    audience="physician",
    interpretation=Interpretation(
        intent="treatment",
        population="adult",
        assumptions=("The question names no age: it is answered for adults.",),
        corrections=('"miositis" read as "myositis"',),
        facts=("kidney disease",),
    ),
    forks=(
        ForkReading(
            label="Myositis in an adult",
            question="How is myositis treated?",
            why=(said("Weakness comes before pain."),),
            pack="iim",
            population=Population.ADULT,
            command='vade ask "How is myositis treated?"',
            bottom_line=BOTTOM_LINE,
            best=True,
        ),
        ForkReading(
            label="Juvenile dermatomyositis",
            question="How is juvenile dermatomyositis treated?",
            why=(said("A child with a rash.", 2, population=Population.PAEDIATRIC),),
            pack="jdm",
            population=Population.PAEDIATRIC,
            command='vade ask "How is juvenile dermatomyositis treated?"',
            bottom_line=CHILD_DOSE,
        ),
    ),
    red_flags=(said("Weak breathing muscles need same-day assessment."),),
    sections=SECTIONS,
    references=REFERENCES,
    review=Review(
        state="submitted", line="Submitted: no clinician has reviewed this", history=("2026-11-24: submitted",)
    ),
    dates=Dates(
        generated="2026-11-24", evidence_searched_to="2026-11-20", human_reviewed=None, next_review_due="2027-11-24"
    ),
    disclaimer="For health professionals; check every dose.",
    library_version="0123abcd",
    coverage=(
        Gap(what="liver", reason="no dose change is recorded", where="prednisone"),
        Gap(what="liver", reason="no dose change is recorded", where="methotrexate"),
    ),
    bottom_line=BOTTOM_LINE,
    applies_if=said("An adult with active muscle inflammation"),
    notice=Notice(kind="emergency", title="Get help now", lines=("Call your local emergency number.",)),
    premise=(said("Inflammatory spasm is not a recognised diagnosis."),),
    pathway=tuple(
        PathwayStep(
            id=step.id,
            number=step.number,
            title=step.title,
            line=step.line,
            applies_if=step.applies_if.text,
            options=tuple(PathwayOption(id=o.id, label=o.label, drug=o.drug, avoid=o.avoid) for o in step.options),
            choose=step.choose,
            if_fails=step.if_fails,
        )
        for step in STEPS
    ),
    reading=Reading(flesch_kincaid_grade=5.5, sentences=40, words_per_sentence=9, method="Flesch-Kincaid"),
    suggestions=("What if treatment of myositis fails?",),
    questions_to_ask=("How will we know that it works?",),
    own_content=("pack iim from /home/me/iim.yaml",),
)

HOSTILE = (
    "# H <script>alert(1)</script> [x](javascript:alert(1)) ![i](https://evil.example/i.png) <https://evil.example> "
    "https://evil.example/a www.evil.example me@evil.example @me #12 `code` ``` *b* **b** _i_ ~~s~~ a|b $x$ &amp; "
    '[ref]: https://evil.example \\ {{ 7*7 }} #set page(width: 1pt) #read("/etc/passwd") \x1b[31mred\x1b[0m '
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \u202egm 01\u202c \x9b1m\r\n\n- item\n===\n---\n1. one\n> quote"
)


def hostile(article: Article) -> Article:
    """`article` with `HOSTILE` in every text a pack, a source or a question could bring."""
    return msgspec.convert(_spoilt(msgspec.to_builtins(article)), Article)


_KEPT = frozenset(
    (
        *("kind", "population", "strength", "certainty", "verdict", "direction", "grade_origin", "type", "status"),
        *("generated", "evidence_searched_to", "human_reviewed", "next_review_due", "audience", "line", "choose"),
        *("id", "if_fails", "role", "drug", "doi", "pmid", "url", "name", "read", "design", "pack"),
    )
)
"""Fields that are identifiers or one of a few fixed words."""


def _spoilt(part: Any, name: str = "") -> Any:
    if isinstance(part, dict):
        return {key: value if key in _KEPT else _spoilt(value, key) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_spoilt(item, name) for item in part]
    return f"{HOSTILE} {part}" if isinstance(part, str) else part
