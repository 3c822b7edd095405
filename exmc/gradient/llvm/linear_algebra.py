"""Calls of the kernels of linear algebra, which become functions of the module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from exmc.gradient.llvm.memory import moved
from exmc.native.llvm_lanes import LlvmValue
from exmc.native.subset import define
from exmc.numerics import linear_algebra as kernels

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

    from exmc.gradient.llvm.frame import Frame
    from exmc.gradient.program import Instruction, Shape


class Array(NamedTuple):
    """What a kernel takes for an array: where it begins, and its shape."""

    pointer: str
    shape: Shape


def write_call(frame: Frame, number: int, node: Instruction) -> None:
    """Write a call that computes an operation of linear algebra."""
    arrays = [_array(frame, arg) for arg in node.args]
    result = _array(frame, number)
    match node.op:
        case "cholesky":
            scratch = _scratch(frame, node.shape)
            _call(frame, kernels.cholesky, *arrays, result, scratch)
        case "cholesky_back":
            scratch, more = (_scratch(frame, node.shape) for _ in range(2))
            _call(frame, kernels.cholesky_back, *arrays, result, scratch, more)
        case "solve_lower":
            _call(
                frame,
                SOLVERS[bool(node["transposed"]), len(node.shape)],
                *arrays,
                result,
            )
        case _:
            k, r = arrays
            _gaussian(frame, k, r, result.pointer)


SOLVERS: Final[dict[tuple[bool, int], Callable[..., Any]]] = {
    (False, 1): kernels.solve_lower_vector,
    (False, 2): kernels.solve_lower,
    (True, 1): kernels.solve_upper_vector,
    (True, 2): kernels.solve_upper,
}
"""By whether the matrix is transposed, and the axes of the right-hand side."""


def _gaussian(frame: Frame, k: Array, r: Array, result: str) -> None:
    """Write the value, then k^-1 r, then k^-1."""
    (n,) = r.shape
    solved = Array(moved(frame.assembler, result, 1), r.shape)
    inverse = Array(moved(frame.assembler, result, 1 + n), k.shape)
    scratch = [_scratch(frame, k.shape) for _ in range(2)]
    value = _call(frame, kernels.gaussian, k, r, solved, inverse, *scratch)
    frame.one.store(LlvmValue(frame.one, value), result)


def _array(frame: Frame, number: int) -> Array:
    start = frame.memory[number].start(frame.assembler)
    return Array(start, frame.node(number).shape)


def _scratch(frame: Frame, shape: Shape) -> Array:
    rows, columns = shape
    return Array(frame.buffer(rows * columns), shape)


def _call(frame: Frame, function: Callable[..., Any], *arrays: Array) -> str:
    """Write a call; return the name of its result, or nothing if it has none."""
    name, signature = define(frame.assembler.module, cast("FunctionType", function))
    words = [
        f"ptr {array.pointer}" + "".join(f", i64 {n}" for n in array.shape)
        for array in arrays
    ]
    call = f"@{name}({', '.join(words)})"
    if signature.result.parts:
        return frame.assembler.emit(f"call fastcc double {call}")
    frame.assembler.statement(f"call fastcc void {call}")
    return ""
