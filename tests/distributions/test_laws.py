"""The laws of every family, and the broken families that they reject."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, fields, replace
from inspect import isclass
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import pytest

import exmc.distributions
from exmc.distributions import FAMILIES, HalfNormal, Normal
from exmc.numerics.autodiff import (
    Traceable,
    defvjp,
    notrace_primitive,
    primitive,
    value_and_grad,
    xp,
)
from exmc.transforms import TRANSFORMS
from tests.distributions.exact import log_prob
from tests.distributions.families import (
    CONTINUOUS,
    DISCRETE,
    LOCATION_SCALE,
    PROPER,
    ROWS,
    Row,
    name_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.constraints import Interval
    from exmc.typing import Array

Law = Any


def gradient_of(row: Row, name: str, at: Array) -> Array:
    """Differentiate the sum of log_prob by a parameter, or by the value itself."""

    def total(x: Traceable) -> Traceable:
        if name == "value":
            return xp.sum(row.ours.log_prob(x))
        return xp.sum(replace(row.ours, **{name: x}).log_prob(at))

    start = at if name == "value" else np.asarray(getattr(row.ours, name), np.float64)
    return value_and_grad(total)(start)[1]


def slopes_of(row: Row) -> list[str]:
    """Name what a family can be differentiated by."""
    real = [name for name in row.ours.values() if name != "n"]
    return real if row.ours.discrete else ["value", *real]


def everywhere(row: Row) -> Array:
    return np.array([*row.at, *row.beyond])


def law_of_the_density(row: Row) -> None:
    """The log-density is scipy's."""
    ours = row.ours.log_prob(np.array(row.at))
    np.testing.assert_allclose(ours, row.log_prob(), rtol=1e-12, atol=1e-12)


def law_of_the_formula(row: Row) -> None:
    """The log-density is that of the formula in mpmath, in the far tails too."""
    with mpmath.workdps(60):
        exact = [log_prob(row.ours, value=mpmath.mpf(x)) for x in everywhere(row)]
    truth = np.array([float(x) for x in exact])
    ours = row.ours.log_prob(everywhere(row))
    np.testing.assert_allclose(ours, truth, rtol=2e-14, atol=5e-13)


def law_of_the_mask(row: Row) -> None:
    """Outside the support it is -inf with a gradient of zero; NaN stays NaN."""
    outside = np.array(row.outside)
    np.testing.assert_array_equal(row.ours.log_prob(outside), -np.inf)
    assert np.isnan(row.ours.log_prob(np.nan))
    if row.ours.support.is_whole_line:
        return
    for name in slopes_of(row):
        assert np.all(np.isfinite(gradient_of(row, name, outside)))
    if not row.ours.discrete:
        np.testing.assert_array_equal(gradient_of(row, "value", outside), 0.0)


def law_of_the_interior(row: Row) -> None:
    """Inside the support the unchecked formula gives the same number."""
    at = np.array(row.at)
    with np.errstate(all="ignore"):
        interior = row.ours.interior_log_prob(at)
    np.testing.assert_array_equal(interior, row.ours.log_prob(at))


def exact_slope(row: Row, name: str, value: float) -> float:
    """Differentiate the formula by a parameter, or by the value, in 60 digits."""
    start = value if name == "value" else getattr(row.ours, name)
    # Relative steps: a value may be 1e-300 or 1e300.
    size = abs(start) or 1.0

    def along(step: Any) -> Any:
        at = {"value": mpmath.mpf(value), name: start + step * size}
        return log_prob(row.ours, **at)

    with mpmath.workdps(60):
        return float(mpmath.diff(along, 0) / size)


def law_of_the_slopes(row: Row) -> None:
    """Each derivative is that of the formula in mpmath."""
    for name in slopes_of(row):
        for x in (*row.at, *row.beyond):
            ours = gradient_of(row, name, np.array(x))
            truth = exact_slope(row, name, x)
            np.testing.assert_allclose(ours, truth, rtol=1e-11, atol=1e-12)


def law_of_finite_slopes(row: Row) -> None:
    """Wherever the log-density is finite, so is each derivative."""
    for name in slopes_of(row):
        assert np.all(np.isfinite(gradient_of(row, name, np.array(row.at))))


def law_of_broadcasting(row: Row) -> None:
    """A shared parameter gathers the gradients that separate ones would have."""
    at = np.array(row.at)
    for name in slopes_of(row)[1 - row.ours.discrete :]:
        each = np.full(at.shape, getattr(row.ours, name))
        apart = replace(row, ours=replace(row.ours, **{name: each}))
        shared = gradient_of(row, name, at)
        assert shared.shape == ()
        np.testing.assert_allclose(shared, gradient_of(apart, name, at).sum(), 1e-12)


