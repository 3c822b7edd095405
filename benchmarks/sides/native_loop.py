"""The C of this folder and of the models, compiled and callable."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from models.by_hand import SLOTS, WORK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FLAGS = {
    "-O3": ["-O3"],
    "-O3 -march=x86-64-v3 -ffast-math": ["-O3", "-march=x86-64-v3", "-ffast-math"],
}
"""How the loops written by hand are compiled: exact, and as fast as can be."""

HERE = Path(__file__).parent


@cache
def library(flags: str) -> ctypes.CDLL:
    """Compile with `cc` and load.

    Raises:
        FileNotFoundError: There is no C compiler; install gcc or clang.
    """
    folder = Path(tempfile.mkdtemp(prefix="exmc-benchmarks-"))
    target = folder / "by_hand.so"
    sources = [HERE / "timing.c", HERE.parent / "models" / "by_hand.c"]
    command = ["cc", *FLAGS[flags], "-shared", "-fPIC", "-o", target, *sources, "-lm"]
    subprocess.run(command, check=True)
    return ctypes.CDLL(str(target))


def cpu_of_calls(
    address: int, context: int, z: Any, count: int, *, nutpie: bool = False
) -> float:
    """CPU seconds of `count` calls of machine code near z, made by a loop in C."""
    loop = library("-O3").drive_nutpie if nutpie else library("-O3").drive
    loop.restype = ctypes.c_double
    z, gradient = np.array(z, dtype=np.float64), np.zeros(len(z))
    arguments = [
        *map(ctypes.c_void_p, (address, z.ctypes.data, gradient.ctypes.data, context)),
        ctypes.c_int64(count),
        *([ctypes.c_uint64(len(z))] if nutpie else []),
    ]
    begin = time.process_time()
    loop(*arguments)
    return time.process_time() - begin


class ByHand:
    """One function of by_hand.c with its data."""

    def __init__(self, name: str, data: dict[str, Any], flags: str) -> None:
        """Bind.

        Args:
            name: Of the model.
            data: What the model's statement takes.
            flags: A key of FLAGS.
        """
        self._slots: Sequence[NDArray[Any]] = [
            np.ascontiguousarray(array) for array in SLOTS[name](data)
        ]
        self._work = np.zeros(WORK)
        self._table = np.array([a.ctypes.data for a in self._slots] + [0], np.int64)
        self._context = np.array(
            [self._table.ctypes.data, self._work.ctypes.data], np.int64
        )
        self.function = library(flags)[name]
        self.function.restype = ctypes.c_double
        self.address = ctypes.cast(self.function, ctypes.c_void_p).value or 0
        self.context = self._context.ctypes.data

    def __call__(self, z: Any) -> tuple[float, Any]:
        """Return the value, without constants, and the gradient."""
        z, gradient = np.array(z, dtype=np.float64), np.zeros(len(z))
        value = self.function(
            *map(ctypes.c_void_p, (z.ctypes.data, gradient.ctypes.data, self.context))
        )
        return value, gradient
