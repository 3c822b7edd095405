"""Which results of a stream come out next, and whether another item may go in.

Rule: nothing here waits or knows of processes, so that the laws of order and of
back-pressure can be tested without either.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from exmc.actors.kernel.mailbox import NOTHING, Nothing

R = TypeVar("R")


class Window(Generic[R]):
    """The items that were taken and whose results were not given out yet.

    Items are known by position: the first one taken is 0.

    Args:
        size: How many there may be at most.
        ordered: Give results out in the order of their items, else as they come.
    """

    def __init__(self, size: int, *, ordered: bool) -> None:
        self._size = size
        self._ordered = ordered
        self._taken = self._finished = self._given = 0
        # By the number under which a result will be given out.
        self._waiting: dict[int, R] = {}

    @property
    def has_room(self) -> bool:
        """Whether another item may be taken."""
        return self._taken - self._given < self._size

    @property
    def empty(self) -> bool:
        """Whether the result of every item taken was given out."""
        return self._taken == self._given

    def take(self) -> int:
        """Take another item and return its position."""
        position = self._taken
        self._taken += 1
        return position

    def finish(self, position: int, result: R) -> None:
        """Keep the result of an item; each item has one."""
        number = position if self._ordered else self._finished
        self._waiting[number] = result
        self._finished += 1

    def give(self) -> R | Nothing:
        """Give out the next result, or NOTHING if it is not there yet."""
        if self._given not in self._waiting:
            return NOTHING
        self._given += 1
        return self._waiting.pop(self._given - 1)
