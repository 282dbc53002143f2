"""Whose statement somebody may read, and what stands on it: for the page and the API alike."""

from dataclasses import dataclass
from uuid import UUID

from ledger import Balance
from timebank.donations.queries import Passed, passed_on
from timebank.exchanges.queries import StatementRow, explain
from timebank.group_sessions.queries import behind
from timebank.group_sessions.tables import GroupSession
from timebank.members.queries import party
from timebank.members.rules import NoSuchMember
from timebank.members.tables import Party
from timebank.network.queries import book_of
from timebank.web.session import database, me


@dataclass(frozen=True)
class Statement:
    """One page of a party's statement, newest first; `older` asks for the next and is None on the last.

    `passed` holds, by entry, what was passed on without service; `sessions` of which group session an entry was, and
    whether it reversed one.
    """

    whose: Party
    balance: Balance
    rows: list[StatementRow]
    passed: dict[UUID, Passed]
    sessions: dict[UUID, tuple[GroupSession, bool]]
    older: int | None


def statement_of(asked_for: UUID | None, *, before: int | None) -> Statement:
    """One's own, one's organisation's, or for a broker and an auditor anybody's. Raises NoSuchMember for all others."""
    standing = me().standing
    own = standing.parties or {standing.member_id}
    party_id = asked_for or (standing.member_id if standing.member_id in own else min(own))
    if not (party_id in own or standing.is_broker or standing.is_auditor):
        raise NoSuchMember
    whose = party(database(), standing.timebank_id, party_id)
    book = book_of(database(), whose.timebank_id)
    page = book.statement(whose.account_id, before=before, moved_only=True)
    rows = explain(database(), whose.id, page.lines)
    entries = [line.entry for line in page.lines]
    passed, sessions = passed_on(database(), entries), behind(database(), entries)
    return Statement(whose, book.balance(whose.account_id), rows, passed, sessions, page.next)
