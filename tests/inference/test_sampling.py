from __future__ import annotations

import asyncio
import gc
import io
import sys
import threading

import autograd.numpy as anp
import numpy as np
import pytest

import exmc
from exmc.errors import UntraceableError
from exmc.inference.own_thread import OwnThread
from exmc.posterior import Posterior
from exmc.typing import Array
from tests.inference.models import normal

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]

FEW = {"draws": 50, "tune": 50, "chains": 2, "seed": 3}


def test_a_posterior_comes_back_with_how_it_was_made() -> None:
    posterior = exmc.sample(normal(), **FEW, progress=False)  # type: ignore[arg-type]
    assert posterior["x"].shape == (2, 50)
    assert (posterior.meta.seed, posterior.meta.tune) == (3, 50)
    assert posterior.meta.versions["exmc"] == exmc.__version__
    assert posterior.warmup_stats["step_size"].shape == (2, 50)
    assert not posterior.partial


def test_it_works_inside_a_running_loop() -> None:
    async def notebook_cell() -> tuple[int, ...]:
        return exmc.sample(normal(), **FEW, progress=False)["x"].shape  # type: ignore[arg-type]

    assert asyncio.run(notebook_cell()) == (2, 50)


def test_a_seed_is_drawn_and_kept_when_none_is_given() -> None:
    options = FEW | {"seed": None}
    first = exmc.sample(normal(), **options, progress=False)  # type: ignore[arg-type]
    again = exmc.sample(
        normal(),
        **(FEW | {"seed": first.meta.seed}),  # type: ignore[arg-type]
        progress=False,
    )
    np.testing.assert_array_equal(first["x"], again["x"])


def test_progress_goes_to_stderr_only(capsys: pytest.CaptureFixture[str]) -> None:
    exmc.sample(normal(), **FEW)  # type: ignore[arg-type]
    out, err = capsys.readouterr()
    assert out == ""
    assert "chain 1  done" in err


def test_a_bare_log_density_is_sampled() -> None:
    scale = np.array([1.0, 10.0])

    def logp(z: Array) -> Array:
        total: Array = -0.5 * anp.sum((z / scale) ** 2)
        return total

    posterior = exmc.sample_logp(
        logp, np.zeros(2), draws=400, tune=200, chains=2, seed=1, progress=False
    )
    assert posterior["x"].shape == (2, 400, 2)
    # 800 nearly independent draws: a standard deviation within 20 % is eight of its
    # standard errors; swapped or missing scales are far outside.
    np.testing.assert_allclose(posterior["x"].std(axis=(0, 1)), scale, rtol=0.2)


def test_a_log_density_that_branches_on_a_value_is_refused() -> None:
    def logp(z: Array) -> Array:
        return -z[0] if z[0] > 0 else z[0]  # type: ignore[no-any-return]

    with pytest.raises(UntraceableError):
        exmc.sample_logp(logp, np.zeros(2), progress=False)


def test_a_terminal_that_was_closed_does_not_end_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Gone(io.StringIO):
        def write(self, _text: str, /) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    posterior = exmc.sample(normal(), **FEW)  # type: ignore[arg-type]
    assert posterior.lengths == (50, 50)


def interrupted(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a caller that waits see a Ctrl-C, this many times."""
    interruptions = iter([KeyboardInterrupt()] * times)
    waiting = OwnThread.result

    def result(self: OwnThread[Posterior]) -> Posterior:
        for interruption in interruptions:
            raise interruption
        return waiting(self)

    monkeypatch.setattr(OwnThread, "result", result)


def test_a_program_that_has_no_stderr_is_stopped_like_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    interrupted(1, monkeypatch)
    monkeypatch.setattr(sys, "stderr", None)
    posterior = exmc.sample(normal(), draws=10**6, chains=2, seed=1)
    assert posterior.partial


def test_a_second_interruption_aborts_and_leaves_nothing_to_complain_about(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    interrupted(2, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        exmc.sample(normal(), draws=10**6, chains=2, seed=1, progress=False)
    gc.collect()
    assert "exmc-run" not in {thread.name for thread in threading.enumerate()}
    assert "never retrieved" not in caplog.text
