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
