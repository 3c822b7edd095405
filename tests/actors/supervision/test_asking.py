from __future__ import annotations

from typing import Any

import pytest

from exmc.actors import (
    ActorError,
    Backoff,
    BadChildSpecError,
    ChildError,
    GenServer,
    NoProcessError,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    delete_child,
    mark_progress,
    restart_child,
    start_child,
    start_link,
    stop,
    terminate_child,
    which_children,
)
from exmc.actors.supervision.asking import accepted, running
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import Family, end, kill, pid_of, pids
from tests.actors.scenario import advance, fails_with, scenario


async def states(supervisor: Pid) -> list[tuple[object, object]]:
    """Id and state of each child; the pid of one that runs is told by its name."""
    listed = await which_children(supervisor)
    known = {pid: name for name, pid in pids("abcdef").items() if pid is not None}
    return [
        (c.id, known.get(c.pid, c.pid) if isinstance(c.pid, Pid) else c.pid)
        for c in listed
    ]


@scenario
async def test_a_child_can_be_added(rt: Runtime) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("a"))
    pid = await start_child(supervisor, family.spec("b"))
    assert pid is pid_of("b")
    assert await states(supervisor) == [("a", "a"), ("b", "b")]
    await stop(supervisor)
    assert family.log[2:] == [("stop", "b"), ("stop", "a")]


@scenario
async def test_a_child_that_does_not_start_is_not_kept(rt: Runtime) -> None:
    family = Family(refusing={"b": 1})
    supervisor = await rt.start(Supervisor(), family.specs("a"))
    error = await fails_with(StartError, start_child(supervisor, family.spec("b")))
    assert repr(error.reason) == "('error', ValueError('b'))"
    assert await states(supervisor) == [("a", "a")]


@scenario
async def test_a_child_at_rest_can_be_deleted(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor(), Family().specs("ab", restart="transient"))
    await terminate_child(supervisor, "a")
    await delete_child(supervisor, "a")
    await end(rt, "b", "normal")
    await delete_child(supervisor, "b")
    assert await states(supervisor) == []


@scenario
async def test_a_restart_that_does_not_start_says_why(rt: Runtime) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("a"))
    await terminate_child(supervisor, "a")
    family.refusing["a"] = 1
    await fails_with(StartError, restart_child(supervisor, "a"))
    assert await states(supervisor) == [("a", None)]


@scenario
async def test_a_child_whose_restart_waits_can_only_be_terminated(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", backoff=Backoff(1.0, 1.0))
    supervisor = await rt.start(Supervisor(), specs)
    await kill(rt, "a")
    for request in (restart_child, delete_child):
        error = await fails_with(ChildError, request(supervisor, "a"))
        assert error.reason == "restarting"
    await terminate_child(supervisor, "a")
    await advance(rt, 5.0)
    assert await states(supervisor) == [("a", None)]


@scenario
async def test_the_failures_of_a_child_are_shown(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor(), Family().specs("ab"))
    await kill(rt, "a")
    await kill(rt, "a")
    shown = [(c.id, c.type, c.failures) for c in await which_children(supervisor)]
    assert shown == [("a", "worker", 2), ("b", "worker", 0)]


@scenario
async def test_a_supervisor_survives_requests_that_make_no_sense(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor(), Family().specs("a"))
    nonsense: Any = ["a"]
    await fails_with(BadChildSpecError, start_child(supervisor, nonsense))
    for request in (terminate_child, restart_child, delete_child):
        error = await fails_with(ChildError, request(supervisor, nonsense))
        assert error.reason == "not_found"
    assert await states(supervisor) == [("a", "a")]


@scenario
async def test_progress_is_told_to_supervisors_only(rt: Runtime) -> None:
    class Child(GenServer):
        def init(self) -> None:
            mark_progress()

    class Parent(Echo):
        async def init(self, log: list[object]) -> None:  # type: ignore[override]  # the base need not wait
            super().init(log)
            await start_link(Child)

    log: list[object] = []
    await rt.start(Parent, log)
    await wait_until_idle(rt)
    assert log == [("started", None)]


@scenario
async def test_a_dead_supervisor_answers_nothing(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor())
    await stop(supervisor)
    await fails_with(NoProcessError, which_children(supervisor))


@pytest.mark.parametrize("reason", ["running", ("already_started", Pid(1))])
def test_a_refusal_is_raised(reason: Reason) -> None:
    with pytest.raises(ChildError):
        accepted(ChildError("a", reason))
    answer: int | ActorError = 3
    assert accepted(answer) == 3


def test_a_child_without_a_process_has_not_started() -> None:
    with pytest.raises(StartError, match="Child 'a' did not start: 'ignore'"):
        running(None, "a")
