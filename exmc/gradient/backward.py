"""From the last step of a recording back to its input, recorded as well.

The derivatives are those that autograd's primitives have, and ours; but gradients are
added as new values, never in place as autograd adds them: an array that is already an
argument of a step must not change any more.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.errors import UntraceableError
from exmc.gradient.library import ADD, VJPS, SparseObject, getval, vspace
from exmc.gradient.no_rule import NoRuleError
from exmc.gradient.slopes import OWN
from exmc.numerics.autodiff import primitive

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from exmc.gradient.tape import Step, Tape
    from exmc.numerics.autodiff import Primitive, Traceable

# Derivatives ask the incoming gradient for its shape, so it is not a Python float.
_ONE: Final = np.float64(1.0)


def _dense(sparse: Any) -> Any:  # noqa: ANN401 - an array, or a tuple of arrays
    return sparse.mut_add(sparse.vs.zeros())


dense: Primitive = primitive(_dense)
"""A gradient that knows where it belongs, with zeros everywhere else."""

total: Primitive = primitive(lambda *parts: sum(parts[1:], parts[0]))
"""The sum of gradients of one shape."""


def pulled_back(tape: Tape, end: Step) -> Traceable:
    """Return the gradient of a step by the input; plain if it depends on no input.

    Args:
        tape: Appended to.
        end: Its value is a number.

    Raises:
        NoRuleError: A step has no derivative that can be recorded.
    """
    parts: dict[int, list[Traceable]] = {end.number: [_ONE]}
    for step in reversed(tape.steps[1 : end.number + 1]):
        if step.number in parts:
            pulled = _pulled(step, _sum(parts.pop(step.number)))
            for (_, parent), part in zip(step.ways_back(), pulled, strict=True):
                parts.setdefault(parent.number, []).append(_dense_of(part))
    return _sum(parts[0]) if 0 in parts else np.zeros(tape.steps[0].value.shape)


def _pulled(step: Step, gradient: Traceable) -> Iterable[Traceable]:
    try:
        return _pull(step, gradient)
    except (NoRuleError, UntraceableError, np.linalg.LinAlgError):
        raise
    except Exception as error:  # derivatives raise all kinds of errors
        message = (
            f"the derivative of {step.name} cannot be recorded "
            f"({type(error).__name__}: {str(error).strip()})"
        )
        raise NoRuleError(message) from error


def _pull(step: Step, gradient: Traceable) -> Iterable[Traceable]:
    """Return the gradients by the active arguments of a step."""
    places = tuple(place for place, _ in step.ways_back())
    if not places:
        return ()
    backwards = OWN.get(step.function) or VJPS.get(step.function)
    if backwards is None:
        raise NoRuleError(f"{step.name} has no derivative")
    arguments = list(step.arguments)
    for place, parent in zip(step.places, step.parents, strict=True):
        arguments[place] = step.tape.box(parent)
    back = backwards(places, step.tape.box(step), tuple(arguments), step.keywords)
    return tuple(back(gradient))


def _dense_of(part: Traceable) -> Traceable:
    return dense(part) if isinstance(getval(part), SparseObject) else part


def _sum(parts: Sequence[Traceable]) -> Traceable:
    """Add gradients in the order in which they came; in one step, however many."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(getval(parts[0]), tuple | list):
        return reduce(lambda x, y: ADD(vspace(x), x, y), parts)
    return total(*parts)
