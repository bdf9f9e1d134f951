"""Trial registrations of ClinicalTrials.gov, version 2 of its API: one study, a list, or an answer with `studies`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from vademecum.errors import ImportFileError
from vademecum.literature.formats import ctgov_results, ids, json
from vademecum.literature.formats.ctgov_study import Arms, Design, Eligibility, PlannedOutcome, Protocol, Study
from vademecum.literature.formats.text import squeeze
from vademecum.literature.formats.visible import tidy
from vademecum.literature.records import Heading, Identifiers, Record, RecordKind, Section

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # the register's Markdown: "\>= 30"
_CRITERIA = re.compile(r"^\W*((?:key |main )?(?:inclusion|exclusion) criteria)\W*$", re.IGNORECASE)


def read(stream: BinaryIO) -> Iterator[Record]:
    """Studies in file order. Raises ImportFileError naming the record and field of what does not fit."""
    for element in json.elements(stream, (("studies",),)):
        study = json.typed(element, Study)
        if ids.nct(study.protocol_section.identification_module.nct_id) is None:
            raise ImportFileError(f"{element.place}: protocolSection.identificationModule.nctId: not an NCT number")
        yield tidy(_record(study))


def _record(study: Study) -> Record:
    protocol = study.protocol_section
    identity, status = protocol.identification_module, protocol.status_module
    sponsors = protocol.sponsor_collaborators_module
    names = [sponsors.lead_sponsor.name, *(body.name for body in sponsors.collaborators)]
    conditions = protocol.conditions_module
    posted = status.results_first_post_date_struct.date or status.study_first_post_date_struct.date
    numbers = [identity.org_study_id_info.id, *(number.id for number in identity.secondary_id_infos)]
    derived = study.derived_section
    terms = (*derived.condition_browse_module.meshes, *derived.intervention_browse_module.meshes)
    drugs = (treatment.name for treatment in protocol.arms_interventions_module.interventions)
    return Record(
        kind=RecordKind.TRIAL_REGISTRATION,
        title=squeeze(identity.official_title or identity.brief_title),
        ids=Identifiers(nct=ids.nct(identity.nct_id)),
        sections=tuple(section for section in _sections(study) if section.text),
        authors=tuple(filter(None, [sponsors.lead_sponsor.name])),
        year=ids.year(posted or status.start_date_struct.date),
        publication_types=tuple(_types(protocol.design_module)),
        mesh=tuple(Heading(name=term.term, ui=term.id) for term in terms if term.term),
        keywords=tuple(
            dict.fromkeys(filter(None, map(squeeze, (*conditions.conditions, *conditions.keywords, *drugs))))
        ),
        funding=tuple(filter(None, map(squeeze, names))),
        registrations=tuple(filter(None, map(squeeze, numbers))),
        references=len(protocol.references_module.references),
        revised=_date(status.last_update_post_date_struct.date),
    )


def _types(design: Design) -> Iterator[str]:
    """The register's own words: "INTERVENTIONAL", "PHASE4", "Allocation: RANDOMIZED"."""
    info = design.design_info
    if design.study_type:
        yield design.study_type
    yield from design.phases
    for label, value in (
        ("Allocation", info.allocation),
        ("Model", info.intervention_model or info.observational_model),
        ("Time perspective", info.time_perspective),
        ("Purpose", info.primary_purpose),
        ("Masking", info.masking_info.masking),
    ):
        if value:
            yield f"{label}: {value}"


def _sections(study: Study) -> Iterator[Section]:
    protocol = study.protocol_section
    identity, described = protocol.identification_module, protocol.description_module
    if identity.official_title and identity.brief_title != identity.official_title:
        yield Section(text=squeeze(identity.brief_title), path=("Brief title",))
    yield Section(text=_text(described.brief_summary), path=("Brief summary",))
    yield Section(text=_text(described.detailed_description), path=("Detailed description",))
    yield Section(text="\n".join(_design(protocol)), path=("Design",))
    yield from _arms(protocol.arms_interventions_module)
    planned = protocol.outcomes_module
    for heading, outcomes in (
        ("Primary outcomes", planned.primary_outcomes),
        ("Secondary outcomes", planned.secondary_outcomes),
        ("Other outcomes", planned.other_outcomes),
    ):
        yield Section(text="\n".join(map(_outcome, outcomes)), path=(heading,))
    yield from _eligibility(protocol.eligibility_module)
    yield from ctgov_results.sections(study.results_section)


