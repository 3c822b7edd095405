from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest

from exmc.actors import (
    CallOutcome,
    Down,
    GenServer,
    Outcome,
    Pid,
    Runtime,
    cast,
    monitor,
    reply,
    run,
    send_exit,
    stop,
)
from exmc.actors.port.descriptor import Descriptor
from exmc.actors.process.envelope import Call
from exmc.actors.testing import no_leaks
from exmc.frames import Frame, FrameReader, Kind, Phase, encode
from exmc.inference import run_monitor, stream_coordinator, zygote_client
from exmc.inference.adaptation_coordinator import AdaptationCoordinator
from exmc.inference.assignment import Assignment, ModelText, assignment_of
from exmc.inference.chain_plan import ChainPlan
from exmc.inference.chain_port import ChainPort
from exmc.inference.fork_protocol import exited
from exmc.inference.run_names import ZYGOTE, RunNames
from exmc.inference.shared_arrays import shared
from exmc.inference.stream_coordinator import StreamCoordinator
from exmc.posterior import DrawLog
from exmc.run import RunSpec
from tests.inference.rows import SCHEMA, frame

NAMES = RunNames("r")
ASSIGNMENT = Assignment(
    spec=RunSpec(), chain=0, epoch=0, work=ModelText("{}"), dim=1, width=1
)


class FakeZygote(GenServer):
    """Lends a process that does nothing, and keeps the worker's end of the socket."""

    trap_exit = True

    def init(self, lent: list[FakeZygote]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
        )
        lent.append(self)

    def handle_call(self, request: object, _caller: Call) -> CallOutcome:
        if isinstance(request, zygote_client._Fork):
            self.sock = socket.socket(fileno=os.dup(request.sock.fileno()))
            pid = self.process.pid
            return reply(zygote_client.Worker(pid, Descriptor(os.pidfd_open(pid))))
        _, status = os.waitpid(self.process.pid, 0)
        self.process.returncode = 0
        return reply(exited(self.process.pid, status))

    def terminate(self, _reason: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.sock.close()


class Ear(GenServer):
    """Keeps what the monitor would be told."""

    def init(self, heard: list[object]) -> None:
        self._heard = heard

    def handle_cast(self, message: object) -> Outcome:
        self._heard.append(message)
        return None


class Stage:
    """A port with a worker that the test plays itself."""

    def __init__(self, runtime: Runtime, log: DrawLog) -> None:
        self.runtime, self.log = runtime, log
        self.lent: list[FakeZygote] = []
        self.heard: list[object] = []
        self.port: Pid

    @property
    def worker(self) -> socket.socket:
        return self.lent[0].sock

    @property
    def os_pid(self) -> int:
        return self.lent[0].process.pid

    def assignment(self) -> Assignment:
        reader, frames = FrameReader(), list[Frame]()
        while not frames:
            frames = reader.feed(self.worker.recv(1 << 16))
        return assignment_of(frames[0])

    async def ended(self) -> object:
        monitor(self.port)
        down = await self.runtime.receive(Down)
        await stream_coordinator.tallies(NAMES.stream)
        return down.reason


def on_stage(scenario: Callable[[Stage], Awaitable[None]]) -> None:
    async def main() -> None:
        async with no_leaks(), Runtime() as runtime:
            stage = Stage(runtime, DrawLog(SCHEMA, 1))
            await runtime.start(StreamCoordinator, stage.log, name=NAMES.stream)
            await runtime.start(AdaptationCoordinator, 1, name=NAMES.adaptation)
            await runtime.start(Ear, stage.heard, name=NAMES.monitor)
            await runtime.start(FakeZygote, stage.lent, name=ZYGOTE)
            plan = ChainPlan(ASSIGNMENT, shared({}), lambda failure: failure)
            stage.port = await runtime.start(ChainPort, NAMES, plan)
            # The port answers nobody before it has forked and given the assignment.
            stream_coordinator.keep_checkpoint(NAMES.stream, 0, b"")
            await stream_coordinator.tallies(NAMES.stream)
            while not any(isinstance(h, run_monitor._WorkerUp) for h in stage.heard):
                await runtime.clock.sleep(0.001)
            await scenario(stage)
            plan.data.close()

    run(main)


pytestmark = [pytest.mark.slow, pytest.mark.timeout(30)]


def test_what_a_worker_sent_before_its_death_is_delivered_before_it() -> None:
    async def scenario(stage: Stage) -> None:
        frames = [encode(frame(first, 3)) for first in range(0, 3000, 3)]
        await asyncio.to_thread(stage.worker.sendall, b"".join(frames))
        os.kill(stage.os_pid, signal.SIGKILL)
        assert await stage.ended() == ("signal", 9)
        assert stage.log.length(0, Phase.DRAW) == 3000
        assert run_monitor._WorkerLost(0, "signal 9") in stage.heard

    on_stage(scenario)


def test_a_worker_that_is_done_ends_the_port_in_order() -> None:
    async def scenario(stage: Stage) -> None:
        stage.worker.sendall(encode(Frame(Kind.DONE, payload=b"stopped")))
        os.kill(stage.os_pid, signal.SIGKILL)
        assert await stage.ended() == "normal"
        assert run_monitor._ChainDone(0, stopped=True) in stage.heard

    on_stage(scenario)


def test_bytes_that_are_no_frame_end_the_port_and_its_worker() -> None:
    async def scenario(stage: Stage) -> None:
        stage.worker.sendall(b"\0" * 100)
        reason = await stage.ended()
        assert isinstance(reason, tuple)
        assert reason[0] == "bad_frame"
        process = stage.lent[0].process
        assert process.wait() == -signal.SIGKILL

    on_stage(scenario)


def test_a_port_that_is_stopped_leaves_no_process() -> None:
    async def scenario(stage: Stage) -> None:
        await stop(stage.port, "shutdown")
        assert stage.lent[0].process.wait() == -signal.SIGKILL

    on_stage(scenario)


def test_a_port_that_is_killed_leaves_no_process_either() -> None:
    async def scenario(stage: Stage) -> None:
        monitor(stage.port)
        send_exit(stage.port, "kill")
        assert (await stage.runtime.receive(Down)).reason == "killed"
        assert stage.lent[0].process.wait() == -signal.SIGKILL
        while stage.worker.recv(1 << 16):
            pass  # what it was assigned; the end of the stream comes after it

    on_stage(scenario)


def test_a_worker_is_told_its_work_and_later_to_stop() -> None:
    async def scenario(stage: Stage) -> None:
        assert stage.assignment().epoch == 0
        cast(stage.port, run_monitor.StopChain())
        monitor(stage.port)
        await stage.runtime.clock.sleep(0.01)
        (command,) = FrameReader().feed(stage.worker.recv(1000))
        assert (command.kind, command.payload) == (Kind.COMMAND, b"stop")

    on_stage(scenario)
