"""Looking at a runtime's invariants again and again while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exmc.actors.runtime.invariants import broken_invariants

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exmc.actors.kernel.carrier import Line, Runnable
    from exmc.actors.kernel.kernel import Kernel


class InvariantWatch:
    """Remembers the first moment at which an invariant did not hold.

    What looks is the runtime itself, in the middle of its work: so nothing is raised
    there, but by `check`, where it is heard.

    Args:
        kernel: Of the runtime.

    Attributes:
        broken: What did not hold; empty so far.
        looks: How often it was looked.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.broken: tuple[str, ...] = ()
        self.looks = 0
        self._kernel = kernel

    def look(self) -> None:
        """Look now, between two turns. O(processes, links and monitors)."""
        self.looks += 1
        if not self.broken:
            self.broken = broken_invariants(self._kernel)

    def check(self) -> None:
        """Tell what was found.

        Raises:
            AssertionError: An invariant was broken at some moment.
        """
        if self.broken:
            found = "; ".join(self.broken)
            raise AssertionError(f"The runtime was broken for a while: {found}.")


class WatchedLine:
    """A line of ready processes in which somebody looks before each turn.

    Args:
        line: The line.

    Attributes:
        between: Called before each turn.
    """

    __slots__ = ("_line", "between", "budget")

    def __init__(self, line: Line) -> None:
        self._line = line
        self.budget = line.budget
        self.between: Callable[[], object] = list

    def append(self, process: Runnable, /) -> None:
        """Let a process stand in line."""
        self._line.append(process)

    def popleft(self) -> Runnable:
        """Take the one whose turn it is."""
        self.between()
        return self._line.popleft()

    def __len__(self) -> int:
        return len(self._line)

    def __iter__(self) -> Iterator[Runnable]:
        return iter(self._line)
