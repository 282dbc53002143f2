# ruff: noqa: E501 - CHECKs stand here as the database stores them
"""The ledger's first shape: entries, postings, holds, limits, keys, memos, periods, chained from entry 1.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from ledger.columns import Amount, Day, Key, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# What ledger/guards/ held when this revision was written: a revision never reads what may change after it.
SQLITE_GUARDS = """
-- The ledger's laws on SQLite, as far as a CHECK or a key cannot say them.
--
-- A connection with foreign keys or CHECKs off writes nothing: every insert asks for both. REPLACE walks past triggers
-- on DELETE, so every insert also refuses a row whose key stands already.

-- Books, accounts, limits --------------------------------------------------------------------------------------------

CREATE TRIGGER ledger_book_insert BEFORE INSERT ON ledger_book BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_book WHERE id = NEW.id);
END;

CREATE TRIGGER ledger_book_inserted AFTER INSERT ON ledger_book BEGIN
    INSERT INTO ledger_head (book, number, hash, recorded_at) VALUES (NEW.id, 0, NEW.genesis, NEW.created_at);
END;

CREATE TRIGGER ledger_book_update BEFORE UPDATE ON ledger_book BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_book is frozen');
END;

CREATE TRIGGER ledger_book_delete BEFORE DELETE ON ledger_book BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_book is frozen');
END;

CREATE TRIGGER ledger_account_insert BEFORE INSERT ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_account WHERE id = NEW.id)
        OR EXISTS (SELECT 1 FROM ledger_account WHERE partner = NEW.partner AND book = NEW.book);
END;

CREATE TRIGGER ledger_account_inserted AFTER INSERT ON ledger_account BEGIN
    INSERT INTO ledger_balance (account, book, sequence, number, posted, held_out, held_in, limits)
    VALUES (NEW.id, NEW.book, 0, 0, 0, 0, 0, 0);
END;

CREATE TRIGGER ledger_account_update BEFORE UPDATE ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_account is frozen');
END;

CREATE TRIGGER ledger_account_delete BEFORE DELETE ON ledger_account BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_account is frozen');
END;

CREATE TRIGGER ledger_limit_insert BEFORE INSERT ON ledger_limit BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 4: limits follow one another')
     WHERE NOT EXISTS (SELECT 1 FROM ledger_balance WHERE account = NEW.account AND limits = NEW.number - 1);
END;

CREATE TRIGGER ledger_limit_inserted AFTER INSERT ON ledger_limit BEGIN
    UPDATE ledger_balance SET limits = NEW.number, floor = NEW.floor, ceiling = NEW.ceiling WHERE account = NEW.account;
END;

CREATE TRIGGER ledger_limit_update BEFORE UPDATE ON ledger_limit BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_limit is frozen');
END;

CREATE TRIGGER ledger_limit_delete BEFORE DELETE ON ledger_limit BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_limit is frozen');
END;

-- Balances: made with the account, advanced by postings and limits ---------------------------------------------------

CREATE TRIGGER ledger_balance_insert BEFORE INSERT ON ledger_balance BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_balance WHERE account = NEW.account);
    SELECT RAISE(ABORT, 'ledger: law 3: a balance starts from nothing')
     WHERE NEW.sequence <> 0 OR NEW.limits <> 0 OR NEW.floor IS NOT NULL OR NEW.ceiling IS NOT NULL;
END;

CREATE TRIGGER ledger_balance_update BEFORE UPDATE ON ledger_balance BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: a balance advances by one posting or one setting of limits')
     WHERE NEW.account <> OLD.account
        OR NEW.book <> OLD.book
        OR NOT (
            NEW.sequence = OLD.sequence + 1 AND NEW.number > OLD.number
            AND NEW.limits = OLD.limits AND NEW.floor IS OLD.floor AND NEW.ceiling IS OLD.ceiling
            AND EXISTS (
                SELECT 1 FROM ledger_posting
                 WHERE account = NEW.account AND sequence = NEW.sequence AND number = NEW.number
                   AND posted_after = NEW.posted AND out_after = NEW.held_out AND in_after = NEW.held_in
            )
            OR NEW.limits = OLD.limits + 1
            AND NEW.sequence = OLD.sequence AND NEW.repeats IS OLD.repeats AND NEW.number = OLD.number
            AND NEW.posted = OLD.posted AND NEW.held_out = OLD.held_out AND NEW.held_in = OLD.held_in
            AND EXISTS (
                SELECT 1 FROM ledger_limit
                 WHERE account = NEW.account AND number = NEW.limits
                   AND floor IS NEW.floor AND ceiling IS NEW.ceiling
            )
        );
END;

CREATE TRIGGER ledger_balance_delete BEFORE DELETE ON ledger_balance BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_balance is frozen');
END;

-- Postings: each continues its account's balance; none joins an entry that is whole ----------------------------------

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

CREATE TRIGGER ledger_posting_inserted AFTER INSERT ON ledger_posting BEGIN
    UPDATE ledger_balance
       SET sequence = NEW.sequence, repeats = NEW.sequence, number = NEW.number,
           posted = NEW.posted_after, held_out = NEW.out_after, held_in = NEW.in_after
     WHERE account = NEW.account;
END;

CREATE TRIGGER ledger_posting_update BEFORE UPDATE ON ledger_posting BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_posting is frozen');
END;

CREATE TRIGGER ledger_posting_delete BEFORE DELETE ON ledger_posting BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_posting is frozen');
END;

-- Entries: whole, once, chained, in an open period -------------------------------------------------------------------

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

CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_entry is frozen');
END;

CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_entry is frozen');
END;

CREATE TRIGGER ledger_open_hold_insert BEFORE INSERT ON ledger_open_hold BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: only an unfinished hold is open')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR EXISTS (SELECT 1 FROM ledger_open_hold WHERE account = NEW.account AND hold = NEW.hold)
        OR EXISTS (SELECT 1 FROM ledger_entry WHERE finishes = NEW.hold)
        OR NOT EXISTS (
            SELECT 1 FROM ledger_entry AS entry JOIN ledger_posting AS posting ON posting.entry = entry.id
             WHERE entry.id = NEW.hold AND entry.book = NEW.book AND entry.kind = 'hold'
               AND entry.expires_at IS NEW.expires_at AND posting.account = NEW.account
        );
END;

CREATE TRIGGER ledger_open_hold_update BEFORE UPDATE ON ledger_open_hold BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_open_hold is frozen');
END;

