"""Work that gives rise to more work of its kind, without growing the stack."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Trampoline:
    """Runs steps one after another; a step started inside a step comes after it."""

    def __init__(self) -> None:
        self._steps: deque[Callable[[], None]] = deque()
        self._running = False

    def run(self, step: Callable[[], None]) -> None:
        """Run a step now, or after the one that is running."""
        self._steps.append(step)
        if self._running:
            return
        self._running = True
        try:
            while self._steps:
                self._steps.popleft()()
        finally:
            self._running = False
