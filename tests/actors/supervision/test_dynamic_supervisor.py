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
    InitOutcome,
    Pid,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    delete_child,
    ignore,
    restart_child,
    send_exit,
    start_child,
    stop,
    terminate_child,
    which_children,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.family import Family, changed, kill, pid_of, pids
from tests.actors.scenario import fails_with, scenario


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


@scenario
async def test_a_child_is_known_by_its_id_while_it_has_no_pid(rt: Runtime) -> None:
    family, pid = Family(), await rt.start(DynamicSupervisor())
    await start_child(pid, family.spec("a", backoff=Backoff(1.0, 1.0)))
    await kill(rt, "a")
    [child] = await which_children(pid)
    assert (child.id, child.pid) == (("a", 1), "restarting")
    error = await fails_with(ChildError, restart_child(pid, child.id))
    assert error.reason == "restarting"
    await terminate_child(pid, child.id)
    assert await which_children(pid) == ()


@scenario
async def test_a_child_whose_restart_says_ignore_is_forgotten(rt: Runtime) -> None:
    class Once(GenServer):
        def init(self, starts: list[int]) -> InitOutcome:
            starts.append(1)
            return ignore() if len(starts) > 1 else None

    pid = await rt.start(DynamicSupervisor())
    child = await start_child(pid, ChildSpec("a", Once, ([],)))
    send_exit(child, "kill")
    await wait_until_idle(rt)
    assert await which_children(pid) == ()
