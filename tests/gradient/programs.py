"""Random well-formed programs over every op, for whatever must understand them all.

`programs()` gives calm cases: finite values of moderate size, so that emitters can be
compared with the plain evaluator to rounding (see closeness.py). Values of
`programs(wild=True)` may be infinite, NaN or -0.0, and matrices not positive
definite: two implementations of the same bits must agree there, too. `programs(op)`
makes sure that one op occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

from exmc.gradient.program import (
    BINARY,
    FOLDS,
    POINTWISE,
    STRUCTURAL,
    UNARY,
    Instruction,
    Program,
    Shape,
)
from tests.plain import program_evaluator as plain

if TYPE_CHECKING:
    from exmc.gradient.program import Attribute, DataArray

OPS = sorted(POINTWISE | STRUCTURAL)

SIZES = (5, 2, 3, 1, 8, 9, 16, 19, 26)
"""Of axes: below, at and above one and two rows of lanes."""

LIMIT = 800
"""Entries of a value."""

CALM = 16.0
"""Size above which a calm program scales a value down."""

SPECIAL = (0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -1e-310, 1e308, -750.0, 1.0)


@dataclass(frozen=True)
class Case:
    """A program with the data of its slots and a point."""

    program: Program
    data: tuple[DataArray, ...]
    z: Any


def row_major(shape: Shape) -> tuple[int, ...]:
    """Strides, in entries."""
    return tuple(prod(shape[axis + 1 :]) for axis in range(len(shape)))


def evaluated(node: Instruction, args: list[Any]) -> Any:
    """Return the value of one operation; NaN where linear algebra refuses."""
    try:
        return np.asarray(plain._value(node, args))
    except (np.linalg.LinAlgError, ValueError):
        return np.full(node.shape, np.nan)


class Growing:
    """A program under construction, with its values at one point."""

    def __init__(self, draw: Any, *, wild: bool) -> None:
        self.draw, self.wild = draw, wild
        seed = draw(st.integers(0, 2**32 - 1))
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.sizes = draw(st.lists(st.sampled_from(SIZES), min_size=1, max_size=3))
        self.instructions: list[Instruction] = []
        self.values: list[Any] = []
        self.data: list[DataArray] = []
        self.used: set[int] = set()

    def one_of(self, *choices: Any) -> Any:
        return choices[self.draw(st.integers(0, len(choices) - 1))]

    def coin(self) -> bool:
        return bool(self.draw(st.booleans()))

    # --- instructions -------------------------------------------------------------

    def raw(
        self, op: str, args: tuple[int, ...], shape: Shape, at_z: Any, **kw: Any
    ) -> int:
        attributes: tuple[tuple[str, Attribute], ...] = tuple(sorted(kw.items()))
        self.instructions.append(Instruction(op, args, shape, attributes))
        self.values.append(at_z)
        self.used.update(args)
        return len(self.instructions) - 1

    def add(self, op: str, *args: int, shape: Shape, **attributes: Any) -> int:
        """Append an operation; in a calm program, and one that keeps it moderate."""
        node = Instruction(op, args, shape, tuple(sorted(attributes.items())))
        with np.errstate(all="ignore"):
            value = evaluated(node, [self.values[n] for n in args])
        number = self.raw(op, args, shape, value, **attributes)
        size = 0.0 if self.wild else float(np.max(np.abs(value), initial=0.0))
        if size <= CALM:
            return number
        scale = self.const(2.0 ** -np.ceil(np.log2(size / CALM)))
        return self.add("mul", scale, number, shape=shape)

    def const(self, value: float) -> int:
        return self.raw("const", (), (), np.float64(value), value=float(value))

    def slot(self, array: Any) -> int:
        array = np.array(array, order="C")
        self.data.append(array)
        return self.raw("data", (), array.shape, array, slot=len(self.data) - 1)

    def floats(self, shape: Shape) -> Any:
        array = np.asarray(self.rng.standard_normal(shape))
        if self.wild and self.coin():
            array.ravel()[self.rng.integers(array.size)] = self.rng.choice(SPECIAL)
        return array

    # --- what is there ------------------------------------------------------------

    def shape(self, number: int) -> Shape:
        return self.instructions[number].shape

    def pick(self, wanted: Callable[[Shape], bool] = lambda _: True) -> int:
        """Choose a number of float64 that has such a shape; there must be one."""
        found = [
            number
            for number, value in enumerate(self.values)
            if value.dtype == np.float64 and wanted(self.shape(number))
        ]
        return int(self.draw(st.sampled_from(found)))

    def any_shape(self, least: int = 0, most: int = 3) -> Shape:
        rank = self.one_of(*(r for r in (1, 2, 3, 0) if least <= r <= most))
        shape: Shape = ()
        for _ in range(rank):
            size = self.one_of(*self.sizes)
            shape = (*shape, size if size * prod(shape) <= LIMIT else 2)
        return shape

    def of_shape(self, shape: Shape) -> int:
        """Find, or make from the input or from data, a value of this shape."""
        found = [
            number
            for number, node in enumerate(self.instructions)
            if node.shape == shape and self.values[number].dtype == np.float64
        ]
        make = self.one_of("find", "gather", "data")
        if make == "find" and found:
            return int(self.draw(st.sampled_from(found)))
        if make == "data":
            return self.slot(self.floats(shape))
        return self.gathered(0, shape)

    def gathered(self, x: int, shape: Shape) -> int:
        places = self.slot(self.rng.integers(prod(self.shape(x)), size=shape))
        return self.add("gather", x, places, shape=shape)

    # --- arguments within the domain of an op ---------------------------------------

    def anything(self, x: int) -> int:
        return x

    def positive(self, x: int) -> int:
        """Put |x| + 1/4 in the place of x."""
        if self.wild:
            return x
        size = self.add("abs", x, shape=self.shape(x))
        return self.add("add", size, self.const(0.25), shape=self.shape(x))

    def negative(self, x: int) -> int:
        return self.add("neg", self.positive(x), shape=self.shape(x))

    def small(self, x: int) -> int:
        """Put tanh(x) in the place of a large x."""
        if self.wild or np.max(np.abs(self.values[x])) <= 1.0:
            return x
        return self.add("tanh", x, shape=self.shape(x))


DOMAINS: dict[str, Callable[[Growing, int], int]] = {
    **dict.fromkeys(("exp", "expm1"), Growing.small),
    **dict.fromkeys(
        ("recip", "log", "log1p", "sqrt", "lgamma", "digamma", "trigamma"),
        Growing.positive,
    ),
    "log1mexp": Growing.negative,
}


def pointwise(growing: Growing, op: str) -> int:
    """One op of a value and others of its shape, or scalars."""
    x = growing.pick()
    shape = growing.shape(x)
    if op in UNARY:
        domain = DOMAINS.get(op, Growing.anything)
        return growing.add(op, domain(growing, x), shape=shape)
    count = 3 if op == "where" else growing.one_of(2, 3, 4) if op in FOLDS else 2
    args = [growing.pick(lambda s: s in (shape, ())) for _ in range(count)]
    args[growing.draw(st.integers(0, count - 1))] = x
    if op == "pow":
        args = [growing.positive(args[0]), growing.small(args[1])]
    return growing.add(op, *args, shape=shape)


def view(growing: Growing, op: str) -> int:
    """Any affine way of reading a value: natural ones often, strange ones too."""
    x = growing.pick()
    source = growing.shape(x)
    offset, strides, shape = 0, row_major(source), source
    match growing.one_of("turned", "reversed", "slice", "repeated", "flat", "any"):
        case "turned":
            shape, strides = shape[::-1], strides[::-1]
        case "reversed" if shape:
            offset = (shape[-1] - 1) * strides[-1]
            strides = (*strides[:-1], -strides[-1])
        case "slice" if shape:
            step = growing.one_of(1, 2)
            length = growing.draw(st.integers(1, 1 + (shape[-1] - 1) // step))
            room = shape[-1] - 1 - step * (length - 1)
            offset = growing.draw(st.integers(0, room))
            shape, strides = (*shape[:-1], length), (*strides[:-1], step)
        case "repeated":
            more = growing.any_shape(1, 1)
            if prod(shape) * more[0] <= LIMIT and len(shape) < 3:
                shape, strides = (*more, *shape), (0, *strides)
        case "flat":
            shape, strides = (prod(shape),), (1,)
        case _:
            shape = growing.any_shape()
            offset, strides = _within(growing, shape, prod(source))
    return growing.add(op, x, shape=shape, offset=offset, strides=strides)


def _within(growing: Growing, shape: Shape, size: int) -> tuple[int, tuple[int, ...]]:
    """Draw an offset and strides that stay inside of `size` entries."""
    offset = growing.draw(st.integers(0, size - 1))
    low = high = offset
    strides = []
    for n in shape:
        stride = growing.draw(st.integers(-3, 7))
        reach = (n - 1) * stride
        if low + min(reach, 0) < 0 or high + max(reach, 0) >= size:
            stride = reach = 0
        low, high = low + min(reach, 0), high + max(reach, 0)
        strides.append(stride)
    return offset, tuple(strides)


def gather(growing: Growing, _op: str) -> int:
    return growing.gathered(growing.pick(), growing.any_shape())


def scatter(growing: Growing, op: str) -> int:
    x, shape = growing.pick(), growing.any_shape(1, 2)
    index = growing.rng.integers(prod(shape), size=growing.shape(x))
    return growing.add(op, x, growing.slot(np.asarray(index)), shape=shape)


def assemble(growing: Growing, op: str) -> int:
    """Pieces one after another, with gaps, some backwards, some like a comb."""
    args, places, end = [], [], growing.one_of(0, 0, 2)
    for _ in range(growing.draw(st.integers(1, 4))):
        x = growing.pick(lambda s: prod(s) <= LIMIT // 4)
        shape = growing.shape(x)
        strides, size = row_major(shape), prod(shape)
        offset = end
        end += size
        match growing.one_of("plain", "plain", "turned", "reversed", "comb"):
            case "turned":
                strides = row_major(shape[::-1])[::-1]
            case "reversed" if shape:
                offset += (shape[-1] - 1) * strides[-1]
                strides = (*strides[:-1], -strides[-1])
            case "comb":
                strides = tuple(2 * s for s in strides)
                end += size
            case _:
                pass
        args.append(x)
        places.append((offset, strides))
        end += growing.one_of(0, 0, 3)
    shape = (end // 2 + 1, 2) if growing.one_of(*range(4)) == 3 else (max(end, 1),)
    return growing.add(op, *args, shape=shape, places=tuple(places))


def reduction(growing: Growing, op: str) -> int:
    x = growing.pick(bool) if any(map(len, shapes(growing))) else growing.of_shape((5,))
    shape = growing.shape(x)
    some = [axis for axis in range(len(shape)) if growing.coin()]
    axes = tuple(some or range(len(shape)))
    rest = tuple(n for axis, n in enumerate(shape) if axis not in axes)
    return growing.add(op, x, shape=rest, axes=axes)


def shapes(growing: Growing) -> list[Shape]:
    return [node.shape for node in growing.instructions]


def matrix_product(growing: Growing, op: str) -> int:
    matrix = growing.of_shape(growing.any_shape(2, 2))
    k, n = growing.shape(matrix)
    if op == "combine":
        return growing.add(op, matrix, growing.of_shape((k,)), shape=(n,))
    return growing.add(op, matrix, growing.of_shape((n,)), shape=(k,))


def recur(growing: Growing, op: str) -> int:
    x = growing.of_shape(growing.any_shape(1, 2))
    a = growing.small(growing.of_shape(growing.one_of((), growing.shape(x))))
    return growing.add(op, a, x, shape=growing.shape(x), reverse=growing.coin())


def positive_definite(growing: Growing) -> int:
    """Make data + v v'; if wild, perhaps a matrix that is not positive definite."""
    n = min(growing.any_shape(1, 1)[0], 19)
    v = growing.small(growing.of_shape((n,)))
    column = growing.add("view", v, shape=(n, n), offset=0, strides=(1, 0))
    row = growing.add("view", v, shape=(n, n), offset=0, strides=(0, 1))
    factor = growing.rng.standard_normal((n, n + 2))
    least = -2.0 if growing.wild and growing.one_of(*range(4)) == 3 else 1.0
    data = growing.slot(factor @ factor.T / n + least * np.eye(n))
    outer = growing.add("mul", column, row, shape=(n, n))
    return growing.add("add", outer, data, shape=(n, n))


