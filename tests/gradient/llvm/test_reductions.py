from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from exmc.gradient.llvm.frame import Frame
from exmc.gradient.llvm.reductions import Columns, Rows, Total, reduction
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.schedule import Step
from exmc.native.assembler import Module
from tests.gradient.llvm.machine import (
    PROCESSORS,
    assert_strict_bits,
    case_of,
    numbers,
    vector_of,
)

pytestmark = pytest.mark.native

SHAPES = [(5,), (19,), (3, 10), (10, 3), (2, 11, 3), (12, 2, 3), (2, 3, 9)]


def axes_of(rank: int) -> list[tuple[int, ...]]:
    return [axes for n in range(1, rank + 1) for axes in combinations(range(rank), n)]


def reductions(op: str, x: np.ndarray) -> tuple[Node, Node]:
    """Return all reductions of data, side by side."""
    b = PlainBuilder(1)
    parts = [b.apply(op, b.data(x), axes=axes) for axes in axes_of(x.ndim)]
    parts = [b.reshape(part, (part.size,)) if part.shape else part for part in parts]
    ends = np.cumsum([0, *(part.size for part in parts)])
    places = [(int(e), (1,) * len(p.shape)) for e, p in zip(ends, parts, strict=False)]
    return parts[-1], b.assemble(parts, places, (int(ends[-1]),))


@pytest.mark.parametrize("op", ["sum", "amax"])
@pytest.mark.parametrize("shape", SHAPES)
def test_reductions_have_the_strict_bits(op: str, shape: tuple[int, ...]) -> None:
    case = case_of(lambda _b, _z: reductions(op, numbers(*shape)), 1)
    for processor in PROCESSORS:
        assert_strict_bits(case, processor)


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf, -0.0])
def test_numbers_at_the_edge_are_reduced_alike(special: float) -> None:
    x = np.where(numbers(3, 10) > 0.3, special, -1.0)
    assert_strict_bits(case_of(lambda _b, _z: reductions("sum", x), 1))
    assert_strict_bits(case_of(lambda _b, _z: reductions("amax", x), 1))


def test_a_reduction_of_what_the_loop_makes() -> None:
    case = vector_of(
        lambda b, z: b.sum(b.pointwise("exp", b.view(z, (4, 10), 0, (10, 1))), (1,))
    )
    assert_strict_bits(case)


@pytest.mark.parametrize(
    ("axes", "kind"), [((0, 1), Total), ((1,), Rows), ((0,), Columns)]
)
def test_the_lane_axis_tells_how_to_reduce(axes: tuple[int, ...], kind: type) -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        table = b.sum(b.view(z, (4, 10), 0, (10, 1)), axes)
        return b.const(0.0), table if table.shape else b.view(table, (1,), 0, (0,))

    program = case_of(make).program
    (number,) = (n for n, node in program if node.op == "sum")
    frame = Frame(Module(), program)
    assert type(reduction(frame, Step(number))) is kind
