"""Expressions of whole vectors, eight entries at a time.

An expression is compiled in two steps. First, before the loop, whatever is the same for
all entries: addresses of vectors, and scalars, which go into every lane. Then, in
the loop, what is done to eight entries, once for whole groups and once for the tail.
Absent lanes of a tail read 0.0, are computed with, and have no effect.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass
from operator import add, and_, ge, gt, le, lt, mul, neg, or_, sub
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np

from exmc.native.llvm_lanes import LlvmLanes, LlvmValue
from exmc.native.subset.at import At, Tail
from exmc.native.subset.kinds import BOOL, FLOAT, MATRIX, VECTOR, Value, number
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.lanes import LANES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exmc.native.subset.scope import Scope

ARRAY_FUNCTIONS: Final = "exmc.numerics.elementary.strict"
"""Module of the elementary functions of numpy arrays."""

NUMPY_FUNCTIONS: Final[Mapping[object, str]] = {
    np.sqrt: "sqrt",
    np.abs: "abs",
    np.fabs: "abs",
    np.where: "where",
}

ARRAYS: Final = (VECTOR, MATRIX)


Step: TypeAlias = "Callable[[At], LlvmValue]"


# --- before the loop ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Target:
    """The array that an expression is to fill.

    Attributes:
        array: Its kind and place.
        node: As it is written.
    """

    array: Value
    node: ast.expr


def prepare(scope: Scope, node: ast.expr, target: Target | None) -> Step:
    """Write what an expression needs before the loop; return what it does in it.

    Args:
        scope: The kernel.
        node: The expression.
        target: What it fills, or None in a reduction.
    """
    if not spans(scope, node):
        return _scalar(scope, node)
    if (combine := _combination(scope, node)) is not None:
        operands, function = combine
        steps = [prepare(scope, operand, target) for operand in operands]
        return lambda at: function(at, *(step(at) for step in steps))
    value = scope.value(node)
    wanted = target.array.kind if target else VECTOR
    if value.kind is not wanted:
        message = f"{wanted.name} stands here; this is {value.kind.name}"
        raise scope.refusal(node, message)
    if target and _may_overlap(node, target.node):
        message = "it may overlap with the target; copy it to another vector first"
        raise scope.refusal(node, message)
    return lambda at: at.load(value.text)


def _may_overlap(node: ast.expr, target: ast.expr) -> bool:
    """Tell whether two expressions are different parts of one and the same name."""
    (whole, part), (other, target_part) = map(_whole_and_part, (node, target))
    return whole == other and part != target_part


def _whole_and_part(node: ast.expr) -> tuple[str, str]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        part = ast.unparse(node.slice)
        return ast.unparse(node.value), "" if part == ":" else part
    return ast.unparse(node), ""


def _scalar(scope: Scope, node: ast.expr) -> Step:
    text = scope.number(node, FLOAT)
    spread = LlvmLanes(scope.assembler, LANES).spread(LlvmValue(scope.lanes, text))
    return lambda at: LlvmValue(at.lanes, spread.text)


def spans(scope: Scope, node: ast.expr) -> bool:
    """Tell whether an expression has one value for each entry of some vector."""
    parts: list[ast.expr] = []
    match node:
        case ast.Name(name):
            return scope.kind_of(name) in ARRAYS
        case ast.Subscript() if not isinstance(node.value, ast.Attribute):
            return scope.probe(node) in ARRAYS
        case ast.Call() if _elementwise(scope, node):
            parts = node.args
        case ast.BinOp(left, _, right):
            parts = [left, right]
        case ast.UnaryOp(_, operand):
            parts = [operand]
        case ast.Compare(left, _, others):
            parts = [left, *others]
        case _:
            pass
    return any(spans(scope, part) for part in parts)


def _elementwise(scope: Scope, node: ast.Call) -> str | None:
    """Return the name of an elementary function that takes arrays."""
    function: Any = scope.source.lookup(node.func)
    if getattr(function, "__module__", "") == ARRAY_FUNCTIONS:
        name = str(function.__name__)
        return name if name in ELEMENTARY else None
    return next((n for f, n in NUMPY_FUNCTIONS.items() if f is function), None)


# --- in the loop -------------------------------------------------------------------


def _combination(
    scope: Scope, node: ast.expr
) -> tuple[list[ast.expr], Callable[..., LlvmValue]] | None:
    """Return an operation's operands, and what it does to their lanes."""
    function: Callable[..., LlvmValue]
    match node:
        case ast.Name() | ast.Subscript():
            return None
        case ast.BinOp(left, operator, right) if type(operator) in OPERATIONS:
            operands, function = [left, right], OPERATIONS[type(operator)]
        case ast.UnaryOp(ast.USub(), operand):
            operands, function = [operand], neg
        case ast.Compare(left, [operator], [right]) if type(operator) in COMPARISONS:
            operands, function = [left, right], COMPARISONS[type(operator)]
        case ast.Call(_, arguments, []):
            name = _elementwise(scope, node)
            if name == "where":
                return arguments, lambda at, *x: at.lanes.where(*x)
            return arguments, lambda at, *x: at.lanes.apply(name, *x)
        case _:
            raise scope.refusal(node, "this operation does not take vectors")
    return operands, lambda _, *x: function(*x)


def _divide(x: LlvmValue, y: LlvmValue) -> LlvmValue:
    return x.lanes.divide(x, y)


def _equal(x: LlvmValue, y: LlvmValue) -> LlvmValue:
    return x.lanes.equal(x, y)


