"""Rules of products of vectors, matrices and other arrays.

Each is a list of labels, as in einsum: entries that share a label are multiplied, and
labels that the result lacks are summed over.
"""

from __future__ import annotations

from functools import partial
from string import ascii_letters
from typing import TYPE_CHECKING

import numpy as np

from exmc.gradient.library import ARRAY_NAMES
from exmc.gradient.lowering.places import rearranged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rules
    from exmc.gradient.node import Node


def contracted(
    low: Lowering, x: Node, y: Node, labels: Sequence[str], result: str
) -> Node:
    """Return the product of two arrays, summed over the labels the result lacks.

    Args:
        low: The lowering under way.
        x: One array; a label for each axis, none twice.
        y: The other, likewise.
        labels: Those of x and of y.
        result: Those of the result, in order.
    """
    lengths = dict(zip((*labels[0], *labels[1]), (*x.shape, *y.shape), strict=True))
    (x, a), (y, b) = _squeezed(low, x, labels[0]), _squeezed(low, y, labels[1])
    long = "".join(label for label in result if lengths[label] != 1)
    x, a = _without_private(low, x, a, {*b, *long})
    y, b = _without_private(low, y, b, {*a, *long})
    answer = _contracted(low, (x, y), (a, b), long)
    return low.build.reshape(answer, tuple(lengths[label] for label in result))


def _squeezed(low: Lowering, x: Node, labels: str) -> tuple[Node, str]:
    """Return an array without its axes of length 1."""
    long = [n for n, length in enumerate(x.shape) if length != 1]
    shape = tuple(x.shape[n] for n in long)
    return low.build.reshape(x, shape), "".join(labels[n] for n in long)


def _contracted(
    low: Lowering, arrays: Sequence[Node], labels: Sequence[str], result: str
) -> Node:
    for n in (0, 1):
        row_and_column, column = labels[n], labels[1 - n]
        if len(row_and_column) == 2 and len(column) == 1 and column in row_and_column:
            rest = row_and_column.replace(column, "")
            if rest == result:
                transposed = row_and_column[0] == column
                m, v = arrays[n], arrays[1 - n]
                return _matrix_vector(low, m, v, transposed=transposed)
    return _product_and_sum(low, arrays, labels, result)


def _matrix_vector(low: Lowering, m: Node, v: Node, *, transposed: bool) -> Node:
    if transposed and not _is_symmetric(m):
        m = low.build.transpose(m)
    return low.build.matrix_vector(m, v)


def _is_symmetric(m: Node) -> bool:
    """Tell whether a matrix is known to equal its transpose."""
    known = np.asarray(m.value)
    return m.op == "data" and np.array_equal(known, known.T)


def _without_private(
    low: Lowering, x: Node, labels: str, shared: set[str]
) -> tuple[Node, str]:
    """Sum over the labels that nothing else has."""
    private = [n for n, label in enumerate(labels) if label not in shared]
    kept = "".join(label for label in labels if label in shared)
    return (low.build.sum(x, private), kept) if private else (x, labels)


def _product_and_sum(
    low: Lowering, arrays: Sequence[Node], labels: Sequence[str], result: str
) -> Node:
    order = result + "".join(sorted({*labels[0], *labels[1]} - {*result}))
    spread = [
        _spread(low, x, mine, order) for x, mine in zip(arrays, labels, strict=True)
    ]
    total = low.build.mul(*spread)
    summed = range(len(result), len(order))
    return low.build.sum(total, summed) if summed else total


def _spread(low: Lowering, x: Node, labels: str, order: str) -> Node:
    """Return x with an axis for each label, of length 1 where it has none."""
    if not labels:
        return x
    present = [label for label in order if label in labels]
    axes = [labels.index(label) for label in present]
    index = tuple(slice(None) if label in labels else None for label in order)
    return rearranged(low.build, x, lambda a: np.transpose(a, axes)[(*index, ...)])


def _letters(count: int, start: int = 0) -> str:
    return ascii_letters[start : start + count]


def _dot(low: Lowering, x: Given, y: Given) -> Node:
    """Sum the last axis of x with the last but one of y, or its only one."""
    one, other = low.node(x), low.node(y)
    return contracted(low, one, other, *_dot_labels(one.shape, other.shape))


