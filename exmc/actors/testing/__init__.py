"""What tests of processes need: virtual time, every order, probes, leak checks."""

from exmc.actors.clock import VirtualClock
from exmc.actors.runtime.invariant_watch import InvariantWatch
from exmc.actors.runtime.invariants import broken_invariants, check_invariants
from exmc.actors.testing.every_schedule import every_schedule
from exmc.actors.testing.idle import wait_until_idle
from exmc.actors.testing.leaks import no_leaks, nothing_left
from exmc.actors.testing.probe import Probe, spy
from exmc.actors.testing.scheduling import RandomOrder
from exmc.actors.testing.virtual import virtual_runtime

__all__ = [
    "InvariantWatch",
    "Probe",
    "RandomOrder",
    "VirtualClock",
    "broken_invariants",
    "check_invariants",
    "every_schedule",
    "no_leaks",
    "nothing_left",
    "spy",
    "virtual_runtime",
    "wait_until_idle",
]