OPERATIONS: Final[Mapping[type, Callable[[LlvmValue, LlvmValue], LlvmValue]]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: _divide,
    ast.BitAnd: and_,
    ast.BitOr: or_,
}
COMPARISONS: Final[Mapping[type, Callable[[LlvmValue, LlvmValue], LlvmValue]]] = {
    ast.Lt: lt,
    ast.LtE: le,
    ast.Gt: gt,
    ast.GtE: ge,
    ast.Eq: _equal,
}


def loop(scope: Scope, length: str, body: Callable[[At], None]) -> None:
    """Write a loop over entries: whole groups of eight, then the tail."""
    lanes = LlvmLanes(scope.assembler, LANES)
    whole = scope.emit(f"and i64 {length}, -{LANES}")
    _groups(scope, lanes, whole, body)
    tail, end = scope.label("tail"), scope.label("end")
    scope.branch(scope.emit(f"icmp eq i64 {whole}, {length}"), end, tail)
    scope.place(tail)
    left = scope.emit(f"sub i64 {length}, {whole}")
    body(Tail(lanes, whole, left))
    scope.place(end)


def _groups(
    scope: Scope, lanes: LlvmLanes, whole: str, body: Callable[[At], None]
) -> None:
    slot = scope.assembler.reserve("i64")
    scope.assembler.statement(f"store i64 0, ptr {slot}")
    head, group, done = scope.label("head"), scope.label("group"), scope.label("done")
    scope.place(head)
    index = scope.emit(f"load i64, ptr {slot}")
    scope.branch(scope.emit(f"icmp slt i64 {index}, {whole}"), group, done)
    scope.place(group)
    body(At(lanes, index))
    following = scope.emit(f"add nuw nsw i64 {index}, {LANES}")
    scope.assembler.statement(f"store i64 {following}, ptr {slot}")
    scope.jump(head)
    scope.place(done)


def entries(scope: Scope, array: Value) -> str:
    """Return how many numbers a vector or a matrix has."""
    if array.kind is not MATRIX:
        return array.parts[1]
    return scope.emit(f"mul i64 {array.parts[1]}, {array.parts[2]}")


def assign(
    scope: Scope, node: ast.expr, expression: ast.expr, operator: ast.operator | None
) -> None:
    """Write `v[:] = expression`, or `v += expression` and its like."""
    array = scope.value(node)
    step = prepare(scope, expression, Target(array, node))

    def body(at: At) -> None:
        value = step(at)
        if operator is not None:
            value = OPERATIONS[type(operator)](at.load(array.text), value)
        at.store(value, array.text)

    loop(scope, entries(scope, array), body)


# --- reductions --------------------------------------------------------------------


def inner_product(scope: Scope, node: ast.Call) -> Value:
    """`dot(x, y)`: products are rounded before they are summed."""
    length, (x, y) = _prepared(scope, node, 2)
    if all(isinstance(part, ast.Name | ast.Subscript) for part in node.args):
        return _sum(scope, length, lambda at: x(at) * y(at))  # absent lanes are 0 * 0
    return _sum(scope, length, lambda at: at.present(x(at) * y(at)))


def total(scope: Scope, node: ast.Call) -> Value:
    """`lane_sum(x)`."""
    length, (x,) = _prepared(scope, node, 1)
    return _sum(scope, length, lambda at: at.present(x(at)))


def finite(scope: Scope, node: ast.Call) -> Value:
    """`all_finite(x)`."""
    length, (x,) = _prepared(scope, node, 1)
    return _all(scope, length, lambda at: at.lanes.abs(x(at)) < math.inf)


def _prepared(scope: Scope, node: ast.Call, count: int) -> tuple[str, list[Step]]:
    if node.keywords or len(node.args) != count:
        raise scope.refusal(node, f"this reduction takes {count} vector expressions")
    length = _length(scope, node)
    return length, [prepare(scope, argument, None) for argument in node.args]


def _length(scope: Scope, node: ast.Call) -> str:
    """Return how many entries the first vector in the arguments has."""
    for part in (part for argument in node.args for part in ast.walk(argument)):
        if isinstance(part, ast.Name | ast.Subscript) and spans(scope, part):
            value = scope.value(part)
            if value.kind is VECTOR:
                return value.parts[1]
    raise scope.refusal(node, "a reduction takes vectors")


def _sum(scope: Scope, length: str, step: Step) -> Value:
    slot = scope.assembler.reserve("<8 x double>", 64)
    scope.assembler.statement(f"store <8 x double> zeroinitializer, ptr {slot}")

    def body(at: At) -> None:
        at.lanes.store(at.lanes.load(slot) + step(at), slot)

    loop(scope, length, body)
    lanes = LlvmLanes(scope.assembler, LANES)
    return number(FLOAT, lanes.total(lanes.load(slot)).text)


def _all(scope: Scope, length: str, step: Step) -> Value:
    """Whether a mask is set for every entry."""
    slot = scope.assembler.reserve("i8")
    scope.assembler.statement(f"store i8 -1, ptr {slot}")

    def body(at: At) -> None:
        mask = at.all(step(at))
        bits = scope.emit(f"bitcast <8 x i1> {mask.text} to i8")
        before = scope.emit(f"load i8, ptr {slot}")
        both = scope.emit(f"and i8 {before}, {bits}")
        scope.assembler.statement(f"store i8 {both}, ptr {slot}")

    loop(scope, length, body)
    after = scope.emit(f"load i8, ptr {slot}")
    return number(BOOL, scope.emit(f"icmp eq i8 {after}, -1"))
