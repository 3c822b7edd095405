"""The inner parts of the autodiff library that recording a gradient needs.

They have no public names, so they are gathered here: an update of the library that
moves one of them is mended in one place.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from autograd import builtins as sequences
from autograd.core import SparseObject, VJPNode, VSpace, primitive_vjps, vspace
from autograd.numpy import linalg, numpy_vjps, numpy_wrapper
from autograd.numpy.numpy_boxes import ArrayBox
from autograd.tracer import (
    Box,
    Node,
    getval,
    isbox,
    new_box,
    notrace_primitives,
    register_notrace,
    trace_stack,
)

__all__ = [
    "ADD",
    "ARRAY_NAMES",
    "GETITEM",
    "LINALG_NAMES",
    "NOT_FOLLOWED",
    "UNTAKE",
    "VJPS",
    "VJP_NAMES",
    "Box",
    "Node",
    "SparseObject",
    "getval",
    "isbox",
    "new_box",
    "register_notrace",
    "sequences",
    "trace_stack",
    "vspace",
]

VJPS: Final[dict[Any, Any]] = primitive_vjps
"""By primitive: `(argument numbers, value, arguments, keywords)` to a backward."""

NOT_FOLLOWED: Final[set[Any]] = notrace_primitives[VJPNode]
"""Primitives that no gradient goes through, such as comparisons."""

GETITEM: Final[Any] = vars(ArrayBox)["__getitem__"]
"""What x[index] is recorded as."""

UNTAKE: Final[Any] = numpy_vjps.untake
"""The backward of x[index]: a gradient that knows where it belongs."""

ADD: Final[Any] = vars(VSpace)["add"]
"""How gradients that are tuples are added."""

ARRAY_NAMES: Final[dict[str, Any]] = vars(numpy_wrapper)
VJP_NAMES: Final[dict[str, Any]] = vars(numpy_vjps)
LINALG_NAMES: Final[dict[str, Any]] = vars(linalg)

# Comparisons and counts of recorded values are recorded too.
for _type in (np.bool_, np.int64):
    ArrayBox.register(_type)
