"""Rules for expressions of numbers, and for the parts of arrays."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING, Final

from exmc.native.llvm_lanes import literal
from exmc.native.subset.kinds import (
    BOOL,
    FLOAT,
    INT,
    INTEGERS,
    MATRIX,
    NUMBERS,
    VECTOR,
    Kind,
    Value,
    number,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exmc.native.subset.scope import Scope, ValueRule

FLOAT_OPERATIONS: Final[Mapping[type, str]] = {
    ast.Add: "fadd",
    ast.Sub: "fsub",
    ast.Mult: "fmul",
    ast.Div: "fdiv",
}
INT_OPERATIONS: Final[Mapping[type, str]] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
    ast.LShift: "shl",
    ast.RShift: "ashr",
}
COMPARISONS: Final[Mapping[type, tuple[str, str]]] = {
    ast.Lt: ("slt", "olt"),
    ast.LtE: ("sle", "ole"),
    ast.Gt: ("sgt", "ogt"),
    ast.GtE: ("sge", "oge"),
    ast.Eq: ("eq", "oeq"),
    ast.NotEq: ("ne", "une"),
}
"""For ints and for floats."""


def constant(scope: Scope, node: ast.Constant) -> Value:
    """A literal."""
    return _plain(scope, node, node.value)


def name(scope: Scope, node: ast.Name) -> Value:
    """A variable, or a constant of the module."""
    if scope.kind_of(node.id) is not None:
        return scope.read(node.id)
    return _plain(scope, node, scope.source.lookup(node))


def attribute(scope: Scope, node: ast.UnaryOp) -> Value:
    """A constant of another module, such as math.inf."""
    return _plain(scope, node, scope.source.lookup(node))


def _plain(scope: Scope, node: ast.expr, value: object) -> Value:
    match value:
        case bool():
            return number(BOOL, "true" if value else "false")
        case int():
            return number(INT, str(value))
        case float():
            return number(FLOAT, literal(value))
        case _:
            pass
    raise scope.refusal(
        node, f"{ast.unparse(node)} is no variable yet, and no number of the module"
    )


def unary(scope: Scope, node: ast.UnaryOp) -> Value:
    """-x, ~i, not b."""
    if isinstance(node.op, ast.Not):
        return number(BOOL, scope.emit(f"xor i1 {scope.condition(node.operand)}, true"))
    value = scope.value(node.operand)
    match node.op, value.kind.name:
        case ast.USub(), "float":
            return number(FLOAT, scope.emit(f"fneg double {value.text}"))
        case ast.USub(), "int" if isinstance(node.operand, ast.Constant):
            return number(INT, f"-{value.text}")
        case ast.USub(), "int":
            return number(INT, scope.emit(f"sub i64 0, {value.text}"))
        case ast.Invert(), "int":
            return number(INT, scope.emit(f"xor i64 {value.text}, -1"))
        case _:
            pass
    raise scope.refusal(node, f"this operator does not take {value.kind.name}")


def binary(scope: Scope, node: ast.BinOp) -> Value:
    """Arithmetic of ints, or of floats if one is a float."""
    left, right = scope.value(node.left), scope.value(node.right)
    for value in (left, right):
        if value.kind not in (FLOAT, INT):
            wanted = "numbers stand here; a vector expression stands in `v[:] = ...`"
            raise scope.refusal(node, f"{wanted}; this is {value.kind.name}")
    operation = type(node.op)
    if left.kind is INT and right.kind is INT:
        return number(INT, _int_operation(scope, node, left.text, right.text))
    if operation not in FLOAT_OPERATIONS:
        raise scope.refusal(node, "floats take + - * / only; for powers there is pow")
    x, y = (scope.converted(value, FLOAT, node).text for value in (left, right))
    return number(FLOAT, scope.emit(f"{FLOAT_OPERATIONS[operation]} double {x}, {y}"))


def _int_operation(scope: Scope, node: ast.BinOp, x: str, y: str) -> str:
    match node:
        case ast.BinOp(_, ast.Mod(), ast.BinOp(ast.Constant(1), ast.LShift(), _)):
            return scope.emit(f"and i64 {x}, {scope.emit(f'add i64 {y}, -1')}")
        case ast.BinOp(_, ast.FloorDiv()):
            return _floored(scope, x, y)[0]
        case ast.BinOp(_, ast.Mod()):
            return _floored(scope, x, y)[1]
        case _:
            pass
    if type(node.op) not in INT_OPERATIONS:
        raise scope.refusal(node, "ints take + - * // % & | ^ << >> only")
    return scope.emit(f"{INT_OPERATIONS[type(node.op)]} i64 {x}, {y}")


def _floored(scope: Scope, x: str, divisor: str) -> tuple[str, str]:
    """Quotient and remainder as Python has them: the remainder's sign is the divisor's.

    By zero they are those by one: a processor that divides by zero ends the process.
    """
    zero = scope.emit(f"icmp eq i64 {divisor}, 0")
    y = scope.emit(f"select i1 {zero}, i64 1, i64 {divisor}")
    quotient = scope.emit(f"sdiv i64 {x}, {y}")
    rest = scope.emit(f"srem i64 {x}, {y}")
    left_over = scope.emit(f"icmp ne i64 {rest}, 0")
    unlike = scope.emit(f"icmp slt i64 {scope.emit(f'xor i64 {rest}, {y}')}, 0")
    below = scope.emit(f"and i1 {left_over}, {unlike}")
    one = scope.emit(f"zext i1 {below} to i64")
    added = scope.emit(f"select i1 {below}, i64 {y}, i64 0")
    return (
        scope.emit(f"sub i64 {quotient}, {one}"),
        scope.emit(f"add i64 {rest}, {added}"),
    )


def compare(scope: Scope, node: ast.Compare) -> Value:
    """Compare; also chains of comparisons, which stop at the first that fails."""
    operands = [scope.value(node.left)]

    def link(index: int) -> str:
        operands.append(scope.value(node.comparators[index]))
        return _comparison(scope, node, node.ops[index], operands[-2:])

    return _shortcut(scope, [partial(link, i) for i in range(len(node.ops))], "and")


def _comparison(
    scope: Scope, node: ast.Compare, operator: ast.cmpop, pair: Sequence[Value]
) -> str:
    if type(operator) not in COMPARISONS:
        raise scope.refusal(node, "comparisons are < <= > >= == !=")
    of_ints, of_floats = COMPARISONS[type(operator)]
    if all(value.kind is INT for value in pair):
        return scope.emit(f"icmp {of_ints} i64 {pair[0].text}, {pair[1].text}")
    x, y = (scope.converted(value, FLOAT, node).text for value in pair)
    return scope.emit(f"fcmp {of_floats} double {x}, {y}")


def boolean(scope: Scope, node: ast.BoolOp) -> Value:
    """`and`, `or`: the second is not reached when the first decides."""
    operands = [partial(scope.number, operand, BOOL) for operand in node.values]
    return _shortcut(scope, operands, "and" if isinstance(node.op, ast.And) else "or")


def _shortcut(scope: Scope, operands: Sequence[Callable[[], str]], word: str) -> Value:
    if len(operands) == 1:
        return number(BOOL, operands[0]())
    slot = scope.assembler.reserve("i1")
    end = scope.label("decided")
    for operand in operands:
        text = operand()
        scope.assembler.statement(f"store i1 {text}, ptr {slot}")
        more = scope.label("undecided")
        scope.branch(text, *((more, end) if word == "and" else (end, more)))
        scope.place(more)
    scope.place(end)
    return number(BOOL, scope.emit(f"load i1, ptr {slot}"))


def choice(scope: Scope, node: ast.IfExp) -> Value:
    """`x if c else y`; only one of the two is computed."""
    kinds = [scope.probe(node.body), scope.probe(node.orelse)]
    kind = FLOAT if set(kinds) == {INT, FLOAT} else kinds[0]
    if kind not in NUMBERS:
        raise scope.refusal(node, "a conditional expression chooses between numbers")
    slot = scope.assembler.reserve(kind.parts[0])
    yes, no, end = scope.label("yes"), scope.label("no"), scope.label("chosen")
    scope.branch(scope.condition(node.test), yes, no)
    for label, branch in ((yes, node.body), (no, node.orelse)):
        scope.place(label)
        text = scope.number(branch, kind)
        scope.assembler.statement(f"store {kind.parts[0]} {text}, ptr {slot}")
        scope.jump(end)
    scope.place(end)
    return number(kind, scope.emit(f"load {kind.parts[0]}, ptr {slot}"))


def subscript(scope: Scope, node: ast.Subscript) -> Value:
    """v[i], m[i, j], m[i], v[a:b], m[a:b]; m.shape[0]."""
    if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
        return _extent(scope, node, node.value.value)
    base = scope.value(node.value)
    if isinstance(node.slice, ast.Slice):
        return _part(scope, node, base, node.slice)
    if base.kind is MATRIX and not isinstance(node.slice, ast.Tuple):
        row = scope.number(node.slice, INT)
        return Value(
            VECTOR, (_element(scope, base, _row(scope, base, row)), base.parts[2])
        )
    kind, pointer = entry(scope, node, base)
    return number(kind, scope.emit(f"load {kind.parts[0]}, ptr {pointer}"))


def entry(scope: Scope, node: ast.Subscript, base: Value) -> tuple[Kind, str]:
    """Return what a number of an array is, and where: v[i] or m[i, j]."""
    match node.slice:
        case ast.Tuple(elts=[first, second]) if base.kind is MATRIX:
            row, column = scope.number(first, INT), scope.number(second, INT)
            place = scope.emit(f"add i64 {_row(scope, base, row)}, {column}")
            return FLOAT, _element(scope, base, place)
        case ast.Constant(int()) | ast.expr() if base.kind in (VECTOR, INTEGERS):
            index = scope.number(node.slice, INT)
            if index.startswith("-"):
                raise scope.refusal(node, "an index is not negative; use len(v) - 1")
            kind = FLOAT if base.kind is VECTOR else INT
            return kind, _element(scope, base, index)
    raise scope.refusal(node, f"{base.kind.name} has no such part")


def _row(scope: Scope, base: Value, row: str) -> str:
    return scope.emit(f"mul i64 {row}, {base.parts[2]}")


def _element(scope: Scope, base: Value, index: str) -> str:
    kind = "i64" if base.kind is INTEGERS else "double"
    return scope.emit(f"getelementptr inbounds {kind}, ptr {base.text}, i64 {index}")


def _part(scope: Scope, node: ast.Subscript, base: Value, cut: ast.Slice) -> Value:
    """A slice without steps; of a matrix, some of its rows."""
    if base.kind not in (VECTOR, INTEGERS, MATRIX) or cut.step is not None:
        raise scope.refusal(node, "slices are v[a:b] and m[a:b], without a step")
    first = "0" if cut.lower is None else scope.number(cut.lower, INT)
    last = base.parts[1] if cut.upper is None else scope.number(cut.upper, INT)
    difference = scope.emit(f"sub i64 {last}, {first}")
    scope.assembler.declare("declare i64 @llvm.smax.i64(i64, i64)")
    length = scope.emit(f"call i64 @llvm.smax.i64(i64 {difference}, i64 0)")
    place = _row(scope, base, first) if base.kind is MATRIX else first
    pointer = _element(scope, base, place)
    return Value(base.kind, (pointer, length, *base.parts[2:]))


def _extent(scope: Scope, node: ast.Subscript, array: ast.expr) -> Value:
    base = scope.value(array)
    match node.slice:
        case ast.Constant(int(axis)) if 0 <= axis < len(base.parts) - 1:
            return number(INT, base.parts[1 + axis])
    raise scope.refusal(node, "shape[0] and, of a matrix, shape[1] are in the subset")


RULES: Final[Mapping[type, ValueRule]] = {
    ast.Constant: constant,
    ast.Name: name,
    ast.Attribute: attribute,
    ast.UnaryOp: unary,
    ast.BinOp: binary,
    ast.Compare: compare,
    ast.BoolOp: boolean,
    ast.IfExp: choice,
    ast.Subscript: subscript,
}
