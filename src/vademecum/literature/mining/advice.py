"""Recommendations: what a document tells its reader to do or not to do.

"Should" has many uses; only those that direct care count. Calls for research, hypotheses, reports of what others
recommended and remarks on the recommendations themselves do not.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from vademecum.literature.mining.sentence import Sentence
from vademecum.literature.records import RecordKind
from vademecum.literature.regions import Role
from vademecum.literature.words import has_any


class Advice(NamedTuple):
    """What makes a sentence a recommendation: the rule, the words that carry its strength, and their sense."""

    rule: str
    strength: str
    negated: bool


_CLINICAL = frozenset({RecordKind.GUIDELINE, RecordKind.LABEL})
_OWN_WORDS = (Role.UNLABELLED, Role.CONCLUSIONS, Role.DISCUSSION, Role.OTHER)  # a set would call the enum's slow hash

_RESEARCH = re.compile(
    r"\b(?:further|future|more|additional|larger|prospective|long-term"
    r"|randomi[sz]ed)(?:,? [\w-]+){0,3} (?:research|stud(?:y|ies)|trials?|investigations?|work|evaluations?"
    r"|analys[ei]s|data)\b"
    r"|\b(?:research|researchers|studies|study|trials?|investigations?|authors|findings|results|data"
    r"|hypothes[ei]s|limitations?|conclusions?)(?: \w+)? (?:should|must|need)\b"
    r"|\bshould (?:now )?be (?:further |carefully |cautiously |also )?(?:confirmed|investigated|explored"
    r"|studied|interpreted|validated|replicated|viewed|noted|emphasi[sz]ed|mentioned|remembered|stressed"
    r"|pointed out|kept in mind|borne in mind|recogni[sz]ed|elucidated|clarified|addressed|researched"
    r"|verified|examined|compared|evaluated in|tested in|acknowledged|understood|stated)\b"
    r"|\bit should be\b|\bshould (?:help|allow|lead|facilitate|result|improve|prove|enable|also help"
    r"|provide)\b|\bmerits? further\b|\bwarrants?\b"
)
_ABOUT = re.compile(
    r"\brecommendations? (?:were|was|are|is|have|has|related|apply|regarding|on|about"
    r"|that)\b[^.]*\b(?:developed|based|graded|formulated|available|intended|apply|made|lacking|differ|vary"
    r"|updated|issued|derived)\b"
    r"|\bthese recommendations (?:apply|are|were)\b|\bnot mean that\b|\bdoes not mean\b"
    r"|\bif (?:\w+ )?recommended\b|\bas recommended\b"
    r"|\b(?:was|were|been|being) (?:\w+ly |not )?recommended\b|\brecommended (?:by|daily (?:allowance"
    r"|intake)|levels?|limits?)\b"
    r"|\b(?:guidelines?|societ(?:y|ies)|associations?|authorities|authors|who|nice|fda|cdc|some|others"
    r"|experts) (?:currently |now |also )?(?:recommend|suggest|advise)"
    r"|\bsuggest(?:ed)? that [^.]*?\b(?:can|is|are|was|were|will|would|represents?|plays?|may|might|could)\b"
    r"|\bto (?:determine|assess|evaluate|examine|investigate|test|study|ask|establish|find out"
    r"|decide) (?:whether|if|how|when|which)\b|\bwhether\b[^.]*\bshould\b|\bwho should\b"
    r"|\bhow\b[^.]*\bshould be\b[^.]*\bis (?:unclear|unknown|not known|debated|controversial)"
)
_RECOMMEND = re.compile(
    r"\b(?:we|panel|committee|group|task force|authors|society|college|guideline|academy"
    r"|association)(?: \w+ly)? (?P<a>recommends?|advises?|advocates?|propose the use)\b(?! that (?:future"
    r"|further|more))"
    r"|\b(?:is|are|should be|be|remains?) (?P<b>(?:(?:\w+ly|not|no longer|therefore|also|thus"
    r"|generally) )*recommended)\b"
    r"|^(?:not )?(?P<c>recommend(?:ed)?)\b"
)
_SUGGEST = re.compile(
    r"\b(?:we|panel|committee|group|task force)(?: \w+ly)? (?P<a>suggests?) (?:against|not |using|offering"
    r"|[a-z]+ing\b|that (?:patients|clinicians|physicians|women|children|adults|providers)\b|(?:the use"
    r"|use) of|(?:[\w-]+ ){1,6}(?:over|rather than|be )\b)"
)
_DIRECTED = (
    "omitted|substituted|aimed|ceased|deferred|postponed|minimi[sz]ed|optimi[sz]ed|strengthened|extended"
    "|expanded|corrected|resected|excised"
    "|biopsied|switched|placed|inserted|"
    "considered|given|offered|used|avoided|performed|recommended|monitored|treated|started|initiated"
    "|discontinued|stopped|administered|prescribed|screened|tested|assessed|evaluated|reserved|restricted"
    "|limited|individuali[sz]ed|adjusted|encouraged|discouraged|included|obtained|measured|checked|reviewed"
    "|referred|counsell?ed|advised|informed|reduced|made|adopted|implemented|preferred|replaced|withheld"
    "|delayed|repeated|excluded|continued|maintained|tailored|guided|applied|undertaken|employed|followed"
    "|vaccinated|immuni[sz]ed|managed|discussed|weighed|provided|ensured|taken|carried out|attempted"
    "|routinely|abandoned|combined|kept|directed|educated|instructed|supplemented|tapered|titrated|removed"
    "|suspected|sought|required|delivered|promoted|supported|targeted|aware|cautious|alert|intensified"
    "|integrated|incorporated|introduced|analy[sz]ed"
)
_SHOULD_BE = re.compile(
    rf"\b(?P<a>(?:should|must|ought to)(?: not| never| only| also| always| generally| therefore"
    rf"| at least)? be)(?: \w+ly| only| first| not| first-line)* (?:{_DIRECTED})\b"
)
_CARERS = (
    "clinicians?|physicians?|doctors?|providers?|practitioners?|surgeons?|nurses?|patients?|women|men|adults"
    "|children|parents|caregivers|insurers|systems|practices|people|individuals|persons|infants|pharmacists?"
    "|gps|they"
    "|dentists?|psychiatrists?|oncologists?|pediatricians?|paediatricians?|therapists?|hospitals|teams"
    "|professionals|workers|centers|centres|countries|governments|policy ?makers|decision makers|mothers"
    "|users|we"
)
_CARER = re.compile(rf"\b(?:{_CARERS})\b(?: [^.;]*)?$")
_SHOULD = re.compile(
    r"\b((?:should|must|ought to)(?: not| never| only| also| always| generally| carefully| regularly"
    r"| strongly| therefore)*)"
    r" (?!be\b)[a-z]+\b"
)
_MAY_CONSIDER = re.compile(
    rf"\b(?P<a>(?:can|may|could|might) (?:\w+ )?be (?:\w+ly )?considered)\b(?! (?:an?|as|to be|the|safe"
    rf"|effective|reliable|useful|equivalent|normal|one)\b)"
    rf"|\b(?:{_CARERS}) (?P<b>(?:can|may|could|might) consider)\b"
)
_NOT_ADVICE = re.compile(
    r"\bconsidered (?:as )?(?:an?|the) (?!alternative|option|treatment|first|second|therapeutic|valid"
    r"|possible|adjunct|viable|reasonable|appropriate|suitable|standard)|\bconsidered (?:safe|normal"
    r"|abnormal|significant|positive|negative)\b"
    r"|\bshould be (?:\w+ )?(?:informative|stronger|weaker|higher|lower|possible|able)\b"
)
_ANY_SHOULD = re.compile(r"\b(?P<a>(?:should|must)(?: not| never| only| also| generally| always)*) [a-z]")
_NEGATION = re.compile(
    r"\b(?:should|must|do|does|is|are|be|we recommend|recommends?|suggests?)(?: \w+ly| generally)? (?:not"
    r"|never|no longer)\b|\b(?:recommend|suggest|advise|advised|recommended)s? against\b"
    r"|\bshould (?:\w+ )?be (?:\w+ly )?(?:avoided|discouraged|abandoned|withheld)\b|^avoid\b|[,;:] avoid\b"
    r"|\bshould (?:\w+ly )?avoid\b|\bnot (?:be )?(?:\w+ly )?recommended\b|\bnever\b|\bnot to\b"
)


def advice_in(sentence: Sentence) -> Advice | None:
    """The recommendation a sentence makes, or None."""
    if sentence.question or not _may_advise(sentence):
        return None
    low = sentence.low
    found = _worded(sentence)
    if found is None and sentence.kind in _CLINICAL and not _passive_part(sentence):
        found = imperative_in(low)
    if found is None or _ABOUT.search(low) or (sentence.kind not in _CLINICAL and _science(sentence)):
        return None
    rule, words = found
    return Advice(rule, " ".join(words.split()), _NEGATION.search(low) is not None)


_ASIDE = re.compile(r"\b(?:that|which) (?:should|must)\b")


def _science(sentence: Sentence) -> bool:
    """Calls for research, and "must" as science uses it: "introns that must be removed"."""
    low = sentence.low
    if _RESEARCH.search(low) or _ASIDE.search(low):
        return True
    return " must " in low and "should" not in low and sentence.role is Role.UNLABELLED


_HINTS = ("should", "recommend", "suggest", "must", "consider", "advise", "ought to", "advocate")


def _may_advise(sentence: Sentence) -> bool:
    if sentence.kind in _CLINICAL:
        return True
    return sentence.role in _OWN_WORDS and has_any(sentence.low, _HINTS)


def _worded(sentence: Sentence) -> tuple[str, str] | None:
    low = sentence.low
    if "recommend" in low or "advis" in low or "advoc" in low:
        match = _RECOMMEND.search(low)
        if match and not _is_dose_name(low, match):
            return "recommend", _words(match)
    if "suggest" in low and (match := _SUGGEST.search(low)) and not re.search(r"\b(?:may|might|could)\b", low):
        return "suggest", _words(match)
    if "should" in low or "must" in low or "ought" in low:
        match = _SHOULD_BE.search(low) or _carer_should(low)
        if match is None and sentence.kind in _CLINICAL and not _passive_part(sentence):
            match = _ANY_SHOULD.search(low)
        if match and not _NOT_ADVICE.search(low):
            return "should", _words(match)
    if "consider" in low and (match := _MAY_CONSIDER.search(low)):
        return "may be considered", _words(match)
    return None


def _carer_should(low: str) -> re.Match[str] | None:
    """ "Clinicians should ...": the subject within the clause is someone who gives or gets care."""
    for match in _SHOULD.finditer(low):
        if _CARER.search(low[max(0, match.start() - 240) : match.start() - 1]):
            return match
    return None


def _is_dose_name(low: str, match: re.Match[str]) -> bool:
    return low.startswith(("dose", "dosage", "starting", "maximum"), match.end() + 1)


def _words(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


# --- imperatives -----------------------------------------------------------------------------------------

_VERBS = (
    "administer|adjust|advise|allow|apply|arrange|ask|assess|avoid|begin|call|check|closely monitor|confirm"
    "|consider|consult|contact|continue|counsel|decrease|delay|determine|dilute|discard|discontinue|discuss"
    "|dispose|document|do not|educate|encourage|ensure"
    "|establish|evaluate|exclude|exercise caution|explain|follow|get|give|have|inform|inject|initiate"
    "|inspect|instruct|interrupt|keep|limit|maintain|measure|minimi[sz]e|monitor|never|obtain|offer"
    "|only administer|only use|order|perform|prescribe|prevent|provide|read|reassess|recommend"
    "|reduce|refer|remove|repeat|replace|restart|restrict|resume|review|rotate|screen|seek|select|shake"
    "|start|stop|stop use|store|supplement|swallow|switch|take|taper|test|titrate|treat|try|use|vaccinate"
    "|wait|warn|wash|watch|wear|weigh|withdraw|withhold"
)
_HOW = (
    r"(?:(?:carefully|promptly|closely|immediately|then|only|always|also|regularly|periodically|gradually"
    r"|first|generally|routinely|if possible,|note:|warning:|therefore,|in addition,|alternatively,"
    r"|please) )*"
)
_START = re.compile(
    rf"(?:(?:\d+(?:\.\d+)*|[a-z])[.)] |[•●■▪*-] ?|note: |directions "
    rf"|caution: )*(?P<a>{_HOW}(?:{_VERBS}))\b(?! (?:was|were|is|are|of|and|studies|group|groups|has|have"
    rf"|had|therapy|visits?)\b)"
)
_AFTER_CLAUSE = re.compile(
    rf"^(?:[a-z ]{{3,30}} warning: )?(?:if|when|for|in|to|unless|before|after|during|once|because|since|with"
    rf"|upon|at|as|until|while|where"
    rf"|prior to|overdose warning|therefore|severe)\b.*?[,:;] (?P<a>{_HOW}(?:{_VERBS}))\b(?!ing|ed"
    rf"|s\b)(?! (?:was|were|is|are|of|and [a-z]+ing)\b)"
    rf"|[;:] (?:therefore,? |otherwise,? )?(?P<b>{_HOW}(?:{_VERBS})) (?!of\b|and\b|is\b|are\b|was\b|were\b)"
    rf"|\bif a [^,;]{{3,60}} occurs?, (?P<c>{_VERBS})\b"
)
_FIRST_WORDS = re.compile(r"(?:the|this|these|an?|it|there|we|our|most|many|some|all|no)\b")


def imperative_in(low: str) -> tuple[str, str] | None:
    """An order to the reader: "Offer ...", "If ..., stop use"."""
    match = _START.match(low)
    if match:
        return "imperative", match["a"]
    if _FIRST_WORDS.match(low) and ";" not in low:
        return None
    match = _AFTER_CLAUSE.search(low)
    return ("imperative", _words(match)) if match else None


_PASSIVE_CODES = frozenset(
    {
        *("34092-7", "43679-0", "34090-1", "34089-3", "34084-4", "34093-5", "51945-4", "34069-5", "43680-8", "43681-6"),
        *("43682-4", "34083-6", "43678-2", "44425-7", "34091-9", "48780-1", "55106-9", "51727-6", "34072-9"),
    }
)
"""LOINC codes of label sections that describe and do not direct: studies, pharmacology, description, storage."""


def _passive_part(sentence: Sentence) -> bool:
    return sentence.code in _PASSIVE_CODES or "clinical stud" in sentence.label or "pharmacolog" in sentence.label