def _dot_labels(x: Sequence[int], y: Sequence[int]) -> tuple[tuple[str, str], str]:
    a, b = _letters(len(x)), _letters(len(y), len(x))
    if x and y:
        place = max(len(y) - 2, 0)
        b = b[:place] + a[-1] + b[place + 1 :]
        return (a, b), a[:-1] + b.replace(a[-1], "")
    return (a, b), a + b


def _dot_adjoint_0(
    low: Lowering, y: Given, gradient: Given, x_meta: Given, _y_meta: Given
) -> Node:
    other = low.node(y)
    (a, b), result = _dot_labels(x_meta[0], other.shape)
    return contracted(low, low.node(gradient), other, (result, b), a)


def _dot_adjoint_1(
    low: Lowering, x: Given, gradient: Given, _x_meta: Given, y_meta: Given
) -> Node:
    one = low.node(x)
    (a, b), result = _dot_labels(one.shape, y_meta[0])
    return contracted(low, low.node(gradient), one, (result, a), b)


def _inner(low: Lowering, x: Given, y: Given) -> Node:
    one, other = low.node(x), low.node(y)
    a, b = _letters(len(one.shape)), _letters(len(other.shape), len(one.shape))
    if a and b:
        b = b[:-1] + a[-1]
        return contracted(low, one, other, (a, b), a[:-1] + b[:-1])
    return contracted(low, one, other, (a, b), a + b)


def _outer(low: Lowering, x: Given, y: Given) -> Node:
    return contracted(low, *_flat(low, x, y), ("a", "b"), "ab")


def _vdot(low: Lowering, x: Given, y: Given) -> Node:
    return contracted(low, *_flat(low, x, y), ("a", "a"), "")


def _flat(low: Lowering, x: Given, y: Given) -> tuple[Node, Node]:
    one, other = low.node(x), low.node(y)
    return low.build.reshape(one, (one.size,)), low.build.reshape(other, (other.size,))


def _matmul(low: Lowering, x: Given, y: Given) -> Node:
    """Multiply matrices; leading axes broadcast against each other."""
    one, other = low.node(x), low.node(y)
    if len(one.shape) <= 2 and len(other.shape) <= 2:
        return _dot(low, one, other)
    a, b = _stack_labels(len(one.shape), 0), _stack_labels(len(other.shape), 1)
    result = max(a[:-2], b[:-2], key=len)
    result += (a[-2] if len(a) > 1 else "") + (b[-1] if len(b) > 1 else "")
    return _broadcast_contraction(low, (one, other), (a, b), result)


def _stack_labels(rank: int, side: int) -> str:
    """Return labels ...xk or ...kz; a vector is just k."""
    if rank == 1:
        return "k"
    return ascii_letters[26 : 26 + rank - 2][::-1] + ("xk" if side == 0 else "kz")


def _broadcast_contraction(
    low: Lowering, arrays: Sequence[Node], labels: Sequence[str], result: str
) -> Node:
    """Contract arrays in which a label's length may be 1 and broadcast."""
    lengths: dict[str, int] = {}
    for x, mine in zip(arrays, labels, strict=True):
        for label, n in zip(mine, x.shape, strict=True):
            lengths[label] = max(lengths.get(label, 1), n)
    x, y = (
        low.build.broadcast(x, tuple(lengths[label] for label in mine))
        for x, mine in zip(arrays, labels, strict=True)
    )
    return contracted(low, x, y, labels, result)


def _kron(low: Lowering, x: Given, y: Given) -> Node:
    """Multiply each entry of x with all of y, in blocks."""
    rank = len(low.shape)
    one, other = (_with_rank(low, node, rank) for node in map(low.node, (x, y)))
    a, b = _letters(rank), _letters(rank, rank)
    pairs = "".join(i + j for i, j in zip(a, b, strict=True))
    return low.build.reshape(contracted(low, one, other, (a, b), pairs), low.shape)


def _with_rank(low: Lowering, x: Node, rank: int) -> Node:
    return low.build.reshape(x, (1,) * (rank - len(x.shape)) + x.shape)