def law_of_domains(row: Row) -> None:
    """A parameter outside its constraint never gives a finite log-density."""
    for name in row.ours.values():
        for wrong in strangers_to(row.ours.parameters[name], row):
            broken = replace(row.ours, **{name: wrong})
            assert not np.any(np.isfinite(broken.log_prob(np.array(row.at))))


def strangers_to(constraint: Interval, row: Row) -> list[float]:
    known = constraint.resolve(row.ours.values())
    below = [known.lower - 1.0, known.lower - 1e-3] if known.is_bounded_below else []
    above = [known.upper + 1.0, known.upper + 1e-3] if known.is_bounded_above else []
    return below + above


def law_of_location_and_scale(row: Row) -> None:
    """The density is that of the standard one, moved and stretched."""
    location, scale = row.ours.location_scale or ("", "")
    mu, sigma = getattr(row.ours, location), getattr(row.ours, scale)
    standard = replace(row.ours, **{location: 0.0, scale: 1.0})
    at = np.array(row.at)
    moved = standard.log_prob((at - mu) / sigma) - np.log(sigma)
    np.testing.assert_allclose(row.ours.log_prob(at), moved, rtol=1e-12)


def law_of_total_mass(row: Row) -> None:
    """The density integrates to one over what the default transform reaches."""
    if row.ours.discrete:
        counts = np.arange(2000.0)
        assert abs(np.exp(row.ours.log_prob(counts)).sum() - 1.0) < 1e-12
        return
    cls = TRANSFORMS[row.ours.default_transform]
    transform = cls.on(row.ours.support.resolve(row.ours.values()))
    # z = c + w sinh(t) thins the grid out towards the tails, double-exponentially.
    centre = transform.inverse(row.theirs.ppf(0.5))
    width = abs(transform.inverse(row.theirs.ppf(0.75)) - centre)
    t = np.linspace(-6.0, 6.0, 20_001) * (4.0 if cls.name == "identity" else 1.0)
    z = centre + width * np.sinh(t)
    x = transform.forward(z)
    inside = np.isfinite(x) & (x > 0.0) if cls.name == "exp" else np.isfinite(x)
    log_mass = row.ours.log_prob(x[inside]) + transform.log_jacobian(z[inside])
    mass = np.exp(log_mass) * np.cosh(t[inside]) * width * (t[1] - t[0])
    assert abs(mass.sum() - 1.0) < 1e-5


LAWS: list[tuple[Law, list[Row]]] = [
    (law_of_the_density, ROWS),
    (law_of_the_formula, PROPER),
    (law_of_the_mask, ROWS),
    (law_of_the_interior, ROWS),
    (law_of_the_slopes, PROPER),
    (law_of_finite_slopes, PROPER),
    (law_of_broadcasting, PROPER),
    (law_of_domains, ROWS),
    (law_of_location_and_scale, LOCATION_SCALE),
    (law_of_total_mass, CONTINUOUS + DISCRETE),
]


@pytest.mark.parametrize(
    ("law", "row"),
    [
        pytest.param(law, row, id=f"{law.__name__}-{name_of(row)}")
        for law, rows in LAWS
        for row in rows
    ],
)
def test_a_family_keeps_the_law(law: Law, row: Row) -> None:
    law(row)


def test_every_family_has_a_row() -> None:
    families = {
        value
        for info in pkgutil.iter_modules(exmc.distributions.__path__)
        for value in vars(
            importlib.import_module(f"exmc.distributions.{info.name}")
        ).values()
        if isclass(value) and hasattr(value, "support")
    }
    assert families == {type(row.ours) for row in ROWS}
    assert families == set(FAMILIES.values())


PYMC_NAMES = {
    "Flat": [],
    "HalfFlat": [],
    "Normal": ["mu=0.0", "sigma=1.0"],
    "HalfNormal": ["sigma=1.0"],
    "Cauchy": ["alpha", "beta"],
    "HalfCauchy": ["beta=1.0"],
    "StudentT": ["nu", "mu=0.0", "sigma=1.0"],
    "HalfStudentT": ["nu", "sigma=1.0"],
    "Exponential": ["lam=1.0"],
    "Gamma": ["alpha", "beta"],
    "Beta": ["alpha", "beta"],
    "Uniform": ["lower=0.0", "upper=1.0"],
    "LogNormal": ["mu=0.0", "sigma=1.0"],
    "Laplace": ["mu", "b"],
    "Bernoulli": ["p=None", "logit_p=None"],
    "Binomial": ["n", "p=None", "logit_p=None"],
    "Poisson": ["mu"],
}


