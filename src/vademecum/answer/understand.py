"""What a question asks, read without a model: from its words and from the names the library knows.

The order is fixed: is it usable text, is someone in danger, is it ours to answer, what does it name, whom is it about,
what does it want to know. Nothing is guessed: a name that is not in the library is said to be unknown, a word that
could be two drugs is shown as both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from vademecum.answer import relevance
from vademecum.answer.names import Names
from vademecum.answer.question import Group, Intent, Outcome, Understanding
from vademecum.answer.triage import triage
from vademecum.errors import UsageError
from vademecum.evidence.model import Population
from vademecum.evidence.terms import STOP, fold, stem, terms, words
from vademecum.packs.library import Library
from vademecum.packs.model import Fork

MAX_QUESTION = 2_000
"""Characters. A clinical question with its case fits; a pasted record does not and should be shortened."""


def understand(question: str, library: Library) -> Understanding:
    """Read `question`. Raises UsageError for text that cannot be a question (empty, huge, binary)."""
    text = usable(question)
    danger = triage(text)
    names = Names.of(library)
    group, facts = group_of(text)
    found, ambiguous = names.misspelt(text)
    corrected = _corrected(text, found)
    corrections = tuple(f"{slip.asked!r} read as {slip.name}" for slip in found)
    drugs = _drugs(corrected, library)
    fork = fork_of(corrected, library.forks)
    packs = _packs(corrected, names, fork, group, drugs)
    base = Understanding(
        question=question.strip(),
        intent=intent_of(corrected, drugs),
        group=group,
        packs=packs,
        drugs=drugs,
        fork=fork.id if fork else None,
        premise=fork.premise if fork else (),
        terms=terms(corrected),
        facts=facts,
        corrections=corrections,
        assumptions=(),
    )
    if danger is not None and danger.outcome is not Outcome.PATIENT_SPECIFIC:
        keep = danger.outcome is Outcome.EMERGENCY
        return _with(
            base,
            outcome=danger.outcome,
            reasons=danger.reasons,
            packs=packs if keep else (),
            drugs=drugs if keep else (),
            fork=base.fork if keep else None,
            premise=base.premise if keep else (),
        )
    if ambiguous:
        both = "; ".join(f"{a.asked!r} could be {' or '.join(a.candidates)}" for a in ambiguous)
        return _with(
            base,
            outcome=Outcome.CLARIFY,
            packs=(),
            drugs=(),
            reasons=(f"{both}. These names look or sound alike: say which one is meant.",),
        )
    unknown, near = unknown_names(corrected, names)
    if unknown:
        return _with(base, outcome=Outcome.NO_SUCH_ENTITY, packs=(), drugs=(), unknown=unknown, near=near,
                     reasons=_unknown_reasons(unknown, near))
    if not packs and not drugs:
        return _nothing_named(base, names, library)
    return _with(_for_group(base, library), **_specific(danger))


# --- is it text ----------------------------------------------------------------------------------------


def usable(question: str) -> str:
    """The question with white space folded and invisible characters removed."""
    if len(question) > MAX_QUESTION:
        raise UsageError(
            f"the question has {len(question):,} characters, the limit is {MAX_QUESTION:,}; "
            "ask one clinical question in a sentence or two"
        )
    control = sum(1 for c in question if unicodedata.category(c) == "Cc" and c not in "\n\r\t")
    if control or "�" in question:
        raise UsageError("the question holds bytes that are not text; type the question in plain words")
    visible = "".join(c for c in question if unicodedata.category(c) not in {"Cf", "Co", "Cs", "Cn"})
    text = " ".join(visible.split())
    if not text:
        raise UsageError('the question is empty; ask for example: vade ask "What is the treatment of muscle cramps?"')
    return text


# --- whom it is about ----------------------------------------------------------------------------------

_AGE = re.compile(
    r"\b(\d{1,3}(?:\.\d)?)[\s-]*(?:years?|yrs?|y\.?o|yo|y/o|months?|mo|weeks?|days?)?[\s-]*(?:old\b|y/o\b|yo\b|of age\b)"
    r"|\bage[ds]?\s*(?:of\s*)?(\d{1,3})\b|\b(\d{1,3})[\s-]*(?:years?|yrs?)\b(?=[\s-]*(?:old|man|woman|male|female|girl|boy|patient))"
)
_SMALL = re.compile(r"\b\d{1,2}[\s-]*(?:months?|weeks?|days?)[\s-]*old\b")
_CHILD = re.compile(
    r"\b(?:child|children|childhood|kids?|paediatrics?|pediatrics?|juvenile|infants?|babies|baby|toddlers?|newborns?|"
    r"neonates?|neonatal|teenagers?|adolescents?|boys?|girls?|schoolchild\w*|under 1[0-8]|son|daughter)\b"
)
_ADULT = re.compile(r"\b(?:adults?|grown-?ups?|men|women|man|woman)\b")
_OLDER = re.compile(r"\b(?:elderly|older (?:adults?|people|persons?|patients?|man|woman)|geriatric|seniors?|old age|frail)\b")
_PREGNANT = re.compile(r"\b(?:pregnan\w+|trimester|gestation\w*|breast-?feeding|lactati\w+|lactation|nursing mother)\b")
_FACTS = (
    (re.compile(r"\b(?:kidney|renal|creatinine|egfr|ckd|dialysis)\b"), "kidney function is mentioned"),
    (re.compile(r"\b(?:liver|hepat\w+|cirrhosis)\b"), "liver function is mentioned"),
    (re.compile(r"\b(?:heart failure|arrhythmia\w*|cardiac|myocardial|heart disease|heart block)\b"), "heart disease is mentioned"),
    (re.compile(r"\b(?:allerg\w+)\b"), "an allergy is mentioned"),
)


def group_of(text: str) -> tuple[Group, tuple[str, ...]]:
    """The group a question is about, and the facts about a patient that it states."""
    folded = fold(text)
    facts = [name for pattern, name in _FACTS if pattern.search(folded)]
    if _PREGNANT.search(folded):
        return Group.PREGNANCY, ("pregnancy or breastfeeding", *facts)
    if _SMALL.search(folded):
        return Group.CHILD, ("under 2 years", *facts)
    if (match := _AGE.search(folded)) is not None:
        age = float(next(filter(None, match.groups())))
        facts.insert(0, f"age {age:g}")
        if age < 18:
            return Group.CHILD, tuple(facts)
        return (Group.OLDER_ADULT if age >= 65 else Group.ADULT), tuple(facts)
    if _CHILD.search(folded) and not _ADULT.search(folded):
        return Group.CHILD, tuple(facts)
    if _OLDER.search(folded):
        return Group.OLDER_ADULT, tuple(facts)
    if _ADULT.search(folded) and not _CHILD.search(folded):
        return Group.ADULT, tuple(facts)
    return Group.UNSTATED, tuple(facts)


# --- what it wants to know -----------------------------------------------------------------------------

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
            r"\b(?:refractory|resistant|fail(?:s|ed|ure|ing)?|not respond\w*|no response|non-?respon\w+|inadequate response|"
            r"does(?: not|n't) (?:work|help)|did(?: not|n't) (?:work|help)|not (?:working|improving|better)|next step|"
            r"second[- ]line|third[- ]line|after (?:steroids?|first[- ]line)|relaps\w+|unresponsive|escalat\w+|"
            r"despite (?:treatment|therapy|steroids?))\b"
        ),
    ),
    (
        Intent.DOSE,
        re.compile(
            r"\b(?:dos(?:e|es|age|ages|ing)|how (?:much|many mg)|mg/kg|mg/m2|milligrams?|maximum|max|titrat\w+|taper\w*|"
            r"how (?:often|long)\b.{0,30}\b(?:give|take|use|given|taken|used|be)|how long (?:may|can|should)|infusion rate)\b"
        ),
    ),
    (
        Intent.MONITORING,
        re.compile(
            r"\b(?:monitor\w*|follow-?up|blood tests? (?:during|while|on)|how often (?:to |should )?(?:check|test|measure|do|are)|"
            r"surveillance|screen(?:ing|ed)? (?:for cancer|interval)|what (?:bloods?|labs?|tests?) (?:during|on|while|for)|"
            r"check(?:s|ed)? (?:during|while|on)|measur\w+ response|response (?:measured|graded|judged))\b"
        ),
    ),
    (
        Intent.RED_FLAGS,
        re.compile(
            r"\b(?:red[- ]flags?|warning signs?|danger signs?|when (?:is|should|to) .{0,40}\b(?:emergency|urgent|worr\w+|refer\w*|"
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
            r"how (?:to|do (?:you|i|we)) (?:help|stop|relieve|handle|deal|fix|ease)|options?|prescrib\w+|"
            r"medic(?:ine|ation)s? for|drugs? for|care of|start\w*|induction|relief|relieve\w*|best (?:drug|medicine|option))\b"
        ),
    ),
)


def intent_of(text: str, drugs: Sequence[str]) -> Intent:
    """The first pattern that fits, from the most specific wish to the most general."""
    folded = fold(text)
    wishes = [intent for intent, pattern in _INTENTS if pattern.search(folded)]
    if Intent.COMPARISON in wishes and len(drugs) < 2 and not re.search(r"\b(?:vs|versus|compar|better than)\b", folded):
        wishes.remove(Intent.COMPARISON)
    if wishes and wishes[0] is Intent.WORKUP and Intent.TREATMENT in wishes and re.match(
        r"(?:how|what).{0,25}\b(?:treat|manag|therap)", folded
    ):
        return Intent.TREATMENT
    if Intent.TREATMENT in wishes and not drugs and wishes[0] in {Intent.SAFETY, Intent.EVIDENCE} and re.search(
        r"\b(?:treat\w*|manag\w+|therap\w+)\b", folded
    ):
        return Intent.TREATMENT
    if wishes:
        return wishes[0]
    return Intent.FACT if drugs or "?" in text and len(words(text)) > 6 else Intent.TREATMENT


# --- what it names -------------------------------------------------------------------------------------


def _corrected(text: str, found: Sequence[object]) -> str:
    folded = fold(text)
    for slip in found:
        folded = re.sub(rf"\b{re.escape(slip.asked)}\b", fold(slip.name), folded)  # type: ignore[attr-defined]
    return folded if found else text


def _drugs(text: str, library: Library) -> tuple[str, ...]:
    """Drugs named, each base once (prednisone and prednisolone are one sheet)."""
    return tuple({library.base_of(drug): drug for drug in reversed(library.drugs_in(text))}.values())[::-1]


def fork_of(text: str, forks: Sequence[Fork]) -> Fork | None:
    """The fork whose longest phrase has all its words in the question."""
    asked = set(terms(text))
    best: tuple[int, Fork] | None = None
    for fork in forks:
        for phrase in fork.asked_as:
            wanted = set(terms(phrase))
            if wanted and wanted <= asked and (best is None or len(wanted) > best[0]):
                best = (len(wanted), fork)
    return best[1] if best else None


def _packs(text: str, names: Names, fork: Fork | None, group: Group, drugs: Sequence[str]) -> tuple[str, ...]:
    """Packs by name; a fork's best reading leads unless a longer name of another pack is in the question."""
    library = names.library
    folded_terms = set(terms(text))
    named = [(pack, score) for pack, score in names.packs_in(text) if not _is_other(library.packs[pack].not_names, folded_terms)]
    if fork is not None:
        best = next((r.pack for r in fork.readings if r.best), fork.readings[0].pack)
        phrase = max((len(set(terms(p))) for p in fork.asked_as if set(terms(p)) <= folded_terms), default=0)
        if best in library.packs and (not named or named[0][1] < phrase + 1):
            if not _is_other(library.packs[best].not_names, folded_terms):
                named = [(best, 99.0), *((p, s) for p, s in named if p != best)]
    if drugs and not named:
        return ()
    return tuple(pack for pack, _ in named)


