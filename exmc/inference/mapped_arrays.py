"""The worker's side of shared arrays: the same memory, read only."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any

from exmc.frames import unpack_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray


def mapped(descriptor: int) -> dict[str, NDArray[Any]]:
    """Map what `shared` made: read-only views that keep the mapping alive.

    The descriptor may be closed afterwards.
    """
    pages = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    return unpack_arrays(memoryview(pages))
