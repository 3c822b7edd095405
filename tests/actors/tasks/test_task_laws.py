"""Random lives of tasks under random schedules, against what is plainly expected.

Tasks end at whole seconds and are asked in between, so that nothing is a tie.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from exmc.actors import (
    Exit,
    Exited,
    Ok,
    Runtime,
    Task,
    TaskError,
    TaskSupervisor,
    TaskTimeoutError,
    VirtualClock,
    async_nolink,
    async_task,
    async_under,
    await_task,
    ignore_task,
    run,
    self_pid,
    send_exit,
    shutdown_task,
    stop,
    yield_task,
)
from exmc.actors.tasks import task_process
from exmc.actors.testing import RandomOrder, virtual_runtime

LINKED = ("async_task", "async_under")


@dataclass(frozen=True)
class Life:
    """One task: how it is started, when and how it ends, and what is asked when."""

    kind: str
    seconds: int
    ending: str
    ask: str
    at: int
    patience: int

    def end(self) -> Ok[int] | Exited:
        return Ok(self.seconds) if self.ending == "value" else Exited(self.ending)

    def over_after(self, seconds: float) -> bool:
        return self.seconds < seconds

    def answer(self) -> object:
        """Say what the owner is told."""
        waits = self.ask in {"await", "yield"}
        if self.over_after(self.at + 0.5 + (self.patience if waits else 0)):
            return self.end()
        return "timeout" if self.ask == "await" else None

    def exits(self) -> list[str]:
        """Say which Exit the owner gets, which traps exits."""
        cut = self.ask in {"shutdown", "ignore"} and not self.over_after(self.at + 0.5)
        silent = cut or self.ending == "value" or self.kind not in LINKED
        return [] if silent else [self.ending]


LIVES = some.lists(
    some.builds(
        Life,
        some.sampled_from(["async_task", "async_under", "async_nolink"]),
        some.integers(0, 4),
        some.sampled_from(["value", "normal", "bad"]),
        some.sampled_from(["await", "yield", "shutdown", "ignore"]),
        some.integers(0, 3),
        some.integers(0, 3),
    ),
    max_size=5,
)
QUICK = Life("async_task", 0, "value", "await", 0, 0)


async def work(clock: VirtualClock, life: Life) -> int:
    await clock.sleep(life.seconds)
    if life.ending != "value":
        send_exit(self_pid(), life.ending)
    return life.seconds


async def begin(clock: VirtualClock, supervisor: str, life: Life) -> Task[int]:
    if life.kind == "async_task":
        return async_task(work, clock, life)
    start = async_nolink if life.kind == "async_nolink" else async_under
    return await start(supervisor, work, clock, life)


async def answered(task: Task[int], life: Life) -> object:
    """Ask what the life says, and give the answer or what stands for an error."""
    if life.ask == "yield":
        return await yield_task(task, timeout=life.patience)
    if life.ask == "shutdown":
        return await shutdown_task(task)
    if life.ask == "ignore":
        return ignore_task(task)
    return await awaited(task, life)


async def awaited(task: Task[int], life: Life) -> object:
    try:
        return Ok(await await_task(task, timeout=life.patience))
    except TaskTimeoutError:
        return "timeout"
    except TaskError as error:
        return Exited(error.reason)


async def holds(lives: list[Life], runtime: Runtime, clock: VirtualClock) -> None:
    runtime.trap_exit = True
    supervisor = await runtime.start(TaskSupervisor, name="tasks")
    tasks = [await begin(clock, "tasks", life) for life in lives]

    async def ask(task: Task[int], life: Life) -> object:
        await clock.sleep(life.at + 0.5)
        return await answered(task, life)

    asking = asyncio.gather(*map(ask, tasks, lives))
    await clock.jump_until(asking)
    assert asking.result() == [life.answer() for life in lives]
    await clock.advance(9.0)
    exits = []
    while (message := await runtime.receive(object, timeout=0)) is not None:
        assert isinstance(message, Exit)
        exits.append(message.reason)
    assert sorted(map(str, exits)) == sorted(r for life in lives for r in life.exits())
    await stop(supervisor)
    assert (runtime.processes, clock.next_due()) == ((), None)


def try_out(lives: list[Life], seed: int) -> None:
    async def main() -> None:
        async with virtual_runtime(RandomOrder(seed)) as (runtime, clock):
            await holds(lives, runtime, clock)

    run(main)


@settings(max_examples=10, derandomize=True, deadline=None)
@example([QUICK], 0)
@given(LIVES, some.integers(0, 2**16))
def test_the_owner_is_told_what_is_plainly_expected(
    lives: list[Life], seed: int
) -> None:
    try_out(lives, seed)


@pytest.mark.slow
@settings(max_examples=800, derandomize=True, deadline=None)
@given(LIVES, some.integers(0, 2**16))
def test_the_owner_is_told_what_is_plainly_expected_many_times(
    lives: list[Life], seed: int
) -> None:
    try_out(lives, seed)


def test_a_task_that_keeps_its_link_is_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(task_process, "unlink", lambda _: None)
    with pytest.raises(AssertionError):
        try_out([QUICK], 0)


def test_a_task_that_loses_its_value_is_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Task, "succeed", lambda *_: None)
    with pytest.raises(AssertionError):
        try_out([QUICK], 0)
