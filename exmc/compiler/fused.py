"""What nearly every model computes, each as one differentiable step.

Through the general path a normal term costs eight traced steps, and a step costs
microseconds however small its arrays are. A fused step computes the same and its
derivatives by hand, in steps that can be traced too.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from exmc.compiler.fused_rules import normal_total_rule, shifted_rule, sum_rule
from exmc.gradient.lowering import register
from exmc.numerics.autodiff import Backward, Traceable, defvjp, primitive, xp
from exmc.numerics.special import HALF_LOG_2_PI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.typing import Array


def _normal_total(value: Array, mu: Array, sigma: Array) -> np.float64:
    """Sum the Normal(mu, sigma) log-density over the entries of value, in nats.

    The three broadcast against each other; the sum is over the broadcast shape.
    """
    residual = (value - mu) / sigma
    log_sigma = np.log(sigma)
    count = np.size(residual)
    weight = count / np.size(log_sigma)
    squares = np.vdot(residual, residual)
    return np.float64(
        -0.5 * squares - weight * np.sum(log_sigma) - count * HALF_LOG_2_PI
    )


def to_shape(gradient: Traceable, like: Traceable) -> Traceable:
    """Sum a gradient over the axes along which an argument was broadcast."""
    shape = np.shape(like)
    if np.shape(gradient) == shape:
        return gradient
    extra = np.ndim(gradient) - len(shape)
    stretched = tuple(
        axis + extra
        for axis, length in enumerate(shape)
        if length == 1 and np.shape(gradient)[axis + extra] != 1
    )
    summed = xp.sum(gradient, axis=(*range(extra), *stretched))
    return xp.reshape(summed, shape)


def _back_to_value(
    _total: Traceable, value: Traceable, mu: Traceable, sigma: Traceable
) -> Backward:
    slope = (mu - value) / sigma / sigma  # sigma squared might overflow
    return lambda g: to_shape(g * slope, value)


def _back_to_mu(
    _total: Traceable, value: Traceable, mu: Traceable, sigma: Traceable
) -> Backward:
    slope = (value - mu) / sigma / sigma
    return lambda g: to_shape(g * slope, mu)


def _back_to_sigma(
    _total: Traceable, value: Traceable, mu: Traceable, sigma: Traceable
) -> Backward:
    residual = (value - mu) / sigma
    slope = (residual * residual - 1.0) / sigma
    return lambda g: to_shape(g * slope, sigma)


normal_total: Callable[..., Traceable] = primitive(_normal_total)
defvjp(normal_total, _back_to_value, _back_to_mu, _back_to_sigma)
register(normal_total, normal_total_rule)


def _shifted(raw: Array, location: Array, scale: Array) -> Array:
    return location + scale * raw


shifted: Callable[..., Traceable] = primitive(_shifted)
"""Location + scale * raw, of arrays that broadcast."""

defvjp(
    shifted,
    lambda _moved, raw, _location, scale: lambda g: to_shape(g * scale, raw),
    lambda _moved, _raw, location, _scale: lambda g: to_shape(g, location),
    lambda _moved, raw, _location, scale: lambda g: to_shape(g * raw, scale),
)
register(shifted, shifted_rule)


@cache
def adder(count: int) -> Callable[..., Traceable]:
    """Return the sum of this many scalars as one step."""
    summed: Callable[..., Traceable] = primitive(lambda *terms: sum(terms))
    defvjp(summed, *[lambda _total, *_terms: lambda g: g] * count)
    register(summed, sum_rule)
    return summed


FUSED: Mapping[str, tuple[Callable[..., Traceable], tuple[str, ...]]] = {
    "Normal": (normal_total, ("mu", "sigma"))
}
"""By family: the total of value and parameters, and the names of the parameters."""
