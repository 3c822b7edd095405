"""Rules for statements."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from exmc.native.subset import vectors
from exmc.native.subset.expressions import entry
from exmc.native.subset.kinds import INT, INTEGERS, MATRIX, NONE, Value, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.native.subset.scope import Scope, StatementRule


def assign(scope: Scope, node: ast.Assign) -> None:
    """`x = ...`, `v[i] = ...`, `v[:] = ...`, `a, b = b, a`, `a = b = 0.0`."""
    if isinstance(node.targets[0], ast.Tuple):
        _together(scope, node, node.targets[0])
        return
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            _into_array(scope, target, node.value)
        else:
            _to_name(scope, target, scope.value(node.value))


def _together(scope: Scope, node: ast.Assign, target: ast.Tuple) -> None:
    if not isinstance(node.value, ast.Tuple) or len(node.targets) > 1:
        raise scope.refusal(node, "several names take as many expressions")
    values = [scope.value(expression) for expression in node.value.elts]
    for name, value in zip(target.elts, values, strict=True):
        _to_name(scope, name, value)


def _to_name(scope: Scope, target: ast.expr, value: Value) -> None:
    if not isinstance(target, ast.Name):
        raise scope.refusal(target, "one assigns to names and to parts of arrays")
    if value.kind is NONE:
        raise scope.refusal(target, "this call gives nothing")
    scope.bind(target.id, value, target)


def annotated(scope: Scope, node: ast.AnnAssign) -> None:
    """`x: float = 0`."""
    if node.value is None or not isinstance(node.target, ast.Name):
        raise scope.refusal(node, "an annotation stands before a first value")
    kind = scope.source.kind(node.annotation)
    value = scope.converted(scope.value(node.value), kind, node)
    scope.bind(node.target.id, value, node)


def augmented(scope: Scope, node: ast.AugAssign) -> None:
    """`x += ...`, `v[i] += ...`, and for all entries of a vector, `v += ...`."""
    kind = scope.probe(node.target)
    if kind in vectors.ARRAYS:
        if type(node.op) not in (ast.Add, ast.Sub, ast.Mult, ast.Div):
            raise scope.refusal(node, "vectors take += -= *= and /=")
        vectors.assign(scope, node.target, node.value, node.op)
        return
    result = ast.BinOp(node.target, node.op, node.value)
    ast.copy_location(result, node)
    if isinstance(node.target, ast.Subscript):
        _into_array(scope, node.target, result)
    else:
        _to_name(scope, node.target, scope.value(result))


def _into_array(scope: Scope, target: ast.Subscript, expression: ast.expr) -> None:
    base = scope.value(target.value)
    whole_row = base.kind is MATRIX and not isinstance(target.slice, ast.Tuple)
    if isinstance(target.slice, ast.Slice) or whole_row:
        if base.kind is INTEGERS:
            _integers(scope, scope.value(target), scope.value(expression), expression)
        else:
            vectors.assign(scope, target, expression, None)
        return
    # The value comes first, as in Python; the place may depend on nothing it does.
    value = scope.value(expression)
    kind, pointer = entry(scope, target, base)
    text = scope.converted(value, kind, expression).text
    scope.assembler.statement(f"store {kind.parts[0]} {text}, ptr {pointer}")


def _integers(scope: Scope, place: Value, value: Value, node: ast.expr) -> None:
    """Fill or copy ints, one by one."""
    if value.kind not in (INT, INTEGERS):
        raise scope.refusal(node, "ints are filled by an int or by one other vector")
    slot = scope.assembler.reserve("i64")
    scope.assembler.statement(f"store i64 0, ptr {slot}")
    head, body, end = scope.label("head"), scope.label("body"), scope.label("end")
    scope.place(head)
    index = scope.emit(f"load i64, ptr {slot}")
    scope.branch(scope.emit(f"icmp slt i64 {index}, {place.parts[1]}"), body, end)
    scope.place(body)
    text = value.text
    if value.kind is INTEGERS:
        source = scope.emit(
            f"getelementptr inbounds i64, ptr {value.text}, i64 {index}"
        )
        text = scope.emit(f"load i64, ptr {source}")
    target = scope.emit(f"getelementptr inbounds i64, ptr {place.text}, i64 {index}")
    scope.assembler.statement(f"store i64 {text}, ptr {target}")
    following = scope.emit(f"add nuw nsw i64 {index}, 1")
    scope.assembler.statement(f"store i64 {following}, ptr {slot}")
    scope.jump(head)
    scope.place(end)


# --- control flow ------------------------------------------------------------------


def branch(scope: Scope, node: ast.If) -> None:
    """`if`, `elif`, `else`."""
    yes, no, end = scope.label("then"), scope.label("else"), scope.label("endif")
    scope.branch(scope.condition(node.test), yes, no)
    scope.place(yes)
    scope.run(node.body)
    scope.jump(end)
    scope.place(no)
    scope.run(node.orelse)
    scope.jump(end)
    ends = _ends(node.body) and _ends(node.orelse)
    scope.place(end)
    if ends:
        scope.assembler.statement("unreachable")
        scope.ended = True


def _ends(statements: list[ast.stmt]) -> bool:
    """Tell whether control never passes the end of these statements."""
    match statements[-1:]:
        case [ast.Return() | ast.Break() | ast.Continue()]:
            return True
        case [ast.If(_, body, orelse)]:
            return _ends(body) and _ends(orelse)
        case _:
            pass
    return False


def repeat(scope: Scope, node: ast.While) -> None:
    """`while`."""
    if node.orelse:
        raise scope.refusal(node, "a loop has no else")
    head, body, end = scope.label("while"), scope.label("body"), scope.label("endwhile")
    scope.place(head)
    scope.branch(scope.condition(node.test), body, end)
    scope.place(body)
    _inside(scope, node.body, (head, end))
    scope.jump(head)
    scope.place(end)


def count(scope: Scope, node: ast.For) -> None:
    """`for i in range(...)`; a step is a literal."""
    first, last, step = _range(scope, node)
    if not isinstance(node.target, ast.Name) or node.orelse:
        raise scope.refusal(node, "a loop counts by one name and has no else")
    slot = scope.assembler.reserve("i64")
    scope.assembler.statement(f"store i64 {first}, ptr {slot}")
    labels = [scope.label(stem) for stem in ("for", "body", "next", "endfor")]
    head, body, following, end = labels
    scope.place(head)
    index = scope.emit(f"load i64, ptr {slot}")
    test = "slt" if step > 0 else "sgt"
    scope.branch(scope.emit(f"icmp {test} i64 {index}, {last}"), body, end)
    scope.place(body)
    scope.bind(node.target.id, number(INT, index), node)
    _inside(scope, node.body, (following, end))
    scope.place(following)
    moved = scope.emit(f"add nsw i64 {index}, {step}")
    scope.assembler.statement(f"store i64 {moved}, ptr {slot}")
    scope.jump(head)
    scope.place(end)


def _range(scope: Scope, node: ast.For) -> tuple[str, str, int]:
    step = 1
    match node.iter:
        case ast.Call(ast.Name("range"), [last], []):
            return "0", scope.number(last, INT), step
        case ast.Call(ast.Name("range"), [first, last], []):
            pass
        case ast.Call(ast.Name("range"), [first, last, by], []):
            step = _literal_step(scope, by)
        case _:
            raise scope.refusal(node, "a loop runs over range(...)")
    return scope.number(first, INT), scope.number(last, INT), step


def _literal_step(scope: Scope, node: ast.expr) -> int:
    minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    size = scope.number(node.operand if isinstance(node, ast.UnaryOp) else node, INT)
    if not size.isdecimal() or size == "0":
        message = "the step of a range is a literal or a constant, and not 0"
        raise scope.refusal(node, message)
    return -int(size) if minus else int(size)


def _inside(scope: Scope, body: list[ast.stmt], labels: tuple[str, str]) -> None:
    scope.loops.append(labels)
    scope.run(body)
    scope.loops.pop()


def leave(scope: Scope, node: ast.Return) -> None:
    """`break` and `continue`."""
    following, end = scope.loops[-1]
    scope.jump(end if isinstance(node, ast.Break) else following)


def give_back(scope: Scope, node: ast.Return) -> None:
    """`return`."""
    if (node.value is None) != (scope.result is NONE):
        raise scope.refusal(node, f"this kernel returns {scope.result.name}")
    if node.value is None:
        scope.assembler.statement("ret void")
    else:
        text = scope.number(node.value, scope.result)
        scope.assembler.statement(f"ret {scope.result.parts[0]} {text}")
    scope.ended = True


def expression(scope: Scope, node: ast.Expr) -> None:
    """A call for its effect, or a docstring."""
    match node.value:
        case ast.Constant(str()):
            return
        case ast.Call():
            scope.value(node.value)
            return
        case _:
            pass
    raise scope.refusal(node, "an expression by itself has no effect")


def nothing(scope: Scope, node: ast.stmt) -> None:
    """`pass`."""


RULES: Final[Mapping[type, StatementRule]] = {
    ast.Assign: assign,
    ast.AnnAssign: annotated,
    ast.AugAssign: augmented,
    ast.If: branch,
    ast.While: repeat,
    ast.For: count,
    ast.Break: leave,
    ast.Continue: leave,
    ast.Return: give_back,
    ast.Expr: expression,
    ast.Pass: nothing,
}
