from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from exmc.compiler.fused import adder, normal_total, shifted, to_shape
from exmc.numerics.autodiff import value_and_grad, xp

VALUE = np.array([[0.3, -2.0, 5.0], [1.0, 1.5, -0.2]])
MU = [1.0, np.array(1.0), np.array([0.5, 1.0, -1.0]), VALUE[:, :1], VALUE * 0.1]
SIGMA = [2.0, np.array([0.5, 1.0, 3.0]), np.array([[2.0], [0.3]]), VALUE**2 + 0.1]
CASES = [(VALUE, mu, sigma) for mu in MU for sigma in SIGMA] + [
    (0.7, 0.2, 3.0),
    (1.0, np.array([1.0, 2.0]), 0.5),
    (VALUE[0], 0.0, np.array([[1.0], [2.0]])),
]


@pytest.mark.parametrize("case", CASES)
def test_the_total_is_scipys(case: tuple[Any, Any, Any]) -> None:
    expected = stats.norm.logpdf(*np.broadcast_arrays(*case)).sum()
    assert normal_total(*case) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_each_gradient_equals_central_differences(
    case: tuple[Any, Any, Any], which: int
) -> None:
    at = np.asarray(case[which], dtype=float)

    def total(z: Any) -> Any:
        return normal_total(*case[:which], z, *case[which + 1 :])

    _, gradient = value_and_grad(total)(at)
    assert np.shape(gradient) == at.shape
    for entry in np.ndindex(at.shape):
        nudge = np.zeros(at.shape)
        nudge[entry] = 1e-5
        difference = (total(at + nudge) - total(at - nudge)) / 2e-5
        assert np.asarray(gradient)[entry] == pytest.approx(difference, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_a_scale_whose_square_is_no_number_has_a_gradient(scale: float) -> None:
    at = np.array(2.0 * scale)
    _, by_value = value_and_grad(lambda z: normal_total(z, 0.0, scale))(at)
    _, by_mu = value_and_grad(lambda z: normal_total(0.0, z, scale))(at)
    assert by_value == by_mu == -2.0 / scale


def test_a_scale_that_is_not_positive_is_never_finite() -> None:
    with np.errstate(all="ignore"):
        for scale in (0.0, -1.0):
            assert not np.isfinite(normal_total(0.5, 0.0, np.float64(scale)))
        assert not np.isfinite(normal_total(VALUE, 0.0, np.array([1.0, -1.0, 1.0])))


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_shifted_value_has_the_gradient_of_its_formula(which: int) -> None:
    case = [VALUE, np.array([0.5, 1.0, -1.0]), np.array([[2.0], [0.3]])]

    def through(step: Any) -> Any:
        def total(z: Any) -> Any:
            moved = step(*case[:which], z, *case[which + 1 :])
            return xp.sum(moved * moved)

        return value_and_grad(total)(case[which])

    value, gradient = through(shifted)
    expected, slope = through(lambda raw, location, scale: location + scale * raw)
    assert value == expected
    np.testing.assert_allclose(gradient, slope, rtol=1e-14)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_an_adder_sums_and_passes_the_gradient_to_each(count: int) -> None:
    def total(z: Any) -> Any:
        return adder(count)(*[(i + 1) * z[i] for i in range(count)])

    value, gradient = value_and_grad(total)(np.ones(count))
    assert value == count * (count + 1) / 2
    assert gradient.tolist() == list(range(1, count + 1))


@pytest.mark.parametrize(
    "shape", [(), (1,), (3,), (1, 3), (2, 1), (2, 3), (1, 1), (1, 2, 3)[1:]]
)
def test_a_gradient_is_summed_back_to_the_shape_it_came_from(
    shape: tuple[int, ...],
) -> None:
    gradient = np.arange(6.0).reshape(2, 3)
    expected = np.zeros(shape)
    for entry in np.ndindex(2, 3):
        own = entry[2 - len(shape) :]
        at = tuple(0 if n == 1 else i for i, n in zip(own, shape, strict=True))
        expected[at] += gradient[entry]
    np.testing.assert_array_equal(to_shape(gradient, np.zeros(shape)), expected)
