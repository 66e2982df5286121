"""Plans, their versions, the decks they use, and which lesson was begun from which."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _plans()
    _decks()
    op.create_table(
        "taught",
        sa.Column("lesson", sa.String, sa.ForeignKey("lessons.id"), primary_key=True),
        sa.Column("plan", sa.String, sa.ForeignKey("plans.id"), nullable=False, index=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("group", sa.String, nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False, index=True),
        sa.Column("archived", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "plan_versions",
        sa.Column("plan", sa.String, sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("course", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("steps", sa.Integer, nullable=False),
        sa.Column("questions", sa.Integer, nullable=False),
        sa.Column("deck", sa.String, nullable=False),
        sa.Column("page", sa.Integer, nullable=False),
    )


def _decks() -> None:
    op.create_table(
        "plan_decks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("status", sa.String, nullable=False, index=True),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("params", sa.String, nullable=False),
    )
    op.create_table(
        "plan_deck_uses",
        sa.Column("plan", sa.String, sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("deck", sa.String, sa.ForeignKey("plan_decks.id"), primary_key=True, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("added", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "plan_pages",
        sa.Column("deck", sa.String, sa.ForeignKey("plan_decks.id"), primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("asset", sa.String, nullable=False, unique=True),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
    )


def downgrade() -> None:
    for table in ("taught", "plan_pages", "plan_deck_uses", "plan_decks", "plan_versions", "plans"):
        op.drop_table(table)
