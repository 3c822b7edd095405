from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from exmc.actors import (
    ChildSpec,
    GenServer,
    Outcome,
    Runtime,
    Supervisor,
    VirtualClock,
    run,
    send_exit,
    whereis,
)
from exmc.actors.testing import virtual_runtime, wait_until_idle
from exmc.errors import BadStartError, ChainLostError, ModelError, SamplingError
from exmc.inference.assignment import Failure
from exmc.inference.run_monitor import (
    STOP_SECONDS,
    RunMonitor,
    StopChain,
    chain_done,
    chain_failed,
    error_of,
    record,
    stop_run,
    wait_for_end,
    worker_lost,
    worker_up,
)
from exmc.inference.run_names import RunNames
from exmc.inference.stream_coordinator import StreamCoordinator
from exmc.posterior import DrawLog
from exmc.run import ChainPhase, RunState
from tests.inference.rows import SCHEMA

NAMES = RunNames("r")


class FakePort(GenServer):
    """Notes that it was asked to stop."""

    def init(self, asked: list[object]) -> None:
        self._asked = asked

    def handle_cast(self, message: object) -> Outcome:
        self._asked.append(message)
        return None


def keeper(chain: int, asked: list[object]) -> ChildSpec:
    """Gives its chain up when the port is lost for the second time."""
    name = NAMES.chain(chain)
    port = ChildSpec("port", FakePort, args=(asked,), name=name, restart="transient")
    once = Supervisor(max_restarts=1)
    return ChildSpec(chain, once, args=([port],), restart="temporary")


@dataclass
class Stage:
    runtime: Runtime
    clock: VirtualClock
    asked: list[object] = field(default_factory=list)


def on_stage(scenario: Callable[[Stage], Awaitable[None]]) -> None:
    async def main() -> None:
        async with virtual_runtime() as (runtime, clock):
            stage = Stage(runtime, clock)
            keepers = tuple(keeper(c, stage.asked) for c in range(2))
            log = DrawLog(SCHEMA, 2)
            await runtime.start(StreamCoordinator, log, name=NAMES.stream)
            await runtime.start(Supervisor, name=NAMES.chains)
            await runtime.start(RunMonitor, NAMES, keepers, name=NAMES.monitor)
            await wait_until_idle(runtime)
            await scenario(stage)

    run(main)


def test_a_run_is_finished_when_every_chain_is_done() -> None:
    async def scenario(stage: Stage) -> None:
        ending = asyncio.create_task(wait_for_end(NAMES.monitor))
        assert (await record(NAMES.monitor)).state is RunState.STARTING
        worker_up(NAMES.monitor, 0, 100, 0)
        worker_up(NAMES.monitor, 1, 101, 0)
        assert (await record(NAMES.monitor)).state is RunState.RUNNING
        chain_done(NAMES.monitor, 0, stopped=False)
        await wait_until_idle(stage.runtime)
        assert not ending.done()
        chain_done(NAMES.monitor, 1, stopped=False)
        end = await ending
        assert end.state is RunState.FINISHED
        assert [c.ended for c in end.chains] == [ChainPhase.DONE] * 2
        assert (await wait_for_end(NAMES.monitor)).state is RunState.FINISHED

    on_stage(scenario)


def test_a_replaced_worker_is_noted_with_how_the_last_one_ended() -> None:
    async def scenario(_stage: Stage) -> None:
        worker_up(NAMES.monitor, 1, 100, 0)
        worker_lost(NAMES.monitor, 1, "signal 9")
        lost = (await record(NAMES.monitor)).chains[1]
        assert (lost.os_pid, lost.last_error) == (None, "signal 9")
        worker_up(NAMES.monitor, 1, 102, 1)
        again = (await record(NAMES.monitor)).chains[1]
        assert (again.os_pid, again.restarts, again.last_error) == (102, 1, "signal 9")

    on_stage(scenario)


