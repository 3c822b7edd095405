"""The one door to autograd: its numpy, its gradient, and how to teach it more.

Nothing else in exmc names the library, except the tracer behind this door
(`exmc.gradient.trace`). Write densities with `xp` and with the functions of
`exmc.numerics.differentiable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import autograd.numpy as xp
from autograd.core import make_vjp
from autograd.extend import Box, defvjp, notrace_primitive, primitive
from autograd.numpy.numpy_vjps import unbroadcast_f as unbroadcast

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.typing import Array

__all__ = [
    "Traceable",
    "defvjp",
    "is_traced",
    "notrace_primitive",
    "primitive",
    "unbroadcast",
    "value_and_grad",
    "xp",
]

Traceable: TypeAlias = Any
"""A number, an array, or the box that autograd puts around either."""


def is_traced(value: object) -> bool:
    """Tell whether a value is being followed for a gradient."""
    return isinstance(value, Box)


def value_and_grad(
    function: Callable[[Traceable], Traceable],
) -> Callable[[Array], tuple[Array, Array]]:
    """Return a function that gives a scalar function's value and its gradient.

    Args:
        function: From an array of any shape to a 0-d value, written with `xp`.

    Returns:
        A function of z: the value, shape (), and the gradient, in the shape of z.
        The gradient is zero where the value does not depend on z.
    """

    def evaluated(z: Array) -> tuple[Array, Array]:
        backward, value = make_vjp(function, z)
        return value, backward(1.0)

    return evaluated
