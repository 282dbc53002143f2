"""Travel and preparation in words: what a policy counts of them, and the sum that came of what somebody said."""

from flask import Flask, request
from flask_babel import gettext

from timebank.exchanges.tables import Exchange
from timebank.network.rules import Extra, counted
from timebank.network.tables import Policy
from timebank.web.exchange_verbs import Words, extra_said
from timebank.web.filters import hours


def what_counts(policy: Policy) -> dict[str, str]:
    """A sentence for each of travel and preparation that a policy counts, by the name of its field."""
    found = {}
    if policy.travel_beyond_seconds is not None:
        found["travel"] = travel(policy)
    if policy.preparation_counts:
        found["preparation"] = gettext("Preparation counts.")
    return found


def travel(policy: Policy) -> str:
    """Whether travel counts."""
    beyond = policy.travel_beyond_seconds
    if beyond is None:
        return gettext("Travel does not count.")
    if beyond == 0:
        return gettext("Travel counts.")
    return gettext("Travel counts beyond this: %(hours)s.", hours=hours(beyond))


def limits(policy: Policy) -> list[str]:
    """How much of travel and preparation counts at most, and to which step."""
    if not what_counts(policy):
        return []
    step, most = policy.granularity_seconds, policy.extra_most_seconds
    said = [gettext("Travel and preparation are rounded to the nearest %(step)s.", step=hours(step))]
    if most is not None:
        more = gettext("Of travel and preparation together no more than this counts: %(hours)s.", hours=hours(most))
        said.append(more)
    return said


def sum_shown(policy: Policy, said: Words | None) -> str:
    """What would count of what is typed in, where only that was asked for; otherwise nothing."""
    if said is None or request.form.get("then") != "show":
        return ""
    return _sum(said["hours"], extra_said(said), counted(policy, said["hours"], extra_said(said)))


def parts_words(exchange: Exchange) -> str:
    """How long it took, with the parts of it: "1 h 30 + travel 20 min = 1 h 50"."""
    if exchange.service_seconds is None:
        return hours(exchange.reported_seconds or 0)
    extra = Extra(travel_seconds=exchange.travel_seconds or 0, preparation_seconds=exchange.preparation_seconds or 0)
    return _sum(exchange.service_seconds, extra, exchange.reported_seconds or 0)


def credited_words(exchange: Exchange) -> str:
    """What was credited; where a broker decided, the parts that somebody logged are not what stands in the books."""
    credited = hours(exchange.credited_seconds or 0)
    if exchange.credited_seconds == exchange.reported_seconds:
        return credited
    return gettext("%(hours)s in all, as a time broker decided", hours=credited)


def _sum(seconds: int, extra: Extra, total: int) -> str:
    parts = [hours(seconds)]
    if extra.travel_seconds:
        parts.append(gettext("travel %(hours)s", hours=hours(extra.travel_seconds)))
    if extra.preparation_seconds:
        parts.append(gettext("preparation %(hours)s", hours=hours(extra.preparation_seconds)))
    said = " + ".join(parts)
    if seconds + extra.travel_seconds + extra.preparation_seconds == total:
        return f"{said} = {hours(total)}"
    return gettext("%(parts)s, of which this counts: %(hours)s", parts=said, hours=hours(total))


def teach(app: Flask) -> None:
    """Templates say {{ exchange | parts_words }} and {{ exchange | credited_words }}."""
    app.add_template_filter(parts_words)
    app.add_template_filter(credited_words)
