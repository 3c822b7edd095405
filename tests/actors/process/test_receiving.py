from __future__ import annotations

import asyncio

import pytest

from exmc.actors import Down, Pid, Runtime, send, start
from exmc.actors.exit_reason import ProcessExit
from exmc.actors.process.envelope import StopRequest
from exmc.actors.process.receiving import arrival_before, receive
from tests.actors.actors import Forwarder
from tests.actors.scenario import during, scenario


@scenario
async def test_the_oldest_message_of_the_kind_is_taken(rt: Runtime) -> None:
    for message in ("a", 1, "b", 2):
        send(rt.root.pid, message)
    assert await receive(rt.root, int, None, None) == 1
    assert await receive(rt.root, int, None, None) == 2
    assert list(rt.root.mailbox) == ["a", "b"]


@scenario
async def test_the_test_is_asked_once_for_each_message(rt: Runtime) -> None:
    asked = list[int]()

    def wanted(number: int) -> bool:
        asked.append(number)
        return number == 3

    async def send_more() -> None:
        for number in (1, 2, 3):
            send(rt.root.pid, number)
            await rt.clock.sleep(1.0)

    send(rt.root.pid, 0)
    sending = asyncio.ensure_future(send_more())
    receiving = receive(rt.root, int, wanted, None)
    assert await during(rt, receiving, 1.0, 1.0) == 3
    await during(rt, sending, 1.0)
    assert asked == [0, 1, 2, 3]
    assert list(rt.root.mailbox) == [0, 1, 2]


@scenario
async def test_a_request_to_stop_ends_the_receive(rt: Runtime) -> None:
    send(rt.root.pid, "not wanted")
    send(rt.root.pid, StopRequest("enough"))
    with pytest.raises(ProcessExit) as caught:
        await receive(rt.root, int, None, None)
    assert caught.value.reason == "enough"


@scenario
async def test_a_receive_waits_no_longer_than_its_timeout(rt: Runtime) -> None:
    assert await during(rt, receive(rt.root, Down, None, 2.0), 1.9, 0.1) is None


@scenario
async def test_waiting_for_an_arrival_ends_at_the_deadline(rt: Runtime) -> None:
    await during(rt, arrival_before(rt.root, rt.clock.now() + 2.0), 1.9, 0.1)


@scenario
async def test_none_is_received_like_any_message(rt: Runtime) -> None:
    send(rt.root.pid, None)
    assert await receive(rt.root, object, None, None) is None
    assert len(rt.root.mailbox) == 0


@scenario
async def test_the_root_receives_what_processes_send(rt: Runtime) -> None:
    pid: Pid = await start(Forwarder, rt.root.pid)
    send(pid, "through")
    assert await rt.receive(str) == "through"
