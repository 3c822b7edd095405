from __future__ import annotations

import asyncio

from exmc.actors import Runtime, send, start
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.scenario import scenario


@scenario
async def test_waiting_until_idle_waits_for_every_message(rt: Runtime) -> None:
    log = list[object]()
    pid = await start(Echo, log)
    for number in range(5000):
        send(pid, number)
    await wait_until_idle(rt)
    assert len(log) == 5001


@scenario
async def test_a_process_that_waits_for_the_world_outside_is_idle(rt: Runtime) -> None:
    await start(Stubborn)
    await wait_until_idle(rt)


@scenario
async def test_time_stands_still_meanwhile(rt: Runtime) -> None:
    sleeping = asyncio.ensure_future(rt.clock.sleep(0.001))
    await wait_until_idle(rt)
    assert rt.clock.now() == 0.0
    assert not sleeping.done()
    sleeping.cancel()
