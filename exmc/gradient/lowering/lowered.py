"""From a function to a program: recorded, and lowered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from exmc.gradient.lowering.agreement import check_agreement, check_values
from exmc.gradient.lowering.answer import Lowered
from exmc.gradient.lowering.known import found_rule
from exmc.gradient.lowering.lowering import Lowering
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.numpy_emitter import emit_numpy
from exmc.gradient.recorder import record_gradient, record_values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exmc.gradient.node import Node
    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Density, Vector


def program_of_density(
    function: Callable[[Traceable], Traceable], dim: int, at: Vector | None = None
) -> Lowered:
    """Return the program of a log-density and its gradient, checked as numpy runs it.

    Args:
        function: From an array of shape (dim,) to a number, written with `xp`.
        dim: Length of the input.
        at: Where it can be run; see `record_gradient`.

    Raises:
        UntraceableError: The function branches on a value.
        NoRuleError: It has a step without a rule, or does not agree with autograd.
    """
    lowered = unchecked_density(function, dim, at)
    density = numpy_function(lowered)
    centre = np.zeros(dim) if at is None else at
    check_agreement(density, function, centre, mended=lowered.mended)
    return lowered


def unchecked_density(
    function: Callable[[Traceable], Traceable], dim: int, at: Vector | None = None
) -> Lowered:
    """Return the same for a caller that has a faster way to run it, and checks that.

    Raises:
        UntraceableError: The function branches on a value.
        NoRuleError: It has a step without a rule.
    """
    low = Lowering(record_gradient(function, dim, at), found_rule)
    value, gradient = low.outputs()
    program, data = low.build.program(value, gradient)
    return Lowered(program, data, low.mended)


def program_of_values(
    function: Callable[[Traceable], Sequence[Traceable]],
    dim: int,
    width: int,
    at: Vector | None = None,
) -> Lowered:
    """Return the program of several arrays, flat and in order; its scalar is 0.

    Args:
        function: From an array of shape (dim,) to arrays and numbers.
        dim: Length of the input.
        width: Numbers in all of them together.
        at: Where it can be run; see `record_gradient`.

    Raises:
        UntraceableError: The function branches on a value.
        NoRuleError: It has a step without a rule, gives another width, or does not
            agree with the function.
    """
    lowered = unchecked_values(function, dim, width, at)
    centre = np.zeros(dim) if at is None else at
    check_values(numpy_function(lowered), function, centre, width)
    return lowered


def unchecked_values(
    function: Callable[[Traceable], Sequence[Traceable]],
    dim: int,
    width: int,
    at: Vector | None = None,
) -> Lowered:
    """Return the same for a caller that has a faster way to run it, and checks that.

    Raises:
        UntraceableError: The function branches on a value.
        NoRuleError: It has a step without a rule, or gives another width.
    """
    low = Lowering(record_values(function, dim, at), found_rule)
    vector = _flat(low, low.outputs())
    if vector.size != width:
        message = f"the values are {vector.size} numbers, not {width}"
        raise NoRuleError(message)
    program, data = low.build.program(low.build.const(0.0), vector)
    return Lowered(program, data, low.mended)


def numpy_function(lowered: Lowered) -> Density:
    """Return what numpy makes of a program, with its data."""
    return emit_numpy(lowered.program).bind(lowered.data)


def _flat(low: Lowering, nodes: Sequence[Node]) -> Node:
    build = low.build
    parts = [build.reshape(node, (node.size,)) for node in nodes if node.size]
    if len(parts) == 1:
        return parts[0]
    ends = np.cumsum([part.size for part in parts]).tolist()
    places = [(end - p.size, (1,)) for end, p in zip(ends, parts, strict=True)]
    return build.assemble(parts, places, (ends[-1] if ends else 0,))
