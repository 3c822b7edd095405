"""The kernels of block.py as machine code, made from the same source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from exmc.native import ObjectCache
from exmc.native.subset.kernels import Kernels as Compilable
from exmc.numerics.random import normals_from_uniforms
from exmc.sampler.block import advance, begin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.native.subset.kernels import Kernel
    from exmc.sampler.engine import Engine, Kernels
    from exmc.sampler.memory import Memory
    from exmc.typing import Density, Matrix, Vector

KERNELS: Final = Compilable(begin, advance, normals_from_uniforms)


class NativeKernels:
    """The kernels as machine code. Densities must be of class NativeFunction."""

    def __init__(self, compiled: Mapping[str, Kernel], memory: Memory) -> None:
        self._compiled = compiled
        self._memory = memory

    def begin(self, density: Density, normals: Vector) -> None:
        """See `Kernels`."""
        memory = self._memory
        self._compiled["begin"](
            density,
            memory.plan,
            memory.scalars,
            memory.counts,
            memory.point,
            memory.metric,
            memory.averaging,
            normals,
            memory.path,
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
        made = self._compiled["advance"](
            density,
            values,
            memory.plan,
            memory.lessons,
            memory.scalars,
            memory.counts,
            memory.point,
            memory.metric,
            memory.averaging,
            memory.windows,
            memory.learnt,
            normals,
            uniforms,
            memory.path,
            memory.opening,
            memory.middle,
            memory.half,
            memory.outcome,
            rows,
        )
        return int(made or 0)

    def normals(self, uniforms: Vector) -> Vector:
        """See `Kernels`."""
        normals = np.empty_like(uniforms)
        self._compiled["normals_from_uniforms"](uniforms, normals)
        return normals


def native_engine(objects: bytes | None = None) -> Engine:
    """Return the engine; it draws what engine.PYTHON draws, to the bit.

    Args:
        objects: What `compiled` returned, on this machine or one like it; without it
            the kernels are compiled here, if the cache does not have them.
    """
    kernels = KERNELS.load(compiled() if objects is None else objects)

    def engine(memory: Memory) -> Kernels:
        return NativeKernels(kernels, memory)

    return engine


def compiled() -> bytes:
    """Return the object file of the kernels, from the cache if it has it."""
    return KERNELS.kept(ObjectCache())