def cholesky(growing: Growing, op: str) -> int:
    matrix = positive_definite(growing)
    return growing.add(op, matrix, shape=growing.shape(matrix))


def cholesky_back(growing: Growing, op: str) -> int:
    lower = cholesky(growing, "cholesky")
    shape = growing.shape(lower)
    return growing.add(op, lower, growing.of_shape(shape), shape=shape)


def solve_lower(growing: Growing, op: str) -> int:
    lower = cholesky(growing, "cholesky")
    n, _ = growing.shape(lower)
    b = growing.of_shape(growing.one_of((n,), (n, *growing.any_shape(1, 1))))
    shape = growing.shape(b)
    return growing.add(op, lower, b, shape=shape, transposed=growing.coin())


def gaussian(growing: Growing, op: str) -> int:
    matrix = positive_definite(growing)
    n, _ = growing.shape(matrix)
    r = growing.of_shape((n,))
    return growing.add(op, matrix, r, shape=(1 + n + n * n,))


STEPS: dict[str, Callable[[Growing, str], int]] = {
    **dict.fromkeys((*UNARY, *BINARY, *FOLDS, "where"), pointwise),
    "view": view,
    "gather": gather,
    "scatter": scatter,
    "assemble": assemble,
    **dict.fromkeys(("sum", "amax"), reduction),
    **dict.fromkeys(("combine", "project"), matrix_product),
    "recur": recur,
    "cholesky": cholesky,
    "cholesky_back": cholesky_back,
    "solve_lower": solve_lower,
    "gaussian": gaussian,
}

