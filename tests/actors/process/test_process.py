from __future__ import annotations

import asyncio

from exmc.actors import (
    CrashReport,
    Down,
    Exit,
    Pid,
    Process,
    Runtime,
    call,
    link,
    monitor,
    self_pid,
    send,
    send_exit,
    start,
    start_link,
    stop,
    wait_for_exit,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import advance, scenario


class Collector(Process):
    """Receives strings first, then one number, then whatever is left."""

    async def run(self, to: Pid) -> None:
        await self.receive(str, lambda m: m == "start")
        number = await self.receive(int)
        first = await self.receive(object)
        send(to, (number, first))


@scenario
async def test_a_message_that_is_not_wanted_yet_keeps_its_place(rt: Runtime) -> None:
    pid = await start(Collector, rt.root.pid)
    for message in ("a", 1, "start", 2):
        send(pid, message)
    assert await rt.receive(tuple) == (1, "a")


@scenario
async def test_a_body_that_returns_ends_normally(rt: Runtime) -> None:
    class Short(Process):
        async def run(self) -> None:
            return

    pid = await start(Short)
    ref = monitor(pid)
    assert (await rt.receive(Down)) in (
        Down(ref, pid, "normal"),
        Down(ref, pid, "noproc"),
    )


class Timed(Process):
    async def run(self, to: Pid) -> None:
        got = await self.receive(int, timeout=2.0)
        send(to, ("got", got))
        got = await self.receive(int, timeout=0)
        send(to, ("got", got))


@scenario
async def test_a_receive_gives_none_when_nothing_comes_in_time(rt: Runtime) -> None:
    pid = await start(Timed, rt.root.pid)
    await advance(rt, 1.0)
    send(pid, "not wanted")
    await advance(rt, 0.9)
    assert await rt.receive(tuple, timeout=0) is None
    await advance(rt, 0.1)
    assert await rt.receive(tuple) == ("got", None)
    assert await rt.receive(tuple) == ("got", None)


@scenario
async def test_a_message_that_is_there_is_taken_without_waiting(rt: Runtime) -> None:
    pid = await start(Timed, rt.root.pid)
    send(pid, 1)
    send(pid, 2)
    assert await rt.receive(tuple) == ("got", 1)
    assert await rt.receive(tuple) == ("got", 2)


class Patient(Process):
    """Wraps a receive in a timeout of asyncio's."""

    async def run(self, to: Pid) -> None:
        for _ in range(2):
            try:
                async with asyncio.timeout(0.001):
                    await self.receive(int)
            except TimeoutError:
                send(to, "timed out")
        send(to, await self.receive(int))


@scenario
async def test_a_timeout_of_asyncio_around_a_receive_loses_no_message(
    rt: Runtime,
) -> None:
    pid = await start(Patient, rt.root.pid)
    assert await rt.receive(str) == "timed out"
    assert await rt.receive(str) == "timed out"
    send(pid, 3)
    assert await rt.receive(int) == 3


class Server(Process):
    """Calls a server and receives what else comes meanwhile."""

    trap_exit = True

    async def run(self, to: Pid) -> None:
        echo = await start_link(Echo)
        send(self_pid(), "to myself")
        answer = await call(echo, "hello")
        send(to, (answer, await self.receive(str)))
        send_exit(echo, "bad")
        send(to, await self.receive(Exit))


@scenario
async def test_a_body_may_call_start_and_trap(rt: Runtime) -> None:
    await start(Server, rt.root.pid)
    assert await rt.receive(tuple) == ("hello", "to myself")
    exit_message = await rt.receive(Exit)
    assert exit_message.reason == "bad"


class Held(Process):
    async def run(self, log: list[str]) -> None:
        try:
            await self.receive(int)
        finally:
            log.append("cleaned up")


@scenario
async def test_a_stop_is_obeyed_at_the_next_receive() -> None:
    log = list[str]()
    pid = await start(Held, log)
    await stop(pid, "shutdown")
    assert log == ["cleaned up"]


@scenario
async def test_an_exit_signal_ends_a_body_at_once(rt: Runtime) -> None:
    log = list[str]()
    pid = await start(Held, log)
    await wait_until_idle(rt)
    send_exit(pid, "shutdown")
    assert log == ["cleaned up"]
    assert not pid.alive


@scenario
async def test_a_link_takes_a_body_along(rt: Runtime) -> None:
    log = list[str]()

    class Linked(Held):
        async def run(self, log: list[str], to: Pid | None = None) -> None:
            assert to is not None
            link(to)
            await super().run(log)

    echo = await start(Echo)
    pid = await start(Linked, log, echo)
    await wait_until_idle(rt)
    send_exit(echo, "bad")
    assert log == ["cleaned up"]
    assert await wait_for_exit(pid) == "noproc"


@scenario
async def test_a_body_has_one_task_for_itself(rt: Runtime) -> None:
    seen = list[object]()

    class Seen(Process):
        async def run(self) -> None:
            for _ in range(3):
                await self.receive(int)
                seen.append(asyncio.current_task())

    pid, other = await start(Seen), await start(Seen)
    for _ in range(3):
        send(pid, 1)
        send(other, 1)
        await wait_until_idle(rt)
    assert len(set(seen)) == 2


@scenario
async def test_a_process_without_a_body_crashes_and_says_so(rt: Runtime) -> None:
    pid = await start(Process)
    await wait_until_idle(rt)
    assert not pid.alive
    [report] = rt.reports
    assert isinstance(report, CrashReport)
    assert "Process has no run." in repr(report.reason)
