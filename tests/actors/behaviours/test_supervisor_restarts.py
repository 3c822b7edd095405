"""Whom a supervisor restarts, after which ends, with whom, and how often."""

from __future__ import annotations

from exmc.actors import (
    ChildSpec,
    Down,
    DynamicSupervisor,
    Pid,
    Reason,
    Runtime,
    Supervisor,
    monitor,
    start_child,
    stop,
    whereis,
    which_children,
)
from exmc.actors.supervision.strategy import Strategy
from exmc.actors.testing import wait_until_idle
from tests.actors.behaviours.numbered import behaviour
from tests.actors.family import Family, changed, end, kill, pid_of, pids
from tests.actors.scenario import advance, scenario

ORDERLY: tuple[Reason, ...] = ("normal", "shutdown", ("shutdown", "with a detail"))


async def begin(
    rt: Runtime, names: str, strategy: Strategy = "one_for_one"
) -> tuple[Family, Pid]:
    """A supervisor with a child for each letter; what they noted is forgotten."""
    family = Family()
    supervisor = Supervisor(strategy, max_restarts=100)
    pid = await rt.start(supervisor, family.specs(names))
    family.taken()
    return family, pid


async def listed(supervisor: Pid) -> list[object]:
    """The ids of the children, and None in place of one that does not run."""
    return [c.id if c.pid else None for c in await which_children(supervisor)]


@behaviour(3)
@scenario
async def test_a_permanent_child_is_restarted_after_any_end(rt: Runtime) -> None:
    await begin(rt, "ab")
    for reason in (*ORDERLY, "bad", ("error", ValueError("bad"))):
        before = pids("ab")
        await end(rt, "a", reason)
        assert changed(before) == "a"
        assert pid_of("a").alive
    await kill(rt, "a")
    assert pid_of("a").alive


@behaviour(4)
@scenario
async def test_a_transient_child_is_restarted_after_an_abnormal_end_only(
    rt: Runtime,
) -> None:
    for reason in ORDERLY:
        family = Family()
        static = await rt.start(Supervisor(), family.specs("ab", restart="transient"))
        dynamic = await rt.start(DynamicSupervisor())
        for name in "cd":
            await start_child(dynamic, family.spec(name, restart="transient"))
        before = pids("abcd")
        for name in "ac":
            await kill(rt, name)
            assert pid_of(name).alive
        assert changed(before) == "ac"
        for name in "ac":
            await end(rt, name, reason)
        assert await listed(static) == [None, "b"]
        assert [c.pid for c in await which_children(dynamic)] == [pid_of("d")]
        await stop(static)
        await stop(dynamic)


@behaviour(5)
@scenario
async def test_a_temporary_child_is_never_restarted_and_forgotten_at_once(
    rt: Runtime,
) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("ab", restart="temporary"))
    await end(rt, "a", "normal")
    await kill(rt, "b")
    assert await which_children(supervisor) == ()
    strategies: tuple[Strategy, ...] = ("one_for_all", "rest_for_one")
    for strategy in strategies:
        specs = [family.spec("a"), family.spec("b", restart="temporary")]
        supervisor = await rt.start(Supervisor(strategy), specs)
        await kill(rt, "a")
        assert await listed(supervisor) == ["a"]
        assert pids("b") == {"b": None}
        await stop(supervisor)


@behaviour(6)
@scenario
async def test_one_for_one_restarts_nobody_but_the_dead(rt: Runtime) -> None:
    family, _ = await begin(rt, "abc", "one_for_one")
    for name in "bac":
        before = pids("abc")
        await kill(rt, name)
        assert changed(before) == name
        assert pid_of(name).alive
        assert family.taken() == [("start", name)]


@behaviour(7)
@scenario
async def test_one_for_all_stops_the_others_and_restarts_everybody(
    rt: Runtime,
) -> None:
    family, _ = await begin(rt, "abc", "one_for_all")
    before = pids("abc")
    refs = [monitor("c"), monitor("a")]
    await kill(rt, "b")
    assert changed(before) == "abc"
    assert all(pid_of(name).alive for name in "abc")
    downs = [await rt.receive(Down), await rt.receive(Down)]
    assert [(d.ref, d.reason) for d in downs] == [(ref, "shutdown") for ref in refs]
    starts = [("start", name) for name in "abc"]
    assert family.taken() == [("stop", "c"), ("stop", "a"), *starts]


