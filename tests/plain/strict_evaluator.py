"""The bits that a program's results must have, one Python float at a time.

The oracle of the strict emitter, and through it of machine code: loops over entries,
no numpy arithmetic, no vectors. Linear algebra is left out; its kernels have tests of
their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from exmc.gradient.program import Instruction, Program, lane_axis
from exmc.numerics.elementary import ELEMENTARY
from exmc.numerics.elementary.floats import FLOATS
from tests.plain import program_evaluator as plain

MATRICES = frozenset(("cholesky", "cholesky_back", "solve_lower", "gaussian"))


def folded(op: str, terms: Sequence[float]) -> float:
    total = terms[0]
    for term in terms[1:]:
        total = total + term if op == "add" else total * term
    return total


def pairwise(p: list[float]) -> float:
    a, b, c, d = (p[k] + p[k + 4] for k in range(4))
    return (a + c) + (b + d)


def entry(op: str, args: list[float]) -> float:
    if op in {"add", "mul"}:
        return folded(op, args)
    return float(ELEMENTARY[op](FLOATS, *args))


def pointwise(node: Instruction, args: list[Any]) -> Any:
    full = [np.broadcast_to(arg, node.shape) for arg in args]
    out = np.empty(node.shape)
    for at in np.ndindex(*node.shape):
        out[at] = entry(node.op, [float(arg[at]) for arg in full])
    return out


def summed(node: Instruction, args: list[Any]) -> Any:
    (x,) = args
    axes: Any = node["axes"]
    lanes, out = lane_axis(x.shape), np.empty(node.shape)
    kept = [a for a in range(x.ndim) if a not in axes]
    order = [a for a in axes if a != lanes] + [lanes] * (lanes in axes)
    for where in np.ndindex(*node.shape):
        p = [0.0] * 8
        for among in product(*(range(x.shape[a]) for a in order)):
            at = [0] * x.ndim
            for axis, place in zip((*kept, *order), (*where, *among), strict=True):
                at[axis] = place
            p[at[lanes] % 8 if lanes in axes else 0] += float(x[tuple(at)])
        out[where] = pairwise(p) if lanes in axes else p[0]
    return out


def combined(_node: Instruction, args: list[Any]) -> Any:
    m, x = args
    out = np.empty(m.shape[1])
    for i in range(m.shape[1]):
        out[i] = folded("add", [float(m[j, i]) * float(x[j]) for j in range(len(x))])
    return out


def projected(_node: Instruction, args: list[Any]) -> Any:
    m, g = args
    out = np.empty(m.shape[0])
    for j in range(m.shape[0]):
        p = [0.0] * 8
        for i, weight in enumerate(g):
            p[i % 8] += float(m[j, i]) * float(weight)
        out[j] = pairwise(p)
    return out


def scattered(node: Instruction, args: list[Any]) -> Any:
    x, index = args
    count = 4 if x.size >= 4 * node.size else 1
    sums = np.zeros((node.size, count))
    for at in np.ndindex(*x.shape):
        sums[index[at], at[-1] % count if at else 0] += x[at]
    if count == 1:
        return sums.reshape(node.shape)
    return ((sums[:, 0] + sums[:, 2]) + (sums[:, 1] + sums[:, 3])).reshape(node.shape)


def recurred(node: Instruction, args: list[Any]) -> Any:
    a, x = np.broadcast_to(args[0], args[1].shape), args[1]
    out = np.empty(x.shape)
    for row in np.ndindex(*x.shape[:-1]):
        y, times = 0.0, range(x.shape[-1])
        for t in reversed(times) if node["reverse"] else times:
            at = (*row, t)
            y = out[at] = float(a[at]) * y + float(x[at])
    return out


LOOPS: dict[str, Callable[[Instruction, list[Any]], Any]] = {
    "sum": summed,
    "combine": combined,
    "project": projected,
    "scatter": scattered,
    "recur": recurred,
}


def evaluate(program: Program, data: Sequence[Any], z: Any) -> tuple[float, Any]:
    """Return the scalar and the vector output at z."""
    values: list[Any] = []
    with np.errstate(all="ignore"):
        for _, node in program:
            args = [values[n] for n in node.args]
            match node.op:
                case "input":
                    value = np.asarray(z, dtype=np.float64)
                case "data":
                    value = data[node["slot"]]  # type: ignore[index]
                case "const":
                    value = np.asarray(node["value"], dtype=np.float64)
                case "amax":
                    value = np.asarray(plain._value(node, args)) + 0.0
                case "view" | "gather" | "assemble":
                    value = np.asarray(plain._value(node, args))
                case op if op in LOOPS:
                    value = LOOPS[op](node, args)
                case _:
                    value = pointwise(node, args)
            values.append(value)
    return float(values[program.scalar]), np.ravel(values[program.vector])
