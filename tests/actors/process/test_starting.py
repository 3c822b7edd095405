from __future__ import annotations

import asyncio
from typing import Any

import pytest

from exmc.actors import (
    BadBehaviourError,
    Exit,
    GenServer,
    InitOutcome,
    NoRuntimeError,
    Pid,
    Runtime,
    StartError,
    call,
    continue_with,
    ignore,
    send_exit,
    spawn,
    start,
    start_link,
    stop_with,
    whereis,
)
from exmc.actors.process.starting import Launch, launch, unless_ignored
from exmc.actors.server.server_conduct import ServerConduct
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Trapping
from tests.actors.scenario import during, fails_with, scenario


class Beginner(GenServer):
    """Begins in the way it is told."""

    def init(self, how: object) -> InitOutcome:
        match how:
            case BaseException():
                raise how
            case "ignore":
                return ignore()
            case "continue":
                self.said = "not yet"
                return continue_with("said")
            case str() | tuple():
                return stop_with(how)
            case _:
                return how  # type: ignore[return-value]  # no outcome at all

    def handle_continue(self, argument: object, /) -> None:
        self.said = str(argument)


class Sleeper(GenServer):
    """Takes its time to begin."""

    async def init(self, seconds: float, runtime: Runtime, log: list[str]) -> None:
        try:
            await runtime.clock.sleep(seconds)
        finally:
            log.append("woken")


def nothing_left(rt: Runtime) -> bool:
    return rt.processes == () and rt.root.links == {} and rt.root.watchers == {}


@scenario
async def test_a_start_returns_after_init() -> None:
    log = list[object]()
    await start_link(Echo, log, label="x")
    assert log == [("started", "x")]


@scenario
async def test_a_start_waits_for_an_init_that_waits(rt: Runtime) -> None:
    pid = await during(rt, start_link(Sleeper, 2.0, rt, list[str]()), 2.0)
    assert pid.alive


@scenario
async def test_only_start_link_ties_the_new_process_to_its_starter(
    rt: Runtime,
) -> None:
    alone, tied = await start(Echo), await start_link(Echo)
    assert list(rt.root.links) == [tied]
    assert alone.alive


@pytest.mark.parametrize("starting", [start, start_link])
@pytest.mark.parametrize("how", [ValueError("bad"), "no luck", ("shutdown", "later")])
@scenario
async def test_a_failed_init_fails_the_start_and_leaves_nothing(
    rt: Runtime, starting: object, how: Exception | str
) -> None:
    rt.trap_exit = True
    begin = start if starting is start else start_link
    error = await fails_with(StartError, begin(Beginner, how, name="beginner"))
    reason = ("error", how) if isinstance(how, Exception) else how
    assert error.reason == reason
    assert str(error) == f"Beginner did not start: {reason!r}."
    assert whereis("beginner") is None
    assert nothing_left(rt)
    assert await rt.receive(Exit, timeout=0) is None
    assert list(rt.reports) == []


@scenario
async def test_an_init_that_returns_no_outcome_fails_the_start() -> None:
    error = await fails_with(StartError, start(Beginner, 3))
    assert str(error.reason[1]) == (
        "Beginner.init returned 3; return nothing, continue_with(argument), "
        "stop_with(reason) or ignore()."
    )


@scenario
async def test_an_init_that_says_ignore_leaves_no_process(rt: Runtime) -> None:
    assert await launch(Launch(Beginner, ("ignore",))) is None
    error = await fails_with(StartError, start_link(Beginner, "ignore"))
    assert error.reason == "ignore"
    assert nothing_left(rt)


@scenario
async def test_what_init_continues_with_goes_before_every_message(
    rt: Runtime,
) -> None:
    pid = await start(Beginner, "continue")
    await wait_until_idle(rt)
    assert getattr(pid.target, "behaviour").said == "said"  # noqa: B009 (internal)


@scenario
async def test_a_taken_name_fails_the_start_without_a_trace(rt: Runtime) -> None:
    bearer = await rt.start(Echo, name="echo")
    log = list[object]()
    error = await fails_with(StartError, start(Echo, log, name="echo"))
    assert error.reason == ("already_started", bearer)
    assert log == []
    assert rt.processes == (bearer,)


