"""Rules of our own functions, `exmc.numerics.differentiable`, and of scipy's."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.gradient.lowering.elementwise import formula, same_op
from exmc.gradient.lowering.reductions import LOGSUMEXP
from exmc.gradient.lowering.term import Term, TermLanes
from exmc.gradient.node import Node
from exmc.numerics.elementary import gamma

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rules

SQRT_2: Final = math.sqrt(2.0)
HALF_LOG_2_PI: Final = 0.5 * math.log(2.0 * math.pi)
LOG_PI: Final = math.log(math.pi)
EPSILON: Final = 2.0**-52
TINIEST: Final = 5e-324


def _log_expit(x: Term) -> Term:
    return -(-x).of("softplus")


def _log_expit_slope(x: Term) -> Term:
    size = abs(x)
    return -size - 2.0 * (-size).of("softplus")


def _logit(p: Term) -> Term:
    near_half = ((2.0 * p - 1.0) / (1.0 - p)).log1p()
    return (abs(p - 0.5) < 0.25).chosen(near_half, p.log() - (-p).log1p())


def _log1p_square(x: Term) -> Term:
    # One logarithm instead of two; it is infinite from |x| = 1.3e154 on.
    return (x * x).log1p()


def _xlogy(x: Term, y: Term) -> Term:
    # An exponential needs no look at its sign; what remains to ask is data, mostly.
    allowed = 1.0 if y.node.op == "exp" else y >= 0.0
    return (x.equals(0.0) * allowed).chosen(0.0, x * y.log())


def _xlog1py(x: Term, y: Term) -> Term:
    return (x.equals(0.0) * (y >= -1.0)).chosen(0.0, x * y.log1p())


def _lgamma_half_step(x: Term) -> Term:
    return _on_terms(gamma.lgamma_half_step, x)


def _on_terms(function: Callable[..., Any], x: Term) -> Term:
    """Return an elementary function of a term."""
    term: Term = function(TermLanes(x.build), x)
    return term


def betaln(a: Term, b: Term) -> Term:
    """Return the log of the beta function as `exmc.numerics.special.betaln` does."""
    p, q = a.of("min", b), a.of("max", b)
    total = p + q
    remainders = [_on_terms(gamma.stirling_remainder, x) for x in (q, total)]
    far = remainders[0] - remainders[1] + (p - p * total.log())
    far = far - (q - 0.5) * (p / q).log1p()
    near = q.of("lgamma") - total.of("lgamma")
    return p.of("lgamma") + (q >= gamma.SHIFT).chosen(far, near)


def _open_interval(low: Lowering, x: Given, lower: Given, upper: Given) -> Node:
    z, bottom, top = map(low.term, (x, lower, upper))
    part = (top - bottom) * (-abs(z)).of("sigmoid")
    point = (z < 0.0).chosen(bottom + part, top - part)
    first, last = _inside(low, lower, upper, 1.0), _inside(low, upper, lower, -1.0)
    return point.of("max", first).of("min", last).node


def _inside(low: Lowering, bound: Given, other: Given, sign: float) -> Node:
    """Return the float after a bound; the one after that, perhaps, if it is a node."""
    if not (isinstance(bound, Node) or isinstance(other, Node)):
        return low.node(np.nextafter(bound, other))
    end = low.term(bound)
    return (end + sign * (abs(end) * EPSILON).of("max", TINIEST)).node


OURS: Rules = {
    "betaln": formula(betaln),
    "digamma": same_op("digamma"),
    "erf": same_op("erf"),
    "erfc": same_op("erfc"),
    "expit": same_op("sigmoid"),
    "lgamma": same_op("lgamma"),
    "lgamma_half_step": formula(_lgamma_half_step),
    "log1mexp": formula(lambda x: (-x).of("log1mexp")),
    "log1p_square": formula(_log1p_square),
    "log_expit": formula(_log_expit),
    "log_expit_slope": formula(_log_expit_slope),
    "log_ndtr": same_op("log_ndtr"),
    "log_ndtr_slope": same_op("log_ndtr_slope"),
    "logit": formula(_logit),
    "logsumexp": LOGSUMEXP,
    "open_interval": _open_interval,
    "softplus": same_op("softplus"),
    "trigamma": same_op("trigamma"),
    "xlog1py": formula(_xlog1py),
    "xlogy": formula(_xlogy),
}
"""By the names of `exmc.numerics.differentiable`."""


# scipy


def _polygamma(low: Lowering, order: Given, x: Given) -> Node:
    if low.plain(order) not in {0, 1}:
        raise low.refuse(f"is of order {order}")
    return low.build.pointwise("trigamma" if order else "digamma", low.node(x))


def _multigammaln(low: Lowering, a: Given, d: Given) -> Node:
    shape = low.term(a)
    total = low.term(0.25 * low.plain(d) * (d - 1) * LOG_PI)
    for j in range(int(d)):
        total = total + (shape - 0.5 * j).of("lgamma")
    return total.node


SPECIAL: Rules = {
    "beta": formula(lambda a, b: betaln(a, b).exp()),
    "betaln": formula(betaln),
    "digamma": same_op("digamma"),
    "erf": same_op("erf"),
    "erfc": same_op("erfc"),
    "expit": same_op("sigmoid"),
    "gamma": formula(lambda x: x.of("lgamma").exp()),
    "gammaln": same_op("lgamma"),
    "logit": formula(_logit),
    "logsumexp": LOGSUMEXP,
    "multigammaln": _multigammaln,
    "polygamma": _polygamma,
    "psi": same_op("digamma"),
    "rgamma": formula(lambda x: (-x.of("lgamma")).exp()),
}
"""By the names of autograd.scipy.special."""
