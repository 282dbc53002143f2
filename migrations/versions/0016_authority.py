"""By what authority somebody did something for a party that they do not speak for.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

DONE_FOR_ANOTHER = ("exchange_step", "listing", "donation", "wish", "group_session", "attendance", "block")


def upgrade() -> None:
    """What was done before stays as it is: nobody knows any more how a broker was told."""
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
    for table in DONE_FOR_ANOTHER:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("authority", authority.copy(), nullable=True))


def downgrade() -> None:
    for table in DONE_FOR_ANOTHER:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_authority"), type_="check")
            batch.drop_column("authority")
