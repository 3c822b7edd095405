from __future__ import annotations

from exmc.actors import Pid, Runtime
from exmc.actors.kernel.control_block import current
from tests.actors.scenario import scenario


@scenario
async def test_a_new_pid_is_nobody_elses_and_in_the_table(rt: Runtime) -> None:
    kernel, first, second = rt.kernel, Pid(1), Pid(2)
    assert kernel.enter(first) + 1 == kernel.enter(second)
    assert {first, second} <= kernel.table
    kernel.table -= {first, second}


@scenario
async def test_no_process_runs_in_the_context_of_the_carriers(rt: Runtime) -> None:
    assert current not in rt.kernel.resting
