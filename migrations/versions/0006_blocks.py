"""Who keeps away from whom.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("blocker_id", Key(), nullable=False),
        sa.Column("blocked_id", Key(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.CheckConstraint("blocker_id <> blocked_id", name=op.f("ck_block_two_parties")),
        sa.ForeignKeyConstraint(["blocked_id"], ["party.id"], name=op.f("fk_block_blocked_id")),
        sa.ForeignKeyConstraint(["blocker_id"], ["party.id"], name=op.f("fk_block_blocker_id")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_block_by_member_id")),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name=op.f("pk_block")),
    )
    op.create_index("ix_block_blocked_id", "block", ["blocked_id"], unique=False)


def downgrade() -> None:
    op.drop_table("block")
