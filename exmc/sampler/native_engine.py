"""The kernels of block.py as machine code, made from the same source."""

from __future__ import annotations

from functools import cache
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

    def __init__(self, kernels: Mapping[str, Kernel], memory: Memory) -> None:
        self._normals = kernels["normals_from_uniforms"]
        self._begin = kernels["begin"].bound(
            plan=memory.plan,
            scalars=memory.scalars,
            counts=memory.counts,
            point=memory.point,
            metric=memory.metric,
            averaging=memory.averaging,
            path=memory.path,
        )
        self._advance = kernels["advance"].bound(
            plan=memory.plan,
            lessons=memory.lessons,
            scalars=memory.scalars,
            counts=memory.counts,
            point=memory.point,
            metric=memory.metric,
            averaging=memory.averaging,
            windows=memory.windows,
            learnt=memory.learnt,
            path=memory.path,
            opening=memory.opening,
            middle=memory.middle,
            half=memory.half,
            outcome=memory.outcome,
        )

    def begin(self, density: Density, normals: Vector) -> None:
        """See `Kernels`."""
        self._begin(density, normals)

    def advance(
        self,
        density: Density,
        values: Density,
        normals: Vector,
        uniforms: Vector,
        rows: Matrix,
    ) -> int:
        """See `Kernels`."""
        return int(self._advance(density, values, normals, uniforms, rows) or 0)

    def normals(self, uniforms: Vector) -> Vector:
        """See `Kernels`."""
        normals = np.empty_like(uniforms)
        self._normals(uniforms, normals)
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


@cache
def compiled() -> bytes:
    """Return the object file of the kernels, from the cache if it has it."""
    return KERNELS.kept(ObjectCache())
