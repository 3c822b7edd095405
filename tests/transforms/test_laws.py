"""The laws of every transform, and the broken transforms that they reject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import pytest

from exmc.constraints import BINARY, COUNT, POSITIVE, REAL, UNIT_INTERVAL, Interval
from exmc.errors import ModelError
from exmc.numerics.autodiff import Traceable, value_and_grad, xp
from exmc.transforms import TRANSFORMS, Identity, Logit, LowerBounded, Softplus
from tests.transforms.cases import ROWS, Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Array

NEAR = np.linspace(-8.0, 8.0, 33)
FAR = np.array([-700.0, -100.0, -36.0, -1e-12, 0.0, 1e-12, 36.0, 100.0, 700.0])


def exactly(function: Callable[[Any], Any], at: Array) -> Array:
    with mpmath.workdps(60):
        return np.array([float(function(mpmath.mpf(float(z)))) for z in at])


def law_of_the_formula(row: Row) -> None:
    """Forward agrees with mpmath; a bound is kept off by floats, not by more."""
    np.testing.assert_allclose(
        row.ours.forward(FAR),
        exactly(row.forward, FAR),
        rtol=1e-15,
        atol=row.kept_off,
    )


def law_of_the_round_trip(row: Row) -> None:
    """The inverse takes every point back to where it came from."""
    back = row.ours.inverse(row.ours.forward(NEAR))
    np.testing.assert_allclose(back, NEAR, rtol=1e-11, atol=1e-11)


def law_of_the_jacobian(row: Row) -> None:
    """The log-Jacobian agrees with mpmath as far out as |z| = 700."""

    def log_slope(z: Any) -> Any:
        return mpmath.log(row.slope(z))

    ours = row.ours.log_jacobian(FAR)
    np.testing.assert_allclose(ours, exactly(log_slope, FAR), rtol=1e-14, atol=1e-14)


def law_of_the_slope(row: Row) -> None:
    """The traced slope of forward is the exponential of the log-Jacobian."""
    _, slope = value_and_grad(lambda z: xp.sum(row.ours.forward(z)))(NEAR)
    expected = row.rises * np.exp(row.ours.log_jacobian(NEAR))
    np.testing.assert_allclose(slope, expected, rtol=1e-12)


def law_of_reach(row: Row) -> None:
    """Finite, monotone and inside the support out to |z| = 700."""
    points = np.asarray(row.ours.forward(FAR))
    assert np.all(np.isfinite(points))
    assert np.all(row.rises * np.diff(points) >= 0.0)
    assert np.all(row.support.contains(points))
    assert np.all(np.isfinite(row.ours.log_jacobian(FAR)))


def law_of_finite_gradients(row: Row) -> None:
    """The gradient of point and log-Jacobian is finite out to |z| = 700."""

    def both(z: Traceable) -> Traceable:
        return xp.sum(1e-9 * row.ours.forward(z) + row.ours.log_jacobian(z) + 0.0 * z)

    _, gradient = value_and_grad(both)(FAR)
    assert np.all(np.isfinite(gradient))


LAWS = [
    law_of_the_formula,
    law_of_the_round_trip,
    law_of_the_jacobian,
    law_of_the_slope,
    law_of_reach,
    law_of_finite_gradients,
]


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("law", LAWS)
def test_a_transform_keeps_the_law(name: str, law: Callable[[Row], None]) -> None:
    law(ROWS[name])


def test_every_transform_has_a_row_under_its_own_name() -> None:
    assert {type(row.ours) for row in ROWS.values()} == set(TRANSFORMS.values())
    assert all(cls.name == name for name, cls in TRANSFORMS.items())


@dataclass(frozen=True, slots=True)
class WithoutJacobian(Softplus):
    """Forgets the volume."""

    def log_jacobian(self, z: Traceable) -> Traceable:
        return 0.0 * z


@dataclass(frozen=True, slots=True)
class TextbookSoftplus(Softplus):
    """Overflows above 709 and loses the lower tail."""

    def forward(self, z: Traceable) -> Traceable:
        with np.errstate(over="ignore"):
            return xp.log(1.0 + xp.exp(2.0 * z)) / 2.0

    def log_jacobian(self, z: Traceable) -> Traceable:
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            grown = xp.exp(2.0 * z)
            return xp.log(grown / (1.0 + grown))


@dataclass(frozen=True, slots=True)
class OneWay(Softplus):
    """Takes the logarithm back instead of the inverse."""

    def inverse(self, x: Traceable) -> Traceable:
        return xp.log(x)


@pytest.mark.parametrize(
    ("law", "broken"),
    [
        (law_of_the_formula, TextbookSoftplus()),
        (law_of_the_round_trip, OneWay()),
        (law_of_the_jacobian, WithoutJacobian()),
        (law_of_the_slope, WithoutJacobian()),
        (law_of_reach, TextbookSoftplus()),
        (law_of_finite_gradients, TextbookSoftplus()),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_law_rejects_a_broken_softplus(
    law: Callable[[Row], None], broken: Softplus
) -> None:
    with pytest.raises(AssertionError):
        law(replace(ROWS["softplus"], ours=broken))


@pytest.mark.parametrize("name", ROWS)
def test_a_transform_is_built_from_its_support(name: str) -> None:
    row = ROWS[name]
    assert type(row.ours).on(row.support) == row.ours


@pytest.mark.parametrize(
    ("name", "support", "message"),
    [
        ("exp", REAL, "^exp maps onto the positive numbers, but the support is a fin"),
        ("exp", Interval(2.0), "^exp maps onto the positive numbers, .* is 2 or more"),
        ("softplus", UNIT_INTERVAL, "^softplus maps onto the positive numbers"),
        (
            "identity",
            POSITIVE,
            "^identity maps onto the real line, .* than zero; leave",
        ),
        ("logit", POSITIVE, "^logit maps onto an interval with two bounds"),
        ("lower_bounded", REAL, "^lower_bounded maps onto the numbers above a bound"),
        ("upper_bounded", POSITIVE, "^upper_bounded maps onto the numbers below a"),
        ("logit", BINARY, "^logit cannot reach 0 or 1: a discrete variable has no tr"),
        ("exp", COUNT, "^exp cannot reach a whole number, zero or more: .*observe it"),
    ],
)
def test_a_transform_refuses_a_support_that_it_does_not_cover(
    name: str, support: Interval, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        TRANSFORMS[name].on(support)


def test_a_bound_that_is_a_variable_receives_its_gradient() -> None:
    def point(bounds: Traceable) -> Traceable:
        support = Interval("lower", "upper")
        known = support.resolve({"lower": bounds[0], "upper": bounds[1]})
        transform = Logit.on(known)
        return transform.forward(0.7) + transform.log_jacobian(0.7)

    value, gradient = value_and_grad(point)(np.array([-2.0, 5.0]))
    share = 1.0 / (1.0 + np.exp(-0.7))
    logs = np.log(7.0) + np.log(share) + np.log1p(-share)
    np.testing.assert_allclose(value, -2.0 + 7.0 * share + logs, rtol=1e-14)
    expected = [1.0 - share - 1 / 7, share + 1 / 7]
    np.testing.assert_allclose(gradient, expected, rtol=1e-13)


def test_bounds_may_differ_from_entry_to_entry() -> None:
    transform = LowerBounded.on(Interval(np.array([0.0, 10.0])))
    np.testing.assert_allclose(transform.forward(np.zeros(2)), [1.0, 11.0])


def test_the_identity_costs_no_volume_in_any_shape() -> None:
    np.testing.assert_array_equal(Identity().log_jacobian(np.ones((2, 3))), 0.0)
