"""Machine code draws what Python draws, to the bit."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from exmc.errors import BadStartError
from exmc.numerics.random import MOMENTUM, Stream
from exmc.sampler import PYTHON, ChainSettings, NutsChain, Values, native_engine
from exmc.sampler.memory import Memory
from tests.sampler import densities, kernel_densities
from tests.sampler.kernel_densities import native

if TYPE_CHECKING:
    from exmc.native.function import NativeFunction
    from exmc.sampler import Engine
    from exmc.typing import Density, Matrix

pytestmark = pytest.mark.native

DENSITIES = ("standard_normal", "correlated_normal", "funnel", "half_line")
DIM = 11


@cache
def machine() -> Engine:
    return native_engine.native_engine()


@cache
def compiled(name: str, width: int = DIM) -> NativeFunction:
    return native(getattr(kernel_densities, name), DIM, width)


def rows_of(
    density: Density,
    engine: Engine,
    settings: ChainSettings,
    values: Density | None = None,
) -> Matrix:
    kept = None if values is None else Values(values, 2 * DIM)
    one = NutsChain(density, DIM, settings, 1, 0, engine=engine, values=kept)
    one.start()
    rows = []
    while not one.done:
        rows.append(one.advance(64))
    return np.concatenate(rows)


def assert_same_rows(name: str, engine: Engine, settings: ChainSettings) -> None:
    """Of a source run as Python by Python, and compiled by machine code."""
    plain = getattr(kernel_densities, name)
    ours = rows_of(compiled(name), engine, settings, compiled("shifted", 2 * DIM))
    theirs = rows_of(plain, PYTHON, settings, kernel_densities.shifted)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", DENSITIES)
def test_two_hundred_draws_after_warm_up_are_equal_to_the_bit(name: str) -> None:
    assert_same_rows(name, machine(), ChainSettings(100, 200, max_treedepth=6))


@pytest.mark.slow
@pytest.mark.parametrize("name", DENSITIES)
@pytest.mark.parametrize("warmup", ["continuous", "stan"])
def test_warm_up_is_equal_to_the_bit(
    name: str, warmup: Literal["continuous", "stan"]
) -> None:
    settings = ChainSettings(40, 5, max_treedepth=4, warmup=warmup)
    assert_same_rows(name, machine(), settings)


def test_what_stands_in_the_workspace_or_beyond_the_coordinates_does_not_matter() -> (
    None
):
    settings = ChainSettings(30, 20, max_treedepth=5)
    whole = rows_of(compiled("funnel"), machine(), settings)
    one = NutsChain(compiled("funnel"), DIM, settings, 1, 0, engine=machine())
    one.start()
    rows, memory = [], one._memory
    while not one.done:
        for name in ("path", "opening", "middle", "half", "outcome"):
            getattr(memory, name)[:] = np.nan
        rows.append(one.advance(1))
        np.testing.assert_array_equal(memory.point[:, DIM:], 0.0)
    np.testing.assert_array_equal(np.concatenate(rows), whole)


@pytest.mark.slow
def test_code_for_any_processor_and_for_this_one_gives_the_same_bits() -> None:
    settings = ChainSettings(60, 60, max_treedepth=6)
    plain = native_engine.native_engine(native_engine.KERNELS.compiled("sse2"))
    ours = rows_of(compiled("funnel"), machine(), settings)
    np.testing.assert_array_equal(rows_of(compiled("funnel"), plain, settings), ours)


def test_normals_are_those_of_python() -> None:
    uniforms = Stream.keyed(1, 0, MOMENTUM).uniforms(2001)
    memory = Memory(1, ChainSettings())
    ours, theirs = machine()(memory).normals(uniforms), PYTHON(memory).normals(uniforms)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.slow
def test_a_density_that_adds_in_another_order_would_be_noticed() -> None:
    settings = ChainSettings(40, 200, max_treedepth=6)
    ours = rows_of(compiled("standard_normal"), machine(), settings)
    theirs = rows_of(densities.standard_normal, PYTHON, settings)
    np.testing.assert_allclose(ours[:20], theirs[:20], rtol=1e-6)
    assert (ours != theirs).any()


def test_a_bad_start_is_told_by_name() -> None:
    one = NutsChain(
        compiled("half_line"),
        DIM,
        ChainSettings(),
        1,
        0,
        initial=np.full(DIM, -1.0),
        engine=machine(),
    )
    with pytest.raises(BadStartError, match=r"in coordinates \[0\]"):
        one.start()


def test_a_chain_swaps_engines_between_transitions() -> None:
    settings = ChainSettings(20, 20, max_treedepth=5)
    whole = rows_of(kernel_densities.funnel, PYTHON, settings)
    one, rows = NutsChain(kernel_densities.funnel, DIM, settings, 1, 0), []
    one.start()
    for number in range(40):
        plain = number % 3 == 0
        density = kernel_densities.funnel if plain else compiled("funnel")
        one.continue_with(density, engine=PYTHON if plain else machine())
        rows.append(one.advance(1))
    np.testing.assert_array_equal(np.concatenate(rows), whole)
