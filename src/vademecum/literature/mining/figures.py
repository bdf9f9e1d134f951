"""The figures of a numeric result and what each stands for.

A figure gets a role only where the words around it say so; a number without such words is left out. Signs belong to
the figure: "<0.001" and "-0.5" keep them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vademecum.literature.findings import Figure, Role
from vademecum.literature.words import has_any

_WHOLE_N = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]+)"
_UNSIGNED = rf"(?<![0-9.,·])(?:{_WHOLE_N}(?:[.·][0-9]+)?|[.·][0-9]+)(?![0-9])(?![.,·][0-9])"
_N = rf"(?:(?<![0-9A-Za-z.%)])[-−–+](?=[0-9.·]))?{_UNSIGNED}"
_SMALL = r"[0-9]?[.,·][0-9]+(?: ?[x×] ?10[-−⁻]?[0-9⁰-⁹]+)?(?![0-9])(?![.,·][0-9])"
_P = re.compile(
    rf"\b[pP](?:[- ]?[vV]alues?)?(?: ?\([^()]{{1,20}}\))?(?: for [a-z]+| of)? ?(?:[=:] ?(?P<plain>{_SMALL}"
    rf"|[01](?![0-9.,]))"
    rf"|(?P<signed>(?:<|>|≤|≥|⩽|⩾|</=|>/=|<or ?= ?|>or ?= ?|< ?or ?=) ?(?:{_SMALL}|[01](?![0-9.,·])))"
    rf"|(?<=of )(?P<of>{_SMALL}))"
)
_TO = r"(?: ?(?:to|and|;) ?|, | ?[-–—−] ?|,(?=[-−–])|(?<=[.·][0-9]),|(?<=[.·][0-9]{2}),|(?<=[.·][0-9]{3}),)"
_CI = re.compile(
    rf"\b9[059](?:\.[0-9])? ?%[- ]?(?:confidence (?:intervals?|limits)|credible intervals?|CIs?|CrI|C\.I\."
    rf"|ci)(?: ?[\[(](?:CIs?|CrI)[\])])?(?: (?:of|from|was|range[ds]?|:))?[ ,:;=]*[\[(]? ?"
    rf"(?:from )?(?P<low>{_N})(?P<unit> ?(?:%|(?!to\b|and\b)[a-z]{{1,4}}))?{_TO}(?P<high>{_N})"
)
_BARE_CI = re.compile(rf"(?P<effect>{_N}) ?[\[(](?P<low>{_N}){_TO}(?P<high>{_N})[\])]")
_BEFORE_CI = re.compile(rf"(?P<effect>{_N})(?P<percent> ?%)?(?: [a-z]{{1,8}})?[\s,;:(\[]*$")
_MEASURES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("standardised mean difference", r"\bstandardi[sz]ed mean differences?\b|\bSMDs?\b"),
        ("mean difference", r"\b(?:weighted )?mean differences?\b|\bW?MDs?\b"),
        ("risk difference", r"\babsolute risk (?:difference|reduction)s?\b|\brisk differences?\b|\bARR\b|\bRD\b"),
        ("NNT", r"\bnumbers? needed to treat\b|\bNNTs?\b"),
        ("NNH", r"\bnumbers? needed to harm\b|\bNNHs?\b"),
        ("OR", r"\b[oO]dds ratios?\b|\ba?ORs?\b"),
        ("HR", r"\b[hH]azards? ratios?\b|\ba?HRs?\b"),
        ("IRR", r"\b[iI]ncidence rate ratios?\b|\bI?RRs?\b(?= ?[=:(,]? ?[0-9.])(?<=IRR)"),
        (
            "RR",
            r"\b[rR]isk ratios?\b|\b[rR]elative (?:risk"
            r"|rate)s?\b(?! reduction)(?<!xcess relative risk)(?<!xcess relative risks)|\b[rR]ate ratios?\b"
            r"|\ba?RRs?\b",
        ),
        ("PR", r"\b[pP]revalence ratios?\b"),
        ("AUC", r"\bAUCs?\b|\b[cC]-statistic\b|\barea under the (?:ROC )?curve\b"),
    )
)
_NAMED_EFFECT = re.compile(
    rf"(?: ?[\[(](?:[A-Z]{{2,4}}s?)[\])])?(?: (?:for|of|in) (?:(?! per\b)[a-z -]){{3,40}})??(?: (?:was|were|is|of"
    rf"|=))?[ ,:;=\[(]{{0,3}}(?P<effect>{_N})(?! ?%? ?(?:confidence|CI\b))(?! ?%)"
)
_PERCENT = re.compile(rf"(?<![/A-Za-z])(?P<n>{_N}) ?(?:%|per ?cent\b)")
_INTERVAL_AHEAD = re.compile(r"[- ]?(?: ?confidence| ?credible| ?CI\b| ?CIs\b| ?CrI\b|CI\b| ?C\.I| ?ci\b)")
_LIMIT_BEFORE = re.compile(r"(?:[<>≤≥]|>/=|</=|or ?=|at least|more than|less than|over|above|below|up to) ?$")
_COUNT_PERCENT = re.compile(
    r"(?P<n>[0-9]{1,3}(?:,[0-9]{3}){1,4}"
    r"|[0-9]+) ?(?:(?:[a-zA-Z][\w-]*) ){0,3}?[\[(](?P<p>[0-9]+(?:[.·][0-9]+)?) ?%[\])]"
)
_OF = re.compile(
    r"(?P<events>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]+)(?: ?/ ?| of (?:the |these |all )?"
    r"| out of (?:the |a total of )?)(?P<all>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]+)(?![0-9.·/]|[,][0-9])"
)
_OF_NOUN = re.compile(
    r" ?(?:[\[(]\d|[;,.)]|(?:[\w-]+ ){0,3}?(?:patients|participants|subjects|women|men|children|infants"
    r"|people|persons|cases|eyes|knees|laboratories|studies|trials|samples|sera|individuals|adults"
    r"|examined)\b)"
)
_WHOLE = re.compile(
    r"\b(?:[oO]f|[oO]ut of|[aA]mong|[iI]n) (?:the |these |all |a total of )?(?P<n>[0-9]{1,3}(?:,[0-9]{3}){1,4}"
    r"|[0-9]+) (?:[\w-]+ ){0,3}?[a-z]+"
)
_SPREAD = re.compile(
    rf"(?P<mean>{_N}) ?(?P<unit>%|[a-zA-Z/]{{1,8}})? ?(?:±|\+/[-−]|\+[-−]"
    rf"|\+ ?/ ?[-−]) ?(?P<spread>{_UNSIGNED})"
)
_MEAN = re.compile(
    rf"\b(?:[mM]ean|[aA]verage)\b(?![- ](?:difference|arterial|corpuscular"
    rf"|cell))[^.;,()<>%]{{0,70}}?\b(?:was|were|is|of|=) ?(?:about |around "
    rf"|approximately )?(?P<mean>{_N})(?! ?(?:%|±|\+/|of\b|to\b|[-–]))(?P<unit> [a-zA-Z%/]+)?"
)
_COMPARED = r"(?:compared (?:to|with)|versus|vs\.?|and|than)"
_ARM = re.compile(
    r"\b(?:in|for|with|of|to|between|among|than|versus|vs\.?) (?:the |an? )?(?P<arm>(?:(?!the\b|and\b|to\b"
    r"|in\b|with\b)[A-Za-z][\w+/-]* ){1,3}(?:groups?|arms?)|group [A-Z0-9]{1,3}|groups? [IV]{1,3})\b"
)
_GENERIC = frozenset(
    ["each", "both", "either", "all", "two", "three", "that", "this", "these", "those", "other", "same", "study", "age"]
)
"""Words that make "group" no name: "in both groups"."""


_PLAIN = str.maketrans("\n\u2009\u00a0\u202f", "    ")


def figures_in(text: str, start: int) -> tuple[Figure, ...]:
    """Figures of the sentence `text` that begins at `start` of the document, in order of place."""
    taken: dict[tuple[int, int], Figure] = {}
    plain = text.translate(_PLAIN)
    for role, (a, b), measure, unit in _found(plain):
        if b > a and not any(x < b and a < y for x, y in taken) and _certain(role, plain, a, measure):
            taken[a, b] = Figure(role=role, start=start + a, end=start + b, text=text[a:b], measure=measure, unit=unit)
    return tuple(_with_arms(text, start, [taken[span] for span in sorted(taken)]))


_SIGNS = frozenset("-−–+")
_RATIOS = frozenset({"OR", "HR", "RR", "IRR", "PR", "AUC"})


def _certain(role: Role, text: str, start: int, measure: str | None) -> bool:
    """Whether the sign of a number is beyond doubt: a dash before it is a sign, a range or a pause."""
    if role in (Role.ARM, Role.OUTCOME, Role.P_VALUE):
        return True
    if text[start] in _SIGNS:
        return measure not in _RATIOS
    return role in (Role.INTERVAL_HIGH, Role.SPREAD) or text[max(0, start - 2) : start].rstrip(" ")[-1:] not in _SIGNS


Measures = list[tuple[str, re.Match[str]]]
Found = tuple[Role, tuple[int, int], str | None, str | None]


def _found(text: str) -> Iterator[Found]:
    """Figures from the surest words to the least sure; the first to claim a number keeps it."""
    yield from _p_values(text)
    digits = "%" in text or "cent" in text
    measures = _measures(text)
    yield from _intervals(text, measures)
    yield from _effects(text, measures)
    if "/" in text or " of " in text:
        yield from _fractions(text)
    if digits:
        yield from _counts_with_percent(text)
    yield from _means(text)
    if digits:
        yield from _percents(text)
    yield from _arms(text)


_MEASURE_HINTS = (
    "ratio",
    "isk",
    "elative",
    "ate ratio",
    "ifference",
    "OR",
    "HR",
    "RR",
    "MD",
    "RD",
    "PR",
    "NN",
    "eeded",
    "AUC",
    "statistic",
    "nder the",
)


def _measures(text: str) -> Measures:
    """The measures of effect a sentence names, with where it names them first."""
    if not has_any(text, _MEASURE_HINTS):
        return []
    return [(name, match) for name, pattern in _MEASURES if (match := pattern.search(text))]


def _p_values(text: str) -> Iterator[Found]:
    if "p" not in text and "P" not in text:
        return
    for match in _P.finditer(text):
        group = match.lastgroup
        if group:
            yield Role.P_VALUE, match.span(group), None, None


def _intervals(text: str, measures: Measures) -> Iterator[Found]:
    if not measures and "9" not in text:
        return
    seen = False
    for match in _CI.finditer(text):
        if not _ordered(match):
            continue
        seen = True
        yield Role.INTERVAL_LOW, match.span("low"), None, None
        yield Role.INTERVAL_HIGH, match.span("high"), None, None
        effect = _BEFORE_CI.search(text, max(0, match.start() - 40), match.start())
        name = _nearest(measures, match.start())
        if effect and name and _between(effect["effect"], match["low"], match["high"]):
            yield Role.EFFECT, effect.span("effect"), name, "%" if effect["percent"] else None
    if not (seen or any(name not in ("AUC", "NNT") for name, _ in measures)):
        return
    for match in _BARE_CI.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()].lower()
        if "median" in before or "iqr" in before or "range" in before or "mean" in before:
            continue
        name = _nearest(measures, match.start())
        if name and _ordered(match) and _between(match["effect"], match["low"], match["high"]):
            yield Role.EFFECT, match.span("effect"), name, None
            yield Role.INTERVAL_LOW, match.span("low"), None, None
            yield Role.INTERVAL_HIGH, match.span("high"), None, None


def _effects(text: str, measures: Measures) -> Iterator[Found]:
    named = {name for name, _ in measures}
    for name, pattern in _MEASURES:
        if name not in named:
            continue
        for match in pattern.finditer(text):
            effect = _NAMED_EFFECT.match(text, match.end())
            if effect and effect["effect"]:
                yield Role.EFFECT, effect.span("effect"), name, None


def _nearest(measures: Measures, at: int) -> str | None:
    """The only measure named before a place; with two different ones the sentence does not say which."""
    names = {name for name, match in measures if match.start() < at}
    return names.pop() if len(names) == 1 else None


_PART_OF = re.compile(r"\b(?:of|from|among) (?:the |these |all |a total of )?$")
_GLUED_COUNT = frozenset("0123456789.,·/=±-–−")
_RANGE_AHEAD = re.compile(r"[-–—−] ?[0-9]| to [0-9.]+ ?%")


def _counts_with_percent(text: str) -> Iterator[Found]:
    for match in _COUNT_PERCENT.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if before[-1:] in _GLUED_COUNT or before.endswith("± ") or _PART_OF.search(before):
            continue
        yield Role.EVENTS, match.span("n"), None, None
        yield Role.PERCENT, match.span("p"), None, "%"
        whole = None
        for candidate in _WHOLE.finditer(text, 0, match.start()):
            whole = candidate
        if whole and _is_share(match["n"], whole["n"], match["p"]):
            yield Role.DENOMINATOR, whole.span("n"), None, None


_GLUED = frozenset("0123456789.,·/-")


def _fractions(text: str) -> Iterator[Found]:
    for match in _OF.finditer(text):
        events, whole = _number(match["events"]), _number(match["all"])
        if (
            events is None
            or whole is None
            or not 0 <= events <= whole
            or whole < 5
            or "mm hg" in text[match.end() :][:8].lower()
        ):
            continue
        slash = "/" in match[0]
        if slash and not re.match(
            r" ?(?:\(\d|[a-z]+ (?:patients|participants|women|men|children|cases))|\)| patients| participants",
            text[match.end() :],
        ):
            continue
        if not slash and not _OF_NOUN.match(text, match.end()):
            continue
        yield Role.EVENTS, match.span("events"), None, None
        yield Role.DENOMINATOR, match.span("all"), None, None


_NOT_MEANS = ("median", "effect size", "coefficient", "slope", "difference", "ratio", "β", "beta")


def _means(text: str) -> Iterator[Found]:
    low = text.lower()
    if ("±" in text or "+" in text) and not has_any(low, _NOT_MEANS):
        for match in _SPREAD.finditer(text):
            yield Role.MEAN, match.span("mean"), None, match["unit"]
            yield Role.SPREAD, match.span("spread"), None, match["unit"]
    if "mean" in low or "average" in low:
        for match in _MEAN.finditer(text):
            unit = (match["unit"] or "").strip() or None
            yield Role.MEAN, match.span("mean"), None, unit
            if unit and "/" in unit:
                other = re.compile(rf"{_COMPARED} (?P<mean>{_N}) ?{re.escape(unit)}(?!\w)").search(text, match.end())
                if other:
                    yield Role.MEAN, other.span("mean"), None, unit


def _percents(text: str) -> Iterator[Found]:
    for match in _PERCENT.finditer(text):
        if (
            _RANGE_AHEAD.match(text, match.end())
            or _INTERVAL_AHEAD.match(text, match.end())
            or _LIMIT_BEFORE.search(text, max(0, match.start() - 10), match.start())
        ):
            continue
        yield Role.PERCENT, match.span("n"), None, "%"


def _arms(text: str) -> Iterator[Found]:
    if "group" not in text and "arm" not in text:
        return
    seen: set[str] = set()
    for match in _ARM.finditer(text):
        words = match["arm"].split()
        name = match["arm"].lower()
        if words[0].lower() in _GENERIC or name in seen or words[-1] in ("groups", "arms"):
            continue
        seen.add(name)
        yield Role.ARM, match.span("arm"), None, None


_TO_ARM = re.compile(
    r"(?:%|\)| [a-zA-Z/%]{1,12})?(?: \([^()]{0,40}\))? (?:patients |of patients |women |men "
    r"|children )?(?:in|for|with|of) (?:the |an? )?$"
)
_GROUPED = frozenset({Role.PERCENT, Role.EVENTS, Role.MEAN})


def _with_arms(text: str, start: int, figures: list[Figure]) -> Iterator[Figure]:
    """Figures with the arm they belong to, where the arm follows at once: "16% in the statin group"."""
    arms = [figure for figure in figures if figure.role is Role.ARM]
    for figure in figures:
        arm: int | None = None
        if figure.role in _GROUPED and arms:
            for index, named in enumerate(arms):
                between = text[figure.end - start : max(0, named.start - start)]
                if named.start >= figure.end and len(between) < 60 and _TO_ARM.fullmatch(between):
                    arm = index
        if arm is None:
            yield figure
        else:
            yield Figure(
                role=figure.role,
                start=figure.start,
                end=figure.end,
                text=figure.text,
                measure=figure.measure,
                unit=figure.unit,
                arm=arm,
            )


def _number(text: str) -> float | None:
    plain = text.replace(",", "").replace("·", ".").replace("−", "-").replace("–", "-").lstrip("+")
    try:
        return float(plain)
    except ValueError:
        return None


def _ordered(match: re.Match[str]) -> bool:
    """Whether the bounds are in order and their signs certain: "-1.2 -0.3" is not."""
    first, second = _number(match["low"]), _number(match["high"])
    if first is None or second is None or first > second:
        return False
    between = match.string[match.end("low") : match.start("high")].strip()
    return match["low"][0] not in _SIGNS or match["high"][0] in _SIGNS or between not in ("-", "–", "—", "−")


def _between(effect: str, low: str, high: str) -> bool:
    first, middle, last = _number(low), _number(effect), _number(high)
    return first is not None and middle is not None and last is not None and first <= middle <= last


def _is_share(events: str, whole: str, percent: str) -> bool:
    part, total, share = _number(events), _number(whole), _number(percent)
    if part is None or not total or share is None:
        return False
    return abs(100 * part / total - share) < 0.6
