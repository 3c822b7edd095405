"""Arrays that many processes read and nobody can change: one copy for a whole run."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Any

from exmc.actors.port.descriptor import Descriptor
from exmc.errors import SamplingError
from exmc.frames import pack_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_SEALS = (
    fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE | fcntl.F_SEAL_SEAL
)


def shared(arrays: Mapping[str, NDArray[Any]]) -> Descriptor:
    """Put named arrays into memory that other processes can map.

    The memory is sealed: not even this process can change it any more. It lives as
    long as a descriptor or a mapping of it does.

    Args:
        arrays: Of float64, int64 or bool, any shape.

    Raises:
        SamplingError: The system has no room for them; it says which limits there are.
    """
    data = pack_arrays(arrays)
    try:
        return _sealed(data)
    except OSError as error:
        raise SamplingError(
            f"The run's data cannot be shared with its workers: {error}. They need "
            f"{len(data)} bytes of memory, a file that large (`ulimit -f`) and room "
            f"for open files (`ulimit -n`)."
        ) from error


def _sealed(data: bytes) -> Descriptor:
    descriptor = Descriptor(os.memfd_create("exmc-data", os.MFD_ALLOW_SEALING))
    try:
        with os.fdopen(os.dup(descriptor.fileno()), "wb") as file:
            file.write(data)
        fcntl.fcntl(descriptor.fileno(), fcntl.F_ADD_SEALS, _SEALS)
    except OSError:
        descriptor.close()
        raise
    return descriptor
