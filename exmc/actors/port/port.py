"""A process that owns one operating-system process and the stream to it.

Rule: nothing here waits for the other side but `terminate`. Reading and writing go on
beside the handlers (channel.py), so neither a full pipe nor a busy owner can keep the
port from being asked, stopped or told of a death.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, assert_never

from exmc.actors import telemetry
from exmc.actors.errors import CallError, PortOpenError
from exmc.actors.exit_reason import NORMAL, Reason
from exmc.actors.messages import Down
from exmc.actors.pid import Pid
from exmc.actors.port.channel import Channel
from exmc.actors.port.closing import KILL, Step, closing_steps
from exmc.actors.port.launching import complaint, launch_process, refusal
from exmc.actors.port.on_exit import on_exit
from exmc.actors.port.once import Once
from exmc.actors.port.packets import PacketReader, header
from exmc.actors.port.port_messages import PortData, PortExit
from exmc.actors.port.port_requests import Activate, Close, Describe, PortInfo, Write
from exmc.actors.port.port_spec import PortSpec, port_spec
from exmc.actors.port.process_exit_watch import watch_exit
from exmc.actors.port.reaper import REAPER
from exmc.actors.port.silence import Silence
from exmc.actors.process.envelope import Call
from exmc.actors.process.here import here
from exmc.actors.process.signals import monitor, send
from exmc.actors.server.gen_server import GenServer
from exmc.actors.server.outcome import noreply, reply, stop_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.actors.pid import Shutdown
    from exmc.actors.port.port_requests import PortRequest
    from exmc.actors.port.port_spec import StrPath
    from exmc.actors.port.process_exit_watch import ProcessExitWatch
    from exmc.actors.process.here import Address
    from exmc.actors.server.outcome import CallOutcome, Outcome

CLEAN: Final = ("exit", 0)


@dataclass(frozen=True, slots=True)
class _Ended:
    """The operating-system process is dead, and its last words are delivered."""


@dataclass(frozen=True, slots=True)
class _Condemned:
    """The operating-system process is no longer to be trusted."""


class Port(GenServer):
    """Owns an operating-system process, which does not outlive it.

    The owner gets PortData for what it sends and one PortExit when it has ended. The
    port then ends too: "normal" after ("exit", 0), otherwise for the same reason. It
    is closed when its owner ends.
    """

    trap_exit = True
    # Its own patience is limited: see closing_steps.
    shutdown: ClassVar[Shutdown] = "infinity"

    async def init(
        self,
        spec: PortSpec | str | Sequence[StrPath],
        owner: Address | None = None,
    ) -> None:
        """Start the process.

        Args:
            spec: What to run.
            owner: Who gets its messages; by default whoever starts the port.

        Raises:
            PortOpenError: It cannot be run, or there is no room for it.
        """
        me = here()
        self._spec = port_spec(spec)
        self._owner = self._owner_or_parent(owner)
        self._reader = PacketReader(self._spec.packet, self._spec.largest)
        self._undelivered: deque[bytes] = deque()
        self._active = self._spec.active
        self._verdict: Reason | None = None
        self._closer: Call | None = None
        self._closing = False
        self._ended = Once[Reason](me.kernel.clock)
        self._exit_watch: ProcessExitWatch | None = None
        launched = launch_process(self._spec)
        self._process = launched.process
        self._channel = Channel(me.kernel.loop, launched.sock, self._heard)
        self._silence = Silence(me.kernel.clock, self._spec.hung_after, self._hung)
        on_exit(self._let_go)
        said = await complaint(launched, me.kernel.clock)
        if said:
            raise refusal(self._spec, said)
        if isinstance(self._owner, Pid):
            monitor(self._owner)
        self._exit_watch = watch_exit(self._process, self._died, me.kernel.clock)
        self._tell("start")
        self._silence.begin()
        self._deliver()

    def handle_call(self, request: PortRequest, caller: Call, /) -> CallOutcome:
        """Write, ask for more, tell about it, or close."""
        match request:
            case Write(data):
                return self._write(data, caller)
            case Activate(more):
                if self._active is not None:
                    self._active += more
                self._deliver()
                return reply(None)
            case Describe():
                return reply(self._info())
            case Close():
                self._closer = caller
                return stop_with(NORMAL)
            case _:
                assert_never(request)

    def handle_info(self, message: object, /) -> Outcome:
        """Hear of the end of the process, of its misconduct, or of the owner's end."""
        match message:
            case _Ended():
                ended = self._outcome()
                return stop_with(NORMAL if ended == CLEAN else ended)
            case _Condemned():
                return stop_with(self._outcome())
            case Down():
                return stop_with(NORMAL)
            case _:
                return None

    async def terminate(self, _reason: Reason, /) -> None:
        """Bring the process to its end, and say how it ended."""
        self._closing = True
        for step in (KILL,) if self._verdict else closing_steps(self._spec):
            if self._ended.value is None:
                await self._attempt(step)
        ended = self._outcome()
        self._tell("down", reason=ended)
        closers = self._closers()
        for closer in closers:
            closer.reply(ended)
        if all(closer.pid is not self._owner for closer in closers):
            send(self._owner, PortExit(self.pid, ended))

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Leave out the environment and the data: they may hold secrets."""
        shown = ("_owner", "_process", "_active", "_verdict")
        return {key: state[key] for key in shown if key in state}

    def _owner_or_parent(self, owner: Address | None) -> Address:
        owner = here().parent if owner is None else owner
        if owner is None:
            raise PortOpenError(
                "A port without a parent has no owner; pass owner=, a pid or a name."
            )
        return owner

    def _closers(self) -> list[Call]:
        """Return who has asked to close it, before or while it did."""
        found = [] if self._closer is None else [self._closer]
        while isinstance(late := here().mailbox.take(is_close), Call):
            found.append(late)
        return found

    async def _attempt(self, step: Step) -> None:
        if step.signal is None:
            self._channel.end()
        elif step is KILL:
            self._process.kill()
        else:
            self._process.signal(step.signal)
        await self._ended.within(step.seconds)

    def _outcome(self) -> Reason:
        """How the process has ended, so far as anybody knows."""
        if self._verdict is not None:
            return self._verdict
        return self._ended.value or ("lost", self._process.os_pid)

    # Called back on the loop

    def _heard(self, data: bytes) -> None:
        self._silence.broken()
        if self._verdict is not None:
            return
        self._undelivered += self._reader.feed(data)
        if self._reader.too_long is not None:
            self._condemn(("bad_packet", self._reader.too_long))
        self._deliver()

    def _hung(self) -> None:
        if self._channel.unread():
            # It has spoken; the owner held it back, or the loop was busy.
            self._silence.begin()
            return
        self._tell("hung")
        self._condemn(("hung", self._spec.hung_after))

    def _died(self) -> None:
        """Hear its last words, and only then reap it."""
        self._process.kill()
        self._channel.drain()
        self._active = None
        self._deliver()
        self._ended.came(self._process.reap() or ("lost", self._process.os_pid))
        self._note(_Ended())

    def _condemn(self, verdict: Reason) -> None:
        if self._verdict is None:
            self._verdict = verdict
            self._note(_Condemned())

    def _note(self, what: _Ended | _Condemned) -> None:
        """Tell the handler, unless the port is closing anyway."""
        if not self._closing:
            send(self.pid, what)

    def _deliver(self) -> None:
        """Send the owner what it has asked for; read on only if it wants more."""
        while self._undelivered and self._active != 0:
            send(self._owner, PortData(self.pid, self._undelivered.popleft()))
            if self._active is not None:
                self._active -= 1
        if self._active == 0:
            self._channel.pause()
        else:
            self._channel.resume()

    def _write(self, data: bytes, caller: Call) -> CallOutcome:
        try:
            before = header(self._spec.packet, len(data))
        except ValueError as error:
            return reply(error)

        def done(taken: bool) -> None:  # noqa: FBT001 (a callback's one argument)
            caller.reply(None if taken else deaf(self._process.os_pid))

        self._channel.write(before + data if before else data, done)
        return noreply()

    def _info(self) -> PortInfo:
        return PortInfo(
            os_pid=self._process.os_pid,
            command=self._spec.argv,
            received=self._channel.received,
            sent=self._channel.sent,
            unsent=self._channel.unsent,
            undelivered=len(self._undelivered),
        )

    def _tell(self, what: str, **more: object) -> None:
        if telemetry.listeners:
            known = {"port": self.pid, "os_pid": self._process.os_pid}
            event = ("exmc", "worker", what)
            telemetry.execute(
                event, metadata={**known, "command": self._spec.argv, **more}
            )

    def _let_go(self) -> None:
        """Leave no descriptor, no timer and no process, however the port ends."""
        self._silence.end()
        if self._exit_watch is not None:
            self._exit_watch.close()
        self._channel.close()
        REAPER.take(self._process)


def is_close(message: object) -> bool:
    """Tell whether a message asks to close the port."""
    return isinstance(message, Call) and isinstance(message.request, Close)


def deaf(os_pid: int) -> CallError:
    """Say that a process no longer reads."""
    return CallError(
        "closed",
        f"Operating-system process {os_pid} no longer reads: it has closed its input, "
        f"or the port is closing.",
    )