CREATE TRIGGER ledger_open_hold_delete BEFORE DELETE ON ledger_open_hold BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: only a finished hold is open no more')
     WHERE NOT EXISTS (SELECT 1 FROM ledger_entry WHERE finishes = OLD.hold);
END;

CREATE TRIGGER ledger_clearing_insert BEFORE INSERT ON ledger_clearing BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already')
     WHERE EXISTS (SELECT 1 FROM ledger_clearing WHERE id = NEW.id AND book = NEW.book)
        OR EXISTS (SELECT 1 FROM ledger_clearing WHERE entry = NEW.entry);
    SELECT RAISE(ABORT, 'ledger: law 9: the entry is whole already')
     WHERE EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry);
END;

CREATE TRIGGER ledger_clearing_update BEFORE UPDATE ON ledger_clearing BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_clearing is frozen');
END;

CREATE TRIGGER ledger_clearing_delete BEFORE DELETE ON ledger_clearing BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_clearing is frozen');
END;

CREATE TRIGGER ledger_head_insert BEFORE INSERT ON ledger_head BEGIN
    SELECT RAISE(ABORT, 'ledger: law 7: a chain starts with its book')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR EXISTS (SELECT 1 FROM ledger_head WHERE book = NEW.book)
        OR NEW.number <> 0
        OR NEW.closed_until IS NOT NULL
        OR NOT EXISTS (
            SELECT 1 FROM ledger_book WHERE id = NEW.book AND genesis = NEW.hash AND created_at = NEW.recorded_at
        );
END;

CREATE TRIGGER ledger_head_update BEFORE UPDATE ON ledger_head BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: the head of the chain advances by one entry or one closed period')
     WHERE NEW.book <> OLD.book
        OR NOT (
            NEW.number = OLD.number + 1 AND NEW.recorded_at >= OLD.recorded_at
            AND NEW.closed_until IS OLD.closed_until
            AND EXISTS (
                SELECT 1 FROM ledger_entry
                 WHERE book = NEW.book AND number = NEW.number AND hash = NEW.hash AND previous_hash = OLD.hash
                   AND recorded_at = NEW.recorded_at
            )
            OR NEW.number = OLD.number AND NEW.hash = OLD.hash AND NEW.recorded_at = OLD.recorded_at
            AND NEW.links = OLD.links AND NEW.closed_until > coalesce(OLD.closed_until, '')
            AND EXISTS (
                SELECT 1 FROM ledger_period
                 WHERE book = NEW.book AND until = NEW.closed_until AND head_hash = NEW.hash
            )
        );
END;

CREATE TRIGGER ledger_head_delete BEFORE DELETE ON ledger_head BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_head is frozen');
END;

-- Keys and memos -----------------------------------------------------------------------------------------------------

CREATE TRIGGER ledger_key_insert BEFORE INSERT ON ledger_key BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 6: the key is taken')
     WHERE EXISTS (SELECT 1 FROM ledger_key WHERE book = NEW.book AND key = NEW.key)
        OR EXISTS (SELECT 1 FROM ledger_key WHERE entry = NEW.entry);
END;

CREATE TRIGGER ledger_key_update BEFORE UPDATE ON ledger_key BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_key is frozen');
END;

CREATE TRIGGER ledger_key_delete BEFORE DELETE ON ledger_key BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_key is frozen');
END;

CREATE TRIGGER ledger_memo_insert BEFORE INSERT ON ledger_memo BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: a memo stands once, beside an entry that chained its digest')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR EXISTS (SELECT 1 FROM ledger_memo WHERE entry = NEW.entry)
        OR NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry AND memo_digest IS NOT NULL);
END;

CREATE TRIGGER ledger_memo_update BEFORE UPDATE ON ledger_memo BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: a memo is erased, never changed');
END;

-- Periods: the trial balance first, its period last ------------------------------------------------------------------

CREATE TRIGGER ledger_seal_insert BEFORE INSERT ON ledger_seal BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 5: the row stands already, or its period is closed')
     WHERE EXISTS (SELECT 1 FROM ledger_seal WHERE book = NEW.book AND period = NEW.period AND account = NEW.account)
        OR EXISTS (SELECT 1 FROM ledger_period WHERE book = NEW.book AND number = NEW.period);
END;

CREATE TRIGGER ledger_seal_update BEFORE UPDATE ON ledger_seal BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_seal is frozen');
END;

CREATE TRIGGER ledger_seal_delete BEFORE DELETE ON ledger_seal BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_seal is frozen');
END;

CREATE TRIGGER ledger_period_insert BEFORE INSERT ON ledger_period BEGIN
    SELECT RAISE(ABORT, 'ledger: foreign keys or checks are off on this connection')
     WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0
        OR (SELECT ignore_check_constraints FROM pragma_ignore_check_constraints) = 1;
    SELECT RAISE(ABORT, 'ledger: law 8: periods follow one another, and each closes at the head of the chain')
     WHERE NEW.number <> 1 + (SELECT count(*) FROM ledger_period WHERE book = NEW.book)
        OR NEW.since IS NOT date(NEW.since) OR NEW.until IS NOT date(NEW.until)
        OR NOT EXISTS (
            SELECT 1 FROM ledger_head
             WHERE book = NEW.book AND number = NEW.head_number AND hash = NEW.head_hash
               AND (closed_until IS NULL OR date(closed_until, '+1 day') = NEW.since)
        );
    SELECT RAISE(ABORT, 'ledger: law 8: the seal is not the trial balance')
     WHERE EXISTS (
            SELECT account, posted, held_out, held_in FROM ledger_balance WHERE book = NEW.book AND sequence > 0
            EXCEPT
            SELECT account, posted, held_out, held_in FROM ledger_seal WHERE book = NEW.book AND period = NEW.number
        )
        OR (SELECT count(*) FROM ledger_balance WHERE book = NEW.book AND sequence > 0)
        <> (SELECT count(*) FROM ledger_seal WHERE book = NEW.book AND period = NEW.number);
END;

CREATE TRIGGER ledger_period_inserted AFTER INSERT ON ledger_period BEGIN
    UPDATE ledger_head SET closed_until = NEW.until WHERE book = NEW.book;
END;

CREATE TRIGGER ledger_period_update BEFORE UPDATE ON ledger_period BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_period is frozen');
END;

