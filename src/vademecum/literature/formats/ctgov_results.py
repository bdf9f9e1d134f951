"""Posted results of a study as lines that can be read alone: every figure with its group, unit and denominator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vademecum.literature.formats.ctgov_study import (
    AdverseEvents,
    Analysis,
    Baseline,
    Denominator,
    Event,
    Group,
    Measure,
    Measurement,
    Results,
)
from vademecum.literature.formats.text import squeeze
from vademecum.literature.records import Section

Titles = dict[str, str]


def sections(results: Results) -> Iterator[Section]:
    """Baseline, outcomes and adverse events, in the order of the register's page."""
    baseline = results.baseline_characteristics_module
    for measure in baseline.measures:
        yield _section(("Results", "Baseline characteristics", squeeze(measure.title)), _baseline(measure, baseline))
    for outcome in results.outcome_measures_module.outcome_measures:
        heading = f"{outcome.type.capitalize()} outcome" if outcome.type else "Outcome"
        yield _section(("Results", heading, squeeze(outcome.title)), _outcome(outcome))
    yield from _adverse(results.adverse_events_module)


def _section(path: tuple[str, ...], lines: Iterator[str]) -> Section:
    return Section(text="\n".join(filter(None, map(squeeze, lines))), path=tuple(filter(None, path)))


def _baseline(measure: Measure, baseline: Baseline) -> Iterator[str]:
    yield measure.title
    yield measure.description
    yield from _figures(measure, _titles(measure.groups or baseline.groups), measure.denoms or baseline.denoms)


def _outcome(measure: Measure) -> Iterator[str]:
    yield measure.title
    yield measure.description
    yield f"Time frame: {measure.time_frame}" if measure.time_frame else ""
    yield f"Analysed: {measure.population_description}" if measure.population_description else ""
    titles = _titles(measure.groups)
    for group in measure.groups:
        yield f"{group.title}: {group.description}" if group.description else ""
    yield from _figures(measure, titles, measure.denoms)
    for analysis in measure.analyses:
        yield _analysis(analysis, titles)


def _titles(groups: Sequence[Group]) -> Titles:
    return {group.id: squeeze(group.title) or group.id for group in groups}


def _figures(measure: Measure, titles: Titles, denoms: Sequence[Denominator]) -> Iterator[str]:
    for row in measure.classes:
        sizes = _sizes(row.denoms or denoms)
        for category in row.categories:
            labels = [label for label in (squeeze(row.title), squeeze(category.title)) if label]
            for found in category.measurements:
                place = [titles.get(found.group_id, found.group_id), *labels]
                yield f"{'; '.join(place)}: {_value(found, measure)}{sizes.get(found.group_id, '')}"


def _sizes(denoms: Sequence[Denominator]) -> dict[str, str]:
    """By group: " (of 50 Participants)"."""
    return {
        count.group_id: f" (of {count.value} {denom.units or 'participants'})"
        for denom in denoms[:1]
        for count in denom.counts
    }


def _value(found: Measurement, measure: Measure) -> str:
    kind = _words(measure.param_type)
    parts = [f"{found.value} {measure.unit_of_measure}".strip() or "no value"]
    if kind:
        parts[0] = f"{kind} {parts[0]}"
    spread = _dispersion(measure.dispersion_type)
    if found.spread:
        parts.append(f"{spread or 'spread'} {found.spread}")
    if found.lower_limit or found.upper_limit:
        parts.append(f"{spread or 'range'} {found.lower_limit or '?'} to {found.upper_limit or '?'}")
    if found.comment:
        parts.append(found.comment)
    return ", ".join(parts)


def _analysis(analysis: Analysis, titles: Titles) -> str:
    groups = " versus ".join(titles.get(group, group) for group in analysis.group_ids)
    parts: list[str] = []
    if analysis.param_value:
        parts.append(f"{analysis.param_type or 'estimate'} {analysis.param_value}")
    if analysis.ci_lower_limit or analysis.ci_upper_limit:
        level = f"{analysis.ci_pct_value}% CI" if analysis.ci_pct_value else "CI"
        parts.append(f"{level} {analysis.ci_lower_limit or '?'} to {analysis.ci_upper_limit or '?'}")
    if analysis.p_value:
        parts.append(f"P {analysis.p_value}" if analysis.p_value[:1] in "<>=≤≥" else f"P = {analysis.p_value}")
    if analysis.statistical_method:
        parts.append(analysis.statistical_method)
    notes = " ".join(filter(None, (analysis.group_description, analysis.estimate_comment)))
    return f"{groups or 'Analysis'}: {', '.join(parts)}. {notes}" if parts else notes


def _adverse(events: AdverseEvents) -> Iterator[Section]:
    if not events.event_groups:
        return
    lines = [f"Time frame: {events.time_frame}" if events.time_frame else "", events.description]
    for group in events.event_groups:
        for words, affected, at_risk in (
            ("all-cause deaths", group.deaths_num_affected, group.deaths_num_at_risk),
            ("any serious adverse event", group.serious_num_affected, group.serious_num_at_risk),
            ("any other adverse event", group.other_num_affected, group.other_num_at_risk),
        ):
            if affected is not None:
                lines.append(f"{group.title}: {words}, {affected}{_of(at_risk)}")
    yield _section(("Results", "Adverse events"), iter(lines))
    titles = {group.id: group.title or group.id for group in events.event_groups}
    for heading, listed in (("Serious", events.serious_events), ("Other", events.other_events)):
        if listed:
            yield _section(("Results", "Adverse events", heading), _events(listed, titles))


def _events(events: Sequence[Event], titles: Titles) -> Iterator[str]:
    for event in events:
        counts = "; ".join(
            f"{titles.get(count.group_id, count.group_id)} {count.num_affected}{_of(count.num_at_risk)}"
            for count in event.stats
            if count.num_affected is not None
        )
        if counts:
            yield f"{event.term}: {counts}"


def _of(at_risk: int | None) -> str:
    return f" of {at_risk}" if at_risk is not None else ""


def _words(token: str) -> str:
    """ "GEOMETRIC_MEAN" as "geometric mean"; a plain count needs no word."""
    words = token.replace("_", " ").lower()
    return "" if words in {"number", "count of participants", "count of units"} else words


def _dispersion(token: str) -> str:
    """The register's words: "Standard Deviation", "95% Confidence Interval"; old data has them in capitals."""
    return token.replace("_", " ").lower() if token.isupper() else token
