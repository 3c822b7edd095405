"""What runs the kernels of block.py on a chain's arrays: Python, or machine code.

An engine is given a chain's arrays once and then runs block after block on them. Every
engine gives the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np

from exmc.numerics.random import normals_from_uniforms
from exmc.sampler import block
from exmc.sampler.memory import Memory

if TYPE_CHECKING:
    from exmc.typing import Density, Matrix, Vector


class Kernels(Protocol):
    """The kernels of block.py, bound to the arrays of one chain."""

    def begin(self, density: Density, normals: Vector) -> None:
        """Run `block.begin`."""
        ...

    def advance(
        self,
        density: Density,
        values: Density,
        normals: Vector,
        uniforms: Vector,
        rows: Matrix,
    ) -> int:
        """Run `block.advance`; return the transitions made."""
        ...

    def normals(self, uniforms: Vector) -> Vector:
        """Return a standard normal for each uniform."""
        ...


Engine: TypeAlias = Callable[[Memory], Kernels]


class PythonKernels:
    """The kernels as they stand.

    Overflow on the way is not a warning: it ends a path as a divergence.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._point, self._metric = memory.rows("point"), memory.rows("metric")
        self._windows, self._path = memory.rows("windows"), memory.rows("path")
        self._opening, self._middle = memory.rows("opening"), memory.rows("middle")

    def begin(self, density: Density, normals: Vector) -> None:
        """See `Kernels`."""
        memory = self._memory
        with np.errstate(all="ignore"):
            block.begin(
                density,
                memory.plan,
                memory.scalars,
                memory.counts,
                self._point,
                self._metric,
                memory.averaging,
                normals,
                self._path,
            )

    def advance(
        self,
        density: Density,
        values: Density,
        normals: Vector,
        uniforms: Vector,
        rows: Matrix,
    ) -> int:
        """See `Kernels`."""
        memory = self._memory
        with np.errstate(all="ignore"):
            return block.advance(
                density,
                values,
                memory.plan,
                memory.lessons,
                memory.scalars,
                memory.counts,
                self._point,
                self._metric,
                memory.averaging,
                self._windows,
                memory.learnt,
                normals,
                uniforms,
                self._path,
                self._opening,
                self._middle,
                memory.half,
                memory.outcome,
                rows,
            )

    def normals(self, uniforms: Vector) -> Vector:
        """See `Kernels`."""
        normals = np.empty_like(uniforms)
        normals_from_uniforms(uniforms, normals)
        return normals


PYTHON: Engine = PythonKernels
