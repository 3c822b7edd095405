"""Log-densities in the compilable subset: the same source for Python and native code.

Each is a kernel over two vectors; `native` gives it the calling convention of a
model's machine code.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from exmc.native import compile_ir, load
from exmc.native.function import NativeFunction
from exmc.native.subset.kernels import Kernels
from exmc.numerics.elementary.scalar import exp
from exmc.numerics.reductions import dot
from exmc.typing import Vector

if TYPE_CHECKING:
    from types import FunctionType


def standard_normal(position: Vector, gradient: Vector) -> float:
    gradient[:] = -position
    return 0.5 * dot(position, gradient)


def correlated_normal(position: Vector, gradient: Vector) -> float:
    """Neighbours correlated by 0.9: the precision has three diagonals."""
    last = len(position) - 1
    gradient[:] = -1.81 * position
    gradient[0] = -position[0]
    gradient[last] = -position[last]
    for i in range(last):
        gradient[i] += 0.9 * position[i + 1]
        gradient[i + 1] += 0.9 * position[i]
    return 0.5 * dot(position, gradient)


def funnel(position: Vector, gradient: Vector) -> float:
    """Neal's: v ~ N(0, 3^2), the others N(0, exp(v)); it diverges and turns."""
    v: float = position[0]
    others = position[1 : len(position)]
    precision = exp(-v)
    squares = dot(others, others)
    count = 1.0 * len(others)
    gradient[:] = -precision * position
    gradient[0] = -v / 9.0 - 0.5 * count + 0.5 * precision * squares
    return -v * v / 18.0 - 0.5 * count * v - 0.5 * precision * squares


def half_line(position: Vector, gradient: Vector) -> float:
    """N(0, I) where the first coordinate is above -0.5; not finite below."""
    log_density = standard_normal(position, gradient)
    if position[0] < -0.5:
        gradient[0] = math.inf
    return log_density


def shifted(position: Vector, out: Vector) -> float:
    """Values of a model: two for each coordinate."""
    dim = len(position)
    out[0:dim] = 1.0 + position
    out[dim : 2 * dim] = position * position
    return 0.0


WRAPPER = """
define double @wrapped(ptr %z, ptr %out, ptr %context) {{
  %answer = call double @{name}(ptr %z, i64 {dim}, ptr %out, i64 {width})
  ret double %answer
}}
"""


def native(kernel: FunctionType, dim: int, width: int | None = None) -> NativeFunction:
    """Compile a kernel of two vectors, of lengths `dim` and `width`, as a density."""
    wrapper = WRAPPER.format(name=kernel.__name__, dim=dim, width=width or dim)
    objects = compile_ir(Kernels(kernel).text + wrapper)
    return NativeFunction(load(objects), "wrapped", [], 0)
