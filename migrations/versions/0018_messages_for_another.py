"""By what authority a broker wrote a message for somebody without e-mail.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
    with op.batch_alter_table("message") as batch:
        batch.add_column(sa.Column("authority", authority, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint(op.f("ck_message_authority"), type_="check")
        batch.drop_column("authority")
