"""By what authority a broker wrote down a concern, how it went, and thanks for somebody else.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLES = ("concern", "afterword", "thanks")


def upgrade() -> None:
    for table in TABLES:
        authority = sa.Enum(
            "phone",
            "letter",
            "in_person",
            "guardian",
            name="authority",
            native_enum=False,
            create_constraint=True,
            length=32,
        )
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("authority", authority, nullable=True))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_authority"), type_="check")
            batch.drop_column("authority")
