"""A start that fails, in whatever way and at whatever moment, leaves no trace."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from exmc.actors import (
    Call,
    CallOutcome,
    GenServer,
    Pid,
    Reason,
    Runtime,
    StartError,
    call,
    link,
    reply,
    send,
    send_exit,
    spawn,
    start,
    start_link,
    stop,
    telemetry,
    whereis,
)
from exmc.actors.clock import Turn
from exmc.actors.events import SPAWN
from exmc.actors.exit_reason import error_in
from exmc.actors.process.starting import PATIENCE
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import fails_with, scenario


class Child(GenServer):
    """Ends in its init, in the way it is told."""

    def init(self, how: str, other: Pid) -> object:  # type: ignore[override]  # plain or async
        match how:
            case "exits at once":
                send_exit(self.pid, "boom")
            case "links":
                link(other)
            case "is cancelled":
                raise asyncio.CancelledError
            case _:
                pass
        return self.later(how, other)

    async def later(self, how: str, other: Pid) -> None:
        if how == "exits":
            send_exit(self.pid, "boom")
        await Turn()
        if how == "exits later":
            send_exit(self.pid, "boom")
        if how == "is cancelled later":
            raise asyncio.CancelledError
        send(other, self.pid)
        await asyncio.Event().wait()


class Starter(GenServer):
    """Starts a child and does not trap exits."""

    async def handle_call(self, arguments: tuple[str, Pid], _: Call, /) -> CallOutcome:
        with pytest.raises(StartError) as caught:
            await start_link(Child, *arguments)
        return reply(caught.value.reason)


@pytest.fixture
def told() -> Iterator[str]:
    """Give the id of a telemetry handler that is detached again."""
    yield "told"
    telemetry.detach("told")


@pytest.mark.parametrize("how", ["exits at once", "exits", "exits later"])
@scenario
async def test_a_child_that_exits_in_its_init_does_not_end_its_starter(
    how: str,
) -> None:
    starter = await start(Starter)
    assert await call(starter, (how, starter)) == "boom"
    assert starter.alive


@pytest.mark.parametrize("how", ["is cancelled", "is cancelled later"])
@scenario
async def test_a_cancelled_error_in_an_init_is_an_error(how: str) -> None:
    starter = await start(Starter)
    reason: Reason = await call(starter, (how, starter))
    assert isinstance(error_in(reason), asyncio.CancelledError)


@scenario
async def test_a_child_that_links_itself_to_the_dead_has_not_started() -> None:
    dead, starter = await start(Echo), await start(Starter)
    await stop(dead)
    assert await call(starter, ("links", dead)) == "noproc"
    assert starter.alive


@scenario
async def test_a_child_killed_in_its_init_does_not_end_its_starter(
    rt: Runtime,
) -> None:
    starter = await start(Starter)
    asking = asyncio.ensure_future(call(starter, ("waits", rt.root.pid)))
    send_exit(await rt.receive(Pid), "kill")
    assert await asking == "killed"
    assert starter.alive


async def last_before_a_breath() -> None:
    """Start processes until the next start is one that lets the loop turn."""
    while (await start(Echo)).number % PATIENCE < PATIENCE - 1:
        pass


@scenario
async def test_init_goes_before_the_first_message_even_when_a_start_pauses(
    rt: Runtime,
) -> None:
    await last_before_a_breath()
    log = list[object]()
    starting = asyncio.ensure_future(start(Echo, log, name="echo"))
    await Turn()
    send("echo", "early")
    await starting
    await wait_until_idle(rt)
    assert log == [("started", None), "early"]


@scenario
async def test_a_start_left_while_it_pauses_leaves_no_process(rt: Runtime) -> None:
    await last_before_a_breath()
    before = rt.processes
    starting = asyncio.ensure_future(start(Echo, name="echo"))
    await Turn()
    assert starting.cancel()
    await asyncio.wait([starting])
    assert starting.cancelled()
    assert whereis("echo") is None
    assert rt.processes == before


@scenario
async def test_init_goes_before_what_a_telemetry_handler_sends(
    rt: Runtime, told: str
) -> None:
    telemetry.attach(told, SPAWN, lambda _, __, data, ___: send(data["pid"], "early"))
    logs = list[object](), list[object]()
    await start(Echo, logs[0])
    spawn(Echo, logs[1])
    await wait_until_idle(rt)
    assert logs[0] == logs[1] == [("started", None), "early"]


@scenario
async def test_who_is_killed_before_its_init_has_not_started(
    rt: Runtime, told: str
) -> None:
    telemetry.attach(
        told, SPAWN, lambda _, __, data, ___: send_exit(data["pid"], "kill")
    )
    for kind in (Echo, GenServer):
        error = await fails_with(StartError, start_link(kind))
        assert error.reason == "killed"
    assert rt.processes == ()