CREATE TRIGGER ledger_period_delete BEFORE DELETE ON ledger_period BEGIN
    SELECT RAISE(ABORT, 'ledger: law 5: ledger_period is frozen');
END;
"""

POSTGRESQL_GUARDS = """
-- The ledger's laws on PostgreSQL, as far as a CHECK or a key cannot say them.
--
-- Each refusal carries SQLSTATE 23L0n, n being the law's number; class 23 is "integrity constraint violation". Triggers
-- are ENABLE ALWAYS, so that session_replication_role does not switch them off. What advances a row does so in a BEFORE
-- trigger and by the row's old value: it is locked then, and no second session decides on what was true before.

CREATE FUNCTION ledger_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger: law 5: % is frozen', TG_TABLE_NAME USING ERRCODE = '23L05';
END $$;

-- Books, accounts, limits --------------------------------------------------------------------------------------------

CREATE FUNCTION ledger_book_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_head (book, number, hash, recorded_at) VALUES (NEW.id, 0, NEW.genesis, NEW.created_at);
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_account_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_balance (account, book, sequence, number, posted, held_out, held_in, limits)
    VALUES (NEW.id, NEW.book, 0, 0, 0, 0, 0, 0);
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_limit_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_balance SET limits = NEW.number, floor = NEW.floor, ceiling = NEW.ceiling
     WHERE account = NEW.account AND limits = NEW.number - 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'ledger: law 4: limits follow one another' USING ERRCODE = '23L04';
    END IF;
    RETURN NULL;
END $$;

-- Balances: made with the account, advanced by postings and limits ---------------------------------------------------

CREATE FUNCTION ledger_balance_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sequence <> 0 OR NEW.limits <> 0 OR NEW.floor IS NOT NULL OR NEW.ceiling IS NOT NULL THEN
        RAISE EXCEPTION 'ledger: law 3: a balance starts from nothing' USING ERRCODE = '23L03';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_balance_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.account = OLD.account AND NEW.book = OLD.book THEN
        -- that the posting says so is held by the deferred foreign key: it is written after this
        IF NEW.sequence = OLD.sequence + 1 AND NEW.number > OLD.number AND NEW.limits = OLD.limits
            AND NEW.floor IS NOT DISTINCT FROM OLD.floor AND NEW.ceiling IS NOT DISTINCT FROM OLD.ceiling
        THEN
            RETURN NEW;
        END IF;
        IF NEW.limits = OLD.limits + 1
            AND NEW.sequence = OLD.sequence AND NEW.repeats IS NOT DISTINCT FROM OLD.repeats
            AND NEW.number = OLD.number AND NEW.posted = OLD.posted
            AND NEW.held_out = OLD.held_out AND NEW.held_in = OLD.held_in
            AND EXISTS (
                SELECT 1 FROM ledger_limit AS l
                 WHERE l.account = NEW.account AND l.number = NEW.limits
                   AND l.floor IS NOT DISTINCT FROM NEW.floor AND l.ceiling IS NOT DISTINCT FROM NEW.ceiling
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ledger: law 5: a balance advances by one posting or one setting of limits'
    USING ERRCODE = '23L05';
END $$;

-- Postings: each continues its account's balance; none joins an entry that is whole ----------------------------------

CREATE FUNCTION ledger_posting_insert() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- Entries: whole, once, chained, in an open period -------------------------------------------------------------------

CREATE FUNCTION ledger_entry_insert() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE FUNCTION ledger_check_finish(finish ledger_entry) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ledger_entry
         WHERE id = finish.finishes AND book = finish.book AND kind = 'hold' AND lines = finish.lines
           AND (finish.kind <> 'expire' OR expires_at <= finish.recorded_at)
    ) OR EXISTS (
        SELECT 1 FROM ledger_posting AS held
          LEFT JOIN ledger_posting AS freed ON freed.entry = finish.id AND freed.account = held.account
         WHERE held.entry = finish.finishes
           AND (freed.held_out IS DISTINCT FROM -held.held_out OR freed.held_in IS DISTINCT FROM -held.held_in)
    ) THEN
        RAISE EXCEPTION 'ledger: law 6: a finish mirrors a hold of its book, every account of it and no other'
        USING ERRCODE = '23L06';
    END IF;
END $$;

CREATE FUNCTION ledger_check_reversal(reversal ledger_entry) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM ledger_entry
         WHERE id = reversal.reverses AND book = reversal.book AND kind IN ('post', 'settle')
    ) OR reversal.lines <> (
        SELECT count(*) FROM ledger_posting WHERE entry = reversal.reverses AND posted <> 0
    ) OR EXISTS (
        SELECT 1 FROM ledger_posting AS first
          LEFT JOIN ledger_posting AS back ON back.entry = reversal.id AND back.account = first.account
         WHERE first.entry = reversal.reverses AND first.posted <> 0 AND back.posted IS DISTINCT FROM -first.posted
    ) THEN
        RAISE EXCEPTION 'ledger: law 6: a reversal mirrors an entry of its book that moved hours'
        USING ERRCODE = '23L06';
    END IF;
END $$;

-- Asked step by step: in one expression PostgreSQL plans it anew for each entry, which takes longer than the entry.
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

