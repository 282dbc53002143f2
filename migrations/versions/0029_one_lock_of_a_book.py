"""A plain entry moves hours between two accounts: in one statement on both engines, under the book's one lock.

Revision ID: 0029
Revises: 0028
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# What ledger/guards/ held when this revision was written: a revision never reads what may change after it.
VIEW = """
CREATE VIEW ledger_plain (
    book, key, entry, purpose, effective_on, recorded_at, recorded_by, recorded_for, request_digest, memo_digest,
    salt, memo, first, second, seconds, number, previous_hash, hash
) AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
WHERE 0;
"""
ON_SQLITE = """
CREATE TRIGGER ledger_plain_insert INSTEAD OF INSERT ON ledger_plain BEGIN
    INSERT INTO ledger_key (book, key, entry) VALUES (NEW.book, NEW.key, NEW.entry);
    INSERT INTO ledger_posting (
        entry, line, lines, book, number, kind, overrides, account, sequence, previous_sequence,
        posted, held_out, held_in, posted_before, out_before, in_before, posted_after, out_after, in_after,
        limits, floor, ceiling
    )
    SELECT NEW.entry, 1, 2, NEW.book, NEW.number, 'post', 0, account, sequence + 1, nullif(sequence, 0),
           NEW.seconds, 0, 0, posted, held_out, held_in, posted + NEW.seconds, held_out, held_in,
           limits, floor, ceiling
      FROM ledger_balance WHERE account = NEW.first;
    INSERT INTO ledger_posting (
        entry, line, lines, book, number, kind, overrides, account, sequence, previous_sequence,
        posted, held_out, held_in, posted_before, out_before, in_before, posted_after, out_after, in_after,
        limits, floor, ceiling
    )
    SELECT NEW.entry, 2, 2, NEW.book, NEW.number, 'post', 0, account, sequence + 1, nullif(sequence, 0),
           -NEW.seconds, 0, 0, posted, held_out, held_in, posted - NEW.seconds, held_out, held_in,
           limits, floor, ceiling
      FROM ledger_balance WHERE account = NEW.second;
    INSERT INTO ledger_entry (
        id, book, number, kind, purpose, effective_on, recorded_at, recorded_by, recorded_for, key, request_digest,
        memo_digest, overrides, moved, lines, previous_number, previous_hash, hash
    ) VALUES (
        NEW.entry, NEW.book, NEW.number, 'post', NEW.purpose, NEW.effective_on, NEW.recorded_at, NEW.recorded_by,
        NEW.recorded_for, NEW.key, NEW.request_digest, NEW.memo_digest, 0, abs(NEW.seconds), 2,
        nullif(NEW.number - 1, 0), NEW.previous_hash, NEW.hash
    );
    INSERT INTO ledger_memo (entry, salt, text) SELECT NEW.entry, NEW.salt, NEW.memo WHERE NEW.memo IS NOT NULL;
END;

