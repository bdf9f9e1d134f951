"""Search by words: the tantivy schema, what is put into it, and how a question is asked of it."""

from __future__ import annotations

import math
from functools import lru_cache

import tantivy

from vademecum.literature.index.filters import Filters, Scored
from vademecum.literature.index.query import ParsedQuery
from vademecum.literature.index.tokens import token_stream
from vademecum.literature.records import Identifiers
from vademecum.literature.store.model import IndexedSource, SourceRow

TITLE_WEIGHT = 0.25  # beside its share in the whole text; measured by the retrieval sets
ID_WEIGHT = 100.0  # an identifier in the question outranks any words
TERMS_USED = 32  # the most telling ones of a long question; the rest add time, not results
_K1 = 1.2  # the engine's BM25 saturation
_WEIGHTS = (("text", 1.0), ("title", TITLE_WEIGHT))
_topic = lru_cache(maxsize=50_000)(token_stream)  # the same few thousand headings come back all the time
_Clause = tuple[tantivy.Occur, tantivy.Query]


def schema() -> tantivy.Schema:
    """Text is tokenised before it comes here, so the engine only splits at spaces; nothing is stored but ids."""
    builder = tantivy.SchemaBuilder()
    for name, _ in _WEIGHTS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in ("id", "tag"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    # Signed: the engine's Python binding deletes nothing, silently, when the term is of an unsigned field.
    builder.add_integer_field("passage", fast=True)
    builder.add_integer_field("source", indexed=True, fast=True)
    builder.add_integer_field("year", indexed=True, fast=True)
    return builder.build()


def documents(indexed: IndexedSource) -> list[tantivy.Document]:
    """One document a passage. Of a source that is nothing but a title, the passage is the title: it counts once."""
    row = indexed.source
    record = row.record
    title = token_stream(record.title)
    topics = " ".join(map(_topic, [*(heading.name for heading in record.mesh), *record.keywords]))
    ids = identifier_terms(record.ids)
    tags = _tags(row)
    made = []
    for passage in indexed.passages:
        document = tantivy.Document()
        document.add_text("title", title)
        body = token_stream("\n".join([*passage.path, passage.text])) if passage.text != record.title else ""
        document.add_text("text", f"{title} {body} {topics}")
        for value in ids:
            document.add_text("id", value)
        for value in tags:
            document.add_text("tag", value)
        document.add_integer("passage", passage.id)
        document.add_integer("source", row.id)
        if record.year is not None:
            document.add_integer("year", record.year)
        made.append(document)
    return made


def identifier_terms(ids: Identifiers) -> list[str]:
    """Public identifiers as exact terms."""
    named = (("pmid", ids.pmid), ("pmcid", ids.pmcid), ("nct", ids.nct), ("doi", ids.doi and ids.doi.lower()))
    return [f"{name}:{value}" for name, value in named if value]


def search(
    searcher: tantivy.Searcher, made: tantivy.Schema, query: ParsedQuery, filters: Filters, limit: int
) -> list[Scored]:
    """The best passages, best first; equal scores in the order of the index."""
    wanted = _wanted(searcher, made, query)
    if not wanted or limit < 1:
        return []
    clauses = [(tantivy.Occur.Should, clause) for clause in wanted]
    narrowing = _narrowing(made, filters)
    if narrowing:
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(clauses)), *narrowing]
    hits = searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False).hits
    addresses = [address for _, address in hits]
    passages = searcher.fast_field_values("passage", addresses)
    sources = searcher.fast_field_values("source", addresses)
    return [
        Scored(passage=int(passage), source=int(source), score=float(score))
        for (score, _), passage, source in zip(hits, passages, sources, strict=True)
        if passage is not None and source is not None
    ]


def ceiling(searcher: tantivy.Searcher, query: ParsedQuery) -> float:
    """The score of a text that holds every one of the question's own terms very often; 0 when the index holds none."""
    frequencies = [(searcher.doc_freq("text", token), weight) for token, weight in query.terms]
    if not any(frequency for frequency, _ in frequencies):
        return 0.0
    total = max(searcher.num_docs, 1)
    return sum(weight * _idf(total, frequency) * (_K1 + 1) for frequency, weight in frequencies)


def _idf(total: int, frequency: int) -> float:
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def _wanted(searcher: tantivy.Searcher, made: tantivy.Schema, query: ParsedQuery) -> list[tantivy.Query]:
    """Weighted clauses of the terms the index holds. Kept flat: only a flat union of terms skips weak documents."""
    total = max(searcher.num_docs, 1)
    telling: list[tuple[float, str, str, float]] = []
    for token, weight in (*query.terms, *query.more):
        for name, field_weight in _WEIGHTS:
            frequency = searcher.doc_freq(name, token)
            if frequency:
                telling.append((weight * field_weight * _idf(total, frequency), name, token, weight * field_weight))
    telling.sort(key=lambda entry: -entry[0])
    clauses = [_term(made, name, token, weight) for _, name, token, weight in telling[: TERMS_USED * len(_WEIGHTS)]]
    return clauses + [_term(made, "id", value, ID_WEIGHT, "basic") for value in query.ids]


def _term(made: tantivy.Schema, name: str, token: str, weight: float, option: str = "freq") -> tantivy.Query:
    return tantivy.Query.boost_query(tantivy.Query.term_query(made, name, token, option), weight)


def _narrowing(made: tantivy.Schema, filters: Filters) -> list[_Clause]:
    tags = (
        [f"kind:{kind}" for kind in filters.kinds],
        [f"population:{population}" for population in filters.populations],
        [f"design:{design}" for design in filters.designs],
        [f"language:{language}" for language in filters.languages],
        [f"level:{level}" for level in filters.levels],
        [f"state:{state}" for state in filters.states],
    )
    queries = [tantivy.Query.term_set_query(made, "tag", values) for values in tags if values]
    first, last = filters.years
    if first is not None or last is not None:
        queries.append(tantivy.Query.range_query(made, "year", tantivy.FieldType.Integer, first, last))
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in queries]


def _tags(row: SourceRow) -> list[str]:
    appraisal = row.appraisal
    tags = [f"kind:{row.kind}", f"state:{row.state}"]
    tags += [f"population:{population}" for population in appraisal.populations]
    tags += [f"design:{appraisal.design}"] if appraisal.design else []
    tags += [f"language:{row.record.language}"] if row.record.language else []
    tags += [f"level:{appraisal.level}"] if appraisal.level is not None else []
    return tags
