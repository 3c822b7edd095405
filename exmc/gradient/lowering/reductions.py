"""Rules of sums, extremes, products and what is made of them."""

from __future__ import annotations

import math
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from exmc.gradient.lowering.places import rearranged
from exmc.gradient.lowering.term import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.gradient.builder import Builder
    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rule, Rules
    from exmc.gradient.node import Node

Axes: TypeAlias = tuple[int, ...]
Reduce: TypeAlias = "Callable[[Term, Axes], Term]"
"""From a term of one axis or more to the term without some of them."""


def axes_of(node: Node, axis: Given) -> Axes:
    """Return the axes that numpy means, counted from the front, in order."""
    rank = len(node.shape)
    wanted = range(rank) if axis is None else np.atleast_1d(axis).tolist()
    return tuple(sorted({a % rank for a in wanted}))


def reduced(
    low: Lowering, x: Given, axis: Given, keepdims: Given, reduce: Reduce
) -> Node:
    """Return a reduction over axes, which stay with length 1 if keepdims."""
    node = low.node(x)
    if not node.shape:
        node = low.build.broadcast(node, (1,))
    result = reduce(Term(low.build, node), axes_of(node, low.plain(axis))).node
    return _kept(low, result, keepdims)


def _kept(low: Lowering, result: Node, keepdims: Given) -> Node:
    if keepdims is True and result.shape != low.shape:
        return low.build.reshape(result, low.shape)
    return result


def _reduction(reduce: Reduce) -> Rule:
    def rule(
        low: Lowering,
        x: Given,
        axis: Given = None,
        *_options: Given,
        keepdims: Given = False,
        **more: Given,
    ) -> Node:
        _check_options(low, more)
        return reduced(low, x, axis, keepdims, reduce)

    return rule


def _check_options(low: Lowering, more: dict[str, Any]) -> None:
    for name, value in more.items():
        if name not in {"dtype", "out"} and value is not getattr(np, "_NoValue", None):
            raise low.refuse(f"has the option {name}=")


def _sum(x: Term, axes: Axes) -> Term:
    return x.sum(axes)


def largest(x: Term, axes: Axes) -> Term:
    """Return the largest entry over axes."""
    return Term(x.build, x.build.amax(x.node, axes))


def _smallest(x: Term, axes: Axes) -> Term:
    return -largest(-x, axes)


def _any(x: Term, axes: Axes) -> Term:
    return largest(x.truth(), axes)


def _all(x: Term, axes: Axes) -> Term:
    return largest(x.negated(), axes).negated()


def _mean(x: Term, axes: Axes) -> Term:
    return x.sum(axes) * (1.0 / _count(x, axes))


def _count(x: Term, axes: Axes) -> int:
    return prod(x.node.shape[axis] for axis in axes)


def _kept_axes(x: Term, axes: Axes, reduced_term: Term) -> Term:
    """Return a reduction with the axes that it lost, of length 1."""
    shape = tuple(1 if a in axes else n for a, n in enumerate(x.node.shape))
    return Term(x.build, x.build.reshape(reduced_term.node, shape))


def _variance(x: Term, axes: Axes, ddof: float = 0) -> Term:
    rest = x - _kept_axes(x, axes, _mean(x, axes))
    return (rest * rest).sum(axes) * (1.0 / (_count(x, axes) - ddof))


def _spread(root: Callable[[Term], Term]) -> Rule:
    """Return the rule of the variance, and with a root of the standard deviation."""

    def rule(
        low: Lowering,
        x: Given,
        axis: Given = None,
        *_options: Given,
        ddof: Given = 0,
        keepdims: Given = False,
        **more: Given,
    ) -> Node:
        _check_options(low, more)
        return reduced(
            low, x, axis, keepdims, lambda x, axes: root(_variance(x, axes, ddof))
        )

    return rule


def _product(x: Term, axes: Axes) -> Term:
    """Multiply halves of what remains until one entry does. O(log n) operations."""
    build, shape = x.build, x.node.shape
    others = [a for a in range(len(shape)) if a not in axes]
    node = build.transpose(x.node, [*axes, *others])
    node = build.reshape(node, (_count(x, axes), *(shape[a] for a in others)))
    return Term(build, _folded(build, node))


def _folded(build: Builder, node: Node) -> Node:
    n = node.shape[0]
    if n == 1:
        return rearranged(build, node, lambda a: a[0, ...])
    half = n // 2
    first = rearranged(build, node, lambda a: a[:half])
    second = rearranged(build, node, lambda a: a[half : 2 * half])
    both = _folded(build, build.mul(first, second))
    if n % 2 == 0:
        return both
    return build.mul(both, rearranged(build, node, lambda a: a[-1, ...]))


