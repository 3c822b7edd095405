from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.program import Instruction, Shape
from exmc.gradient.source import strict_functions as strict
from exmc.gradient.strict_emitter import emit_strict
from tests.plain import strict_evaluator as loops

SHAPES: list[Shape] = [
    (1,), (7,), (8,), (100,), (1, 1), (1, 9), (9, 1), (2, 17), (17, 2), (19, 19),
    (3, 4, 5), (5, 4, 3), (2, 1, 2), (1, 8, 1), (26, 2, 3), (3, 26, 2),
]  # fmt: skip


def numbers(shape: Shape) -> np.ndarray:
    """Sizes from 1e-8 to 1e8, so that another order of summation shows."""
    rng = np.random.Generator(np.random.PCG64(5))
    return rng.standard_normal(shape) * 10.0 ** rng.uniform(-8.0, 8.0, shape)


def cases() -> list[tuple[Shape, Shape]]:
    return [
        (shape, axes)
        for shape in SHAPES
        for count in range(1, len(shape) + 1)
        for axes in combinations(range(len(shape)), count)
    ]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize(("shape", "axes"), cases())
def test_sums_follow_the_rule_of_eight_partial_sums(
    shape: Shape, axes: Shape, order: str
) -> None:
    x = np.array(numbers(shape), order=order)  # type: ignore[call-overload]
    rest = tuple(n for axis, n in enumerate(shape) if axis not in axes)
    right = loops.summed(Instruction("sum", (0,), rest, (("axes", axes),)), [x])
    np.testing.assert_array_equal(strict.total(x, axes), right)


def test_the_rule_is_not_numpys() -> None:
    x = numbers((100,))
    assert strict.total(x, (0,)) != np.sum(x)


@pytest.mark.parametrize("shape", [s for s in SHAPES if len(s) == 2])
@pytest.mark.parametrize("order", ["C", "F"])
def test_products_with_a_matrix_have_the_bits_of_loops(
    shape: Shape, order: str
) -> None:
    m = np.array(numbers(shape), order=order)  # type: ignore[call-overload]
    x, g = numbers((shape[0],)), numbers((shape[1],))[::-1]
    node = Instruction("", (), ())
    right = loops.combined(node, [m, x])
    np.testing.assert_array_equal(strict.combine(m, x), right)
    np.testing.assert_array_equal(strict.project(m, g), loops.projected(node, [m, g]))


def test_zeros_keep_their_sign_where_nothing_is_added_to_them() -> None:
    zeros = np.full((3, 2), -0.0)
    assert np.signbit(strict.combine(zeros, np.ones(3))).all()
    assert not np.signbit(strict.total(zeros, (0,))).any()
    assert not np.signbit(strict.total(zeros, (0, 1)))


def test_the_largest_zero_has_no_sign() -> None:
    assert not np.signbit(strict.largest(np.array([-0.0, -0.0, -1.0]), (0,)))
    assert np.isnan(strict.largest(np.array([np.nan, 1.0]), (0,)))


@pytest.mark.parametrize("shape", [(64,), (9, 7), (3, 2, 11), (3,)])
def test_scatters_follow_the_rule_of_partial_sums(shape: Shape) -> None:
    x = numbers(shape)
    index = np.random.Generator(np.random.PCG64(6)).integers(4, size=shape)
    builder = PlainBuilder(x.size)
    rows = builder.reshape(builder.input(), shape)
    sums = builder.scatter(rows, builder.index(index), (4,))
    program, data = builder.program(builder.const(0.0), sums)
    out = np.empty(4)
    emit_strict(program).bind(data)(x.ravel(), out)
    right = loops.scattered(Instruction("scatter", (), (4,)), [x, index])
    np.testing.assert_array_equal(out, right)
