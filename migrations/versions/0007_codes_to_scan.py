"""Codes that one side shows and the other scans to confirm logged hours.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_code",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_code_exchange_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_exchange_code")),
    )
    op.create_index(op.f("ix_exchange_code_ends_at"), "exchange_code", ["ends_at"], unique=False)
    op.create_index(op.f("ix_exchange_code_exchange_id"), "exchange_code", ["exchange_id"], unique=False)


def downgrade() -> None:
    op.drop_table("exchange_code")