LEVELS = [op for op in OPS if STEPS[op] not in (pointwise, cholesky_back, gaussian)]


def outputs(growing: Growing) -> tuple[int, int]:
    """Make both outputs depend on everything that nothing else reads."""
    loose = [
        number
        for number, value in enumerate(growing.values)
        if number not in growing.used and value.dtype == np.float64
    ]
    totals, places, end = [], [], 0
    for number in loose:
        shape = growing.shape(number)
        axes = tuple(range(len(shape)))
        summed = growing.add("sum", number, shape=(), axes=axes) if axes else number
        totals.append(summed)
        places.append((end, row_major(shape)))
        end += prod(shape)
    scalar = growing.add("add", *totals, shape=()) if len(totals) > 1 else totals[0]
    if len(loose) == 1 and len(growing.shape(loose[0])) == 1 and growing.coin():
        return scalar, loose[0]
    vector = growing.raw("assemble", tuple(loose), (end,), None, places=tuple(places))
    return scalar, int(vector)


@st.composite
def programs(draw: Any, op: str | None = None, *, wild: bool = False) -> Case:
    """Draw a program of at most about ten steps, its data and a point.

    Args:
        draw: From hypothesis.
        op: One that must occur; None for whatever comes.
        wild: Whether values may be anything; else all are finite and moderate.
    """
    growing = Growing(draw, wild=wild)
    dim = draw(st.sampled_from(SIZES))
    z = growing.floats((dim,))
    growing.raw("input", (), (dim,), z)
    count = draw(st.integers(0 if op else 1, 6))
    kinds = [growing.one_of(OPS, LEVELS) for _ in range(count)]
    names = [draw(st.sampled_from(kind)) for kind in kinds]
    if op:
        names.insert(draw(st.integers(0, count)), op)
    for name in names:
        STEPS[name](growing, name)
    scalar, vector = outputs(growing)
    slots = tuple((array.dtype.name, array.shape) for array in growing.data)
    program = Program(dim, slots, tuple(growing.instructions), scalar, vector)
    return Case(program, tuple(growing.data), z)
