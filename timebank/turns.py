"""Turns: a lock that is handed on in the order of asking."""

import threading
from collections import deque


class Turns:
    """A queue with one turn. Whoever has it hands it on when done."""

    def __init__(self) -> None:
        self._door = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def ask(self) -> threading.Lock:
        """A place in the queue: it can be acquired once the turn has come."""
        place = threading.Lock()
        with self._door:
            if self._is_taken:
                place.acquire()
                self._waiting.append(place)
            self._is_taken = True
        return place

    def leave(self, place: threading.Lock) -> bool:
        """Give a place up without having had the turn; false where it has come meanwhile."""
        with self._door:
            if place not in self._waiting:
                return False
            self._waiting.remove(place)
            return True

    def hand_on(self, *, or_keep: bool = False) -> bool:
        """Whether somebody was waiting, who has the turn now. If not, it is free, or kept by whoever has it."""
        with self._door:
            if self._waiting:
                self._waiting.popleft().release()
                return True
            self._is_taken = or_keep
            return False
