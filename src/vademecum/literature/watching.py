"""Saved questions asked again: what is new, what changed, what was retracted since.

Only what bears on a question is followed: the best `FOLLOWED` sources of its search. A source that fell out of them
because better ones came is no news.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from vademecum.errors import UsageError
from vademecum.evidence.model import SourceState
from vademecum.literature.index import Filters
from vademecum.literature.shelf import Shelf
from vademecum.literature.store import Seen, SourceRow, Watch, Writer
from vademecum.literature.store.writer import now

FOLLOWED = 50

Clock = Callable[[], str]


class News(msgspec.Struct, frozen=True):
    """What one question's search shows now that it did not show when it was last run."""

    name: str
    question: str
    since: str | None  # None: it is run for the first time
    new: tuple[SourceRow, ...]
    changed: tuple[SourceRow, ...]  # with a newer text
    fallen: tuple[SourceRow, ...]  # retracted, doubted, corrected or superseded since
    withdrawn: tuple[SourceRow, ...]  # taken back by their publisher, or removed

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.fallen or self.withdrawn)


def save(writer: Writer, name: str, question: str, filters: Filters, *, clock: Clock = now) -> Watch:
    """Saves a question under a name, in place of one of that name. Raises UsageError for an empty one."""
    if not name.strip() or not question.strip():
        raise UsageError("a watch needs a name and a question")
    watch = Watch(
        name=name.strip(), question=question.strip(), filters=msgspec.json.encode(filters).decode(), created=clock()
    )
    writer.put_watch(watch)
    return watch


def run(shelf: Shelf, watch: Watch, writer: Writer | None = None, *, clock: Clock = now) -> News:
    """Asks a saved question again. With a writer, what is shown now is news no more the next time."""
    filters = msgspec.json.decode(watch.filters, type=Filters)
    hits = shelf.search(watch.question, filters, limit=FOLLOWED)
    shown = {hit.source.id: hit.source for hit in hits}
    before = {seen.source: seen for seen in watch.seen}
    gone = shelf.store.sources([id_ for id_ in before if id_ not in shown])
    known = {**gone, **shown}
    news = News(
        name=watch.name,
        question=watch.question,
        since=watch.ran,
        new=tuple(row for id_, row in shown.items() if id_ not in before),
        changed=tuple(row for id_, row in known.items() if id_ in before and _has_new_text(row, before[id_])),
        fallen=tuple(row for id_, row in known.items() if id_ in before and _has_fallen(row, before[id_])),
        withdrawn=tuple(row for id_, row in gone.items() if row.deleted),
    )
    if writer is not None:
        followed = [row for row in known.values() if not row.deleted]
        seen = tuple(Seen(source=row.id, version=row.version, state=row.state) for row in followed)
        writer.put_watch(msgspec.structs.replace(watch, ran=clock(), seen=seen))
    return news


def _has_new_text(row: SourceRow, seen: Seen) -> bool:
    return not row.deleted and row.version != seen.version


def _has_fallen(row: SourceRow, seen: Seen) -> bool:
    return row.state is not seen.state and row.state is not SourceState.CURRENT
