from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from exmc.actors import Exit, Runtime, Stop, send
from exmc.actors.clock import Turn
from exmc.actors.observation.system_requests import (
    GetState,
    GetStatus,
    Resume,
    Suspend,
    Trace,
    suspended,
    urgent,
)
from exmc.actors.pid import Pid
from exmc.actors.process.envelope import StopRequest
from exmc.actors.process.system_message import SystemMessage, SystemRequest
from tests.actors.scenario import scenario


def asked(rt: Runtime, request: SystemRequest) -> asyncio.Future[object]:
    """Put a system message into the root's mailbox."""
    future: asyncio.Future[object] = rt.kernel.loop.create_future()
    rt.root.deliver(SystemMessage(rt.root.pid, request, future))
    return future


@scenario
async def test_urgent_messages_are_taken_from_among_the_others(rt: Runtime) -> None:
    rt.root.parent = Pid(1)
    parents, others = Exit(Pid(1), "x"), Exit(Pid(2), "x")
    rt.root.parent = parents.pid
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


@scenario
async def test_a_suspended_process_answers_until_it_is_resumed(rt: Runtime) -> None:
    answers = [asked(rt, r) for r in (Suspend(), GetStatus(), GetState(), Resume())]
    assert await suspended(rt.root) is None
    assert [answer.done() for answer in answers] == [True] * 4
    assert getattr(answers[1].result(), "status") == "suspended"  # noqa: B009 (it is an object to mypy)


@pytest.mark.parametrize(
    "message", [lambda parent: Exit(parent, "x"), lambda _parent: StopRequest("x")]
)
@scenario
async def test_a_suspended_process_can_be_told_to_end(
    rt: Runtime, message: Callable[[Pid], object]
) -> None:
    rt.root.parent = Pid(1)
    send(rt.root.pid, message(rt.root.parent))
    assert await suspended(rt.root) == Stop("x")


@scenario
async def test_a_tracer_is_set_before_the_answer_is_given(rt: Runtime) -> None:
    future = asked(rt, Trace(print, telling=True))
    message = rt.root.mailbox.popleft()
    assert isinstance(message, SystemMessage)
    handle = rt.root.handle
    left = message.handled_by(rt.root)
    assert left is not None
    assert not future.done()
    await left
    assert future.done()
    assert rt.root.handle is not handle
