from __future__ import annotations

import asyncio

import pytest

from exmc.actors import Exit, Runtime, call, send, send_exit, system
from exmc.actors.clock import Turn
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.observation.attendant import Attendant, attendant_of, urgent
from exmc.actors.observation.tracing import TraceEvent
from exmc.actors.pid import Pid
from exmc.actors.process.envelope import StopRequest
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.scenario import fails_with, scenario


async def an_echo(rt: Runtime) -> ControlBlock:
    pid = await rt.start(Echo)
    assert isinstance(pid.target, ControlBlock)
    return pid.target


@scenario
async def test_a_process_that_nobody_asks_any_more_is_as_it_was(rt: Runtime) -> None:
    block, events = await an_echo(rt), list[TraceEvent]()
    conduct, watchers = block.conduct, dict(block.watchers)

    async def attended() -> bool:
        await wait_until_idle(rt)
        as_it_was = block.conduct == conduct and block.watchers == watchers
        assert as_it_was is not isinstance(block.conduct, Attendant)
        return not as_it_was

    await system.get_state(block.pid)
    assert not await attended()
    await system.trace(block.pid, events.append)
    await system.statistics(block.pid, collect=True)
    assert await attended()
    await system.no_trace(block.pid)
    assert await attended()
    await system.statistics(block.pid, collect=False)
    assert not await attended()
    await system.suspend(block.pid)
    assert await attended()
    await system.resume(block.pid)
    assert not await attended()


@scenario
async def test_an_attendant_whose_last_tracer_raised_leaves(rt: Runtime) -> None:
    def failing(_event: TraceEvent) -> None:
        raise ValueError

    block = await an_echo(rt)
    conduct = block.conduct
    await system.trace(block.pid, failing)
    assert await call(block.pid, "x") == "x"
    assert block.conduct == conduct


@scenario
async def test_an_attendant_stays_for_a_question_nobody_waits_for_any_more(
    rt: Runtime,
) -> None:
    pid = await rt.start(Stubborn)
    assert isinstance(pid.target, ControlBlock)
    asked = asyncio.ensure_future(system.get_state(pid))
    await wait_until_idle(rt)
    asked.cancel()
    await wait_until_idle(rt)
    assert isinstance(pid.target.conduct, Attendant)
    send_exit(pid, "kill")


@scenario
async def test_there_is_one_attendant_at_a_time(rt: Runtime) -> None:
    block = await an_echo(rt)
    assert attendant_of(block) is attendant_of(block)


@scenario
async def test_the_end_of_a_killed_process_is_told(rt: Runtime) -> None:
    block, events = await an_echo(rt), list[TraceEvent]()
    await system.trace(block.pid, events.append)
    send_exit(block.pid, "kill")
    assert [(event.kind, event.content) for event in events] == [("ended", "killed")]


@scenario
async def test_messages_are_handled_in_order_while_attendants_come_and_go(
    rt: Runtime,
) -> None:
    block = await an_echo(rt)
    behaviour, asked = block.behaviour, []
    assert isinstance(behaviour, Echo)
    for number in range(0, 30, 3):
        for message in range(number, number + 3):
            send(block.pid, message)
        for question in (system.suspend, system.get_state, system.resume):
            asked.append(asyncio.ensure_future(question(block.pid)))
            await Turn()
    await asyncio.gather(*asked)
    await wait_until_idle(rt)
    assert behaviour.log[1:] == list(range(30))


# What a process that is held handles


@scenario
async def test_urgent_messages_are_taken_from_among_the_others(rt: Runtime) -> None:
    rt.root.tied().parent = Pid(1)
    assert rt.root.parent is not None
    parents, others = Exit(rt.root.parent, "x"), Exit(Pid(2), "x")
    for message in (1, others, parents, 2, StopRequest("y")):
        send(rt.root.pid, message)
    assert await urgent(rt.root) == parents
    assert await urgent(rt.root) == StopRequest("y")
    assert list(rt.root.mailbox) == [1, others, 2]


@scenario
async def test_an_urgent_message_is_waited_for(rt: Runtime) -> None:
    waiting = asyncio.ensure_future(urgent(rt.root))
    for message in (1, 2, StopRequest("x")):
        await Turn()
        assert not waiting.done()
        send(rt.root.pid, message)
    assert await waiting == StopRequest("x")
    assert list(rt.root.mailbox) == [1, 2]


async def messages_wait(rt: Runtime) -> None:
    """Hold a process and look at what it has received, before and after."""
    block = await an_echo(rt)
    assert isinstance(block.behaviour, Echo)
    await system.suspend(block.pid)
    send(block.pid, 1)
    await wait_until_idle(rt)
    assert block.behaviour.log[1:] == []
    await system.resume(block.pid)
    await wait_until_idle(rt)
    assert block.behaviour.log[1:] == [1]


@scenario
async def test_the_messages_of_a_held_process_wait(rt: Runtime) -> None:
    await messages_wait(rt)


@scenario
async def test_an_attendant_that_lets_any_message_through_is_found_out(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def any_message(block: ControlBlock) -> object:
        while not block.mailbox:
            await block.arrival()
        return block.mailbox.popleft()

    monkeypatch.setattr("exmc.actors.observation.attendant.urgent", any_message)
    await fails_with(AssertionError, messages_wait(rt))
