"""How many people a study is about, as it states the number, and which ages.

A number counts only in words that say it is the study's people: "213 patients were enrolled". Denominators and group
sizes are not added up or guessed at. Two different numbers in equally strong words are a conflict, and a conflict is
no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from vademecum.evidence.model import Design, Population
from vademecum.literature.appraisal.levels import REVIEWS
from vademecum.literature.appraisal.view import View
from vademecum.literature.words import has_any

_PEOPLE = (
    r"(?:patients?|participants?|subjects?|women|men|children|infants|neonates|newborns|adolescents|adults"
    r"|individuals|persons|people"
    r"|volunteers|students|nurses|physicians|doctors|residents|caregivers|carers|respondents|employees"
    r"|recipients|survivors|veterans"
    r"|pregnancies|mothers|girls|boys|controls|males|females|outpatients|inpatients|listeners|professionals"
    r"|cases|veterans|athletes|smokers|couples|births|residents)"
)
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d{2,3}(?:[ \u2009\u00a0\u202f]\d{3})+|\d{1,3}(?:[\u2009\u00a0\u202f]\d{3})+|\d+)"
_UNITS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORD_VALUES = {word: value for value, word in enumerate(_UNITS.split(), start=1)}
_WORD_VALUES |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SPELT = rf"(?:(?:{'|'.join(sorted(_WORD_VALUES, key=len, reverse=True))}|hundred|thousand|and)\b[- ]?)+"
_COUNTED = re.compile(rf" (?:(?:[a-z][\w'/+-]*|\([a-z]+\)),? ){{0,6}}?{_PEOPLE}\b(?!-)", re.ASCII)
_DIGITS = re.compile(r"[0-9]+(?:[, \u2009\u00a0\u202f][0-9]{3}){0,4}(?![0-9])")
_SPELT_COUNT = re.compile(rf"(?P<n>{_SPELT})(?:[a-z][\w'/+-]*,? ){{0,6}}?{_PEOPLE}\b")
_FIRST_WORD = re.compile(r"[a-z]+")
_NUMBER_WORDS = frozenset({*_WORD_VALUES, "hundred", "thousand"})
_NUMBER_STARTS = frozenset(word[:3] for word in _NUMBER_WORDS)
_N_EQUALS = re.compile(r"n ?= ?(\d{1,3}(?:,\d{3})+|\d+)")
_NAMED_N = re.compile(r"(?:participants?|patients|population|subjects|sample|volunteers) \($")
_TRIALS = re.compile(
    rf"\b(?:trials|studies|rcts|articles|cohorts) \(n ?= ?(?P<n>{_FIGURE})\)|\b(?:trials|studies|rcts"
    rf"|articles|cohorts)\b[^.;()]{{0,60}}?"
    rf"\b(?:involving|with|including|comprising|enrolling|recruiting|totall?ing|covering|on|of"
    rf") (?:a total of |data (?:from|on) )?"
    rf"(?P<m>{_FIGURE}) (?:[a-z][\w'-]* ){{0,3}}?(?:participants|patients|individuals|people|women|men"
    rf"|children|adults|subjects)\b"
    r"(?! (?:in|with|without|and) [^.]{0,40}controls?\b)(?! and \d)"
)
_RANDOMISED_AFTER = re.compile(
    r"(?:(?! were | was )[^.;]){0,140}?\b(?:were|was|underwent|been) (?:\w+ly |then |also )?(?:randomi[sz]"
    r"|randomly (?:assigned"
    r"|allocated|divided))|,? (?:were )?randomi[sz]ed\b|[^.;]{0,60}? allocated to\b"
)
_RANDOMISED_BEFORE = re.compile(
    r"\b(?:randomi[sz]ed|randomly (?:assigned|allocated)|randomi[sz]ation of|conducted (?:among|on|in|with)"
    r"|trial (?:of|among|in)|were) (?:a total of )?$"
)
_GROUP_AFTER = re.compile(
    r"[^.;]{0,60}?\b(?:randomi[sz]ed|assigned|allocated|randomi[sz]ation) to (?![^.;]*\b(?:or|either|versus|vs)\b)"
    r"(?![^.;]*\bgroups\b)|[^.;]{0,80}?\band (?:\d+|[a-z]+(?:-[a-z]+)?) to\b"
)
_ASIDE = re.compile(r" ?\([^)]*\)")
_ENROLLED_AFTER = re.compile(
    r" (?:enrolled|included|recruited|studied|analy[sz]ed|investigated|evaluated)\b| in (?:this|our"
    r"|the present) (?:study|series|cohort|analysis)\b"
    r"| [^.;]{90,240}?\bwere (?:enrolled|included|recruited)\b"
    r"|(?:[ ,][^.;]{0,90}?)?\b(?:were|was) (?:\w+ly |also |then |all )?(?:enrolled|included|recruited"
    r"|studied|analy[sz]ed|evaluated|examined|assessed|reviewed"
    r"|identified|investigated|interviewed|surveyed|followed|selected|invited|informed|tested|observed"
    r"|eligible|screened|treated|admitted)\b"
    r"|[^.;]{0,60}?\b(?:participated|took part|met the (?:inclusion|study|eligibility)|met inclusion"
    r"|completed the (?:survey|study|trial|questionnaire)|entered the)\b"
    r"|(?: with [^.;]{0,60})? (?:received|underwent)\b[^.;]{0,80}?(?:\bor placebo|$|\.)"
)
_ENROLLED_BEFORE = re.compile(
    r"\b(?:enrolled|recruited|included|comprised|comprises|comprising|studied|analy[sz]ed|evaluated|examined"
    r"|reviewed|interviewed|surveyed|identified|assessed|investigated"
    r"|consisted of|consists of|consisting of|among|participants were|subjects were|sample of|sample was"
    r"|cohort of|series of|total of|available (?:in|for|from)|data (?:from|on|of|for)"
    r"|records of|charts of|files of|completed by|study (?:of|in|on)|analysis of|review of|involving"
    r"|measurements from|from the|collected from|breasts of|survey of|in this study)"
    r" (?:retrospectively |prospectively |all |only |the |data (?:from|of|on) |the (?:medical )?(?:records"
    r"|charts|data) (?:of|from) )*(?:a total of |an? )?$"
)
_UNDERWENT_AFTER = re.compile(
    r"(?:[^.;]{0,40}?)? (?:underwent|undergoing|received|presented|had|who|developed|was carried|were treated|with)\b"
)
_WEAK_BEFORE = re.compile(r"(?:^|[.:;,] |\bin |\bout of |\bof )$")
_EXCLUDED = re.compile(
    r"[^.;]{0,50}\b(?:excluded|withdrew|dropped out|died|refused|declined|lost to|were male|were female)"
    r"|[^.;]{0,40}? and (?:\d+|[a-z-]+) [^.;]{0,40}\bcontrols?\b|,? (?:the |in the |as )?(?:controls?"
    r"|comparison) (?:group|served)| served as"
)
_PER = re.compile(r" (?:per|each|a) ")
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|from|until|during|by|to|and|between|of|january|july|december|june|may|april|march)\s$"
)

Span = tuple[int, int]


def participants_of(seen: View, design: Design | None) -> tuple[int, Span] | None:
    """The people randomised, else enrolled, as one stated number with the place of its digits or words."""
    if design in REVIEWS:
        return _decided([(value, span) for value, span in _of_trials(seen)])
    tiers: tuple[list[tuple[int, Span]], ...] = ([], [], [])
    for value, span, tier in _counted(seen):
        tiers[tier].append((value, span))
    tiers[1].extend(_n_equals(seen))
    if design is Design.CASE_CONTROL and not tiers[0]:  # cases and controls are counted apart, so one count is a part
        tiers = ([], [(value, span) for value, span in tiers[1] if "total of " in seen.whole[: span[0]][-9:]], [])
    for found in tiers:
        if found:
            return _decided(found)
    return None


def _decided(found: list[tuple[int, Span]]) -> tuple[int, Span] | None:
    """One number, or the one that is the sum of all the others; anything else is a conflict."""
    values = {value for value, _ in found}
    if not values:
        return None
    largest = max(values)
    if len(values) > 1 and largest * 2 != sum(values):
        return None
    return next((value, span) for value, span in found if value == largest)


class _Count(NamedTuple):
    """A number with the noun it counts: digits at `start`, noun ending at `end`."""

    value: int
    start: int
    stop: int  # behind the number
    end: int  # behind the noun


_GLUED = frozenset("/=<>≥≤-.,_")


def _figures(text: str, start: int, end: int) -> Iterator[_Count]:
    """Numbers in digits before a noun for people."""
    for match in _DIGITS.finditer(text, start, end):
        at, stop = match.span()
        if text[stop : stop + 1] != " " or not _worded(text, stop + 1):
            continue
        if " " in match[0] and match[0].index(" ") < 2:  # "group 1 150 patients": the last group is the number
            at = match.start() + match[0].rindex(" ") + 1
        before = text[at - 1 : at] if at > start else ""
        if before in _GLUED or before.isalnum():
            continue
        noun = _COUNTED.match(text, stop, end)
        if noun is not None and stop - at < 12:
            value = _value(text[at:stop])
            if not (1900 <= value <= 2099 and stop - at == 4 and _YEAR_BEFORE.search(text[max(0, at - 12) : at])):
                yield _Count(value, at, stop, noun.end())


def _worded(text: str, at: int) -> bool:
    following = text[at : at + 1]
    return following.isalpha() or following == "("


def _spelt(text: str, start: int, end: int) -> Iterator[_Count]:
    """Numbers in words where sentences begin, or behind "total of"."""
    for at in _openings(text, start, end):
        first = _FIRST_WORD.match(text, at, end)
        match = _SPELT_COUNT.match(text, at, end) if first and first[0] in _NUMBER_WORDS else None
        if match is not None:
            yield _Count(_value(match["n"]), at, at + len(match["n"].rstrip(" -")), match.end())


def _openings(text: str, start: int, end: int) -> list[int]:
    """Where a number may open, if the letters there are those of one: most sentences begin with another word."""
    found = [start]
    for mark in (". ", "total of ", ": ", "included ", "; "):
        at = text.find(mark, start, end)
        while at >= 0:
            at += len(mark)
            if text[at : at + 3] in _NUMBER_STARTS:
                found.append(at)
            at = text.find(mark, at - len(mark) + 1, end)
    return found


def _counted(seen: View) -> Iterator[tuple[int, Span, int]]:
    text = seen.whole
    for start, end in seen.counted:
        for count in (*_figures(text, start, end), *_spelt(text, start, end)):
            if count.value < 2:
                continue
            tier = 1 if _opens(seen, count) else _tier(text, count, start, end)
            if tier is not None:
                yield count.value, (count.start, count.stop), tier


def _tier(text: str, count: _Count, start: int, end: int) -> int | None:
    """0 randomised, 1 enrolled, 2 only mentioned as those treated; None when it is a part of them."""
    before = text[max(start, count.start - 60) : count.start]
    after = text[count.end : min(end, count.end + 260)]
    aside = _ASIDE.match(after)
    if aside:
        after = after[aside.end() :]
    if _is_part(text[count.stop : count.end], after):
        return None
    if _randomised(after) or ("random" in before and _RANDOMISED_BEFORE.search(before)):
        return 0
    if _ENROLLED_BEFORE.search(before) or _ENROLLED_AFTER.match(after):
        return 1
    if _WEAK_BEFORE.search(before[-10:]) and _UNDERWENT_AFTER.match(after):
        return 2
    return None


def _randomised(after: str) -> bool:
    return ("random" in after or "allocated to" in after) and _RANDOMISED_AFTER.match(after) is not None


def _is_part(noun: str, after: str) -> bool:
    return (
        " control" in noun
        or _EXCLUDED.match(after) is not None
        or _PER.match(after) is not None
        or (" to" in after and _GROUP_AFTER.match(after) is not None)
    )


def _opens(seen: View, count: _Count) -> bool:
    """Whether the number opens a part headed "participants": "PARTICIPANTS 58,076 women"."""
    for start in seen.people:
        if 0 <= count.start - start < 5:
            return "control" not in seen.whole[count.stop : count.end]
    return False


def _n_equals(seen: View) -> Iterator[tuple[int, Span]]:
    if "n = " not in seen.whole and "n=" not in seen.whole:
        return
    text = seen.whole
    for start, end in seen.counted:
        for match in _N_EQUALS.finditer(text, start, end):
            at = match.start()
            alone = (at == start or text[max(0, at - 2) : at] in (". ", ": ", "; ")) and text[
                match.end() : match.end() + 1
            ] in (".", "")
            if alone or (
                _NAMED_N.search(text[max(start, at - 16) : at])
                and text[match.end() : match.end() + 1] in (")", ",", ";")
            ):
                yield int(match[1].replace(",", "")), match.span(1)


def _of_trials(seen: View) -> Iterator[tuple[int, Span]]:
    for start, end in seen.counted:
        for match in _TRIALS.finditer(seen.whole, start, end):
            name = "n" if match["n"] else "m"
            if len(match[name]) < 12:
                yield _value(match[name]), match.span(name)


def _value(words: str) -> int:
    """The number in digits or words.

    >>> _value("1,234"), _value("two hundred three "), _value("one thousand ninety-nine")
    (1234, 203, 1099)
    """
    if words[0].isdigit():
        return int(re.sub(r"\D", "", words))
    total = part = 0
    for word in re.split(r"[\s-]+", words.strip(" -")):
        if word == "hundred":
            part = max(part, 1) * 100
        elif word == "thousand":
            total, part = total + max(part, 1) * 1000, 0
        elif word != "and":
            part += _WORD_VALUES[word]
    return total + part


# --- ages ------------------------------------------------------------------------------------------------

_TAGS = {
    "Adult": Population.ADULT,
    "Young Adult": Population.ADULT,
    "Middle Aged": Population.ADULT,
    "Aged": Population.OLDER_ADULT,
    "Aged, 80 and over": Population.OLDER_ADULT,
    "Frail Elderly": Population.OLDER_ADULT,
    "Octogenarians": Population.OLDER_ADULT,
    "Nonagenarians": Population.OLDER_ADULT,
    "Infant": Population.PAEDIATRIC,
    "Infant, Newborn": Population.PAEDIATRIC,
    "Infant, Premature": Population.PAEDIATRIC,
    "Child": Population.PAEDIATRIC,
    "Child, Preschool": Population.PAEDIATRIC,
    "Adolescent": Population.PAEDIATRIC,
    "Pregnancy": Population.PREGNANCY,
    "Pregnant Women": Population.PREGNANCY,
    "Pregnant People": Population.PREGNANCY,
}
_TAG_NAMES = frozenset(_TAGS)
_WORDS: tuple[tuple[Population, re.Pattern[str]], ...] = (
    (
        Population.PAEDIATRIC,
        re.compile(
            r"\b(?:children|child|pa?ediatric|infants?|neonat(?:al|es?)|newborns?|adolescents?|toddlers?|preterm)\b"
        ),
    ),
    (
        Population.ADULT,
        re.compile(r"\badults?\b|\baged (?:18|≥ ?18)|\b18 years (?:of age )?(?:or|and) (?:older|above|over)"),
    ),
    (
        Population.OLDER_ADULT,
        re.compile(r"\b(?:elderly|geriatric)\b|\bolder (?:adults|people|patients|persons|men|women)\b|\baged 65\b"),
    ),
    (Population.PREGNANCY, re.compile(r"\bpregnan(?:t|cy|cies)\b")),
)
_AGE_HINTS = (
    "child",
    "ediatric",
    "infant",
    "neonat",
    "newborn",
    "adolesc",
    "toddler",
    "preterm",
    "adult",
    "aged ",
    "18 years",
    "elderly",
    "geriatric",
    "older",
    "pregnan",
)
_ORDER = tuple(Population)


def populations_of(seen: View) -> tuple[Population, ...]:
    """Ages and pregnancy by an indexer's check tags, else as the title and methods say."""
    tags = seen.mesh & _TAG_NAMES
    if tags:
        return _tagged(tags)
    text = f"{seen.title} {seen.methods}"
    if not has_any(text, _AGE_HINTS):
        return ()
    return _ordered({population for population, pattern in _WORDS if pattern.search(text)})


@lru_cache(maxsize=1024)
def _tagged(tags: frozenset[str]) -> tuple[Population, ...]:
    """Kept, since few combinations of check tags cover nearly all citations."""
    return _ordered({_TAGS[name] for name in tags})


def _ordered(found: set[Population]) -> tuple[Population, ...]:
    return tuple(sorted(found, key=_ORDER.index))
