"""The timebank: its rooms' first tables.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Day, Key, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_ends_at"), "attempts", ["ends_at"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", Key(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column(
            "language",
            sa.Enum("en", "cy", name="language", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "password",
        sa.Column("person_id", Key(), nullable=False),
        sa.Column("hash", sa.String(length=255), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_password")),
    )
    op.create_table(
        "timebank",
        sa.Column("id", Key(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("name_cy", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("book_id", Key(), nullable=False),
        sa.Column("issuing_account_id", Key(), nullable=False),
        sa.Column("pot_account_id", Key(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["ledger_book.id"], name=op.f("fk_timebank_book_id")),
        sa.ForeignKeyConstraint(
            ["issuing_account_id"], ["ledger_account.id"], name=op.f("fk_timebank_issuing_account_id")
        ),
        sa.ForeignKeyConstraint(["pot_account_id"], ["ledger_account.id"], name=op.f("fk_timebank_pot_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timebank")),
        sa.UniqueConstraint("slug", name=op.f("uq_timebank_slug")),
    )
    op.create_index(op.f("ix_timebank_book_id"), "timebank", ["book_id"], unique=False)

    op.create_table(
        "gift",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("name_cy", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_gift_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift")),
        sa.UniqueConstraint("timebank_id", "name_en", name=op.f("uq_gift_timebank_id_name_en")),
    )
    op.create_table(
        "notice",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("person_id", Key(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "broker", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_notice_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_timebank_id"), "notice", ["timebank_id"], unique=False)
    op.create_index("ix_notice_to", "notice", ["person_id", "made_at"], unique=False)
    op.create_index("ix_notice_unsent", "notice", ["sent_at", "due_at"], unique=False)

    op.create_table(
        "party",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("person", "organisation", name="partykind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("folded_name", sa.String(length=200), nullable=False),
        sa.Column("account_id", Key(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "suspended", "left", name="status", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("joined_on", Day(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["ledger_account.id"], name=op.f("fk_party_account_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_party_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
        sa.UniqueConstraint("account_id", name=op.f("uq_party_account_id")),
    )
    op.create_index("ix_party_by_name", "party", ["timebank_id", "sort_name", "id"], unique=False)

    op.create_table(
        "policy",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("in_force_from", Moment(), nullable=False),
        sa.Column("decided_by", Key(), nullable=True),
        sa.Column("granularity_seconds", sa.Integer(), nullable=False),
        sa.Column(
            "approval",
            sa.Enum(
                "none",
                "beforehand",
                "afterwards",
                name="approval",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "confirmation",
            sa.Enum(
                "giver",
                "receiver",
                "either",
                "both",
                name="confirmation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("auto_confirm_days", sa.Integer(), nullable=True),
        sa.Column("starting_credits_seconds", Amount(), nullable=False),
        sa.Column("floor_seconds", Amount(), nullable=True),
        sa.Column("conversation_threshold_seconds", Amount(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "auto_confirm_days is null or auto_confirm_days between 1 and 365", name=op.f("ck_policy_auto_confirm")
        ),
        sa.CheckConstraint("floor_seconds is null or floor_seconds <= 0", name=op.f("ck_policy_floor")),
        sa.CheckConstraint("granularity_seconds between 1 and 86400", name=op.f("ck_policy_granularity")),
        sa.CheckConstraint("starting_credits_seconds between 0 and 3600000", name=op.f("ck_policy_starting_credits")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_policy_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy")),
        sa.UniqueConstraint("timebank_id", "in_force_from", name=op.f("uq_policy_timebank_id_in_force_from")),
        sa.UniqueConstraint("timebank_id", "version", name=op.f("uq_policy_timebank_id_version")),
    )
    op.create_table(
        "listing",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("offer", "request", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("details", sa.String(length=2000), nullable=False),
        sa.Column("gift_id", Key(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "closed", name="listingstatus", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("listed_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("listed_by", Key(), nullable=False),
        sa.Column("submission", Key(), nullable=False),
        sa.CheckConstraint("times between 0 and 2097151", name=op.f("ck_listing_times")),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_listing_gift_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_listing_party_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_listing_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("party_id", "submission", name=op.f("uq_listing_party_id_submission")),
    )
    op.create_index(op.f("ix_listing_gift_id"), "listing", ["gift_id"], unique=False)
    op.create_index("ix_listing_newest", "listing", ["timebank_id", "status", "side", "listed_at", "id"], unique=False)
    op.create_index(op.f("ix_listing_party_id"), "listing", ["party_id"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", Key(), nullable=False),
        sa.Column("person_id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["party.id"], name=op.f("fk_member_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_member_person_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_member_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("person_id", "timebank_id", name=op.f("uq_member_person_id_timebank_id")),
    )
    op.create_index(op.f("ix_member_timebank_id"), "member", ["timebank_id"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", Key(), nullable=False),
        sa.Column("about_en", sa.String(length=1000), nullable=False),
        sa.Column("about_cy", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["party.id"], name=op.f("fk_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "acts_for",
        sa.Column("member_id", Key(), nullable=False),
        sa.Column("party_id", Key(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_acts_for_member_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_acts_for_party_id")),
        sa.PrimaryKeyConstraint("member_id", "party_id", name=op.f("pk_acts_for")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", Key(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", Key(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_api_token_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    op.create_index(op.f("ix_api_token_member_id"), "api_token", ["member_id"], unique=False)

    op.create_table(
        "exchange",
        sa.Column("id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("giver_id", Key(), nullable=False),
        sa.Column("receiver_id", Key(), nullable=False),
        sa.Column("proposer_id", Key(), nullable=False),
        sa.Column("listing_id", Key(), nullable=True),
        sa.Column("gift_id", Key(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "agreed",
                "approved",
                "reported",
                "confirmed",
                "credited",
                "disputed",
                "declined",
                "withdrawn",
                "cancelled",
                "not_happened",
                "reversed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("planned_for", Moment(), nullable=True),
        sa.Column("planned_seconds", Amount(), nullable=True),
        sa.Column("happened_on", Day(), nullable=True),
        sa.Column("reported_seconds", Amount(), nullable=True),
        sa.Column("reporter_id", Key(), nullable=True),
        sa.Column("has_giver_word", sa.Boolean(), nullable=False),
        sa.Column("has_receiver_word", sa.Boolean(), nullable=False),
        sa.Column("is_unapproved", sa.Boolean(), nullable=False),
        sa.Column("is_one_handed", sa.Boolean(), nullable=False),
        sa.Column("waits_for_limit", sa.Boolean(), nullable=False),
        sa.Column("hold_id", Key(), nullable=True),
        sa.Column("entry_id", Key(), nullable=True),
        sa.Column("reversal_entry_id", Key(), nullable=True),
        sa.Column("submission", Key(), nullable=False),
        sa.CheckConstraint(
            "(state = 'credited') <= (entry_id is not null)", name=op.f("ck_exchange_credited_has_entry")
        ),
        sa.CheckConstraint(
            "(state = 'reversed') <= (reversal_entry_id is not null)", name=op.f("ck_exchange_reversed_has_entry")
        ),
        sa.CheckConstraint("giver_id <> receiver_id", name=op.f("ck_exchange_two_parties")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_exchange_entry_id")),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name=op.f("fk_exchange_gift_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["party.id"], name=op.f("fk_exchange_giver_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["ledger_entry.id"], name=op.f("fk_exchange_hold_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_exchange_listing_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["party.id"], name=op.f("fk_exchange_proposer_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["party.id"], name=op.f("fk_exchange_receiver_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["party.id"], name=op.f("fk_exchange_reporter_id")),
        sa.ForeignKeyConstraint(["reversal_entry_id"], ["ledger_entry.id"], name=op.f("fk_exchange_reversal_entry_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_exchange_timebank_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_exchange_entry_id")),
        sa.UniqueConstraint("proposer_id", "submission", name=op.f("uq_exchange_proposer_id_submission")),
    )
    op.create_index("ix_exchange_giver", "exchange", ["giver_id", "since", "id"], unique=False)
    op.create_index(op.f("ix_exchange_listing_id"), "exchange", ["listing_id"], unique=False)
    op.create_index("ix_exchange_receiver", "exchange", ["receiver_id", "since", "id"], unique=False)
    op.create_index("ix_exchange_state", "exchange", ["timebank_id", "state", "since", "id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", Key(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_invitation_member_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_member_id"), "invitation", ["member_id"], unique=False)

    op.create_table(
        "role_held",
        sa.Column("member_id", Key(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("member", "broker", "auditor", name="role", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("since", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_role_held_member_id")),
        sa.PrimaryKeyConstraint("member_id", "role", name=op.f("pk_role_held")),
    )
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", Key(), nullable=False),
        sa.Column("member_id", Key(), nullable=False),
        sa.Column("began_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_sign_in_member_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_ends_at"), "sign_in", ["ends_at"], unique=False)
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)

    op.create_table(
        "exchange_step",
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "verb",
            sa.Enum(
                "propose",
                "agree",
                "decline",
                "withdraw",
                "approve",
                "cancel",
                "did_not_happen",
                "report",
                "confirm",
                "credit",
                "dispute",
                "settle",
                "reverse",
                name="verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "before",
            sa.Enum(
                "proposed",
                "agreed",
                "approved",
                "reported",
                "confirmed",
                "credited",
                "disputed",
                "declined",
                "withdrawn",
                "cancelled",
                "not_happened",
                "reversed",
                name="before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "after",
            sa.Enum(
                "proposed",
                "agreed",
                "approved",
                "reported",
                "confirmed",
                "credited",
                "disputed",
                "declined",
                "withdrawn",
                "cancelled",
                "not_happened",
                "reversed",
                name="after",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_member_id", Key(), nullable=True),
        sa.Column("for_party_id", Key(), nullable=True),
        sa.Column("seconds", Amount(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_exchange_step_number")),
        sa.ForeignKeyConstraint(["by_member_id"], ["member.id"], name=op.f("fk_exchange_step_by_member_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_exchange_step_exchange_id")),
        sa.ForeignKeyConstraint(["for_party_id"], ["party.id"], name=op.f("fk_exchange_step_for_party_id")),
        sa.PrimaryKeyConstraint("exchange_id", "number", name=op.f("pk_exchange_step")),
    )
    op.create_table(
        "help",
        sa.Column("entry_id", Key(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("exchange_id", Key(), nullable=False),
        sa.Column("timebank_id", Key(), nullable=False),
        sa.Column("giver_id", Key(), nullable=False),
        sa.Column("receiver_id", Key(), nullable=False),
        sa.Column("seconds", Amount(), nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("reversed_at", Moment(), nullable=True),
        sa.CheckConstraint("giver_id <> receiver_id", name=op.f("ck_help_two_parties")),
        sa.CheckConstraint("seconds > 0", name=op.f("ck_help_seconds")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_help_entry_id")),
        sa.ForeignKeyConstraint(["exchange_id"], ["exchange.id"], name=op.f("fk_help_exchange_id")),
        sa.ForeignKeyConstraint(["giver_id"], ["party.id"], name=op.f("fk_help_giver_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["party.id"], name=op.f("fk_help_receiver_id")),
        sa.ForeignKeyConstraint(["timebank_id"], ["timebank.id"], name=op.f("fk_help_timebank_id")),
        sa.PrimaryKeyConstraint("entry_id", "line", name=op.f("pk_help")),
    )
    op.create_index(op.f("ix_help_exchange_id"), "help", ["exchange_id"], unique=False)
    op.create_index("ix_help_giver", "help", ["giver_id"], unique=False)
    op.create_index("ix_help_period", "help", ["timebank_id", "happened_on"], unique=False)
    op.create_index("ix_help_receiver", "help", ["receiver_id"], unique=False)


def downgrade() -> None:
    op.drop_table("help")
    op.drop_table("exchange_step")
    op.drop_table("sign_in")
    op.drop_table("role_held")
    op.drop_table("invitation")
    op.drop_table("exchange")
    op.drop_table("api_token")
    op.drop_table("acts_for")
    op.drop_table("organisation")
    op.drop_table("member")
    op.drop_table("listing")
    op.drop_table("policy")
    op.drop_table("party")
    op.drop_table("notice")
    op.drop_table("gift")
    op.drop_table("timebank")
    op.drop_table("password")
    op.drop_table("person")
    op.drop_table("attempts")
