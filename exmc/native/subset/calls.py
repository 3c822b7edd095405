"""Rules for calls: kernels, densities, mathematics, reductions."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Hashable
from types import FunctionType
from typing import TYPE_CHECKING, Any, Final

from exmc.native.llvm_lanes import LlvmValue
from exmc.native.subset import products, vectors
from exmc.native.subset.kinds import (
    BOOL,
    DENSITY,
    FLOAT,
    INT,
    INTEGERS,
    MATRIX,
    VECTOR,
    Value,
    number,
)
from exmc.native.subset.source import ABSENT
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.products import (
    add_products,
    subtract_products,
    subtract_row_products,
)
from exmc.numerics.reductions import all_finite, dot, lane_sum

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.native.subset.scope import Scope, ValueRule
    from exmc.native.subset.source import Signature

SCALAR_FUNCTIONS: Final = "exmc.numerics.elementary.scalar"
"""Module of the elementary functions of Python floats."""

FAST: Final = "fastcc"
"""Calling convention of functions that only kernels call."""


def call(scope: Scope, node: ast.Call) -> Value:
    """Any call in an expression."""
    if isinstance(node.func, ast.Name) and scope.kind_of(node.func.id) is DENSITY:
        return _density(scope, node, scope.read(node.func.id))
    function: Any = scope.source.lookup(node.func)
    if function is ABSENT and isinstance(node.func, ast.Name):
        function = getattr(builtins, node.func.id, ABSENT)
    if isinstance(function, Hashable) and function in KNOWN:
        return KNOWN[function](scope, node)
    if not isinstance(function, FunctionType):
        name = ast.unparse(node.func)
        raise scope.refusal(node, f"{name} is no kernel and no function of the subset")
    if function.__module__ == SCALAR_FUNCTIONS:
        return _elementary(scope, node, function.__name__)
    return _kernel(scope, node, function)


def _kernel(scope: Scope, node: ast.Call, function: Callable[..., object]) -> Value:
    name, signature = scope.define(function)
    passed = []
    for argument, (_, kind) in zip(
        _in_order(scope, node, signature), signature.parameters, strict=True
    ):
        value = scope.converted(scope.value(argument), kind, argument)
        passed += [f"{t} {x}" for t, x in zip(kind.parts, value.parts, strict=True)]
    result = signature.result
    text = f"call {FAST} {llvm_result(signature)} @{name}({', '.join(passed)})"
    if not result.parts:
        scope.assembler.statement(text)
        return Value(result, ())
    return number(result, scope.emit(text))


def llvm_result(signature: Signature) -> str:
    """Return the LLVM type of a kernel's result."""
    return signature.result.parts[0] if signature.result.parts else "void"


def _in_order(scope: Scope, node: ast.Call, signature: Signature) -> list[ast.expr]:
    names = [name for name, _ in signature.parameters]
    given = dict(zip(names, node.args, strict=False))
    given |= {word.arg or "**": word.value for word in node.keywords}
    count = len(node.args) + len(node.keywords)
    if set(given) != set(names) or count != len(names):
        raise scope.refusal(node, f"this kernel takes ({', '.join(names)})")
    return [given[name] for name in names]


def _density(scope: Scope, node: ast.Call, density: Value) -> Value:
    arguments = [scope.value(argument) for argument in node.args]
    if [a.kind for a in arguments] != [VECTOR, VECTOR] or node.keywords:
        raise scope.refusal(node, "a density takes two vectors: position, gradient")
    code = scope.emit(f"load ptr, ptr {density.text}")
    second = scope.emit(f"getelementptr inbounds ptr, ptr {density.text}, i64 1")
    context = scope.emit(f"load ptr, ptr {second}")
    passed = f"ptr {arguments[0].text}, ptr {arguments[1].text}, ptr {context}"
    return number(FLOAT, scope.emit(f"call double {code}({passed})"))


def _elementary(scope: Scope, node: ast.Call, name: str) -> Value:
    if name == "divide":
        x, y = (scope.number(argument, FLOAT) for argument in node.args)
        return number(FLOAT, scope.emit(f"fdiv double {x}, {y}"))
    if name not in ELEMENTARY or node.keywords:
        raise scope.refusal(node, f"{name} is none of the elementary functions")
    lanes = scope.lanes
    arguments = [LlvmValue(lanes, scope.number(a, FLOAT)) for a in node.args]
    return number(FLOAT, lanes.apply(name, *arguments).text)


# --- Python's own ------------------------------------------------------------------


