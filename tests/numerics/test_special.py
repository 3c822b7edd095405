"""Special functions against mpmath, and at the edges of their domains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import mpmath
import numpy as np
import pytest

from exmc.numerics import special
from exmc.typing import Array

INF, NAN = np.inf, np.nan
NEVER_ZERO = mpmath.mpf(10) ** -400

Function = Callable[..., Array]

AROUND_ZERO = np.array([-700, -40, -1.5, -1e-9, 0, 1e-300, 0.3, 1, 36.9, 700, 1e9])
POSITIVE = np.concatenate(
    [np.geomspace(1e-300, 1e-3, 9), np.linspace(0.05, 12.1, 41), [30, 1e3, 1e8, 1e15]]
)
PROBABILITY = np.concatenate(
    [np.geomspace(1e-300, 1e-3, 20), np.linspace(0.01, 0.99, 29), [0.5 + 1e-9, 0.9999]]
)
PAIRS_A = np.array([1e-10, 0.5, 3, 3, 9, 1e5, 1e10, 1e10, 2.5, 1e-300])
PAIRS_B = np.array([2.0, 0.5, 4, 1e15, 7, 1e6, 1, 1e12, 8.0, 1e-300])


@dataclass(frozen=True)
class Row:
    """A function beside one that we did not write.

    Attributes:
        ours: The function of `special`.
        theirs: The same in mpmath, on mpf.
        at: Arguments, one array each.
        within: Largest |error| / max(floor, |value|).
        floor: 0 for a relative error everywhere; 1 for absolute near zeros.
    """

    ours: Function
    theirs: Callable[..., Any]
    at: tuple[Array, ...]
    within: float
    floor: float = 0.0


def normal_quantile(p: Any) -> Any:
    return -mpmath.sqrt(2) * inverse_erfc(2 * p)


def log_normal_cdf(x: Any) -> Any:
    tail = mpmath.erfc(abs(x) / mpmath.sqrt(2)) / 2
    return mpmath.log(tail) if x < 0 else mpmath.log1p(-tail)


def inverse_erfc(y: Any) -> Any:
    if y > 0.1:
        return mpmath.erfinv(1 - y)
    guess = mpmath.sqrt(-mpmath.log(y * mpmath.sqrt(-mpmath.pi * mpmath.log(y))))
    return mpmath.findroot(lambda x: mpmath.log(mpmath.erfc(x)) - mpmath.log(y), guess)


ROWS = {
    "softplus": Row(
        special.softplus, lambda x: mpmath.log1p(mpmath.exp(x)), (AROUND_ZERO,), 1e-15
    ),
    "log1mexp": Row(
        special.log1mexp,
        lambda x: mpmath.log(-mpmath.expm1(-x)),
        (POSITIVE[:-3],),
        2e-15,
    ),
    "expit": Row(
        special.expit, lambda x: 1 / (1 + mpmath.exp(-x)), (AROUND_ZERO[1:],), 1e-15
    ),
    "log_expit": Row(
        special.log_expit,
        lambda x: -mpmath.log1p(mpmath.exp(-x)),
        (AROUND_ZERO[:-2],),
        1e-15,
    ),
    "log_expit_slope": Row(
        special.log_expit_slope,
        lambda x: -x - 2 * mpmath.log1p(mpmath.exp(-x)),
        (AROUND_ZERO,),
        1e-15,
    ),
    "logit": Row(
        special.logit, lambda p: mpmath.log(p / (1 - p)), (PROBABILITY,), 2e-15
    ),
    "log1p_square": Row(
        special.log1p_square,
        lambda x: mpmath.log1p(x * x),
        (np.array([-1e300, -1e8, -1.5, -1e-9, 1e-100, 0.7, 1e7, 1.0000001e8, 1e308]),),
        1e-15,
    ),
    "xlogy": Row(
        special.xlogy,
        lambda x, y: x * mpmath.log(y),
        (PAIRS_A[:-1], PAIRS_B[:-1]),
        1e-15,
    ),
    "xlog1py": Row(
        special.xlog1py,
        lambda x, y: x * mpmath.log1p(y),
        (PAIRS_A[:-1], PAIRS_B[:-1]),
        1e-15,
    ),
    "lgamma": Row(special.lgamma, mpmath.loggamma, (POSITIVE,), 6e-15, floor=1.0),
    "digamma": Row(special.digamma, mpmath.digamma, (POSITIVE,), 5e-15, floor=1.0),
    "trigamma": Row(
        special.trigamma, lambda x: mpmath.psi(1, x), (POSITIVE[5:],), 5e-15
    ),
    "lgamma_half_step": Row(
        special.lgamma_half_step,
        lambda x: mpmath.loggamma(x + mpmath.mpf("0.5")) - mpmath.loggamma(x),
        (POSITIVE,),
        5e-15,
        floor=1.0,
    ),
    "betaln": Row(
        special.betaln,
        lambda a, b: mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b),
        (PAIRS_A, PAIRS_B),
        6e-15,
        floor=1.0,
    ),
    "open_interval": Row(
        lambda x: special.open_interval(x, 0.0, 5.0),
        lambda x: 5 / (1 + mpmath.exp(-x)),
        (AROUND_ZERO[1:-3],),
        1e-15,
    ),
    "erf": Row(special.erf, mpmath.erf, (np.append(AROUND_ZERO, [-5, 0.999]),), 1e-15),
    "erfc": Row(special.erfc, mpmath.erfc, (AROUND_ZERO[:-2] * 0.7,), 1e-15),
    "log_ndtr": Row(special.log_ndtr, log_normal_cdf, (AROUND_ZERO[:-1],), 1e-15),
    "log_ndtr_slope": Row(
        special.log_ndtr_slope,
        lambda x: mpmath.npdf(x) / mpmath.exp(log_normal_cdf(x)),
        (AROUND_ZERO[:-2],),
        1e-15,
    ),
    "ndtri": Row(special.ndtri, normal_quantile, (PROBABILITY,), 1e-15),
}


def law_of_accuracy(row: Row) -> None:
    with mpmath.workdps(60), np.errstate(all="ignore"):
        points = zip(*row.at, strict=True)
        ours = row.ours(*row.at)
        theirs = [row.theirs(*map(mpmath.mpf, map(float, p))) for p in points]
        errors = [
            float(
                abs(mpmath.mpf(float(value)) - truth)
                / max(row.floor, abs(truth), NEVER_ZERO)
            )
            for value, truth in zip(ours, theirs, strict=True)
        ]
    assert max(errors) <= row.within


@pytest.mark.parametrize("name", ROWS)
def test_a_function_agrees_with_mpmath(name: str) -> None:
    law_of_accuracy(ROWS[name])


def with_a_wrong_digit(function: Function) -> Function:
    return lambda *x: function(*x) * (1.0 + 1e-14)


NAIVE: dict[str, Function] = {
    "erfc": lambda x: 1.0 - special.erf(x),
    "log_ndtr": lambda x: np.log(0.5 * special.erfc(-x / special.SQRT_2)),
    "softplus": lambda x: np.log(1.0 + np.exp(x)),
    "log1mexp": lambda x: np.log(1.0 - np.exp(-x)),
    "expit": lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)),
    "log_expit": lambda x: np.log(1.0 / (1.0 + np.exp(-x))),
    "log_expit_slope": lambda x: np.log(special.expit(x) * special.expit(-x)),
    "logit": lambda p: np.log(p) - np.log(1.0 - p),
    "log1p_square": lambda x: np.log1p(x * x),
    "betaln": lambda a, b: (
        special.lgamma(a) + special.lgamma(b) - special.lgamma(a + b)
    ),
    "lgamma_half_step": lambda x: special.lgamma(x + 0.5) - special.lgamma(x),
    "open_interval": lambda x: 5.0 * (1.0 - special.expit(-x)),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_accuracy_law_rejects_a_naive_or_slightly_wrong_function(name: str) -> None:
    wrong = NAIVE.get(name, with_a_wrong_digit(ROWS[name].ours))
    with pytest.raises(AssertionError):
        law_of_accuracy(replace(ROWS[name], ours=wrong))


EDGES: list[tuple[Function, tuple[float, ...], float]] = [
    (special.softplus, (-INF,), 0.0),
    (special.softplus, (INF,), INF),
    (special.log1mexp, (0.0,), -INF),
    (special.log1mexp, (INF,), 0.0),
    (special.log1mexp, (-1.0,), NAN),
    (special.expit, (-INF,), 0.0),
    (special.expit, (INF,), 1.0),
    (special.log_expit, (-INF,), -INF),
    (special.log_expit, (INF,), 0.0),
    (special.log_expit_slope, (INF,), -INF),
    (special.log_expit_slope, (-INF,), -INF),
    (special.logit, (0.0,), -INF),
    (special.logit, (1.0,), INF),
    (special.logit, (1.5,), NAN),
    (special.log1p_square, (-INF,), INF),
    (special.xlogy, (0.0, 0.0), 0.0),
    (special.xlogy, (0.0, -1.0), NAN),
    (special.xlogy, (2.0, 0.0), -INF),
    (special.xlog1py, (0.0, -1.0), 0.0),
    (special.xlog1py, (0.0, -2.0), NAN),
    (special.lgamma, (0.0,), INF),
    (special.lgamma, (INF,), INF),
    (special.lgamma, (1e308,), INF),
    (special.lgamma, (-0.5,), NAN),
    (special.digamma, (0.0,), -INF),
    (special.digamma, (INF,), INF),
    (special.digamma, (-0.5,), NAN),
    (special.trigamma, (0.0,), INF),
    (special.trigamma, (INF,), 0.0),
    (special.trigamma, (-0.5,), NAN),
    (special.lgamma_half_step, (0.0,), -INF),
    (special.lgamma_half_step, (INF,), INF),
    (special.lgamma_half_step, (-0.5,), NAN),
    (special.betaln, (0.0, 1.0), INF),
    (special.betaln, (-1.0, 1.0), NAN),
    (special.open_interval, (INF, 0.0, 1.0), 1.0 - 2.0**-53),
    (special.open_interval, (-INF, 0.0, 1.0), 5e-324),
    (special.stirling_remainder, (INF,), 0.0),
    (special.erf, (-INF,), -1.0),
    (special.erfc, (-INF,), 2.0),
    (special.erfc, (INF,), 0.0),
    (special.log_ndtr, (-INF,), -INF),
    (special.log_ndtr, (INF,), 0.0),
    (special.log_ndtr_slope, (-INF,), INF),
    (special.log_ndtr_slope, (INF,), 0.0),
    (special.ndtri, (0.0,), -INF),
    (special.ndtri, (0.5,), 0.0),
    (special.ndtri, (1.0,), INF),
    (special.ndtri, (1.5,), NAN),
    (special.ndtri, (-0.5,), NAN),
]


@pytest.mark.parametrize(("function", "at", "expected"), EDGES)
def test_an_edge_has_its_stated_value(
    function: Function, at: tuple[float, ...], expected: float
) -> None:
    np.testing.assert_array_equal(function(*at), expected)


@pytest.mark.parametrize("name", ROWS)
def test_nan_gives_nan_in_each_argument(name: str) -> None:
    row = ROWS[name]
    for which in range(len(row.at)):
        point = [NAN if i == which else 0.5 for i in range(len(row.at))]
        assert np.isnan(row.ours(*point))


@pytest.mark.parametrize("name", ROWS)
def test_a_number_and_an_array_of_any_shape_give_the_same(name: str) -> None:
    row = ROWS[name]
    column = [np.array([[0.25], [0.5]]) for _ in row.at]
    assert row.ours(*column).shape == (2, 1)
    assert row.ours(*column)[1, 0] == row.ours(*(0.5 for _ in row.at))


def test_betaln_and_xlogy_broadcast() -> None:
    column, row = np.array([[1.0], [2.0]]), np.array([1.0, 2.0, 3.0])
    assert special.betaln(column, row).shape == (2, 3)
    assert special.xlogy(row, column).shape == (2, 3)


def test_an_open_interval_keeps_strictly_inside_even_when_rounding_tempts() -> None:
    x = np.array([-700.0, -40.0, 40.0, 700.0])
    points = special.open_interval(x, 0.1, 0.3)
    assert np.all((points > 0.1) & (points < 0.3))
    assert np.all(np.diff(points) >= 0.0)


class TestLogsumexp:
    def test_it_agrees_with_the_plain_sum_over_each_axis(self) -> None:
        x = np.log(np.arange(1.0, 25.0)).reshape(2, 3, 4)
        for axis in (None, 0, -1, (0, 2)):
            plain = np.log(np.sum(np.exp(x), axis=axis))
            np.testing.assert_allclose(special.logsumexp(x, axis), plain, rtol=1e-15)

    def test_a_shift_comes_out_unchanged(self) -> None:
        x = np.array([0.3, -1.0, 2.0])
        shifted = special.logsumexp(x + 1e6)
        np.testing.assert_allclose(shifted, special.logsumexp(x) + 1e6, rtol=1e-15)

    def test_the_axis_is_kept_on_request(self) -> None:
        assert special.logsumexp(np.zeros((2, 3)), 1, keepdims=True).shape == (2, 1)

    @pytest.mark.parametrize(
        ("x", "expected"),
        [([], -INF), ([-INF, -INF], -INF), ([INF, 0.0], INF), ([NAN, 0.0], NAN)],
    )
    def test_an_edge_has_its_stated_value(
        self, x: list[float], expected: float
    ) -> None:
        np.testing.assert_array_equal(special.logsumexp(x), expected)