CREATE FUNCTION ledger_clearing_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry) THEN
        RAISE EXCEPTION 'ledger: law 9: the entry is whole already' USING ERRCODE = '23L09';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_entry_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'hold' THEN
        INSERT INTO ledger_open_hold (account, hold, book, expires_at)
        SELECT account, entry, book, NEW.expires_at FROM ledger_posting WHERE entry = NEW.id;
    END IF;
    IF NEW.finishes IS NOT NULL THEN
        DELETE FROM ledger_open_hold WHERE hold = NEW.finishes;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_open_hold_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_entry WHERE finishes = NEW.hold) OR NOT EXISTS (
        SELECT 1 FROM ledger_entry AS entry JOIN ledger_posting AS posting ON posting.entry = entry.id
         WHERE entry.id = NEW.hold AND entry.book = NEW.book AND entry.kind = 'hold'
           AND entry.expires_at IS NOT DISTINCT FROM NEW.expires_at AND posting.account = NEW.account
    ) THEN
        RAISE EXCEPTION 'ledger: law 5: only an unfinished hold is open' USING ERRCODE = '23L05';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_open_hold_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE finishes = OLD.hold) THEN
        RAISE EXCEPTION 'ledger: law 5: only a finished hold is open no more' USING ERRCODE = '23L05';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION ledger_head_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> 0 OR NEW.closed_until IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM ledger_book WHERE id = NEW.book AND genesis = NEW.hash AND created_at = NEW.recorded_at
    ) THEN
        RAISE EXCEPTION 'ledger: law 7: a chain starts with its book' USING ERRCODE = '23L07';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_head_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.book = OLD.book THEN
        -- that the entry says so is held by the deferred foreign key: it is written after this
        IF NEW.number = OLD.number + 1 AND NEW.recorded_at >= OLD.recorded_at
            AND NEW.closed_until IS NOT DISTINCT FROM OLD.closed_until
        THEN
            RETURN NEW;
        END IF;
        IF NEW.number = OLD.number AND NEW.links = OLD.links AND NEW.hash = OLD.hash
            AND NEW.recorded_at = OLD.recorded_at
            AND (OLD.closed_until IS NULL OR NEW.closed_until > OLD.closed_until)
            AND EXISTS (
                SELECT 1 FROM ledger_period
                 WHERE book = NEW.book AND until = NEW.closed_until AND head_hash = NEW.hash
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'ledger: law 5: the head of the chain advances by one entry or one closed period'
    USING ERRCODE = '23L05';
END $$;

-- Memos --------------------------------------------------------------------------------------------------------------

CREATE FUNCTION ledger_memo_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry AND memo_digest IS NOT NULL) THEN
        RAISE EXCEPTION 'ledger: law 5: a memo stands once, beside an entry that chained its digest'
        USING ERRCODE = '23L05';
    END IF;
    RETURN NEW;
END $$;

-- Periods: the trial balance first, its period last ------------------------------------------------------------------

CREATE FUNCTION ledger_seal_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_period WHERE book = NEW.book AND number = NEW.period) THEN
        RAISE EXCEPTION 'ledger: law 5: the period is closed' USING ERRCODE = '23L05';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_period_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ledger_head SET closed_until = NEW.until
     WHERE book = NEW.book AND number = NEW.head_number AND hash = NEW.head_hash
       AND (closed_until IS NULL OR closed_until + 1 = NEW.since);
    IF NOT FOUND OR NEW.number <> (SELECT count(*) FROM ledger_period WHERE book = NEW.book) THEN
        RAISE EXCEPTION 'ledger: law 8: periods follow one another, and each closes at the head of the chain'
        USING ERRCODE = '23L08';
    END IF;
    IF EXISTS (
        SELECT account, posted, held_out, held_in FROM ledger_balance WHERE book = NEW.book AND sequence > 0
        EXCEPT
        SELECT account, posted, held_out, held_in FROM ledger_seal WHERE book = NEW.book AND period = NEW.number
    ) OR (SELECT count(*) FROM ledger_balance WHERE book = NEW.book AND sequence > 0)
      <> (SELECT count(*) FROM ledger_seal WHERE book = NEW.book AND period = NEW.number)
    THEN
        RAISE EXCEPTION 'ledger: law 8: the seal is not the trial balance' USING ERRCODE = '23L08';
    END IF;
    RETURN NULL;
END $$;

-- Who runs the guards: the owner of the tables -----------------------------------------------------------------------
--
-- So the role that serves people may add rows, and cannot itself touch a balance or the head of the chain. PUBLIC may
-- not execute a guard, or anybody could hang one on a table of their own and feed it rows. The search path is pinned,
-- or a guard would look at a temporary table that somebody gave the name of one of the ledger's.

DO $$
DECLARE
    guard regprocedure;
BEGIN
    FOR guard IN
        SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, 'ledger_')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = public, pg_temp', guard);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', guard);
    END LOOP;
END $$;

-- The triggers -------------------------------------------------------------------------------------------------------

CREATE TRIGGER ledger_book_inserted AFTER INSERT ON ledger_book
    FOR EACH ROW EXECUTE FUNCTION ledger_book_inserted();
CREATE TRIGGER ledger_book_update BEFORE UPDATE ON ledger_book
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_book_delete BEFORE DELETE ON ledger_book
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_book_truncate BEFORE TRUNCATE ON ledger_book
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_book ENABLE ALWAYS TRIGGER ledger_book_inserted;
ALTER TABLE ledger_book ENABLE ALWAYS TRIGGER ledger_book_update;
ALTER TABLE ledger_book ENABLE ALWAYS TRIGGER ledger_book_delete;
ALTER TABLE ledger_book ENABLE ALWAYS TRIGGER ledger_book_truncate;

CREATE TRIGGER ledger_account_inserted AFTER INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_inserted();
CREATE TRIGGER ledger_account_update BEFORE UPDATE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_account_delete BEFORE DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_account_truncate BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER ledger_account_inserted;
ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER ledger_account_update;
ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER ledger_account_delete;
ALTER TABLE ledger_account ENABLE ALWAYS TRIGGER ledger_account_truncate;

CREATE TRIGGER ledger_limit_inserted AFTER INSERT ON ledger_limit
    FOR EACH ROW EXECUTE FUNCTION ledger_limit_inserted();
CREATE TRIGGER ledger_limit_update BEFORE UPDATE ON ledger_limit
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_limit_delete BEFORE DELETE ON ledger_limit
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_limit_truncate BEFORE TRUNCATE ON ledger_limit
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_limit ENABLE ALWAYS TRIGGER ledger_limit_inserted;
ALTER TABLE ledger_limit ENABLE ALWAYS TRIGGER ledger_limit_update;
ALTER TABLE ledger_limit ENABLE ALWAYS TRIGGER ledger_limit_delete;
ALTER TABLE ledger_limit ENABLE ALWAYS TRIGGER ledger_limit_truncate;

CREATE TRIGGER ledger_balance_insert BEFORE INSERT ON ledger_balance
    FOR EACH ROW EXECUTE FUNCTION ledger_balance_insert();
CREATE TRIGGER ledger_balance_update BEFORE UPDATE ON ledger_balance
    FOR EACH ROW EXECUTE FUNCTION ledger_balance_update();
CREATE TRIGGER ledger_balance_delete BEFORE DELETE ON ledger_balance
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_balance_truncate BEFORE TRUNCATE ON ledger_balance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_balance ENABLE ALWAYS TRIGGER ledger_balance_insert;
ALTER TABLE ledger_balance ENABLE ALWAYS TRIGGER ledger_balance_update;
ALTER TABLE ledger_balance ENABLE ALWAYS TRIGGER ledger_balance_delete;
ALTER TABLE ledger_balance ENABLE ALWAYS TRIGGER ledger_balance_truncate;

