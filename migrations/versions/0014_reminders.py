"""Reminders of exchanges, once for each stage of what people wait for.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exchange_reminder",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "unanswered",
                "half_way",
                "last_day",
                "day_before",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about", Moment(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_reminder_exchange_id")),
        sa.PrimaryKeyConstraint("exchange_id", "stage", "about", name=op.f("pk_exchange_reminder")),
    )


def downgrade() -> None:
    op.drop_table("exchange_reminder")
