"""Sheets: what was printed, and what was entered from paper or a file.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Day, Key, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _choice(name: str, *answers: str) -> sa.Enum:
    return sa.Enum(*answers, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "printed_sheet",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("session_id", Key(), nullable=True),
        sa.Column("month", Day(), nullable=True),
        sa.Column("party_id", Key(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("printed_at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_printed_sheet_number")),
        sa.CheckConstraint("(session_id is null) <> (month is null)", name=op.f("ck_printed_sheet_one_kind")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_printed_sheet_by_member_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_printed_sheet_party_id")),
        sa.ForeignKeyConstraint(["session_id"], ["group_session.id"], name=op.f("fk_printed_sheet_session_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_printed_sheet_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_sheet")),
        sa.UniqueConstraint("session_id", name=op.f("uq_printed_sheet_session_id")),
        sa.UniqueConstraint("timebank_id", "number", name=op.f("uq_printed_sheet_timebank_id_number")),
    )
    op.create_table(
        "entered_sheet",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("printed_id", Key(), nullable=True),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("source", _choice("source", "grid", "file", "program"), nullable=False),
        sa.Column("signed", _choice("signed", "both", "giver", "receiver"), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.CheckConstraint("part > 0", name=op.f("ck_entered_sheet_part")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_entered_sheet_by_member_id")),
        sa.ForeignKeyConstraint(["printed_id"], ["printed_sheet.id"], name=op.f("fk_entered_sheet_printed_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_entered_sheet_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entered_sheet")),
        sa.UniqueConstraint("by_member_id", "submission", name=op.f("uq_entered_sheet_by_member_id_submission")),
        sa.UniqueConstraint("printed_id", "part", name=op.f("uq_entered_sheet_printed_id_part")),
    )
    op.create_index("ix_entered_sheet_digest", "entered_sheet", ["timebank_id", "digest"], unique=False)
    op.create_index("ix_entered_sheet_when", "entered_sheet", ["timebank_id", "entered_at", "id"], unique=False)
    op.create_table(
        "entered_line",
        sa.Column("entered_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exchange_id", Key(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_entered_line_number")),
        sa.ForeignKeyConstraint(["entered_id"], ["entered_sheet.id"], name=op.f("fk_entered_line_entered_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_entered_line_exchange_id")),
        sa.PrimaryKeyConstraint("entered_id", "number", name=op.f("pk_entered_line")),
        sa.UniqueConstraint("exchange_id", name=op.f("uq_entered_line_exchange_id")),
    )


def downgrade() -> None:
    op.drop_table("entered_line")
    op.drop_table("entered_sheet")
    op.drop_table("printed_sheet")
