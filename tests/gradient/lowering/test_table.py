from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import pytest

from exmc.gradient.lowering import NoRuleError, program_of_density, register
from exmc.gradient.lowering.table import register_names, rule_of
from exmc.numerics.autodiff import defvjp, primitive
from tests.gradient.lowering.agreement import agrees


def twice(x: Any) -> Any:
    return 2.0 * x


def test_a_primitive_of_ones_own_can_be_given_a_rule() -> None:
    function = primitive(twice)
    defvjp(function, lambda _value, _x: lambda g: 2.0 * g)
    with pytest.raises(NoRuleError, match="^twice has no rule$"):
        program_of_density(lambda z: anp.sum(function(z)), 2)
    register(function, lambda low, x: low.build.mul(low.build.const(2.0), low.node(x)))
    assert agrees(lambda z: anp.sum(function(z)), 2)


def test_names_that_a_module_lacks_are_passed_over() -> None:
    function, rule = primitive(twice), lambda _low, x: x
    register_names({"here": function}, {"here": rule, "absent": rule})
    assert rule_of(function) is rule


def test_two_primitives_of_one_name_are_two() -> None:
    function = primitive(twice)
    register(function, lambda _low, x: x)
    assert rule_of(primitive(twice)) is None