@behaviour(8)
@scenario
async def test_rest_for_one_restarts_the_dead_and_those_started_later(
    rt: Runtime,
) -> None:
    family, _ = await begin(rt, "abcd", "rest_for_one")
    before = pids("abcd")
    await kill(rt, "b")
    assert changed(before) == "bcd"
    assert all(pid_of(name).alive for name in "abcd")
    starts = [("start", name) for name in "bcd"]
    assert family.taken() == [("stop", "d"), ("stop", "c"), *starts]
    before = pids("abcd")
    await kill(rt, "d")
    assert changed(before) == "d"


@behaviour(9)
@scenario
async def test_one_restart_too_many_ends_the_children_and_their_supervisor(
    rt: Runtime,
) -> None:
    for tolerated in (0, 1, 3):
        family = Family()
        limit = Supervisor(max_restarts=tolerated, max_seconds=5.0)
        supervisor = await rt.start(limit, family.specs("ab"))
        ref = monitor(supervisor)
        for _ in range(tolerated):
            await kill(rt, "a")
        await advance(rt, 5.0)  # the ends of the window belong to it
        assert supervisor.alive
        family.taken()
        await kill(rt, "a")
        assert await rt.receive(Down, timeout=0) == Down(ref, supervisor, "shutdown")
        assert family.taken() == [("stop", "b")]
        assert rt.processes == ()


@behaviour(10)
@scenario
async def test_restarts_before_the_period_do_not_count(rt: Runtime) -> None:
    limit = Supervisor(max_restarts=1, max_seconds=5.0)
    supervisor = await rt.start(limit, Family().specs("ab"))
    for name in "ababab":
        await kill(rt, name)
        await advance(rt, 5.01)
    assert supervisor.alive
    await kill(rt, "a")
    await advance(rt, 4.99)
    await kill(rt, "b")
    assert not supervisor.alive


@behaviour(12)
@scenario
async def test_a_restart_that_fails_is_tried_again_while_others_are_answered(
    rt: Runtime,
) -> None:
    family = Family()
    patient = await rt.start(Supervisor(max_restarts=10**6), family.specs("a"))
    family.refusing["a"] = 10**6
    old = pid_of("a")
    await stop(old, "bad")
    for _ in range(10):
        [child] = await which_children(patient)
        assert child.pid == "restarting"
    assert 0 < 10**6 - family.refusing["a"] < 100
    await stop(patient, "shutdown")
    assert rt.processes == ()
    for tries, survives in ((3, True), (4, False)):
        family = Family()
        supervisor = await rt.start(Supervisor(max_restarts=3), family.specs("b"))
        family.refusing["b"] = tries - 1
        await kill(rt, "b")
        assert supervisor.alive is survives
        assert (whereis("b") is not None) is survives
        if survives:
            await stop(supervisor)


@behaviour(13)
@scenario
async def test_one_for_all_tries_the_whole_group_again(rt: Runtime) -> None:
    family, _ = await begin(rt, "abcd", "one_for_all")
    family.refusing["c"] = 1
    await kill(rt, "a")
    stopped = [("stop", name) for name in "dcb"]
    first = [("start", "a"), ("start", "b"), ("stop", "b"), ("stop", "a")]
    again = [("start", name) for name in "abcd"]
    assert family.taken() == [*stopped, *first, *again]
    assert all(pid_of(name).alive for name in "abcd")


@behaviour(14)
@scenario
async def test_rest_for_one_leaves_those_alone_that_were_restarted_already(
    rt: Runtime,
) -> None:
    family, _ = await begin(rt, "abcde", "rest_for_one")
    family.refusing["d"] = 2
    before = pids("abcde")
    await kill(rt, "b")
    assert changed(before) == "bcde"
    stopped = [("stop", name) for name in "edc"]
    assert family.taken() == [*stopped, *(("start", name) for name in "bcde")]


@behaviour(15)
@scenario
async def test_a_supervisor_that_gives_up_is_to_its_own_a_child_like_any_other(
    rt: Runtime,
) -> None:
    after: dict[object, object] = {}
    for restart in ("permanent", "transient", "temporary"):
        family = Family()
        static = ChildSpec(
            "static", Supervisor(max_restarts=0), (family.specs("ab"),), restart=restart
        )
        dynamic = ChildSpec(
            "dynamic", DynamicSupervisor(max_restarts=0), name="d", restart=restart
        )
        outer = await rt.start(Supervisor(), [static, dynamic])
        await start_child("d", family.spec("c"))
        for name in "bc":
            await kill(rt, name)
        after[restart] = (await listed(outer), [n for n, p in pids("abc").items() if p])
        await stop(outer)
    await wait_until_idle(rt)
    assert after == {
        "permanent": (["static", "dynamic"], ["a", "b"]),
        "transient": ([None, None], []),
        "temporary": ([], []),
    }
