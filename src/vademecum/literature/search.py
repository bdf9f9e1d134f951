"""Search of the library: by words and by meaning together, the best passage of each work, with what to quote from it.

    parse -> Index.lexical, Index.semantic -> ranking.fuse -> ranking.merit -> one hit a work -> quotes.quote

Equal libraries and questions give equal answers: ties are broken by the order of import, nothing depends on the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from vademecum.errors import IndexDamagedError, MissingExtraError
from vademecum.literature.encoder import Encoder
from vademecum.literature.index import Filters, Index, ParsedQuery, parse_query
from vademecum.literature.index.tokens import token_stream
from vademecum.literature.quotes import quote, term_weights
from vademecum.literature.ranking import Candidate, Wish, by_meaning, by_words, fuse, merit, ordered
from vademecum.literature.store import SourceRow, Store, StoredPassage

if TYPE_CHECKING:
    from vademecum.literature.encoder import Vectors

__all__ = ["Filters", "Hit", "Library", "Mode", "search"]

DEPTH: Final = 200  # passages found by words, and half as many by meaning, at least
DEEPEST: Final = 3_000  # where they are of too few works
OF_A_WORK: Final = 3  # passages of one work that are weighed
WEIGHED: Final = 60  # passages that are read and weighed, the best; at least three for each hit wanted


class Mode(StrEnum):
    """How to search."""

    DEFAULT = "default"  # by words and by meaning; by words alone where there are no vectors
    LEXICAL = "lexical"  # by words alone, the plain baseline
    SEMANTIC = "semantic"  # by meaning alone, the plain baseline


class Library(msgspec.Struct, frozen=True):
    """What is searched. Without an encoder search is by words."""

    store: Store
    index: Index
    encoder: Encoder | None = None

    @property
    def by_meaning(self) -> bool:
        """Whether search by meaning is possible: an encoder, and vectors made by it."""
        return self.encoder is not None and self.index.encoder == self.encoder.identity


class Hit(msgspec.Struct, frozen=True):
    """A work that was found, by its best passage. Spans count characters of `passage.text`."""

    source: SourceRow
    passage: StoredPassage
    score: float  # comparable within one search only
    lexical: float | None  # likeness by words: 1 holds all the question's words often; None when words did not find it
    semantic: float | None  # cosine; None without vectors
    highlights: tuple[tuple[int, int], ...]  # words the question holds too
    quote: tuple[int, int]  # the sentences that answer best
    also: tuple[int, ...] = ()  # other sources with the same title and passage


class _Request(msgspec.Struct, frozen=True):
    text: str
    query: ParsedQuery
    filters: Filters
    limit: int
    mode: Mode


_ANYTHING: Final = Filters()


def search(
    library: Library, text: str, filters: Filters = _ANYTHING, limit: int = 10, mode: Mode = Mode.DEFAULT
) -> list[Hit]:
    """The works that answer best, best first. Raises MissingExtraError for SEMANTIC without encoder or vectors."""
    request = _Request(text=text, query=parse_query(text), filters=filters, limit=limit, mode=mode)
    candidates = _candidates(library, request)
    passages = library.store.passages([one.passage for one in candidates])
    sources = library.store.sources([one.source for one in candidates])
    held = [one for one in candidates if one.passage in passages and one.source in sources]
    if mode is Mode.DEFAULT:
        held = _weighed(text, held, sources, passages)
    chosen = _one_a_work(held, sources, passages)[:limit]
    terms = [term for term, _ in request.query.terms]
    weights = term_weights(terms, (passages[one.passage].text for one, _ in chosen))
    return [_hit(one, also, sources, passages, weights) for one, also in chosen]


def _candidates(library: Library, request: _Request) -> list[Candidate]:
    """Passages that may be the answer, best first: of enough works, where the library has them."""
    vector = _vector(library, request)
    depth = max(DEPTH, 3 * request.limit)
    while True:
        found, more = _found(library.index, request, vector, depth)
        if len({one.source for one in found}) >= request.limit or not more or depth >= DEEPEST:
            return _spread(found)[: max(WEIGHED, 3 * request.limit)]
        depth *= 4


def _found(index: Index, request: _Request, vector: Vectors | None, depth: int) -> tuple[list[Candidate], bool]:
    """The best passages down to a depth, and whether there may be more."""
    query, filters = request.query, request.filters
    worded, meant = [], []
    if request.mode is not Mode.SEMANTIC:
        worded = by_words(index.lexical(query, filters, depth), index.ceiling(query))
    if vector is not None:
        meant = by_meaning(index.semantic(vector, filters, depth // 2))
    more = len(worded) == depth or len(meant) == depth // 2
    if request.mode is not Mode.DEFAULT or vector is None:
        return worded or meant, more
    return fuse(worded, meant, index.likeness(vector, [one.passage for one in worded])), more


def _spread(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best few passages of each work, so that a long document leaves room for others."""
    taken = Counter[int]()
    kept = []
    for one in candidates:
        taken[one.source] += 1
        if taken[one.source] <= OF_A_WORK:
            kept.append(one)
    return kept


