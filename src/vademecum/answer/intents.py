"""What a question wants to know, from its words alone. Patterns are kept one wish a line group, most specific first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vademecum.answer.question import Intent
from vademecum.evidence.terms import fold, words

_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.COMPARISON,
        re.compile(
            r"\b(?:versus|vs\.?|compared? (?:with|to)|compare|comparison|better than|superior to|difference between|"
            r"prefer\w* (?:over|to)|instead of|rather than|which is (?:better|safer|stronger))\b"
        ),
    ),
    (
        Intent.REFRACTORY,
        re.compile(
            r"(?:\b(?:not|no|without|lack of|never)|n't|\b(?:doesnt|isnt|didnt|dont|arent|wont))\b.{0,30}\b(?:respon\w+|improv\w+|getting better|help(?:ed|ing|s)?|work(?:ed|ing|s)?|settl\w+)\b|"
            r"\b(?:refractory|resistant|fail(?:s|ed|ing)|(?<!heart )(?<!kidney )(?<!renal )(?<!liver )(?<!respiratory )(?<!cardiac )failure|not respond\w*|no response|non-?respon\w+|inadequate response|"
            r"does(?: not|n't) (?:work|help)|did(?: not|n't) (?:work|help)|not (?:working|improving|better)|next step|"
            r"second[- ]line|third[- ]line|after (?:steroids?|first[- ]line)|relaps\w+|unresponsive|not settling|step(?:ped)? up|no better|not controlled|still active|flar(?:e|es|ing)|escalat\w+|"
            r"despite (?:treatment|therapy|steroids?))\b"
        ),
    ),
    (
        Intent.DOSE,
        re.compile(
            r"\b(?:(?<!high )(?<!high-)(?<!low )(?<!low-)(?<!lowest )(?<!effective )(?<!last )(?<!final )(?<!missed )dos(?:e|es|ed|age|ages|ing)|how (?:much(?! alcohol)|many mg)|mg/kg|mg/m2|milligrams?|maximum|max|titrat\w+|taper\w*|"
            r"how (?:often|long)\b.{0,30}\b(?:give|take|use|given|taken|used|be)|how long (?:may|can|should)|infusion rate)\b"
        ),
    ),
    (
        Intent.MONITORING,
        re.compile(
            r"\b(?:monitor\w*|follow-?up|blood tests? (?:during|while|on)|how often\b.{0,70}\b(?:check\w*|test\w*|measur\w+|bloods?|monitor\w*)|bloods?\b.{0,20}\bhow often|keep an eye on|"
            r"surveillance|screen(?:ing|ed)? (?:for cancer|interval)|what (?:bloods?|labs?|tests?) (?:during|on|while|for)|"
            r"check(?:s|ed)? (?:during|while|on)|\bcheck(?:ed)?\b.{0,30}\bvisits?|should .{0,40}\bcheck\b|measur\w+ response|respon\w+ .{0,30}(?:measured|graded|judged|scored))\b"
        ),
    ),
    (
        Intent.RED_FLAGS,
        re.compile(
            r"\b(?:(?<!without )(?<!no )red[- ]flags?|warning signs?|danger signs?|when (?:is|should|to) .{0,40}\b(?:emergency|urgent|worr\w+|refer\w*|"
            r"hospital|seek help|admit\w*)|emergency signs?|need(?:s)? urgent|same[- ]day)\b"
        ),
    ),
    (
        Intent.WORKUP,
        re.compile(
            r"\b(?:work-?up|worked up|diagnos\w+|investigat\w+|which tests?|what tests?|assess(?:ment|ed)?|antibod\w+|biops\w+|mri|"
            r"differential|criteria|classif\w+|how (?:is|do (?:you|i|we)) .{0,40}(?:recognis|recogniz|distinguish|tell|differentiat|suspect|"
            r"identif|confirm)\w*|tell .{0,40} (?:apart|from)|features?|signs?|symptoms?|present(?:s|ation)?|evaluat\w+|"
            r"screen(?:ing)? (?:before|tests?)|baseline tests?|causes?)\b"
        ),
    ),
    (
        Intent.SAFETY,
        re.compile(
            r"\b(?:safe(?:ty|ly)?|contraindicat\w+|interact\w*|side[- ]effects?|adverse|warnings?|boxed|black box|risks?|toxic\w*|"
            r"pregnan\w+|breast-?feed\w+|lactati\w+|harm\w*|avoid\w*|precautions?|caution\w*|allowed|"
            r"who (?:must|should|can|may)(?: not|n't)|"
            r"can (?:i|you|we|it|she|he|they|\w+) .{0,60}\b(?:with|together|combin\w+|if|in)\b|combin(?:e|ed|ing|ation)|"
            r"(?:renal|kidney|liver|hepatic|heart|cardiac) (?:failure|impairment|disease|function|block|problems?)|dialysis|"
            r"re-?challeng\w+|restart\w*|overdos\w+|stop(?:ped|ping)? (?:suddenly|abruptly)|withdraw\w*|off-?label|monograph)\b"
        ),
    ),
    (
        Intent.ALTERNATIVES,
        re.compile(
            r"\b(?:alternatives?|other options?|other (?:drugs?|medicines?|treatments?)|substitut\w+|intoleran\w+|intolerant|"
            r"can(?:not|'t) (?:take|tolerate|use|have)|steroid[- ]sparing|options? (?:if|when|besides|other)|replace\w*|"
            r"instead)\b"
        ),
    ),
    (
        Intent.EVIDENCE,
        re.compile(
            r"\b(?:evidence|trials?|stud(?:y|ies)|meta-?analys\w+|cochrane|systematic reviews?|how effective|efficac\w+|effective\w*|"
            r"does .{0,60}\b(?:work|help|improve|reduce|speed|add)|do .{0,60}\b(?:work|help|improve|reduce|add)|benefit\w*|proven|"
            r"number needed|outcomes?|surviv\w+|prognos\w+|mortality|how many (?:people|patients)|what (?:share|proportion|percent\w*))\b"
        ),
    ),
    (
        Intent.TREATMENT,
        re.compile(
            r"\b(?:treat\w*|therap\w+|manag\w+|first[- ]line|cure\w*|remed\w+|what (?:to do|can be done|helps|do i do)|"
            r"how (?:to|do (?:you|i|we)) (?:help|stop|relieve|handle|deal|fix|ease)|options?|prescrib\w+|approach to|offered?|guidelines? (?:say|recommend|advise)|do first|what (?:do|would|should) (?:you|doctors|we|i|one) (?:do|give|offer|try)|"
            r"medic(?:ine|ation)s? for|drugs? for|care of|start\w*|induction|relief|relieve\w*|helps?|medicines? (?:are|is)|best (?:drug|medicine|option))\b"
        ),
    ),
)


_BEFORE_TREATMENT = frozenset({Intent.COMPARISON, Intent.REFRACTORY, Intent.DOSE, Intent.ALTERNATIVES})
_TESTS = re.compile(r"\b(?:which|what) (?:\w+ )?(?:tests?|labs?|bloods?|checks?)\b|\bbloods\b|\blabs\b")
_ASKS_TREATMENT = re.compile(
    r"(?:how|what)\b.{0,25}\b(?:treat|manag|therap)|(?:the )?(?:best |first[- ]line |initial )?"
    r"(?:treatment|management|therapy)(?: options?)? (?:of|for|in)\b"
)


def intent_of(text: str, drugs: Sequence[str]) -> Intent:
    """The first pattern that fits, from the most specific wish to the most general."""
    folded = fold(text)
    wishes = [intent for intent, pattern in _INTENTS if pattern.search(folded)]
    if (
        Intent.COMPARISON in wishes
        and len(drugs) < 2
        and not re.search(r"\b(?:vs|versus|compar|better than)\b", folded)
    ):
        wishes.remove(Intent.COMPARISON)
    if drugs and wishes[:1] == [Intent.REFRACTORY] and Intent.EVIDENCE in wishes:
        return Intent.EVIDENCE
    if drugs and not set(wishes) & {Intent.DOSE, Intent.SAFETY, Intent.COMPARISON} and _TESTS.search(folded):
        return Intent.MONITORING
    if wishes and wishes[0] not in _BEFORE_TREATMENT and _ASKS_TREATMENT.match(folded):
        return Intent.TREATMENT
    if (
        Intent.TREATMENT in wishes
        and not drugs
        and wishes[0] in {Intent.SAFETY, Intent.EVIDENCE}
        and re.search(r"\b(?:treat\w*|manag\w+|therap\w+)\b", folded)
    ):
        return Intent.TREATMENT
    if wishes:
        return wishes[0]
    asks = "?" in text and re.match(r"(?:how|what|which|who|when|where|is|are|does|do|did|can|should|why)\b", folded)
    return Intent.FACT if drugs or (asks and len(words(text)) > 3) else Intent.TREATMENT
