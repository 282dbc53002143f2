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

-- Entries: whole, once, chained, in an open period -------------------------------------------------------------------

CREATE FUNCTION ledger_entry_insert() RETURNS trigger LANGUAGE plpgsql AS $$
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
    FOR EACH ROW WHEN (NEW.kind = 'hold' OR NEW.finishes IS NOT NULL) EXECUTE FUNCTION ledger_entry_inserted();
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
