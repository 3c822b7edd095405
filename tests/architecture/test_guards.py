"""An array value becomes a Python float in one module only."""

from __future__ import annotations

import ast

from tests.architecture.tree import modules, parse

FROM = ("sampler", "posterior", "constraints", "transforms", "distributions", "ir")
GUARDED = (*FROM, "rewrite", "compiler", "model", "run", "inference", "diagnostics")

# Each is a conversion that cannot meet a non-finite array value, and says why.
ALLOWED: dict[str, str] = {}


def conversions(tree: ast.Module) -> list[int]:
    """Lines on which `float(...)` or `.item(...)` is called."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "float")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "item")
        )
    ]


def test_floats_are_made_in_the_guards_only() -> None:
    unguarded = {
        str(m): lines
        for m in modules()
        if m.parts[0] in GUARDED
        and str(m) not in ALLOWED
        and (lines := conversions(parse(m)))
    }
    assert unguarded == {}


def test_the_search_sees_both_forms() -> None:
    assert conversions(ast.parse("float(x)\nx.item()\nint(x)")) == [1, 2]


def test_no_exemption_is_left_over() -> None:
    known = {str(m): m for m in modules()}
    assert [
        m for m in ALLOWED if m not in known or not conversions(parse(known[m]))
    ] == []
