"""Every family and transform gives calibrated posteriors; planted biases do not.

Each row is judged by a chi-square test of rank histograms at a false-alarm rate of
1e-6. A Jacobian counted twice is caught, and so is a prior whose scale is 30 % too
small: 4000 simulations by machine code see that. Where there is no compiler, four rows
have 400 simulations, which see a scale that is wrong by half.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from exmc.distributions import FAMILIES
from exmc.transforms import TRANSFORMS
from tests.statistical.calibration import Row, ranks, surprise
from tests.statistical.engines import Speed, case

if TYPE_CHECKING:
    from exmc.numerics.autodiff import Traceable

statistical = [pytest.mark.statistical, pytest.mark.slow, pytest.mark.timeout(60)]

UNIT = {"mu": 0.0, "sigma": 1.0}
NORMAL = Row("Normal", {"mu": 0.5, "sigma": 2.0})
GAMMA = Row("Gamma", {"alpha": 2.0, "beta": 3.0}, "log")
UNIFORM = Row("Uniform", {"lower": -1.0, "upper": 3.0}, noise=2.0)
SOFTPLUS = Row("Gamma", {"alpha": 2.0, "beta": 3.0}, transform="softplus")
LOWER_BOUNDED = Row("Exponential", {"lam": 0.5}, transform="lower_bounded")
NONCENTRED = Row("Normal", {"sigma": 0.8}, centre="mu", noise=0.5)
COUNTED = Row("Beta", {"alpha": 2.0, "beta": 3.0}, counts=("Binomial", "p", {"n": 5}))
ROWS = [
    NORMAL,
    Row("Cauchy", {"alpha": 0.0, "beta": 1.0}),
    Row("StudentT", {"nu": 3.0, "mu": 0.0, "sigma": 1.0}),
    Row("Laplace", {"mu": 0.0, "b": 1.0}),
    Row("HalfNormal", {"sigma": 2.0}, "log"),
    Row("HalfCauchy", {"beta": 1.0}, "log"),
    Row("HalfStudentT", {"nu": 3.0, "sigma": 1.0}, "log"),
    Row("Exponential", {"lam": 2.0}, "log"),
    GAMMA,
    Row("LogNormal", {"mu": 0.3, "sigma": 1.5}, "log"),
    Row("Beta", {"alpha": 2.0, "beta": 3.0}, "logit"),
    UNIFORM,
    SOFTPLUS,
    LOWER_BOUNDED,
    NONCENTRED,
    Row("StudentT", {"nu": 4.0, "sigma": 0.8}, centre="mu", noise=0.5),
    Row("Normal", UNIT, counts=("Bernoulli", "logit_p", {})),
    COUNTED,
    Row("Gamma", {"alpha": 2.0, "beta": 0.5}, counts=("Poisson", "mu", {})),
]

IMPROPER = {"Flat", "HalfFlat"}
"""They have no draws, so nothing to be calibrated against."""


def test_every_family_and_transform_has_a_row() -> None:
    observed = {row.counts[0] for row in ROWS if row.counts}
    assert {row.prior for row in ROWS} | observed | IMPROPER == set(FAMILIES)
    used = {row.transform or FAMILIES[row.prior].default_transform for row in ROWS}
    # No family has an upper bound only.
    assert used | {"upper_bounded"} == set(TRANSFORMS)


def worst(row: Row, speed: Speed) -> float:
    return max(surprise(below) for below in ranks(row, speed).values())


def rows_at(speed: Speed, *rows: Row) -> list[Any]:
    return [case(speed, row, name=row.name) for row in rows]


def misled(speed: Speed, row: Row, **assumed: float) -> Any:
    """A row whose model has the prior wrong."""
    return case(speed, replace(row, assumed=assumed), name=row.name)


class TestCalibration:
    pytestmark = statistical

    @pytest.mark.parametrize(
        ("speed", "row"),
        [
            *rows_at("native", *ROWS),
            *rows_at("numpy", NORMAL, GAMMA, NONCENTRED, COUNTED),
        ],
    )
    def test_ranks_are_uniform(self, speed: Speed, row: Row) -> None:
        assert worst(row, speed) < 1.0

    @pytest.mark.parametrize(
        ("speed", "row"),
        [
            *rows_at("native", GAMMA, SOFTPLUS, LOWER_BOUNDED, UNIFORM),
            *rows_at("numpy", GAMMA),
        ],
    )
    def test_a_jacobian_counted_twice_is_noticed(
        self, speed: Speed, row: Row, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = row.transform or FAMILIES[row.prior].default_transform
        right = TRANSFORMS[name]

        class Twice(right):  # type: ignore[misc, valid-type]
            def log_jacobian(self, z: Traceable) -> Traceable:
                return 2.0 * super().log_jacobian(z)

        monkeypatch.setitem(TRANSFORMS, name, Twice)
        assert worst(row, speed) > 1.0

    @pytest.mark.parametrize(
        ("speed", "row"),
        [
            misled("native", NORMAL, sigma=1.4),
            misled("native", GAMMA, beta=4.0),
            misled("native", NONCENTRED, sigma=0.55),
            misled("numpy", NORMAL, sigma=1.0),
            misled("numpy", GAMMA, beta=5.0),
            misled("numpy", NONCENTRED, sigma=0.2),
        ],
    )
    def test_a_prior_that_is_not_the_datas_is_noticed(
        self, speed: Speed, row: Row
    ) -> None:
        assert worst(row, speed) > 1.0


def test_uniform_ranks_do_not_surprise() -> None:
    assert surprise(np.tile(np.arange(50.0), 8)) < 0.1


def test_ranks_that_lean_to_one_side_surprise() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    assert surprise(np.minimum(50.0 * rng.random(400), 50.0 * rng.random(400))) > 1.0
