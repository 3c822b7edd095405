from __future__ import annotations

import asyncio

import pytest

from exmc.actors import (
    Backoff,
    BadChildSpecError,
    ChildError,
    ChildSpec,
    DynamicSupervisor,
    GenServer,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    count_children,
    delete_child,
    restart_child,
    send_exit,
    start_child,
    stop,
    terminate_child,
    which_children,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import Family, changed, end, kill, pid_of, pids
from tests.actors.scenario import during, fails_with, scenario


async def family_of(
    rt: Runtime, names: str, supervisor: Supervisor | None = None
) -> tuple[Family, Pid]:
    family = Family()
    pid = await rt.start(supervisor or DynamicSupervisor())
    for name in names:
        await start_child(pid, family.spec(name))
    return family, pid


@scenario
async def test_children_may_share_an_id(rt: Runtime) -> None:
    pid = await rt.start(DynamicSupervisor())
    children = [await start_child(pid, ChildSpec("echo", Echo)) for _ in range(3)]
    assert [c.pid for c in await which_children(pid)] == children
    assert [c.id for c in await which_children(pid)] == [("echo", n) for n in (1, 2, 3)]


@scenario
async def test_each_child_is_restarted_on_its_own(rt: Runtime) -> None:
    await family_of(rt, "abc")
    before = pids("abc")
    await kill(rt, "b")
    assert changed(before) == "b"
    assert pid_of("b").alive


@scenario
async def test_a_child_that_has_ended_for_good_leaves_no_spec(rt: Runtime) -> None:
    family, pid = Family(), await rt.start(DynamicSupervisor())
    await start_child(pid, family.spec("a", restart="transient"))
    await start_child(pid, family.spec("b", restart="temporary"))
    await end(rt, "a", "normal")
    await kill(rt, "b")
    assert await which_children(pid) == ()


@scenario
async def test_a_child_is_terminated_by_its_pid_and_forgotten(rt: Runtime) -> None:
    family, pid = await family_of(rt, "ab")
    await terminate_child(pid, pid_of("a"))
    assert [c.pid for c in await which_children(pid)] == [pid_of("b")]
    assert family.log[-1] == ("stop", "a")


@scenario
async def test_the_pid_of_a_stranger_is_not_found(rt: Runtime) -> None:
    _, pid = await family_of(rt, "a")
    for request in (terminate_child, restart_child, delete_child):
        error = await fails_with(ChildError, request(pid, rt.root.pid))
        assert error.reason == "not_found"


class Slow(GenServer):
    """Takes a while to end."""

    trap_exit = True

    def init(self, rt: Runtime, seconds: float) -> None:
        self.clock, self.seconds = rt.clock, seconds

    async def terminate(self, _reason: Reason, /) -> None:
        await self.clock.sleep(self.seconds)


@scenario
async def test_stopping_takes_as_long_as_the_slowest_child(rt: Runtime) -> None:
    pid = await rt.start(DynamicSupervisor())
    for seconds in (1.0, 3.0, 2.0):
        await start_child(pid, ChildSpec("slow", Slow, (rt, seconds)))
    await during(rt, stop(pid), 1.0, 1.0, 1.0)


@scenario
async def test_children_that_do_not_obey_are_killed_together(rt: Runtime) -> None:
    pid = await rt.start(DynamicSupervisor())
    for _ in range(10):
        await start_child(pid, ChildSpec("slow", Slow, (rt, 1e9)))
    await during(rt, stop(pid), 4.9, 0.1)
    assert rt.processes == ()


@scenario
async def test_only_so_many_children_are_accepted(rt: Runtime) -> None:
    family, pid = await family_of(rt, "ab", DynamicSupervisor(max_children=2))
    error = await fails_with(ChildError, start_child(pid, family.spec("c")))
    assert error.reason == "max_children"
    await terminate_child(pid, pid_of("a"))
    await start_child(pid, family.spec("c"))


@scenario
async def test_a_child_that_is_being_restarted_takes_its_place(rt: Runtime) -> None:
    family, pid = Family(), await rt.start(DynamicSupervisor(max_children=1))
    await start_child(pid, family.spec("a", backoff=Backoff(1.0, 1.0)))
    await kill(rt, "a")
    error = await fails_with(ChildError, start_child(pid, family.spec("b")))
    assert error.reason == "max_children"
    count = await count_children(pid)
    assert (count.specs, count.active) == (1, 0)


@scenario
async def test_one_restart_too_many_ends_the_supervisor(rt: Runtime) -> None:
    _, pid = await family_of(rt, "ab", DynamicSupervisor(max_restarts=1))
    await kill(rt, "a")
    await kill(rt, "b")
    assert not pid.alive
    assert rt.processes == ()


@scenario
async def test_dynamic_children_are_gone_after_a_restart_of_their_supervisor(
    rt: Runtime,
) -> None:
    inner = ChildSpec("inner", DynamicSupervisor(), name="inner")
    await rt.start(Supervisor(), [inner])
    await start_child("inner", Family().spec("a"))
    send_exit(pid_of("inner"), "kill")
    await wait_until_idle(rt)
    assert await which_children("inner") == ()
    assert pids("a") == {"a": None}


@scenario
async def test_a_child_that_does_not_start_is_not_kept(rt: Runtime) -> None:
    family, pid = Family(refusing={"a": 1}), await rt.start(DynamicSupervisor())
    await fails_with(StartError, start_child(pid, family.spec("a")))
    assert await which_children(pid) == ()


@pytest.mark.slow
@pytest.mark.timeout(60)
@scenario
async def test_temporary_children_leave_nothing_behind(rt: Runtime) -> None:
    pid = await rt.start(DynamicSupervisor())
    block = pid.target
    assert block is not None
    for _ in range(2000):
        child = await start_child(pid, ChildSpec("a", Echo, restart="temporary"))
        send_exit(child, "kill")
    await wait_until_idle(rt)
    assert await which_children(pid) == ()
    assert len(getattr(block, "links")) == 1  # noqa: B009 (internal)
    assert getattr(block, "holdings") == {}  # noqa: B009 (internal)
    assert len(rt.processes) == 1


@scenario
async def test_a_supervisor_that_is_killed_while_it_stops_leaves_nobody(
    rt: Runtime,
) -> None:
    pid = await rt.start(DynamicSupervisor())
    await start_child(pid, ChildSpec("slow", Slow, (rt, 3.0)))
    stopping = asyncio.ensure_future(stop(pid))
    await wait_until_idle(rt)
    send_exit(pid, "kill")
    await wait_until_idle(rt)
    assert not pid.alive
    assert await asyncio.gather(stopping, return_exceptions=True)
    await wait_until_idle(rt)


def test_a_negative_number_of_children_is_refused() -> None:
    with pytest.raises(
        BadChildSpecError, match="max_children must be at least 0, got -1"
    ):
        DynamicSupervisor(max_children=-1)
