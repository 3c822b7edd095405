"""What can be chosen about a stream of tasks."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypedDict
from typing import get_args as arguments_of

from exmc.actors.errors import BadTaskOptionError

if TYPE_CHECKING:
    from exmc.actors.process.here import Address

StreamTimeout: TypeAlias = Literal["exit", "kill_task"]

STREAM_TIMEOUTS: Final = arguments_of(StreamTimeout)


class StreamOptions(TypedDict, total=False):
    """The keyword arguments of async_stream; see StreamPlan for what they mean."""

    max_concurrency: int
    ordered: bool
    timeout: float | None
    on_timeout: StreamTimeout
    zip_input_on_exit: bool
    supervisor: Address | None


def processors() -> int:
    """Return how many processors there are; 1 if nobody knows."""
    return os.cpu_count() or 1


@dataclass(frozen=True)
class StreamPlan:
    """How the tasks of one stream are run. The names are Elixir's.

    Attributes:
        max_concurrency: How many items may be taken whose results were not given
            out yet; so many tasks run at most. By default the number of processors
            (Elixir: of schedulers).
        ordered: Give results out in the order of their items, else as they come.
        timeout: Seconds that each task may take; None for as long as it likes.
        on_timeout: What a task that takes longer means: "exit" raises
            TaskTimeoutError in the consumer, "kill_task" makes Exited("timeout") of
            this one item.
        zip_input_on_exit: Give Exited((item, reason)) in place of Exited(reason).
        supervisor: A TaskSupervisor that starts the tasks; None starts them here.
        linked: The crash of a task ends the consumer too, unless it traps exits.
    """

    max_concurrency: int = field(default_factory=processors)
    ordered: bool = True
    timeout: float | None = 5.0
    on_timeout: StreamTimeout = "exit"
    zip_input_on_exit: bool = False
    supervisor: Address | None = None
    linked: bool = True

    def __post_init__(self) -> None:
        most: object = self.max_concurrency
        if not isinstance(most, int) or most < 1:
            got = f"max_concurrency must be an int >= 1, got {most!r}."
            raise BadTaskOptionError(got)
        if self.timeout is not None and self.timeout < 0:
            got = f"timeout must be seconds >= 0 or None, got {self.timeout!r}."
            raise BadTaskOptionError(got)
        if self.on_timeout not in STREAM_TIMEOUTS:
            message = f"on_timeout must be one of {STREAM_TIMEOUTS}"
            raise BadTaskOptionError(f"{message}, got {self.on_timeout!r}.")


def stream_plan(options: StreamOptions, *, linked: bool) -> StreamPlan:
    """Return the plan that the keyword arguments of a caller make.

    Raises:
        BadTaskOptionError: An option is unknown or out of its domain.
    """
    known = tuple(StreamOptions.__annotations__)
    for option in options:
        if option not in known:
            message = f"A stream has no option {option!r}; there are "
            raise BadTaskOptionError(f"{message}{', '.join(known)}.")
    return StreamPlan(**options, linked=linked)
