from __future__ import annotations

from exmc.actors import Runtime
from exmc.actors.kernel.control_block import current
from tests.actors.scenario import scenario


@scenario
async def test_a_new_pid_is_nobody_elses_and_in_the_table(rt: Runtime) -> None:
    kernel = rt.kernel
    first, second = kernel.new_pid(), kernel.new_pid()
    assert first.number + 1 == second.number
    assert {first, second} <= kernel.table
    kernel.table -= {first, second}


@scenario
async def test_no_process_runs_in_the_context_of_the_carriers(rt: Runtime) -> None:
    assert current not in rt.kernel.resting
