from __future__ import annotations

import gc
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

import exmc
from exmc.compiler import CompiledModel
from exmc.compiler.build import native_of
from exmc.errors import MissingExtraError, SlowGradientWarning
from exmc.gradient.executable import DENSITY, VALUES
from exmc.gradient.speed import Backend
from exmc.model import model_of_logp
from tests.plain.posteriors import eight_schools

SPEEDS = ["numpy", "strict", pytest.param("native", marks=pytest.mark.native)]

DATA = {
    "J": 8,
    "y": np.array([28.0, 8, -3, 7, -1, 1, 18, 12]),
    "sigma": np.array([15.0, 10, 16, 11, 9, 11, 10, 18]),
}


def compiled(backend: Backend) -> CompiledModel:
    return eight_schools(DATA).compile(noncentered=True, backend=backend)


def somewhere(dim: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return 0.5 * np.random.Generator(np.random.PCG64(5)).standard_normal(dim)


def strange(z: Any) -> Any:
    """A log-density with a step that the programs have no word for."""
    return -anp.sum(anp.sort(z) ** 2)


@pytest.mark.parametrize("backend", SPEEDS)
def test_every_backend_gives_autograds_gradient_and_the_same_values(
    backend: Backend,
) -> None:
    ours, theirs = compiled(backend), compiled("autograd")
    assert (ours.backend, theirs.backend) == (backend, "autograd")
    z = somewhere(ours.dim)
    value, gradient = ours.value_and_grad(z)
    expected, slope = theirs.value_and_grad(z)
    assert value == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(gradient, slope, rtol=1e-12, atol=1e-13)
    executable = ours.build.executable
    assert executable is not None
    row = np.empty(ours.width)
    executable.realise(ours.build.data)[VALUES](z, row)
    named = ours.constrain(z)
    np.testing.assert_allclose(row, np.concatenate([v.ravel() for v in named.values()]))


@pytest.mark.native
def test_machine_code_of_a_strict_executable_has_its_bits() -> None:
    build = compiled("strict").build
    assert build.executable is not None
    z = somewhere(10)
    outputs = []
    for executable in (build.executable, native_of(build.executable)):
        gradient = np.empty(10)
        value = executable.realise(build.data)[DENSITY](z, gradient)
        outputs.append([value, *gradient])
    assert outputs[0] == outputs[1]


def test_new_data_of_the_same_shapes_have_the_same_program() -> None:
    def model(seed: int) -> exmc.Model:
        data = np.random.Generator(np.random.PCG64(seed)).standard_normal((2, 30))
        with exmc.Model() as model:
            slope = exmc.Normal("slope", 0.0, 1.7 + seed)
            exmc.Normal("y", slope * data[0], 0.3, observed=data[1])
        return model

    builds = [model(seed).compile(backend="strict").build for seed in (1, 2)]
    texts = [b.executable.parts[DENSITY].program for b in builds if b.executable]
    assert texts[0] == texts[1]


def test_a_step_without_a_rule_keeps_autograd_and_says_why_once() -> None:
    model = model_of_logp(strange, np.ones(3)).compile(backend="auto")
    with pytest.warns(SlowGradientWarning, match="autograd.*sort") as caught:
        assert model.backend == "autograd"
    assert len(caught) == 1
    assert model.build.reason is not None
    assert "sort" in model.build.reason
    value, _ = model.value_and_grad(np.ones(3))
    assert value == pytest.approx(-3.0)


def test_without_a_compiler_auto_takes_numpy_and_native_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EXMC_NATIVE", "0")
    model = compiled("auto")
    assert model.backend == "numpy"
    assert model.build.reason is not None
    assert model.build.reason.startswith("EXMC_NATIVE=0 switches")
    with pytest.raises(MissingExtraError, match="cannot be had: EXMC_NATIVE=0"):
        _ = compiled("native").build


@pytest.mark.parametrize("looking", [True, False])
def test_a_build_leaves_the_search_for_garbage_as_it_was(*, looking: bool) -> None:
    (gc.enable if looking else gc.disable)()
    try:
        assert compiled("numpy").backend == "numpy"
        assert gc.isenabled() is looking
        with pytest.warns(SlowGradientWarning):
            assert (
                model_of_logp(strange, np.ones(3)).compile(backend="numpy").build.reason
            )
        assert gc.isenabled() is looking
    finally:
        gc.enable()
