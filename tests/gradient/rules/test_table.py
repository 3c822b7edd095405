"""Every rule is in the table and in a table of cases; a wrong one fails the laws."""

from __future__ import annotations

import importlib
import pkgutil
from inspect import isfunction

import pytest

import exmc.gradient.rules
from exmc.gradient.node import Node
from exmc.gradient.plain_builder import PlainBuilder
from exmc.gradient.program import POINTWISE, STRUCTURAL
from exmc.gradient.rules.table import RULES
from tests.gradient.rules.laws import Case, check_text, check_value

TOPICS = [
    info.name
    for info in pkgutil.iter_modules(exmc.gradient.rules.__path__)
    if info.name not in {"table", "forms"}
]


def stated() -> set[object]:
    modules = [
        importlib.import_module(f"tests.gradient.rules.test_{topic}")
        for topic in TOPICS
    ]
    return {case.rule for module in modules for case in module.CASES}


def written() -> set[object]:
    """Every function whose docstring says what is before and after."""
    modules = [importlib.import_module(f"exmc.gradient.rules.{t}") for t in TOPICS]
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isfunction(value)
        and value.__module__ == module.__name__
        and "before:" in (value.__doc__ or "")
    }


def test_every_rule_is_tried_and_has_a_case() -> None:
    tried = {rule for rules in RULES.values() for rule in rules}
    assert tried == written() == stated()


def test_the_table_speaks_of_operations_that_there_are() -> None:
    assert set(RULES) <= POINTWISE | STRUCTURAL | {"data"}


def forgets_a_sign(_b: PlainBuilder, node: Node) -> Node | None:
    """Return x for neg(x), which is wrong."""
    return node.args[0]


def test_the_laws_find_a_rule_that_is_wrong() -> None:
    case = Case(forgets_a_sign, lambda a: a("neg", a.x), "neg(x)", "x")
    check_text(case)
    with pytest.raises(AssertionError):
        check_value(case)
