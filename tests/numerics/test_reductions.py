from __future__ import annotations

import math
from threading import Thread

import numpy as np
import pytest

from exmc.numerics import lanes
from exmc.numerics.reductions import all_finite, dot, lane_sum


@pytest.mark.parametrize("n", [0, 1, 7, 8, 9, 16, 17, 23, 24, 100, 1000])
def test_a_sum_has_the_bits_of_the_rule(n: int) -> None:
    x = np.random.Generator(np.random.PCG64(n)).standard_normal(n)
    assert lane_sum(x) == lanes.lane_sum(x)
    assert lane_sum(x) == pytest.approx(math.fsum(x), abs=1e-12)


def test_a_dot_product_rounds_each_product_first() -> None:
    rng = np.random.Generator(np.random.PCG64(5))
    x, y = rng.standard_normal((2, 37))
    assert dot(x, y) == lane_sum(x * y)


def test_a_sum_in_another_order_has_other_bits() -> None:
    x = np.random.Generator(np.random.PCG64(6)).standard_normal(1000)
    assert lane_sum(x) != sum(x.tolist())


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_entry_that_is_not_finite_is_enough(bad: float) -> None:
    x = np.ones(9)
    assert all_finite(x)
    x[8] = bad
    assert not all_finite(x)


@pytest.mark.parametrize("n", [1, 8, 9, 16, 24])
def test_a_sum_of_minus_zeros_is_zero(n: int) -> None:
    zeros = np.full(n, -0.0)
    assert math.copysign(1.0, lane_sum(zeros)) == 1.0
    assert math.copysign(1.0, dot(zeros, np.ones(n))) == 1.0


def test_a_vector_whose_square_overflows_is_finite() -> None:
    with np.errstate(over="ignore"):
        assert all_finite(np.array([1e200, -1e300]))


def test_two_sums_at_a_time_do_not_meet() -> None:
    x, sums = np.arange(50.0), set[float]()

    def add_up() -> None:
        sums.update(dot(x, x) for _ in range(300))

    threads = [Thread(target=add_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == {dot(x, x)}
