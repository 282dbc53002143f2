"""Donations, and what the community pot is asked for.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Key, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "donation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column(
            "occasion",
            sa.Enum(
                "donation",
                "allocation",
                "closing",
                name="occasion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("giver_id", Key(), nullable=True),
        sa.Column("receiver_id", Key(), nullable=True),
        sa.Column("seconds", Amount(), nullable=False),
        sa.Column("word", sa.String(length=300), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("entry_id", Key(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.CheckConstraint("giver_id is not null or receiver_id is not null", name=op.f("ck_donation_somebody")),
        sa.CheckConstraint(
            "giver_id is null or receiver_id is null or giver_id <> receiver_id", name=op.f("ck_donation_two_sides")
        ),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_donation_seconds")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_donation_by_member_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_donation_entry_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["party.id"], name=op.f("fk_donation_giver_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["party.id"], name=op.f("fk_donation_receiver_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_donation_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_donation")),
        sa.UniqueConstraint("by_member_id", "submission", name=op.f("uq_donation_by_member_id_submission")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_donation_entry_id")),
    )
    op.create_index(op.f("ix_donation_giver_id"), "donation", ["giver_id"], unique=False)
    op.create_index("ix_donation_newest", "donation", ["timebank_id", "at", "id"], unique=False)
    op.create_index(op.f("ix_donation_receiver_id"), "donation", ["receiver_id"], unique=False)

    op.create_table(
        "wish",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("seconds", Amount(), nullable=False),
        sa.Column("word", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "met",
                "declined",
                "withdrawn",
                name="wishstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("answered_by", Key(), nullable=True),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("donation_id", Key(), nullable=True),
        sa.CheckConstraint("(state = 'met') = (donation_id is not null)", name=op.f("ck_wish_met_by_a_donation")),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_wish_seconds")),
        sa.ForeignKeyConstraint(["answered_by"], ["member.id"], name=op.f("fk_wish_answered_by")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_wish_by_member_id")),
        sa.ForeignKeyConstraint(["donation_id"], ["donation.id"], name=op.f("fk_wish_donation_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_wish_party_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_wish_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("by_member_id", "submission", name=op.f("uq_wish_by_member_id_submission")),
        sa.UniqueConstraint("donation_id", name=op.f("uq_wish_donation_id")),
    )
    op.create_index(op.f("ix_wish_party_id"), "wish", ["party_id"], unique=False)
    op.create_index("ix_wish_state", "wish", ["timebank_id", "state", "asked_at", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("wish")
    op.drop_table("donation")
