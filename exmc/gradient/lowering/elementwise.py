"""Rules of what numpy does entry by entry."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from exmc.gradient.lowering.masking import chosen, is_zero, product

if TYPE_CHECKING:
    from exmc.gradient.lowering.lowering import Given, Lowering
    from exmc.gradient.lowering.table import Rule, Rules
    from exmc.gradient.lowering.term import Term
    from exmc.gradient.node import Node

LOG_2 = math.log(2.0)
LARGEST = np.finfo(np.float64).max


def same_op(op: str) -> Rule:
    """Return the rule of a function that is an operation of programs."""

    def rule(low: Lowering, *arguments: Given) -> Node:
        return low.build.pointwise(op, *map(low.node, arguments))

    return rule


def formula(function: Rule) -> Rule:
    """Return the rule of a function that is a formula of its arguments."""

    def rule(low: Lowering, *arguments: Given) -> Node:
        term: Term = function(*map(low.term, arguments))
        return term.node

    return rule


def _identity(low: Lowering, x: Given, *_options: Given, **_more: Given) -> Node:
    return low.node(x)


# Sums and products; of truth values they are "or" and "and", as numpy has it.


def _add(low: Lowering, x: Given, y: Given) -> Node:
    truths = low.is_truth(0) and low.is_truth(1)
    return low.build.pointwise("max" if truths else "add", low.node(x), low.node(y))


def _subtract(low: Lowering, x: Given, y: Given) -> Node:
    return low.build.sub(low.node(x), low.node(y))


def _multiply(low: Lowering, x: Given, y: Given) -> Node:
    one, other = low.node(x), low.node(y)
    if low.is_backward and low.is_truth(0) != low.is_truth(1):
        # A gradient times truth values is a gradient that they choose.
        gradient, truth = (other, one) if low.is_truth(0) else (one, other)
        return chosen(low, truth, gradient)
    return product(low, one, other)


def _divide(low: Lowering, x: Given, y: Given) -> Node:
    return product(low, low.node(x), low.build.recip(low.node(y)))


def _negative(low: Lowering, x: Given) -> Node:
    node = low.node(x)
    if node in low.masks:
        condition, inner = low.masks[node]
        return chosen(low, condition, low.build.neg(inner))
    return low.build.neg(node)


def _power(low: Lowering, x: Given, y: Given) -> Node:
    return low.build.pointwise("pow", low.node(x), low.node(y))


# Comparisons and truth values


def _swapped(op: str) -> Rule:
    return formula(lambda x, y: y.of(op, x))


def _truths(low: Lowering, *arguments: Given) -> list[Term]:
    return [
        low.term(x) if low.is_truth(n) else low.term(x).truth()
        for n, x in enumerate(arguments)
    ]


def _logical(function: Rule) -> Rule:
    def rule(low: Lowering, *arguments: Given) -> Node:
        term: Term = function(*_truths(low, *arguments))
        return term.node

    return rule


def _bitwise(function: Rule) -> Rule:
    """Return the rule of an operator that is logical between truth values only."""
    logical = _logical(function)

    def rule(low: Lowering, *arguments: Given) -> Given:
        if not all(low.is_truth(n) for n, _ in enumerate(arguments)):
            raise low.refuse("is applied to whole numbers")
        return logical(low, *arguments)

    return rule


def _and(x: Term, y: Term) -> Term:
    return x * y


def _or(x: Term, y: Term) -> Term:
    return x.of("max", y)


def _xor(x: Term, y: Term) -> Term:
    return x.equals(y).negated()


def _not(x: Term) -> Term:
    return x.negated()


def _is_nan(x: Term) -> Term:
    return x.equals(x).negated()


def _where(low: Lowering, condition: Given, x: Given, y: Given) -> Node:
    test, yes, no = low.node(condition), low.node(x), low.node(y)
    if low.is_backward and is_zero(no):
        return chosen(low, test, yes)
    if low.is_backward and is_zero(yes):
        return chosen(low, low.term(test).negated().node, no)
    return low.build.pointwise("where", test, yes, no)


# Rounding


def _ceil(x: Term) -> Term:
    return -(-x).of("floor")


def _trunc(x: Term) -> Term:
    return (x < 0.0).chosen(_ceil(x), x.of("floor"))


def _rounded(low: Lowering, x: Given, decimals: Given = 0, **_more: Given) -> Node:
    if decimals != 0:
        raise low.refuse("has decimals")
    return _rint(low.term(x)).node


def _rint(x: Term) -> Term:
    """Halves go to the even neighbour."""
    up = (x + 0.5).of("floor")
    odd = (0.5 * up).of("floor").equals(0.5 * up).negated()
    return (up.equals(x + 0.5) * odd).chosen(up - 1.0, up)


def _astype(low: Lowering, x: Given, dtype: Given, **_more: Given) -> Node:
    kind = np.dtype(low.plain(dtype)).kind
    if kind == "b":
        return low.term(x).truth().node
    source = low.step.arguments[0].value.dtype.kind
    return _trunc(low.term(x)).node if kind in "iu" and source == "f" else low.node(x)


def _floor_divide(x: Term, y: Term) -> Term:
    return _quotient(x, y)[0]


def _remainder(x: Term, y: Term) -> Term:
    return _quotient(x, y)[1]


def _quotient(x: Term, y: Term) -> tuple[Term, Term]:
    """Return the floor of x / y and the remainder.

    x times the reciprocal of y may fall just below a whole number that x / y is.
    """
    near = (x / y).of("floor")
    rest = x - near * y
    size = rest * y.of("sign")
    step = (size >= abs(y)) - (size < 0.0)
    return near + step, rest - step * y


def _fmod(x: Term, y: Term) -> Term:
    return x.of("sign") * _remainder(abs(x), abs(y))


# Functions in terms of others


def _sinh(x: Term) -> Term:
    return 0.5 * (x.of("expm1") - (-x).of("expm1"))


def _cosh(x: Term) -> Term:
    return 0.5 * (x.exp() + (-x).exp())


def _arcsin(x: Term) -> Term:
    return (x / ((1.0 - x) * (1.0 + x)).sqrt()).of("atan")


def _arccos(x: Term) -> Term:
    return 2.0 * ((1.0 - x) / (1.0 + x)).sqrt().of("atan")


def _arcsinh(x: Term) -> Term:
    size = abs(x)
    square = size * size
    near = (size + square / (1.0 + (1.0 + square).sqrt())).log1p()
    return x.of("sign") * (size < 1e8).chosen(near, size.log() + LOG_2)


def _arccosh(x: Term) -> Term:
    over = x - 1.0
    near = (over + (over * (x + 1.0)).sqrt()).log1p()
    return (x < 1e8).chosen(near, x.log() + LOG_2)


def _arctanh(x: Term) -> Term:
    return 0.5 * (x.log1p() - (-x).log1p())


def _arctan2(y: Term, x: Term) -> Term:
    half_turn = (y < 0.0).chosen(-math.pi, math.pi)
    turned = (y / x).of("atan") + (x < 0.0).chosen(half_turn, 0.0)
    return (x.equals(0.0) * y.equals(0.0)).chosen(0.0, turned)


def _hypot(x: Term, y: Term) -> Term:
    long, short = abs(x).of("max", abs(y)), abs(x).of("min", abs(y))
    ratio = short / long
    return long.equals(0.0).chosen(0.0, long * (1.0 + ratio * ratio).sqrt())


def _logaddexp(x: Term, y: Term) -> Term:
    return x.equals(-math.inf).chosen(y, x + (y - x).of("softplus"))


def _sinc(x: Term) -> Term:
    turn = math.pi * x
    return x.equals(0.0).chosen(1.0, turn.of("sin") / turn)


def _nan_to_num(x: Term) -> Term:
    finite = x.of("max", -LARGEST).of("min", LARGEST)
    return _is_nan(x).chosen(0.0, finite)


def _clip(
    low: Lowering, x: Given, a_min: Given = None, a_max: Given = None, **more: Given
) -> Node:
    lower, upper = more.get("min", a_min), more.get("max", a_max)
    node = low.node(x)
    if lower is not None:
        node = low.build.pointwise("max", node, low.node(lower))
    if upper is not None:
        node = low.build.pointwise("min", node, low.node(upper))
    return node


RULES: Rules = {
    "_astype": _astype,
    "_original_where": _where,
    "abs": same_op("abs"),
    "absolute": same_op("abs"),
    "add": _add,
    "arccos": formula(_arccos),
    "arccosh": formula(_arccosh),
    "arcsin": formula(_arcsin),
    "arcsinh": formula(_arcsinh),
    "arctan": same_op("atan"),
    "arctan2": formula(_arctan2),
    "arctanh": formula(_arctanh),
    "around": _rounded,
    "asarray": _identity,
    "astype": _astype,
    "bitwise_and": _bitwise(_and),
    "bitwise_or": _bitwise(_or),
    "bitwise_xor": _bitwise(_xor),
    "ceil": formula(_ceil),
    "clip": _clip,
    "conj": _identity,
    "conjugate": _identity,
    "copy": _identity,
    "cos": same_op("cos"),
    "cosh": formula(_cosh),
    "deg2rad": formula(lambda x: x * (math.pi / 180.0)),
    "degrees": formula(lambda x: x * (180.0 / math.pi)),
    "divide": _divide,
    "equal": same_op("eq"),
    "exp": same_op("exp"),
    "exp2": formula(lambda x: (x * LOG_2).exp()),
    "expm1": same_op("expm1"),
    "fabs": same_op("abs"),
    "fix": formula(_trunc),
    "floor": same_op("floor"),
    "floor_divide": formula(_floor_divide),
    "fmod": formula(_fmod),
    "greater": _swapped("lt"),
    "greater_equal": _swapped("le"),
    "hypot": formula(_hypot),
    "invert": _bitwise(_not),
    "isfinite": formula(lambda x: abs(x) < math.inf),
    "isinf": formula(lambda x: abs(x).equals(math.inf)),
    "isnan": formula(_is_nan),
    "less": same_op("lt"),
    "less_equal": same_op("le"),
    "log": same_op("log"),
    "log10": formula(lambda x: x.log() * (1.0 / math.log(10.0))),
    "log1p": same_op("log1p"),
    "log2": formula(lambda x: x.log() * (1.0 / LOG_2)),
    "logaddexp": formula(_logaddexp),
    "logical_and": _logical(_and),
    "logical_not": _logical(_not),
    "logical_or": _logical(_or),
    "logical_xor": _logical(_xor),
    "maximum": same_op("max"),
    "minimum": same_op("min"),
    "mod": formula(_remainder),
    "multiply": _multiply,
    "nan_to_num": formula(_nan_to_num),
    "negative": _negative,
    "not_equal": formula(lambda x, y: x.equals(y).negated()),
    "positive": _identity,
    "power": _power,
    "rad2deg": formula(lambda x: x * (180.0 / math.pi)),
    "radians": formula(lambda x: x * (math.pi / 180.0)),
    "real": _identity,
    "reciprocal": same_op("recip"),
    "remainder": formula(_remainder),
    "rint": formula(_rint),
    "round": _rounded,
    "sign": same_op("sign"),
    "sin": same_op("sin"),
    "sinc": formula(_sinc),
    "sinh": formula(_sinh),
    "sqrt": same_op("sqrt"),
    "square": formula(lambda x: x * x),
    "subtract": _subtract,
    "tan": formula(lambda x: x.of("sin") / x.of("cos")),
    "tanh": same_op("tanh"),
    "true_divide": _divide,
    "trunc": formula(_trunc),
}
"""By the names of autograd's numpy."""
