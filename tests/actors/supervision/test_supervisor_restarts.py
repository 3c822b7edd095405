"""How often, when and with whom a supervisor restarts."""

from __future__ import annotations

from exmc.actors import (
    Backoff,
    Outcome,
    Pid,
    Reason,
    Runtime,
    Supervisor,
    mark_progress,
    noreply,
    send_exit,
    stop,
    terminate_child,
    which_children,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.family import Family, Hanging, Member, end, kill, pid_of
from tests.actors.scenario import advance, during, scenario


@scenario
async def test_a_killed_supervisor_takes_its_children_with_it(rt: Runtime) -> None:
    pid = await rt.start(Supervisor(), Family().specs("abc"))
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert rt.processes == ()


@scenario
async def test_a_supervisor_answers_between_restarts_that_fail(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("a", behaviour=Hanging.of(rt))
    begun = rt.start(Supervisor(max_restarts=100), specs)
    pid = await during(rt, begun, 1.0)
    family.refusing["a"] = 50
    await kill(rt, "a")
    asked = which_children(pid)
    [child] = await during(rt, asked, 1.0)
    assert child.pid == "restarting"
    stopping = stop(pid, "shutdown")
    await during(rt, stopping, 1.0)
    assert not pid.alive


# Delays


@scenario
async def test_a_restart_may_be_delayed_and_the_delay_grows(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("a", backoff=Backoff(1.0, 10.0, 2.0))
    pid = await rt.start(Supervisor(max_restarts=9, max_seconds=100), specs)
    for delay in (1.0, 2.0, 4.0, 8.0, 10.0):
        await kill(rt, "a")
        await advance(rt, delay - 0.1)
        [child] = await which_children(pid)
        assert child.pid == "restarting"
        await advance(rt, 0.1)
        assert pid_of("a").alive


class Getting(Member):
    """Says that it gets on when it is told to."""

    def handle_cast(self, reason: Reason, /) -> Outcome:
        if reason == "get on":
            mark_progress()
            return noreply()
        return super().handle_cast(reason)


@scenario
async def test_progress_resets_the_delay_and_the_count_of_restarts(
    rt: Runtime,
) -> None:
    family = Family()
    specs = family.specs("a", behaviour=Getting, backoff=Backoff(1.0, 10.0, 2.0))
    pid = await rt.start(Supervisor(max_restarts=2, max_seconds=1000.0), specs)
    for _ in range(5):
        for delay in (1.0, 2.0):
            await kill(rt, "a")
            await advance(rt, delay)
            assert pid_of("a").alive
        await end(rt, "a", "get on")
    assert pid.alive


@scenario
async def test_the_progress_of_one_child_does_not_excuse_another(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("ab", behaviour=Getting)
    pid = await rt.start(Supervisor(max_restarts=2, max_seconds=1000.0), specs)
    for _ in range(3):
        await kill(rt, "a")
        if pid.alive:
            await end(rt, "b", "get on")
    assert not pid.alive


@scenario
async def test_progress_without_a_supervisor_means_nothing(rt: Runtime) -> None:
    mark_progress()
    await wait_until_idle(rt)
    assert list(rt.reports) == []


@scenario
async def test_a_delayed_group_waits_together(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("abc", backoff=Backoff(1.0, 1.0))
    pid = await rt.start(Supervisor("rest_for_one"), specs)
    family.taken()
    await kill(rt, "b")
    assert [c.pid for c in await which_children(pid)][1:] == ["restarting"] * 2
    await advance(rt, 1.0)
    assert family.taken() == [("stop", "c"), ("start", "b"), ("start", "c")]


@scenario
async def test_a_failure_further_up_takes_over_a_restart_that_waits(
    rt: Runtime,
) -> None:
    family = Family()
    specs = family.specs("abc", backoff=Backoff(1.0, 1.0))
    await rt.start(Supervisor("rest_for_one"), specs)
    family.taken()
    await kill(rt, "c")
    await advance(rt, 0.5)
    await kill(rt, "a")
    await advance(rt, 0.5)
    assert family.taken() == [("stop", "b")]
    await advance(rt, 0.5)
    assert family.taken() == [("start", name) for name in "abc"]


@scenario
async def test_a_supervisor_may_be_stopped_while_a_restart_waits(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("a", backoff=Backoff(1.0, 1.0))
    pid = await rt.start(Supervisor(), specs)
    await kill(rt, "a")
    await stop(pid)
    await advance(rt, 5.0)
    assert family.taken() == [("start", "a")]


@scenario
async def test_nobody_waits_for_a_restart_that_was_called_off(rt: Runtime) -> None:
    family = Family()
    specs = family.specs("abc", backoff=Backoff(1.0, 1.0))
    pid = await rt.start(Supervisor("rest_for_one"), specs)
    family.taken()
    await kill(rt, "a")
    await terminate_child(pid, "a")
    await wait_until_idle(rt)
    down, *others = await which_children(pid)
    assert down.pid is None
    assert all(isinstance(child.pid, Pid) for child in others)


@scenario
async def test_a_restart_waits_on_if_one_of_its_group_is_called_off(
    rt: Runtime,
) -> None:
    family = Family()
    specs = family.specs("abc", backoff=Backoff(1.0, 1.0))
    pid = await rt.start(Supervisor("one_for_all"), specs)
    family.taken()
    await kill(rt, "a")
    await terminate_child(pid, "b")
    await advance(rt, 0.9)
    assert family.taken() == [("stop", "c"), ("stop", "b")]
    await advance(rt, 0.1)
    assert family.taken() == [("start", "a"), ("start", "c")]
