from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import uvloop

import exmc
from exmc.errors import ModelError, OptionError, SamplingError
from exmc.inference.zygote_process import ZYGOTE
from exmc.typing import Array
from tests.inference.models import normal

OPTIONS = {"draws": 40, "tune": 30, "chains": 2, "seed": 3}
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


async def drawn(**options: Any) -> Array:
    async with exmc.start(normal(), **(OPTIONS | options)) as run:
        return (await run.result())["x"]


def test_a_run_asked_before_its_block_is_entered_says_how_to_enter_it() -> None:
    starting: Any = exmc.start(normal())
    with pytest.raises(AttributeError, match="no 'result'; write `async with"):
        _ = starting.result


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(60)
def test_one_seed_is_one_posterior_on_either_loop_whoever_watches() -> None:
    results = []
    for new_loop in LOOPS:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            results.append(runner.run(drawn()))
    np.testing.assert_array_equal(results[0], results[1])
    assert (asyncio.run(drawn(seed=4)) != results[0]).all()
    assert (results[0][0] != results[0][1]).all()


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(60)
def test_chains_do_not_depend_on_how_many_there_are() -> None:
    two = asyncio.run(drawn(chains=2))
    three = asyncio.run(drawn(chains=3))
    np.testing.assert_array_equal(two, three[:2])


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(60)
def test_leaving_the_block_ends_every_worker() -> None:
    async def scenario() -> list[int]:
        async with exmc.start(normal(), draws=10**7, chains=2, seed=1) as run:
            await anext(run.batches(warmup=True))
            status = await run.status()
            pids = [c.os_pid for c in status.chains if c.os_pid is not None]
            watched = [os.pidfd_open(pid) for pid in pids]
        loop = asyncio.get_running_loop()
        for pidfd in watched:
            gone = asyncio.Event()
            loop.add_reader(pidfd, gone.set)
            await gone.wait()
            loop.remove_reader(pidfd)
            os.close(pidfd)
        return pids

    assert asyncio.run(scenario())


def test_two_runs_may_go_on_at_once() -> None:
    async def scenario() -> bool:
        first, second = await asyncio.gather(drawn(), drawn())
        return bool((first == second).all())

    assert asyncio.run(scenario())


@pytest.mark.parametrize(
    ("new_loop", "options", "message"),
    [
        (LOOPS[0], {"draws": 0}, "draws must be"),
        (LOOPS[0], {"chains": 0}, "chains must be"),
        (LOOPS[0], {"seed": -1}, "seed must be"),
    ],
)
def test_a_bad_option_is_refused_before_anything_starts(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
    options: dict[str, Any],
    message: str,
) -> None:
    with (
        asyncio.Runner(loop_factory=new_loop) as runner,
        pytest.raises(OptionError, match=f"^{message}"),
    ):
        runner.run(drawn(**options))


@pytest.mark.parametrize("model", [None, "m", len, 3])
def test_what_is_no_model_is_refused(model: Any) -> None:
    with pytest.raises(OptionError, match=r"^model must be an exmc\.Model, got "):
        exmc.start(model)


def test_a_variable_that_cannot_be_noncentered_is_named() -> None:
    with pytest.raises(ModelError, match="nobody"):
        exmc.start(normal(), noncentered={"nobody": True})


def test_a_start_for_which_there_is_no_room_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(ZYGOTE, "connect", no_room)
    with pytest.raises(SamplingError, match=r"^The run could not .* Too many open"):
        asyncio.run(drawn())