def logsumexp(x: Term, axes: Axes) -> Term:
    """Return the log of the sum of exponentials, without overflow."""
    peak = largest(x, axes)
    anchor = (abs(peak) < math.inf).chosen(peak, 0.0)
    total = (x - _kept_axes(x, axes, anchor)).exp().sum(axes)
    return total.log() + anchor


def _weighted_logsumexp(
    low: Lowering,
    x: Given,
    axis: Given = None,
    b: Given = 1.0,
    *,
    keepdims: Given = False,
    **more: Given,
) -> Node:
    _check_options(low, more)
    if not np.array_equal(low.plain(b), 1.0):
        raise low.refuse("has weights")
    return reduced(low, x, axis, keepdims, logsumexp)


# Along an axis


def _cumsum(low: Lowering, x: Given, axis: Given = None, **more: Given) -> Node:
    _check_options(low, more)
    node = low.node(x)
    if axis is None:
        node, axis = low.build.reshape(node, (node.size,)), 0
    return along_last(low, node, axis, _running_sum(low))


def _running_sum(low: Lowering) -> Callable[[Node], Node]:
    one = low.build.const(1.0)
    return lambda last: low.build.apply("recur", one, last, reverse=False)


def _recurrence(low: Lowering, a: Given, x: Given, *, reverse: Given = False) -> Node:
    factor, steps = low.node(a), low.node(x)
    if factor.shape:
        factor = low.build.broadcast(factor, steps.shape)
    return low.build.apply("recur", factor, steps, reverse=bool(reverse))


def along_last(
    low: Lowering, node: Node, axis: int, function: Callable[[Node], Node]
) -> Node:
    """Return a function of the last axis, applied to another one."""
    rank = len(node.shape)
    if axis % rank == rank - 1:
        return function(node)

    def swapped(node: Node) -> Node:
        return rearranged(low.build, node, lambda a: np.swapaxes(a, axis, -1))

    return swapped(function(swapped(node)))


def _diff(low: Lowering, x: Given, n: Given = 1, axis: Given = -1) -> Node:
    node = low.node(x)
    for _ in range(low.plain(n)):
        count = node.shape[axis] - 1
        later, earlier = (_part(low.build, node, s, count, axis) for s in (1, 0))
        node = low.build.sub(later, earlier)
    return node


def _part(build: Builder, node: Node, start: int, count: int, axis: int) -> Node:
    """Return some neighbours along an axis."""
    index: list[slice] = [slice(None)] * len(node.shape)
    index[axis] = slice(start, start + count)
    return rearranged(build, node, lambda a: a[tuple(index)])


def _trace(low: Lowering, x: Given, offset: Given = 0) -> Node:
    diagonal = rearranged(
        low.build, low.node(x), lambda a: np.diagonal(a, low.plain(offset))
    )
    return low.build.sum(diagonal, [-1])


def _norm(
    low: Lowering, x: Given, order: Given = None, axis: Given = None, **more: Given
) -> Node:
    order = more.pop("ord", order)
    if order not in {None, 2, "fro"} or (order == 2 and _is_matrix(low, x, axis)):
        raise low.refuse(f"has the order {order}")
    return reduced(
        low, x, axis, more.get("keepdims"), lambda x, axes: (x * x).sum(axes).sqrt()
    )


def _is_matrix(low: Lowering, x: Given, axis: Given) -> bool:
    return len(low.node(x).shape) == 2 if axis is None else isinstance(axis, tuple)


def _linspace(low: Lowering, start: Given, stop: Given, num: Given = 50) -> Node:
    share = low.build.data(np.linspace(0.0, 1.0, low.plain(num)))
    first, last = low.term(start), low.term(stop)
    return (first + (last - first) * share).node


RULES: Rules = {
    "_primitive_mean": _reduction(_mean),
    "_primitive_std": _spread(lambda x: x.sqrt()),
    "_primitive_var": _spread(lambda x: x),
    "all": _reduction(_all),
    "amax": _reduction(largest),
    "amin": _reduction(_smallest),
    "any": _reduction(_any),
    "count_nonzero": _reduction(lambda x, axes: x.truth().sum(axes)),
    "cumsum": _cumsum,
    "diff": _diff,
    "linspace": _linspace,
    "max": _reduction(largest),
    "min": _reduction(_smallest),
    "prod": _reduction(_product),
    "sum": _reduction(_sum),
    "trace": _trace,
}
"""By the names of autograd's numpy."""

LINALG_RULES: Rules = {"_primitive_norm": _norm}
"""By the names of autograd's numpy.linalg."""

OURS: Rules = {"recurrence": _recurrence}
"""By the names of `exmc.numerics.differentiable`."""

LOGSUMEXP: Rule = _weighted_logsumexp
