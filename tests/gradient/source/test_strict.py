from __future__ import annotations

from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder as B
from exmc.gradient.source.strict import STRICT
from tests.gradient.source.lines import scalar_line, vector_line


def test_sums_and_products_keep_the_order_of_the_program() -> None:
    assert (
        vector_line(
            lambda b, z: b.add(z, b.const(2.0), b.neg(z), b.mul(z, b.mul(z, z))), STRICT
        )
        == "z + 2.0 - z + z * (z * z)"
    )


def test_a_quotient_is_a_product_with_the_reciprocal() -> None:
    assert vector_line(lambda b, z: b.div(z, z), STRICT) == "z * (1.0 / z)"


def test_numbers_and_arrays_have_functions_of_their_own() -> None:
    assert (
        scalar_line(
            lambda b, z: b.apply("exp", b.sum(b.apply("exp", z))),
            STRICT,
        )
        == "float_exp(lane_sum(exp(z)))"
    )


def test_attributes_are_keywords() -> None:
    assert (
        vector_line(
            lambda b, z: b.apply("recur", b.const(0.5), z, reverse=True), STRICT
        )
        == "recur(0.5, z, reverse=True)"
    )


def test_the_sum_of_a_product_is_one_call() -> None:
    def both(b: B, z: Node) -> Node:
        return b.sum(b.mul(b.const(3.0), z, z))

    assert scalar_line(both, STRICT) == "dot(3.0 * z, z)"


def test_a_product_that_ends_in_a_number_is_summed_as_it_stands() -> None:
    def both(b: B, z: Node) -> Node:
        return b.sum(b.mul(z, z, b.const(3.0)))

    assert scalar_line(both, STRICT) == "lane_sum((z * z * 3.0))"


def test_a_number_is_inverted_without_raising() -> None:
    assert (
        scalar_line(lambda b, z: b.recip(b.view(z, (), 0, ())), STRICT)
        == "1.0 / t1 if t1 else float_recip(t1)"
    )
