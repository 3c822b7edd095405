"""How often, when and with whom a supervisor restarts."""

from __future__ import annotations

from exmc.actors import (
    Backoff,
    ChildSpec,
    Down,
    Outcome,
    Pid,
    Reason,
    Runtime,
    Supervisor,
    SupervisorReport,
    mark_progress,
    monitor,
    noreply,
    send_exit,
    stop,
    which_children,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.family import Family, Hanging, Member, end, kill, pid_of, pids
from tests.actors.scenario import advance, during, scenario

# Intensity


@scenario
async def test_one_restart_too_many_ends_the_children_and_the_supervisor(
    rt: Runtime,
) -> None:
    family = Family()
    pid = await rt.start(
        Supervisor(max_restarts=3, max_seconds=5.0), family.specs("ab")
    )
    ref = monitor(pid)
    for _ in range(3):
        await kill(rt, "a")
    assert pid.alive
    family.taken()
    await kill(rt, "a")
    assert await rt.receive(Down) == Down(ref, pid, "shutdown")
    assert family.taken() == [("stop", "b")]
    last = list(rt.reports)[-1]
    assert isinstance(last, SupervisorReport)
    assert (last.event, last.child) == ("gave_up", "a")


@scenario
async def test_the_first_restart_is_too_many_when_none_is_tolerated(
    rt: Runtime,
) -> None:
    pid = await rt.start(Supervisor(max_restarts=0), Family().specs("a"))
    await kill(rt, "a")
    assert not pid.alive


@scenario
async def test_restarts_longer_ago_than_the_period_do_not_count(rt: Runtime) -> None:
    pid = await rt.start(
        Supervisor(max_restarts=1, max_seconds=5.0), Family().specs("a")
    )
    for _ in range(5):
        await kill(rt, "a")
        await advance(rt, 5.1)
    assert pid.alive


@scenario
async def test_a_supervisor_that_gives_up_is_restarted_by_its_own(
    rt: Runtime,
) -> None:
    family = Family()
    inner = ChildSpec("inner", Supervisor(max_restarts=0), (family.specs("ab"),))
    outer = await rt.start(Supervisor(), [inner])
    [before] = await which_children(outer)
    await kill(rt, "b")
    [after] = await which_children(outer)
    assert isinstance(after.pid, Pid)
    assert after.pid is not before.pid
    notes = [*(("start", n) for n in "ab"), ("stop", "a")]
    assert family.taken() == [*notes, *(("start", n) for n in "ab")]


@scenario
async def test_a_transient_supervisor_that_gives_up_is_left_alone(
    rt: Runtime,
) -> None:
    inner = ChildSpec(
        "inner",
        Supervisor(max_restarts=0),
        (Family().specs("a"),),
        restart="transient",
    )
    outer = await rt.start(Supervisor(), [inner])
    await kill(rt, "a")
    [child] = await which_children(outer)
    assert child.pid is None
    assert pids("a") == {"a": None}


@scenario
async def test_a_killed_supervisor_takes_its_children_with_it(rt: Runtime) -> None:
    pid = await rt.start(Supervisor(), Family().specs("abc"))
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert rt.processes == ()


# Restarts that fail


@scenario
async def test_a_restart_that_fails_is_tried_again_and_each_try_counts(
    rt: Runtime,
) -> None:
    family = Family()
    pid = await rt.start(Supervisor(max_restarts=3), family.specs("a"))
    family.refusing["a"] = 2
    await kill(rt, "a")
    assert pid_of("a").alive
    family.refusing["a"] = 1
    await kill(rt, "a")
    assert not pid.alive


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


@scenario
async def test_one_for_all_tries_the_whole_group_again(rt: Runtime) -> None:
    family = Family()
    await rt.start(Supervisor("one_for_all"), family.specs("abc"))
    family.taken()
    family.refusing["c"] = 1
    await kill(rt, "a")
    first_try = [("start", "a"), ("start", "b"), ("stop", "b"), ("stop", "a")]
    again = [("start", name) for name in "abc"]
    assert family.taken() == [("stop", "c"), ("stop", "b"), *first_try, *again]


@scenario
async def test_rest_for_one_leaves_those_alone_that_were_restarted_already(
    rt: Runtime,
) -> None:
    family = Family()
    await rt.start(Supervisor("rest_for_one"), family.specs("abcd"))
    family.taken()
    family.refusing["c"] = 1
    await kill(rt, "b")
    stops = [("stop", "d"), ("stop", "c")]
    starts = [("start", name) for name in "bcd"]
    assert family.taken() == [*stops, *starts]


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
