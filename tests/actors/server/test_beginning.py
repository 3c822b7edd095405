from __future__ import annotations

import pytest

from exmc.actors import (
    BadOutcomeError,
    CrashReport,
    Down,
    Exit,
    GenServer,
    InitOutcome,
    Reason,
    Runtime,
    StartError,
    error_in,
    ignore,
    monitor,
    self_pid,
    spawn,
    start,
    start_link,
    stop_with,
)
from exmc.actors.clock import Turn
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import fails_with, scenario


class Beginning(GenServer):
    """Its init does what it is told, at once or later."""

    async def init(self, _rt: Runtime, what: object) -> InitOutcome:
        await Turn()
        return self.begin(what)

    def begin(self, what: object) -> InitOutcome:
        if isinstance(what, Exception):
            raise what
        return what  # type: ignore[return-value]


class BeginningAtOnce(Beginning):
    """The same, in a plain function."""

    def init(self, rt: Runtime, what: object) -> InitOutcome:  # type: ignore[override]
        assert self_pid() is self.pid
        assert rt.root is not self.pid
        return self.begin(what)


KINDS = pytest.mark.parametrize("kind", [BeginningAtOnce, Beginning])


@KINDS
@pytest.mark.parametrize(
    ("what", "reason"),
    [(stop_with("busy"), "busy"), (ignore(), "ignore")],
)
@scenario
async def test_a_start_fails_as_init_says(
    rt: Runtime, kind: type[Beginning], what: object, reason: Reason
) -> None:
    rt.trap_exit = True
    error = await fails_with(StartError, start_link(kind, rt, what))
    assert error.reason == reason
    assert await rt.receive(Exit, timeout=0) is None
    assert rt.processes == ()


@KINDS
@scenario
async def test_what_is_no_outcome_of_an_init_is_refused(
    rt: Runtime, kind: type[Beginning]
) -> None:
    error = await fails_with(StartError, start(kind, rt, 7))
    bad = error_in(error.reason)
    assert isinstance(bad, BadOutcomeError)
    assert "init returned 7; return nothing" in str(bad)


@KINDS
@scenario
async def test_an_error_of_init_is_the_starters_not_a_report(
    rt: Runtime, kind: type[Beginning]
) -> None:
    failure = ValueError("bad")
    error = await fails_with(StartError, start(kind, rt, failure))
    assert error.reason == ("error", failure)
    assert list(rt.reports) == []


@KINDS
@scenario
async def test_nobody_waits_for_a_spawn_so_its_failure_is_a_signal_and_a_report(
    rt: Runtime, kind: type[Beginning]
) -> None:
    rt.trap_exit, failure = True, ValueError("bad")
    pid = spawn(kind, rt, failure, link=True)
    ref = monitor(pid)
    await wait_until_idle(rt)
    assert await rt.receive(Exit) == Exit(pid, ("error", failure))
    assert await rt.receive(Down) == Down(ref, pid, ("error", failure))
    [report] = rt.reports
    assert isinstance(report, CrashReport)


@scenario
async def test_a_plain_init_is_done_before_the_loop_turns(rt: Runtime) -> None:
    pid = await start(BeginningAtOnce, rt, None)
    assert pid.alive
    assert rt.kernel.run_queue.carriers == set()
