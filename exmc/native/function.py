"""A compiled function together with the data it reads: what kernels call a density."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from exmc.native.loading import Loaded
    from exmc.typing import Vector

# PYFUNCTYPE keeps the interpreter's lock: calls share the work area, so two threads
# must not be in the code at once. A call is too short to be worth letting go.
_SIGNATURE: Final = ctypes.PYFUNCTYPE(
    ctypes.c_double, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p
)
_ALIGNMENT: Final = 64
"""Bytes: a line of the processor's cache, and the widest vector."""


class NativeFunction:
    """Calls machine code `double f(z, out, context)` on one set of data.

    Threads may share it: calls take turns. Kernels that are given its `pair` do not,
    and need a function of their own.

    Attributes:
        pair: Int64, shape (2,): address of the code and of its context. Kernels take
            the address of this array; it is good while the object lives.
    """

    def __init__(
        self, loaded: Loaded, name: str, data: Sequence[NDArray[Any]], work: int
    ) -> None:
        """Bind a function.

        Args:
            loaded: The object file in memory; kept alive.
            name: Of the function in it.
            data: One array for each slot, in order: float64 or int64, C-contiguous.
            work: Float64 numbers of scratch memory that the code needs.
        """
        self._keep = loaded, tuple(data), _aligned(work)
        self._table = np.array([a.ctypes.data for a in data] + [0], dtype=np.int64)
        self._context = np.array(
            [self._table.ctypes.data, self._keep[2].ctypes.data], dtype=np.int64
        )
        address = loaded.address(name)
        self.pair = np.array([address, self._context.ctypes.data], dtype=np.int64)
        self._call = _SIGNATURE(address)

    def __call__(self, z: Vector, out: Vector) -> float:
        """Write the vector output at z into `out`; return the scalar output.

        Both must be C-contiguous float64 of the lengths that the code was made for.
        """
        return float(self._call(z.ctypes.data, out.ctypes.data, int(self.pair[1])))


def _aligned(size: int) -> Vector:
    room = np.zeros(size + _ALIGNMENT // 8)
    first = -(room.ctypes.data // 8) % (_ALIGNMENT // 8)
    return room[first : first + size]
