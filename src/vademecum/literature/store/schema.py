"""The tables, one set for SQLite and PostgreSQL. The migrations make them; a test compares the two.

Text is kept once: a version holds its document compressed, a passage is a pair of offsets into it. Only current
versions have passages and links. Ids come from `counter`, so that none is ever used twice.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData()
_ID = BigInteger().with_variant(Integer, "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    comment="identity of the database, rule set of the newest mining, last import of each register",
)

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
    comment="last id given out in each table, and last place in the change feed",
)

unit = Table(
    "unit",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("fingerprint", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("items", BigInteger, nullable=False),
    Column("error", Text),
    Column("updated", Text, nullable=False),
    comment="progress of imports",
)

source = Table(
    "source",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("design", Text),
    Column("state", Text, nullable=False),
    Column("state_note", Text),
    Column("deleted", Boolean, nullable=False),
    Column("removed", Boolean, nullable=False, comment="by the user; an import does not bring it back"),
    Column("merged_into", _ID, comment="the source that holds what this one held"),
    Column("version", _ID, nullable=False, comment="preferred current version; the two point at each other"),
    Column("changed", BigInteger, nullable=False),
    Column("imported", Text, nullable=False),
    Index("source_changed", "changed", unique=True),
)

identifier = Table(
    "identifier",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("source", _ID, ForeignKey("source.id"), primary_key=True),
    Index("identifier_source", "source"),
    sqlite_with_rowid=False,
    comment="two works may share a DOI (an article and the notice that retracts it), hence the source in the key",
)

version = Table(
    "version",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("source", _ID, ForeignKey("source.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, comment="SHA-256 of the whole record"),
    Column("rank", Text, nullable=False, comment="sorts as revisions follow each other"),
    Column("arrival", BigInteger, nullable=False, comment="order among equal ranks"),
    Column("current", Boolean, nullable=False),
    Column("standing", Text, comment="retracted, or notice, by its own record"),
    Column("tier", Text, nullable=False),
    Column("unit", _ID, ForeignKey("unit.id"), comment="where it came from"),
    Column("imported", Text, nullable=False),
    Column("record", LargeBinary, nullable=False, comment="msgpack, without sections, compressed"),
    Column("appraisal", LargeBinary, nullable=False, comment="msgpack"),
    Column("body", LargeBinary, nullable=False, comment="msgpack of the document, compressed"),
    Index("version_source", "source"),
)

passage = Table(
    "passage",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("version", _ID, ForeignKey("version.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("path", Text, comment="JSON list of headings"),
    Column("code", Text),
    Index("passage_version", "version"),
)

mined = Table(
    "mined",
    metadata,
    Column("version", _ID, ForeignKey("version.id"), primary_key=True, autoincrement=False),
    Column("rules", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("findings", LargeBinary, nullable=False, comment="msgpack"),
    comment="statements mined from a version, with the rule set that did it",
)

link = Table(
    "link",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=False),
    Column("version", _ID, ForeignKey("version.id"), comment="the current version that says so; null for a register"),
    Column("outward", Boolean, nullable=False, comment="says something of another work than its own"),
    Column("kind", Text, nullable=False, comment="seen from the work concerned"),
    Column("register", Text),
    Column("date", Text),
    Column("digest", LargeBinary, unique=True, comment="of a register's notice: it is taken in once"),
    Column("body", LargeBinary, nullable=False, comment="msgpack of the claim"),
    Index("link_version", "version"),
)

link_key = Table(
    "link_key",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("side", SmallInteger, primary_key=True, comment="0: the work concerned, 1: the work that concerns it"),
    Column("link", _ID, ForeignKey("link.id"), primary_key=True),
    Index("link_key_link", "link"),
    sqlite_with_rowid=False,
    comment="a link finds its works by their identifiers, whichever arrives first",
)

deletion = Table(
    "deletion",
    metadata,
    Column("pmid", Text, primary_key=True),
    Column("origin", Text, primary_key=True, comment="fingerprint of the unit that says so"),
    Column("rank", Text, comment="newest revision it withdraws; null until one is known"),
    comment="citations withdrawn by their publisher",
)

watch = Table(
    "watch",
    metadata,
    Column("name", Text, primary_key=True),
    Column("question", Text, nullable=False),
    Column("filters", Text, nullable=False, comment="JSON"),
    Column("created", Text, nullable=False),
    Column("ran", Text),
    Column("seen", LargeBinary, nullable=False, comment="msgpack of the sources as last seen"),
    comment="saved questions",
)
