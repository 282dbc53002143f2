"""The words of everybody's name, by which they are found while somebody types.

Revision ID: 0024
Revises: 0023
"""

import re

import sqlalchemy as sa
from alembic import op

from ledger.columns import Key

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SOME = 1000


def upgrade() -> None:
    by_letters = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
    words = op.create_table(
        "name_word",
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("word", by_letters, nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_name_word_party_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_name_word_timebank_id")),
        sa.PrimaryKeyConstraint("party_id", "word", name=op.f("pk_name_word")),
    )
    op.create_index("ix_name_word_by_beginning", "name_word", ["timebank_id", "word", "party_id"], unique=False)
    party = sa.table("party", sa.column("id", Key()), sa.column("timebank_id", Key()), sa.column("folded_name"))
    known = op.get_bind().execute(sa.select(party.c.id, party.c.timebank_id, party.c.folded_name)).all()
    rows = [
        {"party_id": party_id, "timebank_id": timebank_id, "word": word}
        for party_id, timebank_id, name in known
        for word in sorted(set(re.findall(r"\w+", re.sub("['’ʼ`]", "", name))))
    ]
    for start in range(0, len(rows), SOME):
        op.get_bind().execute(words.insert(), rows[start : start + SOME])


def downgrade() -> None:
    op.drop_table("name_word")
