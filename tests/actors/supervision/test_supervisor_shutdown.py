"""How a supervisor stops its children, and itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from exmc.actors import (
    Down,
    Reason,
    Runtime,
    StartError,
    Supervisor,
    SupervisorReport,
    cast,
    monitor,
    send_exit,
    start_link,
    stop,
    unlink,
)
from exmc.actors.testing import wait_until_idle
from tests.actors.family import Family, Hanging, Member, end, kill
from tests.actors.scenario import fails_with, scenario

# Shutdown


@scenario
async def test_a_child_that_fails_while_it_is_stopped_is_reported(
    rt: Runtime,
) -> None:
    class Failing(Member):
        def terminate(self, _reason: Reason, /) -> None:
            raise ValueError("in terminate")

    family = Family()
    specs = [family.spec("a"), family.spec("b", behaviour=Failing)]
    pid = await rt.start(Supervisor(), specs)
    family.taken()
    await stop(pid, "shutdown")
    assert family.taken() == [("stop", "a")]
    events = [r.event for r in rt.reports if isinstance(r, SupervisorReport)]
    assert events == ["shutdown_error"]


@scenario
async def test_a_child_that_has_unlinked_its_supervisor_is_stopped_with_it(
    rt: Runtime,
) -> None:
    class Unlinked(Member):
        def handle_cast(self, _message: object, /) -> None:
            unlink(pid)

    pid = await rt.start(Supervisor(), Family().specs("a", behaviour=Unlinked))
    cast("a", "go")
    await wait_until_idle(rt)
    await stop(pid)
    assert rt.processes == ()


@scenario
async def test_a_child_that_is_starting_when_its_supervisor_dies_dies_too(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", behaviour=Hanging.of(rt))
    starting = asyncio.ensure_future(rt.start(Supervisor(), specs))
    await wait_until_idle(rt)
    supervisor, _ = rt.processes
    send_exit(supervisor, "kill")
    await fails_with(StartError, starting)
    assert rt.processes == ()


# Automatic shutdown


@pytest.mark.parametrize(
    ("auto_shutdown", "ended", "over"),
    [
        ("any_significant", "a", True),
        ("any_significant", "c", False),
        ("all_significant", "a", False),
        ("all_significant", "ab", True),
    ],
)
@scenario
async def test_a_supervisor_may_end_when_its_significant_children_have(
    rt: Runtime, auto_shutdown: Any, ended: str, over: bool
) -> None:
    family = Family()
    significant = family.specs("ab", restart="transient", significant=True)
    specs = [*significant, family.spec("c", restart="transient")]
    pid = await rt.start(Supervisor(auto_shutdown=auto_shutdown), specs)
    for name in ended:
        await end(rt, name, "normal")
    assert pid.alive is not over


@scenario
async def test_a_significant_temporary_child_ends_its_supervisor_by_any_exit(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", restart="temporary", significant=True)
    pid = await rt.start(Supervisor(auto_shutdown="any_significant"), specs)
    ref = monitor(pid)
    await kill(rt, "a")
    assert await rt.receive(Down) == Down(ref, pid, "shutdown")


@scenario
async def test_a_significant_child_that_is_restarted_ends_nothing(
    rt: Runtime,
) -> None:
    specs = Family().specs("a", restart="transient", significant=True)
    pid = await rt.start(Supervisor(auto_shutdown="any_significant"), specs)
    await kill(rt, "a")
    assert pid.alive


@scenario
async def test_a_significant_child_needs_a_supervisor_that_cares(rt: Runtime) -> None:
    specs = Family().specs("a", restart="transient", significant=True)
    error = await fails_with(StartError, start_link(Supervisor(), specs))
    assert str(error.reason[1]) == (
        "Child 'a' is significant, but the supervisor's auto_shutdown is "
        '"never"; set it to "any_significant" or "all_significant".'
    )
    assert rt.processes == ()