CREATE TRIGGER ledger_posting_insert BEFORE INSERT ON ledger_posting BEGIN
    SELECT RAISE(ABORT, 'ledger: checks are off on this connection')
     WHERE (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_posting WHERE entry = NEW.entry AND line = NEW.line);
    SELECT RAISE(ABORT, 'ledger: law 6: the entry has no key of its own')
     WHERE NOT EXISTS (SELECT 1 FROM ledger_key WHERE entry = NEW.entry);
    SELECT RAISE(ABORT, 'ledger: law 1: the entry is whole already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry);
    SELECT CASE
        WHEN EXISTS (
            SELECT 1 FROM ledger_balance WHERE account = NEW.account AND sequence = NEW.sequence - 1
               AND (limits <> NEW.limits OR floor IS NOT NEW.floor OR ceiling IS NOT NEW.ceiling)
        )
        THEN RAISE(ABORT, 'ledger: law 4: the posting does not carry the limits in force')
        ELSE RAISE(ABORT, 'ledger: law 2: the posting does not continue the balance')
    END
     WHERE NOT EXISTS (
        SELECT 1 FROM ledger_balance
         WHERE account = NEW.account AND book = NEW.book AND sequence = NEW.sequence - 1 AND number < NEW.number
           AND posted = NEW.posted_before AND held_out = NEW.out_before AND held_in = NEW.in_before
           AND limits = NEW.limits AND floor IS NEW.floor AND ceiling IS NEW.ceiling
    );
END;

CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry BEGIN
    SELECT RAISE(ABORT, 'ledger: checks are off on this connection')
     WHERE (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'ledger: law 6: finished, reversed or cleared already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE finishes = NEW.finishes)
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses = NEW.reverses)
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE clearing = NEW.clearing AND book = NEW.book);
    SELECT RAISE(ABORT, 'ledger: law 6: the entry has no key of its own')
     WHERE NOT EXISTS (SELECT 1 FROM ledger_key WHERE book = NEW.book AND key = NEW.key AND entry = NEW.id);
    SELECT RAISE(ABORT, 'ledger: law 7: the entry does not continue the chain')
     WHERE NOT EXISTS (
        SELECT 1 FROM ledger_head
         WHERE book = NEW.book AND number = NEW.number - 1 AND hash = NEW.previous_hash
           AND recorded_at <= NEW.recorded_at
    );
    SELECT RAISE(ABORT, 'ledger: law 8: the effective date is no date or lies in a closed period')
     WHERE NEW.effective_on IS NOT date(NEW.effective_on)
        OR EXISTS (SELECT 1 FROM ledger_head WHERE book = NEW.book AND closed_until >= NEW.effective_on);
    SELECT RAISE(ABORT, 'ledger: law 1: the entry is not whole or does not sum to zero')
     WHERE (
        SELECT count(*) <> NEW.lines OR sum(posted) <> 0 OR sum(held_out) <> sum(held_in)
               OR sum(max(posted, 0)) <> NEW.moved
          FROM ledger_posting WHERE entry = NEW.id
    );
    SELECT RAISE(ABORT, 'ledger: law 6: a finish mirrors a hold of its book, every account of it and no other')
     WHERE NEW.finishes IS NOT NULL AND (
        NOT EXISTS (
            SELECT 1 FROM ledger_entry
             WHERE id = NEW.finishes AND book = NEW.book AND kind = 'hold' AND lines = NEW.lines
               AND (NEW.kind <> 'expire' OR expires_at <= NEW.recorded_at)
        )
        OR EXISTS (
            SELECT 1 FROM ledger_posting AS held
              LEFT JOIN ledger_posting AS freed ON freed.entry = NEW.id AND freed.account = held.account
             WHERE held.entry = NEW.finishes
               AND (freed.held_out IS NOT -held.held_out OR freed.held_in IS NOT -held.held_in)
        )
    );
    SELECT RAISE(ABORT, 'ledger: law 6: a reversal mirrors an entry of its book that moved hours')
     WHERE NEW.reverses IS NOT NULL AND (
        NOT EXISTS (
            SELECT 1 FROM ledger_entry WHERE id = NEW.reverses AND book = NEW.book AND kind IN ('post', 'settle')
        )
        OR NEW.lines <> (SELECT count(*) FROM ledger_posting WHERE entry = NEW.reverses AND posted <> 0)
        OR EXISTS (
            SELECT 1 FROM ledger_posting AS first
              LEFT JOIN ledger_posting AS back ON back.entry = NEW.id AND back.account = first.account
             WHERE first.entry = NEW.reverses AND first.posted <> 0 AND back.posted IS NOT -first.posted
        )
    );
    SELECT RAISE(ABORT, 'ledger: law 9: hours between two books move in both at once, or in neither')
     WHERE (
        SELECT count(*) FROM ledger_posting AS posting JOIN ledger_account AS mirror ON mirror.id = posting.account
         WHERE posting.entry = NEW.id AND mirror.partner IS NOT NULL
    ) <> (NEW.clearing IS NOT NULL)
        OR NEW.clearing IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM ledger_clearing AS half
              JOIN ledger_posting AS posting ON posting.entry = half.entry AND posting.account = half.account
             WHERE half.id = NEW.clearing AND half.book = NEW.book AND half.entry = NEW.id
               AND posting.posted = half.seconds
        );
