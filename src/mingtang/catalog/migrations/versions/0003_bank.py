"""The question bank: an index of questions and of the times they were asked, made from plans and logs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0006"
TABLES = ("bank_lessons", "bank_asked", "bank_plans", "bank_versions", "bank_questions")


def upgrade() -> None:
    op.create_table(
        "bank_questions",
        sa.Column("plan", sa.String, sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("present", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("versions", sa.Integer, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False, index=True),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("folded", sa.String, nullable=False),
    )
    op.create_table(
        "bank_versions",
        sa.Column("plan", sa.String, sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("step", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("content", sa.String, nullable=False),
    )
    op.create_table(
        "bank_plans",
        sa.Column("plan", sa.String, sa.ForeignKey("plans.id"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "bank_asked",
        sa.Column("lesson", sa.String, primary_key=True),
        sa.Column("step", sa.String, primary_key=True, index=True),
        sa.Column("plan", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("group", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("told", sa.String, nullable=False),
    )
    op.create_table("bank_lessons", sa.Column("lesson", sa.String, primary_key=True))


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
