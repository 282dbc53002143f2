"""Concerns for the brokers, how it went, and thanks.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concern",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("for_party_id", Key(), nullable=False),
        sa.Column("about_id", Key(), nullable=False),
        sa.Column("exchange_id", Key(), nullable=True),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", Key(), nullable=True),
        sa.CheckConstraint("for_party_id <> about_id", name=op.f("ck_concern_two_parties")),
        sa.CheckConstraint("(closed_at is null) = (closed_by is null)", name=op.f("ck_concern_closed_by_somebody")),
        sa.ForeignKeyConstraint(["about_id"], ["party.id"], name=op.f("fk_concern_about_id")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_concern_by_member_id")),
        sa.ForeignKeyConstraint(["closed_by"], ["member.id"], name=op.f("fk_concern_closed_by")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_concern_exchange_id")),
        sa.ForeignKeyConstraint(["for_party_id"], ["party.id"], name=op.f("fk_concern_for_party_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_concern_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("by_member_id", "submission", name=op.f("uq_concern_by_member_id_submission")),
    )
    op.create_index("ix_concern_newest", "concern", ["timebank_id", "raised_at", "id"], unique=False)
    op.create_table(
        "concern_words",
        sa.Column("concern_id", Key(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_words_concern_id")),
        sa.PrimaryKeyConstraint("concern_id", name=op.f("pk_concern_words")),
    )
    op.create_table(
        "afterword",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column(
            "feeling",
            sa.Enum(
                "well",
                "so_so",
                "not_well",
                name="feeling",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("noted_at", Moment(), nullable=True),
        sa.Column("noted_by", Key(), nullable=True),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_afterword_by_member_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_afterword_exchange_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["member.id"], name=op.f("fk_afterword_noted_by")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_afterword_party_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_afterword_timebank_id")),
        sa.PrimaryKeyConstraint("exchange_id", "party_id", name=op.f("pk_afterword")),
    )
    op.create_index("ix_afterword_to_note", "afterword", ["timebank_id", "noted_at", "at"], unique=False)
    op.create_table(
        "thanks",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_thanks_by_member_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_thanks_exchange_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_thanks_party_id")),
        sa.PrimaryKeyConstraint("exchange_id", "party_id", name=op.f("pk_thanks")),
    )
    op.create_table(
        "thanks_words",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_thanks_words_exchange_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_thanks_words_party_id")),
        sa.PrimaryKeyConstraint("exchange_id", "party_id", name=op.f("pk_thanks_words")),
    )


def downgrade() -> None:
    op.drop_table("thanks_words")
    op.drop_table("thanks")
    op.drop_table("afterword")
    op.drop_table("concern_words")
    op.drop_table("concern")
