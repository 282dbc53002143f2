"""A tree of hashes (RFC 6962): its root stands for all of the leaves, a short path proves that one is among them."""

from collections.abc import Sequence
from hashlib import sha256


def leaf(content: bytes) -> bytes:
    """Leaves and nodes begin with different bytes, so that no node can be passed off as a leaf."""
    return sha256(b"\0" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


class Tree:
    """Grows leaf by leaf; keeps only the roots of its whole parts."""

    def __init__(self, contents: Sequence[bytes] = ()) -> None:
        self._parts: list[tuple[int, bytes]] = []
        for content in contents:
            self.add(content)

    def add(self, content: bytes) -> None:
        size, top = 1, leaf(content)
        while self._parts and self._parts[-1][0] == size:
            _, left = self._parts.pop()
            size, top = 2 * size, node(left, top)
        self._parts.append((size, top))

    def root(self) -> bytes:
        """The hash of the empty string for a tree without leaves."""
        if not self._parts:
            return sha256().digest()
        *others, (_, top) = self._parts
        for _, left in reversed(others):
            top = node(left, top)
        return top


def path(contents: Sequence[bytes], place: int) -> list[bytes]:
    """What a leaf must be joined with, from the bottom up, to come to the root; places count from 0."""
    if len(contents) == 1:
        return []
    half = 1 << (len(contents) - 1).bit_length() - 1
    left, right = contents[:half], contents[half:]
    if place < half:
        return [*path(left, place), Tree(right).root()]
    return [*path(right, place - half), Tree(left).root()]