CREATE TRIGGER ledger_posting_insert BEFORE INSERT ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_insert();
CREATE TRIGGER ledger_posting_update BEFORE UPDATE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_posting_delete BEFORE DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_posting_truncate BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_posting ENABLE ALWAYS TRIGGER ledger_posting_insert;
ALTER TABLE ledger_posting ENABLE ALWAYS TRIGGER ledger_posting_update;
ALTER TABLE ledger_posting ENABLE ALWAYS TRIGGER ledger_posting_delete;
ALTER TABLE ledger_posting ENABLE ALWAYS TRIGGER ledger_posting_truncate;

CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_insert();
CREATE TRIGGER ledger_entry_inserted AFTER INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_inserted();
CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_entry_delete BEFORE DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_entry_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_insert;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_inserted;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_update;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_delete;
ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_truncate;

CREATE TRIGGER ledger_open_hold_insert BEFORE INSERT ON ledger_open_hold
    FOR EACH ROW EXECUTE FUNCTION ledger_open_hold_insert();
CREATE TRIGGER ledger_open_hold_update BEFORE UPDATE ON ledger_open_hold
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_open_hold_delete BEFORE DELETE ON ledger_open_hold
    FOR EACH ROW EXECUTE FUNCTION ledger_open_hold_delete();
CREATE TRIGGER ledger_open_hold_truncate BEFORE TRUNCATE ON ledger_open_hold
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_open_hold ENABLE ALWAYS TRIGGER ledger_open_hold_insert;
ALTER TABLE ledger_open_hold ENABLE ALWAYS TRIGGER ledger_open_hold_update;
ALTER TABLE ledger_open_hold ENABLE ALWAYS TRIGGER ledger_open_hold_delete;
ALTER TABLE ledger_open_hold ENABLE ALWAYS TRIGGER ledger_open_hold_truncate;

CREATE TRIGGER ledger_clearing_insert BEFORE INSERT ON ledger_clearing
    FOR EACH ROW EXECUTE FUNCTION ledger_clearing_insert();
CREATE TRIGGER ledger_clearing_update BEFORE UPDATE ON ledger_clearing
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_clearing_delete BEFORE DELETE ON ledger_clearing
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_clearing_truncate BEFORE TRUNCATE ON ledger_clearing
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_clearing ENABLE ALWAYS TRIGGER ledger_clearing_insert;
ALTER TABLE ledger_clearing ENABLE ALWAYS TRIGGER ledger_clearing_update;
ALTER TABLE ledger_clearing ENABLE ALWAYS TRIGGER ledger_clearing_delete;
ALTER TABLE ledger_clearing ENABLE ALWAYS TRIGGER ledger_clearing_truncate;

CREATE TRIGGER ledger_head_insert BEFORE INSERT ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_head_insert();
CREATE TRIGGER ledger_head_update BEFORE UPDATE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_head_update();
CREATE TRIGGER ledger_head_delete BEFORE DELETE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_head_truncate BEFORE TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_insert;
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_update;
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_delete;
ALTER TABLE ledger_head ENABLE ALWAYS TRIGGER ledger_head_truncate;

CREATE TRIGGER ledger_key_update BEFORE UPDATE ON ledger_key
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_key_delete BEFORE DELETE ON ledger_key
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_key_truncate BEFORE TRUNCATE ON ledger_key
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_key ENABLE ALWAYS TRIGGER ledger_key_update;
ALTER TABLE ledger_key ENABLE ALWAYS TRIGGER ledger_key_delete;
ALTER TABLE ledger_key ENABLE ALWAYS TRIGGER ledger_key_truncate;

CREATE TRIGGER ledger_memo_insert BEFORE INSERT ON ledger_memo
    FOR EACH ROW EXECUTE FUNCTION ledger_memo_insert();
CREATE TRIGGER ledger_memo_update BEFORE UPDATE ON ledger_memo
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_memo_truncate BEFORE TRUNCATE ON ledger_memo
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_memo ENABLE ALWAYS TRIGGER ledger_memo_insert;
ALTER TABLE ledger_memo ENABLE ALWAYS TRIGGER ledger_memo_update;
ALTER TABLE ledger_memo ENABLE ALWAYS TRIGGER ledger_memo_truncate;

CREATE TRIGGER ledger_seal_insert BEFORE INSERT ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_seal_insert();
CREATE TRIGGER ledger_seal_update BEFORE UPDATE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_seal_delete BEFORE DELETE ON ledger_seal
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_seal_truncate BEFORE TRUNCATE ON ledger_seal
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_insert;
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_update;
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_delete;
ALTER TABLE ledger_seal ENABLE ALWAYS TRIGGER ledger_seal_truncate;

CREATE TRIGGER ledger_period_inserted AFTER INSERT ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_period_inserted();
CREATE TRIGGER ledger_period_update BEFORE UPDATE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_period_delete BEFORE DELETE ON ledger_period
    FOR EACH ROW EXECUTE FUNCTION ledger_frozen();
