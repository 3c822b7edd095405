"""A killed worker is replaced, and the draws are the ones it would have made."""

from __future__ import annotations

import asyncio
import os
import signal

import numpy as np
import pytest

import exmc
from exmc.cli.demo import eight_schools
from exmc.inference.run_tree import LOST_WITHOUT_PROGRESS
from exmc.inference.zygote_process import ZYGOTE
from exmc.posterior import Posterior
from tests.inference.models import normal

OPTIONS = {
    "draws": 300,
    "tune": 200,
    "chains": 2,
    "seed": 11,
    "noncentered": True,
    "backend": "numpy",  # slow enough to be killed on the way
}

LONG = 3000
"""Draws that take a second or more: a worker is long from done when it is killed,
even if this process had to wait for its turn before."""

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(120)]


async def undisturbed(**options: object) -> str:
    asked = OPTIONS | options
    async with exmc.start(eight_schools(), **asked) as run:  # type: ignore[arg-type]
        await run.result()
        return await run.digest()


async def killed_after(rows: int, **options: object) -> tuple[Posterior, str, int]:
    """Kill whichever worker a batch comes from, once `rows` rows have come."""
    asked = OPTIONS | options
    async with exmc.start(eight_schools(), **asked) as run:  # type: ignore[arg-type]
        seen, killed = 0, False
        async for batch in run.batches(warmup=True):
            seen += len(batch)
            os_pid = (await run.status()).chains[batch.chain].os_pid
            if seen >= rows and not killed and os_pid is not None:
                os.kill(os_pid, signal.SIGKILL)
                killed = True
        posterior = await run.result()
        status = await run.status()
        return posterior, await run.digest(), sum(c.restarts for c in status.chains)


@pytest.fixture(scope="module")
def long_digest() -> str:
    return asyncio.run(undisturbed(draws=LONG))


@pytest.mark.parametrize("rows", [1, 150, 450, 700])
def test_a_killed_worker_changes_no_draw(rows: int, long_digest: str) -> None:
    posterior, digest, restarts = asyncio.run(killed_after(rows, draws=LONG))
    assert restarts == 1
    assert posterior.lengths == (LONG, LONG)
    assert posterior.partial is False
    assert digest == long_digest


@pytest.mark.native
@pytest.mark.parametrize("rows", [1, 20_000])
@pytest.mark.parametrize("hot_upgrade", [False, True], ids=["", "upgraded"])
def test_a_killed_worker_changes_no_draw_of_machine_code(
    rows: int, hot_upgrade: bool
) -> None:
    fast = {"backend": "native", "draws": 60_000}
    posterior, digest, restarts = asyncio.run(
        killed_after(rows, **fast, hot_upgrade=hot_upgrade)
    )
    assert restarts == 1
    assert posterior.lengths == (60_000, 60_000)
    assert digest == asyncio.run(undisturbed(**fast))


def test_no_draw_is_missing_doubled_or_padded_for_a_subscriber() -> None:
    async def scenario() -> list[list[float]]:
        read: list[list[float]] = [[], []]
        async with exmc.start(eight_schools(), **OPTIONS) as run:  # type: ignore[arg-type]
            killed = False
            async for batch in run.batches():
                assert batch.first_draw == len(read[batch.chain])
                read[batch.chain] += batch["tau"].tolist()
                os_pid = (await run.status()).chains[0].os_pid
                if not killed and os_pid is not None:
                    os.kill(os_pid, signal.SIGKILL)
                    killed = True
            posterior = await run.result()
        np.testing.assert_array_equal(read, posterior["tau"])
        return read

    read = asyncio.run(scenario())
    assert [len(chain) for chain in read] == [300, 300]
    assert np.isfinite(read).all()


def test_the_zygote_may_die_too() -> None:
    async def scenario() -> str:
        async with exmc.start(eight_schools(), **OPTIONS) as run:  # type: ignore[arg-type]
            killed = False
            async for _batch in run.batches():
                process = ZYGOTE._process
                if not killed and process is not None:
                    process.kill()
                    killed = True
            await run.result()
            return await run.digest()

    assert asyncio.run(scenario()) == asyncio.run(undisturbed())


def test_a_zygote_that_takes_many_chains_along_ends_none_of_them() -> None:
    async def scenario() -> list[int]:
        chains = LOST_WITHOUT_PROGRESS + 2
        options = {
            "draws": 2000,
            "tune": 50,
            "chains": chains,
            "seed": 1,
            "backend": "strict",
        }
        async with exmc.start(normal(), **options) as run:  # type: ignore[arg-type]
            async for _batch in run.batches(warmup=True):
                status = await run.status()
                if all(chain.os_pid is not None for chain in status.chains):
                    break
            assert ZYGOTE._process is not None
            ZYGOTE._process.kill()
            posterior = await run.result()
            assert posterior.lengths == (2000,) * chains
            return [chain.restarts for chain in (await run.status()).chains]

    assert sum(asyncio.run(scenario())) > LOST_WITHOUT_PROGRESS
