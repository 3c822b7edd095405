"""Programs of processes that do things to each other, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from hypothesis import strategies as some

Reason: TypeAlias = str | tuple[str, int]
Mode: TypeAlias = Literal["reply", "never", "keep"]

# A process is named by a number: the n-th that was ever spawned, n taken modulo how
# many there are by then, so that every number means somebody, alive or dead.


@dataclass(frozen=True)
class Spawn:
    """Start a process, which is sent the program."""

    program: Program
    trapping: bool
    linked: bool


@dataclass(frozen=True)
class Send:
    """Send a program, for the receiver to carry out."""

    to: int
    program: Program


@dataclass(frozen=True)
class SendNamed:
    """Send a program to whoever bears a name now."""

    name: str
    program: Program


@dataclass(frozen=True)
class SendAfter:
    """Send a program when some seconds are over."""

    seconds: float
    to: int
    program: Program


@dataclass(frozen=True)
class Call:
    """Call, and wait; the receiver carries out the program before it replies.

    Attributes:
        mode: It replies, never does, or keeps the caller for a later Reply.
    """

    to: int
    program: Program
    mode: Mode
    timeout: float | None


@dataclass(frozen=True)
class Reply:
    """Reply to the call that was kept first; it stays kept."""


@dataclass(frozen=True)
class Link:
    to: int


@dataclass(frozen=True)
class Unlink:
    to: int
    flush: bool


@dataclass(frozen=True)
class Monitor:
    to: int


@dataclass(frozen=True)
class Demonitor:
    """Take back the n-th monitor that this process has ever set."""

    which: int
    flush: bool


@dataclass(frozen=True)
class SendExit:
    to: int
    reason: Reason


@dataclass(frozen=True)
class ExitSelf:
    reason: Reason


@dataclass(frozen=True)
class Crash:
    label: int


@dataclass(frozen=True)
class StopWith:
    reason: Reason


@dataclass(frozen=True)
class Trap:
    on: bool


@dataclass(frozen=True)
class Register:
    name: str


@dataclass(frozen=True)
class Unregister:
    pass


@dataclass(frozen=True)
class Whereis:
    name: str


@dataclass(frozen=True)
class Sleep:
    """Wait; None for one turn of the loop."""

    seconds: float | None


Op: TypeAlias = (
    Spawn
    | Send
    | SendNamed
    | SendAfter
    | Call
    | Reply
    | Link
    | Unlink
    | Monitor
    | Demonitor
    | SendExit
    | ExitSelf
    | Crash
    | StopWith
    | Trap
    | Register
    | Unregister
    | Whereis
    | Sleep
)
Program: TypeAlias = tuple[Op, ...]

SLOTS = some.integers(0, 5)
SECONDS = some.sampled_from([0.0, 1.0, 2.0, 3.0])
NAMES = some.sampled_from(["a", "b"])
REASONS: some.SearchStrategy[Reason] = some.sampled_from(
    ["normal", "kill", "shutdown", "bad", "killed", ("shutdown", 1)]
)


CALM: some.SearchStrategy[Op] = some.one_of(
    some.builds(Link, SLOTS),
    some.builds(Monitor, SLOTS),
    some.builds(Sleep, some.none() | SECONDS),
    some.builds(Trap, some.booleans()),
    some.builds(Unlink, SLOTS, some.booleans()),
    some.builds(Demonitor, some.integers(0, 2), some.booleans()),
    some.builds(Register, NAMES),
    some.builds(Unregister),
    some.builds(Whereis, NAMES),
    some.builds(Reply),
    some.builds(SendExit, SLOTS, REASONS),
)
FATAL: some.SearchStrategy[Op] = some.one_of(
    some.builds(SendExit, SLOTS, REASONS),
    some.builds(Crash, some.integers(0, 9)),
    some.builds(StopWith, REASONS),
    some.builds(ExitSelf, REASONS),
)


def sending(inner: some.SearchStrategy[Program]) -> some.SearchStrategy[Op]:
    """What a process does with another program."""
    modes = some.sampled_from(["reply", "reply", "never", "keep"])
    return some.one_of(
        some.builds(Send, SLOTS, inner),
        some.builds(Spawn, inner, some.booleans(), some.booleans()),
        some.builds(Call, SLOTS, inner, modes, some.none() | SECONDS),
        some.builds(SendNamed, NAMES, inner),
        some.builds(SendAfter, SECONDS, SLOTS, inner),
    )


def ending_or_not(ops: list[Op], last: Op | None) -> Program:
    """A program that comes to a bad end, or to none."""
    return tuple(ops) if last is None else (*ops, last)


def programs(depth: int) -> some.SearchStrategy[Program]:
    """Programs that hold programs, so many deep."""
    ops = CALM
    if depth:
        others = sending(programs(depth - 1))
        ops = some.one_of(others, others, CALM)
    listed = some.lists(ops, min_size=2 * depth, max_size=4 + 4 * depth)
    return some.builds(ending_or_not, listed, some.none() | FATAL)


@dataclass(frozen=True)
class Actor:
    """One of the processes that are there at first, and what it is to do."""

    trapping: bool
    program: Program


@dataclass(frozen=True)
class Scene:
    """A few processes, and a seed for the order in which they run."""

    actors: tuple[Actor, ...]
    seed: int


ACTORS = some.lists(
    some.builds(Actor, some.booleans(), programs(2)), min_size=2, max_size=4
).map(tuple)

SCENES = some.builds(Scene, ACTORS, some.integers(0, 1000))