@scenario
async def test_a_name_can_be_used_again_as_soon_as_its_bearer_is_dead() -> None:
    first = await start(Echo, name="echo")
    send_exit(first, "kill")
    second = await start(Echo, name="echo")
    assert whereis("echo") is second


@scenario
async def test_a_start_that_takes_too_long_kills_the_half_started(
    rt: Runtime,
) -> None:
    log = list[str]()
    begun = start_link(Sleeper, 9.0, rt, log, timeout=3.0, name="sleeper")
    error = await during(rt, fails_with(StartError, begun), 2.9, 0.1)
    assert error.reason == "timeout"
    assert log == ["woken"]
    assert nothing_left(rt)


@scenario
async def test_a_start_that_is_cancelled_kills_the_half_started(rt: Runtime) -> None:
    log = list[str]()
    starting = asyncio.ensure_future(start_link(Sleeper, 9.0, rt, log))
    await wait_until_idle(rt)
    starting.cancel()
    await wait_until_idle(rt)
    assert starting.cancelled()
    assert log == ["woken"]
    assert nothing_left(rt)


class Parent(GenServer):
    """Starts a sleeper in its own init."""

    async def init(self, rt: Runtime, log: list[str]) -> None:
        await start_link(Sleeper, 9.0, rt, log)


@scenario
async def test_a_starter_that_is_killed_takes_the_half_started_along(
    rt: Runtime,
) -> None:
    log = list[str]()
    starting = asyncio.ensure_future(start(Parent, rt, log))
    await wait_until_idle(rt)
    parent, sleeper = rt.processes
    send_exit(parent, "kill")
    await fails_with(StartError, starting)
    await wait_until_idle(rt)
    assert log == ["woken"]
    assert not sleeper.alive


@scenario
async def test_an_object_serves_as_a_template_for_many_processes() -> None:
    class Configured(GenServer):
        def __init__(self, value: int) -> None:
            self.value = value

    template = Configured(3)
    pids = [await start(template) for _ in range(2)]
    objects = [getattr(pid.target, "behaviour") for pid in pids]  # noqa: B009 (internal)
    assert [o.value for o in objects] == [3, 3]
    assert template not in objects
    assert objects[0] is not objects[1]


@scenario
async def test_an_unexpected_argument_of_init_is_the_reason() -> None:
    error = await fails_with(StartError, start(Trapping, wrong=1))
    assert "unexpected keyword argument 'wrong'" in str(error)
    error = await fails_with(StartError, start(GenServer, 1))
    assert "GenServer takes no arguments; define GenServer.init." in str(error)


def test_a_pid_that_runs_is_returned_as_it_is() -> None:
    assert unless_ignored(pid := Pid(1), Echo) is pid


def test_starting_outside_a_runtime_is_refused() -> None:
    async def main() -> None:
        await fails_with(NoRuntimeError, start(Echo))

    asyncio.run(main())


@scenario
async def test_a_process_can_be_called_as_soon_as_it_has_started() -> None:
    assert await call(await start(Echo), "hello") == "hello"


def a_function() -> None:
    """Nothing that can be started."""


@pytest.mark.parametrize("wrong", [object, a_function, Launch, 5, None])
@scenario
async def test_what_is_no_behaviour_is_refused_before_anything_is_made(
    rt: Runtime, wrong: Any
) -> None:
    for starting in (start, start_link, rt.start):
        error = await fails_with(BadBehaviourError, starting(wrong))
        assert "start a GenServer, Process or Supervisor class" in str(error)
        assert f"got {wrong!r}" in str(error)
    with pytest.raises(BadBehaviourError):
        spawn(wrong)
    assert rt.processes == ()


@scenario
async def test_what_is_no_behaviour_is_named_when_its_name_is_taken_too(
    rt: Runtime,
) -> None:
    await rt.start(Echo, name="echo")
    wrong: Any = 5
    error = await fails_with(StartError, start(wrong, name="echo"))
    assert str(error).startswith("int did not start: ('already_started'")


@scenario
async def test_a_behaviour_that_cannot_be_made_leaves_nothing(rt: Runtime) -> None:
    class Broken(GenServer):
        def make_conduct(self) -> ServerConduct:
            raise ValueError("no conduct")

    class Single(GenServer):
        def __copy__(self) -> Single:
            raise ValueError("no copy")

    await fails_with(ValueError, start(Broken))
    await fails_with(ValueError, start_link(Single()))
    assert rt.processes == ()
