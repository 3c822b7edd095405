"""What a process is doing."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final


class State(Enum):
    """What a process is doing.

    IDLE: nothing, its mailbox is empty. READY: it stands in the run queue. RUNNING:
    its code is on the stack. SUSPENDED: its handler waits. DEAD: it has ended.
    """

    IDLE = auto()
    READY = auto()
    RUNNING = auto()
    SUSPENDED = auto()
    DEAD = auto()


IDLE, READY, RUNNING = State.IDLE, State.READY, State.RUNNING
SUSPENDED, DEAD = State.SUSPENDED, State.DEAD

SUSPENSION: Final = 1 << 40
"""What a turn counts that ends with a handler waiting: more than any tick."""
