"""What went wrong before there were ports, and does not with them.

Each hazard is shown beside the code that avoids it, so that nobody takes the care for
superstition.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from multiprocessing import Pipe

import pytest
import uvloop

from exmc.actors import (
    PortData,
    PortExit,
    PortSpec,
    Runtime,
    close_port,
    open_port,
    port_command,
    port_info,
)
from exmc.actors.port.descriptor_watch import Watch
from tests.actors.port.programs import Witness, becomes_readable, child, shell
from tests.actors.scenario import scenario

CLOSED_WHILE_WATCHED = """
import asyncio, socket, uvloop
from exmc.actors.port.descriptor_watch import Watch

async def main():
    ours, theirs = socket.socketpair()
    watch = Watch(ours, lambda: None)
    {close}
    await asyncio.get_running_loop().run_in_executor(None, int)
    print("alive")

with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
    runner.run(main())
"""


def watched_and_closed(close: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", CLOSED_WHILE_WATCHED.format(close=close)],
        env={**os.environ, "PYTHONPATH": ":".join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_reader_of_uvloops_makes_a_descriptor_non_blocking() -> None:
    async def main() -> bool:
        ours, theirs = Pipe()
        watch = Watch(ours, lambda: None)
        with theirs:
            blocking = os.get_blocking(ours.fileno())
            with pytest.raises(BlockingIOError):
                ours.recv()
            watch.close()
        return blocking

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert not runner.run(main())


@scenario
async def test_a_message_that_arrives_in_halves_is_read_whole(rt: Runtime) -> None:
    code = "printf '\\0\\0\\0\\4ab'; read go; printf cd; cat"
    port = await open_port(PortSpec(shell(code), packet=4))
    await port_command(port, b"\n")
    assert (await rt.receive(PortData)).data == b"abcd"
    await close_port(port)


@pytest.mark.slow
def test_closing_what_is_watched_is_removal_first() -> None:
    assert watched_and_closed("watch.close()") == (0, "alive\n")
    aborted = watched_and_closed("import os; os.close(ours.detach())")
    assert aborted == (-signal.SIGABRT, "")


def test_a_dead_process_leaves_no_end_of_stream_while_its_child_lives() -> None:
    parent = child("sleep 100 & echo $!; exit 0")
    grandchild = int(parent.say())
    assert parent.process.pidfd is not None
    assert becomes_readable(parent.process.pidfd.fileno())
    with pytest.raises(BlockingIOError):
        parent.sock.recv(1, socket.MSG_DONTWAIT)
    os.kill(grandchild, signal.SIGKILL)
    parent.let_go()


@scenario
async def test_a_port_sees_its_process_die_while_a_child_of_that_lives(
    rt: Runtime,
) -> None:
    port = await open_port(shell("sleep 100 & echo $!; read line"), link=False)
    witness = Witness(int((await rt.receive(PortData)).data))
    os.kill((await port_info(port)).os_pid, signal.SIGKILL)
    assert (await rt.receive(PortExit)).reason == ("signal", 9)
    assert witness.gone()
