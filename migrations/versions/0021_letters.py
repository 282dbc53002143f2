"""Who told somebody of a notice, in a letter or by telephone.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LAWS = {
    "told": "(told_by is null) = (told_how is null)",
    "told_is_sent": "told_by is null or sent_at is not null",
}


def upgrade() -> None:
    how = sa.Enum("letter", "phone", name="told_how", native_enum=False, create_constraint=True, length=32)
    with op.batch_alter_table("notice") as notice:
        notice.add_column(sa.Column("told_by", Key(), nullable=True))
        notice.add_column(sa.Column("told_how", how, nullable=True))
        notice.create_foreign_key(op.f("fk_notice_told_by"), "member", ["told_by"], ["id"])
    with op.batch_alter_table("notice") as notice:
        for name, law in LAWS.items():
            notice.create_check_constraint(op.f(f"ck_notice_{name}"), law)


def downgrade() -> None:
    with op.batch_alter_table("notice") as notice:
        for name in (*LAWS, "told_how"):
            notice.drop_constraint(op.f(f"ck_notice_{name}"), type_="check")
        notice.drop_constraint(op.f("fk_notice_told_by"), type_="foreignkey")
    with op.batch_alter_table("notice") as notice:
        notice.drop_column("told_how")
        notice.drop_column("told_by")
