"""Leaves, calls, and operations that only move numbers: alike for every emitter."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import place_of
from exmc.gradient.source.expression import Expression, atom, number, real_of
from exmc.gradient.source.views import real_shape, view_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.gradient.program import Instruction
    from exmc.gradient.source.writer import Rule, Writer


def _input(_writer: Writer, node: Instruction) -> Expression:
    return atom("z", node.shape)


def _data(_writer: Writer, node: Instruction) -> Expression:
    name = f"d{node['slot']}"
    return atom(name if node.shape else f"{name}.item()", node.shape)


def _const(_writer: Writer, node: Instruction) -> Expression:
    return number(float(str(node["value"])))


def _view(writer: Writer, node: Instruction) -> Expression:
    (x,) = node.args
    if writer.value(x).is_scalar:
        return writer.value(x)
    offset, strides = place_of(node)
    if real_shape(node.shape, strides) == ():
        return atom(writer.element(x, offset))
    source = writer.node(x).shape
    return view_of(writer.whole(x), source, node.shape, (offset, strides))


def _gather(writer: Writer, node: Instruction) -> Expression:
    x, index = node.args
    if writer.value(x).is_scalar:
        return writer.value(x)
    taken = f"{writer.whole(x)}.take({writer.value(index).text})"
    return atom(taken if node.shape else f"float({taken})", node.shape)


def _scatter(writer: Writer, node: Instruction) -> Expression:
    x, index = node.args
    places, weights = flat(writer, index), flat(writer, x)
    return shaped(f"bincount({places}, {weights}, {prod(node.shape)})", node)


def called(writer: Writer, node: Instruction) -> Expression:
    """Write `f(x, y)`, on floats or on arrays."""
    args = [writer.value(n) for n in node.args]
    real = real_of(*args)
    name = node.op if real else f"float_{node.op}"
    return atom(f"{name}({', '.join(arg.text for arg in args)})", real)


def flat(writer: Writer, n: int) -> str:
    """Return text of an array's entries as a vector."""
    text = writer.whole(n)
    return text if len(writer.node(n).shape) == 1 else f"ravel({text})"


def shaped(text: str, node: Instruction) -> Expression:
    """Return a vector in the shape of an instruction."""
    reshape = "" if len(node.shape) == 1 else f".reshape{node.shape!r}"
    return atom(f"{text}{reshape}", node.shape)


def _assemble(writer: Writer, node: Instruction) -> Expression:
    return writer.assembled(node)


STRUCTURE: Final[Mapping[str, Rule]] = {
    "input": _input,
    "data": _data,
    "const": _const,
    "view": _view,
    "gather": _gather,
    "scatter": _scatter,
    "assemble": _assemble,
}
