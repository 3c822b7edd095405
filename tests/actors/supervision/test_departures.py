from __future__ import annotations

import asyncio

from exmc.actors import Runtime, send_exit, start
from exmc.actors.supervision.departures import Departure, Departures
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


@scenario
async def test_the_wait_ends_with_the_last_of_them(rt: Runtime) -> None:
    departures = Departures(rt.kernel.loop)
    one, other = await start(Echo), await start(Echo)
    departures.expect(one)
    departures.expect(other)
    waiting = asyncio.ensure_future(departures.reasons())
    send_exit(one, "bad")
    await wait_until_idle(rt)
    assert not waiting.done()
    send_exit(other, "kill")
    assert await waiting == {one: "bad", other: "killed"}


@scenario
async def test_nobody_is_waited_for_who_is_dead_already(rt: Runtime) -> None:
    departures = Departures(rt.kernel.loop)
    pid = await start(Echo)
    send_exit(pid, "kill")
    departures.expect(pid)
    assert await departures.reasons() == {}
    departures.note(pid, "noproc")
    assert await departures.reasons() == {pid: "noproc"}


@scenario
async def test_a_wait_that_is_over_is_told_nothing(rt: Runtime) -> None:
    departures = Departures(rt.kernel.loop)
    pid, dead = await start(Echo), await start(Echo)
    departures.expect(pid)
    departures.expect(dead)
    send_exit(dead, "kill")
    departures.close()
    send_exit(pid, "kill")
    assert await departures.reasons() == {dead: "killed"}


@scenario
async def test_one_departure_speaks_for_one_process(rt: Runtime) -> None:
    departures = Departures(rt.kernel.loop)
    pid = await start(Echo)
    Departure(departures, pid).down("normal")
    assert await departures.reasons() == {pid: "normal"}
