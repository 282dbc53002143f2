-- A plain entry in one round trip, on PostgreSQL. No guard: it runs as whoever calls it and may do what they may do,
-- and the guards hold every law as if its statements came one by one. `ledger/shortcut.py` says when it is called.

-- A field in canonical bytes, as `ledger/chain.py` explains them
CREATE FUNCTION ledger_field(value bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT coalesce('\x69'::bytea || int4send(length(value::text)) || value::text::bytea, '\x6e00000000')
$$;
CREATE FUNCTION ledger_field(value uuid) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT coalesce('\x6b00000010'::bytea || uuid_send(value), '\x6e00000000')
$$;
CREATE FUNCTION ledger_field(value text) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT coalesce('\x74'::bytea || int4send(octet_length(value)) || convert_to(value, 'UTF8'), '\x6e00000000')
$$;
CREATE FUNCTION ledger_field(value bytea) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT coalesce('\x62'::bytea || int4send(length(value)) || value, '\x6e00000000')
$$;
CREATE FUNCTION ledger_field(value date) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT coalesce('\x640000000a'::bytea || to_char(value, 'YYYY-MM-DD')::bytea, '\x6e00000000')
$$;
CREATE FUNCTION ledger_field(value timestamptz) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        '\x6d'::bytea || int4send(length((extract(epoch FROM value) * 1000000)::bigint::text))
        || (extract(epoch FROM value) * 1000000)::bigint::text::bytea, '\x6e00000000')
$$;

-- What an account's two new balances and its limits come to in canonical bytes, in the order of a posting's fields
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
