from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from tests.gradient.llvm.machine import (
    assert_strict_bits,
    case_of,
    machine_outputs,
    vector_of,
)

pytestmark = pytest.mark.native


def table(b: PlainBuilder, z: Node) -> Node:
    """A costly array whose lane axis is not its last."""
    return b.pointwise("exp", b.view(z, (13, 3), 0, (3, 1)))


def test_what_is_stored_can_be_read_in_any_order() -> None:
    assert_strict_bits(vector_of(lambda b, z: b.transpose(table(b, z))))


def test_what_is_kept_can_be_read_by_loops_of_its_shape() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        kept = table(b, z)
        share = b.div(kept, b.sum(kept))
        return b.sum(share), b.sum(share, (1,))

    assert_strict_bits(case_of(make))


def test_parts_are_placed_side_by_side_and_turned() -> None:
    def make(b: PlainBuilder, z: Node) -> Node:
        parts = [table(b, z), b.sum(z), b.neg(z)]
        return b.assemble(parts, [(1, (1, 13)), (0, ()), (79, (-1,))], (80,))

    assert_strict_bits(vector_of(make))


def test_an_array_that_is_assembled_may_be_computed_with() -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        diagonal = b.assemble([z], [(0, (6,))], (5, 5))
        return b.sum(b.pointwise("exp", diagonal)), b.sum(diagonal, (0,))

    assert_strict_bits(case_of(make, 5))


@pytest.mark.parametrize("source", ["input", "data", "view"])
def test_the_vector_output_may_be_what_was_there_before(source: str) -> None:
    def make(b: PlainBuilder, z: Node) -> tuple[Node, Node]:
        data = b.data(np.arange(40.0))
        sources = {"input": z, "data": data, "view": b.view(z, (40,), 39, (-1,))}
        return b.const(0.0), sources[source]

    case = case_of(make)
    wanted = {"input": case.z, "data": np.arange(40.0), "view": case.z[::-1]}
    np.testing.assert_array_equal(machine_outputs(case)[1], wanted[source])
