"""Organisations that are asked to pay for a group session, preparation put down apart, sessions that follow another.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Key, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WORD = sa.Enum("asked", "agreed", "declined", name="payerword", native_enum=False, create_constraint=False, length=32)
LAWS = {
    "payerword": "payer_word IN ('asked', 'agreed', 'declined')",
    "payer_was_asked": "(payer_id is null) = (payer_word is null)",
    "payer_most": "payer_most_seconds > 0",
}
PREPARED = "prepared_seconds = 0 or (prepared_seconds > 0 and part = 'giver' and presence = 'came')"


def upgrade() -> None:
    """Whoever was named to pay was named by one who spoke for them: they have agreed."""
    with op.batch_alter_table("group_session") as held:
        held.add_column(sa.Column("payer_word", WORD, nullable=True))
        held.add_column(sa.Column("payer_word_at", Moment(), nullable=True))
        held.add_column(sa.Column("payer_word_by", Key(), nullable=True))
        held.add_column(sa.Column("payer_most_seconds", Amount(), nullable=True))
        held.add_column(sa.Column("counts_preparation", sa.Boolean(), nullable=False, server_default=sa.true()))
        held.add_column(sa.Column("follows_id", Key(), nullable=True))
        held.create_foreign_key(op.f("fk_group_session_payer_word_by"), "member", ["payer_word_by"], ["id"])
        held.create_foreign_key(op.f("fk_group_session_follows_id"), "group_session", ["follows_id"], ["id"])
    op.execute(
        "update group_session set payer_word = 'agreed', payer_word_at = announced_at, payer_word_by = by_member_id "
        "where payer_id is not null"
    )
    with op.batch_alter_table("group_session") as held:
        held.alter_column("counts_preparation", server_default=None)
        for name, law in LAWS.items():
            held.create_check_constraint(op.f(f"ck_group_session_{name}"), law)
    op.create_index(op.f("ix_group_session_payer_id"), "group_session", ["payer_id"], unique=False)
    op.create_index(op.f("ix_group_session_follows_id"), "group_session", ["follows_id"], unique=False)
    with op.batch_alter_table("attendance") as attendance:
        attendance.add_column(sa.Column("prepared_seconds", Amount(), nullable=False, server_default="0"))
    with op.batch_alter_table("attendance") as attendance:
        attendance.alter_column("prepared_seconds", server_default=None)
        attendance.create_check_constraint(op.f("ck_attendance_prepared"), PREPARED)


def downgrade() -> None:
    """Preparation is part of how long it was again, where it counts."""
    op.execute(
        "update attendance set seconds = seconds + prepared_seconds where prepared_seconds > 0 and session_id in "
        "(select id from group_session where counts_preparation)"
    )
    with op.batch_alter_table("attendance") as attendance:
        attendance.drop_constraint(op.f("ck_attendance_prepared"), type_="check")
        attendance.drop_column("prepared_seconds")
    op.drop_index(op.f("ix_group_session_follows_id"), "group_session")
    op.drop_index(op.f("ix_group_session_payer_id"), "group_session")
    with op.batch_alter_table("group_session") as held:
        for name in LAWS:
            held.drop_constraint(op.f(f"ck_group_session_{name}"), type_="check")
        held.drop_constraint(op.f("fk_group_session_follows_id"), type_="foreignkey")
        held.drop_constraint(op.f("fk_group_session_payer_word_by"), type_="foreignkey")
    with op.batch_alter_table("group_session") as held:
        for column in (
            "follows_id",
            "counts_preparation",
            "payer_most_seconds",
            "payer_word_by",
            "payer_word_at",
            "payer_word",
        ):
            held.drop_column(column)
