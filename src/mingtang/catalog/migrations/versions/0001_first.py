"""The first shape of the catalog."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("code", sa.String, nullable=False, index=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
    )
    still_open = sa.text("ended = 0")
    op.create_index(
        "lessons_open_code", "lessons", ["code"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_table(
        "decks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("lesson", sa.String, sa.ForeignKey("lessons.id"), nullable=False, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False, index=True),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("code", sa.String, nullable=False),
    )
    op.create_table(
        "pages",
        sa.Column("deck", sa.String, sa.ForeignKey("decks.id"), primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True),
        sa.Column("asset", sa.String, nullable=False, unique=True),
    )
    op.create_table(
        "assistant_links",
        sa.Column("token_hash", sa.String, primary_key=True),
        sa.Column("lesson", sa.String, sa.ForeignKey("lessons.id"), nullable=False, index=True),
        sa.Column("created", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "walls",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("lesson", sa.String, sa.ForeignKey("lessons.id"), nullable=False, index=True),
        sa.Column("paired", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("walls", "assistant_links", "pages", "decks", "lessons"):
        op.drop_table(table)
