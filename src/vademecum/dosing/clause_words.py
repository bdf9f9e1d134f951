"""The words around the figures of a dose: routes, ceilings, "usually", "then", and the error-prone abbreviations.

Sources: the ISMP List of Error-Prone Abbreviations, Symbols and Dose Designations, and the Joint Commission's "Do Not
Use" list. An abbreviation that is read for sure carries a note; one with two meanings becomes a question.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from vademecum.dosing.model import Per, Route
from vademecum.dosing.reading import Level


class Mark(StrEnum):
    """What a word or figure is to the grammar of a dose; one letter, so that clauses are patterns over letters."""

    AMOUNT = "a"
    SPAN = "t"
    RATE = "r"
    FREQUENCY = "f"
    TIMES = "g"  # "once", "twice" without a period
    INTERVAL = "e"
    NUMBER = "n"
    RATIO = "o"
    CONCENTRATION = "c"
    WEIGHT = "k"
    LAB = "l"
    ROUTE = "R"
    CEILING = "M"
    UP_TO = "Q"
    USUALLY = "U"
    THEN = "N"
    FIRST = "L"
    RAISED = "I"
    BY = "B"
    TO = "T"
    OVER = "O"
    FOR = "F"
    TAPERED = "D"
    STOPPED = "S"
    DIVIDED = "V"
    DIVIDED_DOSES = "W"
    IN_ANY = "J"
    AS_NEEDED = "P"
    SINGLE = "G"
    INFUSED = "X"
    FROM = "H"
    OF_AGE = "Y"
    PERIOD = "p"
    ODD = "z"  # an abbreviation that asks
    COMMA = ","
    FILLER = "-"
    WORD = "w"


class Word(NamedTuple):
    """A row of the vocabulary: what the pattern marks, what it stands for, and what is error-prone about it."""

    mark: Mark
    pattern: str
    means: Route | Per | str | None = None
    note: str = ""  # the ISMP remark
    level: Level = Level.NOTE
    exact_case: bool = False
    bounded: bool = True  # a letter or digit may not follow


def _routes() -> tuple[Word, ...]:
    plain = (
        (Route.ORAL, r"by\s+mouth|orally|oral|per\s+oral|po|p\.o\.?"),
        (Route.SUBCUTANEOUS, r"subcutaneous(?:ly)?|subcut"),
        (Route.INTRAVENOUS, r"intravenous(?:ly)?|iv|i\.v\.?"),
        (Route.INTRAMUSCULAR, r"intramuscular(?:ly)?|im|i\.m\.?"),
        (Route.INTRATHECAL, r"intrathecal(?:ly)?|into\s+the\s+(?:spinal|intrathecal)\s+(?:canal|space|fluid)"),
        (Route.TOPICAL, r"topical(?:ly)?|(?:on|to)\s+the\s+skin|cutaneously"),
        (Route.RECTAL, r"rectal(?:ly)?|per\s+rectum"),
        (Route.NEBULISED, r"by\s+nebuli[sz]er|nebuli[sz]ed|via\s+nebuli[sz]er|neb(?:s)?"),
        (Route.INHALED, r"by\s+inhalation|inhaled|via\s+inhaler|inh"),
        (Route.BUCCAL, r"buccal(?:ly)?"),
        (Route.INTRANASAL, r"into\s+the\s+nose|intranasal(?:ly)?|nasal(?:ly)?"),
        (Route.SUBLINGUAL, r"under\s+the\s+tongue|sublingual(?:ly)?"),
        (Route.INTRAOSSEOUS, r"intraosseous(?:ly)?|i\.o\.?"),
        (Route.INTRALESIONAL, r"into\s+the\s+lesion|intralesional(?:ly)?"),
        (Route.TRANSDERMAL, r"as\s+a\s+skin\s+patch|transdermal(?:ly)?"),
        (Route.ENTERAL, r"by\s+feeding\s+tube|enteral(?:ly)?|via\s+(?:nasogastric|ng|peg)\s+tube"),
        (Route.OPHTHALMIC, r"into\s+the\s+(?:left\s+|right\s+)?eyes?|ophthalmic(?:ally)?|(?:left|right|both)\s+eyes?"),
        (Route.OTIC, r"into\s+the\s+(?:left\s+|right\s+)?ears?|otic(?:ally)?|(?:left|right|both)\s+ears?"),
    )
    prone = (
        (Route.SUBCUTANEOUS, r"sc|s\.c\.?|sq|s\.q\.?|sub[\s-]?q", "SC, SQ and sub q have been read as SL and every"),
        (Route.ORAL, r"per\s+os", "os has been read as left eye"),
    )
    exact = (
        (Route.INTRATHECAL, r"IT|I\.T\.", "IT has been read as other routes; write intrathecally"),
        (Route.INTRANASAL, r"IN(?!\s+[A-Z])", "IN has been read as IM and IV; write into the nose"),
        (Route.SUBLINGUAL, r"SL", ""),
        (Route.RECTAL, r"PR", ""),
        (Route.TRANSDERMAL, r"TD", ""),
        (Route.ENTERAL, r"NG|PEG", ""),
        (Route.INTRAOSSEOUS, r"IO", ""),
        (Route.OPHTHALMIC, r"OS", "OS has been read as AS (left ear)"),
        (Route.OPHTHALMIC, r"OU", "OU has been read as AU (both ears)"),
        (Route.OTIC, r"AS(?!\s+[A-Z])", "AS has been read as OS (left eye)"),
        (Route.OTIC, r"AD", "AD has been read as OD (right eye)"),
        (Route.OTIC, r"AU", "AU has been read as OU (both eyes)"),
    )
    return (
        *(Word(Mark.ROUTE, pattern, route) for route, pattern in plain),
        *(Word(Mark.ROUTE, pattern, route, note) for route, pattern, note in prone),
        *(Word(Mark.ROUTE, pattern, route, note, exact_case=True) for route, pattern, note in exact),
    )


SITES = {"AS": "left ear", "AD": "right ear", "AU": "both ears", "OS": "left eye", "OU": "both eyes"}
"""Eye and ear abbreviations in words; OD is missing because it is the right eye or once daily."""

_ASKS = (
    ("od", r"OD|o\.d\.|od", "right eye or once daily"),
    ("hs", r"hs|h\.s\.|HS", "half strength or at bedtime"),
    ("dc", r"D/C|d/c|DC'd|D/C'd", "discharge or discontinue"),
    ("ij", r"IJ|OJ", "injection, intravenous, intrajugular or orange juice"),
    ("ss", r"ss|SS|SSI|SSRI\s+insulin", "sliding scale, one half or 55"),
    ("ud", r"UD|ud|ut\s+dict", "as directed, or unit dose"),
    ("bt", r"BT", "bedtime or twice daily"),
    ("one_daily", r"i/d", "one daily or three times daily"),
    ("morphine_or_magnesium", r"MSO4|MS(?=\s+\d)|MSO₄", "morphine sulfate or magnesium sulfate"),
    ("az_drugs", r"AZT", "zidovudine, azathioprine or aztreonam"),
    ("cpz", r"CPZ", "prochlorperazine or chlorpromazine"),
    ("ptu", r"PTU", "propylthiouracil or mercaptopurine"),
    ("tac", r"TAC", "triamcinolone, or tetracaine with adrenaline and cocaine"),
    ("tnk", r"TNK", "tenecteplase or alteplase (tPA)"),
    ("dpt", r"DPT", "a vaccine, or pethidine with promethazine and chlorpromazine"),
    ("hct", r"HCT", "hydrocortisone or hydrochlorothiazide"),
    ("x3d", r"[x×]\s?\d+\s?d", "for days, or doses"),
    ("mu", r"MU", "a million units, a thousand units or milliunits"),
    ("gr", r"gr\.?|GR", "grains or grams"),
    ("nitro", r"nitro\s+drip", "glyceryl trinitrate or nitroprusside"),
)

_MAX = r"max(?:imum|\.)?"
_GRAMMAR = (
    Word(Mark.CEILING, rf"(?:{_MAX}\s+(?:total\s+)?daily(?:\s+dose)?|daily\s+{_MAX}(?:\s+dose)?)(?:\s+of|:)?", Per.DAY),
    Word(Mark.CEILING, rf"(?:{_MAX}\s+weekly(?:\s+dose)?|weekly\s+{_MAX}(?:\s+dose)?)(?:\s+of|:)?", Per.WEEK),
    Word(Mark.CEILING, rf"{_MAX}\s+single(?:\s+dose)?(?:\s+of|:)?", Per.DOSE),
    Word(Mark.CEILING, r"for\s+no\s+(?:longer|more)\s+than", "span"),
    Word(Mark.CEILING, rf"(?:to\s+)?(?:an?\s+)?(?:absolute\s+)?{_MAX}(?:\s+dose)?(?:\s+(?:of|is))?:?|limited\s+to"),
    Word(Mark.CEILING, r"(?:do\s+|should\s+)?(?:not|never)\s+(?:to\s+)?exceed(?:ing)?|capped\s+at|ceiling(?:\s+of)?"),
    Word(Mark.CEILING, r"(?:at\s+)?(?:no|not)\s+(?:more|greater|faster|longer)\s+than|at\s+most"),
    Word(Mark.UP_TO, r"up\s+to"),
    Word(Mark.USUALLY, r"usual(?:ly)?(?:\s+dose)?:?|typically|normally"),
    Word(Mark.THEN, r"(?:and\s+)?then|followed\s+by|thereafter"),
    Word(Mark.RAISED, r"(?:may\s+be\s+)?(?:raised?|raising|increased?|increasing|(?:up-?)?titrated?|escalated?)"),
    Word(Mark.BY, r"by|in\s+steps\s+of|in\s+increments\s+of"),
    Word(Mark.IN_ANY, r"(?:in|over|within)\s+any"),
    Word(Mark.TO, r"to"),
    Word(Mark.OVER, r"over"),
    *(
        Word(Mark.FIRST, rf"(?:(?:for|as|on)\s+)?the\s+first\s+{word}|first\s+{word}|{extra}", per)
        for word, extra, per in (
            ("dose", r"(?:as\s+a\s+|as\s+the\s+)?(?:loading|initial)\s+dose|loading|at\s+first", Per.DOSE),
            ("day", r"on\s+day\s+one", Per.DAY),
            ("week", r"in\s+the\s+first\s+week", Per.WEEK),
            ("month", r"in\s+the\s+first\s+month", Per.MONTH),
            ("cycle", r"in\s+the\s+first\s+cycle", Per.CYCLE),
        )
    ),
    Word(Mark.FOR, r"for"),
    Word(Mark.FOR, r"[x×](?=\s?\d+\s?(?:days?|wks?|weeks?)\b)", "x", bounded=False),
    Word(Mark.TAPERED, r"taper(?:ed|ing)?|wean(?:ed)?"),
    Word(Mark.STOPPED, r"(?:a\s+)?stop(?:ped)?|nothing"),
    Word(Mark.DIVIDED_DOSES, r"(?:equally\s+)?divided\s+doses"),
    Word(Mark.DIVIDED, r"(?:divided|split|spread)(?:\s+over)?"),
    Word(Mark.AS_NEEDED, r"(?:as|when|if)\s+(?:needed|required)|prn|p\.r\.n\.?"),
    Word(Mark.SINGLE, r"as\s+(?:a|one)\s+single\s+dose|single\s+dose|as\s+one\s+dose|one[\s-]off(?:\s+dose)?|stat"),
    Word(Mark.INFUSED, r"infused\s+at(?:\s+a\s+rate\s+of)?|(?:at\s+a\s+)?(?:infusion\s+)?rate(?:\s+of)?"),
    Word(Mark.FROM, r"from"),
    Word(Mark.OF_AGE, r"of\s+age"),
    *(
        Word(Mark.PERIOD, rf"(?:per|an?|each|/)\s*{word}", per)
        for word, per in (
            ("dose", Per.DOSE),
            ("day", Per.DAY),
            ("week", Per.WEEK),
            ("month", Per.MONTH),
            ("cycle", Per.CYCLE),
            ("course", Per.COURSE),
        )
    ),
    Word(Mark.FILLER, r"and|of|the|between|an?|is|are|be|with|in|on|at|or|as|it|dose|tabs?|tablets?|capsules?|[x×]"),
    Word(Mark.FILLER, r"injection|total"),
    Word(Mark.FILLER, r"take|use|apply|offer|commence|administer(?:ed)?|start(?:ed)?|give[n]?|initially|dosed?|adult"),
    Word(Mark.COMMA, r"[,;.:()\[\]–—-]+"),
)

VOCABULARY: tuple[Word, ...] = (
    *_routes(),
    *(Word(Mark.ODD, pattern, code, ask, Level.ASK, True) for code, pattern, ask in _ASKS),
    *_GRAMMAR,
)


def _compile() -> re.Pattern[str]:
    """One alternation; the longest pattern is not always first, so exact-case abbreviations lead."""
    parts = []
    for index, word in sorted(enumerate(VOCABULARY), key=lambda pair: (not pair[1].exact_case, pair[0])):
        body = word.pattern if word.exact_case else f"(?i:{word.pattern})"
        if word.mark is not Mark.COMMA:
            body = f"(?<![A-Za-z0-9])(?:{body})" + ("(?![A-Za-z0-9])" if word.bounded else "")
        parts.append(f"(?P<w{index}>{body})")
    return re.compile("|".join(parts))


WORDS = _compile()


def row_of(found: re.Match[str]) -> Word:
    """The vocabulary row that a match of `WORDS` came from."""
    return VOCABULARY[int((found.lastgroup or "w0")[1:])]
