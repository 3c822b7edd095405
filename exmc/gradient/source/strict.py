"""How the strict emitter computes: in the program's order, one operation at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import axes_of
from exmc.gradient.program import POINTWISE, scatter_sums
from exmc.gradient.source.expression import (
    ATOM,
    CHOICE,
    PRODUCT,
    SUM,
    Expression,
    atom,
    real_of,
    tuple_text,
)
from exmc.gradient.source.structure import STRUCTURE, called, flat, shaped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exmc.gradient.program import Instruction
    from exmc.gradient.source.writer import Rule, Writer


def _neg(writer: Writer, node: Instruction) -> Expression:
    x = writer.value(node.args[0])
    return Expression(f"-{x.within(ATOM)}", PRODUCT, x.real)


def _recip(writer: Writer, node: Instruction) -> Expression:
    (x,) = node.args
    if writer.value(x).real:
        return Expression(f"1.0 / {writer.value(x).within(ATOM)}", PRODUCT, node.shape)
    name = writer.name(x)
    return Expression(f"1.0 / {name} if {name} else float_recip({name})", CHOICE, ())


def _add(writer: Writer, node: Instruction) -> Expression:
    """Write a + b - c, from left to right; numbers of Python stand for every entry."""
    terms = [writer.value(n) for n in node.args]
    text = terms[0].within(SUM)
    for n in node.args[1:]:
        if writer.node(n).op == "neg" and writer.is_open(n):
            text += f" - {writer.value(writer.node(n).args[0]).within(PRODUCT)}"
        else:
            text += f" + {writer.value(n).within(PRODUCT)}"
    return Expression(text, SUM, real_of(*terms))


def _mul(writer: Writer, node: Instruction) -> Expression:
    return _product([writer.value(n) for n in node.args])


def _product(factors: Sequence[Expression]) -> Expression:
    first, *rest = factors
    if not rest:
        return first
    texts = [first.within(PRODUCT), *(factor.within(ATOM) for factor in rest)]
    return Expression(" * ".join(texts), PRODUCT, real_of(*factors))


def _sum(writer: Writer, node: Instruction) -> Expression:
    """Write a sum; that of a product of vectors needs no array of its own."""
    (x,) = node.args
    inner = writer.node(x)
    if len(inner.shape) > 1:
        return _reduction(writer, node)
    if inner.op == "mul" and writer.is_open(x):
        *before, last = [writer.value(n) for n in inner.args]
        left = _product(before)
        if left.real == last.real == inner.shape:
            return atom(f"dot({left.text}, {last.text})")
    return atom(f"lane_sum({writer.whole(x)})")


def _scatter(writer: Writer, node: Instruction) -> Expression:
    """Write four partial sums a place as places of their own."""
    x, index = node.args
    count = scatter_sums(writer.node(x).size, node.size)
    if count == 1:
        return STRUCTURE["scatter"](writer, node)
    places = writer.once(f"q{index}", f"quartered({writer.whole(index)})", index)
    partial = f"bincount({places}, {flat(writer, x)}, {count * node.size})"
    return shaped(f"joined({partial})", node)


def _reduction(writer: Writer, node: Instruction) -> Expression:
    (x,) = node.args
    axes = tuple_text(axes_of(node))
    return _made(f"{node.op}({writer.whole(x)}, {axes})", node)


def _whole_call(writer: Writer, node: Instruction) -> Expression:
    """Write a call on arrays of full shape, with the attributes as keywords."""
    args = [writer.whole(n) for n in node.args]
    args += [f"{name}={value}" for name, value in node.attributes]
    return _made(f"{node.op}({', '.join(args)})", node)


def _made(text: str, node: Instruction) -> Expression:
    return atom(text if node.shape else f"float({text})", node.shape)


STRICT: Final[Mapping[str, Rule]] = {
    **STRUCTURE,
    **dict.fromkeys(POINTWISE, called),
    "neg": _neg,
    "recip": _recip,
    "add": _add,
    "mul": _mul,
    "scatter": _scatter,
    "sum": _sum,
    "amax": _reduction,
    **dict.fromkeys(
        (
            "combine",
            "project",
            "recur",
            "cholesky",
            "cholesky_back",
            "solve_lower",
            "gaussian",
        ),
        _whole_call,
    ),
}
