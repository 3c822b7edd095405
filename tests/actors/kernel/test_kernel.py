from __future__ import annotations

from exmc.actors import GenServer, Pid, Runtime, send, start, telemetry
from exmc.actors.events import MAILBOX_HIGH
from exmc.actors.kernel.carrier import BUDGET
from exmc.actors.kernel.control_block import current
from exmc.actors.kernel.kernel import HIGH
from exmc.actors.testing import wait_until_idle
from tests.actors.scenario import scenario


class Quiet(GenServer):
    """Does nothing."""


@scenario
async def test_a_new_pid_is_nobody_elses_and_in_the_table(rt: Runtime) -> None:
    kernel, first, second = rt.kernel, Pid(1), Pid(2)
    assert kernel.enter(first) + 1 == kernel.enter(second)
    assert {first, second} <= kernel.table
    kernel.table -= {first, second}


@scenario
async def test_no_process_runs_in_the_context_of_the_carriers(rt: Runtime) -> None:
    assert current not in rt.kernel.resting


@scenario
async def test_a_mailbox_that_grows_too_long_is_told_of_once(rt: Runtime) -> None:
    told = list[float]()
    telemetry.attach("test", MAILBOX_HIGH, lambda _, m, *__: told.append(m["length"]))
    try:
        pid = await start(Quiet)
        for _ in range(HIGH + BUDGET):
            send(pid, "x")
        await wait_until_idle(rt)
        assert told == [HIGH]
        for _ in range(HIGH + BUDGET):
            send(pid, "x")
        await wait_until_idle(rt)
        assert told == [HIGH, HIGH]
        assert rt.kernel.flooded == set()
    finally:
        telemetry.detach("test")
