"""The descriptors 0, 1 and 2, which a program may have been started without.

If they are free, the next thing that is opened gets one of them: an event loop
refuses to live there (uvloop ends the process), and a child takes what it finds
there for its standard streams.
"""

from __future__ import annotations

import os

_LAST = 2


def occupy_closed() -> None:
    """Put the null device where a standard stream is closed."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= _LAST:
        os.set_inheritable(number, True)  # noqa: FBT003 - os has it so
    os.close(number)
