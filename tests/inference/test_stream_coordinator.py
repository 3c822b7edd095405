from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from exmc.actors import GenServer, Outcome, Pid, Runtime, run
from exmc.actors.testing import virtual_runtime, wait_until_idle
from exmc.frames import Frame, Phase
from exmc.inference.cursor import Cursor
from exmc.inference.stream_coordinator import (
    StreamBroken,
    StreamCoordinator,
    append,
    finish,
    keep_checkpoint,
    next_batch,
    resume_point,
    tallies,
)
from exmc.posterior import DrawLog
from tests.inference.rows import SCHEMA, frame, rows


class Ear(GenServer):
    """Keeps what it is told."""

    def init(self, heard: list[object]) -> None:
        self._heard = heard

    def handle_cast(self, message: object) -> Outcome:
        self._heard.append(message)
        return None


def with_stream(scenario: Callable[[Runtime, Pid], Awaitable[None]]) -> None:
    async def main() -> None:
        async with virtual_runtime() as (runtime, _clock):
            stream = await runtime.start(StreamCoordinator, DrawLog(SCHEMA, 2))
            await scenario(runtime, stream)

    run(main)


def test_a_waiting_subscriber_is_answered_by_the_next_draws() -> None:
    async def scenario(runtime: Runtime, stream: Pid) -> None:
        asked = asyncio.create_task(next_batch(stream, Cursor(2)))
        await wait_until_idle(runtime)
        assert not asked.done()
        append(stream, frame(0, 3, chain=1), stream)
        batch = await asked
        assert batch is not None
        assert (batch.chain, batch.first_draw, len(batch)) == (1, 0, 3)

    with_stream(scenario)


def test_the_end_comes_after_the_last_draw() -> None:
    async def scenario(_runtime: Runtime, stream: Pid) -> None:
        append(stream, frame(0, 3), stream)
        finish(stream)
        cursor = Cursor(2)
        batch = await next_batch(stream, cursor)
        assert batch is not None
        assert len(batch) == 3
        assert await next_batch(stream, cursor) is None

    with_stream(scenario)


def test_a_subscriber_that_stalls_or_leaves_changes_nothing_for_another() -> None:
    async def scenario(runtime: Runtime, stream: Pid) -> None:
        leaving = asyncio.create_task(next_batch(stream, Cursor(2)))
        await wait_until_idle(runtime)
        leaving.cancel()
        stalled, lively = Cursor(2), Cursor(2)
        read: list[float] = []
        for first in range(0, 30, 3):
            append(stream, frame(first, 3), stream)
            batch = await next_batch(stream, lively)
            assert batch is not None
            read += batch["mu"].tolist()
        assert read == list(range(30))
        late = await next_batch(stream, stalled)
        assert late is not None
        assert late["mu"].tolist() == read

    with_stream(scenario)


def test_a_replay_that_differs_is_told_and_not_stored() -> None:
    async def scenario(runtime: Runtime, stream: Pid) -> None:
        heard: list[object] = []
        ear = await runtime.start(Ear, heard)
        append(stream, frame(0, 3, chain=1), ear)
        other = rows(0, 3)
        other[2, 0] += 1e-12
        replayed = Frame.draws(other, chain=1, phase=Phase.DRAW, first=0, epoch=1)
        append(stream, replayed, ear)
        append(stream, frame(0, 3, chain=1, epoch=1), ear)
        await wait_until_idle(runtime)
        (broken,) = heard
        assert isinstance(broken, StreamBroken)
        assert broken.chain == 1
        batch = await next_batch(stream, Cursor(2))
        assert batch is not None
        np.testing.assert_array_equal(batch.rows, rows(0, 3))

    with_stream(scenario)


def test_each_worker_is_told_how_many_came_before_and_where_to_go_on() -> None:
    async def scenario(_runtime: Runtime, stream: Pid) -> None:
        first = await resume_point(stream, 1)
        keep_checkpoint(stream, 1, b"old")
        keep_checkpoint(stream, 1, b"new")
        second = await resume_point(stream, 1)
        assert (first.epoch, first.checkpoint) == (0, b"")
        assert (second.epoch, second.checkpoint) == (1, b"new")
        assert (await resume_point(stream, 0)).epoch == 0

    with_stream(scenario)


def test_replayed_draws_are_counted_once() -> None:
    async def scenario(_runtime: Runtime, stream: Pid) -> None:
        append(stream, frame(0, 5), stream)
        append(stream, frame(2, 6, epoch=1), stream)
        counts = await tallies(stream)
        assert [t.draws for t in counts] == [8, 0]

    with_stream(scenario)
