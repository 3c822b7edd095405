"""The one door to autograd: its numpy, its gradient, and how to teach it more.

Nothing else in exmc names the library, except the tracer behind this door
(`exmc.gradient.trace`). Write densities with `xp` and with the functions of
`exmc.numerics.differentiable`.

Importing this module mends four derivatives of the library: those of `where` and
`clip` fail on arrays that broadcast, that of `repeat` on one count an entry, and that
of `transpose` is wrong, without a word, for axes counted from the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from autograd import extend
from autograd import numpy as traceable_numpy
from autograd.core import VJPNode, backward_pass, vspace
from autograd.numpy import numpy_vjps
from autograd.tracer import new_box, trace_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.typing import Array

__all__ = [
    "Backward",
    "Primitive",
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

Primitive: TypeAlias = Callable[..., Traceable]
"""A function that a trace records as one step."""

Backward: TypeAlias = Callable[[Any], Any]
"""From the gradient by a step's value to the gradient by one of its arguments."""

xp: Any = traceable_numpy
"""numpy, in functions that can be followed for a gradient."""

primitive: Callable[[Callable[..., Any]], Primitive] = extend.primitive
"""Make one step of a function on plain arrays; its derivative comes by `defvjp`."""

notrace_primitive: Callable[[Callable[..., Any]], Primitive] = extend.notrace_primitive
"""Make a function stop the gradient: it sees and gives plain arrays."""

defvjp: Callable[..., None] = extend.defvjp
"""Register `(value, *arguments) -> Backward` for each argument of a primitive."""

unbroadcast: Callable[[Traceable, Backward], Backward] = numpy_vjps.unbroadcast_f
"""Make a Backward sum over the axes along which an argument was broadcast."""

# Derivatives ask the incoming gradient for its shape, so it is not a Python float.
_ONE = np.float64(1.0)


def is_traced(value: object) -> bool:
    """Tell whether a value is being followed for a gradient."""
    return isinstance(value, extend.Box)


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
        # autograd's own entry warns when the value does not depend on z; here that
        # is a gradient of zero like any other.
        with trace_stack.new_trace() as level:
            answer = function(new_box(z, level, VJPNode.new_root()))
        if not is_traced(answer):
            return answer, np.zeros(np.shape(z))
        # A box has no public names for its two parts.
        value, node = answer._value, answer._node  # noqa: SLF001
        return value, backward_pass(_ONE, node)

    return evaluated


def _back_from_clip(
    value: Traceable, x: Traceable, low: Traceable = None, high: Traceable = None
) -> Backward:
    inside = xp.logical_and(value != low, value != high)
    return unbroadcast(x, lambda g: g * inside)


def _back_from_clip_to_low(
    _value: Traceable, x: Traceable, low: Traceable, high: Traceable = None
) -> Backward:
    held = x < low if high is None else xp.logical_and(x < low, low <= high)
    return unbroadcast(low, lambda g: g * held)


def _back_from_clip_to_high(
    _value: Traceable, x: Traceable, low: Traceable, high: Traceable
) -> Backward:
    held = (x if low is None else xp.maximum(x, low)) > high
    return unbroadcast(high, lambda g: g * held)


def _back_from_transpose(
    _value: Traceable, x: Traceable, axes: tuple[int, ...] | None = None
) -> Backward:
    order = None if axes is None else np.argsort(np.mod(axes, np.ndim(x)))
    return lambda g: xp.transpose(g, order)


def _back_from_repeat(
    _value: Traceable, x: Array, repeats: Sequence[int], axis: int | None = None
) -> Backward:
    shape = np.shape(x)
    if not shape:
        return lambda g: g.sum()
    along = np.size(x) if axis is None else shape[axis]
    source = np.repeat(np.arange(along), repeats)
    if axis is None:
        index: Any = np.unravel_index(source, shape)
    else:
        index = (*[slice(None)] * (axis % len(shape)), source)
    return lambda g: numpy_vjps.untake(g, index, vspace(np.empty(shape)))


def _back_from_where(
    _value: Traceable, condition: Traceable, x: Traceable, _y: Traceable
) -> Backward:
    return unbroadcast(x, lambda g: xp.where(condition, g, 0.0))


def _back_from_where_to_other(
    _value: Traceable, condition: Traceable, _x: Traceable, y: Traceable
) -> Backward:
    return unbroadcast(y, lambda g: xp.where(condition, 0.0, g))


# The library's own `where` is a function around the primitive.
_WHERE = getattr(traceable_numpy, "_original_where", xp.where)

defvjp(_WHERE, None, _back_from_where, _back_from_where_to_other)
defvjp(xp.clip, _back_from_clip, _back_from_clip_to_low, _back_from_clip_to_high)
defvjp(xp.transpose, _back_from_transpose)
defvjp(xp.repeat, _back_from_repeat)
