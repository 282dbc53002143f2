"""When a group session was changed, and the secret addresses of calendars.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("group_session", sa.Column("changed_at", Moment(), nullable=True))
    op.create_table(
        "calendar_feed",
        sa.Column("member_id", Key(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_column("group_session", "changed_at")
