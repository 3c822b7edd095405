from __future__ import annotations

import asyncio
import os
import select
import socket
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from exmc.actors import LoopClock, Runtime
from exmc.actors.port import process_exit_watch
from exmc.actors.port.os_process import OsProcess
from exmc.actors.port.process_exit_watch import (
    KqueueWatch,
    PidfdWatch,
    PollingWatch,
    ProcessExitWatch,
    watch_exit,
)
from tests.actors.port.programs import Child, child
from tests.actors.scenario import advance, scenario

Watcher = Callable[[OsProcess, Callable[[], None]], ProcessExitWatch]


class FakeKqueue:
    """A kqueue that watches one pid, and is made of what Linux has."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.exits: list[SimpleNamespace] = []

    def fileno(self) -> int:
        return self.ours.fileno()

    def control(
        self, changes: list[SimpleNamespace] | None, most: int, timeout: int = -1
    ) -> list[SimpleNamespace]:
        if changes is None:
            assert (most, timeout) == (1, 0)
            return self.exits
        (wanted,) = changes
        assert (wanted.filter, wanted.flags, wanted.fflags) == ("PROC", 1 | 16, "EXIT")
        if wanted.ident in DEAD:
            raise ProcessLookupError
        QUEUES[wanted.ident] = self
        return []

    def exit(self) -> None:
        self.exits = [SimpleNamespace()]
        self.theirs.send(b"x")

    def close(self) -> None:
        self.ours.close()
        self.theirs.close()


DEAD = set[int]()
QUEUES = dict[int, FakeKqueue]()


@pytest.fixture
def kqueue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make of this a system like macOS."""
    names = {
        "kqueue": FakeKqueue,
        "kevent": lambda ident, **fields: SimpleNamespace(ident=ident, **fields),
        "KQ_FILTER_PROC": "PROC",
        "KQ_EV_ADD": 1,
        "KQ_EV_ONESHOT": 16,
        "KQ_NOTE_EXIT": "EXIT",
    }
    for name, value in names.items():
        monkeypatch.setattr(select, name, value, raising=False)


def by_pidfd(process: OsProcess, died: Callable[[], None]) -> ProcessExitWatch:
    assert process.pidfd is not None
    return PidfdWatch(process.pidfd, died)


def by_polling(process: OsProcess, died: Callable[[], None]) -> ProcessExitWatch:
    return PollingWatch(process, died, LoopClock(asyncio.get_running_loop()))


@pytest.mark.parametrize("watched_by", [by_pidfd, by_polling])
@scenario
async def test_a_death_is_told_once_and_nobody_is_reaped(watched_by: Watcher) -> None:
    shell, told, died = child(), asyncio.Event(), list[int]()

    def hear() -> None:
        died.append(1)
        told.set()

    watch = watched_by(shell.process, hear)
    shell.process.kill()
    await told.wait()
    watch.close()
    assert (died, shell.process.reap()) == ([1], ("signal", 9))
    shell.sock.close()


@pytest.mark.parametrize("watched_by", [by_pidfd, by_polling])
@scenario
async def test_the_death_of_a_process_dead_already_is_told(watched_by: Watcher) -> None:
    process, told = child("exit 3").dead(), asyncio.Event()
    watch = watched_by(process, told.set)
    await told.wait()
    watch.close()
    assert process.reap() == ("exit", 3)


@pytest.mark.parametrize("watched_by", [by_pidfd, by_polling])
@scenario
async def test_a_closed_watch_tells_nothing(watched_by: Watcher) -> None:
    shell, told = child(), asyncio.Event()
    watch = watched_by(shell.process, told.set)
    watch.close()
    watch.close()
    shell.let_go()
    await asyncio.wait([asyncio.ensure_future(told.wait())], timeout=0.01)
    assert not told.is_set()
    told.set()


@scenario
async def test_polling_looks_ever_more_rarely_on_the_runtimes_clock(
    rt: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = list[float]()

    def alive(_process: OsProcess) -> bool:
        looks.append(rt.clock.now())
        return True

    shell = child()
    monkeypatch.setattr(OsProcess, "alive", alive)
    watch = PollingWatch(shell.process, lambda: None, rt.clock)
    await advance(rt, 0.2)
    expected = [0, 0.002, 0.006, 0.014, 0.030, 0.062, 0.112, 0.162]
    assert looks == pytest.approx(expected)
    watch.close()
    shell.let_go()


@pytest.mark.usefixtures("kqueue")
@scenario
async def test_a_kqueue_tells_of_an_exit() -> None:
    told = asyncio.Event()
    watch = KqueueWatch(1, told.set)
    QUEUES[1].exit()
    await told.wait()
    watch.close()
    assert QUEUES.pop(1).fileno() == -1


@pytest.mark.usefixtures("kqueue")
@scenario
async def test_a_kqueue_that_refuses_the_dead_tells_of_them_all_the_same() -> None:
    told, early = asyncio.Event(), asyncio.Event()
    DEAD.add(2)
    KqueueWatch(2, told.set)
    KqueueWatch(2, early.set).close()
    await told.wait()
    assert not early.is_set()


def kind_of_watch(shell: Child) -> type:
    async def main() -> type:
        loop = asyncio.get_running_loop()
        watch = watch_exit(shell.process, lambda: None, LoopClock(loop))
        watch.close()
        return type(watch)

    return asyncio.run(main())


def test_the_best_means_that_exist_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell = child()
    assert kind_of_watch(shell) is PidfdWatch
    monkeypatch.delattr(os, "pidfd_open")
    older = child()
    assert kind_of_watch(older) is PollingWatch
    monkeypatch.setattr(select, "kqueue", None, raising=False)
    monkeypatch.setattr(process_exit_watch, "KqueueWatch", lambda *_: KqueueLike())
    assert kind_of_watch(older) is KqueueLike
    shell.let_go()
    older.let_go()


class KqueueLike:
    def close(self) -> None:
        pass
