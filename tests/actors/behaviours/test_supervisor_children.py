"""What may be asked of a supervisor, and what it answers."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import Any

import pytest

from exmc.actors import (
    Backoff,
    BadChildSpecError,
    ChildCount,
    ChildError,
    ChildSpec,
    Down,
    DynamicSupervisor,
    GenServer,
    InitOutcome,
    Pid,
    Runtime,
    StartError,
    Supervisor,
    count_children,
    delete_child,
    ignore,
    monitor,
    restart_child,
    send_exit,
    start,
    start_child,
    stop,
    terminate_child,
    which_children,
)
from exmc.actors.supervision.child_spec import Restart
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.behaviours.numbered import behaviour
from tests.actors.family import Family, changed, end, kill, pid_of, pids, slow
from tests.actors.scenario import advance, during, fails_with, scenario


class Shy(GenServer):
    """Sees nothing to do."""

    def init(self) -> InitOutcome:
        return ignore()


async def listed(supervisor: Pid) -> list[tuple[object, object]]:
    """Id and state of each child."""
    return [(child.id, child.pid) for child in await which_children(supervisor)]


@behaviour(11)
@scenario
async def test_the_defaults_are_elixirs(rt: Runtime) -> None:
    family = Family()
    specs = [
        family.spec("a"),
        family.spec("b"),
        ChildSpec(
            "inner",
            Supervisor(),
            ([family.spec("c", behaviour=slow(rt, 9.0), shutdown=10.0)],),
        ),
        ChildSpec("stubborn", Stubborn),
    ]
    supervisor = await rt.start(Supervisor(), specs)
    before = pids("ab")
    await end(rt, "a", "normal")
    assert changed(before) == "a"
    for _ in range(2):
        await kill(rt, "b")
    await during(rt, stop(supervisor), 4.9, 0.1, 8.9, 0.1)
    limited = await rt.start(Supervisor(), family.specs("d"))
    limit = monitor(limited)
    for _ in range(3):
        await kill(rt, "d")
    await advance(rt, 5.0)
    assert await rt.receive(Down, timeout=0) is None
    await kill(rt, "d")
    assert await rt.receive(Down, timeout=0) == Down(limit, limited, "shutdown")
    assert not any(spec.significant for spec in specs)


@behaviour(22)
@scenario
async def test_a_child_is_added_under_an_id_that_nobody_has(rt: Runtime) -> None:
    family = Family()
    supervisor = await rt.start(Supervisor(), family.specs("a"))
    assert await start_child(supervisor, family.spec("b")) is pid_of("b")
    error = await fails_with(ChildError, start_child(supervisor, family.spec("a")))
    assert error.reason == ("already_started", pid_of("a"))
    await terminate_child(supervisor, "a")
    error = await fails_with(ChildError, start_child(supervisor, family.spec("a")))
    assert error.reason == "already_present"
    bad: dict[str, Any] = {
        "restart": "sometimes",
        "shutdown": -1,
        "type": "boss",
        "behaviour": int,
    }
    for field, value in bad.items():
        with pytest.raises(BadChildSpecError, match=f"^{field} of child 'x' must be "):
            ChildSpec(**{"id": "x", "behaviour": Echo, field: value})
    twice = start(Supervisor(), [ChildSpec("x", Echo), ChildSpec("x", Echo)])
    refused = await fails_with(StartError, twice)
    assert "Two children have the id 'x'" in repr(refused.reason)


@behaviour(23)
@scenario
async def test_a_child_may_be_terminated_restarted_and_deleted(rt: Runtime) -> None:
    family = Family()
    specs = [*family.specs("ab"), family.spec("t", restart="temporary")]
    supervisor = await rt.start(Supervisor(max_restarts=0), specs)
    for _ in range(2):
        await terminate_child(supervisor, "a")
    await terminate_child(supervisor, "t")
    assert await listed(supervisor) == [("a", None), ("b", pid_of("b"))]
    assert await restart_child(supervisor, "a") is pid_of("a")
    assert await listed(supervisor) == [("a", pid_of("a")), ("b", pid_of("b"))]
    for request in (restart_child, delete_child):
        error = await fails_with(ChildError, request(supervisor, "a"))
        assert error.reason == "running"
    await terminate_child(supervisor, "b")
    await delete_child(supervisor, "b")
    assert await listed(supervisor) == [("a", pid_of("a"))]
    for request in (terminate_child, restart_child, delete_child):
        error = await fails_with(ChildError, request(supervisor, "b"))
        assert error.reason == "not_found"


@behaviour(24)
@scenario
async def test_a_child_that_says_ignore_is_no_failure_and_keeps_its_spec(
    rt: Runtime,
) -> None:
    specs = [
        ChildSpec("permanent", Shy),
        ChildSpec("transient", Shy, restart="transient"),
        ChildSpec("temporary", Shy, restart="temporary"),
        ChildSpec("last", Echo, name="last"),
    ]
    supervisor = await rt.start(Supervisor(), specs)
    kept = [("permanent", None), ("transient", None), ("last", pid_of("last"))]
    assert await listed(supervisor) == kept
    error = await fails_with(StartError, restart_child(supervisor, "transient"))
    assert error.reason == "ignore"
    error = await fails_with(
        StartError, start_child(supervisor, ChildSpec("added", Shy))
    )
    assert error.reason == "ignore"
    assert await listed(supervisor) == [*kept, ("added", None)]
    dynamic = await rt.start(DynamicSupervisor())
    await fails_with(StartError, start_child(dynamic, specs[0]))
    assert await listed(dynamic) == []
    assert list(rt.reports) == []


@behaviour(25)
@scenario
async def test_children_are_counted_by_state_and_type(rt: Runtime) -> None:
    family = Family()
    specs = [
        family.spec("a", backoff=Backoff(1.0, 1.0)),
        family.spec("b", restart="transient"),
        family.spec("c"),
        ChildSpec("inner", Supervisor(), name="inner"),
    ]
    supervisor = await rt.start(Supervisor(max_restarts=9), specs)
    assert await count_children(supervisor) == ChildCount(4, 4, 1, 3)
    await kill(rt, "a")
    await end(rt, "b", "normal")
    assert await count_children(supervisor) == ChildCount(4, 2, 1, 3)
    await terminate_child(supervisor, "inner")
    assert await count_children(supervisor) == ChildCount(4, 1, 1, 3)
    await advance(rt, 1.0)
    await delete_child(supervisor, "inner")
    assert await count_children(supervisor) == ChildCount(3, 2, 0, 3)


@behaviour(26)
@scenario
async def test_no_more_children_are_accepted_than_said(rt: Runtime) -> None:
    family = Family()
    supervisor = await rt.start(DynamicSupervisor(max_children=2))
    await start_child(supervisor, family.spec("a", backoff=Backoff(1.0, 1.0)))
    await start_child(supervisor, family.spec("b", restart="transient"))
    third = family.spec("c")
    error = await fails_with(ChildError, start_child(supervisor, third))
    assert error.reason == "max_children"
    await kill(rt, "a")
    assert (await count_children(supervisor)).active == 1
    error = await fails_with(ChildError, start_child(supervisor, third))
    assert error.reason == "max_children"
    await end(rt, "b", "normal")
    await start_child(supervisor, third)
    await advance(rt, 1.0)
    assert all(pid_of(name).alive for name in "ac")


class Argument:
    """Something that a child is started with."""


@behaviour(27)
@scenario
async def test_a_supervisor_keeps_nothing_of_its_temporary_children(
    rt: Runtime,
) -> None:
    gc.freeze()  # what other tests have made is not looked through
    supervisor = await rt.start(DynamicSupervisor())

    class Forgetful(GenServer):
        def init(self, _argument: Argument) -> None:
            pass

    async def keeps_its_argument(restart: Restart) -> bool:
        argument = Argument()
        gone = weakref.ref(argument)
        spec = ChildSpec("a", Forgetful, (argument,), restart=restart)
        await start_child(supervisor, spec)
        del argument, spec
        gc.collect()
        return gone() is not None

    assert not await keeps_its_argument("temporary")
    assert await keeps_its_argument("transient")

    async def rounds(number: int) -> int:
        for _ in range(number):
            child = await start_child(
                supervisor, ChildSpec("b", Echo, ([],), restart="temporary")
            )
            send_exit(child, "shutdown")
        await wait_until_idle(rt)
        gc.collect()
        return sys.getallocatedblocks()

    before = await rounds(100)
    assert await rounds(200) - before < 50
    assert len(await which_children(supervisor)) == 2
    gc.unfreeze()
