"""Messages between the two of an exchange.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_party_id", Key(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_message_by_member_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_message_exchange_id")),
        sa.ForeignKeyConstraint(["from_party_id"], ["party.id"], name=op.f("fk_message_from_party_id")),
        sa.PrimaryKeyConstraint("exchange_id", "number", name=op.f("pk_message")),
        sa.UniqueConstraint("by_member_id", "submission", name=op.f("uq_message_by_member_id_submission")),
    )
    op.create_table(
        "message_words",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_message_words_exchange_id")),
        sa.PrimaryKeyConstraint("exchange_id", "number", name=op.f("pk_message_words")),
    )
    op.create_table(
        "conversation_side",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("last_at", Moment(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("read_number", sa.Integer(), nullable=False),
        sa.Column("shown_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_conversation_side_exchange_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_conversation_side_party_id")),
        sa.PrimaryKeyConstraint("exchange_id", "party_id", name=op.f("pk_conversation_side")),
    )
    op.create_index(
        "ix_conversation_side_newest", "conversation_side", ["party_id", "last_at", "exchange_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("conversation_side")
    op.drop_table("message_words")
    op.drop_table("message")
