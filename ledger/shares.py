"""Sharing seconds out without losing one: for entries with many givers or receivers."""

from collections.abc import Sequence

from ledger.entries import MAX_SECONDS, Seconds, is_amount
from ledger.errors import AmountOutOfRange, Unbalanced


def share(seconds: Seconds, weights: Sequence[int]) -> list[Seconds]:
    """Shares in proportion to the weights that sum to `seconds` exactly; equal ones for `[1] * n`.

    By largest remainder (Hamilton's method): everybody gets the whole seconds of their due, and each second that is
    left goes to the largest fraction that was cut off, of equal ones to the earlier. Below zero likewise.

    >>> share(100, [1, 1, 1])
    [34, 33, 33]
    >>> share(-3600, [2, 1, 0])
    [-2400, -1200, 0]
    """
    if not is_amount(seconds):
        raise AmountOutOfRange(seconds, -MAX_SECONDS, MAX_SECONDS)
    for weight in weights:
        if type(weight) is not int or weight < 0:
            raise AmountOutOfRange(weight, 0, MAX_SECONDS)
    total = sum(weights)
    if total == 0:
        raise Unbalanced("there is nobody to share among", by_seconds=seconds)
    if seconds < 0:
        return [-part for part in share(-seconds, weights)]
    parts = [seconds * weight // total for weight in weights]
    cut_off = [seconds * weight % total for weight in weights]
    in_turn = sorted(range(len(weights)), key=lambda place: -cut_off[place])
    for place in in_turn[: seconds - sum(parts)]:
        parts[place] += 1
    return parts
