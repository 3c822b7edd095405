"""The gamma function's family for x >= 0: a shift by 8, then asymptotic series.

The series are Stirling's and the tails of digamma and trigamma, from the Bernoulli
numbers (Abramowitz & Stegun 6.1.41, 6.3.18, 6.4.12). At the shifted argument, 8 or
more, the first term left out is below 1e-15.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from exmc.numerics.elementary.logarithm import log1p
from exmc.numerics.elementary.polynomial import polynomial

if TYPE_CHECKING:
    from exmc.numerics.lanes import Lanes, Mask, Number

SHIFT: Final = 8.0
_HALF_LOG_2_PI: Final = 0.9189385332046727

_STIRLING: Final = (
    *(1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156),
)
_HALF_STEP: Final = tuple(
    c * (2.0 ** (-1 - 2 * j) - 2.0) for j, c in enumerate(_STIRLING)
)
_DIGAMMA: Final = (
    *(1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12),
)
_TRIGAMMA: Final = (
    *(1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6),
    *(-3617 / 510, 43867 / 798),
)


def _up_to_shift(lanes: Lanes, x: Number) -> tuple[Mask, Number, Number]:
    """Say where x < 8, give x (+ 8 there), and t = x (x + 7) for `_eight_factors`."""
    low = x < SHIFT
    return low, lanes.where(low, x + SHIFT, x), x * (x + 7.0)


def _eight_factors(t: Number) -> Number:
    """Give x (x + 1) ... (x + 7), the first factor paired with the last, and so on."""
    return (t * (t + 6.0)) * ((t + 10.0) * (t + 12.0))


def _domain(lanes: Lanes, x: Number, at_zero: float, value: Number) -> Number:
    """Put the answer for zero in, and NaN below."""
    outside = lanes.where(lanes.equal(x, 0.0), at_zero, math.nan)
    return lanes.where(x > 0.0, value, outside)


def stirling_remainder(lanes: Lanes, x: Number) -> Number:
    """Return lgamma(x) - (x - 1/2) log x + x - log(2 pi) / 2, for x >= 8 only.

    Relative error below 1e-14.
    """
    inverse = lanes.divide(1.0, x)
    return inverse * polynomial(inverse * inverse, _STIRLING)


def lgamma(lanes: Lanes, x: Number) -> Number:
    """Return the logarithm of the gamma function; inf at 0, NaN below.

    The error is below 6e-15 max(1, |value|): absolute near the zeros at 1 and 2.
    """
    low, shifted, t = _up_to_shift(lanes, x)
    product = lanes.where(low, _eight_factors(t), 1.0)
    main = (shifted - 0.5) * (lanes.log(shifted) - 1.0) + (_HALF_LOG_2_PI - 0.5)
    value = main + stirling_remainder(lanes, shifted) - lanes.log(product)
    return _domain(lanes, x, math.inf, value)


def digamma(lanes: Lanes, x: Number) -> Number:
    """Return the derivative of lgamma; -inf at 0, NaN below.

    The error is below 2e-15 max(1, |value|): absolute near the zero at 1.4616.
    """
    low, shifted, t = _up_to_shift(lanes, x)
    a, b = t * (t + 6.0), (t + 10.0) * (t + 12.0)
    pairs = lanes.divide((t + t + 6.0) * b + (t + t + 22.0) * a, a * b)
    inverse = lanes.divide(1.0, shifted)
    square = inverse * inverse
    tail = 0.5 * inverse + square * polynomial(square, _DIGAMMA)
    value = lanes.log(shifted) - tail
    value = value - lanes.where(low, (2.0 * x + 7.0) * pairs, 0.0)
    return _domain(lanes, x, -math.inf, value)


def trigamma(lanes: Lanes, x: Number) -> Number:
    """Return the derivative of digamma; inf at 0, NaN below.

    Relative error below 1e-15 where the answer is finite, that is for x > 1e-154.
    """
    low = x < SHIFT
    shifted = lanes.where(low, x + SHIFT, x)
    inverse = lanes.divide(1.0, shifted)
    square = inverse * inverse
    value = inverse + (0.5 * square + inverse * square * polynomial(square, _TRIGAMMA))
    steps = lanes.constant(0.0)
    for k in reversed(range(8)):
        step = lanes.divide(1.0, x + float(k))
        steps = steps + step * step
    value = value + lanes.where(low, steps, 0.0)
    return _domain(lanes, x, math.inf, value)


def lgamma_half_step(lanes: Lanes, x: Number) -> Number:
    """Return lgamma(x + 1/2) - lgamma(x), without the cancellation of large x.

    By a quotient of products and Stirling's series at x + 1/2 less the one at x. The
    error is below 5e-15 max(1, |value|).
    """
    low, shifted, t = _up_to_shift(lanes, x)
    t_half = t + (x + 3.75)
    quotient = lanes.divide(_eight_factors(t_half), _eight_factors(t))
    inverse = lanes.divide(1.0, shifted)
    series = inverse * polynomial(inverse * inverse, _HALF_STEP)
    value = 0.5 * lanes.log(shifted) + series
    value = value - lanes.log(lanes.where(low, quotient, 1.0))
    return _domain(lanes, x, -math.inf, value)


def betaln(lanes: Lanes, a: Number, b: Number) -> Number:
    """Return the logarithm of the beta function, without the cancellation of large x.

    With q the larger and q >= 8, lgamma(q) - lgamma(p + q) is taken from Stirling's
    series as a difference, term by term (Didonato & Morris 1992, sec. 4). The error is
    below 6e-15 max(1, |value|).
    """
    smaller = a < b
    p, q = lanes.where(smaller, a, b), lanes.where(smaller, b, a)
    total = p + q
    remainders = stirling_remainder(lanes, q) - stirling_remainder(lanes, total)
    difference = remainders + (p - p * lanes.log(total))
    difference = difference - (q - 0.5) * log1p(lanes, lanes.divide(p, q))
    plain = lgamma(lanes, q) - lgamma(lanes, total)
    return lgamma(lanes, p) + lanes.where(q >= SHIFT, difference, plain)
