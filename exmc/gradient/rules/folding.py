"""Operations on what is known are done at once.

The functions are those of `exmc.numerics.elementary`, and sums are in a fixed order:
so that a program, and all that is computed with it, is the same on every machine.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from exmc.gradient.affine import positions
from exmc.gradient.attributes import axes_of, place_of
from exmc.gradient.rules.forms import check_range, full
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.arrays import ARRAYS
from exmc.numerics.elementary.floats import FLOATS
from exmc.numerics.lanes import lane_sum

if TYPE_CHECKING:
    from exmc.gradient.node import Node
    from exmc.gradient.plain_builder import PlainBuilder

FOLDS: Final = {"add": np.add, "mul": np.multiply}


def uniform_data(b: PlainBuilder, node: Node) -> Node | None:
    """An array of one number is that number, repeated.

    before: data [1.0 1.0 1.0]    after: view(1.0)
    """
    array: Any = node.value
    if array.size and (array.view(np.int64) == array.view(np.int64).flat[0]).all():
        return full(b, float(array.flat[0]), node.shape)
    return None


def constants(b: PlainBuilder, node: Node) -> Node | None:
    """Return a pointwise operation on numbers as a number.

    before: exp(0.0)    after: 1.0
    """
    for arg in node.args:
        if arg.op != "const":
            return None
    values: list[Any] = [arg.value for arg in node.args]
    if node.op in FOLDS:
        return b.const(reduce(lambda x, y: FOLDS[node.op](x, y).item(), values))
    if node.op not in ELEMENTARY:
        return None
    return b.const(ELEMENTARY[node.op](FLOATS, *values))


def data(b: PlainBuilder, node: Node) -> Node | None:
    """Return a pointwise operation on data and numbers as data, never larger.

    before: recip(data [2.0 4.0])    after: data [0.5 0.25]
    """
    if not node.shape:
        return None
    for arg in node.args:
        if arg.op not in {"data", "const"}:
            return None
    values: list[Any] = [arg.value for arg in node.args]
    with np.errstate(all="ignore"):
        if node.op in FOLDS:
            result = reduce(FOLDS[node.op], values)
            if node.op == "mul":
                check_range(result, *values)
            return b.data(result)
        if node.op not in ELEMENTARY:
            return None
        return b.data(ELEMENTARY[node.op](ARRAYS, *values))


def data_view(b: PlainBuilder, node: Node) -> Node | None:
    """Return a view of data that does not repeat it as data.

    before: view(data [1.0 2.0 3.0]) offset=1 : [2]    after: data [2.0 3.0]
    """
    x: Any = node.args[0]
    if x.op != "data" or node.size > x.size:
        return None
    return b.data(x.value.ravel()[positions(node.shape, place_of(node))])


def data_gather(b: PlainBuilder, node: Node) -> Node | None:
    """Return entries of data as data.

    before: gather(data [1.0 2.0], index [1 1 0])    after: data [2.0 2.0 1.0]
    """
    x, index = node.args
    values: Any = x.value
    return b.data(values.ravel()[index.value]) if x.op == "data" else None


def data_scatter(b: PlainBuilder, node: Node) -> Node | None:
    """Return scattered data as data, unless most of it would be zeros.

    before: scatter(data [1.0 2.0 3.0], index [1 1 0]) : [2]    after: data [3.0 3.0]
    """
    x, index = node.args
    values: Any = x.value
    places: Any = index.value
    if x.op != "data" or node.size > x.size:
        return None
    flat = np.bincount(places.ravel(), values.ravel(), node.size)
    return b.data(flat.reshape(node.shape))


def data_sum(b: PlainBuilder, node: Node) -> Node | None:
    """Return a sum of data as data.

    before: sum(data [1.0 2.0])    after: 3.0
    """
    x = node.args[0]
    if x.op != "data":
        return None
    values: Any = x.value
    axes = axes_of(node)
    last = np.moveaxis(values, axes, range(-len(axes), 0))
    return b.data(lane_sum(last.reshape(*node.shape, -1)))


def data_amax(b: PlainBuilder, node: Node) -> Node | None:
    """Return the largest entries of data as data.

    before: amax(data [1.0 2.0])    after: 2.0
    """
    x = node.args[0]
    values: Any = x.value
    return b.data(np.max(values, axis=axes_of(node))) if x.op == "data" else None


def data_product(b: PlainBuilder, node: Node) -> Node | None:
    """Return a product of data, matrix and vector, as data.

    before: combine(data, data)    after: data
    """
    m, x = node.args
    if not m.op == x.op == "data":
        return None
    matrix: Any = m.value
    vector: Any = x.value
    rows = matrix.T if node.op == "combine" else matrix
    return b.data(lane_sum(rows * vector))
