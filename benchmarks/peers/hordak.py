"""django-hordak as its documentation uses it: one transaction with two legs. It runs in an environment of its own.

`checked` is the way it offers to hold limits, the floor of who receives and the ceiling of who gives: lock the rows of
both accounts in one order, ask for their balances, which are sums of their legs, go on.
"""

import json
import sys
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from benchmarks.answering import answer

PURSE = 100
FAR = 10**6


def begin(url: str) -> None:
    import django  # noqa: PLC0415 - settings come first
    from django.conf import settings  # noqa: PLC0415

    parts = urlsplit(url)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": parts.username,
        "HOST": parse_qs(parts.query)["host"][0],
        "CONN_MAX_AGE": None,
    }
    apps = ["django.contrib.auth", "django.contrib.contenttypes", "mptt", "djmoney", "hordak"]
    settings.configure(
        DATABASES={"default": database},
        INSTALLED_APPS=apps,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        CURRENCIES=["EUR"],
    )
    django.setup()


def lay_out(members: int = 50) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from hordak.models import Account  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    for name in [*(f"member {place}" for place in range(members)), "pot", "purse"]:
        Account.objects.create(name=name, code=str(Account.objects.count() + 1), type="LI", currencies=["EUR"])


class Hordak:
    def __init__(self, setting: dict[str, Any]) -> None:
        from hordak.models import Account  # noqa: PLC0415

        self.client, self.turns = setting["client"], count()
        *self.members, self.pot, self.purse = Account.objects.order_by("pk")

    def post(self, times: int) -> None:
        for giver, receiver in self._pairs(times):
            self._one(giver, receiver)

    def checked(self, times: int) -> None:
        for giver, receiver in self._pairs(times):
            self._one(giver, receiver, floor=-FAR)

    def spend(self, times: int) -> int:
        """Out of the one purse; without the check this would go on for ever."""
        return sum(self._one(self.members[0], self.purse, floor=-PURSE) for _ in range(times))

    def check(self, _times: int) -> dict[str, Any]:
        from django.db.models import Sum  # noqa: PLC0415
        from hordak.models import Leg, Transaction  # noqa: PLC0415

        sums = Leg.objects.aggregate(credit=Sum("credit"), debit=Sum("debit"))
        spent = Leg.objects.filter(account=self.purse).aggregate(debit=Sum("debit"))["debit"] or 0
        return {
            "sum": int((sums["credit"] or 0) - (sums["debit"] or 0)),
            "purse": -int(spent),
            "entries": Transaction.objects.count(),
        }

    def _one(self, giver: Any, receiver: Any, floor: int | None = None) -> bool:
        from django.db import OperationalError  # noqa: PLC0415

        while True:
            try:
                return self._tried(giver, receiver, floor)
            except OperationalError as error:  # its own triggers take further locks: whoever lost tries again
                if "deadlock" not in str(error):
                    raise

    def _tried(self, giver: Any, receiver: Any, floor: int | None) -> bool:
        from django.db import transaction  # noqa: PLC0415
        from hordak.models import Account  # noqa: PLC0415
        from moneyed import Money  # noqa: PLC0415

        with transaction.atomic():
            if floor is not None:
                both = Account.objects.select_for_update().filter(pk__in=[giver.pk, receiver.pk]).order_by("pk")
                held = {account.pk: account.get_simple_balance()["EUR"].amount for account in both}
                if held[receiver.pk] - 1 < floor or held[giver.pk] + 1 > FAR:
                    return False
            giver.transfer_to(receiver, Money(1, "EUR"))
        return True

    def _pairs(self, times: int) -> list[tuple[Any, Any]]:
        pairs = []
        for turn in (next(self.turns) for _ in range(times)):
            giver = (turn * 7 + self.client * 13) % len(self.members)
            receiver = (giver + 1 + turn % (len(self.members) - 1)) % len(self.members)
            pairs.append((self.members[giver], self.members[receiver]))
        return pairs


def main() -> None:
    setting = json.loads(sys.argv[1])
    begin(setting["url"])
    if setting.get("lay_out"):
        lay_out()
        return
    hordak = Hordak(setting)
    answer({name: getattr(hordak, name) for name in ("post", "checked", "spend", "check")})


if __name__ == "__main__":
    main()
