"""A bare file descriptor with an owner."""

from __future__ import annotations

import os


class Descriptor:
    """A bare descriptor that is owned, such as a pidfd; closed when forgotten."""

    def __init__(self, number: int) -> None:
        self._number = number

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""
        return self._number

    def close(self) -> None:
        """Close it; once is enough."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1

    def __del__(self) -> None:
        self.close()
