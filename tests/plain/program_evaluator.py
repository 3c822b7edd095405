"""What a program means, one obvious numpy line an operation.

The oracle of the emitters: it shares no code with them, and is accurate to rounding
(their sums are in another order).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import linalg, special

from exmc.gradient.program import Instruction, Program

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "neg": np.negative,
    "recip": lambda x: 1.0 / x,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "expm1": np.expm1,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "sign": np.sign,
    "floor": np.floor,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "atan": np.arctan,
    "sigmoid": special.expit,
    "softplus": lambda x: np.logaddexp(0.0, x),
    "log1mexp": lambda x: np.where(
        x > -0.7, np.log(-np.expm1(x)), np.log1p(-np.exp(x))
    ),
    "lgamma": special.gammaln,
    "digamma": special.digamma,
    "trigamma": lambda x: special.polygamma(1, x),
    "erf": special.erf,
    "erfc": special.erfc,
    "log_ndtr": special.log_ndtr,
    "log_ndtr_slope": lambda x: np.sqrt(2 / np.pi) / special.erfcx(-x / np.sqrt(2)),
    "pow": np.power,
    "max": np.maximum,
    "min": np.minimum,
    "lt": lambda x, y: np.where(x < y, 1.0, 0.0),
    "le": lambda x, y: np.where(x <= y, 1.0, 0.0),
    "eq": lambda x, y: np.where(x == y, 1.0, 0.0),
    "add": lambda *terms: sum(terms[1:], terms[0]),
    "mul": lambda *terms: np.prod(np.broadcast_arrays(*terms), axis=0),
    "where": lambda c, a, b: np.where(c != 0.0, a, b),
}


def positions(shape: Sequence[int], offset: int, strides: Sequence[int]) -> Any:
    """The flat positions that a view reads."""
    steps = [s * np.arange(n) for n, s in zip(shape, strides, strict=True)]
    total = np.array(offset)
    for axis, step in enumerate(steps):
        total = total + step.reshape(
            [-1 if a == axis else 1 for a in range(len(steps))]
        )
    return total


def _recur(a: Any, x: Any, *, reverse: bool) -> Any:
    y = np.zeros_like(x)
    a = np.broadcast_to(a, x.shape)
    order = range(x.shape[-1])
    last = np.zeros(x.shape[:-1])
    for t in reversed(order) if reverse else order:
        last = y[..., t] = a[..., t] * last + x[..., t]
    return y


def _cholesky_back(lower: Any, g: Any) -> Any:
    """Giles (2008), reverse mode of the Cholesky factorisation, by solves."""
    half = np.tril(lower.T @ np.tril(g))
    half[np.diag_indices_from(half)] *= 0.5
    left = linalg.solve_triangular(lower, half, lower=True, trans="T")
    both = linalg.solve_triangular(lower, left.T, lower=True, trans="T").T
    return 0.5 * (both + both.T)


def _gaussian(k: Any, r: Any) -> Any:
    inverse = np.linalg.inv(k)
    value = -0.5 * r @ inverse @ r - 0.5 * np.linalg.slogdet(k)[1]
    return np.concatenate([[value], inverse @ r, inverse.ravel()])


def _value(node: Instruction, args: list[Any]) -> Any:  # noqa: C901, PLR0911, PLR0912 - a table
    match node.op:
        case "view":
            at = positions(node.shape, node["offset"], node["strides"])  # type: ignore[arg-type]
            return args[0].ravel()[at]
        case "gather":
            return args[0].ravel()[args[1]]
        case "scatter":
            return np.bincount(
                args[1].ravel(), args[0].ravel(), int(np.prod(node.shape))
            ).reshape(node.shape)
        case "assemble":
            out = np.zeros(node.size)
            for (offset, strides), part in zip(node["places"], args, strict=True):  # type: ignore[arg-type,misc,str-unpack]
                out[positions(np.shape(part), offset, strides)] = part  # type: ignore[arg-type]
            return out.reshape(node.shape)
        case "sum":
            return np.sum(args[0], axis=node["axes"])  # type: ignore[arg-type]
        case "amax":
            return np.max(args[0], axis=node["axes"])  # type: ignore[arg-type]
        case "combine":
            return args[1] @ args[0]
        case "project":
            return args[0] @ args[1]
        case "recur":
            return _recur(*args, reverse=bool(node["reverse"]))
        case "cholesky":
            return np.linalg.cholesky(args[0])
        case "cholesky_back":
            return _cholesky_back(*args)
        case "solve_lower":
            turn = "T" if node["transposed"] else "N"
            return linalg.solve_triangular(args[0], args[1], lower=True, trans=turn)
        case "gaussian":
            return _gaussian(*args)
        case _:
            return np.broadcast_to(FUNCTIONS[node.op](*args), node.shape)


def evaluate(program: Program, data: Sequence[Any], z: Any) -> tuple[float, Any]:
    """Return the scalar and the vector output at z."""
    values: list[Any] = []
    with np.errstate(all="ignore"):
        for _, node in program:
            match node.op:
                case "input":
                    values.append(np.asarray(z, dtype=np.float64))
                case "data":
                    values.append(data[node["slot"]])  # type: ignore[index]
                case "const":
                    values.append(np.float64(node["value"]))  # type: ignore[arg-type]
                case _:
                    values.append(_value(node, [values[n] for n in node.args]))
    vector = np.ravel(values[program.vector])
    return float(values[program.scalar]), vector
