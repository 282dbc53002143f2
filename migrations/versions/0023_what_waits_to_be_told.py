"""Letters that wait, and who was told lately, are found among all notices without reading these.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_notice_waiting": (["timebank_id", "channel", "person_id", "made_at"], sa.text("sent_at is null")),
    "ix_notice_told": (["timebank_id", "sent_at"], sa.text("told_by is not null")),
}


def upgrade() -> None:
    for name, (columns, some) in INDEXES.items():
        op.create_index(name, "notice", columns, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "notice")
