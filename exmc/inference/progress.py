"""What a person sees while chains run: one line a chain.

A terminal with rich gets lines that move; everything else gets a plain line for
each quarter of a chain; `progress=False` gets nothing. All of it goes to stderr:
stdout belongs to the result.
"""

from __future__ import annotations

from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Protocol

from exmc.run import ChainPhase, ChainStatus, Status

if TYPE_CHECKING:
    from collections.abc import Mapping


class Progress(Protocol):
    """Shows how far a run has come."""

    def show(self, status: Status) -> None:
        """Show this status; called some times a second."""
        ...

    def close(self) -> None:
        """Leave the last state visible and give the terminal back."""
        ...


def progress_on(stream: IO[str] | None, *, wanted: bool) -> Progress:
    """Choose the display that fits the stream."""
    if not wanted or stream is None or stream.closed:
        return Silent()
    if stream.isatty():
        try:
            return Forgiving(Moving(stream))
        except ImportError:
            return Forgiving(Plain(stream))
    return Forgiving(Plain(stream))


def say_on(stream: IO[str] | None, text: str) -> None:
    """Write, if there is anybody to read it."""
    # ValueError: it is closed, or its encoding lacks a character.
    if stream is not None:
        with suppress(OSError, ValueError):
            stream.write(text)
            stream.flush()


def describe(index: int, chain: ChainStatus, status: Status) -> str:
    """Say in one line what a chain does."""
    parts = [f"chain {index}", f"{chain.phase.value:<8}", _made(chain, status)]
    if chain.draws_per_second:
        parts.append(f"{chain.draws_per_second:7.0f}/s")
    parts.append(f"{chain.divergences} divergent")
    if chain.step_size is not None:
        parts.append(f"step {chain.step_size:.3g}")
    if chain.tree_depth is not None:
        parts.append(f"depth {chain.tree_depth:.1f}")
    if chain.restarts:
        parts.append(f"restarted {chain.restarts}x ({chain.last_error})")
    return "  ".join(parts)


def _made(chain: ChainStatus, status: Status) -> str:
    made, asked = chain.draws, status.draws
    if chain.phase in (ChainPhase.STARTING, ChainPhase.TUNE):
        made, asked = chain.tuned, status.tune
    return f"{made:>5}/{asked}"


class Silent:
    """Shows nothing."""

    def show(self, status: Status) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing to give back."""


class Forgiving:
    """Shows what another display shows, until nobody reads it any more.

    A run of hours must not fail because its terminal was closed.

    Args:
        display: The other display.
    """

    def __init__(self, display: Progress) -> None:
        self.display = display

    def show(self, status: Status) -> None:
        """Show it, or from now on nothing."""
        try:
            self.display.show(status)
        except (OSError, ValueError):
            self.display = Silent()

    def close(self) -> None:
        """Give the terminal back, if it is still there."""
        with suppress(OSError, ValueError):
            self.display.close()


class Plain:
    """A line whenever a chain has come another quarter of its way.

    Args:
        stream: Where the lines go.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._seen: dict[int, tuple[ChainPhase, int, int]] = {}

    def show(self, status: Status) -> None:
        """Print the chains that have come further."""
        for index, chain in enumerate(status.chains):
            quarter = 4 * chain.draws // max(status.draws, 1)
            mark = (chain.phase, quarter, chain.restarts)
            new = self._seen.get(index, (ChainPhase.STARTING, 0, 0)) != mark
            if new:
                self._seen[index] = mark
                self._stream.write(describe(index, chain, status) + "\n")
                self._stream.flush()

    def close(self) -> None:
        """Nothing to give back."""


class Moving:
    """One bar a chain, redrawn in place by rich.

    Args:
        stream: A terminal.

    Raises:
        ImportError: rich is not installed.
    """

    def __init__(self, stream: IO[str]) -> None:
        from rich.console import Console  # noqa: PLC0415 - an extra
        from rich.progress import (  # noqa: PLC0415 - an extra
            BarColumn,
            Progress,
            TextColumn,
        )

        self._bars = Progress(
            BarColumn(bar_width=24),
            TextColumn("{task.description}"),
            console=Console(file=stream, force_jupyter=False),
        )
        self._tasks: Mapping[int, Any] = {}

    def show(self, status: Status) -> None:
        """Redraw each chain's bar."""
        if not self._tasks:
            total = status.tune + status.draws
            self._tasks = {
                i: self._bars.add_task("", total=total)
                for i in range(len(status.chains))
            }
            self._bars.start()
        for index, chain in enumerate(status.chains):
            self._bars.update(
                self._tasks[index],
                completed=chain.tuned + chain.draws,
                description=describe(index, chain, status).replace("[", r"\["),
            )

    def close(self) -> None:
        """Leave the bars where they are."""
        if self._tasks:
            self._bars.stop()
