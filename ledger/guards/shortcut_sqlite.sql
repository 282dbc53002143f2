-- A plain entry in one statement, on SQLite: a row into this view. No guard: the guards hold every law as if its
-- statements came one by one. `ledger/shortcut.py` says when it is written to.

CREATE VIEW ledger_plain (
    book, key, entry, purpose, effective_on, recorded_at, recorded_by, recorded_for, request_digest, memo_digest,
    salt, memo, first, second, seconds, number, previous_hash, hash
) AS SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
WHERE 0;

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
