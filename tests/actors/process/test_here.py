from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest

from exmc.actors import (
    BadAddressError,
    GenServer,
    NameTakenError,
    NoProcessError,
    NoRuntimeError,
    Pid,
    Runtime,
    call,
    cast,
    link,
    monitor,
    register,
    reply,
    self_pid,
    send,
    send_after,
    send_exit,
    spawn,
    start,
    unregister,
    whereis,
)
from exmc.actors.process.here import find, give_name, here, living, locate, refusal
from exmc.actors.server.outcome import CallOutcome
from tests.actors.actors import Echo
from tests.actors.scenario import fails_with, scenario


def test_outside_a_runtime_there_is_no_process() -> None:
    with pytest.raises(NoRuntimeError, match="Not inside a runtime; call this from a"):
        here()


class Namer(GenServer):
    """Registers itself under the names it is asked to."""

    def handle_call(self, request: object, _caller: object, /) -> CallOutcome:
        if isinstance(request, str):
            register(request)
        else:
            unregister()
        return reply(self_pid())


@scenario
async def test_a_process_knows_its_own_pid(rt: Runtime) -> None:
    pid = await start(Namer)
    assert await call(pid, "me") is pid
    assert self_pid() is rt.root.pid


@scenario
async def test_a_process_can_take_a_name_and_give_it_up(rt: Runtime) -> None:
    pid = await rt.start(Namer)
    await call(pid, "me")
    assert whereis("me") is pid
    await call("me", None)
    assert whereis("me") is None
    await call(pid, "another")
    assert whereis("another") is pid


@scenario
async def test_a_name_that_is_taken_is_refused_with_its_bearer(rt: Runtime) -> None:
    await rt.start(Echo, name="echo")
    with pytest.raises(
        NameTakenError, match=r"<0.0> cannot take the name 'echo': <0.1> is registered"
    ):
        register("echo")


@scenario
async def test_a_process_has_one_name(rt: Runtime) -> None:
    register("first")
    with pytest.raises(
        NameTakenError,
        match=r"<0.0> cannot take the name 'second': <0.0> is registered as 'first'",
    ):
        register("second")
    unregister()
    unregister()
    assert rt.root.name is None


@scenario
async def test_an_address_is_a_pid_or_a_name(rt: Runtime) -> None:
    pid = await rt.start(Echo, name="echo")
    assert locate(pid) is pid
    assert locate("echo") is pid
    assert locate("nobody") is None
    assert living("echo").pid is pid


@scenario
async def test_nobody_lives_under_the_address_of_the_dead(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    send_exit(pid, "kill")
    with pytest.raises(NoProcessError, match=r"There is no process <0\.1>; it has"):
        living(pid)
    with pytest.raises(NoProcessError, match="There is no process 'nobody'; it has"):
        living("nobody")


@scenario
async def test_an_address_is_looked_up_in_a_certain_runtime(rt: Runtime) -> None:
    pid = await rt.start(Echo, name="echo")
    assert find(rt.kernel, pid) is pid
    assert find(rt.kernel, "echo") is pid
    assert find(rt.kernel, "nobody") is None


@scenario
async def test_a_name_is_refused_while_somebody_bears_it(rt: Runtime) -> None:
    assert refusal(rt.kernel, "root") is None
    give_name(rt.root, "root")
    assert refusal(rt.kernel, "root") == ("already_started", rt.root.pid)
    assert (whereis("root"), rt.root.name) == (rt.root.pid, "root")
    unregister()
    assert refusal(rt.kernel, "root") is None


DOINGS: list[Callable[[Pid], object]] = [
    lambda _: spawn(Echo),
    lambda _: register("thread"),
    lambda _: whereis("thread"),
    lambda pid: send_after(0.0, pid, 1),
    lambda _: send("thread", 1),
    monitor,
    link,
    lambda pid: send_exit(pid, "kill"),
    lambda _: asyncio.run(start(Echo)),
    lambda pid: asyncio.run(call(pid, 1)),
]


@scenario
async def test_nothing_is_done_in_another_thread_that_has_copied_the_context(
    rt: Runtime,
) -> None:
    pid = await rt.start(Echo)
    for doing in DOINGS:
        error = await fails_with(NoRuntimeError, asyncio.to_thread(doing, pid))
        assert "on another thread than the runtime's; use what Runtime.from_" in str(
            error
        )
    assert rt.processes == (pid,)
    assert rt.root.name is None
    assert await call(pid, 1) == 1


NO_ADDRESSES: list[Any] = [5, None, Echo, ("a", "b"), []]


@pytest.mark.parametrize("wrong", NO_ADDRESSES)
@scenario
async def test_what_is_no_address_is_named_with_the_remedy(
    rt: Runtime, wrong: Any
) -> None:
    said = re.escape(f"{wrong!r} is no address; give a pid, a registered name (a str)")
    with pytest.raises(BadAddressError, match=said):
        send(wrong, 1)
    with pytest.raises(BadAddressError, match=said):
        cast(wrong, 1)
    with pytest.raises(BadAddressError, match=said):
        await call(wrong, 1)
    for looking in (whereis, monitor, locate, living):
        with pytest.raises(BadAddressError, match=said):
            looking(wrong)
    with pytest.raises(BadAddressError, match=said):
        find(rt.kernel, wrong)


@pytest.mark.parametrize("wrong", [5, Echo, ("a", "b"), []])
@scenario
async def test_what_is_no_name_is_given_to_nobody(rt: Runtime, wrong: Any) -> None:
    said = re.escape(f"{wrong!r} is no name; give a str")
    with pytest.raises(BadAddressError, match=said):
        await start(Echo, name=wrong)
    with pytest.raises(BadAddressError, match=said):
        register(wrong)
    with pytest.raises(BadAddressError, match=said):
        refusal(rt.kernel, wrong)
    assert rt.processes == ()
    assert rt.root.name is None
