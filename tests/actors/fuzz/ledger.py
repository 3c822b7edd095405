"""What was sent, set and asked in a storm, so that afterwards every account closes.

Nothing here knows the runtime but by its pids; a fault is a text under a heading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from exmc.actors import Pid, Reason, Ref

KEPT = 5
"""Faults of each kind whose text is kept."""


class Crash(Exception):  # noqa: N818 (what a process does here)
    """What a process raises that is meant to."""


def plain(reason: Reason) -> object:
    """A reason without exceptions, which would keep frames alive."""
    match reason:
        case ("error", Crash(args=(label,))):
            return ("error", label)
        case ("error", error):
            return ("error", repr(error))
        case _:
            return reason


class Channel:
    """Messages of one lane from one process to another, numbered from 0.

    Attributes:
        sender, to: The processes.
        slot: Where in the population the receiver stands.
        lane: What a selective receiver chooses by; the order is kept in each.
        sent: How many were sent while the receiver lived.
        handled: How many it has handled.
        next: One more than the highest number it has handled.
        postponed: How many it has put off.
        unread: How many lay in its mailbox when it ended.
    """

    __slots__ = (
        "handled",
        "lane",
        "next",
        "postponed",
        "sender",
        "sent",
        "slot",
        "to",
        "unread",
    )

    def __init__(self, sender: Pid, to: Pid, slot: int, lane: int) -> None:
        self.sender = sender
        self.to = to
        self.slot = slot
        self.lane = lane
        self.sent = self.handled = self.next = 0
        self.postponed = self.unread = 0


class Numbered:
    """A message of a channel.

    Attributes:
        hops: How often it is to be passed on.
        seen: It was handled.
        waiting: It was put off.
    """

    __slots__ = ("channel", "hops", "number", "seen", "waiting")

    def __init__(self, channel: Channel, number: int, hops: int) -> None:
        self.channel = channel
        self.number = number
        self.hops = hops
        self.seen = self.waiting = False


@dataclass(slots=True, eq=False)
class Life:
    """One process, from its first moment to its last."""

    pid: Pid
    kind: str
    slot: int | None = None
    trapping: bool = False
    in_order: bool = True
    ends: list[object] = field(default_factory=list)

    @property
    def end(self) -> object:
        """How it ended; None if it has not."""
        return self.ends[0] if self.ends else None


@dataclass(slots=True, eq=False)
class Watch:
    """A monitor. `may_come`: its Down was on its way when it was taken back."""

    owner: Pid
    to: Pid
    was_dead: bool
    downs: int = 0
    taken_back: bool = False
    may_come: bool = False


@dataclass(slots=True, eq=False)
class Bond:
    """A link. `may_come`: an Exit was on its way when it was cut."""

    ends: tuple[Pid, Pid]
    exits: int = 0
    cut: bool = False
    may_come: bool = False


@dataclass(slots=True, eq=False)
class Signal:
    """An exit signal sent by hand."""

    sender: Pid
    to: Pid
    was_alive: bool
    received: int = 0


@dataclass(slots=True, eq=False)
class Rung:
    """A message to come later. `left`: seconds that were left when it was cancelled."""

    to: Pid
    due: float
    received: int = 0
    cancelled: bool = False


@dataclass(slots=True, eq=False)
class Asked:
    """A call.

    Attributes:
        deadline: When the caller gives up; None for never.
        taken: How often a server was given it.
        answered: It was answered while the caller waited.
        ends: How it ended: "reply", "timeout", "down" or "left" by a caller that died.
    """

    number: int
    caller: Pid
    to: Pid
    deadline: float | None
    taken: int = 0
    answered: bool = False
    ends: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Ledger:
    """All accounts of one storm.

    Attributes:
        handled: Numbered messages that were handled.
        deaths: Processes of the population that have ended.
        to_the_dead: Numbered messages that were sent to the dead.
        inside: Handlers and tasks begun and not yet left.
        counts: What else happened, how often.
        faults: How many of each kind.
        texts: The first of them.
    """

    handled: int = 0
    deaths: int = 0
    to_the_dead: int = 0
    inside: int = 0
    channels: list[Channel] = field(default_factory=list)
    between: dict[tuple[Pid, Pid], list[Channel]] = field(default_factory=dict)
    lives: dict[Pid, Life] = field(default_factory=dict)
    watches: dict[Ref, Watch] = field(default_factory=dict)
    bonds: dict[frozenset[Pid], Bond] = field(default_factory=dict)
    signals: list[Signal] = field(default_factory=list)
    rungs: list[Rung] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)

    def fault(self, kind: str, text: object, times: int = 1) -> None:
        """Note that something is wrong."""
        if self.faults[kind] < KEPT:
            self.texts.append(f"{kind}: {text}")
        self.faults[kind] += times

    def open(self, sender: Pid, to: Pid, slot: int, lane: int) -> Channel:
        """Begin to number messages from one process to another."""
        channel = Channel(sender, to, slot, lane)
        self.channels.append(channel)
        self.between.setdefault((sender, to), []).append(channel)
        return channel

    def hear(self, message: Numbered, me: Pid) -> None:
        """Note that a process handles a message."""
        channel, number = message.channel, message.number
        self.handled += 1
        channel.handled += 1
        if message.seen or number < channel.next or channel.to is not me:
            kind = "duplicated" if message.seen else "out of order"
            self.fault(kind, f"{number} of {channel.sender} at {me}, {channel.next=}")
        message.seen = True
        channel.next = number + 1

    @contextmanager
    def within(self, what: str) -> Generator[None, None, None]:
        """Count a handler that waits; it must be left, whatever happens."""
        self.counts[what] += 1
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1

    # What the runtime tells of ends

    def heard_of_end(self, dead: Pid | None, me: Pid) -> None:
        """Check that a process has had all that another sent it before its end."""
        if dead is None or not self.lives[me].in_order:
            return
        for channel in self.between.get((dead, me), ()):
            if channel.sent > channel.handled + channel.postponed:
                self.fault("out of order", f"end of {dead} before its message at {me}")

    def down(self, ref: Ref, pid: Pid | None, reason: Reason, me: Pid) -> None:
        """Note a Down."""
        self.counts["downs"] += 1
        watch = self.watches[ref]
        watch.downs += 1
        told = plain(reason)
        true = "noproc" if watch.was_dead else self.lives[watch.to].end
        if (
            watch.downs > 1
            or (watch.taken_back and not watch.may_come)
            or (watch.owner, watch.to, true) != (me, pid, told)
        ):
            self.fault("wrong downs", f"{told} for {watch}, ended {true}")
        self.heard_of_end(pid, me)

    def exit(self, pid: Pid, reason: Reason, me: Pid, *, order: bool) -> None:
        """Note an Exit that was trapped, or an order of who may stop the process."""
        self.counts["exits trapped"] += 1
        signal = self.signal_of(reason)
        if signal is not None and signal.sender is pid and signal.to is me:
            signal.received += 1
            if signal.received > 1:
                self.fault("wrong exits", f"twice: {signal}")
            return
        bond = self.bonds.get(frozenset((pid, me)))
        if bond is None and order:
            return
        if bond is None:
            self.fault("wrong exits", f"{reason} of {pid} at {me}, never linked")
            return
        bond.exits += 1
        true = self.lives[pid].end
        if bond.exits > 1 or (bond.cut and not bond.may_come) or true != plain(reason):
            self.fault("wrong exits", f"{plain(reason)} for {bond}, ended {true}")
        self.heard_of_end(pid, me)

    def signal_of(self, reason: Reason) -> Signal | None:
        """The signal that was sent by hand with this reason, if one was."""
        match reason:
            case ("asked", int() as number):
                return self.signals[number]
            case _:
                return None

    def unread(self, messages: Generator[object, None, None]) -> None:
        """Note what lay in the mailbox of a process that ended."""
        for message in messages:
            if isinstance(message, Numbered):
                message.channel.unread += 1

    def close(self) -> None:
        """Keep the figures, and nothing of the processes."""
        self.counts["links"] = len(self.bonds)
        self.counts["monitors"] = len(self.watches)
        self.counts["signals by hand"] = len(self.signals)
        self.counts["timers"] = len(self.rungs)
        self.counts["channels"] = len(self.channels)
        for accounts in (self.channels, self.signals, self.rungs, self.asked):
            accounts.clear()
        for table in (self.between, self.lives, self.watches, self.bonds):
            table.clear()
