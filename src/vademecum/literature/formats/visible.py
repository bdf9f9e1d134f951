"""Characters a reader cannot see are taken out of a record, and the record says so.

Zero-width letters, direction overrides and tag characters can hide words or turn "01" into "10" on a screen. What is
left is what a person would have seen; spans count characters of that. A control character cannot be told from a sign
that was mis-encoded (an en dash of Windows-1252 is one), so it becomes U+FFFD instead of joining its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from vademecum.literature.records import Flag, Record, Section

_SOFT = re.compile("[\u00ad\ufe0e\ufe0f]")  # a soft hyphen and the emoji selectors: normal in clean text
_HIDDEN = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    # joiners shape Arabic and Indic letters; elsewhere they are only a place to hide
    "|(?<![\u0590-\u1fff\U0001f000-\U0001ffff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\u1fff\u2600-\u27bf\U0001f000-\U0001ffff])"
)
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SUSPECT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffd\U000e0000-\U000e0fff]"
)  # all of these, in one quick look
HIDDEN = "invisible-characters"
DIRECTION = "direction-override"
CONTROL = "control-character"
_MESSAGES = {
    HIDDEN: "{n} invisible characters were taken out; words may have been hidden with them",
    DIRECTION: "{n} direction overrides were taken out; what was displayed may have read in another order",
    CONTROL: "{n} characters that cannot be read stand as U+FFFD; a sign may have been lost before the file reached us",
}


def visible(text: str) -> tuple[str, dict[str, int]]:
    """`text` as a person would see it, and how many characters of each doubtful sort it held.

    >>> visible("5\\u200b mg")
    ('5 mg', {'invisible-characters': 1})
    """
    if not _doubtful(text):
        return text, {}
    directions = len(_DIRECTION.findall(text))
    text, hidden = _HIDDEN.subn("", _SOFT.sub("", text))
    text = _CONTROL.sub("\ufffd", text)
    controls = text.count("\ufffd")
    counts = {HIDDEN: hidden - directions, DIRECTION: directions, CONTROL: controls}
    return text, {code: n for code, n in counts.items() if n}


def _doubtful(text: str) -> bool:
    return (_CONTROL if text.isascii() else _SUSPECT).search(text) is not None


def _words_of(record: Record) -> Iterator[str]:
    yield record.title
    yield record.journal or ""
    yield from record.authors
    yield from record.keywords
    for section in record.sections:
        yield section.text
        yield from section.path


def tidy(record: Record) -> Record:
    """The record with only visible characters in its words, and a flag for each sort that was taken out.

    Every reader passes its records through here last. A record without a doubtful character comes back as it is.
    """
    if not any(_doubtful(text) for text in _words_of(record)):
        return record
    total: dict[str, int] = {}

    def clean(text: str) -> str:
        seen, counts = visible(text)
        for code, n in counts.items():
            total[code] = total.get(code, 0) + n
        return seen

    title = clean(record.title)
    sections = tuple(
        section
        if section.text.isascii() and section.text.isprintable() and not section.path
        else Section(text=clean(section.text), path=tuple(map(clean, section.path)), code=section.code)
        for section in record.sections
    )
    authors = tuple(map(clean, record.authors))
    keywords = tuple(map(clean, record.keywords))
    journal = clean(record.journal) if record.journal else record.journal
    flags = tuple(Flag(code=code, message=_MESSAGES[code].format(n=n)) for code, n in total.items())
    return msgspec.structs.replace(
        record,
        title=title,
        sections=sections,
        authors=authors,
        keywords=keywords,
        journal=journal,
        url=record.url if record.url and record.url.startswith(("https://", "http://")) else None,
        flags=record.flags + flags,
    )
