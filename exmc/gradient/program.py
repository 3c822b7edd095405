"""A straight-line program: what a density computes, as plain data.

A program has one input vector z, static shapes, float64 values, and two outputs: a
scalar and a vector (the log-density and its gradient, or 0 and a model's values).
Instructions stand in an order in which each comes after what it reads. Data arrays
are arguments in numbered slots, not constants, so the text of a program, and the
machine code made from it, serve all data of the same shapes.

Scalars have shape (); as arguments of a pointwise operation they stand for every
entry. Other arguments of a pointwise operation have the shape of its result. What
numpy calls broadcasting is written out with `view` and strides of zero.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    DataArray: TypeAlias = NDArray[np.float64] | NDArray[np.int64]
    """Float64 or int64, C-contiguous: what stands in a slot."""

Shape: TypeAlias = tuple[int, ...]
Attribute: TypeAlias = "int | float | bool | str | tuple[Attribute, ...]"

LANES: Final = 8
"""Partial sums of a reduction along the lane axis."""

UNARY: Final = (
    "neg",
    "recip",
    "exp",
    "log",
    "log1p",
    "expm1",
    "sqrt",
    "abs",
    "sign",
    "floor",
    "tanh",
    "sin",
    "cos",
    "atan",
    "sigmoid",
    "softplus",
    "log1mexp",
    "lgamma",
    "digamma",
    "trigamma",
    "erf",
    "erfc",
    "log_ndtr",
    "log_ndtr_slope",
)
"""One argument; `log1mexp` is log(1 - exp(x)) for x < 0, `softplus` log(1 + exp(x)),
`log_ndtr_slope` the derivative of `log_ndtr`."""

BINARY: Final = ("pow", "max", "min", "lt", "le", "eq")
"""Two arguments; comparisons give 1.0 or 0.0 (0.0 for NaN); max and min keep NaN."""

FOLDS: Final = ("add", "mul")
"""Two arguments or more, taken from left to right."""

POINTWISE: Final = frozenset((*UNARY, *BINARY, *FOLDS, "where"))
"""`where(c, a, b)` is a where c is not 0, else b; the other's value has no effect."""

LEAVES: Final = frozenset(("input", "data", "const"))

STRUCTURAL: Final = frozenset(
    (
        "view",
        "gather",
        "scatter",
        "assemble",
        "sum",
        "amax",
        "combine",
        "project",
        "recur",
        "cholesky",
        "cholesky_back",
        "solve_lower",
        "gaussian",
    )
)
"""Everything else.

view(x), offset=, strides=: entry [i, j, ...] is x.flat[offset + i*s0 + j*s1 + ...].
gather(x, index): x.flat[index], in the shape of the int64 data `index`.
scatter(x, index): zeros of the attribute `shape`; x.flat[i] is added at flat[index[i]],
    in the order of i, or with the partial sums that `scatter_sums` tells.
assemble(x, ...), places=((offset, strides), ...): zeros; x is written where the view
    of that place would read. The places of one assemble do not overlap.
sum(x), axes=; amax(x), axes=: over these axes, which go away.
combine(m, x): m of shape (k, n), x of shape (k,); the sum of x[j] m[j], from j = 0 up.
project(m, g): m of shape (k, n), g of shape (n,); the sums of m[j] g, lane by lane.
recur(a, x), reverse=: y[t] = a[t] y[t-1] + x[t] along the last axis, y[-1] = 0; from
    the other end, y[t] = a[t] y[t+1] + x[t], if reverse. `a` is a scalar, or of the
    shape of x.
cholesky(a): lower factor, zeros above; all NaN if a is not positive definite.
cholesky_back(l, g): symmetric gradient by a, for the gradient g by l.
solve_lower(l, b), transposed=: l x = b, or l' x = b; b has shape (n,) or (n, m).
gaussian(k, r): for k = L L', flat, of length 1 + n + n*n: the value
    -r' k^-1 r / 2 - sum(log diag L), then k^-1 r, then k^-1; all NaN as above.
"""


def lane_axis(shape: Shape) -> int:
    """Return the axis that vector lanes run along: the longest; the last of equals.

    A sum along it has eight partial sums, entry i going to partial sum i mod 8, which
    are then added pairwise: (0+4, 1+5, 2+6, 3+7), (0+2, 1+3), (0+1). A sum over other
    axes as well goes through them in row-major order with the same partial sums; a sum
    over other axes only adds entries in row-major order, one at a time.
    """
    return max(range(len(shape)), key=lambda axis: (shape[axis], axis))


def scatter_sums(entries: int, places: int) -> int:
    """Return how many partial sums a scatter has at each place.

    One, in the order of the entries; or four, where there are four entries for each
    place or more, so that entries of one place need not wait for each other. Then
    entry i of the last axis goes to partial sum i mod 4, each starting from 0.0, and
    these are added as (0+2, 1+3), (0+1).
    """
    return 4 if entries >= 4 * places else 1


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation.

    Attributes:
        op: Its name.
        args: Numbers of the instructions it reads.
        shape: Of its value.
        attributes: By name, in alphabetical order.
    """

    op: str
    args: tuple[int, ...]
    shape: Shape
    attributes: tuple[tuple[str, Attribute], ...] = ()

    def __getitem__(self, name: str) -> Attribute:
        return dict(self.attributes)[name]

    @property
    def size(self) -> int:
        """Number of entries."""
        return prod(self.shape)


@dataclass(frozen=True)
class Program:
    """Instructions and what they need; see the module.

    Attributes:
        dim: Length of the input.
        slots: Type ("float64" or "int64") and shape of each data array.
        instructions: In order.
        scalar: Number of the instruction that is the scalar output, shape ().
        vector: Number of the instruction that is the vector output, shape (n,).
    """

    dim: int
    slots: tuple[tuple[str, Shape], ...]
    instructions: tuple[Instruction, ...]
    scalar: int
    vector: int

    def __iter__(self) -> Iterator[tuple[int, Instruction]]:
        return enumerate(self.instructions)

    def args(self, instruction: Instruction) -> tuple[Instruction, ...]:
        """Return the instructions that one reads."""
        return tuple(self.instructions[number] for number in instruction.args)

    @property
    def width(self) -> int:
        """Length of the vector output."""
        return self.instructions[self.vector].size

    @cached_property
    def text(self) -> str:
        """The canonical text: equal exactly when the programs are."""
        lines = [f"exmc-program 1 input {self.dim}"]
        for number, (kind, shape) in enumerate(self.slots):
            lines.append(f"slot {number} {kind} {_spaced(shape)}")
        for number, instruction in self:
            lines.append(f"%{number} = {_line(instruction)}")
        lines.append(f"return %{self.scalar} %{self.vector}")
        return "\n".join(lines) + "\n"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def _line(instruction: Instruction) -> str:
    words = [instruction.op, *(f"%{number}" for number in instruction.args)]
    words += [f"{k}={_attribute(v)}" for k, v in instruction.attributes]
    return f"{' '.join(words)} : {_spaced(instruction.shape)}"


def _attribute(value: Attribute) -> str:
    match value:
        case float():
            return value.hex()
        case tuple():
            return f"({','.join(map(_attribute, value))})"
        case _:
            return str(value)


def _spaced(shape: Shape) -> str:
    return f"[{' '.join(map(str, shape))}]"