@pytest.mark.parametrize("name", FAMILIES)
def test_parameters_have_the_names_and_order_of_pymc(name: str) -> None:
    family: Any = FAMILIES[name]
    declared = [
        f.name if "MISSING" in repr(f.default) else f"{f.name}={f.default!r}"
        for f in fields(family)
    ]
    assert declared == PYMC_NAMES[name]
    assert list(family.parameters) == [f.name for f in fields(family)]


@dataclass(frozen=True, slots=True)
class WithoutScale(Normal):
    """Forgets that a wide density is a low one."""

    def interior_log_prob(self, value: Traceable) -> Traceable:
        z = (value - self.mu) / self.sigma
        return -0.5 * z * z - 0.9189385332046727


@dataclass(frozen=True, slots=True)
class WithoutMask(HalfNormal):
    """Gives negative values the density of their mirror image."""

    def log_prob(self, value: Traceable) -> Traceable:
        return self.interior_log_prob(np.asarray(value))


@dataclass(frozen=True, slots=True)
class MaskedTooLate(HalfNormal):
    """Masks the value but not the gradient: 0 times infinity is NaN."""

    def log_prob(self, value: Traceable) -> Traceable:
        with np.errstate(all="ignore"):
            inside = self.support.contains(value)
            root = xp.sqrt(value)
            return xp.where(inside, self.interior_log_prob(root * root), -np.inf)


@dataclass(frozen=True, slots=True)
class OtherInside(HalfNormal):
    """Leaves the constant out of the unchecked formula."""

    def log_prob(self, value: Traceable) -> Traceable:
        return self.interior_log_prob(value) + 1.0


@dataclass(frozen=True, slots=True)
class Detached(Normal):
    """Loses the gradient of the scale."""

    def interior_log_prob(self, value: Traceable) -> Traceable:
        sigma = notrace_primitive(np.array)(self.sigma)
        z = (value - self.mu) / sigma
        return -0.5 * z * z - xp.log(sigma) - 0.9189385332046727


ungathered: Callable[..., Traceable] = primitive(lambda x, y: x - y)
defvjp(ungathered, lambda *_: lambda g: g, lambda *_: lambda g: -g)


@dataclass(frozen=True, slots=True)
class Ungathered(Normal):
    """Hands a shared mean one gradient for each value."""

    def interior_log_prob(self, value: Traceable) -> Traceable:
        z = ungathered(value, self.mu) / self.sigma
        return -0.5 * z * z - xp.log(self.sigma)


@dataclass(frozen=True, slots=True)
class AnyScale(HalfNormal):
    """Takes a negative scale for a positive one."""

    def interior_log_prob(self, value: Traceable) -> Traceable:
        z = value / self.sigma
        return -0.5 * z * z - xp.log(xp.abs(self.sigma))


@dataclass(frozen=True, slots=True)
class EndlessSlope(HalfNormal):
    """Has a finite value at zero and an infinite slope."""

    def interior_log_prob(self, value: Traceable) -> Traceable:
        return -xp.sqrt(value)


WIDE = next(row for row in ROWS if row.ours == Normal(3.0, 1e-3))
HALF = next(row for row in ROWS if row.ours == HalfNormal(2.0))


@pytest.mark.parametrize(
    ("law", "row", "broken"),
    [
        (law_of_the_density, WIDE, WithoutScale(3.0, 1e-3)),
        (law_of_the_formula, WIDE, WithoutScale(3.0, 1e-3)),
        (law_of_the_mask, HALF, WithoutMask(2.0)),
        (law_of_the_mask, HALF, MaskedTooLate(2.0)),
        (law_of_the_interior, HALF, OtherInside(2.0)),
        (law_of_the_slopes, WIDE, Detached(3.0, 1e-3)),
        (law_of_finite_slopes, HALF, EndlessSlope(2.0)),
        (law_of_broadcasting, WIDE, Ungathered(3.0, 1e-3)),
        (law_of_domains, HALF, AnyScale(2.0)),
        (law_of_location_and_scale, WIDE, WithoutScale(3.0, 1e-3)),
        (law_of_total_mass, WIDE, WithoutScale(3.0, 1e-3)),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_the_law_rejects_a_broken_family(law: Law, row: Row, broken: Normal) -> None:
    with pytest.raises(AssertionError):
        law(replace(row, ours=broken))
