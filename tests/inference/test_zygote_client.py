from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
from collections.abc import Iterator

import pytest

from exmc.actors import Down, Runtime, monitor, run, stop
from exmc.actors.testing import no_leaks
from exmc.inference.zygote_client import (
    ForkError,
    ZygoteClient,
    fork_worker,
    how_it_ended,
)
from exmc.inference.zygote_process import ZYGOTE


@contextlib.contextmanager
def with_no_free_descriptor() -> Iterator[None]:
    """Let the process open nothing more."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]


@pytest.fixture(autouse=True)
def _zygote_is_warm() -> None:
    """The zygote outlives a runtime, and so do its descriptors."""
    ZYGOTE.connect().close()


def test_a_worker_is_forked_and_its_end_is_told() -> None:
    async def main() -> None:
        async with no_leaks(), Runtime() as runtime:
            zygote = await runtime.start(ZygoteClient)
            ours, theirs = socket.socketpair()
            with ours, theirs:
                worker = await fork_worker(zygote, theirs)
                os.kill(worker.os_pid, signal.SIGKILL)
                ended = await how_it_ended(zygote, worker.os_pid)
            assert (ended.how, ended.code) == ("signal", 9)
            worker.pidfd.close()

    run(main)


def test_an_end_that_nobody_asked_about_yet_is_remembered() -> None:
    async def main() -> None:
        async with no_leaks(), Runtime() as runtime:
            zygote = await runtime.start(ZygoteClient)
            pairs = [socket.socketpair() for _ in range(2)]
            workers = [await fork_worker(zygote, theirs) for _, theirs in pairs]
            for ours, theirs in pairs:
                ours.close()
                theirs.close()
            ends = [await how_it_ended(zygote, w.os_pid) for w in reversed(workers)]
            assert [(e.how, e.code) for e in ends] == [("exit", 0)] * 2
            for worker in workers:
                worker.pidfd.close()

    run(main)


def test_a_worker_that_the_client_never_forked_is_not_waited_for() -> None:
    async def main() -> None:
        async with no_leaks(), Runtime() as runtime:
            zygote = await runtime.start(ZygoteClient)
            ended = await how_it_ended(zygote, 1)
            assert ended.how == "lost"

    run(main)


def test_a_client_ends_when_its_zygote_dies() -> None:
    async def main() -> object:
        async with no_leaks(), Runtime() as runtime:
            zygote = await runtime.start(ZygoteClient)
            monitor(zygote)
            assert ZYGOTE._process is not None
            ZYGOTE._process.kill()
            down = await runtime.receive(Down)
            return down.reason

    assert run(main) == ("lost", 0)


def test_a_worker_for_which_there_is_no_descriptor_is_refused_to_its_asker() -> None:
    async def main() -> None:
        async with no_leaks(), Runtime() as runtime:
            zygote = await runtime.start(ZygoteClient)
            ours, theirs = socket.socketpair()
            first = asyncio.create_task(fork_worker(zygote, theirs))
            no_room = pytest.raises(ForkError, match="this process may have no more")
            with with_no_free_descriptor(), no_room:
                await first
            second = await fork_worker(zygote, theirs)
            theirs.close()
            os.kill(second.os_pid, 0)
            ours.close()
            second.pidfd.close()

    run(main)


def test_stopping_the_client_leaves_nothing_watched() -> None:
    async def main() -> None:
        async with no_leaks(), Runtime() as runtime:
            zygote = await runtime.start(ZygoteClient)
            await stop(zygote)

    run(main)
