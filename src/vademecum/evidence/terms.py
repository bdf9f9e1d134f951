"""Words of clinical English, normalised for matching: the one place that decides when two words are the same."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_WORD = re.compile(r"[a-z0-9]+(?:[-'/.][a-z0-9]+)*")
_SPELLING = (
    (re.compile("ae|oe"), "e"),
    (re.compile("our"), "or"),
    (re.compile("is(?=(?:e[sd]?|ing|ations?)$)"), "iz"),
    (re.compile("ys(?=(?:e[sd]?|ing)$)"), "yz"),
)
"""British to American, where a word is long enough for it to be meant."""

STOP = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "best",
        "between",
        "both",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "done",
        "during",
        "each",
        "either",
        "few",
        "for",
        "from",
        "general",
        "generally",
        "get",
        "give",
        "given",
        "go",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "know",
        "like",
        "long",
        "make",
        "many",
        "may",
        "me",
        "mg",
        "might",
        "more",
        "most",
        "much",
        "must",
        "my",
        "need",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "per",
        "please",
        "same",
        "she",
        "should",
        "show",
        "since",
        "so",
        "some",
        "still",
        "such",
        "take",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "up",
        "us",
        "use",
        "used",
        "using",
        "very",
        "want",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "without",
        "would",
        "you",
        "your",
        "patient",
        "patients",
        "person",
        "people",
        "someone",
        "anybody",
        "anyone",
        "man",
        "woman",
        "year",
        "years",
        "old",
        "yr",
        "yrs",
    ]
)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Lower case, plain letters, straight quotes and hyphens, micro as `mc`."""
    if text.isascii():
        return text.lower()
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()
    return _DASHES.sub("-", plain.replace("μ", "mc").replace("’", "'"))


def words(text: str) -> list[str]:
    """Words in order; hyphenated compounds stay whole."""
    return [w.removesuffix("'s") for w in _WORD.findall(fold(text))]


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]
    import snowballstemmer

    return snowballstemmer.stemmer("english")


def american(word: str) -> str:
    """The American spelling of a lower-case word; short words are left alone."""
    if len(word) > 5:
        for british, usual in _SPELLING:
            word = british.sub(usual, word)
    return word


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for the inflections and the two spellings of a word."""
    word = american(word)
    return str(_stemmer().stemWord(word)) if len(word) > 3 else word


def terms(text: str) -> tuple[str, ...]:
    """Stems of the content words, in order, repeats kept; compounds also in their parts."""
    found: list[str] = []
    for word in words(text):
        if word in STOP:
            continue
        found.append(stem(word))
        if "-" in word or "/" in word:
            found.extend(stem(part) for part in re.split(r"[-/]", word) if part and part not in STOP)
    return tuple(found)


_RELATED = (
    "restart restarted rechallenge rechallenged re-expose reexpose resume",
    "ivig ivg immunoglobulin immunoglobulins",
    "steroid steroids glucocorticoid glucocorticoids corticosteroid corticosteroids prednisone prednisolone cortisone",
    "nsaid nsaids naproxen ibuprofen anti-inflammatory",
    "ck cpk kinase",
    "kidney renal nephro egfr creatinine dialysis",
    "liver hepatic hepat",
    "heart cardiac myocardial myocarditis",
    "fbc cbc blood count",
    "lft lfts liver",
    "lung pulmonary interstitial pneumonitis ild breathlessness",
    "pregnancy pregnant trimester conception fetal",
    "breastfeeding lactation breast-feeding nursing",
    "elderly older aged geriatric",
    "child children paediatric pediatric juvenile",
    "cancer malignancy malignant tumour neoplasm oncology",
    "clot clots thrombosis thromboembolic thromboembolism embolism",
    "sun sunscreen photoprotection sunblock sunlight",
    "bone osteoporosis fracture",
    "swallow swallowing dysphagia",
    "relaxant relaxants antispasmodic",
    "weakness weak strength",
    "infection infections sepsis pneumocystis tuberculosis hepatitis",
    "exercise physiotherapy rehabilitation training physical",
    "rash skin cutaneous",
    "antibody antibodies autoantibody autoantibodies serology",
    "taper tapering reduce wean",
    "folate folic",
    "cramp cramps charley",
    "back lumbar lumbago lumbosacral",
    "neck cervical",
    "alcohol drink drinking",
    "fertility infertility fertile",
    "live vaccine vaccines vaccination vaccinated immunisation",
    "blood count cytopenia marrow neutropenia leucopenia",
    "statin statins atorvastatin simvastatin rosuvastatin",
    "checkpoint ici immunotherapy nivolumab pembrolizumab ipilimumab",
    "urine dark myoglobinuria",
    "die dies died death deaths fatal mortality survival survive",
)


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in _RELATED:
        group = frozenset(stem(word) for word in line.split())
        for member in group:
            found[member] = found.get(member, frozenset()) | group
    return found


def related(term: str) -> frozenset[str]:
    """Stems that often stand for the same thing: for finding, never for proving."""
    return _groups().get(term, frozenset()) - {term}
