"""One row for each transform, beside its formula in mpmath."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mpmath

from exmc.constraints import NONNEGATIVE, POSITIVE, REAL, UNIT_INTERVAL, Interval
from exmc.transforms import (
    Exp,
    Identity,
    Logit,
    LowerBounded,
    Softplus,
    UpperBounded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.transforms import Transform


@dataclass(frozen=True)
class Row:
    """A transform, its support, and what it should be.

    Attributes:
        ours: The transform.
        support: The set that it covers.
        forward: x of z, on mpmath's numbers.
        slope: |dx/dz|, on mpmath's numbers.
        rises: 1 if it increases, -1 if it decreases.
        kept_off: How far x may be from the formula, beside rounding, because it is
            kept off a bound.
    """

    ours: Transform
    support: Interval
    forward: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    rises: int = 1
    kept_off: float = 0.0


def expit(z: Any) -> Any:
    return 1 / (1 + mpmath.exp(-z))


def logistic_slope(z: Any) -> Any:
    return expit(z) * expit(-z)


ROWS = {
    "identity": Row(Identity(), REAL, lambda z: z, lambda _: mpmath.mpf(1)),
    "exp": Row(Exp(), POSITIVE, mpmath.exp, mpmath.exp),
    "softplus": Row(
        Softplus(), NONNEGATIVE, lambda z: mpmath.log1p(mpmath.exp(z)), expit
    ),
    "logit": Row(Logit(), UNIT_INTERVAL, expit, logistic_slope, kept_off=2.0**-52),
    "logit on [-2, 5]": Row(
        Logit(-2.0, 5.0),
        Interval(-2.0, 5.0),
        lambda z: -2 + 7 * expit(z),
        lambda z: 7 * logistic_slope(z),
        kept_off=2.0**-50,
    ),
    "lower_bounded at 3": Row(
        LowerBounded(3.0), Interval(3.0), lambda z: 3 + mpmath.exp(z), mpmath.exp
    ),
    "upper_bounded at -1": Row(
        UpperBounded(-1.0),
        Interval(upper=-1.0),
        lambda z: -1 - mpmath.exp(z),
        mpmath.exp,
        rises=-1,
    ),
}
