from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from exmc.actors import (
    Call,
    CallError,
    CallingSelfError,
    CallOutcome,
    CallTimeoutError,
    ChildSpec,
    GenServer,
    InitOutcome,
    NoProcessError,
    Outcome,
    Pid,
    Process,
    Runtime,
    StateTimeout,
    Supervisor,
    Timeout,
    call,
    cast,
    error_in,
    next_state,
    noreply,
    reply,
    send,
    send_exit,
    start,
    start_link,
    state_timeout,
    stop,
    stop_with,
    system,
    whereis,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn, Trapping
from tests.actors.family import pid_of
from tests.actors.machines import Scripted
from tests.actors.scenario import advance, fails_with, scenario

ASKING: dict[str, Callable[[Pid | str], Awaitable[object]]] = {
    "get_state": system.get_state,
    "replace_state": lambda address: system.replace_state(address, dict),
    "suspend": system.suspend,
    "resume": system.resume,
    "get_status": system.get_status,
    "trace": lambda address: system.trace(address, print),
    "no_trace": system.no_trace,
    "statistics": system.statistics,
}


@scenario
async def test_the_state_of_a_server_is_its_attributes(rt: Runtime) -> None:
    log: list[object] = []
    pid = await rt.start(Echo, log, "x", name="echo")
    state = await system.get_state("echo")
    assert state == {"log": log, "label": "x"}
    state["label"] = "y"
    assert (await system.get_state(pid))["label"] == "x"


@scenario
async def test_the_state_of_a_machine_is_its_state_and_its_attributes(
    rt: Runtime,
) -> None:
    log: list[object] = []
    pid = await rt.start(Scripted, lambda _state, _event: None, log)
    state, data = await system.get_state(pid)
    assert (state, data["log"]) == ("a", log)
    assert data.keys() == {"log", "respond"}


@scenario
async def test_a_supervisor_shows_its_state_too(rt: Runtime) -> None:
    pid = await rt.start(Supervisor("one_for_all"), [])
    assert (await system.get_state(pid))["strategy"] == "one_for_all"


@scenario
async def test_a_state_is_replaced_by_what_a_function_makes_of_it(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    new = await system.replace_state(pid, lambda state: {**state, "label": 2})
    assert new == await system.get_state(pid) == {"log": new["log"], "label": 2}
    assert pid.target is not None
    assert await call(pid, "still there") == "still there"


@scenario
async def test_a_machine_is_put_into_another_state(rt: Runtime) -> None:
    log: list[object] = []
    pid = await rt.start(Scripted, lambda _state, _event: None, log)
    assert (await system.replace_state(pid, lambda both: ("b", both[1])))[0] == "b"
    send(pid, "x")
    await wait_until_idle(rt)
    assert log == [("b", "x")]


@pytest.mark.parametrize("behaviour", [Echo, Scripted])
@scenario
async def test_a_failed_replacement_is_the_askers(rt: Runtime, behaviour: Any) -> None:
    pid = await rt.start(*((Scripted, print) if behaviour is Scripted else (Echo,)))
    before = await system.get_state(pid)

    def failing(_state: object) -> object:
        raise ValueError("not I")

    await fails_with(ValueError, system.replace_state(pid, failing))
    wrong = await fails_with(TypeError, system.replace_state(pid, lambda _state: 42))
    assert "given to replace_state returned 42" in str(wrong)
    assert await system.get_state(pid) == before


# Who answers


@pytest.mark.parametrize("asking", ASKING)
@scenario
async def test_the_dead_do_not_answer(rt: Runtime, asking: str) -> None:
    pid = await rt.start(Echo)
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    for nobody in (pid, "nobody"):
        await fails_with(NoProcessError, ASKING[asking](nobody))


@pytest.mark.parametrize("asking", ASKING)
@scenario
async def test_a_process_with_a_body_of_its_own_is_not_asked(
    rt: Runtime, asking: str
) -> None:
    class Reader(Process):
        async def run(self) -> None:
            await self.receive(object)

    pid = await rt.start(Reader)
    refused = await fails_with(CallError, ASKING[asking](pid))
    assert refused.reason == ("no_system_messages", "Reader")
    assert "make it a GenServer" in str(refused)


@scenario
async def test_a_process_cannot_ask_itself(rt: Runtime) -> None:
    class Curious(GenServer):
        async def handle_call(self, _request: object, _caller: Call, /) -> CallOutcome:
            return reply(await system.get_state(self.pid))

    pid = await rt.start(Curious)
    ended = await fails_with(CallError, call(pid, "look"))
    assert isinstance(error_in(ended.reason), CallingSelfError)


@scenario
async def test_a_question_waits_for_its_turn(rt: Runtime) -> None:
    pid = await rt.start(Stubborn)
    asked = asyncio.ensure_future(system.get_state(pid, timeout=1.0))
    await advance(rt, 1.0)
    late = await fails_with(CallTimeoutError, asked)
    assert "has not answered within 1.0 s" in str(late)
    asked = asyncio.ensure_future(system.get_state(pid, timeout=None))
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    assert (await fails_with(CallError, asked)).reason == "killed"


# Suspending


@scenario
async def test_the_messages_of_a_suspended_process_wait_in_order(rt: Runtime) -> None:
    log: list[object] = []
    pid = await rt.start(Echo, log, "x")
    await system.suspend(pid)
    send(pid, 1)
    cast(pid, 2)
    asked = asyncio.ensure_future(call(pid, 3))
    await wait_until_idle(rt)
    send(pid, 4)
    await wait_until_idle(rt)
    assert log == [("started", "x")]
    assert not asked.done()
    assert (await system.get_state(pid))["label"] == "x"
    await system.resume(pid)
    assert await asked == 3
    await wait_until_idle(rt)
    assert log[1:] == [1, 2, 4]


@scenario
async def test_one_resume_undoes_every_suspend(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    await system.resume(pid)
    await system.suspend(pid)
    await system.suspend(pid)
    await system.resume(pid)
    assert await call(pid, "x") == "x"


class Parent(GenServer):
    """Starts a child, and ends when told to."""

    async def init(self, log: list[object]) -> None:
        self.child = await start_link(Trapping, log, "child")

    def handle_info(self, _message: object, /) -> Outcome:
        return stop_with("over")


@scenario
async def test_a_suspended_process_still_follows_its_parent(rt: Runtime) -> None:
    log: list[object] = []
    parent = await start(Parent, log)
    child = (await system.get_state(parent))["child"]
    await system.suspend(child)
    send_exit(child, "from a stranger")
    await wait_until_idle(rt)
    assert child.alive
    send(parent, "end")
    await wait_until_idle(rt)
    assert not child.alive
    assert log == [("started", "child"), ("terminated", "child", "over")]


@scenario
async def test_a_suspended_process_can_be_stopped_and_killed(rt: Runtime) -> None:
    log: list[object] = []
    pid = await rt.start(Echo, log, "x")
    await system.suspend(pid)
    await stop(pid, "shutdown")
    assert log == [("started", "x"), ("terminated", "x", "shutdown")]
    pid = await rt.start(Echo)
    await system.suspend(pid)
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert not pid.alive


@scenario
async def test_a_suspended_supervisor_restarts_nobody_until_it_is_resumed(
    rt: Runtime,
) -> None:
    top = await rt.start(Supervisor(), [ChildSpec("echo", Echo, name="echo")])
    await system.suspend(top)
    send_exit(pid_of("echo"), "kill")
    await wait_until_idle(rt)
    assert whereis("echo") is None
    await system.resume(top)
    await wait_until_idle(rt)
    assert pid_of("echo").alive


@scenario
async def test_the_timeout_of_a_suspended_machine_waits_with_the_rest(
    rt: Runtime,
) -> None:
    log: list[object] = []
    first = next_state("a", state_timeout(1.0))
    pid = await rt.start(Scripted, lambda _state, _event: None, log, first)
    await system.suspend(pid)
    await advance(rt, 2.0)
    send(pid, "x")
    assert log == []
    await system.resume(pid)
    await wait_until_idle(rt)
    assert log == [("a", StateTimeout()), ("a", "x")]


@scenario
async def test_a_question_does_not_end_the_wait_for_a_message(rt: Runtime) -> None:
    noted: list[object] = []

    class Idle(GenServer):
        def init(self) -> InitOutcome:
            return noreply(timeout=2.0)

        def handle_info(self, message: object, /) -> Outcome:
            noted.append(message)
            return None

    pid = await rt.start(Idle)
    await advance(rt, 1.0)
    await system.get_state(pid)
    await advance(rt, 1.0)
    assert noted == [Timeout()]


# Status


@scenario
async def test_a_status_says_who_it_is_and_whether_it_is_held(rt: Runtime) -> None:
    pid = await rt.start(Echo, None, "x", name="echo")
    status = await system.get_status("echo")
    assert (status.pid, status.name, status.kind) == (pid, "echo", "Echo")
    assert (status.status, status.mailbox, status.traced) == ("running", 0, False)
    assert status.parent is rt.root.pid
    assert status.state == {"log": [("started", "x")], "label": "x"}
    await system.suspend(pid)
    send(pid, 1)
    await system.trace(pid, lambda _event: None)
    status = await system.get_status(pid)
    assert (status.status, status.mailbox, status.traced) == ("suspended", 1, True)
