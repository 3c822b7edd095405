"""No operating-system process survives the runtime, however that ends."""

from __future__ import annotations

import signal
import subprocess

import pytest

from exmc.actors import Runtime, open_port, port_info, run, wait_for_exit
from exmc.actors.testing import no_leaks
from tests.actors.port.programs import SECONDS, Witness, shell, with_program

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

PROGRAM = """
import asyncio, sys, threading
from exmc.actors import *

DEAF = ["/bin/sh", "-c", "trap '' TERM HUP; while :; do sleep 100 & wait; done"]

async def main():
    async with Runtime() as rt:
        deaf = PortSpec(DEAF, close_grace=0.1, term_grace=0.1)
        ports = [await open_port(deaf) for _ in range(3)]
        print(*[(await port_info(p)).os_pid for p in ports], flush=True)
        await rt.receive(str)

{how}
"""


def with_three_processes(how: str) -> tuple[subprocess.Popen[str], list[Witness]]:
    program = with_program(PROGRAM.format(how=how))
    assert program.stdout is not None
    pids = program.stdout.readline().split()
    return program, [Witness(int(pid)) for pid in pids]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("how", ["run(main)", "asyncio.run(main())"])
def test_a_program_that_is_killed_takes_its_processes_along_within_a_second(
    how: str, number: int
) -> None:
    program, witnesses = with_three_processes(how)
    program.send_signal(number)
    assert [witness.gone(1.0) for witness in witnesses] == [True] * 3
    with program:
        program.wait(SECONDS)


def test_a_program_that_is_interrupted_leaves_nothing() -> None:
    program, witnesses = with_three_processes("run(main)")
    program.send_signal(signal.SIGINT)
    with program:
        program.wait(SECONDS)
    assert [witness.gone(0.0) for witness in witnesses] == [True] * 3


def test_the_thread_that_runs_the_runtime_may_be_any_thread() -> None:
    how = "t = threading.Thread(target=run, args=(main,)); t.start(); t.join()"
    program, witnesses = with_three_processes(how)
    program.kill()
    assert [witness.gone(1.0) for witness in witnesses] == [True] * 3
    with program:
        program.wait(SECONDS)


def test_leaving_a_runtime_leaves_no_process() -> None:
    async def main() -> list[Witness]:
        async with Runtime():
            ports = [await open_port(shell("trap '' TERM; cat")) for _ in range(3)]
            return [Witness((await port_info(port)).os_pid) for port in ports]

    assert [witness.gone(0.0) for witness in run(main)] == [True] * 3


def test_many_openings_leave_no_descriptor() -> None:
    async def main() -> None:
        async with no_leaks(), Runtime():
            for _ in range(6):
                for port in [await open_port("true", link=False) for _ in range(10)]:
                    await wait_for_exit(port)

    run(main)