def _is_other(not_names: Sequence[str], asked: set[str]) -> bool:
    return any(set(terms(name)) <= asked for name in not_names)


_DRUG_LIKE = re.compile(
    r"^[a-z]{3,}(?:umab|ximab|zumab|lizumab|mumab|tinib|ciclib|statin|azole|oxacin|mycin|cillin|penem|sartan|dipine|olol|"
    r"gliptin|gliflozin|glutide|xaban|parin|grel|triptan|setron|prazole|tidine|zepam|zolam|barbital|oxetine|pramine|"
    r"faxine|peridone|apine|caine|curium|curonium|profen|coxib|oxicam|fenac|sone|solone|onide|terol|tropium|lukast|"
    r"vudine|navir|tegravir|ciclovir|fungin|quine|bendazole|ectin|platin|rubicin|taxel|bicin|limus|trexed|trexate|"
    r"fibrate|afil|osin|dronate|parib|zomib|cept|kinra|atril|azolide|enacin|onapril|april|clorol)s?$"
)
_NAMED_THING = re.compile(
    r"\b((?:[A-Z][\w'’]+(?:[- ][A-Z][\w'’]+)*))(?:'s|’s)? (?:syndrome|disease|sign|trial|study|criteria|phenomenon|reflex|disorder)\b"
)
_IDENTIFIER = re.compile(r"\b(?:pmid:?\s*\d{5,9}|nct\d{8}|10\.\d{4,}/\S+)\b", re.IGNORECASE)


