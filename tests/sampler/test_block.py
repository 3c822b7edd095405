"""A block is its transitions one by one, whatever the cutting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists

from exmc.sampler import PYTHON, ChainSettings, NutsChain, Values, block, chain, engine
from tests.plain.planted import planted
from tests.sampler.densities import quartic

if TYPE_CHECKING:
    from types import ModuleType

    from exmc.sampler import Engine
    from exmc.typing import Density, Matrix, Vector

SHORT = ChainSettings(tune=40, draws=20, max_treedepth=5)


def cubes(position: Vector, out: Vector) -> float:
    out[:] = np.repeat(position**3, 2)
    return 0.0


def rows_of(
    sizes: list[int],
    options: ChainSettings = SHORT,
    module: ModuleType = chain,
    kernels: Engine = PYTHON,
) -> Matrix:
    """All rows of a chain, made in blocks of these sizes and then one by one."""
    values = Values(cubes, 4)
    one: NutsChain = module.NutsChain(
        quartic, 2, options, 1, 0, engine=kernels, values=values
    )
    one.start()
    rows = [one.advance(size) for size in sizes if not one.done]
    while not one.done:
        rows.append(one.advance(1))
    return np.concatenate(rows)


OPTIONS = {
    "continuous": SHORT,
    "stan": ChainSettings(tune=40, draws=20, max_treedepth=5, warmup="stan"),
}
WHOLE = {warmup: rows_of([], options) for warmup, options in OPTIONS.items()}


@pytest.mark.parametrize("warmup", OPTIONS)
@settings(max_examples=10, derandomize=True, deadline=None)
@given(sizes=lists(integers(1, 60), max_size=5))
def test_any_cutting_gives_the_same_rows(warmup: str, sizes: list[int]) -> None:
    rows = rows_of(sizes, OPTIONS[warmup])
    np.testing.assert_array_equal(rows, WHOLE[warmup])


@pytest.mark.parametrize("kind", ["NORMALS", "UNIFORMS"])
def test_numbers_that_a_block_does_not_use_up_would_be_noticed(kind: str) -> None:
    line = f"self._{kind.lower()}.use(int(memory.counts[block.{kind}]))\n        "
    after = "self._uniforms" if kind == "NORMALS" else "return made"
    forgetful = planted(chain, line + after, after)
    assert (rows_of([40], module=forgetful) != rows_of([9], module=forgetful)).any()


def test_a_block_ends_with_warm_up_and_with_the_chain() -> None:
    one = NutsChain(quartic, 2, SHORT, 1, 0)
    one.start()
    assert [len(one.advance(1000)) for _ in range(2)] == [40, 20]
    assert one.done


def test_a_row_holds_statistics_then_position_then_values() -> None:
    rows = WHOLE["continuous"]
    assert rows.shape == (60, block.STATS_COLUMNS + 2 + 4)
    position = rows[:, block.STATS_COLUMNS :][:, :2]
    np.testing.assert_array_equal(rows[:, -4:], np.repeat(position**3, 2, axis=1))
    gradient = np.zeros(2)
    lp = [quartic(z, gradient) for z in position]
    np.testing.assert_allclose(rows[:, block.LP_COLUMN], lp, rtol=1e-9)


def test_the_columns_stand_in_the_order_of_their_names() -> None:
    names = ("LP", "ACCEPTANCE", "STEP_SIZE", "DEPTH", "STEPS", "DIVERGING", "ENERGY")
    assert [getattr(block, f"{name}_COLUMN") for name in names] == list(range(7))
    assert len(chain.STATS) == block.STATS_COLUMNS
    shown = ("lp", "accept", "step_size", "depth", "steps", "diverging", "energy")
    assert all(a in b for a, b in zip(shown, chain.STATS, strict=True))


def test_a_block_stops_where_the_random_numbers_run_short() -> None:
    """And never reads beyond them: the numbers after its end are not there."""

    class Scant(engine.PythonKernels):
        calls = 0

        def advance(
            self,
            density: Density,
            values: Density,
            normals: Vector,
            uniforms: Vector,
            rows: Matrix,
        ) -> int:
            Scant.calls += 1
            plan = self._memory.plan
            normals = normals[: plan[block.NORMALS_NEEDED] + 5]
            uniforms = uniforms[: plan[block.UNIFORMS_NEEDED] + 9]
            return super().advance(density, values, normals, uniforms, rows)

    rows = rows_of([40, 20], kernels=Scant)
    np.testing.assert_array_equal(rows, WHOLE["continuous"])
    assert 10 < Scant.calls < 60
