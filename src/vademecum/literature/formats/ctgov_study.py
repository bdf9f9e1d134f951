"""The parts of a ClinicalTrials.gov study that are read, named as version 2 of its API names them.

Structure: https://clinicaltrials.gov/data-api/about-api/study-data-structure. Everything is optional in real data but
the number and the title.
"""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True, rename="camel"):
    """Base of every part: members are in camel case, unknown ones are passed over."""


class Named(Part, frozen=True):
    name: str = ""


class Numbered(Part, frozen=True):
    id: str = ""


class Dated(Part, frozen=True):
    date: str = ""
    type: str = ""


class Identification(Part, frozen=True):
    nct_id: str
    brief_title: str = ""
    official_title: str = ""
    acronym: str = ""
    org_study_id_info: Numbered = Numbered()
    secondary_id_infos: tuple[Numbered, ...] = ()


class Status(Part, frozen=True):
    overall_status: str = ""
    why_stopped: str = ""
    start_date_struct: Dated = Dated()
    primary_completion_date_struct: Dated = Dated()
    completion_date_struct: Dated = Dated()
    study_first_post_date_struct: Dated = Dated()
    results_first_post_date_struct: Dated = Dated()
    last_update_post_date_struct: Dated = Dated()


class Sponsors(Part, frozen=True):
    lead_sponsor: Named = Named()
    collaborators: tuple[Named, ...] = ()


class Descriptions(Part, frozen=True):
    brief_summary: str = ""
    detailed_description: str = ""


class Conditions(Part, frozen=True):
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Masking(Part, frozen=True):
    masking: str = ""
    who_masked: tuple[str, ...] = ()


class DesignInfo(Part, frozen=True):
    allocation: str = ""
    intervention_model: str = ""
    primary_purpose: str = ""
    observational_model: str = ""
    time_perspective: str = ""
    masking_info: Masking = Masking()


class Enrollment(Part, frozen=True):
    count: int | None = None
    type: str = ""


class Design(Part, frozen=True):
    study_type: str = ""
    phases: tuple[str, ...] = ()
    design_info: DesignInfo = DesignInfo()
    enrollment_info: Enrollment = Enrollment()


class Arm(Part, frozen=True):
    label: str = ""
    type: str = ""
    description: str = ""
    intervention_names: tuple[str, ...] = ()


class Intervention(Part, frozen=True):
    type: str = ""
    name: str = ""
    description: str = ""
    arm_group_labels: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


class Arms(Part, frozen=True):
    arm_groups: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()


class PlannedOutcome(Part, frozen=True):
    measure: str = ""
    description: str = ""
    time_frame: str = ""


class PlannedOutcomes(Part, frozen=True):
    primary_outcomes: tuple[PlannedOutcome, ...] = ()
    secondary_outcomes: tuple[PlannedOutcome, ...] = ()
    other_outcomes: tuple[PlannedOutcome, ...] = ()


class Eligibility(Part, frozen=True):
    eligibility_criteria: str = ""
    study_population: str = ""
    sex: str = ""
    minimum_age: str = ""
    maximum_age: str = ""
    healthy_volunteers: bool | None = None
    std_ages: tuple[str, ...] = ()


class Reference(Part, frozen=True):
    pmid: str | None = None
    type: str = ""
    citation: str = ""


class References(Part, frozen=True):
    references: tuple[Reference, ...] = ()


class Protocol(Part, frozen=True):
    identification_module: Identification
    status_module: Status = Status()
    sponsor_collaborators_module: Sponsors = Sponsors()
    description_module: Descriptions = Descriptions()
    conditions_module: Conditions = Conditions()
    design_module: Design = Design()
    arms_interventions_module: Arms = Arms()
    outcomes_module: PlannedOutcomes = PlannedOutcomes()
    eligibility_module: Eligibility = Eligibility()
    references_module: References = References()


class Group(Part, frozen=True):
    id: str = ""
    title: str = ""
    description: str = ""


class Count(Part, frozen=True):
    group_id: str = ""
    value: str = ""


class Denominator(Part, frozen=True):
    units: str = ""
    counts: tuple[Count, ...] = ()


class Measurement(Part, frozen=True):
    group_id: str = ""
    value: str = ""
    spread: str = ""
    lower_limit: str = ""
    upper_limit: str = ""
    comment: str = ""


class Category(Part, frozen=True):
    title: str = ""
    measurements: tuple[Measurement, ...] = ()


class Class(Part, frozen=True):
    title: str = ""
    denoms: tuple[Denominator, ...] = ()
    categories: tuple[Category, ...] = ()


class Analysis(Part, frozen=True):
    group_ids: tuple[str, ...] = ()
    group_description: str = ""
    statistical_method: str = ""
    p_value: str = ""
    param_type: str = ""
    param_value: str = ""
    ci_pct_value: str = ""
    ci_lower_limit: str = ""
    ci_upper_limit: str = ""
    estimate_comment: str = ""


class Measure(Part, frozen=True):
    """An outcome with its results, or a baseline characteristic."""

    type: str = ""
    title: str = ""
    description: str = ""
    population_description: str = ""
    param_type: str = ""
    dispersion_type: str = ""
    unit_of_measure: str = ""
    time_frame: str = ""
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denominator, ...] = ()
    classes: tuple[Class, ...] = ()
    analyses: tuple[Analysis, ...] = ()


class OutcomeMeasures(Part, frozen=True):
    outcome_measures: tuple[Measure, ...] = ()


class Baseline(Part, frozen=True):
    population_description: str = ""
    groups: tuple[Group, ...] = ()
    denoms: tuple[Denominator, ...] = ()
    measures: tuple[Measure, ...] = ()


class EventGroup(Part, frozen=True):
    id: str = ""
    title: str = ""
    deaths_num_affected: int | None = None
    deaths_num_at_risk: int | None = None
    serious_num_affected: int | None = None
    serious_num_at_risk: int | None = None
    other_num_affected: int | None = None
    other_num_at_risk: int | None = None


class EventCount(Part, frozen=True):
    group_id: str = ""
    num_affected: int | None = None
    num_at_risk: int | None = None


class Event(Part, frozen=True):
    term: str = ""
    organ_system: str = ""
    stats: tuple[EventCount, ...] = ()


class AdverseEvents(Part, frozen=True):
    description: str = ""
    time_frame: str = ""
    event_groups: tuple[EventGroup, ...] = ()
    serious_events: tuple[Event, ...] = ()
    other_events: tuple[Event, ...] = ()


class Results(Part, frozen=True):
    baseline_characteristics_module: Baseline = Baseline()
    outcome_measures_module: OutcomeMeasures = OutcomeMeasures()
    adverse_events_module: AdverseEvents = AdverseEvents()


class Term(Part, frozen=True):
    id: str | None = None
    term: str = ""


class Browse(Part, frozen=True):
    meshes: tuple[Term, ...] = ()


class Derived(Part, frozen=True):
    condition_browse_module: Browse = Browse()
    intervention_browse_module: Browse = Browse()


class Study(Part, frozen=True):
    protocol_section: Protocol
    results_section: Results = Results()
    derived_section: Derived = Derived()
