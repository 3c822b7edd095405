"""Children whose end is the end of their supervisor."""

from __future__ import annotations

import pytest

from exmc.actors import (
    BadChildSpecError,
    ChildSpec,
    Down,
    DynamicSupervisor,
    Pid,
    Runtime,
    StartError,
    Supervisor,
    error_in,
    monitor,
    start,
    start_child,
    stop,
    terminate_child,
)
from exmc.actors.supervision.supervisor import AutoShutdown
from tests.actors.actors import Echo
from tests.actors.behaviours.numbered import behaviour
from tests.actors.family import Family, end, kill
from tests.actors.scenario import fails_with, scenario


async def begin(rt: Runtime, auto_shutdown: AutoShutdown) -> Pid:
    """A supervisor of two significant transients, a temporary, and two others."""
    family = Family()
    specs = [
        *family.specs("ab", restart="transient", significant=True),
        family.spec("t", restart="temporary", significant=True),
        *family.specs("cd", restart="transient"),
    ]
    return await rt.start(Supervisor(auto_shutdown=auto_shutdown), specs)


async def ends_after(
    rt: Runtime, auto_shutdown: AutoShutdown, normally: str, killed: str = ""
) -> bool:
    """Whether the supervisor ends, and only when the last of these children does."""
    supervisor = await begin(rt, auto_shutdown)
    ref = monitor(supervisor)
    for name in normally:
        assert supervisor.alive
        await end(rt, name, "normal")
    for name in killed:
        assert supervisor.alive
        await kill(rt, name)
    if supervisor.alive:
        await stop(supervisor)
        await rt.receive(Down)
        return False
    assert await rt.receive(Down) == Down(ref, supervisor, "shutdown")
    return True


@behaviour(29)
@scenario
async def test_the_end_of_significant_children_ends_their_supervisor(
    rt: Runtime,
) -> None:
    for normally, killed, any_ends, all_ends in (
        ("a", "", True, False),
        ("", "t", True, False),
        ("cd", "a", False, False),
        ("c", "at", True, False),
    ):
        assert await ends_after(rt, "any_significant", normally, killed) is any_ends
        assert await ends_after(rt, "all_significant", normally, killed) is all_ends
    assert await ends_after(rt, "all_significant", "cabt")
    assert await ends_after(rt, "all_significant", "ab", "t")
    terminating: tuple[AutoShutdown, ...] = ("any_significant", "all_significant")
    for auto_shutdown in terminating:
        supervisor = await begin(rt, auto_shutdown)
        for name in "abt":
            await terminate_child(supervisor, name)
        assert supervisor.alive
        await stop(supervisor)


@behaviour(30)
@scenario
async def test_significance_that_could_not_matter_is_refused(rt: Runtime) -> None:
    with pytest.raises(BadChildSpecError, match="^significant of child 'a' must be "):
        ChildSpec("a", Echo, significant=True)
    spec = ChildSpec("a", Echo, restart="transient", significant=True)
    error = await fails_with(StartError, start(Supervisor(), [spec]))
    refusal = error_in(error.reason)
    assert str(refusal).startswith("Child 'a' is significant, but the supervisor's")
    for indifferent in (Supervisor(), DynamicSupervisor()):
        supervisor = await rt.start(indifferent)
        await fails_with(BadChildSpecError, start_child(supervisor, spec))
    caring = await rt.start(DynamicSupervisor(auto_shutdown="any_significant"))
    child = await start_child(caring, spec)
    await stop(child)
    assert not caring.alive
