from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

import exmc
from exmc.actors import new_event_loop, stop, whereis
from exmc.errors import BadStartError, OptionError, SamplingError
from exmc.inference import LocalRun
from exmc.posterior import Posterior
from exmc.run import ChainPhase, RunState
from tests.inference.models import normal, nowhere_finite

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]

ENDLESS: dict[str, Any] = {"draws": 10**7, "tune": 20, "chains": 2, "seed": 3}
SHORT: dict[str, Any] = {"draws": 60, "tune": 40, "chains": 2, "seed": 3}


def during(
    scenario: Callable[[LocalRun], Awaitable[None]],
    options: dict[str, Any],
    model: exmc.Model | None = None,
) -> None:
    async def main() -> None:
        async with exmc.start(model or normal(), **options) as run:
            await scenario(run)

    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())


def test_every_draw_of_every_chain_is_seen_exactly_once() -> None:
    async def scenario(run: LocalRun) -> None:
        read: list[list[float]] = [[], []]
        async for batch in run.batches():
            assert batch.first_draw == len(read[batch.chain])
            read[batch.chain] += batch["x"].tolist()
        np.testing.assert_array_equal(read, (await run.result())["x"])

    during(scenario, SHORT)


def test_a_late_subscriber_sees_the_same_and_can_begin_anywhere() -> None:
    async def scenario(run: LocalRun) -> None:
        posterior = await run.result()
        async for batch in run.batches(from_draw=50):
            assert batch.first_draw == 50
            np.testing.assert_array_equal(batch["x"], posterior["x"][batch.chain, 50:])
        warm = [b async for b in run.batches(warmup=True)]
        assert sum(len(b) for b in warm) == 2 * (60 + 40)

    during(scenario, SHORT)


def test_a_negative_first_draw_is_refused() -> None:
    async def scenario(run: LocalRun) -> None:
        with pytest.raises(OptionError, match="^from_draw must be at least 0, got -1"):
            await anext(run.batches(from_draw=-1))

    during(scenario, SHORT)


def test_a_stopped_run_keeps_each_chains_draws_and_says_so() -> None:
    async def scenario(run: LocalRun) -> None:
        seen = 0
        async for batch in run.batches():
            seen += len(batch)
            if seen > 30:
                break
        await run.stop()
        posterior = await run.result()
        assert posterior.partial
        assert sum(posterior.lengths) >= seen
        assert posterior["x"].shape == (2, min(posterior.lengths))
        assert np.isfinite(posterior["x"]).all()
        assert "Partial run" in str(posterior.summary())
        assert (await run.status()).state is RunState.STOPPED
        assert [b async for b in run.batches(from_draw=10**6)] == []

    during(scenario, ENDLESS)


def test_the_posterior_so_far_is_partial_and_grows() -> None:
    async def scenario(run: LocalRun) -> None:
        stream = run.batches()
        await anext(stream)
        first = await run.posterior_so_far()
        for _ in range(4):
            await anext(stream)
        second = await run.posterior_so_far()
        assert first.partial
        assert second.partial
        assert sum(second.lengths) > sum(first.lengths) > 0
        await stream.aclose()  # type: ignore[attr-defined]

    during(scenario, ENDLESS)


def test_the_status_follows_the_run() -> None:
    async def scenario(run: LocalRun) -> None:
        await anext(run.batches())
        status = await run.status()
        assert status.state is RunState.RUNNING
        assert all(chain.os_pid for chain in status.chains)
        assert (status.backend, status.backend_reason) == ("strict", None)
        await run.result()
        status = await run.status()
        assert status.state is RunState.FINISHED
        assert [c.phase for c in status.chains] == [ChainPhase.DONE] * 2
        assert [(c.tuned, c.draws) for c in status.chains] == [(40, 2000)] * 2
        assert all(a is not None and a["step_size"] for a in status.adaptation)
        assert (await run.status()).elapsed == status.elapsed

    during(scenario, SHORT | {"draws": 2000, "backend": "strict"})


def test_a_failed_run_raises_its_error_with_the_draws_so_far() -> None:
    async def scenario(run: LocalRun) -> None:
        with pytest.raises(BadStartError, match=r"^Chain \d: None of 100") as caught:
            await run.result()
        assert "hopeless" in str(caught.value)
        assert isinstance(caught.value.posterior, Posterior)
        assert caught.value.posterior.partial
        assert (await run.status()).state is RunState.FAILED

    during(scenario, SHORT, nowhere_finite())


def test_any_task_of_the_loop_may_ask() -> None:
    async def main() -> None:
        given: asyncio.Future[LocalRun] = asyncio.get_running_loop().create_future()

        async def elsewhere() -> tuple[int, Posterior]:
            run = await given
            seen = sum([len(batch) async for batch in run.batches()])
            assert (await run.status()).state is RunState.FINISHED
            return seen, await run.result()

        task = asyncio.create_task(elsewhere())
        async with exmc.start(normal(), **SHORT) as run:
            given.set_result(run)
            seen, posterior = await task
        assert seen == sum(posterior.lengths) == 120

    asyncio.run(main())


def test_a_run_that_was_left_says_so() -> None:
    async def main() -> None:
        async with exmc.start(normal(), **SHORT) as run:
            pass
        with pytest.raises(SamplingError, match="^The run has ended with its `async"):
            await run.result()

    asyncio.run(main())


def test_equal_digests_mean_equal_draws() -> None:
    digests = []

    async def scenario(run: LocalRun) -> None:
        posterior = await run.result()
        assert await run.digest() == posterior.digest()
        digests.append(await run.digest())

    for seed in (3, 3, 4):
        during(scenario, SHORT | {"seed": seed})
    assert digests[0] == digests[1] != digests[2]


def test_the_draws_outlive_the_runs_supervision() -> None:
    async def scenario(run: LocalRun) -> None:
        await anext(run.batches())
        with run._runtime.entered():
            monitor = whereis(run._facts.names.monitor)
            assert monitor is not None
            assert monitor.target is not None
            assert monitor.target.parent is not None
            await stop(monitor.target.parent, "shutdown")
        with pytest.raises(SamplingError, match="^The run's own supervision") as lost:
            await run.result()
        assert isinstance(lost.value.posterior, Posterior)
        assert lost.value.posterior.partial
        assert max(lost.value.posterior.lengths) > 0
        with pytest.raises(SamplingError, match="^The run's own supervision"):
            await anext(run.batches(from_draw=10**6))

    during(scenario, ENDLESS)
