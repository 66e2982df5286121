"""What the nodes of one hall share besides lessons: keys, and the codes on walls that wait."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "wall_codes",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("wall", sa.String, nullable=False, index=True),
        sa.Column("until", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("wall_codes", "keys"):
        op.drop_table(table)
