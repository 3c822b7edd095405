"""The functions an expression may contain, by numpy's names.

Each is looked up twice: on plain numpy, for shapes, data and draws, and on autograd's
numpy, for the log-density. Adding a function is one name here and one row in its test.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.numerics import differentiable, special
from exmc.numerics.autodiff import xp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ELEMENTWISE = (
    "absolute",
    "add",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "cos",
    "cosh",
    "divide",
    "equal",
    "exp",
    "exp2",
    "expm1",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "log",
    "log10",
    "log1p",
    "log2",
    "logaddexp",
    "logical_and",
    "logical_not",
    "logical_or",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "not_equal",
    "power",
    "reciprocal",
    "remainder",
    "sign",
    "sin",
    "sinh",
    "sqrt",
    "square",
    "subtract",
    "tan",
    "tanh",
)

ARRAY = (
    "all",
    "any",
    "clip",
    "cumsum",
    "diff",
    "dot",
    "einsum",
    "expand_dims",
    "inner",
    "matmul",
    "max",
    "mean",
    "min",
    "outer",
    "prod",
    "ravel",
    "repeat",
    "reshape",
    "squeeze",
    "std",
    "sum",
    "swapaxes",
    "tensordot",
    "trace",
    "transpose",
    "var",
    "where",
)

SPECIAL = ("expit", "lgamma", "log1mexp", "log_expit", "logsumexp", "softplus")

Namespace: TypeAlias = Any
"""A module of functions: numpy, or one that looks like it."""


def _functions(
    numpy: Namespace, special_functions: Namespace
) -> Mapping[str, Callable[..., Any]]:
    table = {name: getattr(numpy, name) for name in (*ELEMENTWISE, *ARRAY)}
    table |= {name: getattr(special_functions, name) for name in SPECIAL}
    table["broadcast_to"] = lambda value, shape: numpy.broadcast_to(
        # autograd wants the leading axes to be there already
        numpy.reshape(value, (1,) * (len(shape) - numpy.ndim(value)) + value.shape),
        shape,
    )
    table["getitem"] = lambda value, *index: value[index]
    table["stack"] = lambda *parts, axis=0: numpy.stack(parts, axis=axis)
    table["concatenate"] = lambda *parts, axis=0: numpy.concatenate(parts, axis=axis)
    return MappingProxyType(table)


PLAIN = _functions(np, special)
"""Every function on plain numpy."""

TRACED = _functions(xp, differentiable)
"""Every function on autograd's numpy; equal to PLAIN on plain arrays."""
