"""An imported source as the `Source` that reference lists and exports are made from."""

from __future__ import annotations

import re

from vademecum.evidence.model import Design, ReadDepth, Source, SourceType
from vademecum.literature.records import Record, RecordKind
from vademecum.literature.store.model import SourceRow

KEY_PREFIX = "imported:"

_HIGHLIGHTS = re.compile(
    r"^These highlights do not include all the information needed to use .{1,200}? safely and effectively\.\s*"
    r"See full prescribing information for .{1,200}?\.\s+(?=\S)",
    re.IGNORECASE | re.DOTALL,
)
"""What the title element of United States prescription labels says before it comes to the name."""

_BY_KIND = {
    RecordKind.LABEL: SourceType.LABEL,
    RecordKind.TRIAL_REGISTRATION: SourceType.TRIAL,
    RecordKind.GUIDELINE: SourceType.GUIDELINE,
}
_BY_DESIGN = {
    Design.GUIDELINE: SourceType.GUIDELINE,
    Design.CONSENSUS: SourceType.GUIDELINE,
    Design.LABELLING: SourceType.LABEL,
    Design.META_ANALYSIS: SourceType.SYSTEMATIC_REVIEW,
    Design.SYSTEMATIC_REVIEW: SourceType.SYSTEMATIC_REVIEW,
    Design.NARRATIVE_REVIEW: SourceType.REVIEW,
    Design.OPINION: SourceType.REVIEW,
    Design.RCT: SourceType.TRIAL,
    Design.RCT_OPEN: SourceType.TRIAL,
    Design.RCT_BLIND: SourceType.TRIAL,
    Design.SECONDARY_ANALYSIS: SourceType.TRIAL,
    Design.SINGLE_ARM: SourceType.TRIAL,
    Design.NON_RANDOMISED: SourceType.TRIAL,
    Design.PROTOCOL: SourceType.PROTOCOL,
    Design.ANIMAL: SourceType.EXPERIMENT,
    Design.HUMAN_EXPERIMENT: SourceType.EXPERIMENT,
    Design.LABORATORY: SourceType.EXPERIMENT,
    Design.COHORT: SourceType.COHORT,
    Design.CASE_CONTROL: SourceType.COHORT,
    Design.CROSS_SECTIONAL: SourceType.COHORT,
    Design.CASE_SERIES: SourceType.COHORT,
    Design.PHARMACOVIGILANCE: SourceType.COHORT,
}
_READ = {
    RecordKind.CITATION: ReadDepth.ABSTRACT,
    RecordKind.FULL_TEXT: ReadDepth.FULL_TEXT,
    RecordKind.LABEL: ReadDepth.LABEL,
    RecordKind.TRIAL_REGISTRATION: ReadDepth.FULL_PAGE,
    RecordKind.GUIDELINE: ReadDepth.FULL_TEXT,
    RecordKind.DOCUMENT: ReadDepth.FULL_TEXT,
}


def key_of(row: SourceRow) -> str:
    """The reference key of an imported source; it never meets a pack's key, which holds no colon."""
    return f"{KEY_PREFIX}{row.id}"


def title_of(record: Record) -> str:
    """The title as people know it, or what stands in for it where the file gave none."""
    ids = record.ids
    known = ids.pmid or ids.doi or ids.pmcid or ids.nct or ids.set_id or ids.other
    title = record.title if record.kind is not RecordKind.LABEL else _HIGHLIGHTS.sub("", record.title)
    return title or (f"[untitled: {known}]" if known else "[untitled]")


def source_of(row: SourceRow) -> Source:
    """The bibliographic record of an imported source; nothing is added to what its file said."""
    record, design = row.record, row.appraisal.design
    kind = _BY_KIND.get(record.kind) or (_BY_DESIGN.get(design) if design else None) or SourceType.REFERENCE_PAGE
    return Source(
        key=key_of(row),
        type=kind,
        title=title_of(record),
        authors=record.authors,
        container=record.journal_abbreviation or record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        year=record.year,
        doi=record.ids.doi,
        pmid=record.ids.pmid,
        url=record.url or _registry_address(record),
        design=design,
        participants=row.appraisal.participants,
        read=_READ[record.kind],
        state=row.state,
        state_note=row.state_note,
        licence="imported by the reader",
    )


def _registry_address(record: Record) -> str | None:
    return f"https://clinicaltrials.gov/study/{record.ids.nct}" if record.ids.nct else None
