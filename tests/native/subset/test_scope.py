from __future__ import annotations

import ast

import pytest

from exmc.native.assembler import Assembler, Module
from exmc.native.subset.function import RULES, define
from exmc.native.subset.kinds import BOOL, FLOAT, INT, VECTOR, Value, number
from exmc.native.subset.scope import Scope
from exmc.native.subset.source import Source, SubsetError


def kernel(x: float) -> float:
    return x


@pytest.fixture
def scope() -> Scope:
    module = Module()
    source = Source(kernel)
    return Scope(source, Assembler(module), RULES, lambda f: define(module, f))


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def test_the_first_value_decides_a_variables_kind(scope: Scope) -> None:
    node = expression("x")
    scope.bind("x", number(FLOAT, "%a"), node)
    scope.bind("x", number(INT, "2"), node)
    assert scope.kind_of("x") is FLOAT
    with pytest.raises(SubsetError, match="this is Vector, not float"):
        scope.bind("x", Value(VECTOR, ("%p", "%n")), node)


def test_a_literal_int_becomes_a_literal_float(scope: Scope) -> None:
    converted = scope.converted(number(INT, "-3"), FLOAT, expression("x"))
    assert converted.text == "0xC008000000000000"


def test_a_probe_writes_nothing(scope: Scope) -> None:
    scope.bind("x", number(FLOAT, "%a"), expression("x"))
    before = scope.assembler.body("")
    assert scope.probe(expression("1.0 if x < 2.0 and x > 1.0 else x + x")) is FLOAT
    assert scope.assembler.body("") == before


def test_a_condition_is_a_bool_or_an_int(scope: Scope) -> None:
    assert scope.number(expression("1 < 2"), BOOL)
    assert scope.condition(expression("3"))
    with pytest.raises(SubsetError, match="this is float, not bool"):
        scope.condition(expression("1.0"))


def test_nothing_is_written_after_a_block_has_ended(scope: Scope) -> None:
    scope.run(ast.parse("return 1.0\nx = 3.0").body)
    assert scope.ended
    assert scope.kind_of("x") is None