def test_a_stop_is_passed_to_every_chain_also_to_one_that_comes_up_later() -> None:
    async def scenario(stage: Stage) -> None:
        await stop_run(NAMES.monitor)
        await stop_run(NAMES.monitor)
        await wait_until_idle(stage.runtime)
        assert stage.asked == [StopChain(), StopChain()]
        worker_up(NAMES.monitor, 0, 100, 0)
        await wait_until_idle(stage.runtime)
        assert len(stage.asked) == 3
        chain_done(NAMES.monitor, 0, stopped=True)
        chain_done(NAMES.monitor, 1, stopped=False)
        assert (await wait_for_end(NAMES.monitor)).state is RunState.STOPPED

    on_stage(scenario)


def test_a_stop_that_came_after_the_last_draw_changes_nothing() -> None:
    async def scenario(_stage: Stage) -> None:
        await stop_run(NAMES.monitor)
        chain_done(NAMES.monitor, 0, stopped=False)
        chain_done(NAMES.monitor, 1, stopped=False)
        assert (await wait_for_end(NAMES.monitor)).state is RunState.FINISHED

    on_stage(scenario)


def test_a_chain_that_does_not_obey_is_ended_after_its_time() -> None:
    async def scenario(stage: Stage) -> None:
        await stop_run(NAMES.monitor)
        await stage.clock.advance(STOP_SECONDS - 0.1)
        assert (await record(NAMES.monitor)).state is RunState.STARTING
        await stage.clock.advance(0.2)
        assert (await record(NAMES.monitor)).state is RunState.STOPPED
        assert whereis(NAMES.chains) is None

    on_stage(scenario)


def test_a_chain_that_fails_ends_the_run_with_its_own_error() -> None:
    async def scenario(stage: Stage) -> None:
        chain_failed(NAMES.monitor, 1, Failure("BadStartError", "nowhere finite"))
        chain_failed(NAMES.monitor, 0, Failure("ValueError", "too late"))
        end = await wait_for_end(NAMES.monitor)
        assert end.state is RunState.FAILED
        assert isinstance(end.error, BadStartError)
        assert str(end.error) == "Chain 1: nowhere finite"
        await wait_until_idle(stage.runtime)
        assert whereis(NAMES.chains) is None

    on_stage(scenario)


async def lose(stage: Stage, chain: int) -> None:
    """End a chain's port as one ends that has lost its worker."""
    worker_lost(NAMES.monitor, chain, "signal 11")
    port = whereis(NAMES.chain(chain))
    assert port is not None
    send_exit(port, ("signal", 11))
    await wait_until_idle(stage.runtime)


def test_a_run_fails_when_a_chain_is_given_up() -> None:
    async def scenario(stage: Stage) -> None:
        await lose(stage, 1)
        assert (await record(NAMES.monitor)).state is RunState.STARTING
        await lose(stage, 1)
        end = await wait_for_end(NAMES.monitor)
        assert isinstance(end.error, ChainLostError)
        assert str(end.error).startswith("Chain 1's worker was lost again and again")
        assert "signal 11" in str(end.error)
        assert end.chains[1].ended is ChainPhase.FAILED
        await wait_until_idle(stage.runtime)
        assert whereis(NAMES.chains) is None

    on_stage(scenario)


def test_chains_that_are_lost_together_are_not_given_up() -> None:
    async def scenario(stage: Stage) -> None:
        await lose(stage, 0)
        await lose(stage, 1)
        assert (await record(NAMES.monitor)).state is RunState.STARTING

    on_stage(scenario)


@pytest.mark.parametrize(
    ("failure", "kind", "message"),
    [
        (Failure("BadStartError", "m"), BadStartError, "Chain 2: m"),
        (Failure("BadDataError", "m"), SamplingError, "Chain 2: m"),
        (
            Failure("ZeroDivisionError", "m", "the trace"),
            SamplingError,
            "Chain 2 failed with ZeroDivisionError: m\nIn its worker:\nthe trace",
        ),
        (Failure("__name__", "m", "t"), SamplingError, "Chain 2 failed with __name__"),
    ],
)
def test_a_workers_error_is_rebuilt_by_name(
    failure: Failure, kind: type[SamplingError], message: str
) -> None:
    error = error_of(2, failure)
    assert type(error) is kind
    assert str(error).startswith(message)
    assert not isinstance(error, ModelError)
