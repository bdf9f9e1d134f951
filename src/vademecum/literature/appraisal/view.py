"""What the rules look at: the record's fields and the parts of its text where a study says what it is."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from vademecum.literature.appraisal.species import animal_words
from vademecum.literature.documents import Document
from vademecum.literature.records import Record, RecordKind
from vademecum.literature.regions import Region, Role, regions

FRONT = 4_000  # characters of a full text read for its design when it has no abstract heading
_PEOPLE = re.compile(
    r"^(?:study )?(?:patients?|participants?|population|subjects|sample|study sample)(?: sample)?$", re.I
)
# Tuples, since a look-up in a set calls the enum's hash, which is written in Python and slow.
_METHODS = (Role.DESIGN, Role.METHODS, Role.METHODS_AND_RESULTS, Role.OBJECTIVE)
_PLAIN = (Role.UNLABELLED, Role.OTHER)
_DESIGN, _FUNDING = Role.DESIGN, Role.FUNDING  # an enum's member is slow to look up as well
_COUNTED = (Role.RESULTS, *_METHODS, *_PLAIN)


class View(msgspec.Struct, frozen=True):
    """Lower-case copies keep every offset: a text whose length changes in lower case is left as it is."""

    title: str  # lower case
    types: frozenset[str]
    mesh: frozenset[str]
    whole: str  # lower case, as long as Document.text
    design: str  # lower case: the part headed "design", if any
    methods: str  # lower case: the parts that say what was done; the whole text when it has no headings
    counted: tuple[tuple[int, int], ...]  # where people may be counted: no conclusions, no discussion
    animal: str | None  # what says that the work is on animals
    people: tuple[int, ...]  # where parts headed "participants" begin, behind a label printed inside the text
    funding: tuple[tuple[int, int], ...]  # parts headed "funding"


def view(record: Record, body: Document) -> View:
    """The record laid out for the rules."""
    cut = _front(record, body)
    lower = lowered(body.text)
    methods = [region for region in cut if region.role in _METHODS]
    design = " ".join([lower[region.start : region.end] for region in methods if region.role is _DESIGN])
    plain = methods or [region for region in cut if region.role in _PLAIN]
    counting = _COUNTED if methods else (*_COUNTED, Role.BACKGROUND)
    title = lowered(record.title)
    done = " ".join([lower[region.start : region.end] for region in plain])
    mesh = frozenset([heading.name for heading in record.mesh])
    return View(
        title=title,
        types=_set_of(record.publication_types),
        mesh=mesh,
        whole=lower,
        design=design,
        methods=done,
        animal=animal_words(title, done, lower, mesh),
        counted=tuple([(region.start, region.end) for region in cut if region.role in counting]),
        people=tuple([region.start + len(region.opening) for region in cut if _is_people(region.label)]),
        funding=tuple([(region.start, region.end) for region in cut if region.role is _FUNDING]),
    )


def lowered(text: str) -> str:
    """Lower case of the same length: "İ" would become two characters and shift every offset behind it."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=4096)
def _set_of(types: tuple[str, ...]) -> frozenset[str]:
    """One set for all records with the same types, so that what follows from it can be kept too."""
    return frozenset(types)


@lru_cache(maxsize=4096)
def _is_people(label: str) -> bool:
    return _PEOPLE.search(label) is not None


def _front(record: Record, body: Document) -> list[Region]:
    """The abstract of a full text, else its first FRONT characters; all of anything else."""
    cut = list(regions(body))
    if record.kind is not RecordKind.FULL_TEXT:
        return cut
    abstract = [region for region in cut if region.label.lower().startswith("abstract")]
    funding = [region for region in cut if region.role is Role.FUNDING]
    if abstract:
        return abstract + funding
    return [region for region in cut if region.start < FRONT and region.role is not Role.FUNDING] + funding
