"""Exchanges whose hours are corrected, adjusted and put at another time.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Day, Key, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

VERBS_BEFORE = (
    "propose",
    "agree",
    "decline",
    "withdraw",
    "approve",
    "cancel",
    "did_not_happen",
    "report",
    "confirm",
    "credit",
    "dispute",
    "settle",
    "reverse",
)
VERBS = (
    "propose",
    "agree",
    "suggest",
    "keep",
    "decline",
    "withdraw",
    "approve",
    "cancel",
    "did_not_happen",
    "report",
    "correct",
    "confirm",
    "credit",
    "dispute",
    "settle",
    "adjust",
    "reverse",
)
NEW_LAWS = {
    "entry_has_hours": "(entry_id is null) = (credited_seconds is null)",
    "suggested_beside_agreed": "suggested_for is null or state in ('agreed', 'approved')",
    "suggested_whole": "(suggested_for is null) = (suggested_seconds is null)",
}


def upgrade() -> None:
    with op.batch_alter_table("exchange") as exchange:
        exchange.add_column(sa.Column("suggester_id", Key(), nullable=True))
        exchange.add_column(sa.Column("suggested_for", Moment(), nullable=True))
        exchange.add_column(sa.Column("suggested_seconds", Amount(), nullable=True))
        exchange.add_column(sa.Column("corrections", sa.Integer(), nullable=False, server_default="0"))
        exchange.add_column(sa.Column("credited_seconds", Amount(), nullable=True))
        exchange.create_foreign_key(op.f("fk_exchange_suggester_id"), "party", ["suggester_id"], ["id"])
    op.execute(
        "update exchange set credited_seconds = (select help.seconds from help where help.entry_id = exchange.entry_id)"
    )
    with op.batch_alter_table("exchange") as exchange:
        exchange.alter_column("corrections", server_default=None)
        for name, law in NEW_LAWS.items():
            exchange.create_check_constraint(op.f(f"ck_exchange_{name}"), law)

    with op.batch_alter_table("exchange_step") as step:
        step.add_column(sa.Column("planned_for", Moment(), nullable=True))
        step.add_column(sa.Column("happened_on", Day(), nullable=True))
        step.drop_constraint(op.f("ck_exchange_step_verb"), type_="check")
        step.create_check_constraint(op.f("ck_exchange_step_verb"), _one_of("verb", VERBS))

    op.create_table(
        "exchange_credit",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", Key(), nullable=False),
        sa.Column("credited_at", Moment(), nullable=False),
        sa.Column("reversal_entry_id", Key(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_exchange_credit_number")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_exchange_credit_entry_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_credit_exchange_id")),
        sa.ForeignKeyConstraint(
            ["reversal_entry_id"], ["ledger_entry.id"], name=op.f("fk_exchange_credit_reversal_entry_id")
        ),
        sa.PrimaryKeyConstraint("exchange_id", "number", name=op.f("pk_exchange_credit")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_exchange_credit_entry_id")),
        sa.UniqueConstraint("reversal_entry_id", name=op.f("uq_exchange_credit_reversal_entry_id")),
    )
    op.execute(
        "insert into exchange_credit (exchange_id, number, entry_id, credited_at, reversal_entry_id) "
        "select exchange.id, 1, exchange.entry_id, min(exchange_step.at), exchange.reversal_entry_id "
        "from exchange join exchange_step on exchange_step.exchange_id = exchange.id "
        "where exchange.entry_id is not null and exchange_step.after = 'credited' "
        "group by exchange.id, exchange.entry_id, exchange.reversal_entry_id"
    )


def downgrade() -> None:
    """What was corrected, adjusted or put off meanwhile keeps its last word; the steps that say so go."""
    op.drop_table("exchange_credit")
    op.execute("delete from exchange_step where verb in ('suggest', 'keep', 'correct', 'adjust')")
    with op.batch_alter_table("exchange_step") as step:
        step.drop_constraint(op.f("ck_exchange_step_verb"), type_="check")
        step.create_check_constraint(op.f("ck_exchange_step_verb"), _one_of("verb", VERBS_BEFORE))
        step.drop_column("happened_on")
        step.drop_column("planned_for")
    with op.batch_alter_table("exchange") as exchange:
        for name in NEW_LAWS:
            exchange.drop_constraint(op.f(f"ck_exchange_{name}"), type_="check")
    with op.batch_alter_table("exchange") as exchange:
        exchange.drop_constraint(op.f("fk_exchange_suggester_id"), type_="foreignkey")
        for column in ("credited_seconds", "corrections", "suggested_seconds", "suggested_for", "suggester_id"):
            exchange.drop_column(column)


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"
