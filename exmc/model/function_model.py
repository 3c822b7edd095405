"""A model from a bare log-density, for people who bring their own function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from exmc.errors import BadDataError, ModelError
from exmc.gradient.trace import record
from exmc.ir.construct import frozen_array
from exmc.ir.describe import numbers
from exmc.ir.expression import VariableRef
from exmc.ir.graph import ModelGraph
from exmc.ir.node import FreeVariable, FunctionTerm
from exmc.model.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from exmc.numerics.autodiff import Traceable
    from exmc.typing import Array

ARRAY_NAME = "x"
"""The variable's name when the function takes one array."""


def model_of_logp(
    fn: Callable[..., Traceable], init: ArrayLike | Mapping[str, ArrayLike]
) -> Model:
    """Return the model whose log-density is a function of unconstrained arrays.

    Args:
        fn: From what `init` is to a 0-d log-density in nats. It is run and recorded
            here; what it does travels as data.
        init: Where to start: an array (the variable is called "x"), or a dict of
            arrays by name.

    Raises:
        UntraceableError: The function cannot be recorded.
        ModelError: It fails, or does not give a finite number at `init`.
    """
    if isinstance(init, Mapping):
        start = {name: _start(name, value) for name, value in init.items()}
    else:
        start = {ARRAY_NAME: _start(ARRAY_NAME, init)}

    def flat(*arrays: Traceable) -> Traceable:
        by_name = dict(zip(start, arrays, strict=True))
        return fn(by_name if isinstance(init, Mapping) else arrays[0])

    flat.__name__ = getattr(fn, "__name__", "logp")
    function = record(flat, *start.values())
    with np.errstate(all="ignore"):
        _check(flat.__name__, function(*start.values()))
    variables = [
        FreeVariable(name, "Flat", {}, array.shape, (), "identity", array)
        for name, array in start.items()
    ]
    arguments = tuple(VariableRef(name, array.shape) for name, array in start.items())
    term = FunctionTerm(_free_name("logp", start), function, arguments)
    return Model.from_graph(ModelGraph((*variables, term)))


def _free_name(name: str, taken: Mapping[str, Array]) -> str:
    return _free_name(f"{name}_", taken) if name in taken else name


def _start(name: object, value: object) -> Array:
    if not isinstance(name, str) or not name:
        message = f"A name in init must be non-empty text, got {name!r}."
        raise ModelError(message)
    array = frozen_array(value, f"init of {name!r}").astype(np.float64)
    if not np.isfinite(array).all():
        message = f"init of {name!r} must be finite, got {numbers(array)}."
        raise BadDataError(message)
    array.flags.writeable = False
    return array


def _check(name: str, value: Traceable) -> None:
    if np.shape(value) != () or not np.isfinite(value):
        message = (
            f"The function {name} must give one finite number at the initial point, "
            f"got {value!r}; sum what it returns, or start elsewhere."
        )
        raise ModelError(message)