CREATE TRIGGER ledger_period_truncate BEFORE TRUNCATE ON ledger_period
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_frozen();
ALTER TABLE ledger_period ENABLE ALWAYS TRIGGER ledger_period_inserted;
ALTER TABLE ledger_period ENABLE ALWAYS TRIGGER ledger_period_update;
ALTER TABLE ledger_period ENABLE ALWAYS TRIGGER ledger_period_delete;
ALTER TABLE ledger_period ENABLE ALWAYS TRIGGER ledger_period_truncate;
"""

TABLES = [
    "ledger_book",
    "ledger_account",
    "ledger_entry",
    "ledger_head",
    "ledger_key",
    "ledger_limit",
    "ledger_memo",
    "ledger_open_hold",
    "ledger_period",
    "ledger_posting",
    "ledger_seal",
    "ledger_balance",
    "ledger_clearing",
]
FUNCTIONS = [
    "ledger_frozen",
    "ledger_book_inserted",
    "ledger_account_inserted",
    "ledger_limit_inserted",
    "ledger_balance_insert",
    "ledger_balance_update",
    "ledger_posting_insert",
    "ledger_entry_insert",
    "ledger_check_finish",
    "ledger_check_reversal",
    "ledger_check_clearing",
    "ledger_clearing_insert",
    "ledger_entry_inserted",
    "ledger_open_hold_insert",
    "ledger_open_hold_delete",
    "ledger_head_insert",
    "ledger_head_update",
    "ledger_memo_insert",
    "ledger_seal_insert",
    "ledger_period_inserted",
]


def upgrade() -> None:
    op.create_table(
        "ledger_book",
        sa.Column("id", Key(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("genesis", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(genesis) = 32", name=op.f("ck_ledger_book_genesis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_book")),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_account",
        sa.Column("id", Key(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("partner", Key(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('member', 'organisation', 'pot', 'issuing', 'clearing', 'opening', 'suspense')",
            name=op.f("ck_ledger_account_kind"),
        ),
        sa.CheckConstraint("(kind = 'clearing') = (partner IS NOT NULL)", name=op.f("ck_ledger_account_clearing")),
        sa.CheckConstraint("partner <> book", name=op.f("ck_ledger_account_partner")),
        sa.ForeignKeyConstraint(["book"], ["ledger_book.id"], name=op.f("fk_ledger_account_book")),
        sa.ForeignKeyConstraint(["partner"], ["ledger_book.id"], name=op.f("fk_ledger_account_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_account")),
        sa.UniqueConstraint("id", "book", name=op.f("uq_ledger_account_id_book")),
        sa.UniqueConstraint("id", "book", "partner", name=op.f("uq_ledger_account_id_book_partner")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_ledger_account_book"), "ledger_account", ["book"], unique=False)
    op.create_index(
        "uq_ledger_account_partner",
        "ledger_account",
        ["partner", "book"],
        unique=True,
        sqlite_where=sa.text("partner IS NOT NULL"),
        postgresql_where=sa.text("partner IS NOT NULL"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", Key(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("number", Amount(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("effective_on", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key(), nullable=True),
        sa.Column("recorded_for", Key(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_digest", sa.LargeBinary(), nullable=False),
        sa.Column("memo_digest", sa.LargeBinary(), nullable=True),
        sa.Column("finishes", Key(), nullable=True),
        sa.Column("reverses", Key(), nullable=True),
        sa.Column("overrides", Amount(), nullable=False),
        sa.Column("override_by", Key(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("clearing", Key(), nullable=True),
        sa.Column("moved", Amount(), nullable=False),
        sa.Column("lines", Amount(), nullable=False),
        sa.Column("previous_number", Amount(), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(kind = 'reverse') = (reverses IS NOT NULL)", name=op.f("ck_ledger_entry_reverses")),
        sa.CheckConstraint(
            "(kind IN ('settle', 'release', 'expire')) = (finishes IS NOT NULL)", name=op.f("ck_ledger_entry_finishes")
        ),
        sa.CheckConstraint(
            "(overrides = 0 AND override_by IS NULL) OR (overrides = 1 AND override_by IS NOT NULL AND kind = 'reverse')",
            name=op.f("ck_ledger_entry_overrides"),
        ),
        sa.CheckConstraint("expires_at IS NULL OR kind = 'hold'", name=op.f("ck_ledger_entry_expires_at")),
        sa.CheckConstraint("clearing IS NULL OR kind IN ('post', 'reverse')", name=op.f("ck_ledger_entry_clearing")),
        sa.CheckConstraint(
            "kind IN ('post', 'hold', 'settle', 'release', 'expire', 'reverse')", name=op.f("ck_ledger_entry_kind")
        ),
        sa.CheckConstraint(
            "(number = 1 AND previous_number IS NULL) OR (number > 1 AND previous_number IS NOT NULL AND previous_number = number - 1)",
            name=op.f("ck_ledger_entry_previous"),
        ),
        sa.CheckConstraint("length(hash) = 32 AND length(previous_hash) = 32", name=op.f("ck_ledger_entry_hash")),
        sa.CheckConstraint(
            "length(purpose) BETWEEN 1 AND 60 AND length(key) BETWEEN 1 AND 200", name=op.f("ck_ledger_entry_words")
        ),
        sa.CheckConstraint("length(request_digest) = 32", name=op.f("ck_ledger_entry_request_digest")),
        sa.CheckConstraint("lines >= 2", name=op.f("ck_ledger_entry_lines")),
        sa.CheckConstraint("memo_digest IS NULL OR length(memo_digest) = 32", name=op.f("ck_ledger_entry_memo_digest")),
        sa.CheckConstraint("moved >= 0", name=op.f("ck_ledger_entry_moved")),
        sa.ForeignKeyConstraint(
            ["book", "previous_number", "previous_hash"],
            ["ledger_entry.book", "ledger_entry.number", "ledger_entry.hash"],
            name="fk_ledger_entry_previous",
        ),
        sa.ForeignKeyConstraint(["book"], ["ledger_book.id"], name=op.f("fk_ledger_entry_book")),
        sa.ForeignKeyConstraint(["finishes"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_finishes")),
        sa.ForeignKeyConstraint(["reverses"], ["ledger_entry.id"], name=op.f("fk_ledger_entry_reverses")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("book", "number", "hash", name=op.f("uq_ledger_entry_book_number_hash")),
        sa.UniqueConstraint("book", "number", name=op.f("uq_ledger_entry_book_number")),
        sa.UniqueConstraint("id", "book", "number", "kind", "lines", "overrides", name="uq_ledger_entry_header"),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_ledger_entry_volume", "ledger_entry", ["purpose", "book", "effective_on", "kind", "moved"], unique=False
    )
    op.create_index(
        "uq_ledger_entry_clearing",
        "ledger_entry",
        ["clearing", "book"],
        unique=True,
        sqlite_where=sa.text("clearing IS NOT NULL"),
        postgresql_where=sa.text("clearing IS NOT NULL"),
    )
    op.create_index(
        "uq_ledger_entry_finishes",
        "ledger_entry",
        ["finishes"],
        unique=True,
        sqlite_where=sa.text("finishes IS NOT NULL"),
        postgresql_where=sa.text("finishes IS NOT NULL"),
    )
    op.create_index(
        "uq_ledger_entry_reverses",
        "ledger_entry",
        ["reverses"],
        unique=True,
        sqlite_where=sa.text("reverses IS NOT NULL"),
        postgresql_where=sa.text("reverses IS NOT NULL"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("book", Key(), nullable=False),
        sa.Column("number", Amount(), nullable=False),
        sa.Column("links", Amount(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("closed_until", Day(), nullable=True),
        sa.CheckConstraint(
            "(number = 0 AND links IS NULL) OR (number > 0 AND links IS NOT NULL AND links = number)",
            name=op.f("ck_ledger_head_links"),
        ),
        sa.ForeignKeyConstraint(
            ["book", "links", "hash"],
            ["ledger_entry.book", "ledger_entry.number", "ledger_entry.hash"],
            name="fk_ledger_head_entry",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["book"], ["ledger_book.id"], name=op.f("fk_ledger_head_book")),
        sa.PrimaryKeyConstraint("book", name=op.f("pk_ledger_head")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_key",
        sa.Column("book", Key(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("entry", Key(), nullable=False),
        sa.ForeignKeyConstraint(["book"], ["ledger_book.id"], name=op.f("fk_ledger_key_book")),
        sa.ForeignKeyConstraint(
            ["entry"], ["ledger_entry.id"], name="fk_ledger_key_entry", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("book", "key", name=op.f("pk_ledger_key")),
        sa.UniqueConstraint("entry", name=op.f("uq_ledger_key_entry")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_limit",
        sa.Column("account", Key(), nullable=False),
        sa.Column("number", Amount(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("floor", Amount(), nullable=True),
        sa.Column("ceiling", Amount(), nullable=True),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("set_by", Key(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("floor <= ceiling", name=op.f("ck_ledger_limit_range")),
        sa.CheckConstraint(
            "floor BETWEEN -1000000000000000 AND 1000000000000000 AND ceiling BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_ledger_limit_bounds"),
        ),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_ledger_limit_hash")),
        sa.CheckConstraint("number > 0", name=op.f("ck_ledger_limit_number")),
        sa.ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], name="fk_ledger_limit_account"
        ),
        sa.PrimaryKeyConstraint("account", "number", name=op.f("pk_ledger_limit")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_memo",
        sa.Column("entry", Key(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("length(salt) = 16", name=op.f("ck_ledger_memo_salt")),
        sa.ForeignKeyConstraint(["entry"], ["ledger_entry.id"], name=op.f("fk_ledger_memo_entry")),
        sa.PrimaryKeyConstraint("entry", name=op.f("pk_ledger_memo")),
        sqlite_strict=True,
    )
    op.create_table(
        "ledger_open_hold",
        sa.Column("account", Key(), nullable=False),
        sa.Column("hold", Key(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["ledger_account.id"], name=op.f("fk_ledger_open_hold_account")),
        sa.ForeignKeyConstraint(["book"], ["ledger_book.id"], name=op.f("fk_ledger_open_hold_book")),
        sa.ForeignKeyConstraint(["hold"], ["ledger_entry.id"], name=op.f("fk_ledger_open_hold_hold")),
        sa.PrimaryKeyConstraint("account", "hold", name=op.f("pk_ledger_open_hold")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_ledger_open_hold_book_expires_at"), "ledger_open_hold", ["book", "expires_at"], unique=False
    )
    op.create_index(op.f("ix_ledger_open_hold_hold"), "ledger_open_hold", ["hold"], unique=False)
    op.create_table(
        "ledger_period",
        sa.Column("book", Key(), nullable=False),
        sa.Column("number", Amount(), nullable=False),
        sa.Column("since", Day(), nullable=False),
        sa.Column("until", Day(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("closed_by", Key(), nullable=True),
        sa.Column("head_number", Amount(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("merkle_root", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(merkle_root) = 32 AND length(hash) = 32", name=op.f("ck_ledger_period_hash")),
        sa.CheckConstraint("number > 0", name=op.f("ck_ledger_period_number")),
        sa.CheckConstraint("since <= until", name=op.f("ck_ledger_period_days")),
        sa.ForeignKeyConstraint(
            ["book", "head_number", "head_hash"],
            ["ledger_entry.book", "ledger_entry.number", "ledger_entry.hash"],
            name="fk_ledger_period_head",
        ),
        sa.ForeignKeyConstraint(["book"], ["ledger_book.id"], name=op.f("fk_ledger_period_book")),
        sa.PrimaryKeyConstraint("book", "number", name=op.f("pk_ledger_period")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_posting",
        sa.Column("entry", Key(), nullable=False),
        sa.Column("line", Amount(), nullable=False),
        sa.Column("lines", Amount(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("number", Amount(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("overrides", Amount(), nullable=False),
        sa.Column("account", Key(), nullable=False),
        sa.Column("sequence", Amount(), nullable=False),
        sa.Column("previous_sequence", Amount(), nullable=True),
        sa.Column("posted", Amount(), nullable=False),
        sa.Column("held_out", Amount(), nullable=False),
        sa.Column("held_in", Amount(), nullable=False),
        sa.Column("posted_before", Amount(), nullable=False),
        sa.Column("out_before", Amount(), nullable=False),
        sa.Column("in_before", Amount(), nullable=False),
        sa.Column("posted_after", Amount(), nullable=False),
        sa.Column("out_after", Amount(), nullable=False),
        sa.Column("in_after", Amount(), nullable=False),
        sa.Column("limits", Amount(), nullable=False),
        sa.Column("floor", Amount(), nullable=True),
        sa.Column("ceiling", Amount(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('post', 'reverse')) OR ((held_out = 0) <> (held_in = 0))",
            name=op.f("ck_ledger_posting_one_side"),
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'hold' THEN posted = 0 AND held_out >= 0 AND held_in >= 0 WHEN 'settle' THEN held_out <= 0 AND held_in <= 0 AND (held_out = 0 OR posted <= 0) AND (held_in = 0 OR posted >= 0) WHEN 'release' THEN posted = 0 AND held_out <= 0 AND held_in <= 0 WHEN 'expire' THEN posted = 0 AND held_out <= 0 AND held_in <= 0 ELSE posted <> 0 AND held_out = 0 AND held_in = 0 END",
            name=op.f("ck_ledger_posting_shape"),
        ),
        sa.CheckConstraint(
            "(sequence = 1 AND previous_sequence IS NULL AND posted_before = 0 AND out_before = 0 AND in_before = 0) OR (sequence > 1 AND previous_sequence IS NOT NULL AND previous_sequence = sequence - 1)",
            name=op.f("ck_ledger_posting_previous"),
        ),
        sa.CheckConstraint(
            "ceiling IS NULL OR posted_after + in_after <= ceiling OR posted + held_in <= 0 OR overrides = 1",
            name=op.f("ck_ledger_posting_ceiling"),
        ),
        sa.CheckConstraint(
            "floor IS NULL OR posted_after - out_after >= floor OR posted - held_out >= 0 OR overrides = 1",
            name=op.f("ck_ledger_posting_floor"),
        ),
        sa.CheckConstraint("in_after = in_before + held_in AND in_after >= 0", name=op.f("ck_ledger_posting_in")),
        sa.CheckConstraint("line BETWEEN 1 AND lines", name=op.f("ck_ledger_posting_line")),
        sa.CheckConstraint("out_after = out_before + held_out AND out_after >= 0", name=op.f("ck_ledger_posting_out")),
        sa.CheckConstraint(
            "posted BETWEEN -1000000000000 AND 1000000000000 AND held_out BETWEEN -1000000000000 AND 1000000000000 AND held_in BETWEEN -1000000000000 AND 1000000000000",
            name=op.f("ck_ledger_posting_amounts"),
        ),
        sa.CheckConstraint("posted_after = posted_before + posted", name=op.f("ck_ledger_posting_posted")),
        sa.CheckConstraint(
            "posted_after BETWEEN -1000000000000000 AND 1000000000000000 AND out_after BETWEEN -1000000000000000 AND 1000000000000000 AND in_after BETWEEN -1000000000000000 AND 1000000000000000",
            name=op.f("ck_ledger_posting_balances"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], name="fk_ledger_posting_account"
        ),
        sa.ForeignKeyConstraint(
            ["account", "limits"], ["ledger_limit.account", "ledger_limit.number"], name="fk_ledger_posting_limits"
        ),
        sa.ForeignKeyConstraint(
            ["account", "previous_sequence", "posted_before", "out_before", "in_before"],
            [
                "ledger_posting.account",
                "ledger_posting.sequence",
                "ledger_posting.posted_after",
                "ledger_posting.out_after",
                "ledger_posting.in_after",
            ],
            name="fk_ledger_posting_previous",
        ),
        sa.ForeignKeyConstraint(
            ["entry", "book", "number", "kind", "lines", "overrides"],
            [
                "ledger_entry.id",
                "ledger_entry.book",
                "ledger_entry.number",
                "ledger_entry.kind",
                "ledger_entry.lines",
                "ledger_entry.overrides",
            ],
            name="fk_ledger_posting_entry",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("entry", "line", name=op.f("pk_ledger_posting")),
        sa.UniqueConstraint("account", "number", name=op.f("uq_ledger_posting_account_number")),
        sa.UniqueConstraint(
            "account", "sequence", "posted_after", "out_after", "in_after", name="uq_ledger_posting_balance"
        ),
        sa.UniqueConstraint("account", "sequence", name=op.f("uq_ledger_posting_account_sequence")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_seal",
        sa.Column("book", Key(), nullable=False),
        sa.Column("period", Amount(), nullable=False),
        sa.Column("account", Key(), nullable=False),
        sa.Column("posted", Amount(), nullable=False),
        sa.Column("held_out", Amount(), nullable=False),
        sa.Column("held_in", Amount(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], name="fk_ledger_seal_account"
        ),
        sa.ForeignKeyConstraint(
            ["book", "period"],
            ["ledger_period.book", "ledger_period.number"],
            name="fk_ledger_seal_period",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("book", "period", "account", name=op.f("pk_ledger_seal")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_balance",
        sa.Column("account", Key(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("sequence", Amount(), nullable=False),
        sa.Column("repeats", Amount(), nullable=True),
        sa.Column("number", Amount(), nullable=False),
        sa.Column("posted", Amount(), nullable=False),
        sa.Column("held_out", Amount(), nullable=False),
        sa.Column("held_in", Amount(), nullable=False),
        sa.Column("limits", Amount(), nullable=False),
        sa.Column("floor", Amount(), nullable=True),
        sa.Column("ceiling", Amount(), nullable=True),
        sa.CheckConstraint(
            "(sequence = 0 AND repeats IS NULL AND number = 0 AND posted = 0 AND held_out = 0 AND held_in = 0) OR (sequence > 0 AND repeats IS NOT NULL AND repeats = sequence)",
            name=op.f("ck_ledger_balance_repeats"),
        ),
        sa.ForeignKeyConstraint(
            ["account", "book"], ["ledger_account.id", "ledger_account.book"], name="fk_ledger_balance_account"
        ),
        sa.ForeignKeyConstraint(
            ["account", "repeats", "posted", "held_out", "held_in"],
            [
                "ledger_posting.account",
                "ledger_posting.sequence",
                "ledger_posting.posted_after",
                "ledger_posting.out_after",
                "ledger_posting.in_after",
            ],
            name="fk_ledger_balance_posting",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_ledger_balance")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_clearing",
        sa.Column("id", Key(), nullable=False),
        sa.Column("book", Key(), nullable=False),
        sa.Column("partner", Key(), nullable=False),
        sa.Column("account", Key(), nullable=False),
        sa.Column("entry", Key(), nullable=False),
        sa.Column("seconds", Amount(), nullable=False),
        sa.Column("counter", Amount(), nullable=False),
        sa.CheckConstraint("seconds <> 0 AND counter = -seconds", name=op.f("ck_ledger_clearing_seconds")),
        sa.ForeignKeyConstraint(
            ["id", "partner", "book", "counter", "seconds"],
            [
                "ledger_clearing.id",
                "ledger_clearing.book",
                "ledger_clearing.partner",
                "ledger_clearing.seconds",
                "ledger_clearing.counter",
            ],
            name="fk_ledger_clearing_half",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["account", "book", "partner"],
            ["ledger_account.id", "ledger_account.book", "ledger_account.partner"],
            name="fk_ledger_clearing_mirror",
        ),
        sa.ForeignKeyConstraint(
            ["entry"], ["ledger_entry.id"], name="fk_ledger_clearing_entry", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", "book", name=op.f("pk_ledger_clearing")),
        sa.UniqueConstraint("entry", name=op.f("uq_ledger_clearing_entry")),
        sa.UniqueConstraint("id", "book", "partner", "seconds", "counter", name="uq_ledger_clearing_half"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_guards(sqlite=SQLITE_GUARDS, postgresql=POSTGRESQL_GUARDS)


def downgrade() -> None:
    op.drop_guards(
        sqlite=[line.split()[2] for line in SQLITE_GUARDS.splitlines() if line.startswith("CREATE TRIGGER")],
        postgresql=f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE",
    )
    for table in reversed(TABLES):
        op.drop_table(table)
