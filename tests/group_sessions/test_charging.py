"""The charging rules, as a treasurer could check them, and the law that holds for all: help + surplus = entry."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timebank.group_sessions.charging import Came, Helped, Plan, Turnout, plan
from timebank.group_sessions.rules import NobodyToCharge
from timebank.group_sessions.tables import Charging

HOUR = 3600
ANA, BEN, OLWEN, CERI, GWALIA, DEWI = (UUID(int=number) for number in range(1, 7))


def turnout(
    givers: dict[UUID, float], receivers: dict[UUID, float], before: dict[UUID, float] | None = None
) -> Turnout:
    fresh = [Came(who, int(hours * HOUR)) for who, hours in receivers.items()]
    return Turnout(
        givers=[Came(who, int(hours * HOUR)) for who, hours in givers.items()],
        receivers=fresh,
        all_receivers=[Came(who, int(hours * HOUR)) for who, hours in (before or {}).items()] + fresh,
    )


def hours(planned: Plan) -> tuple[dict[UUID, float], float, float]:
    by_party = {who: seconds / HOUR for who, seconds in planned.by_party.items()}
    return by_party, planned.pot_seconds / HOUR, planned.surplus_seconds / HOUR


WORKSHOP = turnout({ANA: 2.5}, {BEN: 2, OLWEN: 2, CERI: 1})
"""Ana shows three people how to bake for two hours, and prepared for half an hour; Ceri leaves half-way."""


def test_each_in_full_everybody_pays_their_own_time_and_the_pot_has_what_is_left() -> None:
    assert hours(plan(Charging.EACH, WORKSHOP)) == ({ANA: 2.5, BEN: -2, OLWEN: -2, CERI: -1}, 2.5, 2.5)


def test_shared_the_receivers_pay_the_givers_hours_by_how_long_each_was_there() -> None:
    assert hours(plan(Charging.SHARED, WORKSHOP)) == ({ANA: 2.5, BEN: -1, OLWEN: -1, CERI: -0.5}, 0, 0)


def test_the_pot_pays_for_all() -> None:
    assert hours(plan(Charging.POT, WORKSHOP)) == ({ANA: 2.5}, -2.5, 0)


def test_an_organisation_pays_for_all() -> None:
    assert hours(plan(Charging.ORGANISATION, WORKSHOP, payer_id=GWALIA)) == ({ANA: 2.5, GWALIA: -2.5}, 0, 0)


def test_nobody_pays_and_nothing_is_posted() -> None:
    planned = plan(Charging.NOBODY, WORKSHOP)
    assert planned.is_empty
    assert planned.helped == ()


@pytest.mark.parametrize("charging", [Charging.EACH, Charging.SHARED, Charging.POT])
def test_help_goes_from_the_giver_to_each_receiver_by_how_long_they_were_there(charging: Charging) -> None:
    assert plan(charging, WORKSHOP).helped == (
        Helped(ANA, BEN, HOUR),
        Helped(ANA, OLWEN, HOUR),
        Helped(ANA, CERI, HOUR // 2),
    )


def test_the_pot_steps_in_where_there_are_more_givers_than_receivers_pay_for() -> None:
    choir = turnout({ANA: 1, BEN: 1, CERI: 1}, {OLWEN: 1})
    assert hours(plan(Charging.EACH, choir)) == ({ANA: 1, BEN: 1, CERI: 1, OLWEN: -1}, -2, 0)


def test_a_second_that_cannot_be_shared_goes_to_the_first() -> None:
    planned = plan(Charging.SHARED, turnout({ANA: 1 / 36}, {BEN: 1, OLWEN: 1, CERI: 1}))
    assert planned.by_party == {ANA: 100, BEN: -34, OLWEN: -33, CERI: -33}


def test_three_share_an_hour_of_two_givers_one_of_whom_prepared() -> None:
    """Ana was there for 20 minutes and prepared for 10, Dewi was there for 30; in sevenths, for 2, 2 and 3 hours.

    Half an hour is 514.29 + 514.29 + 771.43 s: the second that is left goes to the largest remainder, Ceri's, twice.
    """
    planned = plan(Charging.SHARED, turnout({ANA: 20 / 60 + 10 / 60, DEWI: 0.5}, {BEN: 2, OLWEN: 2, CERI: 3}))
    assert planned.by_party == {ANA: 1800, DEWI: 1800, BEN: -1028, OLWEN: -1028, CERI: -1544}
    assert [each.seconds for each in planned.helped] == [514, 514, 772] * 2
    assert (sum(each.seconds for each in planned.helped), planned.surplus_seconds) == (HOUR, 0)


def test_who_comes_late_into_the_register_pays_for_themselves_and_a_late_giver_helped_everybody() -> None:
    late_receiver = turnout({}, {CERI: 1}, before={BEN: 2})
    assert hours(plan(Charging.EACH, late_receiver)) == ({CERI: -1}, 1, 1)
    assert plan(Charging.SHARED, late_receiver).is_empty
    late_giver = turnout({ANA: 1}, {}, before={BEN: 1, OLWEN: 1})
    assert hours(plan(Charging.SHARED, late_giver)) == ({ANA: 1, BEN: -0.5, OLWEN: -0.5}, 0, 0)
    assert hours(plan(Charging.EACH, late_giver)) == ({ANA: 1}, -1, 0)


@pytest.mark.parametrize("charging", [each for each in Charging if each is not Charging.NOBODY])
def test_givers_without_receivers_have_nobody_to_charge(charging: Charging) -> None:
    with pytest.raises(NobodyToCharge):
        plan(charging, turnout({ANA: 1}, {}), payer_id=GWALIA)


lengths = st.lists(st.integers(1, 24 * HOUR), max_size=6)


@given(charging=st.sampled_from(Charging), givers=lengths, receivers=lengths, before=lengths)
def test_every_plan_balances_and_its_help_and_surplus_are_its_entry(
    charging: Charging, givers: list[int], receivers: list[int], before: list[int]
) -> None:
    came = [[Came(uuid4(), seconds) for seconds in several] for several in (givers, receivers, before)]
    turnout = Turnout(givers=came[0], receivers=came[1], all_receivers=came[2] + came[1])
    if givers and not turnout.all_receivers and charging is not Charging.NOBODY:
        return
    planned = plan(charging, turnout, payer_id=GWALIA)
    legs = [*planned.by_party.values(), planned.pot_seconds]
    assert sum(legs) == 0
    assert sum(seconds for seconds in legs if seconds > 0) == (
        sum(each.seconds for each in planned.helped) + planned.surplus_seconds
    )
    if charging is not Charging.NOBODY:
        for giver in turnout.givers:
            assert planned.by_party[giver.party_id] == giver.seconds, "one hour is one hour"
            assert sum(each.seconds for each in planned.helped if each.giver_id == giver.party_id) == giver.seconds
    assert all(each.seconds > 0 for each in planned.helped)
