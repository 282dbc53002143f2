"""What somebody may see of the community pot: for the page and the API alike."""

from dataclasses import dataclass

from ledger import Line
from timebank.donations.queries import Passed, pot
from timebank.group_sessions.queries import behind
from timebank.members.tables import PartyKind
from timebank.web.session import Me, database


@dataclass(frozen=True)
class PotLine:
    """Hours in or out. `who` is empty where a person's name is not for the reader; `word` names a group session."""

    line: Line
    who: str
    word: str


@dataclass(frozen=True)
class ShownPot:
    """One page of the pot's book, newest first; `older` asks for the next and is None on the last."""

    balance_seconds: int
    lines: list[PotLine]
    older: int | None


def pot_for(asking: Me, *, before: int | None) -> ShownPot:
    """The pot and its book are everybody's; whose hours they were is for brokers, auditors and whoever it was."""
    found = pot(database(), asking.timebank_id, before=before)
    sessions = behind(database(), (line.entry for line in found.page.lines))
    lines = [
        PotLine(line, "", sessions[line.entry][0].title)
        if line.entry in sessions
        else _line(line, found.passed.get(line.entry), asking)
        for line in found.page.lines
    ]
    return ShownPot(found.balance.posted, lines, found.page.next)


def _line(line: Line, passed: Passed | None, asking: Me) -> PotLine:
    if passed is None:
        return PotLine(line, "", "")
    party = passed.giver or passed.receiver
    standing = asking.standing
    is_known = party is not None and (
        party.kind is PartyKind.ORGANISATION
        or standing.is_broker
        or standing.is_auditor
        or standing.speaks_for(party.id)
    )
    return PotLine(line, party.name if party and is_known else "", passed.donation.word if is_known else "")
