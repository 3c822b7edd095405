"""How the fast emitter computes: Python's floats, numpy's ufuncs, and BLAS.

Sums and products may be taken in another order than the program's, and quotients
divided at once; so the results are those of the program to rounding only.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Final

from exmc.gradient.attributes import axes_of
from exmc.gradient.program import POINTWISE
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
from exmc.gradient.source.structure import STRUCTURE, called

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exmc.gradient.program import Instruction, Shape
    from exmc.gradient.source.writer import Rule, Writer


def _neg(writer: Writer, node: Instruction) -> Expression:
    x = writer.value(node.args[0])
    return Expression(f"-{x.within(PRODUCT)}", PRODUCT, x.real)


def _recip(writer: Writer, node: Instruction) -> Expression:
    x = writer.value(node.args[0])
    return Expression(f"1.0 / {x.within(ATOM)}", PRODUCT, x.real)


def _sigmoid(writer: Writer, node: Instruction) -> Expression:
    x = writer.value(node.args[0])
    exp = "exp" if x.real else "float_exp"
    return Expression(f"1.0 / (1.0 + {exp}(-{x.within(PRODUCT)}))", PRODUCT, x.real)


def _add(writer: Writer, node: Instruction) -> Expression:
    """Write a + b - c: numbers before arrays, what is added before what is not."""
    terms = [_signed(writer, n) for n in node.args]
    numbers = [t for t in terms if t[1].is_scalar]
    arrays = [t for t in terms if not t[1].is_scalar]
    if len(numbers) > 1 and arrays:
        numbers = [(False, _sum(numbers))]
    return _sum(numbers + arrays)


def _signed(writer: Writer, n: int) -> tuple[bool, Expression]:
    """Return whether a term is subtracted, and what."""
    if writer.node(n).op == "neg" and writer.is_open(n):
        return True, writer.value(writer.node(n).args[0])
    return False, writer.value(n)


def _sum(terms: Sequence[tuple[bool, Expression]]) -> Expression:
    plus = [e.within(PRODUCT) for minus, e in terms if not minus]
    minus = [e.within(PRODUCT) for minus, e in terms if minus]
    text = " + ".join(plus) + "".join(f" - {t}" for t in minus)
    return Expression(text.strip(), SUM, real_of(*(e for _, e in terms)))


def _mul(writer: Writer, node: Instruction) -> Expression:
    return _product(writer, node.args)


def _product(writer: Writer, args: Sequence[int]) -> Expression:
    """Write a * b / c: numbers before arrays."""
    factors = [_powered(writer, n) for n in args]
    numbers = [f for f in factors if f[1].is_scalar]
    arrays = [f for f in factors if not f[1].is_scalar]
    if any(over for over, _ in numbers) and len(numbers) > 1 and arrays:
        numbers = [(False, _quotient(numbers))]
    return _quotient(numbers + arrays)


def _powered(writer: Writer, n: int) -> tuple[bool, Expression]:
    """Return whether a factor is divided by, and what."""
    if writer.node(n).op == "recip" and writer.is_open(n):
        return True, writer.value(writer.node(n).args[0])
    return False, writer.value(n)


def _quotient(factors: Sequence[tuple[bool, Expression]]) -> Expression:
    if len(factors) == 1 and not factors[0][0]:
        return factors[0][1]
    above = [e for over, e in factors if not over]
    below = [e.within(ATOM) for over, e in factors if over]
    # The first factor may be a quotient; a later one would be divided into all.
    texts = [e.within(ATOM if k else PRODUCT) for k, e in enumerate(above)]
    text = " / ".join([" * ".join(texts) or "1.0", *below])
    return Expression(text, PRODUCT, real_of(*(e for _, e in factors)))


def _compare(writer: Writer, node: Instruction) -> Expression:
    condition = _comparison(writer, node)
    if condition.is_scalar:
        return Expression(f"1.0 if {condition.text} else 0.0", CHOICE, ())
    return Expression(f"1.0 * ({condition.text})", PRODUCT, condition.real)


def _comparison(writer: Writer, node: Instruction) -> Expression:
    """Write `x < y`, which is a truth value or an array of them."""
    x, y = (writer.value(n) for n in node.args)
    sign = {"lt": "<", "le": "<=", "eq": "=="}[node.op]
    text = f"{x.within(SUM)} {sign} {y.within(SUM)}"
    return Expression(text, CHOICE, real_of(x, y))


def _where(writer: Writer, node: Instruction) -> Expression:
    c, a, b = node.args
    if writer.is_open(c) and writer.node(c).op in {"lt", "le", "eq"}:
        condition = _comparison(writer, writer.node(c))
    else:
        x = writer.value(c)
        condition = Expression(f"{x.within(SUM)} != 0.0", CHOICE, x.real)
    yes, no = writer.value(a), writer.value(b)
    if condition.is_scalar:
        text = f"{yes.within(SUM)} if {condition.text} else {no.within(SUM)}"
        if yes.real == no.real:
            return Expression(text, CHOICE, yes.real)
    text = f"where({condition.text}, {yes.text}, {no.text})"
    return atom(text, real_of(condition, yes, no))


def _total(writer: Writer, node: Instruction) -> Expression:
    """Write a sum as a product with a vector, of ones if there is no other."""
    (x,) = node.args
    if len(axes_of(node)) == len(writer.node(x).shape):
        return _full_sum(writer, x)
    shape, axes = writer.node(x).shape, axes_of(node)
    if len(shape) == 2:
        ones, text = writer.ones(shape[axes[0]]), writer.whole(x)
        product = f"{ones}.dot({text})" if axes == (0,) else f"{text}.dot({ones})"
        return atom(product, node.shape)
    return atom(f"add_reduce({writer.whole(x)}, {tuple_text(axes)})", node.shape)


def _full_sum(writer: Writer, x: int) -> Expression:
    """Write the sum of a product as the number in it times a dot product."""
    node, shape = writer.node(x), writer.node(x).shape
    factors = node.args if node.op == "mul" and writer.is_open(x) else (x,)
    arrays = [n for n in factors if not writer.value(n).is_scalar]
    numbers = [n for n in factors if writer.value(n).is_scalar]
    if not arrays or any(writer.value(n).real != shape for n in arrays):
        return _dot(writer.whole(x), writer.ones(prod(shape)), shape)
    total = _inner(writer, arrays, shape)
    if not numbers:
        return total
    return Expression(f"{_product(writer, numbers).text} * {total.text}", PRODUCT, ())


def _inner(writer: Writer, arrays: Sequence[int], shape: Shape) -> Expression:
    """Write the sum of a product of arrays; the last that multiplies stands alone."""
    places = [k for k, n in enumerate(arrays) if not _powered(writer, n)[0]]
    if len(arrays) == 1 or not places:
        left = _product(writer, arrays)
        return _dot(left.within(ATOM), writer.ones(prod(shape)), shape)
    last = places[-1]
    left = _product(writer, [*arrays[:last], *arrays[last + 1 :]])
    return _dot(left.within(ATOM), writer.value(arrays[last]).text, shape)


def _dot(left: str, right: str, shape: Shape) -> Expression:
    """Write the dot product of two arrays, or of one and a vector of ones."""
    if len(shape) > 1:
        left = f"ravel({left})"
        right = right if right.startswith("ones_") else f"ravel({right})"
    return atom(f"float({left}.dot({right}))")


def _amax(writer: Writer, node: Instruction) -> Expression:
    shape, axes = writer.node(node.args[0]).shape, axes_of(node)
    x = writer.whole(node.args[0])
    if len(axes) < len(shape):
        return atom(f"maximum_reduce({x}, {tuple_text(axes)})", node.shape)
    flat = x if len(shape) == 1 else f"ravel({x})"
    return atom(f"float(maximum_reduce({flat}))")


def _combine(writer: Writer, node: Instruction) -> Expression:
    m, x = (writer.whole(n) for n in node.args)
    return atom(f"{x}.dot({m})", node.shape)


def _project(writer: Writer, node: Instruction) -> Expression:
    m, g = (writer.whole(n) for n in node.args)
    return atom(f"{m}.dot({g})", node.shape)


def _recur(writer: Writer, node: Instruction) -> Expression:
    a, x = node.args
    turn = "[..., ::-1]" if node["reverse"] else ""
    series = f"{writer.whole(x)}{turn}"
    if writer.node(a).op == "const" and writer.node(a)["value"] == 1.0:
        return atom(f"add_accumulate({series}, -1){turn}", node.shape)
    factor = writer.value(a)
    text = factor.text if factor.is_scalar else f"{writer.whole(a)}{turn}"
    return atom(f"recurrence({text}, {series}){turn}", node.shape)


def _linear_algebra(writer: Writer, node: Instruction) -> Expression:
    args = ", ".join(writer.whole(n) for n in node.args)
    return atom(f"{node.op}({args})", node.shape)


def _inverse(writer: Writer, lower: int) -> str:
    """Return the name of the inverse of a lower triangle: all its readers share it."""
    triangle = writer.whole(lower)
    if writer.node(lower).op != "cholesky":
        triangle = f"tril({triangle})"
    return writer.once(f"i{lower}", f"inverse({triangle})", lower)


def _solve_lower(writer: Writer, node: Instruction) -> Expression:
    lower, right = node.args
    inverse, b = _inverse(writer, lower), writer.whole(right)
    if not node["transposed"]:
        return atom(f"{inverse}.dot({b})", node.shape)
    return atom(f"{inverse}.T.dot({b})", node.shape)


def _cholesky_back(writer: Writer, node: Instruction) -> Expression:
    lower, g = node.args
    text = f"{writer.whole(lower)}, {_inverse(writer, lower)}, {writer.whole(g)}"
    return atom(f"cholesky_back({text})", node.shape)


FAST: Final[Mapping[str, Rule]] = {
    **STRUCTURE,
    **dict.fromkeys(POINTWISE, called),
    "neg": _neg,
    "recip": _recip,
    "sigmoid": _sigmoid,
    "add": _add,
    "mul": _mul,
    **dict.fromkeys(("lt", "le", "eq"), _compare),
    "where": _where,
    "sum": _total,
    "amax": _amax,
    "combine": _combine,
    "project": _project,
    "recur": _recur,
    "solve_lower": _solve_lower,
    "cholesky_back": _cholesky_back,
    **dict.fromkeys(("cholesky", "gaussian"), _linear_algebra),
}
