"""What every side is asked to do, and how it says what that cost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final, TypeAlias

cpu = time.process_time
"""CPU seconds of this process so far, all its threads included."""

BATCH: Final = 1000
"""Messages after which a sender gives the event loop a turn."""

TIMEOUT: Final = 5.0

Run: TypeAlias = Callable[[int], Awaitable[float]]
"""Does so many units of work, and returns the CPU seconds they took."""

Workload: TypeAlias = Callable[[int], AbstractAsyncContextManager[Run]]
"""Sets so many processes up, and takes them down."""


@dataclass(frozen=True, eq=False)
class Side:
    """One way to have processes that send messages.

    Attributes:
        name: As its users call it.
        most: Processes that it is asked for at once.
        opened: What its processes live in.
        workloads: What it can do, by name.
        idle: Starts processes and returns what keeps them.
    """

    name: str
    most: int
    opened: Callable[[], AbstractAsyncContextManager[None]]
    workloads: dict[str, Workload]
    idle: Callable[[int], Awaitable[object]]


class Finish:
    """Known to the workers; done when so many of them have finished."""

    def __init__(self) -> None:
        self.left = 0
        self.done: asyncio.Future[None] | None = None

    def expect(self, number: int = 1) -> asyncio.Future[None]:
        """Begin to count."""
        self.left = number
        self.done = asyncio.get_running_loop().create_future()
        return self.done

    def one(self) -> None:
        """One has finished."""
        self.left -= 1
        if not self.left and self.done is not None:
            self.done.set_result(None)
