"""Moving hours at once, and what is refused."""

from ledger import Posting
from tests.ledger.conftest import HOUR, MORNING, TODAY, Cast


def test_an_hour_given_is_an_hour_received(cast: Cast) -> None:
    entry = cast.give(cast.ana, cast.ben)
    cast.session.commit()
    assert cast.posted() == {"ana": HOUR, "ben": -HOUR, "pot": 0}
    assert cast.book.entry(entry.id) == entry
    assert cast.book.head() == (1, entry.hash)


def test_all(cast: Cast) -> None:
    h = cast.hold(cast.ana, cast.ben)
    s = cast.settle(h)
    r = cast.reverse(s)
    h2 = cast.hold(cast.ana, cast.ben)
    cast.release(h2)
    cast.session.commit()
    print(cast.book.statement(cast.ana))
    print(cast.book.totals(cast.ana), cast.book.volume(purpose="service", since=TODAY, until=TODAY))
    from ledger import audit

    seen = []
    rep = audit(cast.session, cast.book.id, lambda a, b: seen.append((a, b)))
    assert rep.problems == [] and rep.entries == 5 and seen == [(5, 5)]
