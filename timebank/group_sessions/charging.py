"""The charging rules: who pays for the givers' hours, to the second. Pure values, so that a plan can be shown first.

Every rule credits each giver in full: one hour is one hour, however many listen. The rules differ in who pays.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from ledger import share
from timebank.group_sessions.rules import NobodyToCharge
from timebank.group_sessions.tables import Charging

Leg = tuple[UUID | None, int]
"""What an entry does to one account: whose it is (None: the pot's), and the seconds."""


@dataclass(frozen=True)
class Came:
    """Somebody who came, and how long it was for them."""

    party_id: UUID
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Turnout:
    """Who came and is not counted yet, and every receiver who came, counted or not."""

    givers: Sequence[Came]
    receivers: Sequence[Came]
    all_receivers: Sequence[Came]

    @property
    def given_seconds(self) -> int:
        return sum(giver.seconds for giver in self.givers)


@dataclass(frozen=True)
class Helped:
    """Help from one to another."""

    giver_id: UUID
    receiver_id: UUID
    seconds: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The entry that will be posted: seconds by party, those of the pot, and the help behind them.

    What receivers pay beyond the givers' hours is `surplus_seconds`: it goes to the pot and is no help.
    """

    by_party: dict[UUID, int]
    pot_seconds: int = 0
    surplus_seconds: int = 0
    helped: tuple[Helped, ...] = ()

    @property
    def mark(self) -> str:
        """A few letters that differ wherever the entry or the help would: what was shown is what is posted."""
        legs = sorted((str(party_id), seconds) for party_id, seconds in self.by_party.items())
        helped = sorted((str(each.giver_id), str(each.receiver_id), each.seconds) for each in self.helped)
        return sha256(repr((legs, self.pot_seconds, self.surplus_seconds, helped)).encode()).hexdigest()[:16]

    @property
    def legs(self) -> list[Leg]:
        """What it does to each account, the pot's last."""
        pot: list[Leg] = [(None, self.pot_seconds)] if self.pot_seconds else []
        return [*self.by_party.items(), *pot]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to post: nobody pays, or nobody owes for being late."""
        return not self.by_party and not self.pot_seconds


def plan(charging: Charging, turnout: Turnout, *, payer_id: UUID | None = None) -> Plan:
    """What a rule makes of who came. Raises NobodyToCharge where it has nobody to charge or to help.

    Late additions are planned by themselves: a late giver helped every receiver, a late receiver pays for themselves.
    """
    if charging is Charging.NOBODY:
        return Plan(by_party={})
    if turnout.givers and not turnout.all_receivers:
        raise NobodyToCharge
    helped = tuple(_helped(turnout))
    given = {giver.party_id: giver.seconds for giver in turnout.givers}
    match charging:
        case Charging.EACH:
            paid = {each.party_id: -each.seconds for each in turnout.receivers}
            return _with_pot(given, paid, helped)
        case Charging.SHARED:
            paid = Counter[UUID]()
            for each in helped:
                paid[each.receiver_id] -= each.seconds
            return _with_pot(given, paid, helped)
        case Charging.ORGANISATION:
            assert payer_id is not None  # noqa: S101 - the database wants one with this rule
            return _with_pot(given, {payer_id: -turnout.given_seconds} if given else {}, helped)
        case _:
            return _with_pot(given, {}, helped)


def _helped(turnout: Turnout) -> list[Helped]:
    """Each giver's hours in shares among all receivers, by how long each was there."""
    weights = [each.seconds for each in turnout.all_receivers]
    return [
        Helped(giver.party_id, receiver.party_id, seconds)
        for giver in turnout.givers
        for receiver, seconds in zip(turnout.all_receivers, share(giver.seconds, weights), strict=True)
        if seconds
    ]


def _with_pot(given: dict[UUID, int], paid: dict[UUID, int] | Counter[UUID], helped: tuple[Helped, ...]) -> Plan:
    """What is paid beyond what is given goes to the pot; what is missing comes from it."""
    left = -sum(paid.values()) - sum(given.values())
    by_party = Counter(given)
    by_party.update(paid)
    return Plan(
        by_party={party_id: seconds for party_id, seconds in by_party.items() if seconds},
        pot_seconds=left,
        surplus_seconds=max(left, 0),
        helped=helped,
    )
