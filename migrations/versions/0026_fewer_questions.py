"""The guards of an entry ask less often on PostgreSQL: each still refuses what it refused.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# What ledger/guards/ held when this revision was written: a revision never reads what may change after it.
GUARDS = r"""
DROP FUNCTION ledger_check_clearing(ledger_entry);

CREATE FUNCTION ledger_check_clearing(header ledger_entry, mirrors integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF header.clearing IS NULL OR mirrors <> 1 OR NOT EXISTS (
        SELECT 1 FROM ledger_clearing AS half
          JOIN ledger_posting AS posting ON posting.entry = half.entry AND posting.account = half.account
         WHERE half.id = header.clearing AND half.book = header.book AND half.entry = header.id
           AND posting.posted = half.seconds
    ) THEN
        RAISE EXCEPTION 'ledger: law 9: hours between two books move in both at once, or in neither'
        USING ERRCODE = '23L09';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_posting_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_balance
       SET sequence = NEW.sequence, repeats = NEW.sequence, number = NEW.number,
           posted = NEW.posted_after, held_out = NEW.out_after, held_in = NEW.in_after
     WHERE account = NEW.account AND book = NEW.book AND sequence = NEW.sequence - 1 AND number < NEW.number
       AND posted = NEW.posted_before AND held_out = NEW.out_before AND held_in = NEW.in_before
       AND limits = NEW.limits
       AND floor IS NOT DISTINCT FROM NEW.floor AND ceiling IS NOT DISTINCT FROM NEW.ceiling
       AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry);
    IF NOT FOUND THEN
        IF EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry) THEN
            RAISE EXCEPTION 'ledger: law 1: the entry is whole already' USING ERRCODE = '23L01';
        END IF;
        IF EXISTS (
            SELECT 1 FROM ledger_balance WHERE account = NEW.account AND sequence = NEW.sequence - 1
               AND (limits <> NEW.limits
                    OR floor IS DISTINCT FROM NEW.floor OR ceiling IS DISTINCT FROM NEW.ceiling)
        ) THEN
            RAISE EXCEPTION 'ledger: law 4: the posting does not carry the limits in force' USING ERRCODE = '23L04';
        END IF;
        RAISE EXCEPTION 'ledger: law 2: the posting does not continue the balance' USING ERRCODE = '23L02';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_entry_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
    has_key boolean;
    whole boolean;
    mirrors integer;
