"""What a question wants to know of its topic, and how far a passage speaks of that.

"What are the treatments for X?" and "What causes X?" share their rare words, so search by words alone returns the same
passages for both. Each aspect has words that ask for it and words that its answers use, in plain English and clinical
vocabulary, set down by hand with answers of public health sites in view. A star stands for any ending.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

LEAD: Final = 80
"""Words of a passage that are looked at: what a passage is about is said at its start."""
_SATURATION: Final = 2.0  # as many cue words in the lead count half
_CONTRAST: Final = 0.5  # how much a stronger other aspect takes away
_WORD = re.compile(r"[^\W_]+")


class Aspect(StrEnum):
    """A side of a clinical topic that a question asks about and a passage treats."""

    DEFINITION = "definition"
    TREATMENT = "treatment"
    SYMPTOMS = "symptoms"
    CAUSES = "causes"
    DIAGNOSIS = "diagnosis"
    PREVENTION = "prevention"
    OUTLOOK = "outlook"
    INHERITANCE = "inheritance"
    FREQUENCY = "frequency"
    GENES = "genes"
    RISK = "risk"
    COMPLICATIONS = "complications"
    STAGES = "stages"
    HARMS = "harms"
    RESEARCH = "research"


_ASKING: Final = {
    Aspect.TREATMENT: r"treat\w*|therap\w+|manag(?:e|ed|ement|ing)|cured?|medications?|regimens?|dos(?:e|es|age|ing)",
    Aspect.SYMPTOMS: r"symptoms?|signs?|manifest\w*|present(?:s|ation|ing)?|clinical features?",
    Aspect.CAUSES: r"caus\w+|a?etiolog\w+|why|reasons?",
    Aspect.DIAGNOSIS: r"diagnos\w+|tests?|detect\w*|screen\w*|exams?",
    Aspect.PREVENTION: r"prevent\w*|avoid\w*|prophyla\w+|protect\w*",
    Aspect.OUTLOOK: r"outlook|prognos\w+|life expectancy|surviv\w+|mortality|outcomes?",
    Aspect.INHERITANCE: r"inherit\w*|heredit\w+|passed (?:on|down)",
    Aspect.FREQUENCY: r"how (?:many|common|often|frequent\w*)|prevalen\w+|inciden\w+|frequen\w+|epidemiolog\w+",
    Aspect.GENES: r"genes?|genetics?|mutations?|chromosom\w+",
    Aspect.RISK: r"risks?|susceptib\w+|predispos\w+",
    Aspect.COMPLICATIONS: r"complications?",
    Aspect.STAGES: r"stag(?:es?|ing)",
    Aspect.HARMS: r"side effects?|adverse|toxic\w*|safe(?:ty)?|harm(?:s|ful)?|contraindicat\w*|interact\w*|warnings?",
    Aspect.RESEARCH: r"research|trials?|studies",
}
_CUES: Final = {
    Aspect.DEFINITION: "disease disorder condition syndrome characteri?ed called known term type types group defined "
    "refer* mean* form",
    Aspect.TREATMENT: "treat* therap* manage managed management managing surg* medication* medicine* drug* dose doses "
    "dosage dosing prescri* chemotherap* radiotherap* radiation transplant* antibiotic* steroid* corticosteroid* "
    "reliev* relief supportive symptomatic remov*",
    Aspect.SYMPTOMS: "symptom* sign signs manifest* feature* complain* pain* fever fatigue weakness nausea vomiting "
    "swelling rash headache* seizure* experience* characteri?ed",
    Aspect.CAUSES: "caus* etiolog* aetiolog* result* due because trigger* mutation* factor* unknown responsible occurs "
    "leads",
    Aspect.DIAGNOSIS: "diagnos* test* exam* biops* imaging image* scan* mri ct ray rays ultrasound laboratory cultur* "
    "confirm* suspect* criteria screen* detect* histor*",
    Aspect.PREVENTION: "prevent* avoid* vaccin* reduc* lower* protect* prophyla* wash* limit*",
    Aspect.OUTLOOK: "prognos* outlook expectancy lifespan surviv* recover* die dies died death* fatal mortality "
    "progress* course poor",
    Aspect.INHERITANCE: "inherit* heredit* autosomal dominant recessive pattern* copy copies carrier* parent* sporadic "
    "famil* generation*",
    Aspect.FREQUENCY: "prevalen* inciden* frequen* common* rare* estimate* affect* worldwide individuals cases births "
    "newborns population*",
    Aspect.GENES: "mutat* gene genes protein* chromosom* variant* variation* deletion* duplication* encod* enzyme*",
    Aspect.RISK: "risk* factor* likely higher increas* susceptib* predispos* expos* age older",
    Aspect.COMPLICATIONS: "complicat* lead leads damage* failure severe serious",
    Aspect.STAGES: "stage* staging spread* grade* grading metasta*",
    Aspect.HARMS: "adverse side toxic* safe* harm* contraindicat* interact* warning* precaution* tolerat* reaction*",
    Aspect.RESEARCH: "research* trial* study studies studied investigat* scientist* fund* support* conduct*",
}
_ORDER: Final = tuple(_CUES)
_ASKS_FOR = {aspect: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for aspect, words in _ASKING.items()}
_ASKS_WHAT_IT_IS = re.compile(
    r"\s*(?:what(?:'s| is| are)|define|describe|explain|(?:do you have )?information (?:about|on))\b",
    re.IGNORECASE,
)
_NAMES_ASPECT = re.compile(rf"\b(?:{'|'.join(_ASKING.values())})\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"\?|^\s*(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|has|have|can|could|should|may|"
    r"might|must|will|would|define|describe|explain|list|name|give)\b",
    re.IGNORECASE,
)
_KEYWORDS = 6  # as few words are a search for a topic, not a statement


def _asks(text: str) -> bool:
    return bool(_QUESTION.search(text)) or len(text.split()) <= _KEYWORDS


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("|".join(word.replace("*", r"\w*").replace("?", ".") for word in words.split()))


_CUE_PATTERNS = tuple(_pattern(_CUES[aspect]) for aspect in _ORDER)


def asked(question: str) -> tuple[Aspect, ...]:
    """The aspects a question names; DEFINITION when it asks what something is and names none.

    A statement ("Aspirin lowers the risk of stroke in older men.") names sides of its topic without asking for one.
    """
    if not _asks(question):
        return ()
    named = tuple(aspect for aspect, words in _ASKS_FOR.items() if words.search(question))
    if not named and _ASKS_WHAT_IT_IS.match(question):
        return (Aspect.DEFINITION,)
    return named


def topic_words(question: str) -> str:
    """The question without the words that name an aspect."""
    return _NAMES_ASPECT.sub(" ", question)


def profile(text: str) -> tuple[float, ...]:
    """For each aspect, from 0 to 1: how densely the lead of a text uses its words."""
    words = _WORD.findall(text[: LEAD * 12].lower())[:LEAD]
    counts = [0] * len(_ORDER)
    for word in words:
        for index in _aspects_of(word):
            counts[index] += 1
    room = _SATURATION * (0.5 + 0.5 * len(words) / LEAD)
    return tuple(count / (count + room) for count in counts)


def fit(aspects: Sequence[Aspect], measured: Sequence[float]) -> float:
    """How far a passage of this profile is about the aspects, from -0.5 (about another one) to 1."""
    total = 0.0
    for aspect in aspects:
        index = _ORDER.index(aspect)
        others = max(value for place, value in enumerate(measured) if place != index)
        total += measured[index] - _CONTRAST * others
    return total / len(aspects) if aspects else 0.0


@lru_cache(maxsize=200_000)
def _aspects_of(word: str) -> tuple[int, ...]:
    return tuple(index for index, pattern in enumerate(_CUE_PATTERNS) if pattern.fullmatch(word))
