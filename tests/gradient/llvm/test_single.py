from __future__ import annotations

import pytest

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.shapes import strides_of
from tests.gradient.llvm.machine import (
    assert_strict_bits,
    case_of,
    numbers,
    scalar_of,
    vector_of,
)

pytestmark = pytest.mark.native


def test_scalars_are_computed_in_order() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        x, y = (b.view(z, (), n, ()) for n in (3, 5))
        ratio = b.div(b.pointwise("exp", x), b.add(b.pointwise("sigmoid", y), x))
        parts = [ratio, b.mul(ratio, y), b.const(2.0)]
        return ratio, b.assemble(parts, [(0, ()), (2, ()), (1, ())], (3,))

    assert_strict_bits(case_of(make, 6))


def test_scalars_come_from_data_too() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        picked = b.gather(z, b.index(2))
        kept = b.view(b.view(b.sum(z), (), 0, ()), (), 0, ())
        return b.add(b.data(1.5), b.view(b.data(numbers(4)), (), 3, ()), picked, kept)

    assert_strict_bits(scalar_of(make))


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("shape", [(1,), (9,), (3, 4)])
def test_recurrences_have_the_strict_bits(
    shape: tuple[int, ...], *, reverse: bool
) -> None:
    def by(factor: str) -> None:
        def make(b: PlainBuilder, z: Node) -> Node:
            x = b.view(z, shape, 0, strides_of(shape))
            a = b.data(numbers(*shape)) if factor == "array" else b.const(0.7)
            return b.apply("recur", a, x, reverse=reverse)

        assert_strict_bits(vector_of(make, 12))

    by("number")
    by("array")


def test_a_recurrence_reads_what_loops_made_and_is_read_by_them() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        path = b.apply("recur", b.const(0.9), b.pointwise("exp", z), reverse=False)
        return b.sum(path), b.mul(path, z)

    assert_strict_bits(case_of(make))
