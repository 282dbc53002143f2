"""Guardians: who may act for whom, how far, and when that ended.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Day, Key, Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("guardian_id", Key(), nullable=False),
        sa.Column("ward_id", Key(), nullable=False),
        sa.Column("may_ask", sa.Boolean(), nullable=False),
        sa.Column("may_agree", sa.Boolean(), nullable=False),
        sa.Column("may_log", sa.Boolean(), nullable=False),
        sa.Column("most_seconds", Amount(), nullable=True),
        sa.Column("most_monthly_seconds", Amount(), nullable=True),
        sa.Column("until", Day(), nullable=True),
        sa.Column(
            "evidence",
            sa.Enum(
                "said_so",
                "letter",
                "document",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("set_by", Key(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Key(), nullable=True),
        sa.CheckConstraint("guardian_id <> ward_id", name=op.f("ck_guardianship_two_people")),
        sa.CheckConstraint("may_ask or may_agree or may_log", name=op.f("ck_guardianship_something")),
        sa.CheckConstraint("most_seconds > 0", name=op.f("ck_guardianship_most_seconds")),
        sa.CheckConstraint("most_monthly_seconds > 0", name=op.f("ck_guardianship_most_monthly_seconds")),
        sa.CheckConstraint("(ended_at is null) = (ended_by is null)", name=op.f("ck_guardianship_ended")),
        sa.ForeignKeyConstraint(["ended_by"], ["member.id"], name=op.f("fk_guardianship_ended_by")),
        sa.ForeignKeyConstraint(["guardian_id"], ["member.id"], name=op.f("fk_guardianship_guardian_id")),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_guardianship_set_by")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_guardianship_timebank_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["member.id"], name=op.f("fk_guardianship_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    op.create_index(op.f("ix_guardianship_guardian_id"), "guardianship", ["guardian_id"], unique=False)
    op.create_index(op.f("ix_guardianship_ward_id"), "guardianship", ["ward_id"], unique=False)


def downgrade() -> None:
    op.drop_table("guardianship")
