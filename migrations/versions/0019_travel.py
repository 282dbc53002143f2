"""What of travel and preparation counts, and the parts of logged hours.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

PARTS = ("service_seconds", "travel_seconds", "preparation_seconds")
WHOLE = (
    "(service_seconds is null) = (travel_seconds is null) and (service_seconds is null) = (preparation_seconds is null)"
)
LAWS = {
    "travel_beyond": "travel_beyond_seconds is null or travel_beyond_seconds >= 0",
    "extra_most": "extra_most_seconds is null or extra_most_seconds > 0",
}


def upgrade() -> None:
    with op.batch_alter_table("policy") as policy:
        policy.add_column(sa.Column("travel_beyond_seconds", Amount(), nullable=True))
        policy.add_column(sa.Column("preparation_counts", sa.Boolean(), nullable=False, server_default=sa.false()))
        policy.add_column(sa.Column("extra_most_seconds", Amount(), nullable=True))
    with op.batch_alter_table("policy") as policy:
        policy.alter_column("preparation_counts", server_default=None)
        for name, law in LAWS.items():
            policy.create_check_constraint(op.f(f"ck_policy_{name}"), law)
    with op.batch_alter_table("exchange") as exchange:
        for part in PARTS:
            exchange.add_column(sa.Column(part, Amount(), nullable=True))
        exchange.create_check_constraint(op.f("ck_exchange_parts_whole"), WHOLE)


def downgrade() -> None:
    """Logged hours keep their sum."""
    with op.batch_alter_table("exchange") as exchange:
        exchange.drop_constraint(op.f("ck_exchange_parts_whole"), type_="check")
    with op.batch_alter_table("exchange") as exchange:
        for part in reversed(PARTS):
            exchange.drop_column(part)
    with op.batch_alter_table("policy") as policy:
        for name in LAWS:
            policy.drop_constraint(op.f(f"ck_policy_{name}"), type_="check")
    with op.batch_alter_table("policy") as policy:
        for column in ("extra_most_seconds", "preparation_counts", "travel_beyond_seconds"):
            policy.drop_column(column)
