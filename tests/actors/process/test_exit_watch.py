from __future__ import annotations

from exmc.actors import Runtime, cast, send_exit, start, wait_for_exit
from exmc.actors.process.exit_watch import ExitWatch
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo, Stubborn
from tests.actors.scenario import during, fails_with, scenario


@scenario
async def test_waiting_for_an_exit_gives_its_reason(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    cast(pid, ("stop", "done"))
    assert await wait_for_exit(pid) == "done"
    assert await wait_for_exit(pid) == "noproc"
    assert await wait_for_exit("nobody") == "noproc"


@scenario
async def test_waiting_for_an_exit_ends_at_its_timeout(rt: Runtime) -> None:
    pid = await rt.start(Stubborn)
    waiting = fails_with(TimeoutError, wait_for_exit(pid, timeout=3.0))
    error = await during(rt, waiting, 2.9, 0.1)
    assert str(error) == f"Process {pid} has not ended within 3.0 s."
    assert pid.alive
    send_exit(pid, "kill")


@scenario
async def test_a_watch_knows_an_end_that_came_before_it_was_asked() -> None:
    pid = await start(Echo)
    watch = ExitWatch(pid)
    send_exit(pid, "kill")
    assert await watch.reason(None) == "killed"
    assert await watch.reason(0.0) == "killed"


@scenario
async def test_a_watch_may_be_asked_again_after_a_timeout(rt: Runtime) -> None:
    pid = await start(Stubborn)
    watch = ExitWatch(pid)
    await during(rt, fails_with(TimeoutError, watch.reason(1.0)), 1.0)
    send_exit(pid, "kill")
    assert await watch.reason(1.0) == "killed"


@scenario
async def test_a_closed_watch_is_forgotten_by_the_process(rt: Runtime) -> None:
    pid = await start(Echo)
    watch = ExitWatch(pid)
    watch.close()
    assert getattr(pid.target, "watchers") == {}  # noqa: B009 (internal)
    send_exit(pid, "kill")
    watch.close()
    await wait_until_idle(rt)
