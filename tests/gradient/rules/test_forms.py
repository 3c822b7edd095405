from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.builder import Builder
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.node import Node
from exmc.gradient.rules.forms import (
    check_range,
    coefficient,
    full,
    multiple,
    number_of,
    repeated,
    repeats,
    scale,
    times,
    without,
)
from tests.gradient.rules.laws import Atoms, atoms, shown


@pytest.fixture
def a() -> Atoms:
    return atoms()


@pytest.mark.parametrize(
    ("one", "other"), [(1e200, 1e200), (1e-200, -1e-200), (1e-160, 1e-155)]
)
def test_numbers_are_not_brought_together_to_leave_the_range(
    one: float, other: float
) -> None:
    b = Builder(2)
    with pytest.raises(NoRuleError, match="float64 cannot hold"):
        check_range(one * other, one, other)
    with pytest.raises(NoRuleError, match="float64 cannot hold"):
        b.mul(b.const(one), b.input(), b.const(other))


def test_numbers_that_were_out_of_range_before_are_no_reason() -> None:
    check_range(0.0, 0.0, 3.0)
    check_range(np.inf, np.inf, 3.0)
    check_range(np.array([0.0, 1e-9]), np.array([0.0, 1.0]), 1e-9)


def test_a_number_is_known_in_an_array_of_it(a: Atoms) -> None:
    assert number_of(a.num(2.0)) == 2.0
    assert number_of(full(a.b, 2.0, (3, 4))) == 2.0
    assert number_of(a.x) is None
    assert number_of(a.d) is None


def test_an_array_of_one_scalar_repeats_it(a: Atoms) -> None:
    b = a.b
    array = b.view(b.input(), (5,), 10, (0,))
    assert repeats(array)
    assert repeated(b, array) is a.s
    assert not repeats(a.s)
    assert not repeats(b.view(a.x, (2, 5), 0, (0, 1)))
    assert repeated(b, a.x) is a.x


def test_one_occurrence_of_an_argument_is_taken(a: Atoms) -> None:
    assert without((a.x, a.y, a.x), a.x) == [a.y, a.x]


@pytest.mark.parametrize(
    ("number", "text"), [(1.0, "x"), (-1.0, "neg(x)"), (3.0, "mul(3.0, x)")]
)
def test_a_multiple_gives_back_its_coefficient(
    a: Atoms, number: float, text: str
) -> None:
    product = scale(a.b, number, a.x)
    assert shown(product, a.names()) == text
    assert coefficient(product) == (number, a.x)


@pytest.mark.parametrize("number", [1.0, -1.0, 3.0])
@pytest.mark.parametrize("with_scalar", [True, False])
def test_a_product_of_number_scalar_and_vector_gives_back_all_three(
    a: Atoms, number: float, *, with_scalar: bool
) -> None:
    scalar: Node | None = a.s if with_scalar else None
    product = times(a.b, number, scalar, a.x)
    assert multiple(a.b, product) == (number, scalar, a.x)
