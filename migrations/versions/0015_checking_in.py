"""Checking in to a group session: codes for it, and when somebody came.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key, Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attendance") as attendance:
        attendance.add_column(sa.Column("came_at", Moment(), nullable=True))
        attendance.create_check_constraint(op.f("ck_attendance_checked_in"), "came_at is null or presence = 'came'")
    op.create_table(
        "session_code",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", Key(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=False),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_session_code_by_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["group_session.id"], name=op.f("fk_session_code_session_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session_code")),
    )
    op.create_index(op.f("ix_session_code_session_id"), "session_code", ["session_id"], unique=False)


def downgrade() -> None:
    op.drop_table("session_code")
    with op.batch_alter_table("attendance") as attendance:
        attendance.drop_constraint(op.f("ck_attendance_checked_in"), type_="check")
        attendance.drop_column("came_at")
