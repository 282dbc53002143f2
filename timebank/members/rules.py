"""Where somebody stands in a timebank: who they are there, what they may do and for whom they speak."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from timebank.errors import NotAllowed, NotFound, NotSaid, RuleBroken
from timebank.language import N_
from timebank.members.tables import Authority, Party, Role, Status

WAYS_TO_TELL = (Authority.PHONE, Authority.LETTER, Authority.IN_PERSON)
"""How a member tells a broker to do something for them."""


class NoSuchMember(NotFound):
    sentence = N_("There is nobody by that name in this timebank.")
    field = "party_id"


class NoSuchGift(NotFound):
    sentence = N_("Choose one of the kinds of help in the list.")
    field = "gift_id"


class ForBrokers(NotAllowed):
    sentence = N_("Only a time broker can do that.")


class ForOperators(NotAllowed):
    sentence = N_("Only those who run this installation can see that.")


class ForOthers(NotAllowed):
    sentence = N_("You cannot do that for somebody else.")


class NotToldHow(NotSaid):
    sentence = N_("Say how they told you: by telephone, in writing or in person.")
    field = "authority"


class BeyondGuardianship(NotAllowed):
    sentence = N_("That is not among the things that you may do for them as a guardian. Ask your time broker.")


class TooLongForGuardian(RuleBroken):
    sentence = N_("As a guardian you may say %(most_seconds)s at most at once. Ask your time broker for more.")
    field = "hours"


class TooMuchForGuardian(RuleBroken):
    sentence = N_("As a guardian you may say %(left_seconds)s more this month. Ask your time broker for more.")
    field = "hours"


class NoSuchGuardianship(NotFound):
    sentence = N_("There is no such guardian here.")


class GuardsNothing(NotSaid):
    sentence = N_("Choose at least one thing that they may do.")
    field = "acts"


class AlreadyOver(RuleBroken):
    sentence = N_("That day has passed already. Choose a later one.")
    field = "until"


class AccessSuspended(NotAllowed):
    sentence = N_("Your membership is paused. Please talk to your time broker.")


class MemberNotActive(RuleBroken):
    sentence = N_("%(name)s is not taking part at the moment.")
    field = "party_id"


class AddressTaken(RuleBroken):
    sentence = N_("Somebody else already uses that e-mail address.")
    field = "email"


class KnownElsewhere(RuleBroken):
    sentence = N_("%(name)s belongs to another timebank too, so only they can ask for another e-mail address.")
    field = "email"


class ChoosesTheirLanguage(RuleBroken):
    sentence = N_("%(name)s belongs to another timebank too, so only they can choose another language.")
    field = "language"


class KeepsAnAddress(RuleBroken):
    sentence = N_("%(name)s signs in with this address. Change it if it is wrong, but do not leave it out.")
    field = "email"


class NotYourself(RuleBroken):
    sentence = N_("You cannot do that to yourself. Ask another broker.")


class NotOneself(RuleBroken):
    sentence = N_("Choose somebody else than yourself.")


class CannotBeArranged(RuleBroken):
    """One of the two has blocked the other. Neither the sentence nor this name says so to who meets it."""

    sentence = N_("That cannot be arranged with %(name)s here. Please talk to your time broker.")


class BlockedByYou(RuleBroken):
    sentence = N_("You have blocked %(name)s. Undo that first, on their page.")


class DatedBeforeJoining(RuleBroken):
    sentence = N_("%(name)s joined on %(joined_on)s: choose that day or a later one.")
    field = "happened_on"


class Guarded(StrEnum):
    """What a guardian may be let do for their ward. To pass the ward's hours on is never among it."""

    ASK = "ask"
    AGREE = "agree"
    LOG = "log"


@dataclass(frozen=True)
class Ward:
    """Somebody for whom a guardian may do some things."""

    party_id: UUID
    acts: frozenset[Guarded]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A person in one timebank, at the moment of asking. Everything an action needs to know of who asks.

    `authority` is how somebody told them, whose will they do here without speaking for them.
    """

    timebank_id: UUID
    person_id: UUID
    member_id: UUID
    status: Status = Status.ACTIVE
    roles: frozenset[Role] = frozenset()
    delegate_of: frozenset[UUID] = frozenset()
    is_operator: bool = False
    authority: Authority | None = None
    guards: tuple[Ward, ...] = ()

    @property
    def parties(self) -> frozenset[UUID]:
        """Every party that this person speaks for: themselves, and organisations whose delegate they are."""
        return self.delegate_of | {self.member_id} if Role.MEMBER in self.roles else self.delegate_of

    @property
    def wards(self) -> frozenset[UUID]:
        """Those whose guardian this person is: they do not speak for them, but may do some things."""
        return frozenset(ward.party_id for ward in self.guards) - self.parties

    @property
    def sides(self) -> frozenset[UUID]:
        """Every party whose side this person takes: theirs, and their wards'."""
        return self.parties | self.wards

    @property
    def stakes(self) -> frozenset[UUID]:
        """Those sides and oneself, member or not: what is about one of them a broker leaves to another broker."""
        return self.sides | {self.member_id}

    @property
    def is_broker(self) -> bool:
        return Role.BROKER in self.roles and self.status is Status.ACTIVE

    @property
    def is_auditor(self) -> bool:
        return Role.AUDITOR in self.roles and self.status is Status.ACTIVE

    def speaks_for(self, party_id: UUID) -> bool:
        return party_id in self.parties

    def may_for(self, party_id: UUID, act: Guarded | None) -> bool:
        """Whether they may do something for a party of whose side they are; a guardian only what a broker let them."""
        return self.speaks_for(party_id) or any(
            ward.party_id == party_id and act in ward.acts for ward in self.guards if party_id in self.wards
        )

    def told(self, authority: Authority | None) -> "Standing":
        """The same person, who was told in this way to act for another."""
        return replace(self, authority=authority)


def check_broker(by: Standing) -> None:
    check_active(by)
    if not by.is_broker:
        raise ForBrokers


def check_operator(by: Standing) -> None:
    """Whoever runs the installation; no role within a timebank makes somebody that."""
    if not by.is_operator:
        raise ForOperators


def check_active(by: Standing) -> None:
    if by.status is not Status.ACTIVE:
        raise AccessSuspended


def check_take_part(*parties: Party) -> None:
    """Hours are logged and agreed on only between those who take part now."""
    for each in parties:
        if each.status is not Status.ACTIVE:
            raise MemberNotActive(name=each.name)


def check_speaks_for(by: Standing, party_id: UUID, act: Guarded | None = None) -> None:
    """A member for themselves, a delegate for their organisation, a broker for anybody who asked them to.

    A guardian for their ward, where `act` is something that they may do; as a broker they do nothing more for them.
    """
    check_active(by)
    if party_id in by.wards:
        if not by.may_for(party_id, act):
            raise BeyondGuardianship
        return
    if not (by.speaks_for(party_id) or by.is_broker):
        raise ForOthers


def authority_for(by: Standing, party_id: UUID) -> Authority | None:
    """By what authority somebody acts for a party; None for those whom they speak for. Raises NotToldHow."""
    if by.speaks_for(party_id):
        return None
    if party_id in by.wards:
        return Authority.GUARDIAN
    if by.authority is None:
        raise NotToldHow
    return by.authority