def _design(protocol: Protocol) -> Iterator[str]:
    design, status = protocol.design_module, protocol.status_module
    types = [_readable(value) for value in _types(design)]
    if types:
        yield f"{'; '.join(types)}."
    size = design.enrollment_info
    if size.count is not None:
        yield f"Enrollment: {size.count} participants{f' ({size.type.lower()})' if size.type else ''}."
    if status.overall_status:
        yield f"Status: {_readable(status.overall_status)}."
    if status.why_stopped:
        yield f"Why stopped: {squeeze(status.why_stopped)}"
    for label, day in (
        ("Start", status.start_date_struct),
        ("Primary completion", status.primary_completion_date_struct),
        ("Completion", status.completion_date_struct),
    ):
        if day.date:
            yield f"{label}: {day.date}{f' ({day.type.lower()})' if day.type else ''}."


def _readable(value: str) -> str:
    """ "Allocation: NON_RANDOMIZED" as "Allocation: non randomized"; "PHASE4" as "phase 4"."""
    label, colon, token = value.rpartition(": ")
    words = re.sub(r"^phase(?=\d)", "phase ", token.replace("_", " ").lower())
    return f"{label}{colon}{words}"


def _arms(arms: Arms) -> Iterator[Section]:
    for arm in arms.arm_groups:
        kind = f" ({arm.type.replace('_', ' ').lower()})" if arm.type else ""
        given = f"Interventions: {'; '.join(map(squeeze, arm.intervention_names))}" if arm.intervention_names else ""
        lines = [f"{squeeze(arm.label)}{kind}", _text(arm.description), given]
        yield Section(text="\n".join(filter(None, lines)), path=("Arms",))
    for treatment in arms.interventions:
        kind = f" ({treatment.type.replace('_', ' ').lower()})" if treatment.type else ""
        also = f"Also called: {', '.join(treatment.other_names)}" if treatment.other_names else ""
        groups = f"Given in: {'; '.join(treatment.arm_group_labels)}" if treatment.arm_group_labels else ""
        lines = [f"{squeeze(treatment.name)}{kind}", _text(treatment.description), also, groups]
        yield Section(text="\n".join(filter(None, lines)), path=("Interventions",))


def _outcome(outcome: PlannedOutcome) -> str:
    frame = f"[Time frame: {squeeze(outcome.time_frame)}]" if outcome.time_frame else ""
    return squeeze(" ".join((outcome.measure, frame, _text(outcome.description))))


def _eligibility(rules: Eligibility) -> Iterator[Section]:
    """Inclusion and exclusion apart: the same words mean the opposite under the other heading."""
    path: tuple[str, ...] = ("Eligibility",)
    lines: list[str] = []
    for line in _text(rules.eligibility_criteria).split("\n"):
        match = _CRITERIA.match(line)
        if match:
            yield Section(text="\n".join(lines), path=path)
            path, lines = ("Eligibility", match[1]), [line]
        else:
            lines.append(line)
    yield Section(text="\n".join(lines), path=path)
    ages = " to ".join(filter(None, (rules.minimum_age, rules.maximum_age)))
    if rules.minimum_age and not rules.maximum_age:
        ages = f"{rules.minimum_age} and older"
    elif rules.maximum_age and not rules.minimum_age:
        ages = f"up to {rules.maximum_age}"
    known = [f"Ages: {ages}" if ages else "", f"Sex: {rules.sex.lower()}" if rules.sex else ""]
    if rules.healthy_volunteers is not None:
        known.append(f"Healthy volunteers: {'yes' if rules.healthy_volunteers else 'no'}")
    yield Section(text=". ".join(filter(None, known)), path=("Eligibility", "Who can take part"))
    yield Section(text=_text(rules.study_population), path=("Eligibility", "Study population"))


def _text(markdown: str) -> str:
    """Lines kept, blank ones left out, Markdown's backslashes taken off."""
    lines = (squeeze(_ESCAPED.sub(r"\1", line)) for line in markdown.split("\n"))
    return "\n".join(line for line in lines if line)


def _date(text: str) -> str | None:
    return text if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) else None
