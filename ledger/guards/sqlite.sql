-- The ledger's laws on SQLite, as far as a CHECK or a key cannot say them.
--
-- A connection with foreign keys or CHECKs off writes nothing: every insert asks for both. Postings and entries ask for
-- a key in place of the first: foreign keys cannot be switched off in a transaction, and a key that points to no entry
-- yet was written in this one, with foreign keys on. REPLACE walks past triggers on DELETE, so every insert also refuses
-- a row whose key stands already.

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
