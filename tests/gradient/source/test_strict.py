from __future__ import annotations

from exmc.gradient.source.strict import STRICT
from tests.gradient.source.lines import scalar_line, vector_line


def test_sums_and_products_keep_the_order_of_the_program() -> None:
    assert (
        vector_line(
            lambda b, z: b.add(z, b.const(2.0), b.neg(z), b.mul(z, b.mul(z, z))), STRICT
        )
        == "z + 2.0 + -z + z * (z * z)"
    )


def test_a_quotient_is_a_product_with_the_reciprocal() -> None:
    assert vector_line(lambda b, z: b.div(z, z), STRICT) == "z * recip(z)"


def test_numbers_and_arrays_have_functions_of_their_own() -> None:
    assert (
        scalar_line(
            lambda b, z: b.apply("exp", b.sum(b.apply("exp", z))),
            STRICT,
        )
        == "float_exp(float(sum(exp(z), (0,))))"
    )


def test_attributes_are_keywords() -> None:
    assert (
        vector_line(
            lambda b, z: b.apply("recur", b.const(0.5), z, reverse=True), STRICT
        )
        == "recur(0.5, z, reverse=True)"
    )
