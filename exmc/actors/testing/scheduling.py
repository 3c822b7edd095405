"""Orders in which ready processes may run, other than the order they got ready in.

Messages of one sender keep their order whichever process is run next, so what a
program promises must hold under each of them.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exmc.actors.kernel.carrier import Runnable

BUDGETS: Final = (1, 1, 2, 3, 200)
"""Messages that a process may handle in one turn; the small ones mix more."""


class RandomOrder:
    """The ready processes of one runtime, of which any may be the next to run.

    The same seed gives the same order to the same program on any machine.

    Args:
        seed: Chooses the order.

    Attributes:
        seed: The same.
        budget: Messages that one process may handle before another has its turn.
        between: Called between two turns, if set; it must not raise.
    """

    __slots__ = ("_choose", "_ready", "between", "budget", "seed")

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._choose = random.Random(seed)  # noqa: S311 (no secret)
        self._ready: list[Runnable] = []
        self.budget: int = self._choose.choice(BUDGETS)
        self.between: Callable[[], object] | None = None

    def append(self, process: Runnable, /) -> None:
        """Add a process that is ready. O(1)."""
        self._ready.append(process)

    def popleft(self) -> Runnable:
        """Remove and return any of those that are ready. O(1).

        Raises:
            IndexError: None is.
        """
        if self.between is not None:
            self.between()
        ready = self._ready
        if ready:
            chosen = self._choose.randrange(len(ready))
            ready[chosen], ready[-1] = ready[-1], ready[chosen]
        return ready.pop()

    def __len__(self) -> int:
        return len(self._ready)

    def __iter__(self) -> Iterator[Runnable]:
        return iter(tuple(self._ready))

    def __repr__(self) -> str:
        return f"RandomOrder({self.seed})"
