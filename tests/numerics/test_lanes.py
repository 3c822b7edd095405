from __future__ import annotations

from math import fsum

import numpy as np
import pytest

from exmc.numerics.lanes import lane_sum
from exmc.numerics.reductions import lane_sum as lane_sum_of_one


def by_the_rule(x: list[float]) -> float:
    """The docstring, word by word."""
    partial = [0.0] * 8
    for i, value in enumerate(x):
        partial[i % 8] += value
    four = [partial[i] + partial[i + 4] for i in range(4)]
    two = [four[i] + four[i + 2] for i in range(2)]
    return two[0] + two[1]


def law_of_lanes(total: float, x: np.ndarray) -> None:
    assert total == by_the_rule(x.tolist())
    assert np.signbit(total) == np.signbit(by_the_rule(x.tolist()))


LENGTHS = [0, 1, 5, 8, 9, 16, 23, 64, 1000, 4096, 10_007]


def numbers(*shape: int) -> np.ndarray:
    rng = np.random.Generator(np.random.PCG64(5))
    return np.exp(3.0 * rng.standard_normal(shape)) * rng.standard_normal(shape)


@pytest.mark.parametrize("n", LENGTHS)
def test_a_sum_has_eight_partial_sums(n: int) -> None:
    x = numbers(n)
    law_of_lanes(float(lane_sum(x)), x)
    law_of_lanes(lane_sum_of_one(x), x)


@pytest.mark.parametrize("n", [1, 8, 17])
def test_a_sum_of_negative_zeros_is_zero(n: int) -> None:
    law_of_lanes(float(lane_sum(np.full(n, -0.0))), np.full(n, -0.0))


@pytest.mark.parametrize("n", [3, 8, 21])
def test_the_last_axis_is_summed(n: int) -> None:
    x = numbers(2, 3, n)
    for entry in np.ndindex(2, 3):
        law_of_lanes(float(lane_sum(x)[entry]), x[entry])


def test_the_law_rejects_sums_of_another_order() -> None:
    x = numbers(4096)
    for total in (float(np.sum(x)), fsum(x), float(np.add.accumulate(x)[-1])):
        with pytest.raises(AssertionError):
            law_of_lanes(total, x)
