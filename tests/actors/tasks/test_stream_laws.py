"""Random streams under random schedules, against a plain list of results."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from exmc.actors import (
    Exit,
    Exited,
    Ok,
    Runtime,
    Task,
    VirtualClock,
    async_stream,
    run,
    self_pid,
    send_exit,
)
from exmc.actors.tasks.stream_window import Window
from exmc.actors.testing import RandomOrder, virtual_runtime

TIME_FOR_EACH = 2.5


@dataclass(frozen=True)
class Item:
    """What a task is to do: take some seconds, and then end in some way."""

    seconds: int
    ending: str

    def plainly(self) -> object:
        """Say how its task ends, as one would without any of the machinery."""
        if self.seconds > TIME_FOR_EACH:
            return Exited("timeout")
        return Ok(self.seconds) if self.ending == "value" else Exited(self.ending)


@dataclass(frozen=True)
class Trial:
    """One stream, and after how many results the consumer has had enough."""

    items: list[Item]
    size: int
    ordered: bool
    awaited: bool
    enough: int
    seed: int


ITEMS = some.builds(
    Item, some.integers(0, 3), some.sampled_from(["value", "normal", "bad", "killed"])
)
TRIALS = some.builds(
    Trial,
    items=some.lists(ITEMS, max_size=8),
    size=some.integers(1, 4),
    ordered=some.booleans(),
    awaited=some.booleans(),
    enough=some.integers(1, 9),
    seed=some.integers(0, 2**16),
)
EARLY = Trial([Item(0, "value"), Item(2, "value")], 2, True, False, 1, 0)
UNORDERED = Trial([Item(2, "value"), Item(1, "value")], 2, True, True, 9, 0)
LONG = Trial([Item(1, "value")] * 5, 2, False, False, 9, 0)


class Consumer:
    """Goes through the results of a trial's stream, and watches its tasks."""

    def __init__(self, trial: Trial, runtime: Runtime) -> None:
        self.trial = trial
        self.clock = runtime.clock
        self.running = self.most = 0

    async def work(self, item: Item) -> int:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.clock.sleep(item.seconds)
        finally:
            self.running -= 1
        if item.ending != "value":
            reason = "kill" if item.ending == "killed" else item.ending
            send_exit(self_pid(), reason)
        return item.seconds

    def items(self) -> Iterator[Item]:
        yield from self.trial.items

    async def awaited_items(self) -> AsyncGenerator[Item, None]:
        for item in self.trial.items:
            await self.clock.sleep(item.seconds / 2)
            yield item

    async def consume(self) -> list[object]:
        results: list[object] = []
        async for result in async_stream(
            self.work,
            self.awaited_items() if self.trial.awaited else self.items(),
            max_concurrency=self.trial.size,
            ordered=self.trial.ordered,
            timeout=TIME_FOR_EACH,
            on_timeout="kill_task",
        ):
            results.append(result)
            if len(results) == self.trial.enough:
                break
        return results


async def holds(trial: Trial, runtime: Runtime, clock: VirtualClock) -> None:
    """Run a trial and compare it with the plain list of its results."""
    runtime.trap_exit = True
    consumer = Consumer(trial, runtime)
    consuming = asyncio.ensure_future(consumer.consume())
    await clock.jump_until(consuming)
    await clock.settle()
    results, expected = consuming.result(), [item.plainly() for item in trial.items]
    if trial.ordered:
        assert results == expected[: trial.enough]
    else:
        assert len(results) == min(trial.enough, len(expected))
        assert all(results.count(r) <= expected.count(r) for r in results)
    assert consumer.most <= trial.size
    assert (runtime.processes, consumer.running, clock.next_due()) == ((), 0, None)
    assert await runtime.receive(Exit, timeout=0) is None
    assert not runtime.root.holdings


def try_out(trial: Trial) -> None:
    async def main() -> None:
        async with virtual_runtime(RandomOrder(trial.seed)) as (runtime, clock):
            await holds(trial, runtime, clock)

    run(main)


@settings(max_examples=15, derandomize=True, deadline=None)
@example(EARLY)
@example(UNORDERED)
@example(LONG)
@given(TRIALS)
def test_a_stream_gives_what_a_plain_list_would(trial: Trial) -> None:
    try_out(trial)


@pytest.mark.slow
@settings(max_examples=800, derandomize=True, deadline=None)
@given(TRIALS)
def test_a_stream_gives_what_a_plain_list_would_many_times(trial: Trial) -> None:
    try_out(trial)


def forgets_to_kill(self: Task[Any]) -> None:
    self.unwanted = True


def always(_: Window[Any]) -> bool:
    return True


def forgets_positions(self: Window[Any], position: int, result: object) -> None:
    assert position >= 0
    self._waiting[self._finished] = result
    self._finished += 1


@pytest.mark.parametrize(
    ("trial", "owner", "name", "broken"),
    [
        (EARLY, Task, "kill", forgets_to_kill),
        (LONG, Window, "has_room", property(always)),
        (UNORDERED, Window, "finish", forgets_positions),
    ],
)
def test_a_plain_list_tells_a_broken_stream(
    trial: Trial, owner: type, name: str, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, broken)
    with pytest.raises(AssertionError):
        try_out(trial)
