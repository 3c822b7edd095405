from __future__ import annotations

import asyncio

from exmc.actors import Runtime, call
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.observation.attendant import attendant_of
from exmc.actors.observation.system_requests import (
    GetState,
    GetStatistics,
    GetStatus,
    ReplaceState,
    Resume,
    Status,
    Suspend,
    Trace,
)
from exmc.actors.observation.tracing import Statistics, TraceEvent
from exmc.actors.process.system_message import SystemMessage, SystemRequest
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


async def an_echo(rt: Runtime) -> ControlBlock:
    pid = await rt.start(Echo, None, "x")
    assert isinstance(pid.target, ControlBlock)
    return pid.target


def answer(block: ControlBlock, request: SystemRequest) -> object:
    """Carry out a request that needs no waiting, and return the answer."""
    future: asyncio.Future[object] = block.kernel.loop.create_future()
    assert SystemMessage(block.pid, request, future).handled_by(block) is None
    return future.result()


@scenario
async def test_a_state_is_given_and_replaced(rt: Runtime) -> None:
    block = await an_echo(rt)
    log = [("started", "x")]
    assert answer(block, GetState()) == {"log": log, "label": "x"}
    new = answer(block, ReplaceState(lambda state: {**state, "label": "y"}))
    assert new == answer(block, GetState()) == {"log": log, "label": "y"}


@scenario
async def test_a_status_is_of_the_moment(rt: Runtime) -> None:
    block = await an_echo(rt)
    status = answer(block, GetStatus())
    assert isinstance(status, Status)
    assert (status.pid, status.status, status.traced) == (block.pid, "running", False)
    answer(block, Trace(print, telling=True))
    attendant_of(block).held = True
    status = answer(block, GetStatus())
    assert isinstance(status, Status)
    assert (status.status, status.traced) == ("suspended", True)
    answer(block, Trace(None, telling=False))
    attendant_of(block).release()


@scenario
async def test_a_tracer_is_told_until_it_is_removed(rt: Runtime) -> None:
    block, events = await an_echo(rt), list[TraceEvent]()
    answer(block, Trace(events.append, telling=True))
    await call(block.pid, 1)
    assert len(events) == 2
    answer(block, Trace(events.append, telling=False))
    await call(block.pid, 2)
    assert len(events) == 2


@scenario
async def test_counting_begins_anew_goes_on_and_ends(rt: Runtime) -> None:
    block = await an_echo(rt)
    assert answer(block, GetStatistics(collect=None)) is None
    assert answer(block, GetStatistics(collect=True)) is None
    await call(block.pid, 1)
    counted = Statistics(0.0, 0.0, 1, 1)
    assert answer(block, GetStatistics(collect=None)) == counted
    assert answer(block, GetStatistics(collect=True)) == counted
    none = Statistics(0.0, 0.0, 0, 0)
    assert answer(block, GetStatistics(collect=False)) == none
    assert answer(block, GetStatistics(collect=None)) is None


@scenario
async def test_a_process_is_held_once_and_released(rt: Runtime) -> None:
    block = await an_echo(rt)
    future: asyncio.Future[object] = rt.kernel.loop.create_future()
    holding = SystemMessage(block.pid, Suspend(), future).handled_by(block)
    assert holding is not None
    assert future.done()
    assert answer(block, Suspend()) is None
    assert attendant_of(block).held
    assert answer(block, Resume()) is None
    await holding
