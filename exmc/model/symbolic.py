"""Quantities of a model that stand in numpy expressions without having a value yet.

Python's operators and numpy's functions on a Symbolic do not compute: they record an
expression (`exmc.ir.expression`). What numpy would do silently wrong, such as taking
the truth of a comparison, is an error with a remedy.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from exmc.errors import ModelError, UntraceableError
from exmc.ir.describe import describe
from exmc.model.recording import REDUCING, indexed, known_name, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from exmc.ir.expression import Expression, Shape

Value: TypeAlias = Any
"""A number, an array, the name of a variable, or a Symbolic."""


class Symbolic(NDArrayOperatorsMixin):
    """A quantity of a model, used like a numpy array while the model is written.

    Attributes:
        expression: What has been recorded.
        owner: The model whose variables it speaks of.
    """

    __slots__ = ("expression", "owner")
    __array_priority__ = 10000  # a pandas object on the left asks these two before
    __pandas_priority__ = 10000  # it takes an operand for an array; its own is 4000
    __hash__ = object.__hash__
    __iadd__ = NDArrayOperatorsMixin.__add__
    __isub__ = NDArrayOperatorsMixin.__sub__
    __imul__ = NDArrayOperatorsMixin.__mul__
    __itruediv__ = NDArrayOperatorsMixin.__truediv__
    __ipow__ = NDArrayOperatorsMixin.__pow__
    __imatmul__ = NDArrayOperatorsMixin.__matmul__

    def __init__(self, expression: Expression, owner: object) -> None:
        self.expression = expression
        self.owner = owner

    def __repr__(self) -> str:
        return f"<{describe(self.expression)}, shape {self.shape}>"

    # --- what an array tells about itself ---

    @property
    def shape(self) -> Shape:
        """Length of each axis."""
        return self.expression.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of entries."""
        return prod(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64, int64 or bool."""
        return np.dtype(self.expression.dtype)

    def __len__(self) -> int:
        if not self.shape:
            message = f"{describe(self.expression)} is a scalar and has no length."
            raise TypeError(message)
        return self.shape[0]

    def __iter__(self) -> Iterator[Symbolic]:
        return (self[i] for i in range(len(self)))

    # --- what is recorded ---

    def __getitem__(self, index: object) -> Symbolic:
        owner = _owner((self, index))
        return Symbolic(indexed(self.expression, _unwrapped(index)), owner)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Value, **keywords: Value
    ) -> Symbolic:
        if method == "reduce" and ufunc.__name__ in REDUCING:
            keywords = {"axis": 0, **keywords}
            return record(REDUCING[ufunc.__name__], inputs, keywords)
        if method != "__call__":
            message = (
                f"np.{ufunc.__name__}.{method} cannot be recorded for a quantity of a "
                f"model; use np.{ufunc.__name__} itself, np.sum or np.cumsum."
            )
            raise UntraceableError(message)
        return record(ufunc.__name__, inputs, keywords)

    def __array_function__(
        self,
        function: Callable[..., Any],
        types: Sequence[type],
        arguments: Sequence[Any],
        keywords: Mapping[str, Any],
    ) -> Value:
        name = function.__name__
        if name in STATIC:
            return STATIC[name](*arguments, **keywords)
        if getattr(np, name, None) is not function:
            known_name(f"{function.__module__}.{name}")
        return record(name, arguments, keywords)

    def __pos__(self) -> Self:
        return self

    # --- methods of arrays ---

    @property
    def T(self) -> Symbolic:  # noqa: N802 - numpy's name
        """The transpose."""
        return record("transpose", (self,))

    def sum(self, axis: Axis = None, *, keepdims: bool = False) -> Symbolic:
        """Sum over an axis, or over all."""
        return record("sum", (self,), {"axis": axis, "keepdims": keepdims})

    def mean(self, axis: Axis = None, *, keepdims: bool = False) -> Symbolic:
        """Mean over an axis, or over all."""
        return record("mean", (self,), {"axis": axis, "keepdims": keepdims})

    def prod(self, axis: Axis = None, *, keepdims: bool = False) -> Symbolic:
        """Product over an axis, or over all."""
        return record("prod", (self,), {"axis": axis, "keepdims": keepdims})

    def cumsum(self, axis: int | None = None) -> Symbolic:
        """Running sum along an axis, or of the flattened array."""
        return record("cumsum", (self,), {"axis": axis})

    def dot(self, other: Value) -> Symbolic:
        """Matrix product."""
        return record("dot", (self, other))

    def ravel(self) -> Symbolic:
        """All entries on one axis."""
        return record("ravel", (self,))

    def reshape(self, *shape: int | tuple[int, ...]) -> Symbolic:
        """The same entries in another shape."""
        given = shape[0] if len(shape) == 1 else shape
        return record("reshape", (self, given))

    def transpose(self, *axes: int) -> Symbolic:
        """The axes in another order; reversed by default."""
        return record("transpose", (self, axes) if axes else (self,))

    # --- what would need a value ---

    def __bool__(self) -> bool:
        message = (
            f"The truth of {describe(self.expression)} is not known while the model is "
            f"written; choose with np.where(condition, a, b), and combine conditions "
            f"with & and | or np.logical_and."
        )
        raise UntraceableError(message)

    def __array__(self, *_: object, **__: object) -> NoReturn:
        message = (
            f"{describe(self.expression)} has no numbers while the model is written; "
            f"apply numpy functions to it directly (np.stack or np.concatenate join "
            f"quantities, X @ b multiplies, X.to_numpy() @ b if X is of "
            f"pandas), and read values from the posterior."
        )
        raise UntraceableError(message)

    def __float__(self) -> float:
        self.__array__()

    def __int__(self) -> int:
        self.__array__()


Axis: TypeAlias = int | tuple[int, ...] | None


def record(
    name: str, arguments: Sequence[Any], keywords: Mapping[str, Any] | None = None
) -> Symbolic:
    """Return the quantity that a call of a numpy function stands for.

    Raises:
        UntraceableError: The function cannot be recorded.
        ShapeMismatchError: The shapes do not go together.
        ModelError: The arguments speak of two models.
    """
    keywords = keywords or {}
    owner = _owner((arguments, tuple(keywords.values())))
    plain = {k: v for k, v in keywords.items() if not (k == "keepdims" and v is False)}
    return Symbolic(recorded(name, _unwrapped(arguments), plain), owner)


def has_quantity(value: object) -> bool:
    """Tell whether a list or tuple has a quantity in it, at any depth."""
    return any(True for _ in _symbolic(value))


def _unwrapped(value: Value) -> Value:
    if isinstance(value, Symbolic):
        return value.expression
    if isinstance(value, list | tuple):
        return type(value)(_unwrapped(entry) for entry in value)
    return value


def _owner(value: object) -> object:
    """Return the model that the quantities inside a value belong to."""
    owners = list({id(s.owner): s for s in _symbolic(value)}.values())
    if len(owners) > 1:
        first, second = (describe(s.expression) for s in owners[:2])
        message = (
            f"{first} and {second} belong to different models; define both in one "
            f"`with` block."
        )
        raise ModelError(message)
    return owners[0].owner if owners else None


def _symbolic(value: object) -> Iterator[Symbolic]:
    if isinstance(value, Symbolic):
        yield value
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _symbolic(entry)


STATIC: dict[str, Callable[..., Any]] = {
    "shape": lambda x: x.shape,
    "ndim": lambda x: x.ndim,
    "size": lambda x: x.size,
    "zeros_like": lambda x: np.zeros(x.shape),
    "ones_like": lambda x: np.ones(x.shape),
    "full_like": lambda x, fill: np.full(x.shape, fill),
}
"""What follows from the shape alone, and so is a number already."""