BEGIN
    SELECT EXISTS (SELECT 1 FROM ledger_key WHERE book = NEW.book AND key = NEW.key AND entry = NEW.id),
           count(*) = NEW.lines AND sum(posting.posted) = 0 AND sum(posting.held_out) = sum(posting.held_in)
           AND sum(greatest(posting.posted, 0)) = NEW.moved,
           count(account.partner)
      INTO has_key, whole, mirrors
      FROM ledger_posting AS posting JOIN ledger_account AS account ON account.id = posting.account
     WHERE posting.entry = NEW.id;
    IF NOT has_key THEN
        RAISE EXCEPTION 'ledger: law 6: the entry has no key of its own' USING ERRCODE = '23L06';
    END IF;

    UPDATE ledger_head
       SET number = NEW.number, links = NEW.number, hash = NEW.hash, recorded_at = NEW.recorded_at
     WHERE book = NEW.book AND number = NEW.number - 1 AND hash = NEW.previous_hash AND recorded_at <= NEW.recorded_at
    RETURNING closed_until INTO closed;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: law 7: the entry does not continue the chain' USING ERRCODE = '23L07';
    END IF;
    IF closed >= NEW.effective_on THEN
        RAISE EXCEPTION 'ledger: law 8: the effective date lies in a closed period' USING ERRCODE = '23L08';
    END IF;

    IF whole IS NOT TRUE THEN
        RAISE EXCEPTION 'ledger: law 1: the entry is not whole or does not sum to zero' USING ERRCODE = '23L01';
    END IF;

    IF NEW.finishes IS NOT NULL THEN
        PERFORM ledger_check_finish(NEW);
    END IF;
    IF NEW.reverses IS NOT NULL THEN
        PERFORM ledger_check_reversal(NEW);
    END IF;
    IF mirrors > 0 OR NEW.clearing IS NOT NULL THEN
        PERFORM ledger_check_clearing(NEW, mirrors);
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_post(
    the_book uuid, the_key text, the_entry uuid, the_purpose text, the_day date, the_moment timestamptz,
    the_recorder uuid, the_principal uuid, the_request bytea, the_memo_digest bytea, the_salt bytea, the_memo text,
    the_accounts uuid[], the_seconds bigint[],
    OUT number bigint, OUT recorded_at timestamptz, OUT hash bytea
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    head record;
    legs bytea;
    moved bigint;
    of_the_lines bigint := cardinality(the_accounts);
    nothing bytea := '\x6e00000000';
BEGIN
    -- keys, balances, heads: the order in which everybody locks
    INSERT INTO ledger_key (book, key, entry) VALUES (the_book, the_key, the_entry) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM 1 FROM unnest(the_accounts) AS leg (account) JOIN ledger_balance AS balance USING (account)
      ORDER BY account FOR UPDATE OF balance;
    SELECT the_head.number, the_head.hash, the_head.recorded_at,
           EXISTS (
               SELECT 1 FROM ledger_open_hold WHERE account = ANY (the_accounts) AND expires_at <= the_moment
           ) AS due
      INTO STRICT head FROM ledger_head AS the_head WHERE book = the_book FOR UPDATE;
    IF head.due THEN
        RAISE EXCEPTION 'a hold falls due';
    END IF;
    number := head.number + 1;
    recorded_at := greatest(the_moment, head.recorded_at);

    WITH added AS (
        INSERT INTO ledger_posting (
            entry, line, lines, book, number, kind, overrides, account, sequence, previous_sequence,
            posted, held_out, held_in, posted_before, out_before, in_before, posted_after, out_after, in_after,
            limits, floor, ceiling
        )
        SELECT the_entry, leg.line, of_the_lines, the_book, head.number + 1, 'post', 0, account, sequence + 1,
               nullif(sequence, 0), leg.seconds, 0, 0, posted, held_out, held_in, posted + leg.seconds, held_out,
               held_in, limits, floor, ceiling
          FROM unnest(the_accounts, the_seconds) WITH ORDINALITY AS leg (account, seconds, line)
          JOIN ledger_balance USING (account)
         ORDER BY leg.line
        RETURNING *
    )
    SELECT sum(greatest(posted, 0)), string_agg(
               ledger_field(line) || ledger_field(account) || ledger_field(sequence) || ledger_field(posted)
               || ledger_field(held_out) || ledger_field(held_in) || ledger_field(posted_after)
               || ledger_field(out_after) || ledger_field(in_after) || ledger_field(limits) || ledger_field(floor)
               || ledger_field(ceiling), '' ORDER BY line)
      INTO moved, legs FROM added;

    hash := sha256(
        ledger_field('timebank ledger entry 1'::text) || ledger_field(head.hash) || ledger_field(the_book)
        || ledger_field(head.number + 1) || ledger_field(the_entry) || ledger_field('post'::text)
        || ledger_field(the_purpose) || ledger_field(the_day) || ledger_field(greatest(the_moment, head.recorded_at))
        || ledger_field(the_recorder) || ledger_field(the_principal) || ledger_field(the_key)
        || ledger_field(the_request) || ledger_field(the_memo_digest)
        || nothing || nothing || nothing || nothing || nothing  -- finishes, reverses, override_by, expires_at, clearing
        || ledger_field(moved) || ledger_field(of_the_lines) || legs
    );
    INSERT INTO ledger_entry (
        id, book, number, kind, purpose, effective_on, recorded_at, recorded_by, recorded_for, key, request_digest,
        memo_digest, overrides, moved, lines, previous_number, previous_hash, hash
    ) VALUES (
        the_entry, the_book, number, 'post', the_purpose, the_day, recorded_at, the_recorder, the_principal, the_key,
        the_request, the_memo_digest, 0, moved, of_the_lines, nullif(head.number, 0), head.hash, hash
    );
    IF the_memo IS NOT NULL THEN
        INSERT INTO ledger_memo (entry, salt, text) VALUES (the_entry, the_salt, the_memo);
    END IF;
EXCEPTION WHEN OTHERS THEN
    -- nothing of it stands: the whole way is walked, and meets the same again
    number := NULL;
END $$;

ALTER FUNCTION ledger_check_clearing(ledger_entry, integer) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION ledger_posting_insert() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION ledger_entry_insert() SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION ledger_check_clearing(ledger_entry, integer) FROM PUBLIC;

DROP TRIGGER ledger_entry_inserted ON ledger_entry;
CREATE TRIGGER ledger_entry_inserted AFTER INSERT ON ledger_entry
    FOR EACH ROW WHEN (NEW.kind = 'hold' OR NEW.finishes IS NOT NULL) EXECUTE FUNCTION ledger_entry_inserted();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_inserted;
"""

# What earlier revisions had put up.
EARLIER = r"""
DROP FUNCTION ledger_check_clearing(ledger_entry, integer);

CREATE FUNCTION ledger_check_clearing(header ledger_entry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mirrors integer;
    halves boolean := true;
BEGIN
    SELECT count(*) INTO mirrors
      FROM ledger_posting AS posting JOIN ledger_account AS mirror ON mirror.id = posting.account
     WHERE posting.entry = header.id AND mirror.partner IS NOT NULL;
    IF header.clearing IS NOT NULL THEN
        halves := EXISTS (
            SELECT 1 FROM ledger_clearing AS half
              JOIN ledger_posting AS posting ON posting.entry = half.entry AND posting.account = half.account
             WHERE half.id = header.clearing AND half.book = header.book AND half.entry = header.id
               AND posting.posted = half.seconds
        );
    END IF;
    IF mirrors <> (header.clearing IS NOT NULL)::int OR NOT halves THEN
        RAISE EXCEPTION 'ledger: law 9: hours between two books move in both at once, or in neither'
        USING ERRCODE = '23L09';
    END IF;
END $$;

CREATE OR REPLACE FUNCTION ledger_posting_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry) THEN
        RAISE EXCEPTION 'ledger: law 1: the entry is whole already' USING ERRCODE = '23L01';
    END IF;
    UPDATE ledger_balance
       SET sequence = NEW.sequence, repeats = NEW.sequence, number = NEW.number,
           posted = NEW.posted_after, held_out = NEW.out_after, held_in = NEW.in_after
     WHERE account = NEW.account AND book = NEW.book AND sequence = NEW.sequence - 1 AND number < NEW.number
       AND posted = NEW.posted_before AND held_out = NEW.out_before AND held_in = NEW.in_before
       AND limits = NEW.limits
       AND floor IS NOT DISTINCT FROM NEW.floor AND ceiling IS NOT DISTINCT FROM NEW.ceiling;
    IF NOT FOUND THEN
        IF EXISTS (
            SELECT 1 FROM ledger_balance WHERE account = NEW.account AND sequence = NEW.sequence - 1
               AND (limits <> NEW.limits
                    OR floor IS DISTINCT FROM NEW.floor OR ceiling IS DISTINCT FROM NEW.ceiling)
        ) THEN
            RAISE EXCEPTION 'ledger: law 4: the posting does not carry the limits in force' USING ERRCODE = '23L04';
        END IF;
        RAISE EXCEPTION 'ledger: law 2: the posting does not continue the balance' USING ERRCODE = '23L02';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_entry_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed date;
    whole boolean;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_key WHERE book = NEW.book AND key = NEW.key AND entry = NEW.id) THEN
        RAISE EXCEPTION 'ledger: law 6: the entry has no key of its own' USING ERRCODE = '23L06';
    END IF;

    UPDATE ledger_head
       SET number = NEW.number, links = NEW.number, hash = NEW.hash, recorded_at = NEW.recorded_at
     WHERE book = NEW.book AND number = NEW.number - 1 AND hash = NEW.previous_hash AND recorded_at <= NEW.recorded_at
    RETURNING closed_until INTO closed;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: law 7: the entry does not continue the chain' USING ERRCODE = '23L07';
    END IF;
    IF closed >= NEW.effective_on THEN
        RAISE EXCEPTION 'ledger: law 8: the effective date lies in a closed period' USING ERRCODE = '23L08';
    END IF;

    SELECT count(*) = NEW.lines AND sum(posted) = 0 AND sum(held_out) = sum(held_in)
           AND sum(greatest(posted, 0)) = NEW.moved
      INTO whole FROM ledger_posting WHERE entry = NEW.id;
    IF whole IS NOT TRUE THEN
        RAISE EXCEPTION 'ledger: law 1: the entry is not whole or does not sum to zero' USING ERRCODE = '23L01';
    END IF;

    IF NEW.finishes IS NOT NULL THEN
        PERFORM ledger_check_finish(NEW);
    END IF;
    IF NEW.reverses IS NOT NULL THEN
        PERFORM ledger_check_reversal(NEW);
    END IF;
    PERFORM ledger_check_clearing(NEW);
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ledger_post(
    the_book uuid, the_key text, the_entry uuid, the_purpose text, the_day date, the_moment timestamptz,
    the_recorder uuid, the_principal uuid, the_request bytea, the_memo_digest bytea, the_salt bytea, the_memo text,
    the_accounts uuid[], the_seconds bigint[],
    OUT number bigint, OUT recorded_at timestamptz, OUT hash bytea
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    head ledger_head;
    legs bytea;
    moved bigint;
    of_the_lines bigint := cardinality(the_accounts);
    nothing bytea := '\x6e00000000';
BEGIN
    -- keys, balances, heads: the order in which everybody locks
    INSERT INTO ledger_key (book, key, entry) VALUES (the_book, the_key, the_entry) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM 1 FROM ledger_balance WHERE account = ANY (the_accounts) ORDER BY account FOR UPDATE;
    IF EXISTS (SELECT 1 FROM ledger_open_hold WHERE account = ANY (the_accounts) AND expires_at <= the_moment) THEN
        RAISE EXCEPTION 'a hold falls due';
    END IF;
    SELECT * INTO STRICT head FROM ledger_head WHERE book = the_book FOR UPDATE;
    number := head.number + 1;
    recorded_at := greatest(the_moment, head.recorded_at);

    WITH added AS (
        INSERT INTO ledger_posting (
            entry, line, lines, book, number, kind, overrides, account, sequence, previous_sequence,
            posted, held_out, held_in, posted_before, out_before, in_before, posted_after, out_after, in_after,
            limits, floor, ceiling
        )
        SELECT the_entry, leg.line, of_the_lines, the_book, head.number + 1, 'post', 0, account, sequence + 1,
               nullif(sequence, 0), leg.seconds, 0, 0, posted, held_out, held_in, posted + leg.seconds, held_out,
               held_in, limits, floor, ceiling
          FROM unnest(the_accounts, the_seconds) WITH ORDINALITY AS leg (account, seconds, line)
          JOIN ledger_balance USING (account)
         ORDER BY leg.line
        RETURNING *
    )
    SELECT sum(greatest(posted, 0)), string_agg(
               ledger_field(line) || ledger_field(account) || ledger_field(sequence) || ledger_field(posted)
               || ledger_field(held_out) || ledger_field(held_in) || ledger_field(posted_after)
               || ledger_field(out_after) || ledger_field(in_after) || ledger_field(limits) || ledger_field(floor)
               || ledger_field(ceiling), '' ORDER BY line)
      INTO moved, legs FROM added;

    hash := sha256(
        ledger_field('timebank ledger entry 1'::text) || ledger_field(head.hash) || ledger_field(the_book)
        || ledger_field(head.number + 1) || ledger_field(the_entry) || ledger_field('post'::text)
        || ledger_field(the_purpose) || ledger_field(the_day) || ledger_field(greatest(the_moment, head.recorded_at))
        || ledger_field(the_recorder) || ledger_field(the_principal) || ledger_field(the_key)
        || ledger_field(the_request) || ledger_field(the_memo_digest)
        || nothing || nothing || nothing || nothing || nothing  -- finishes, reverses, override_by, expires_at, clearing
        || ledger_field(moved) || ledger_field(of_the_lines) || legs
    );
    INSERT INTO ledger_entry (
        id, book, number, kind, purpose, effective_on, recorded_at, recorded_by, recorded_for, key, request_digest,
        memo_digest, overrides, moved, lines, previous_number, previous_hash, hash
    ) VALUES (
        the_entry, the_book, number, 'post', the_purpose, the_day, recorded_at, the_recorder, the_principal, the_key,
        the_request, the_memo_digest, 0, moved, of_the_lines, nullif(head.number, 0), head.hash, hash
    );
    IF the_memo IS NOT NULL THEN
        INSERT INTO ledger_memo (entry, salt, text) VALUES (the_entry, the_salt, the_memo);
    END IF;
EXCEPTION WHEN OTHERS THEN
    -- nothing of it stands: the whole way is walked, and meets the same again
    number := NULL;
END $$;

ALTER FUNCTION ledger_check_clearing(ledger_entry) SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION ledger_posting_insert() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION ledger_entry_insert() SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION ledger_check_clearing(ledger_entry) FROM PUBLIC;

DROP TRIGGER ledger_entry_inserted ON ledger_entry;
CREATE TRIGGER ledger_entry_inserted AFTER INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_inserted();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_inserted;
"""


def upgrade() -> None:
    op.create_guards(sqlite="", postgresql=GUARDS)


def downgrade() -> None:
    op.create_guards(sqlite="", postgresql=EARLIER)