def _length(scope: Scope, node: ast.Call) -> Value:
    value = scope.value(_only(scope, node))
    if value.kind not in (VECTOR, INTEGERS, MATRIX):
        raise scope.refusal(node, "len takes an array")
    return number(INT, value.parts[1])


def _extreme(operator: str) -> Callable[[Scope, ast.Call], Value]:
    """`min` or `max`, which keep the first unless a later one is beyond it."""

    def rule(scope: Scope, node: ast.Call) -> Value:
        values = [scope.value(argument) for argument in node.args]
        kind = INT if all(value.kind is INT for value in values) else FLOAT
        part = kind.parts[0]
        test = f"icmp s{operator}" if kind is INT else f"fcmp o{operator}"
        best, *others = (scope.converted(v, kind, node).text for v in values)
        for other in others:
            beyond = scope.emit(f"{test} {part} {other}, {best}")
            best = scope.emit(f"select i1 {beyond}, {part} {other}, {part} {best}")
        return number(kind, best)

    return rule


def _absolute(scope: Scope, node: ast.Call) -> Value:
    value = scope.value(_only(scope, node))
    if value.kind is INT:
        minus = scope.emit(f"sub i64 0, {value.text}")
        below = scope.emit(f"icmp slt i64 {value.text}, 0")
        picked = f"select i1 {below}, i64 {minus}, i64 {value.text}"
        return number(INT, scope.emit(picked))
    x = LlvmValue(scope.lanes, scope.converted(value, FLOAT, node).text)
    return number(FLOAT, scope.lanes.abs(x).text)


def _truncated(scope: Scope, node: ast.Call) -> Value:
    value = scope.value(_only(scope, node))
    if value.kind is BOOL:
        return number(INT, scope.emit(f"zext i1 {value.text} to i64"))
    if value.kind is INT:
        return value
    return number(INT, _whole(scope, scope.converted(value, FLOAT, node).text))


def _as_float(scope: Scope, node: ast.Call) -> Value:
    return number(FLOAT, scope.number(_only(scope, node), FLOAT))


def _whole(scope: Scope, text: str) -> str:
    """Towards zero; the nearest int for what is out of range, 0 for NaN."""
    scope.assembler.declare("declare i64 @llvm.fptosi.sat.i64.f64(double)")
    return scope.emit(f"call i64 @llvm.fptosi.sat.i64.f64(double {text})")


# --- the module math ---------------------------------------------------------------


def _square_root(scope: Scope, node: ast.Call) -> Value:
    x = LlvmValue(scope.lanes, scope.number(_only(scope, node), FLOAT))
    return number(FLOAT, scope.lanes.sqrt(x).text)


def _is_nan(scope: Scope, node: ast.Call) -> Value:
    x = scope.number(_only(scope, node), FLOAT)
    return number(BOOL, scope.emit(f"fcmp uno double {x}, {x}"))


def _is_finite(scope: Scope, node: ast.Call) -> Value:
    x = LlvmValue(scope.lanes, scope.number(_only(scope, node), FLOAT))
    return number(BOOL, (scope.lanes.abs(x) < math.inf).text)


def _floor(scope: Scope, node: ast.Call) -> Value:
    text = scope.number(_only(scope, node), FLOAT)
    whole = _whole(scope, text)
    back = scope.emit(f"sitofp i64 {whole} to double")
    above = scope.emit(f"fcmp ogt double {back}, {text}")
    one = scope.emit(f"zext i1 {above} to i64")
    return number(INT, scope.emit(f"sub i64 {whole}, {one}"))


KNOWN: Final[Mapping[object, Callable[[Scope, ast.Call], Value]]] = {
    len: _length,
    min: _extreme("lt"),
    max: _extreme("gt"),
    abs: _absolute,
    int: _truncated,
    float: _as_float,
    math.sqrt: _square_root,
    math.fabs: _absolute,
    math.isnan: _is_nan,
    math.isfinite: _is_finite,
    math.floor: _floor,
    dot: vectors.inner_product,
    lane_sum: vectors.total,
    all_finite: vectors.finite,
    add_products: products.ADD,
    subtract_products: products.SUBTRACT,
    subtract_row_products: products.SUBTRACT_BY_ROWS,
}


def _only(scope: Scope, node: ast.Call) -> ast.expr:
    if len(node.args) != 1 or node.keywords:
        raise scope.refusal(node, f"{ast.unparse(node.func)} takes one argument")
    return node.args[0]


RULES: Final[Mapping[type, ValueRule]] = {ast.Call: call}
