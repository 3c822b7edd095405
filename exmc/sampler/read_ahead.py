"""Random numbers made in blocks and used one by one, with an exact count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Vector

BLOCK = 16384


class ReadAhead:
    """The numbers of one stream, a block ahead of their use.

    A transition does not know beforehand how many uniforms it needs. It looks at
    enough of them, says how many it used, and the rest stay for the next one. So the
    state of a stream is one whole number, whatever the blocks were.

    Attributes:
        consumed: Numbers used since the beginning of the stream.
    """

    def __init__(self, make: Callable[[int], Vector], consumed: int = 0) -> None:
        """Read from `make(n)`, which gives the stream's next n numbers."""
        self.consumed = consumed
        self._make = make
        self._block: Vector = np.empty(0)
        self._next = 0

    def ahead(self, size: int) -> Vector:
        """Return at least the next `size` numbers, without using them up."""
        if self._next + size > len(self._block):
            kept = self._block[self._next :]
            self._block = np.concatenate([kept, self._make(size + BLOCK)])
            self._next = 0
        return self._block[self._next :]

    def use(self, size: int) -> None:
        """Use up `size` numbers that `ahead` has shown."""
        self._next += size
        self.consumed += size

    def take(self, size: int) -> Vector:
        """Return exactly the next `size` numbers and use them up."""
        numbers = self.ahead(size)[:size]
        self.use(size)
        return numbers
