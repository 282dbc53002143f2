"""A policy's rules by risk, the place of an exchange, and which rule applied at each of its steps.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PLACES = ("givers_home", "receivers_home", "public", "remote")


def _one_of(name: str, *answers: str, nullable: bool = False) -> sa.Column[str]:
    stored = sa.Enum(*answers, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, stored, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "policy_rule",
        sa.Column("policy_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("gift_id", Key(), nullable=True),
        _one_of("place", *PLACES, nullable=True),
        _one_of("approval", "none", "beforehand", "afterwards"),
        _one_of("confirmation", "giver", "receiver", "either", "both"),
        sa.Column("auto_confirm_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "auto_confirm_days is null or auto_confirm_days between 1 and 365", name=op.f("ck_policy_rule_auto_confirm")
        ),
        sa.CheckConstraint("gift_id is not null or place is not null", name=op.f("ck_policy_rule_some_risk")),
        sa.CheckConstraint("number > 0", name=op.f("ck_policy_rule_number")),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_policy_rule_gift_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["policy.id"], name=op.f("fk_policy_rule_policy_id")),
        sa.PrimaryKeyConstraint("policy_id", "number", name=op.f("pk_policy_rule")),
    )
    with op.batch_alter_table("exchange") as exchange:
        exchange.add_column(sa.Column("place", sa.String(length=32), nullable=True))
        exchange.create_check_constraint(op.f("ck_exchange_place"), f"place IN ({', '.join(map(repr, PLACES))})")
    with op.batch_alter_table("exchange_step") as step:
        step.add_column(sa.Column("policy_rule", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("exchange_step") as step:
        step.drop_column("policy_rule")
    with op.batch_alter_table("exchange") as exchange:
        exchange.drop_constraint(op.f("ck_exchange_place"), type_="check")
        exchange.drop_column("place")
    op.drop_table("policy_rule")