def _cross(low: Lowering, x: Given, y: Given, *options: Given) -> Node:
    """Vectors of three, along the last axis."""
    one, other = low.node(x), low.node(y)
    if {*options} - {-1, None} or one.shape[-1:] != (3,) or other.shape[-1:] != (3,):
        raise low.refuse("is not of vectors of three along the last axis")

    def turned(node: Node, steps: int) -> Node:
        return rearranged(low.build, node, partial(np.roll, shift=steps, axis=-1))

    return low.build.sub(
        low.build.mul(turned(one, -1), turned(other, -2)),
        low.build.mul(turned(one, -2), turned(other, -1)),
    )


# tensordot


def _tensor_labels(
    axes: Given, x_rank: int, y_rank: int
) -> tuple[tuple[str, str], str]:
    if isinstance(axes, int | np.integer):
        pairs = list(zip(range(x_rank - axes, x_rank), range(axes), strict=True))
    else:
        ends = (np.atleast_1d(np.asarray(a, dtype=int)).tolist() for a in axes)
        pairs = [(i % x_rank, j % y_rank) for i, j in zip(*ends, strict=True)]
    a, b = _letters(x_rank), [*_letters(y_rank, x_rank)]
    for i, j in pairs:
        b[j] = a[i]
    summed = {a[i] for i, _ in pairs}
    result = "".join(label for label in (*a, *b) if label not in summed)
    return (a, "".join(b)), result


def _tensordot(low: Lowering, x: Given, y: Given, axes: Given = 2) -> Node:
    one, other = low.node(x), low.node(y)
    labels, result = _tensor_labels(axes, len(one.shape), len(other.shape))
    return contracted(low, one, other, labels, result)


def _tensordot_adjoint_0(
    low: Lowering, y: Given, gradient: Given, axes: Given, x_rank: Given, y_rank: Given
) -> Node:
    (a, b), result = _tensor_labels(axes, x_rank, y_rank)
    return contracted(low, low.node(gradient), low.node(y), (result, b), a)


def _tensordot_adjoint_1(
    low: Lowering, x: Given, gradient: Given, axes: Given, x_rank: Given, y_rank: Given
) -> Node:
    (a, b), result = _tensor_labels(axes, x_rank, y_rank)
    return contracted(low, low.node(gradient), low.node(x), (result, a), b)


# einsum


def _einsum(low: Lowering, *operands: Given, **_more: Given) -> Node:
    """Contract operands from left to right."""
    if not isinstance(operands[0], str):
        raise low.refuse("is not given its subscripts as text")
    arrays = [low.node(x) for x in operands[1:]]
    shapes = [np.empty(x.shape, np.int8) for x in arrays]
    parsed = ARRAY_NAMES["parse_einsum_input"](operands[0], *shapes)
    parts = [
        _diagonal(low, x, mine)
        for x, mine in zip(arrays, parsed[0].split(","), strict=True)
    ]
    return _chained(low, parts, parsed[1])


def _chained(low: Lowering, parts: list[tuple[Node, str]], result: str) -> Node:
    (x, a), *rest = parts
    if not rest:
        x, a = _without_private(low, x, a, {*result})
        return _spread(low, x, a, result) if a else x
    while rest:
        (y, b), *rest = rest
        later = {*result, *"".join(labels for _, labels in rest)}
        kept = result if not rest else "".join(sorted({*a, *b} & later))
        x, a = _broadcast_contraction(low, (x, y), (a, b), kept), kept
    return x


def _diagonal(low: Lowering, x: Node, labels: str) -> tuple[Node, str]:
    """Return the entries at which axes of the same label have the same index."""
    for label in {*labels}:
        while labels.count(label) > 1:
            i = labels.index(label)
            j = labels.index(label, i + 1)
            x = rearranged(low.build, x, partial(np.diagonal, axis1=i, axis2=j))
            labels = labels[:i] + labels[i + 1 : j] + labels[j + 1 :] + label
    return x, labels


RULES: Rules = {
    "cross": _cross,
    "dot": _dot,
    "einsum": _einsum,
    "inner": _inner,
    "kron": _kron,
    "matmul": _matmul,
    "outer": _outer,
    "tensordot": _tensordot,
    "vdot": _vdot,
}
"""By the names of autograd's numpy."""

ADJOINT_RULES: Rules = {
    "dot_adjoint_0": _dot_adjoint_0,
    "dot_adjoint_1": _dot_adjoint_1,
    "tensordot_adjoint_0": _tensordot_adjoint_0,
    "tensordot_adjoint_1": _tensordot_adjoint_1,
}
"""By the names of the modules of autograd's derivatives."""
