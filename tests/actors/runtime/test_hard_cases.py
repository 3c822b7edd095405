"""What a runtime survives that no single file of it can be blamed for."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from exmc.actors import (
    GenServer,
    NoReply,
    NoRuntimeError,
    Pid,
    Process,
    Runtime,
    Timeout,
    call,
    demonitor,
    link,
    monitor,
    noreply,
    self_pid,
    send,
    send_exit,
    spawn,
    start,
    stop,
    system,
)
from exmc.actors.clock import Turn
from exmc.actors.exit_reason import KILL
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import LOOPS, scenario


class Busy(Process):
    """Always has a message, for some time."""

    async def run(self, log: list[str]) -> None:
        for _ in range(10_000):
            self.pid.send("again")
            await self.receive(str)
        log.append("done")


@scenario
async def test_a_body_that_never_waits_lets_others_run() -> None:
    log = list[str]()
    await start(Busy, log)
    for _ in range(10):
        await Turn()
    assert log == []


class Flushing(Process):
    """Flushes in one task what it has skipped in another."""

    async def run(self, others: list[Pid], log: list[str], gate: asyncio.Event) -> None:
        refs = [monitor(other) for other in others]

        async def flush() -> None:
            await gate.wait()
            for ref in refs:
                demonitor(ref, flush=True)

        async with asyncio.TaskGroup() as group:
            group.create_task(flush())
            log.append(await self.receive(str))


@scenario
async def test_no_message_is_passed_over_when_another_task_flushes(
    rt: Runtime,
) -> None:
    others, log, gate = (
        [await start(Echo) for _ in range(3)],
        list[str](),
        asyncio.Event(),
    )
    pid = await start(Flushing, others, log, gate)
    await wait_until_idle(rt)
    for other in others:
        send_exit(other, KILL)
    await wait_until_idle(rt)
    gate.set()
    await wait_until_idle(rt)
    send(pid, "hello")
    await wait_until_idle(rt)
    assert log == ["hello"]


class Idle(GenServer):
    """Wants a message within a second."""

    def init(self) -> NoReply:
        self.log: list[object] = []
        return noreply(timeout=1.0)

    def handle_info(self, message: object, /) -> None:
        self.log.append(message)


@scenario
async def test_a_question_of_the_same_instant_takes_no_timeout_away(
    rt: Runtime,
) -> None:
    pid = await start(Idle)
    assert isinstance(pid, ControlBlock)
    assert isinstance(pid.behaviour, Idle)
    asked = asyncio.ensure_future(system.get_state(pid))
    await Turn()
    assert len(pid.mailbox) == 1
    idle = pid.tied().idle
    assert idle is not None
    idle.fire()  # type: ignore[attr-defined]  # a VirtualTimer
    idle.cancel()
    await asked
    await wait_until_idle(rt)
    assert pid.behaviour.log == [Timeout()]


class Clinging(GenServer):
    """Kills itself and will not have it."""

    def handle_info(self, _: object, /) -> None:
        with contextlib.suppress(BaseException):
            send_exit(self.pid, KILL)


@scenario
async def test_who_kills_himself_cannot_take_it_back(rt: Runtime) -> None:
    pid = await start(Clinging)
    send(pid, "die")
    await wait_until_idle(rt)
    assert not pid.alive


class Doomed(GenServer):
    """Is dying when it begins to wait."""

    async def handle_info(self, how: tuple[Pid, list[object]], /) -> None:
        dead, log = how
        link(dead)
        try:
            await asyncio.Event().wait()
        except BaseException as error:
            log.append((type(error), self_pid()))
            raise


@scenario
async def test_who_waits_while_dying_is_cancelled_in_its_own_context(
    rt: Runtime,
) -> None:
    dead, log = await start(Echo), list[object]()
    await stop(dead)
    pid = await start(Doomed)
    send(pid, (dead, log))
    await wait_until_idle(rt)
    assert log == [(asyncio.CancelledError, pid)]


class Leaving(GenServer):
    """Leaves the program when it is killed, or starts another of its kind."""

    async def handle_info(self, how: str, /) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            if how == "exits":
                raise SystemExit(3)
            send(spawn(Leaving), how)


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_process_that_exits_the_program_as_it_is_killed_is_dead(loop: str) -> None:
    async def main() -> None:
        async with Runtime() as rt:
            pid = await start(Leaving)
            send(pid, "exits")
            await wait_until_idle(rt)
            send_exit(pid, KILL)
            assert not pid.alive
            await asyncio.Event().wait()

    with (
        pytest.raises(SystemExit),
        asyncio.Runner(loop_factory=LOOPS[loop]) as runner,
    ):
        runner.run(main())


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_what_is_killed_on_leaving_starts_nothing_that_is_left(loop: str) -> None:
    async def main() -> None:
        async with Runtime() as rt:
            kernel, root = rt.kernel, rt.root
            send(await start(Leaving), "starts")
            await wait_until_idle(rt)
            rt.root.stopping[rt.processes[0]] = "brutal_kill"
        assert kernel.table <= {root}

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_nothing_starts_in_a_runtime_that_was_left(loop: str) -> None:
    async def main() -> None:
        async with Runtime():
            pass
        with pytest.raises(NoRuntimeError):
            await start(Echo)

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())


@pytest.mark.parametrize("loop", sorted(LOOPS))
def test_a_runtime_does_not_need_the_task_factory_of_its_loop(loop: str) -> None:
    async def main() -> None:
        running = asyncio.get_running_loop()
        running.set_task_factory(lambda loop, coro: asyncio.Task(coro, loop=loop))
        async with Runtime():
            assert await call(await start(Echo), 1) == 1
        running.set_task_factory(None)

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(main())
