"""Lessons that came as files, with the picture that stands for them in lists."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "imported",
        sa.Column("lesson", sa.String, sa.ForeignKey("lessons.id"), primary_key=True),
        sa.Column("asset", sa.String, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("imported")
