"""The first schema of the library."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        comment="last id given out in each table, and last place in the change feed",
    )
    op.create_table(
        "deletion",
        sa.Column("pmid", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False, comment="fingerprint of the unit that says so"),
        sa.Column("rank", sa.Text(), nullable=True, comment="newest revision it withdraws; null until one is known"),
        sa.PrimaryKeyConstraint("pmid", "origin"),
        comment="citations withdrawn by their publisher",
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        comment="identity of the database, rule set of the newest mining, last import of each register",
    )
    op.create_table(
        "source",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("design", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_note", sa.Text(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False, comment="by the user; an import does not bring it back"),
        sa.Column("merged_into", _ID, nullable=True, comment="the source that holds what this one held"),
        sa.Column("version", _ID, nullable=False, comment="preferred current version; the two point at each other"),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("imported", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("source_changed", "source", ["changed"], unique=True)
    op.create_table(
        "unit",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("updated", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        comment="progress of imports",
    )
    op.create_table(
        "identifier",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("scheme", "value", "source"),
        comment="two works may share a DOI (an article and the notice that retracts it), hence the source in the key",
        sqlite_with_rowid=False,
    )
    op.create_index("identifier_source", "identifier", ["source"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("source", _ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the whole record"),
        sa.Column("rank", sa.Text(), nullable=False, comment="sorts as revisions follow each other"),
        sa.Column("arrival", sa.BigInteger(), nullable=False, comment="order among equal ranks"),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=True, comment="retracted, or notice, by its own record"),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("unit", _ID, nullable=True, comment="where it came from"),
        sa.Column("imported", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="msgpack, without sections, compressed"),
        sa.Column("appraisal", sa.LargeBinary(), nullable=False, comment="msgpack"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="msgpack of the document, compressed"),
        sa.ForeignKeyConstraint(
            ["source"],
            ["source.id"],
        ),
        sa.ForeignKeyConstraint(
            ["unit"],
            ["unit.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("version_source", "version", ["source"], unique=False)
    op.create_table(
        "link",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("version", _ID, nullable=True, comment="the current version that says so; null for a register"),
        sa.Column("outward", sa.Boolean(), nullable=False, comment="says something of another work than its own"),
        sa.Column("kind", sa.Text(), nullable=False, comment="seen from the work concerned"),
        sa.Column("register", sa.Text(), nullable=True),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True, comment="of a register's notice: it is taken in once"),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="msgpack of the claim"),
        sa.ForeignKeyConstraint(
            ["version"],
            ["version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("link_version", "link", ["version"], unique=False)
    op.create_table(
        "mined",
        sa.Column("version", _ID, autoincrement=False, nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=False, comment="msgpack"),
        sa.ForeignKeyConstraint(
            ["version"],
            ["version.id"],
        ),
        sa.PrimaryKeyConstraint("version"),
        comment="statements mined from a version, with the rule set that did it",
    )
    op.create_table(
        "passage",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("version", _ID, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True, comment="JSON list of headings"),
        sa.Column("code", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version"],
            ["version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("passage_version", "passage", ["version"], unique=False)
    op.create_table(
        "link_key",
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column(
            "side", sa.SmallInteger(), nullable=False, comment="0: the work concerned, 1: the work that concerns it"
        ),
        sa.Column("link", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["link"],
            ["link.id"],
        ),
        sa.PrimaryKeyConstraint("scheme", "value", "side", "link"),
        comment="a link finds its works by their identifiers, whichever arrives first",
        sqlite_with_rowid=False,
    )
    op.create_index("link_key_link", "link_key", ["link"], unique=False)


def downgrade() -> None:
    op.drop_index("link_key_link", table_name="link_key")
    op.drop_table("link_key")
    op.drop_index("passage_version", table_name="passage")
    op.drop_table("passage")
    op.drop_table("mined")
    op.drop_index("link_version", table_name="link")
    op.drop_table("link")
    op.drop_index("version_source", table_name="version")
    op.drop_table("version")
    op.drop_index("identifier_source", table_name="identifier")
    op.drop_table("identifier")
    op.drop_table("unit")
    op.drop_index("source_changed", table_name="source")
    op.drop_table("source")
    op.drop_table("meta")
    op.drop_table("deletion")
    op.drop_table("counter")
