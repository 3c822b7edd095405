"""How a supervisor starts and stops its children, and itself."""

from __future__ import annotations

import asyncio

from exmc.actors import (
    ChildSpec,
    Down,
    DynamicSupervisor,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    SupervisorReport,
    cast,
    monitor,
    send_exit,
    start,
    start_child,
    stop,
    unlink,
    whereis,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Stubborn
from tests.actors.behaviours.numbered import behaviour
from tests.actors.family import Family, Member, pid_of, slow
from tests.actors.scenario import during, fails_with, scenario


async def ends(rt: Runtime, *names: str) -> dict[str, Reason]:
    """Why the processes of these names ended, from monitors set before."""
    reasons = {}
    for name in names:
        down = await rt.receive(Down, timeout=0)
        assert down is not None
        reasons[name] = down.reason
    return reasons


@behaviour(1)
@scenario
async def test_children_start_in_order_and_stop_in_reverse_one_by_one(
    rt: Runtime,
) -> None:
    family = Family()

    class Noting(Member):
        async def terminate(self, _reason: Reason, /) -> None:  # type: ignore[override]  # the base does not wait
            family.log.append((self.name, living()))
            await rt.clock.sleep(1.0)
            family.log.append((self.name, living()))

    def living() -> str:
        return "".join(name for name in "abc" if whereis(name))

    supervisor = await rt.start(Supervisor(), family.specs("abc", behaviour=Noting))
    assert family.taken() == [("start", name) for name in "abc"]
    await during(rt, stop(supervisor, "shutdown"), 1.0, 1.0, 1.0)
    notes = [("c", "abc"), ("b", "ab"), ("a", "a")]
    assert family.taken() == [note for note in notes for _ in range(2)]


@behaviour(2)
@scenario
async def test_a_child_that_fails_to_start_undoes_the_start_of_all(
    rt: Runtime,
) -> None:
    for failing, undone in (("a", ""), ("b", "a"), ("c", "ba")):
        family = Family(refusing={failing: 1})
        starting = start(Supervisor(), family.specs("abc"), name="family")
        error = await fails_with(StartError, starting)
        assert isinstance(error.reason, tuple)
        shutdown, (what, child, reason) = error.reason
        assert (shutdown, what, child) == ("shutdown", "failed_to_start_child", failing)
        assert repr(reason) == f"('error', ValueError('{failing}'))"
        starts = [("start", name) for name in reversed(undone)]
        assert family.log == [*starts, *(("stop", name) for name in undone)]
        assert rt.processes == ()
        assert [name for name in ("family", *"abc") if whereis(name)] == []


@behaviour(16)
@scenario
async def test_a_child_that_has_not_obeyed_in_time_is_killed(rt: Runtime) -> None:
    family = Family()
    specs = [
        family.spec("obeys"),
        family.spec("takes_its_time", behaviour=slow(rt, 3.0), shutdown=3.5),
        ChildSpec("stubborn", Stubborn, name="stubborn", shutdown=7.0),
    ]
    supervisor = await rt.start(Supervisor(), specs)
    for name in ("stubborn", "takes_its_time", "obeys"):
        monitor(name)
    await during(rt, stop(supervisor, "shutdown"), 6.9, 0.1, 3.0)
    assert await ends(rt, "stubborn", "takes_its_time", "obeys") == {
        "stubborn": "killed",
        "takes_its_time": "shutdown",
        "obeys": "shutdown",
    }


@behaviour(17)
@scenario
async def test_a_brutal_kill_is_at_once_and_without_terminate(rt: Runtime) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("a", shutdown="brutal_kill"))
    monitor("a")
    await stop(supervisor, "shutdown")
    assert await ends(rt, "a") == {"a": "killed"}
    assert family.log == [("start", "a")]
    assert list(rt.reports) == []


@behaviour(18)
@scenario
async def test_a_shutdown_of_infinity_waits_however_long(rt: Runtime) -> None:
    spec = Family().spec("a", behaviour=slow(rt, 1e9), shutdown="infinity")
    supervisor = await rt.start(Supervisor(), [spec])
    monitor("a")
    await during(rt, stop(supervisor), 1e9 - 1, 1.0)
    assert await ends(rt, "a") == {"a": "shutdown"}


@behaviour(19)
@scenario
async def test_a_child_that_ends_by_itself_while_all_stop_is_reported(
    rt: Runtime,
) -> None:
    class Failing(Member):
        def terminate(self, _reason: Reason, /) -> None:
            raise ValueError("in terminate")

    family = Family()
    specs = [
        *family.specs("ab"),
        family.spec("failing", behaviour=Failing),
        family.spec("slow", behaviour=slow(rt, 1.0)),
    ]
    supervisor = await rt.start(Supervisor(), specs)
    stopping = asyncio.ensure_future(stop(supervisor, "shutdown"))
    await wait_until_idle(rt)
    cast("b", "by itself")
    await during(rt, stopping, 1.0)
    reported = {
        r.child: repr(r.reason)
        for r in rt.reports
        if isinstance(r, SupervisorReport) and r.event == "shutdown_error"
    }
    assert reported == {
        "failing": "('error', ValueError('in terminate'))",
        "b": "'by itself'",
    }
    assert rt.processes == ()


@behaviour(20)
@scenario
async def test_a_child_that_has_unlinked_its_supervisor_is_stopped_all_the_same(
    rt: Runtime,
) -> None:
    class Unlinked(Member):
        def handle_cast(self, _message: object, /) -> None:
            unlink(supervisor)

    class UnlinkedAndStubborn(Unlinked):
        async def terminate(self, _reason: Reason, /) -> None:  # type: ignore[override]  # the base does not wait
            await rt.clock.sleep(1e9)

    family = Family()
    specs = [
        family.spec("a", behaviour=Unlinked),
        family.spec("b", behaviour=UnlinkedAndStubborn, shutdown=2.0),
        family.spec("c", behaviour=Unlinked),
    ]
    supervisor = await rt.start(Supervisor(), specs)
    for name in "abc":
        cast(name, "unlink")
    await wait_until_idle(rt)
    send_exit(pid_of("c"), "kill")
    await during(rt, stop(supervisor, "shutdown"), 1.9, 0.1)
    assert rt.processes == ()


@behaviour(21)
@scenario
async def test_a_dynamic_supervisor_stops_all_children_at_once(rt: Runtime) -> None:
    family, supervisor = Family(), await rt.start(DynamicSupervisor())
    for name, seconds in (("a", 1.0), ("b", 4.0), ("c", 2.0)):
        spec = family.spec(name, behaviour=slow(rt, seconds), shutdown=9.0)
        await start_child(supervisor, spec)
    for _ in range(3):
        await start_child(supervisor, ChildSpec("stubborn", Stubborn, shutdown=3.0))
    await during(rt, stop(supervisor, "shutdown"), 3.9, 0.1)
    assert rt.processes == ()
