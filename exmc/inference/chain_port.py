"""The actor that owns one chain's worker: it starts it, hears it, and buries it.

A port ends normally when its chain is done or has failed for good (it says which
to the monitor), and abnormally when its worker was lost: then its supervisor
starts another port, which goes on from the chain's last checkpoint.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import msgspec

from exmc.actors import (
    CallError,
    GenServer,
    continue_with,
    mark_progress,
    send,
    stop_with,
)
from exmc.actors.port.descriptor_watch import (
    Watch,
    drained,
    send_all,
)
from exmc.actors.port.on_exit import on_exit
from exmc.errors import FrameError
from exmc.frames import Frame, FrameReader, Kind, encode
from exmc.inference import run_monitor, stream_coordinator
from exmc.inference.adaptation_coordinator import publish
from exmc.inference.assignment import (
    STOP,
    Adapted,
    Assignment,
    Failure,
    Upgrade,
    assign,
)
from exmc.inference.fork_protocol import Exited
from exmc.inference.run_names import ZYGOTE, RunNames
from exmc.inference.upgrader import want_upgrade
from exmc.inference.zygote_client import (
    ForkError,
    Worker,
    fork_worker,
    how_it_ended,
)

if TYPE_CHECKING:
    from exmc.actors import InitOutcome, Outcome
    from exmc.inference.chain_plan import ChainPlan
    from exmc.inference.run_monitor import StopChain

_CHUNK = 1 << 18

logger = logging.getLogger("exmc.inference")


@dataclass(frozen=True, slots=True)
class _Heard:
    data: bytes


class _Dead:
    pass


class ChainPort(GenServer):
    """Owns the worker of one chain."""

    trap_exit = True

    def init(self, names: RunNames, plan: ChainPlan) -> InitOutcome:
        """Prepare; the worker is forked once the supervisor has its answer."""
        self._names = names
        self._plan = plan
        self._chain = plan.assignment.chain
        self._reader = FrameReader()
        self._worker: Worker | None = None
        self._sock: socket.socket | None = None
        self._watches: list[Watch] = []
        self._failure: Failure | None = None
        self._done = False
        on_exit(self._let_go)
        return continue_with("fork")

    async def handle_continue(self, _argument: object) -> Outcome:
        """Fork the worker and give it its work."""
        resume = await stream_coordinator.resume_point(self._names.stream, self._chain)
        assignment = msgspec.structs.replace(
            self._plan.assignment, epoch=resume.epoch, checkpoint=resume.checkpoint
        )
        try:
            ours, theirs = socket.socketpair()
            self._sock = ours
            with theirs:
                self._worker = await fork_worker(ZYGOTE, theirs)
        except (ForkError, CallError, OSError) as error:
            return self._lost(f"no worker: {error}", ("no_worker", str(error)))
        await asyncio.to_thread(_assign, ours, assignment, self._plan.data.fileno())
        ours.setblocking(False)  # noqa: FBT003 - socket has it so
        self._watches = [
            Watch(ours, self._readable),
            Watch(self._worker.pidfd, self._died),
        ]
        run_monitor.worker_up(
            self._names.monitor, self._chain, self._worker.os_pid, resume.epoch
        )
        if self._plan.upgrades:
            want_upgrade(self._names.upgrader, self._chain)
        return None

    async def handle_cast(self, message: StopChain | Upgrade) -> None:
        """Pass a command on to the worker, which obeys between two transitions."""
        match message:
            case Upgrade():
                await self._upgrade(message)
            case _:
                self._tell(Frame(Kind.COMMAND, chain=self._chain, payload=STOP))

    async def handle_info(self, message: _Heard | _Dead) -> Outcome:
        """Hear the worker, or of its death."""
        match message:
            case _Heard(data):
                return self._hear(data)
            case _Dead():
                return await self._bury()

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Leave out the plan: it holds the model."""
        shown = ("_chain", "_worker", "_done", "_failure")
        return {key: state[key] for key in shown if key in state}

    def _readable(self) -> None:
        assert self._sock is not None  # noqa: S101 - it is what became readable
        try:
            data = self._sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            send(self.pid, _Heard(data))
        else:
            self._watches[0].pause()

    def _died(self) -> None:
        self._watches[1].pause()
        send(self.pid, _Dead())

    def _hear(self, data: bytes) -> Outcome:
        try:
            for frame in self._reader.feed(data):
                self._deliver(frame)
        except FrameError as error:
            return self._lost(str(error), ("bad_frame", str(error)))
        return stop_with("normal") if self._done else None

    def _deliver(self, frame: Frame) -> None:
        names = self._names
        match frame.kind:
            case Kind.DRAWS:
                stream_coordinator.append(names.stream, frame, names.monitor)
            case Kind.CHECKPOINT:
                stream_coordinator.keep_checkpoint(
                    names.stream, self._chain, frame.payload
                )
                mark_progress()
            case Kind.ADAPTED:
                adapted = msgspec.json.decode(frame.payload, type=Adapted)
                publish(names.adaptation, self._chain, adapted)
            case Kind.FAILED:
                failure = msgspec.json.decode(frame.payload, type=Failure)
                self._failure = self._plan.explained(failure)
                run_monitor.chain_failed(names.monitor, self._chain, self._failure)
            case Kind.DONE:
                self._done = True
                stopped = frame.payload == b"stopped"
                run_monitor.chain_done(names.monitor, self._chain, stopped=stopped)
            case Kind.ASSIGN | Kind.COMMAND:
                raise FrameError(f"A worker sent {frame.kind.name}, which it receives.")
            case _:
                assert_never(frame.kind)

    async def _bury(self) -> Outcome:
        """Hear the worker's last words before its death is acted upon."""
        assert self._sock is not None  # noqa: S101 - it had a worker
        assert self._worker is not None  # noqa: S101 - it is what died
        stop = self._hear(drained(self._sock))
        if stop is not None:
            return stop
        if self._done or self._failure is not None:
            return stop_with("normal")
        try:
            ended = await how_it_ended(ZYGOTE, self._worker.os_pid)
        except CallError:
            # The zygote is dead as well: nobody knows.
            ended = Exited(self._worker.os_pid, "lost", 0)
        known = ended.how != "lost"
        how = f"{ended.how} {ended.code}" if known else "it died with the zygote"
        return self._lost(how, (ended.how, ended.code))

    def _lost(self, how: str, reason: tuple[object, ...]) -> Outcome:
        """End in the way that makes the supervisor start another port."""
        logger.warning(
            "Chain %d lost its worker (%s); another goes on from the last checkpoint.",
            self._chain,
            how,
        )
        run_monitor.worker_lost(self._names.monitor, self._chain, how)
        return stop_with(reason)

    def _tell(self, frame: Frame) -> None:
        if self._sock is not None:
            try:
                self._sock.send(encode(frame), socket.MSG_NOSIGNAL)
            except OSError:
                # It is dying: its end arrives by the pidfd.
                return

    async def _upgrade(self, upgrade: Upgrade) -> None:
        if self._sock is None or self._done:
            return
        payload = msgspec.msgpack.encode(upgrade)
        frame = Frame(Kind.COMMAND, chain=self._chain, payload=payload)
        # If it is dying, its end arrives by the pidfd.
        with suppress(OSError):
            await send_all(self._sock, encode(frame))
            run_monitor.worker_upgraded(self._names.monitor, self._chain)

    def _let_go(self) -> None:
        """Leave no descriptor and no working process behind, however the port ends.

        A worker whose work is done hears that by the end of its socket; until then
        it is ours, so a kill cannot meet another run's.
        """
        if not self._done:
            self._kill()
        for watch in self._watches:
            watch.close()
        if self._worker is not None:
            self._worker.pidfd.close()
        if self._sock is not None:
            self._sock.close()

    def _kill(self) -> None:
        if self._worker is None or self._worker.pidfd.fileno() < 0:
            return
        try:
            signal.pidfd_send_signal(self._worker.pidfd.fileno(), signal.SIGKILL)
        except ProcessLookupError:
            return


def _assign(sock: socket.socket, assignment: Assignment, data: int) -> None:
    """Send a worker its work; in a thread, for the model may be large."""
    # If it is dead already, its end arrives by the pidfd.
    with suppress(OSError):
        assign(sock, assignment, data)
