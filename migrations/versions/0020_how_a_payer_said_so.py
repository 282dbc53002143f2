"""How a broker was told that an organisation pays for a group session.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WAYS = ("phone", "letter", "in_person", "guardian")
AUTHORITY = sa.Enum(*WAYS, name="payer_authority", native_enum=False, create_constraint=False, length=32)


def upgrade() -> None:
    ways = ", ".join(f"'{way}'" for way in WAYS)
    with op.batch_alter_table("group_session") as held:
        held.add_column(sa.Column("payer_authority", AUTHORITY, nullable=True))
        held.create_check_constraint(op.f("ck_group_session_payer_authority"), f"payer_authority IN ({ways})")


def downgrade() -> None:
    with op.batch_alter_table("group_session") as held:
        held.drop_constraint(op.f("ck_group_session_payer_authority"), type_="check")
        held.drop_column("payer_authority")
