"""Saved questions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("filters", sa.Text(), nullable=False, comment="JSON"),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("ran", sa.Text(), nullable=True),
        sa.Column("seen", sa.LargeBinary(), nullable=False, comment="msgpack of the sources as last seen"),
        sa.PrimaryKeyConstraint("name"),
        comment="saved questions",
    )


def downgrade() -> None:
    op.drop_table("watch")
