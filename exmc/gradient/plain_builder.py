"""Makes programs of nodes: equal operations are one node, shapes are checked.

It applies the rules that it is given, and by itself none: builder.py has both. A rule
takes the builder and an operation that is not yet made, and returns a node of the same
value that is cheaper, or None.
"""

from __future__ import annotations

import struct
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from exmc.gradient.node import Node
from exmc.gradient.numbering import numbered
from exmc.gradient.shapes import shape_of, strides_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from numpy.typing import ArrayLike

    from exmc.gradient.node import Attributes
    from exmc.gradient.program import Attribute, DataArray, Program, Shape

Rule: TypeAlias = "Callable[[PlainBuilder, Node], Node | None]"
Rules: TypeAlias = "Mapping[str, Sequence[Rule]]"


SHAPED: Final = frozenset(("view", "scatter", "assemble"))
"""Operations whose shape is not found from their arguments."""


_BITS: Final = struct.Struct("<d").pack

DEEPEST: Final = 100
"""Rules within rules after which an operation stays as it is."""


class PlainBuilder:
    """The nodes of one program in the making.

    Attributes:
        dim: Length of the input.
        uses: How many operations and outputs read a node, as far as that is known;
            it is while a finished program is being built again.
        viewed: Nodes that are known to be read by views only, of no more entries than
            there are, or by what is itself so read.
        deepest: Most rules within rules so far.
    """

    def __init__(self, dim: int, rules: Rules | None = None) -> None:
        """Begin with nothing.

        Args:
            dim: Length of the input.
            rules: By operation, in the order in which they are tried.
        """
        self.dim = dim
        self.uses: dict[Node, int] = {}
        self.viewed: set[Node] = set()
        self._rules = rules or {}
        self._leaves: dict[Hashable, Node] = {}
        self._made: dict[Hashable, Node] = {}
        self._answers: dict[Hashable, Node] = {}
        self._count = 0
        self._depth = 0
        self.deepest = 0

    def fork(self, rules: Rules) -> PlainBuilder:
        """Return a builder with the same leaves and other rules."""
        other = PlainBuilder(self.dim, rules)
        other._leaves, other._count = self._leaves, self._count
        return other

    def single(self, node: Node) -> bool:
        """Tell whether a node is known to be read once only."""
        return self.uses.get(node) == 1

    def shared(self, op: str, args: tuple[Node, ...], shape: Shape) -> Node | None:
        """Return an operation that others are known to read, for one reader more."""
        node = self._made.get((op, args, shape, ()))
        if node is None or node not in self.uses:
            return None
        self.uses[node] += 1
        return node

    # Leaves

    def input(self) -> Node:
        """Return the input, shape (dim,)."""
        return self._leaf("input", Node("input", (), (self.dim,)))

    def const(self, value: float) -> Node:
        """Return a number that is part of the program."""
        value = float(value)
        key = _BITS(value)  # 0.0 and -0.0 are two numbers, and NaN is one
        known = self._leaves.get(key)
        if known is None:
            node = Node("const", (), (), (("value", value),), value)
            known = self._leaf(key, node)
        return known

    def data(self, values: ArrayLike) -> Node:
        """Return a float64 array that is an argument; of shape (), a constant."""
        array = np.array(values, dtype=np.float64, order="C")
        if array.ndim == 0:
            return self.const(float(array))
        return self._array("data", array)

    def index(self, values: ArrayLike) -> Node:
        """Return an int64 array, which gather and scatter read."""
        return self._array("index", np.array(values, dtype=np.int64, order="C"))

    def _array(self, op: str, array: DataArray) -> Node:
        array.setflags(write=False)
        key = (op, array.shape, blake2b(array.tobytes()).digest())
        return self._leaf(key, Node(op, (), array.shape, (), array))

    def _leaf(self, key: Hashable, node: Node) -> Node:
        known = self._leaves.get(key)
        if known is None:
            known = self._leaves[key] = self._answer(node)
        return known

    # Operations

    def apply(
        self, op: str, *args: Node, shape: Shape = (), **attributes: Attribute
    ) -> Node:
        """Return an operation on nodes whose shapes fit it already.

        Args:
            op: Its name.
            args: What it reads.
            shape: Of the value of a view, scatter or assemble; else it is found.
            attributes: As program.py names them.

        Raises:
            ValueError: The arguments do not fit the operation.
        """
        return self.make(op, args, shape, tuple(sorted(attributes.items())))

    def make(
        self,
        op: str,
        args: tuple[Node, ...],
        shape: Shape = (),
        attributes: Attributes = (),
    ) -> Node:
        """Return an operation; as apply, with attributes in alphabetical order."""
        key = (op, args, shape if op in SHAPED else (), attributes)
        known = self._answers.get(key)
        if known is None:
            node = Node(op, args, shape, attributes)
            node.shape = shape_of(node)
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)
            known = self._answers[key] = self._answer(node)
            self._depth -= 1
        return known

    def adopt(self, node: Node) -> Node:
        """Return what stands for an operation on nodes known here: itself, if new."""
        key = (node.op, node.args, node.shape, node.attributes)
        return self._made.setdefault(key, node) if node.args else node

    def _answer(self, node: Node) -> Node:
        rules = self._rules.get(node.op, ()) if self._depth < DEEPEST else ()
        for rule in rules:
            better = rule(self, node)
            if better is not None:
                return better
        return self._kept(node)

    def _kept(self, node: Node) -> Node:
        """Return the node that stands for an operation as it is."""
        key = (node.op, node.args, node.shape, node.attributes)
        known = self._made.get(key) if node.value is None else None
        if known is None:
            known = node
            node.number = self._count
            self._count += 1
            if node.value is None:
                self._made[key] = known
        return known

    def again(self, node: Node, *args: Node) -> Node:
        """Return the operation of a node on other arguments."""
        return self.make(node.op, args, node.shape, node.attributes)

    def pointwise(self, op: str, *args: Node) -> Node:
        """Return a pointwise operation, its arguments broadcast as numpy does.

        Raises:
            ValueError: The shapes do not broadcast.
        """
        shapes = {arg.shape for arg in args} - {()}
        if len(shapes) > 1:
            shape = np.broadcast_shapes(*shapes)
            args = tuple(self.broadcast(x, shape) if x.shape else x for x in args)
        return self.make(op, args)

    # Arithmetic, with broadcasting

    def add(self, *terms: Node) -> Node:
        """Return the sum of one term or more."""
        return self.pointwise("add", *terms) if len(terms) > 1 else terms[0]

    def mul(self, *factors: Node) -> Node:
        """Return the product of one factor or more."""
        return self.pointwise("mul", *factors) if len(factors) > 1 else factors[0]

    def neg(self, x: Node) -> Node:
        """Return -x."""
        return self.make("neg", (x,))

    def sub(self, x: Node, y: Node) -> Node:
        """Return x - y."""
        return self.add(x, self.neg(y))

    def recip(self, x: Node) -> Node:
        """Return 1 / x."""
        return self.make("recip", (x,))

    def div(self, x: Node, y: Node) -> Node:
        """Return x / y."""
        return self.mul(x, self.recip(y))

    def power(self, x: Node, exponent: float) -> Node:
        """Return x to a power that is known."""
        return self.apply("pow", x, self.const(exponent))

    # Shapes

    def view(self, x: Node, shape: Shape, offset: int, strides: Sequence[int]) -> Node:
        """Return the entries x.flat[offset + i*strides[0] + ...]."""
        return self.apply("view", x, shape=shape, offset=offset, strides=tuple(strides))

    def broadcast(self, x: Node, shape: Shape) -> Node:
        """Return x in a larger shape, as numpy does.

        Raises:
            ValueError: x does not broadcast to that shape.
        """
        if x.shape == shape:
            return x
        missing = len(shape) - len(x.shape)
        steps = [0] * missing
        for n, wanted, stride in zip(
            x.shape, shape[missing:], strides_of(x.shape), strict=True
        ):
            if n not in {1, wanted}:
                message = f"Shape {x.shape} does not broadcast to {shape}."
                raise ValueError(message)
            steps.append(stride if n != 1 else 0)
        return self.view(x, shape, 0, steps)

    def reshape(self, x: Node, shape: Shape) -> Node:
        """Return the same entries in another shape of the same size."""
        return self.view(x, shape, 0, strides_of(shape))

    def transpose(self, x: Node, axes: Sequence[int] | None = None) -> Node:
        """Return x with its axes in another order; reversed, if none is given."""
        order = range(len(x.shape))[::-1] if axes is None else axes
        strides = strides_of(x.shape)
        shape = tuple(x.shape[axis] for axis in order)
        return self.view(x, shape, 0, [strides[axis] for axis in order])

    def gather(self, x: Node, index: Node) -> Node:
        """Return x.flat[index]."""
        return self.apply("gather", x, index)

    def scatter(self, x: Node, index: Node, shape: Shape) -> Node:
        """Return zeros of that shape to which x is added at flat[index]."""
        return self.apply("scatter", x, index, shape=shape)

    def assemble(
        self, parts: Sequence[Node], places: Sequence[Attribute], shape: Shape
    ) -> Node:
        """Return zeros in which parts stand at places, pairs (offset, strides)."""
        return self.apply("assemble", *parts, shape=shape, places=tuple(places))

    # Reductions

    def sum(self, x: Node, axes: Sequence[int] | None = None) -> Node:
        """Return the sum over axes, all if None are given; they go away."""
        return self._reduce("sum", x, axes)

    def amax(self, x: Node, axes: Sequence[int] | None = None) -> Node:
        """Return the largest entry over axes, all if None are given."""
        return self._reduce("amax", x, axes)

    def _reduce(self, op: str, x: Node, axes: Sequence[int] | None) -> Node:
        rank = len(x.shape)
        wanted = {axis % rank for axis in (range(rank) if axes is None else axes)}
        return self.apply(op, x, axes=tuple(sorted(wanted))) if wanted else x

    def matrix_vector(self, a: Node, x: Node) -> Node:
        """Return a x; shapes (n, k) and (k,).

        Vector lanes run along the longer axis, and the product with the transposed
        matrix reads the same array.
        """
        n, k = a.shape
        if n >= k:
            return self.apply("combine", self.transpose(a), x)
        return self.apply("project", a, x)

    def program(self, scalar: Node, vector: Node) -> tuple[Program, list[DataArray]]:
        """Return the program of two outputs, and the data for its slots in order.

        Args:
            scalar: Shape ().
            vector: Shape (n,).
        """
        return numbered(self.dim, scalar, vector)
