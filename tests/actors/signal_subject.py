"""Processes that carry out programs, and a trace of what they did."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

from exmc.actors import (
    Call,
    CallError,
    Down,
    Exit,
    GenServer,
    NameTakenError,
    Pid,
    Ref,
    Runtime,
    VirtualClock,
    call,
    demonitor,
    link,
    monitor,
    noreply,
    register,
    reply,
    send,
    send_after,
    send_exit,
    stop_with,
    unlink,
    unregister,
    whereis,
)
from exmc.actors.clock import Turn
from exmc.actors.exit_reason import Reason
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.state import State
from exmc.actors.process.here import here
from exmc.actors.process.signals import Monitor
from exmc.actors.process.starting import spawn
from exmc.actors.server.outcome import NoReply, Stop
from exmc.actors.server.outcome import Reply as Replied
from tests.actors import signal_programs as do

Entry: TypeAlias = tuple[object, ...]
Done: TypeAlias = Stop | None


class Crashed(Exception):  # noqa: N818 (what a process does here)
    """What a Crash raises."""


@dataclass(frozen=True)
class Do:
    """A message: carry out a program."""

    number: int
    program: do.Program


@dataclass(frozen=True)
class Ask:
    """A request: carry out a program and then reply, or not."""

    number: int
    program: do.Program
    mode: do.Mode


@dataclass(eq=False)
class Coroner:
    """Notes how a process ended, each time it is told."""

    reasons: list[object]

    def down(self, reason: Reason) -> None:
        self.reasons.append(plain(reason))


def plain(reason: Reason) -> object:
    """A reason without exceptions."""
    match reason:
        case ("error", Crashed(args=(label,))):
            return ("error", label)
        case _:
            return reason


class TracedClock(VirtualClock):
    """A virtual clock that notes each timer it fires."""

    trace: list[Entry]

    def _fire_next(self) -> None:
        if not self._timers[0][2].cancelled:
            self.trace.append(("fire", self._timers[0][0]))
        super()._fire_next()


@dataclass
class World:
    """Every process of one scene, and the trace of what they did.

    Attributes:
        trace: ("handle", who, message), ("resume", who, outcome), ("terminate", who,
            reason), ("note", who, value) and ("fire", instant), in order.
        ends: The exit reasons that were told of each process; at most one each.
    """

    trace: list[Entry] = field(default_factory=list)
    pids: list[Pid] = field(default_factory=list)
    ends: list[list[object]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    refs: dict[Ref, int] = field(default_factory=dict)

    def spawn(self, *, trapping: bool, linked: bool) -> Pid:
        """Start a process that does nothing yet."""
        pid = spawn(Subject(self, trapping), link=linked)
        self.pids.append(pid)
        self.ends.append([])
        assert pid.target is not None
        pid.target.add_watcher(Coroner(self.ends[-1]))
        return pid

    def pid(self, number: int) -> Pid:
        """Who a number means."""
        return self.pids[number % len(self.pids)]

    def who(self, pid: Pid | None) -> int | None:
        """Which number a process has."""
        return None if pid is None else self.pids.index(pid)

    def do(self, program: do.Program) -> Do:
        """A message to carry out a program."""
        return Do(next(self.numbers), program)

    def named(self, message: object) -> Entry:
        """A message as it stands in the trace."""
        match message:
            case Do(number=number):
                return ("do", number)
            case Ask(number=number):
                return ("call", number)
            case Exit(pid=pid, reason=reason):
                return ("exit", self.who(pid), plain(reason))
            case Down(ref=ref, pid=pid, reason=reason):
                return ("down", self.refs[ref], self.who(pid), plain(reason))
            case _:
                raise AssertionError(message)


class Subject(GenServer):
    """Carries out what it is told to."""

    def __init__(self, world: World, trapping: bool) -> None:
        self.world = world
        self.trap_exit = trapping

    def init(self) -> None:
        self.monitors: list[Ref] = []
        self.kept: list[Call] = []

    def note(self, kind: str, value: object) -> None:
        self.world.trace.append((kind, self.world.who(self.pid), value))

    def handle_info(self, message: object, /) -> Done | Coroutine[Any, Any, Done]:
        self.note("handle", self.world.named(message))
        return self.perform(message.program if isinstance(message, Do) else ())

    def handle_call(
        self, request: Ask, caller: Call, /
    ) -> Replied | NoReply | Stop | Coroutine[Any, Any, Replied | NoReply | Stop]:
        self.note("handle", self.world.named(request))
        done = self.perform(request.program)
        if isinstance(done, Coroutine):
            return self.answer_later(request, caller, done)
        return self.answer(request, caller, done)

    def terminate(self, reason: Reason, /) -> None:
        self.note("terminate", plain(reason))

    def answer(
        self, request: Ask, caller: Call, done: Done
    ) -> Replied | NoReply | Stop:
        if done is not None:
            return done
        if request.mode == "keep":
            self.kept.append(caller)
        return reply(request.number) if request.mode == "reply" else noreply()

    async def answer_later(
        self, request: Ask, caller: Call, doing: Coroutine[Any, Any, Done]
    ) -> Replied | NoReply | Stop:
        return self.answer(request, caller, await doing)

    def perform(self, program: do.Program) -> Done | Coroutine[Any, Any, Done]:
        for index, op in enumerate(program):
            if isinstance(op, do.Call | do.Sleep):
                return self.perform_waiting(op, program[index + 1 :])
            if isinstance(op, do.StopWith):
                return stop_with(op.reason)
            self.perform_one(op)
        return None

    async def perform_waiting(self, op: do.Call | do.Sleep, rest: do.Program) -> Done:
        if isinstance(op, do.Call):
            self.note("resume", await self.ask(op))
        else:
            await (Turn() if op.seconds is None else self.clock.sleep(op.seconds))
            self.note("resume", "woke")
        done = self.perform(rest)
        return await done if isinstance(done, Coroutine) else done

    async def ask(self, op: do.Call) -> Entry:
        request = Ask(next(self.world.numbers), op.program, op.mode)
        try:
            answer = await call(self.world.pid(op.to), request, timeout=op.timeout)
        except CallError as error:
            return ("failed", plain(error.reason))
        return ("reply", answer)

    @property
    def clock(self) -> VirtualClock:
        clock = here().kernel.clock
        assert isinstance(clock, VirtualClock)
        return clock

    def perform_one(self, op: do.Op) -> None:
        match op:
            case do.Spawn() | do.Send() | do.SendNamed() | do.SendAfter():
                self.perform_sending(op)
            case do.Link() | do.Unlink() | do.Monitor() | do.Demonitor():
                self.perform_tying(op)
            case do.Register() | do.Unregister() | do.Whereis():
                self.perform_naming(op)
            case do.Trap(on=on):
                self.trap_exit = on
            case do.Reply():
                for caller in self.kept[:1]:
                    caller.reply("late")
            case _:
                self.perform_ending(op)

    def perform_ending(self, op: do.Op) -> None:
        match op:
            case do.SendExit(to=to, reason=reason):
                send_exit(self.world.pid(to), reason)
            case do.ExitSelf(reason=reason):
                send_exit(self.pid, reason)
            case do.Crash(label=label):
                raise Crashed(label)
            case _:
                raise AssertionError(op)

    def perform_sending(
        self, op: do.Spawn | do.Send | do.SendNamed | do.SendAfter
    ) -> None:
        world = self.world
        message = world.do(op.program)
        match op:
            case do.Spawn(trapping=trapping, linked=linked):
                send(world.spawn(trapping=trapping, linked=linked), message)
            case do.Send(to=to):
                send(world.pid(to), message)
            case do.SendNamed(name=name):
                send(name, message)
            case do.SendAfter(seconds=seconds, to=to):
                send_after(seconds, world.pid(to), message)

    def perform_tying(
        self, op: do.Link | do.Unlink | do.Monitor | do.Demonitor
    ) -> None:
        match op:
            case do.Link(to=to):
                link(self.world.pid(to))
            case do.Unlink(to=to, flush=flush):
                unlink(self.world.pid(to), flush=flush)
            case do.Monitor(to=to):
                ref = monitor(self.world.pid(to))
                self.world.refs[ref] = next(self.world.numbers)
                self.monitors.append(ref)
            case do.Demonitor(which=which, flush=flush) if self.monitors:
                demonitor(self.monitors[which % len(self.monitors)], flush=flush)
            case _:
                pass

    def perform_naming(self, op: do.Register | do.Unregister | do.Whereis) -> None:
        match op:
            case do.Register(name=name):
                try:
                    register(name)
                except NameTakenError:
                    self.note("note", "taken")
            case do.Unregister():
                unregister()
            case do.Whereis(name=name):
                self.note("note", self.world.who(whereis(name)))


@dataclass(frozen=True)
class Observed:
    """What can be seen of one process when nothing moves any more."""

    ends: list[object]
    links: set[int | None]
    monitored: int
    unread: int
    waiting: bool
    name: str | None


def observe(world: World) -> list[Observed]:
    """Look at every process that there ever was."""
    return [
        Observed(ends, **look(world, pid.target))
        for pid, ends in zip(world.pids, world.ends, strict=True)
    ]


def look(world: World, block: object) -> dict[str, Any]:
    """Look at one process."""
    if not isinstance(block, ControlBlock):
        return {"links": set(), "monitored": 0, "unread": 0, "waiting": False} | {
            "name": None
        }
    return {
        "links": {world.who(pid) for pid in block.links},
        "monitored": sum(isinstance(w, Monitor) for w in block.watchers),
        "unread": len(block.mailbox),
        "waiting": block.state is State.SUSPENDED,
        "name": block.name,
    }


async def live(rt: Runtime, scene: do.Scene) -> World:
    """Let the processes of a scene do what they are to, until nothing moves."""
    world = World()
    clock = rt.clock
    assert isinstance(clock, TracedClock)
    clock.trace = world.trace
    for actor in scene.actors:
        world.spawn(trapping=actor.trapping, linked=False)
    for pid, actor in zip(tuple(world.pids), scene.actors, strict=True):
        send(pid, world.do(actor.program))
    await clock.advance(1000.0)
    return world
