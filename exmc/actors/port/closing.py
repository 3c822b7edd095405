"""How an operating-system process is brought to its end, step by step."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exmc.actors.port.port_spec import PortSpec

KILL_PATIENCE: Final = 1.0
"""Seconds that a process may take to die of SIGKILL before it is left to the reaper:
it may be giving back much memory, or sleep where the kernel does not wake it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One attempt.

    Attributes:
        signal: What is sent; None for the end of its input only.
        seconds: How long its death is waited for.
    """

    signal: signal.Signals | None
    seconds: float


KILL: Final = Step(signal.SIGKILL, KILL_PATIENCE)


def closing_steps(spec: PortSpec) -> tuple[Step, ...]:
    """Ask, insist, force."""
    return (
        Step(None, spec.close_grace),
        Step(signal.SIGTERM, spec.term_grace),
        KILL,
    )