def unknown_names(text: str, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names that look like a drug, a named disease, a trial or an identifier and are not in the library."""
    unknown: list[str] = []
    near: list[str] = []
    for word in dict.fromkeys(words(text)):
        if word in names.look_alikes:
            unknown.append(word)
            near.append(names.library.drugs[names.look_alikes[word]].title)
        elif len(word) > 5 and _DRUG_LIKE.match(word) and not names.known(word):
            unknown.append(word)
    for match in _NAMED_THING.finditer(text):
        parts = [w for w in words(match[1]) if w not in STOP]
        if parts and not any(names.known(part) for part in parts):
            unknown.append(match[0])
    keys = {k for s in names.library.sources.values() for k in (s.pmid, s.doi) if k}
    for match in _IDENTIFIER.finditer(text):
        if re.sub(r"(?i)pmid:?\s*", "", match[0]) not in keys:
            unknown.append(match[0])
    return tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(near))


def _unknown_reasons(unknown: Sequence[str], near: Sequence[str]) -> tuple[str, ...]:
    said = ", ".join(unknown)
    reasons = [f"The library holds nothing under: {said}. Nothing is said about it, and nothing was guessed."]
    if near:
        reasons.append(f"Did you mean {' or '.join(near)}? The names look or sound alike; nothing was substituted.")
    reasons.append("Check the spelling, or import a source about it.")
    return tuple(reasons)


# --- when nothing is named -----------------------------------------------------------------------------

_CLINICAL = frozenset(
    stem(word)
    for word in """treatment treat therapy dose dosage drug medicine medication patient disease syndrome symptom symptoms
    diagnosis diagnose test blood pain infection cancer surgery antibiotic vaccine pregnancy pressure heart kidney liver
    lung brain fever injury wound fracture acute chronic clinical trial guideline mg tablet injection side effect adverse
    risk mortality screening prevention doctor nurse hospital rash cough diabetes asthma stroke sepsis steroid insulin
    muscle weakness spasm cramp nausea vomiting headache depression anxiety overdose poisoning allergy anaesthesia
    medical health illness disorder condition inflammation bleeding anemia tumour toxicity prescribe""".split()
)


def _nothing_named(base: Understanding, names: Names, library: Library) -> Understanding:
    """No condition and no drug of ours: perhaps the statements speak to the words; otherwise say so."""
    asked = [t for t in dict.fromkeys(base.terms)]
    known = [t for t in asked if t in names.vocabulary]
    ranked = relevance.rank(library, asked, library.statements)
    if ranked and len(known) >= 3 and len(known) >= 0.75 * len(asked):
        top = ranked[0][0]
        covered = set(library.terms_of(top)) & set(asked)
        rare = sum(relevance.rarity(library, t) for t in covered)
        total = sum(relevance.rarity(library, t) or 7.0 for t in asked)
        home = library.home[top]
        if rare >= 0.6 * total:
            if home in library.packs:
                return _for_group(_with(base, packs=(home,)), library)
            return _with(base, drugs=(home,))
    if not known and not set(asked) & _CLINICAL:
        return _with(
            base,
            outcome=Outcome.OUT_OF_SCOPE,
            reasons=("It answers clinical questions in English from the guideline packs in its library.",),
        )
    return _with(
        base,
        outcome=Outcome.ABSTAIN,
        reasons=(
            "No pack or drug sheet of the library is about this, so nothing is answered and nothing is guessed.",
            "See what there is with `vade pack list`, ask more narrowly, or add a pack of your own with --packs.",
        ),
    )


# --- the right population ------------------------------------------------------------------------------


def _for_group(base: Understanding, library: Library) -> Understanding:
    """Turn to the pack for the group asked about; without one, say so instead of bending a rule."""
    if not base.packs:
        return base
    pack = library.packs[base.packs[0]]
    wanted: Population | None = None
    if base.group is Group.CHILD and pack.population in {Population.ADULT, Population.OLDER_ADULT}:
        wanted = Population.PAEDIATRIC
    elif base.group in {Group.ADULT, Group.OLDER_ADULT, Group.PREGNANCY} and pack.population is Population.PAEDIATRIC:
        wanted = Population.ADULT
    if wanted is None:
        if base.group is Group.UNSTATED and pack.population is Population.PAEDIATRIC:
            return _with(base, group=Group.CHILD, assumptions=("The condition named is one of children: it is answered for children.",))
        return base
    other = pack.counterparts.get(wanted) or next(
        (p for p in base.packs[1:] if library.packs[p].population in {wanted, Population.ADULT_AND_PAEDIATRIC}), None
    )
    if other is not None and other in library.packs:
        said = f"The question is about {'children' if wanted is Population.PAEDIATRIC else 'adults'}: {library.packs[other].title} is answered."
        return _with(base, packs=(other, *(p for p in base.packs if p != other)), assumptions=(said,))
    covered = "adults" if wanted is Population.PAEDIATRIC else "children"
    return _with(
        base,
        outcome=Outcome.ABSTAIN,
        packs=(),
        drugs=(),
        fork=None,
        premise=(),
        reasons=(
            f"The library covers {pack.title.lower()} for {covered} only; a rule for {covered} is not applied to anyone else.",
        ),
    )


def _specific(danger: object) -> dict[str, object]:
    if danger is None:
        return {}
    return {"outcome": danger.outcome, "reasons": danger.reasons}  # type: ignore[attr-defined]


def _with(base: Understanding, **changes: object) -> Understanding:
    from msgspec.structs import replace

    return replace(base, **changes)
