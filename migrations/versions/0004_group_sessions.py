"""Group sessions: who takes part, and the entries that they led to.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Day, Key, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_session",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("host_id", Key(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("details", sa.String(length=2000), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("planned_seconds", Amount(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column(
            "charging",
            sa.Enum(
                "each",
                "shared",
                "pot",
                "organisation",
                "nobody",
                name="charging",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("payer_id", Key(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "announced",
                "credited",
                "cancelled",
                name="sessionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("announced_at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.CheckConstraint("(charging = 'organisation') = (payer_id is not null)", name=op.f("ck_group_session_payer")),
        sa.CheckConstraint("places is null or places > 0", name=op.f("ck_group_session_places")),
        sa.CheckConstraint("planned_seconds > 0", name=op.f("ck_group_session_planned_seconds")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_group_session_by_member_id")),
        sa.ForeignKeyConstraint(["host_id"], ["party.id"], name=op.f("fk_group_session_host_id")),
        sa.ForeignKeyConstraint(["payer_id"], ["party.id"], name=op.f("fk_group_session_payer_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_group_session_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("by_member_id", "submission", name=op.f("uq_group_session_by_member_id_submission")),
    )
    op.create_index(op.f("ix_group_session_host_id"), "group_session", ["host_id"], unique=False)
    op.create_index("ix_group_session_when", "group_session", ["timebank_id", "state", "starts_at", "id"], unique=False)

    op.create_table(
        "attendance",
        sa.Column("session_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column(
            "part",
            sa.Enum("giver", "receiver", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "presence",
            sa.Enum(
                "coming",
                "waiting",
                "withdrawn",
                "came",
                "absent",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("seconds", Amount(), nullable=True),
        sa.Column("entry_number", sa.Integer(), nullable=True),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.CheckConstraint("(presence = 'came') = (seconds is not null)", name=op.f("ck_attendance_came_for_so_long")),
        sa.CheckConstraint("entry_number is null or presence = 'came'", name=op.f("ck_attendance_counted")),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_attendance_seconds")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_attendance_by_member_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_attendance_party_id")),
        sa.ForeignKeyConstraint(["session_id"], ["group_session.id"], name=op.f("fk_attendance_session_id")),
        sa.PrimaryKeyConstraint("session_id", "party_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "session_entry",
        sa.Column("session_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", Key(), nullable=False),
        sa.Column("surplus_seconds", Amount(), nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("credited_at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("reversal_entry_id", Key(), nullable=True),
        sa.Column("reversed_at", Moment(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_session_entry_number")),
        sa.CheckConstraint("surplus_seconds >= 0", name=op.f("ck_session_entry_surplus")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_session_entry_by_member_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_session_entry_entry_id")),
        sa.ForeignKeyConstraint(
            ["reversal_entry_id"], ["ledger_entry.id"], name=op.f("fk_session_entry_reversal_entry_id")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["group_session.id"], name=op.f("fk_session_entry_session_id")),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_session_entry")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_session_entry_entry_id")),
    )


def downgrade() -> None:
    op.drop_table("session_entry")
    op.drop_table("attendance")
    op.drop_table("group_session")
