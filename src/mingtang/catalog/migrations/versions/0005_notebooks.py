"""The number of a student's good link to the notebook."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "notebooks",
        sa.Column("lesson", sa.String, sa.ForeignKey("lessons.id"), primary_key=True),
        sa.Column("member", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("notebooks")
