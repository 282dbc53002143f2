"""With the guards down everything can be changed; the audit says what was."""

from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from ledger import Posting, UnknownBook, audit
from ledger.audit_entries import EntryAudit
from ledger.audit_sound import Reached
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast
from tests.ledger.unguarded import take_guards_down

pytestmark = pytest.mark.owner  # who alone can take the guards down


@pytest.fixture
def unguarded(cast: Cast) -> Connection:
    """A book of four entries in a database without a guard, a CHECK or a foreign key that would speak."""
    cast.give(cast.ana, cast.ben, memo="hedges")
    cast.settle(cast.hold(cast.ana, cast.ben))
    cast.hold(cast.ben, cast.ana, 2 * HOUR)
    cast.session.commit()
    return take_guards_down(cast.session)


def test_an_untouched_book_is_clean_and_counted(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben)
    cast.settle(cast.hold(cast.ana, cast.ben))
    seen: list[tuple[int, int]] = []
    report = audit(cast.session, cast.book.id, lambda number, last: seen.append((number, last)))
    assert report.is_clean
    assert (report.entries, report.postings, report.accounts) == (3, 6, 3)
    assert (report.head_number, report.head_hash) == cast.book.head()
    assert seen == [(3, 3)]
    assert audit(cast.session).entries == 3


def test_an_audit_of_no_book_says_so(cast: Cast) -> None:
    with pytest.raises(UnknownBook):
        audit(cast.session, uuid4())


@pytest.mark.parametrize(
    ("tampering", "where", "what"),
    [
        (
            "UPDATE ledger_posting SET posted = 7200, posted_after = 7200 WHERE number = 1 AND line = 1",
            "entry 1 ",
            "hash",
        ),
        ("UPDATE ledger_posting SET posted_after = posted_after + 1 WHERE number = 3 AND line = 2", "entry 3 ", "end"),
        ("UPDATE ledger_entry SET purpose = 'grant' WHERE number = 2", "entry 2 ", "hash"),
        ("UPDATE ledger_entry SET recorded_by = id WHERE number = 4", "entry 4 ", "hash"),
        ("UPDATE ledger_entry SET moved = 1 WHERE number = 1", "entry 1 ", "hash"),
        ("DELETE FROM ledger_posting WHERE number = 1 AND line = 2", "entry 1 ", "hash"),
        ("DELETE FROM ledger_entry WHERE number = 2", "entry 3 ", "before it is number 1"),
        ("DELETE FROM ledger_entry WHERE number = 4", "head", "the last entry is 3"),
        ("UPDATE ledger_balance SET posted = posted + 60 WHERE number = 4", "balance of account", "last posting"),
        ("UPDATE ledger_limit SET floor = floor - 1 WHERE ceiling IS NOT NULL", "limits 1", "hash"),
        ("UPDATE ledger_balance SET floor = NULL WHERE ceiling IS NOT NULL", "balance of account", "limits in force"),
        ("UPDATE ledger_memo SET text = 'fences'", "entry 1 ", "memo"),
        ("UPDATE ledger_key SET key = 'other' WHERE key = 'request 0'", "entry 1 ", "key"),
        ("DELETE FROM ledger_open_hold", "", "open hold"),
        ("UPDATE ledger_book SET genesis = previous_hash FROM ledger_entry WHERE number = 2", "book", "genesis"),
        ("UPDATE ledger_account SET kind = 'pot' WHERE kind = 'member'", "limits 1", "hash"),
        (
            "UPDATE ledger_head SET number = 3, links = 3, hash = previous_hash FROM ledger_entry e WHERE e.number = 4",
            "",
            "beyond the head",
        ),
        ("UPDATE ledger_head SET hash = previous_hash FROM ledger_entry WHERE ledger_entry.number = 4", "head", "says"),
    ],
)
def test_what_was_changed_without_guards_is_named(
    cast: Cast, unguarded: Connection, tampering: str, where: str, what: str
) -> None:
    changed = unguarded.execute(text(tampering)).rowcount
    assert changed > 0
    problems = audit(cast.session, cast.book.id).problems
    assert problems
    assert problems[0].where.startswith(where)
    assert any(what in problem.what for problem in problems), problems
    cast.session.rollback()


def test_entries_that_nobody_guarded_are_weighed_against_every_law(cast: Cast, unguarded: Connection) -> None:
    """What the Python would refuse is written by it with its eyes shut: hashes and balances right, laws broken."""
    from ledger import chain  # noqa: PLC0415
    from tests.ledger.forging import forged  # noqa: PLC0415

    entry = forged(cast, legs={cast.ana: (-50 * HOUR, 0, 0), cast.ben: (49 * HOUR, 0, 0)})
    assert entry.entry["hash"] == chain.entry_hash(entry.entry, entry.postings)
    entry.claim().post().head()
    unguarded.execute(text("UPDATE ledger_head SET number = 5, links = 5"))
    said = {
        (problem.law, problem.what.split(":")[-1].strip()) for problem in audit(cast.session, cast.book.id).problems
    }
    assert (1, "its postings sum to -3600, not to zero") in said
    assert (4, "it passes the floor") in said
    assert (4, "it passes the ceiling") in said
    cast.session.rollback()


def test_an_audit_reads_on_while_others_write(cast: Cast) -> None:
    cast.give(cast.ana, cast.ben)

    def write(_number: int, _last: int) -> None:
        postings = [Posting(cast.ana, HOUR), Posting(cast.ben, -HOUR)]
        cast.book.post(postings, key="meanwhile", purpose="service", effective_on=TODAY, at=MORNING)

    report = audit(cast.session, cast.book.id, write)
    assert (report.entries, report.problems) == (1, [])


def test_what_is_sound_is_known_without_asking_what_could_be_wrong(
    lived_in: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ways come to the same; the short one is taken for all but reversals and transfers between books."""
    lived_in.release(lived_in.hold(lived_in.ana, lived_in.ben))
    lived_in.hold(lived_in.ana, lived_in.ben, expires_at=MORNING)
    lived_in.reverse(lived_in.give(lived_in.ana, lived_in.ben))
    lived_in.book.close_period(until=TODAY, at=MORNING, by=None)
    asked: list[int] = []
    weigh = EntryAudit.problems
    monkeypatch.setattr(EntryAudit, "problems", lambda *found: asked.append(found[1]["number"]) or weigh(*found))
    report = audit(lived_in.session)
    assert (report.problems, asked) == ([], [report.head_number])
    monkeypatch.setattr(Reached, "takes", lambda *_: False)
    assert audit(lived_in.session) == report
    assert asked == [report.head_number, *range(1, report.head_number + 1)]
