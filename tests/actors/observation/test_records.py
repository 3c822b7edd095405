from __future__ import annotations

import asyncio

from exmc.actors import GenServer, Runtime, call, cast, reply
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.observation.records import (
    kind_of,
    living,
    on_stage,
    turn_in,
    waiting_in,
)
from exmc.actors.server.outcome import CallOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


class Onstage(GenServer):
    """Tells who is on stage, and whose turn it is, twice in one turn."""

    def handle_call(self, runtime: Runtime, _caller: object, /) -> CallOutcome:
        kernel = runtime.kernel
        return reply((on_stage(kernel), turn_in(kernel), turn_in(kernel)))

    async def handle_cast(self, _message: object, /) -> None:
        await asyncio.get_running_loop().create_future()


@scenario
async def test_the_living_are_listed_the_oldest_first(rt: Runtime) -> None:
    pids = [await rt.start(Echo) for _ in range(3)]
    assert [block.pid for block in living(rt.kernel)] == [rt.root.pid, *pids]


@scenario
async def test_who_is_on_stage_is_known_while_it_is_its_turn(rt: Runtime) -> None:
    one, two = await rt.start(Onstage), await rt.start(Onstage)
    assert on_stage(rt.kernel) is None
    for pid in (one, two):
        block, first, second = await call(pid, rt)
        assert isinstance(block, ControlBlock)
        assert (block.pid, kind_of(block)) == (pid, "Onstage")
        assert first == second
        assert first != turn_in(rt.kernel)
    assert on_stage(rt.kernel) is None


@scenario
async def test_two_turns_are_never_the_same(rt: Runtime) -> None:
    pid = await rt.start(Onstage)
    turns = [(await call(pid, rt))[1] for _ in range(3)]
    assert all(a != b for a in turns for b in turns if a is not b)


@scenario
async def test_only_a_handler_that_waits_has_a_coroutine(rt: Runtime) -> None:
    pid = await rt.start(Onstage)
    [_, block] = living(rt.kernel)
    assert waiting_in(block) is None
    cast(pid, "wait")
    await wait_until_idle(rt)
    assert waiting_in(block) is not None
