"""Is it a question in English? The first look at what was typed."""

from __future__ import annotations

import unicodedata

from vademecum.errors import UsageError
from vademecum.evidence.terms import fold

MAX_QUESTION = 2_000
"""Characters. A clinical question with its case fits; a pasted record does not and should be shortened."""


def usable(question: str) -> str:
    """The question with white space folded and invisible characters removed."""
    if len(question) > MAX_QUESTION:
        raise UsageError(
            f"the question has {len(question):,} characters, the limit is {MAX_QUESTION:,}; "
            "ask one clinical question in a sentence or two"
        )
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\r\t" for c in question) or "�" in question:
        raise UsageError("the question holds bytes that are not text; type the question in plain words")
    visible = "".join(c for c in question if unicodedata.category(c) not in {"Cf", "Co", "Cn"})
    text = " ".join(visible.split())
    if not text:
        raise UsageError('the question is empty; ask for example: vade ask "What is the treatment of muscle cramps?"')
    return text


_FOREIGN = {
    "in Spanish": "el la los las cual es de para del una un que tratamiento dosis como se con por y en mi tengo",
    "in French": "le la les quel quelle est de du des pour une un traitement comment avec et chez dans mon j'ai",
    "in German": "der die das ist wie was fur und bei mit behandlung von ein eine welche den dem ich habe wird",
    "in Italian": "il lo la gli qual e di per una un che trattamento come con nel della dei ho mio",
    "in Portuguese": "o os qual e de para uma um que tratamento como com da do dos em minha tenho",
    "in Dutch": "de het een is wat hoe voor van bij met behandeling welke en ik heb mijn",
}
_FOREIGN_WORDS = {name: frozenset(known.split()) for name, known in _FOREIGN.items()}
_ENGLISH = frozenset(
    [
        "what",
        "is",
        "the",
        "of",
        "for",
        "in",
        "how",
        "are",
        "to",
        "a",
        "an",
        "with",
        "and",
        "which",
        "can",
        "should",
        "be",
        "does",
        "do",
        "when",
        "who",
        "why",
        "treatment",
        "dose",
        "on",
        "if",
        "i",
        "my",
    ]
)


def other_language(text: str) -> str | None:
    """Words for the language of a text that is not English, or None."""
    letters = [c for c in text if c.isalpha()]
    if letters and sum(ord(c) > 0x24F for c in letters) > 0.3 * len(letters):
        return "in another script"
    spoken = fold(text).replace("¿", " ").split()
    spoken = [word.strip("?!.,;:¿¡") for word in spoken]
    english = sum(word in _ENGLISH for word in spoken)
    counts = {name: sum(word in known for word in spoken) for name, known in _FOREIGN_WORDS.items()}
    name = max(counts, key=lambda key: counts[key])
    return name if counts[name] >= 3 and counts[name] > 1.5 * english else None


_SHORT = {
    "HF": "heart failure", "CHF": "heart failure", "LBP": "low back pain", "RA": "rheumatoid arthritis",
    "MI": "myocardial infarction", "CKD": "chronic kidney disease", "FBC": "blood count", "CBC": "blood count",
    "LFT": "liver tests", "LFTs": "liver tests", "TB": "tuberculosis", "SLE": "lupus", "BP": "blood pressure",
    "U&E": "kidney function", "U&Es": "kidney function", "ECG": "ECG", "GI": "gastrointestinal",
    "tx": "treatment", "Tx": "treatment", "rx": "treatment", "dx": "diagnosis", "Dx": "diagnosis", "mgmt": "management",
    "abx": "antibiotics", "preg": "pregnancy", "contraind": "contraindicated", "S/E": "side effects",
}  # fmt: skip
"""Abbreviations that clinicians type and that mean one thing. Drug abbreviations live in the drug sheets."""


def spelled_out(text: str) -> str:
    """The question with common abbreviations written out, for matching only."""
    return " ".join(_SHORT.get(word.strip("?.,;:()"), word) for word in text.split())
