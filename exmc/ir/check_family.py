"""What can be wrong with a random variable: family, parameters, support, values."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from inspect import signature
from typing import TYPE_CHECKING

import numpy as np

from exmc.distributions import FAMILIES
from exmc.errors import (
    BadDataError,
    BadParameterError,
    ModelError,
    OutsideSupportError,
    ShapeMismatchError,
    UnknownFormatError,
)
from exmc.ir.check_data import nan_error, nan_violations, place
from exmc.ir.describe import describe
from exmc.ir.evaluate import evaluate, is_static
from exmc.ir.expression import references
from exmc.ir.node import FreeVariable, Observation
from exmc.transforms import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exmc.constraints import Interval
    from exmc.ir.expression import AnyArray

    Known = Mapping[str, AnyArray]


def family_violations(
    node: FreeVariable | Observation, known: Known
) -> Iterator[ModelError]:
    """Yield everything that is wrong with a random variable.

    Args:
        node: Free or observed.
        known: The values of the nodes that no free variable can change.
    """
    if node.family not in FAMILIES:
        message = (
            f"Unknown family {node.family!r} of {node.name!r}; it is one of "
            f"{', '.join(FAMILIES)}."
        )
        yield UnknownFormatError(message)
        return
    shapes = list(_shapes(node))
    yield from shapes
    values = _static_parameters(node, known)
    yield from _parameters(node, values)
    if isinstance(node, Observation):
        if not shapes:
            yield from _observed(node, values, known)
    else:
        yield from _free(node, values)


def _shapes(node: FreeVariable | Observation) -> Iterator[ModelError]:
    for key, parameter in node.parameters.items():
        if not _fits(parameter.shape, node.shape):
            message = (
                f"Parameter {key} of {node.name!r} is {describe(parameter)} of shape "
                f"{parameter.shape}, which does not fit the variable's shape "
                f"{node.shape}; make them agree (shape=, dims=, or indexing)."
            )
            yield ShapeMismatchError(message)
    if isinstance(node, Observation) and node.value.shape != node.shape:
        message = (
            f"Observed {node.name!r} has shape {node.value.shape}, but the variable "
            f"has shape {node.shape}; leave out shape= and dims=, or correct them."
        )
        yield ShapeMismatchError(message)


def _fits(inner: tuple[int, ...], outer: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(inner, outer) == outer
    except ValueError:
        return False


def _static_parameters(
    node: FreeVariable | Observation, known: Known
) -> dict[str, AnyArray]:
    return {
        key: evaluate(parameter, known)
        for key, parameter in node.parameters.items()
        if is_static(parameter, known)
    }


def _parameters(
    node: FreeVariable | Observation, values: dict[str, AnyArray]
) -> Iterator[ModelError]:
    constraints = FAMILIES[node.family].parameters
    for key, parameter in node.parameters.items():
        yield from nan_violations(f"Parameter {key} of {node.name!r}", parameter)
    for key, value in values.items():
        if key not in constraints:
            message = (
                f"{node.family} has no parameter {key!r} (of {node.name!r}); it has "
                f"{', '.join(constraints)}."
            )
            yield BadParameterError(message)
        elif not np.isnan(value).any():
            yield from _outside_constraint(node, key, value, values)
    missing = _missing(node)
    if missing:
        message = (
            f"{node.family} {node.name!r} lacks {' and '.join(missing)}; every "
            f"parameter needs a value."
        )
        yield BadParameterError(message)
        return
    own = {key: 0.5 for key in node.parameters if key in constraints}
    try:
        FAMILIES[node.family](**own)
    except ModelError as error:
        yield error


def _missing(node: FreeVariable | Observation) -> list[str]:
    """Return the parameters that a family needs and the node does not have."""
    return [key for key in _needed(node.family) if key not in node.parameters]


@cache
def _needed(family: str) -> tuple[str, ...]:
    own = signature(FAMILIES[family]).parameters
    return tuple(key for key, given in own.items() if given.default is not None)


def _outside_constraint(
    node: FreeVariable | Observation,
    key: str,
    value: AnyArray,
    values: dict[str, AnyArray],
) -> Iterator[ModelError]:
    constraint = _resolved(FAMILIES[node.family].parameters[key], values)
    if constraint is None:
        return
    outside = ~np.asarray(constraint.contains(value))
    if outside.any():
        worst = np.broadcast_to(value, outside.shape)[outside][0]
        rule = constraint.describe()
        if np.isinf(worst) and not constraint.is_whole_line:
            rule = f"finite and {rule}"
        message = (
            f"Parameter {key} of {node.name!r} ({node.family}) is "
            f"{worst.tolist()!r}{place(outside)}; it must be {rule} "
            f"(for a value that is itself unknown, pass a random variable)."
        )
        yield BadParameterError(message)


def _resolved(constraint: Interval, values: dict[str, AnyArray]) -> Interval | None:
    numbers = {k: v if v.ndim else v.tolist() for k, v in values.items()}
    try:
        return constraint.resolve(numbers)
    except KeyError:
        return None


def _observed(
    node: Observation, values: dict[str, AnyArray], known: Known
) -> Iterator[ModelError]:
    what = f"Observed {node.name!r}"
    if not is_static(node.value, known):
        message = (
            f"{what} is {describe(node.value)}, which depends on a free variable; "
            f"observed values are numbers (for a condition on variables, add a "
            f"Potential)."
        )
        yield BadDataError(message)
        return
    seen = evaluate(node.value, known)
    if seen.size == 0:
        yield BadDataError(f"{what} is empty, shape {seen.shape}; give some data.")
    elif np.isnan(seen).any():
        if not any(np.isnan(known[r.name]).any() for r in references(node.value)):
            yield nan_error(what, seen)
    else:
        yield from _outside_support(what, node, seen, values)


def _outside_support(
    what: str,
    node: FreeVariable | Observation,
    seen: AnyArray,
    values: dict[str, AnyArray],
) -> Iterator[ModelError]:
    support = _resolved(FAMILIES[node.family].support, values)
    if support is None:
        return
    if isinstance(node, FreeVariable):  # a transform reaches no bound
        support = replace(support, open_lower=True, open_upper=True)
    outside = ~np.asarray(support.contains(seen))
    if outside.any():
        first = np.broadcast_to(seen, outside.shape)[outside][0]
        message = (
            f"{what} has the value {first.tolist()!r}{place(outside)}, which "
            f"{node.family} cannot produce: it must be {support.describe()}; correct "
            f"the value or take another family."
        )
        yield OutsideSupportError(message)


def _free(node: FreeVariable, values: dict[str, AnyArray]) -> Iterator[ModelError]:
    family = FAMILIES[node.family]
    if family.discrete:
        message = (
            f"Free variable {node.name!r} is {node.family}, which is discrete; NUTS "
            f"moves in continuous variables only: observe it, or sum it out of the "
            f"likelihood."
        )
        yield ModelError(message)
        return
    if 0 in node.shape:
        message = (
            f"Free variable {node.name!r} is empty, shape {node.shape}; give its "
            f"parameters at least one entry."
        )
        yield ShapeMismatchError(message)
    yield from _transform(node, values)
    if node.initval is not None:
        what = f"initval of {node.name!r}"
        if np.isnan(node.initval).any():
            yield nan_error(what, node.initval)
        else:
            yield from _outside_support(what, node, node.initval, values)


def _transform(node: FreeVariable, values: dict[str, AnyArray]) -> Iterator[ModelError]:
    if node.transform is None:
        return
    if node.transform not in TRANSFORMS:
        message = (
            f"Unknown transform {node.transform!r} of {node.name!r}; it is one of "
            f"{', '.join(TRANSFORMS)}."
        )
        yield UnknownFormatError(message)
        return
    support = FAMILIES[node.family].support
    stand_ins = dict.fromkeys(node.parameters, np.ones(())) | values
    try:
        TRANSFORMS[node.transform].on(support.resolve(stand_ins))
    except ModelError as error:
        yield ModelError(f"Transform of {node.name!r}: {error}")