END;

CREATE TRIGGER ledger_entry_inserted AFTER INSERT ON ledger_entry BEGIN
    UPDATE ledger_head
       SET number = NEW.number, links = NEW.number, hash = NEW.hash, recorded_at = NEW.recorded_at
     WHERE book = NEW.book;
END;

CREATE TRIGGER ledger_entry_held AFTER INSERT ON ledger_entry WHEN NEW.kind = 'hold' OR NEW.finishes IS NOT NULL BEGIN
    INSERT INTO ledger_open_hold (account, hold, book, expires_at)
    SELECT account, entry, book, NEW.expires_at FROM ledger_posting WHERE entry = NEW.id AND NEW.kind = 'hold';
    DELETE FROM ledger_open_hold WHERE hold = NEW.finishes;
END;
"""
ON_POSTGRESQL = r"""
DROP FUNCTION ledger_post(
    uuid, text, uuid, text, date, timestamptz, uuid, uuid, bytea, bytea, bytea, text, uuid[], bigint[]
);

CREATE FUNCTION ledger_leg(line bigint, before ledger_balance, seconds bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT ledger_field(line) || ledger_field(before.account) || ledger_field(before.sequence + 1)
        || ledger_field(seconds) || ledger_field(0::bigint) || ledger_field(0::bigint)
        || ledger_field(before.posted + seconds) || ledger_field(before.held_out) || ledger_field(before.held_in)
        || ledger_field(before.limits) || ledger_field(before.floor) || ledger_field(before.ceiling)
$$;

CREATE FUNCTION ledger_post(
    the_book uuid, the_key text, the_entry uuid, the_purpose text, the_day date, the_moment timestamptz,
    the_recorder uuid, the_principal uuid, the_request bytea, the_memo_digest bytea, the_salt bytea, the_memo text,
    the_first uuid, the_second uuid, the_seconds bigint,
    OUT number bigint, OUT recorded_at timestamptz, OUT hash bytea
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    head ledger_head;
    first ledger_balance;
    second ledger_balance;
    nothing bytea := '\x6e00000000';
BEGIN
    SELECT * INTO STRICT head FROM ledger_head WHERE book = the_book FOR UPDATE;  -- the book's lock
    SELECT * INTO STRICT first FROM ledger_balance WHERE account = the_first;
    SELECT * INTO STRICT second FROM ledger_balance WHERE account = the_second;
    IF EXISTS (
        SELECT 1 FROM ledger_open_hold WHERE account IN (the_first, the_second) AND expires_at <= the_moment
    ) THEN
        RAISE EXCEPTION 'a hold falls due';
    END IF;
    number := head.number + 1;
    recorded_at := greatest(the_moment, head.recorded_at);
    hash := sha256(
        ledger_field('timebank ledger entry 1'::text) || ledger_field(head.hash) || ledger_field(the_book)
        || ledger_field(head.number + 1) || ledger_field(the_entry) || ledger_field('post'::text)
        || ledger_field(the_purpose) || ledger_field(the_day) || ledger_field(greatest(the_moment, head.recorded_at))
        || ledger_field(the_recorder) || ledger_field(the_principal) || ledger_field(the_key)
        || ledger_field(the_request) || ledger_field(the_memo_digest)
        || nothing || nothing || nothing || nothing || nothing  -- finishes, reverses, override_by, expires_at, clearing
        || ledger_field(abs(the_seconds)) || ledger_field(2::bigint)
        || ledger_leg(1, first, the_seconds) || ledger_leg(2, second, -the_seconds)
    );

    INSERT INTO ledger_key (book, key, entry) VALUES (the_book, the_key, the_entry);
    INSERT INTO ledger_posting (
        entry, line, lines, book, number, kind, overrides, account, sequence, previous_sequence,
        posted, held_out, held_in, posted_before, out_before, in_before, posted_after, out_after, in_after,
        limits, floor, ceiling
    ) VALUES (
        the_entry, 1, 2, the_book, number, 'post', 0, the_first, first.sequence + 1, nullif(first.sequence, 0),
        the_seconds, 0, 0, first.posted, first.held_out, first.held_in,
        first.posted + the_seconds, first.held_out, first.held_in, first.limits, first.floor, first.ceiling
    ), (
        the_entry, 2, 2, the_book, number, 'post', 0, the_second, second.sequence + 1, nullif(second.sequence, 0),
        -the_seconds, 0, 0, second.posted, second.held_out, second.held_in,
        second.posted - the_seconds, second.held_out, second.held_in, second.limits, second.floor, second.ceiling
    );
    INSERT INTO ledger_entry (
        id, book, number, kind, purpose, effective_on, recorded_at, recorded_by, recorded_for, key, request_digest,
        memo_digest, overrides, moved, lines, previous_number, previous_hash, hash
    ) VALUES (
        the_entry, the_book, number, 'post', the_purpose, the_day, recorded_at, the_recorder, the_principal, the_key,
        the_request, the_memo_digest, 0, abs(the_seconds), 2, nullif(head.number, 0), head.hash, hash
    );
    IF the_memo IS NOT NULL THEN
        INSERT INTO ledger_memo (entry, salt, text) VALUES (the_entry, the_salt, the_memo);
    END IF;
EXCEPTION WHEN OTHERS THEN
    -- nothing of it stands: the whole way is walked, and meets the same again
    number := NULL;
END $$;
"""

# What earlier revisions had put up.
EARLIER_ON_SQLITE = """
CREATE TRIGGER ledger_posting_insert BEFORE INSERT ON ledger_posting BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_posting WHERE entry = NEW.entry AND line = NEW.line);
    SELECT RAISE(ABORT, 'ledger: law 1: the entry is whole already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry);
    SELECT RAISE(ABORT, 'ledger: law 2: the posting does not continue the balance')
     WHERE NOT EXISTS (
        SELECT 1 FROM ledger_balance
         WHERE account = NEW.account AND book = NEW.book AND sequence = NEW.sequence - 1 AND number < NEW.number
           AND posted = NEW.posted_before AND held_out = NEW.out_before AND held_in = NEW.in_before
    );
    SELECT RAISE(ABORT, 'ledger: law 4: the posting does not carry the limits in force')
     WHERE NOT EXISTS (
        SELECT 1 FROM ledger_balance
         WHERE account = NEW.account AND limits = NEW.limits AND floor IS NEW.floor AND ceiling IS NEW.ceiling
    );
END;

CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'ledger: law 6: finished, reversed or cleared already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE finishes = NEW.finishes)
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE reverses = NEW.reverses)
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE clearing = NEW.clearing AND book = NEW.book);
    SELECT RAISE(ABORT, 'ledger: law 6: the entry has no key of its own')
     WHERE NOT EXISTS (SELECT 1 FROM ledger_key WHERE book = NEW.book AND key = NEW.key AND entry = NEW.id);
    SELECT RAISE(ABORT, 'ledger: law 7: the entry does not continue the chain')
     WHERE NOT EXISTS (
        SELECT 1 FROM ledger_head
         WHERE book = NEW.book AND number = NEW.number - 1 AND hash = NEW.previous_hash
           AND recorded_at <= NEW.recorded_at
    );
    SELECT RAISE(ABORT, 'ledger: law 8: the effective date is no date or lies in a closed period')
     WHERE NEW.effective_on IS NOT date(NEW.effective_on)
        OR EXISTS (SELECT 1 FROM ledger_head WHERE book = NEW.book AND closed_until >= NEW.effective_on);
    SELECT RAISE(ABORT, 'ledger: law 1: the entry is not whole or does not sum to zero')
     WHERE (
        SELECT count(*) <> NEW.lines OR sum(posted) <> 0 OR sum(held_out) <> sum(held_in)
               OR sum(max(posted, 0)) <> NEW.moved
          FROM ledger_posting WHERE entry = NEW.id
    );
    SELECT RAISE(ABORT, 'ledger: law 6: a finish mirrors a hold of its book, every account of it and no other')
     WHERE NEW.finishes IS NOT NULL AND (
        NOT EXISTS (
            SELECT 1 FROM ledger_entry
             WHERE id = NEW.finishes AND book = NEW.book AND kind = 'hold' AND lines = NEW.lines
               AND (NEW.kind <> 'expire' OR expires_at <= NEW.recorded_at)
        )
        OR EXISTS (
            SELECT 1 FROM ledger_posting AS held
              LEFT JOIN ledger_posting AS freed ON freed.entry = NEW.id AND freed.account = held.account
             WHERE held.entry = NEW.finishes
               AND (freed.held_out IS NOT -held.held_out OR freed.held_in IS NOT -held.held_in)
        )
    );
    SELECT RAISE(ABORT, 'ledger: law 6: a reversal mirrors an entry of its book that moved hours')
     WHERE NEW.reverses IS NOT NULL AND (
        NOT EXISTS (
            SELECT 1 FROM ledger_entry WHERE id = NEW.reverses AND book = NEW.book AND kind IN ('post', 'settle')
        )
        OR NEW.lines <> (SELECT count(*) FROM ledger_posting WHERE entry = NEW.reverses AND posted <> 0)
        OR EXISTS (
            SELECT 1 FROM ledger_posting AS first
              LEFT JOIN ledger_posting AS back ON back.entry = NEW.id AND back.account = first.account
             WHERE first.entry = NEW.reverses AND first.posted <> 0 AND back.posted IS NOT -first.posted
        )
    );
    SELECT RAISE(ABORT, 'ledger: law 9: hours between two books move in both at once, or in neither')
     WHERE (
        SELECT count(*) FROM ledger_posting AS posting JOIN ledger_account AS mirror ON mirror.id = posting.account
         WHERE posting.entry = NEW.id AND mirror.partner IS NOT NULL
    ) <> (NEW.clearing IS NOT NULL)
        OR NEW.clearing IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM ledger_clearing AS half
              JOIN ledger_posting AS posting ON posting.entry = half.entry AND posting.account = half.account
             WHERE half.id = NEW.clearing AND half.book = NEW.book AND half.entry = NEW.id
               AND posting.posted = half.seconds
        );
