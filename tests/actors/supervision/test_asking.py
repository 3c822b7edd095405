from __future__ import annotations

import pytest

from exmc.actors import (
    ActorError,
    Backoff,
    BadChildSpecError,
    ChildCount,
    ChildError,
    ChildSpec,
    GenServer,
    InitOutcome,
    NoProcessError,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    count_children,
    delete_child,
    ignore,
    restart_child,
    start_child,
    stop,
    terminate_child,
    which_children,
)
from exmc.actors.supervision.asking import accepted, running
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
async def test_a_child_of_a_known_id_is_refused(rt: Runtime) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("a"))
    error = await fails_with(ChildError, start_child(supervisor, family.spec("a")))
    assert error.reason == ("already_started", pid_of("a"))
    await terminate_child(supervisor, "a")
    error = await fails_with(ChildError, start_child(supervisor, family.spec("a")))
    assert error.reason == "already_present"
    assert str(error) == "Child 'a': 'already_present'."


@scenario
async def test_a_child_that_does_not_start_is_not_kept(rt: Runtime) -> None:
    family = Family(refusing={"b": 1})
    supervisor = await rt.start(Supervisor(), family.specs("a"))
    error = await fails_with(StartError, start_child(supervisor, family.spec("b")))
    assert repr(error.reason) == "('error', ValueError('b'))"
    assert await states(supervisor) == [("a", "a")]


@scenario
async def test_a_significant_child_is_refused_where_it_cannot_matter(
    rt: Runtime,
) -> None:
    spec = Family().spec("a", restart="transient", significant=True)
    supervisor = await rt.start(Supervisor())
    await fails_with(BadChildSpecError, start_child(supervisor, spec))
    assert await states(supervisor) == []


class Shy(GenServer):
    def init(self) -> InitOutcome:
        return ignore()


@scenario
async def test_a_child_that_says_ignore_is_kept_without_a_process(
    rt: Runtime,
) -> None:
    supervisor = await rt.start(Supervisor())
    error = await fails_with(StartError, start_child(supervisor, ChildSpec("s", Shy)))
    assert error.reason == "ignore"
    assert await states(supervisor) == [("s", None)]


@scenario
async def test_a_terminated_child_keeps_its_spec_and_can_be_restarted(
    rt: Runtime,
) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("ab"))
    await terminate_child(supervisor, "a")
    await terminate_child(supervisor, "a")
    assert await states(supervisor) == [("a", None), ("b", "b")]
    pid = await restart_child(supervisor, "a")
    assert pid is pid_of("a")
    assert await states(supervisor) == [("a", "a"), ("b", "b")]


@scenario
async def test_a_terminated_temporary_child_loses_its_spec(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor(), Family().specs("a", restart="temporary"))
    await terminate_child(supervisor, "a")
    assert await states(supervisor) == []


@scenario
async def test_terminating_does_not_count_as_a_failure(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor(max_restarts=0), Family().specs("a"))
    for _ in range(3):
        await terminate_child(supervisor, "a")
        await restart_child(supervisor, "a")
    assert supervisor.alive


@scenario
async def test_a_running_child_can_neither_be_restarted_nor_deleted(
    rt: Runtime,
) -> None:
    supervisor = await rt.start(Supervisor(), Family().specs("a"))
    for request in (restart_child, delete_child):
        error = await fails_with(ChildError, request(supervisor, "a"))
        assert error.reason == "running"


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
async def test_an_unknown_child_is_not_found(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor())
    for request in (terminate_child, restart_child, delete_child):
        error = await fails_with(ChildError, request(supervisor, "x"))
        assert error.reason == "not_found"


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
async def test_children_are_counted_by_state_and_type(rt: Runtime) -> None:
    family = Family()
    specs = [
        family.spec("a", backoff=Backoff(1.0, 1.0)),
        family.spec("b", restart="transient"),
        ChildSpec("inner", Supervisor()),
    ]
    supervisor = await rt.start(Supervisor(), specs)
    assert await count_children(supervisor) == ChildCount(3, 3, 1, 2)
    await kill(rt, "a")
    await end(rt, "b", "normal")
    assert await count_children(supervisor) == ChildCount(3, 1, 1, 2)


@scenario
async def test_the_failures_of_a_child_are_shown(rt: Runtime) -> None:
    supervisor = await rt.start(Supervisor(), Family().specs("ab"))
    await kill(rt, "a")
    await kill(rt, "a")
    shown = [(c.id, c.type, c.failures) for c in await which_children(supervisor)]
    assert shown == [("a", "worker", 2), ("b", "worker", 0)]


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
