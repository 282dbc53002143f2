"""Balances as a child would keep them: what each has given less what they received, and what they have promised."""

from collections import Counter

WITHOUT_FLOOR = frozenset({"gwalia"})
"""Organisations may receive as much as they like."""


class No(Exception):
    """The model refuses."""


class Hours:
    """Seconds by party. `out` is promised by them, `in_` to them; a floor bounds what is left of what they have."""

    def __init__(self, floor: int | None) -> None:
        self.floor = floor
        self.posted = Counter[str]()
        self.out = Counter[str]()
        self.in_ = Counter[str]()

    def copy(self) -> "Hours":
        copied = Hours(self.floor)
        copied.posted, copied.out, copied.in_ = self.posted.copy(), self.out.copy(), self.in_.copy()
        return copied

    def _check(self, receiver: str, more: int) -> None:
        """Only what takes somebody further is measured against the floor."""
        left = self.posted[receiver] - self.out[receiver]
        if self.floor is not None and receiver not in WITHOUT_FLOOR and more > 0 and left - more < self.floor:
            raise No

    def hold(self, giver: str, receiver: str, seconds: int) -> None:
        self._check(receiver, seconds)
        self.out[receiver] += seconds
        self.in_[giver] += seconds

    def let_go(self, giver: str, receiver: str, seconds: int) -> None:
        self.out[receiver] -= seconds
        self.in_[giver] -= seconds

    def give(self, giver: str, receiver: str, seconds: int, *, held: int) -> None:
        """What was promised counts as it was promised; only hours beyond it meet the floor."""
        self._check(receiver, seconds - held)
        self.let_go(giver, receiver, held)
        self.posted[giver] += seconds
        self.posted[receiver] -= seconds

    def take_back(self, giver: str, receiver: str, seconds: int) -> None:
        """A broker's decision stands, also past a limit."""
        self.posted[giver] -= seconds
        self.posted[receiver] += seconds
