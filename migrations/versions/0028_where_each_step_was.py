"""Where an exchange was to be, or was, by each of its steps; and whose word is waited for, whatever the policy says.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

PLACES = ("givers_home", "receivers_home", "public", "remote")


def upgrade() -> None:
    with op.batch_alter_table("exchange") as exchange:
        exchange.add_column(sa.Column("awaited_id", Key(), nullable=True))
        exchange.create_foreign_key(op.f("fk_exchange_awaited_id"), "party", ["awaited_id"], ["id"])
    with op.batch_alter_table("exchange_step") as step:
        step.add_column(sa.Column("place", sa.String(length=32), nullable=True))
        step.create_check_constraint(op.f("ck_exchange_step_place"), f"place IN ({', '.join(map(repr, PLACES))})")
    op.execute(
        "UPDATE exchange_step SET place = (SELECT place FROM exchange WHERE exchange.id = exchange_step.exchange_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("exchange_step") as step:
        step.drop_constraint(op.f("ck_exchange_step_place"), type_="check")
        step.drop_column("place")
    with op.batch_alter_table("exchange") as exchange:
        exchange.drop_constraint(op.f("fk_exchange_awaited_id"), type_="foreignkey")
        exchange.drop_column("awaited_id")
