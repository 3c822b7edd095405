from __future__ import annotations

import pytest

from exmc.actors import (
    GenServer,
    NameTakenError,
    NoProcessError,
    NoRuntimeError,
    Runtime,
    call,
    register,
    reply,
    self_pid,
    send_exit,
    start,
    unregister,
    whereis,
)
from exmc.actors.process.here import find, give_name, here, living, locate, refusal
from exmc.actors.server.outcome import CallOutcome
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


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