def _vector(library: Library, request: _Request) -> Vectors | None:
    """The question's vector; None where search is by words alone."""
    if request.mode is Mode.LEXICAL or not request.text.strip():
        return None
    encoder = _encoder(library, request.mode)
    return encoder.encode([request.text])[0] if encoder else None


def _encoder(library: Library, mode: Mode) -> Encoder | None:
    """The encoder whose vectors the index holds."""
    encoder, held = library.encoder, library.index.encoder
    if encoder is not None and held is not None and held != encoder.identity:
        raise IndexDamagedError(f"{library.index.folder}: holds vectors of another encoder; run: vade reindex")
    if mode is Mode.SEMANTIC and (encoder is None or held is None):
        raise MissingExtraError("search by meaning", "semantic")
    return encoder if held is not None else None


def _weighed(
    text: str, candidates: Sequence[Candidate], sources: dict[int, SourceRow], passages: dict[int, StoredPassage]
) -> list[Candidate]:
    """The candidates in the order of likeness and merit."""
    wish = Wish.of(text)
    years = [year for one in candidates if (year := sources[one.source].record.year) is not None]
    newest = max(years, default=None)
    return ordered(
        msgspec.structs.replace(one, score=one.score + merit(wish, sources[one.source], passages[one.passage], newest))
        for one in candidates
    )


def _one_a_work(
    candidates: Sequence[Candidate], sources: dict[int, SourceRow], passages: dict[int, StoredPassage]
) -> list[tuple[Candidate, tuple[int, ...]]]:
    """The best passage of each work; a work with the title and the passage of an earlier one is named beside it.

    The title counts, because one and the same sentence ("It is inherited in a dominant pattern.") says something else
    under another title.
    """
    best: dict[int, Candidate] = {}
    for one in candidates:
        best.setdefault(one.source, one)
    first: dict[tuple[str, str], Candidate] = {}
    also: dict[tuple[str, str], list[int]] = {}
    for one in best.values():
        key = (passages[one.passage].hash, token_stream(sources[one.source].record.title))
        if key in first:
            also[key].append(one.source)
        else:
            first[key], also[key] = one, []
    return [(one, tuple(also[key])) for key, one in first.items()]


def _hit(
    one: Candidate,
    also: tuple[int, ...],
    sources: dict[int, SourceRow],
    passages: dict[int, StoredPassage],
    weights: dict[str, float],
) -> Hit:
    passage = passages[one.passage]
    found = quote(passage.text, weights)
    return Hit(
        source=sources[one.source],
        passage=passage,
        score=one.score,
        lexical=one.lexical,
        semantic=one.semantic,
        highlights=found.highlights,
        quote=found.span,
        also=also,
    )