END;

CREATE TRIGGER ledger_entry_inserted AFTER INSERT ON ledger_entry BEGIN
    UPDATE ledger_head
       SET number = NEW.number, links = NEW.number, hash = NEW.hash, recorded_at = NEW.recorded_at
     WHERE book = NEW.book;
    INSERT INTO ledger_open_hold (account, hold, book, expires_at)
    SELECT account, entry, book, NEW.expires_at FROM ledger_posting WHERE entry = NEW.id AND NEW.kind = 'hold';
    DELETE FROM ledger_open_hold WHERE hold = NEW.finishes;
END;
"""
EARLIER_ON_POSTGRESQL = r"""
DROP FUNCTION ledger_post(
    uuid, text, uuid, text, date, timestamptz, uuid, uuid, bytea, bytea, bytea, text, uuid, uuid, bigint
);
DROP FUNCTION ledger_leg(bigint, ledger_balance, bigint);

CREATE FUNCTION ledger_post(
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
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(VIEW)
    op.create_guards(sqlite=ON_SQLITE, postgresql=ON_POSTGRESQL)


def downgrade() -> None:
    op.drop_guards(sqlite=["ledger_plain_insert", "ledger_entry_held"], postgresql="")
    op.create_guards(sqlite=EARLIER_ON_SQLITE, postgresql=EARLIER_ON_POSTGRESQL)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP VIEW ledger_plain")
