"""Erlang's rules of signals, written down as plainly as possible.

The model is told, one after another, which process handled which message and which
timer fired, and says whether that may have happened and what else must have. Signals
arrive at once, which is one of the delays that Erlang allows; of the messages in a
mailbox only those of one sender have an order, and what a death sends to a process
comes after whatever the dead had sent to it before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.actors import signal_programs as do
from tests.actors.signal_subject import Entry, Observed

UNDECIDED = "undecided"


@dataclass
class Letter:
    """A message in a mailbox.

    Attributes:
        last: It was sent by the sender's death.
    """

    sender: object
    message: Entry
    program: do.Program = ()
    mode: do.Mode = "never"
    last: bool = False


@dataclass
class Waiting:
    """A process waits: what for, and what it does then."""

    rest: do.Program
    handling: Letter
    outcome: object = UNDECIDED
    call: int | None = None
    target: int | None = None


@dataclass
class Process:
    number: int
    trapping: bool
    parent: int | None
    mailbox: list[Letter] = field(default_factory=list)
    links: set[int] = field(default_factory=set)
    monitors: dict[int, int] = field(default_factory=dict)
    ever_monitored: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    name: str | None = None
    waiting: Waiting | None = None
    ending: object = None
    alive: bool = True


@dataclass
class Timer:
    due: float
    owner: int | None
    waiting: Waiting | None = None
    letter: Letter | None = None
    to: int | None = None


class Ends(Exception):  # noqa: N818 (no error)
    """The running process ends for a reason, after its terminate or without it."""


class Model:
    """All processes of a scene."""

    def __init__(self, scene: do.Scene) -> None:
        self.now = 0.0
        self.numbers = 0
        self.running: Process | None = None
        self.timers: list[Timer] = []
        self.processes: list[Process] = []
        for actor in scene.actors:
            self.processes.append(Process(len(self.processes), actor.trapping, None))
        for process, actor in zip(self.processes, scene.actors, strict=True):
            self.send("root", process.number, actor.program)

    # What has happened

    def replay(self, trace: list[Entry]) -> None:
        self.trace: Iterator[Entry] = iter(trace)
        for entry in self.trace:
            match entry:
                case ("handle", int(who), tuple(message)):
                    self.handled(self.processes[who], message)
                case ("terminate", int(who), reason):
                    self.obeyed(self.processes[who], reason)
                case ("resume", int(who), outcome):
                    self.resumed(self.processes[who], outcome)
                case ("fire", float(due)):
                    self.fired(due)
                case _:
                    raise AssertionError(f"{entry} came from nowhere")

    def expect(self, kind: str, process: Process, value: object) -> None:
        expected = (kind, process.number, value)
        found = next(self.trace, None)
        assert found == expected, f"{expected} should follow, not {found}"

    def handled(self, process: Process, message: Entry) -> None:
        letter = self.taken(process, message)
        assert message[:2] != ("exit", process.parent), "a parent's exit is no message"
        self.carry_out(process, letter.program, letter)

    def obeyed(self, process: Process, reason: object) -> None:
        self.taken(process, ("exit", process.parent, reason))
        self.doom(process, reason)

    def taken(self, process: Process, message: Entry) -> Letter:
        assert process.alive, f"the dead {process.number} handled {message}"
        assert process.waiting is None, f"{process.number} handled {message}, waiting"
        for letter in process.mailbox:
            if letter.message == message:
                self.assert_first(letter, process.mailbox)
                process.mailbox.remove(letter)
                return letter
        raise AssertionError(f"{process.number} never received {message}")

    def assert_first(self, letter: Letter, mailbox: list[Letter]) -> None:
        for other in mailbox:
            if other is letter:
                return
            overtaken = other.sender == letter.sender and not other.last
            assert not overtaken, f"{letter} overtook {other}"

    def resumed(self, process: Process, outcome: object) -> None:
        waiting = process.waiting
        assert process.alive, f"the dead {process.number} goes on"
        assert waiting is not None, f"{process.number} did not wait"
        assert waiting.outcome == outcome, f"{waiting} ended with {outcome}"
        process.waiting = None
        self.timers = [t for t in self.timers if t.waiting is not waiting]
        self.carry_out(process, waiting.rest, waiting.handling)

    def fired(self, due: float) -> None:
        timer = min(self.timers, key=lambda t: t.due, default=None)
        assert timer is not None, f"a timer fired at {due}, and there is none"
        assert timer.due == due, f"{timer} fired at {due}"
        self.now = due
        self.timers.remove(timer)
        if timer.waiting is not None and timer.waiting.outcome == UNDECIDED:
            is_call = timer.waiting.call is not None
            timer.waiting.outcome = ("failed", "timeout") if is_call else "woke"
        if timer.letter is not None and timer.to is not None:
            self.put(timer.to, timer.letter)

    # What a process does

    def carry_out(
        self, process: Process, program: do.Program, handling: Letter
    ) -> None:
        self.running = process
        try:
            self.carry_on(process, program, handling)
        except Ends as end:
            reason, terminate = end.args
            # Who was ended meanwhile by a signal has no last word.
            if terminate and process.ending is None:
                self.expect("terminate", process, reason)
            process.ending = process.ending or reason
        self.running = None
        if process.ending is not None:
            self.bury(process)

    def carry_on(self, process: Process, program: do.Program, letter: Letter) -> None:
        for index, op in enumerate(program):
            if isinstance(op, do.Call | do.Sleep):
                rest = program[index + 1 :]
                if self.waits(process, op, Waiting(rest, letter)):
                    return
            else:
                getattr(self, f"do_{type(op).__name__.lower()}")(process, op)
        if letter.mode == "reply":
            self.reply(letter.message[1], letter.message[1])
        if letter.mode == "keep":
            process.kept.append(letter.message[1])  # type: ignore[arg-type]

    def waits(self, process: Process, op: do.Call | do.Sleep, waiting: Waiting) -> bool:
        """Begin to wait, unless it is over already."""
        if isinstance(op, do.Call):
            seconds = op.timeout
            number, to = self.number(), self.whom(op.to)
            if to is process or not to.alive:
                reason = "calling_self" if to.alive else "noproc"
                self.expect("resume", process, ("failed", reason))
                return False
            waiting.call, waiting.target = number, to.number
            letter = Letter(process.number, ("call", number), op.program, op.mode)
            to.mailbox.append(letter)
        else:
            seconds = op.seconds
            waiting.outcome = "woke" if seconds is None else UNDECIDED
        if seconds is not None:
            due = self.now + seconds
            self.timers.append(Timer(due, process.number, waiting))
        process.waiting = waiting
        return True

    def do_spawn(self, process: Process, op: do.Spawn) -> None:
        number = len(self.processes)
        parent = process.number if op.linked else None
        self.processes.append(Process(number, op.trapping, parent))
        if op.linked:
            self.link(process, self.processes[number])
        self.send(process.number, number, op.program)

    def do_send(self, process: Process, op: do.Send) -> None:
        self.send(process.number, self.whom(op.to).number, op.program)

    def do_sendnamed(self, process: Process, op: do.SendNamed) -> None:
        bearer = self.bearer(op.name)
        if bearer is None:
            self.number()
        else:
            self.send(process.number, bearer.number, op.program)

    def do_sendafter(self, _: Process, op: do.SendAfter) -> None:
        to, timer = self.whom(op.to), Timer(self.now + op.seconds, None)
        timer.letter = Letter(id(timer), ("do", self.number()), op.program)
        timer.to, timer.owner = to.number, to.number
        if to.alive:
            self.timers.append(timer)

    def do_reply(self, process: Process, _: do.Reply) -> None:
        if process.kept:
            self.reply(process.kept[0], "late")

    def do_link(self, process: Process, op: do.Link) -> None:
        to = self.whom(op.to)
        if to is process:
            return
        if to.alive:
            self.link(process, to)
        else:
            self.signal(process, to.number, "noproc", linked=True)

    def do_unlink(self, process: Process, op: do.Unlink) -> None:
        to = self.whom(op.to)
        process.links.discard(to.number)
        to.links.discard(process.number)
        if op.flush:
            self.drop(process, lambda m: m[:2] == ("exit", to.number))

    def do_monitor(self, process: Process, op: do.Monitor) -> None:
        to, number = self.whom(op.to), self.number()
        process.ever_monitored.append(number)
        if to.alive:
            process.monitors[number] = to.number
        else:
            self.down(process, number, to, "noproc")

    def do_demonitor(self, process: Process, op: do.Demonitor) -> None:
        ever = process.ever_monitored
        if ever:
            number = ever[op.which % len(ever)]
            process.monitors.pop(number, None)
            if op.flush:
                self.drop(process, lambda m: m[:2] == ("down", number))

    def do_sendexit(self, process: Process, op: do.SendExit) -> None:
        to = self.whom(op.to)
        if to is not process:
            self.signal(to, process.number, op.reason, linked=False)
        elif op.reason == "kill":
            raise Ends("killed", False)
        elif process.trapping:
            self.signal(process, process.number, op.reason, linked=False)
        else:
            raise Ends(op.reason, False)

    def do_exitself(self, process: Process, op: do.ExitSelf) -> None:
        self.do_sendexit(process, do.SendExit(process.number, op.reason))

    def do_crash(self, _: Process, op: do.Crash) -> None:
        raise Ends(("error", op.label), True)

    def do_stopwith(self, _: Process, op: do.StopWith) -> None:
        raise Ends(op.reason, True)

    def do_trap(self, process: Process, op: do.Trap) -> None:
        process.trapping = op.on

    def do_register(self, process: Process, op: do.Register) -> None:
        if process.name is None and self.bearer(op.name) is None:
            process.name = op.name
        else:
            self.expect("note", process, "taken")

    def do_unregister(self, process: Process, _: do.Unregister) -> None:
        process.name = None

    def do_whereis(self, process: Process, op: do.Whereis) -> None:
        bearer = self.bearer(op.name)
        self.expect("note", process, None if bearer is None else bearer.number)

    # What signals do

    def number(self) -> int:
        self.numbers += 1
        return self.numbers - 1

    def whom(self, n: int) -> Process:
        return self.processes[n % len(self.processes)]

    def bearer(self, name: str) -> Process | None:
        return next((p for p in self.processes if p.name == name), None)

    def send(self, sender: object, to: int, program: do.Program) -> None:
        self.put(to, Letter(sender, ("do", self.number()), program))

    def put(self, to: int, letter: Letter) -> None:
        if self.processes[to].alive:
            self.processes[to].mailbox.append(letter)

    def drop(self, process: Process, unwanted: Callable[[Entry], bool]) -> None:
        process.mailbox = [x for x in process.mailbox if not unwanted(x.message)]

    def link(self, one: Process, other: Process) -> None:
        one.links.add(other.number)
        other.links.add(one.number)

    def reply(self, call: object, value: object) -> None:
        for process in self.processes:
            if process.waiting is not None and process.waiting.call == call:
                self.decide(process.waiting, ("reply", value))

    def decide(self, waiting: Waiting, outcome: object) -> None:
        if waiting.outcome == UNDECIDED:
            waiting.outcome = outcome

    def down(self, owner: Process, number: int, dead: Process, reason: object) -> None:
        message = ("down", number, dead.number, reason)
        owner.mailbox.append(Letter(dead.number, message, last=True))

    def signal(self, to: Process, sender: int, reason: object, *, linked: bool) -> None:
        if reason == "kill" and not linked:
            self.doom(to, "killed")
        elif to.trapping:
            message = ("exit", sender, reason)
            self.put(to.number, Letter(sender, message, last=linked))
        elif reason != "normal":
            self.doom(to, reason)

    def doom(self, process: Process, reason: object) -> None:
        """End a process; one that is running ends when it waits or has finished."""
        if process.alive and process.ending is None:
            process.ending = reason
            if process is not self.running:
                self.bury(process)

    def bury(self, dead: Process) -> None:
        dead.alive, dead.name, dead.waiting = False, None, None
        dead.mailbox, dead.monitors = [], {}
        self.timers = [t for t in self.timers if t.owner != dead.number]
        for process in self.processes:
            for number, target in list(process.monitors.items()):
                if target == dead.number:
                    del process.monitors[number]
                    self.down(process, number, dead, dead.ending)
            waiting = process.waiting
            if waiting is not None and waiting.target == dead.number:
                self.decide(waiting, ("failed", dead.ending))
        links, dead.links = dead.links, set()
        for number in links:
            self.processes[number].links.discard(dead.number)
            self.signal(self.processes[number], dead.number, dead.ending, linked=True)

    # What must be seen at the end

    def expected(self) -> list[Observed]:
        """What must be seen of each process when nothing moves any more."""
        for process in self.processes:
            waiting = process.waiting
            if waiting is None:
                assert not process.mailbox, f"{process} has not read its mail"
            else:
                assert waiting.outcome == UNDECIDED, f"{process} should have gone on"
        monitored = [t for p in self.processes for t in p.monitors.values()]
        return [
            Observed(
                ends=[] if p.alive else [p.ending],
                links=set(p.links),
                monitored=monitored.count(p.number),
                unread=len(p.mailbox),
                waiting=p.waiting is not None,
                name=p.name,
            )
            for p in self.processes
        ]
