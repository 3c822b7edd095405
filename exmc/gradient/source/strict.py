"""How the strict emitter computes: in the program's order, one operation at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import axes_of
from exmc.gradient.program import POINTWISE
from exmc.gradient.source.expression import (
    ATOM,
    PRODUCT,
    SUM,
    Expression,
    atom,
    real_of,
    tuple_text,
)
from exmc.gradient.source.structure import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.gradient.program import Instruction
    from exmc.gradient.source.writer import Rule, Writer


def _call(writer: Writer, node: Instruction) -> Expression:
    """Write `f(x, y)`, on floats or on arrays."""
    args = [writer.value(n) for n in node.args]
    real = real_of(*args)
    name = node.op if real else f"float_{node.op}"
    return atom(f"{name}({', '.join(arg.text for arg in args)})", real)


def _neg(writer: Writer, node: Instruction) -> Expression:
    x = writer.value(node.args[0])
    return Expression(f"-{x.within(ATOM)}", PRODUCT, x.real)


def _add(writer: Writer, node: Instruction) -> Expression:
    """Write a + b + c, from left to right; numbers of Python stand for every entry."""
    terms = [writer.value(n) for n in node.args]
    first, *rest = terms
    texts = [first.within(SUM), *(term.within(PRODUCT) for term in rest)]
    return Expression(" + ".join(texts), SUM, real_of(*terms))


def _mul(writer: Writer, node: Instruction) -> Expression:
    factors = [writer.value(n) for n in node.args]
    first, *rest = factors
    texts = [first.within(PRODUCT), *(factor.within(ATOM) for factor in rest)]
    return Expression(" * ".join(texts), PRODUCT, real_of(*factors))


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
    **dict.fromkeys(POINTWISE, _call),
    "neg": _neg,
    "add": _add,
    "mul": _mul,
    **dict.fromkeys(("sum", "amax"), _reduction),
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
