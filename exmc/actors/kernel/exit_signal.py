"""What an exit signal does to the process that receives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors.exit_reason import KILL, KILLED, NORMAL

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason


@dataclass(frozen=True, slots=True)
class Ignored:
    """The signal has no effect."""


@dataclass(frozen=True, slots=True)
class Trapped:
    """The signal becomes an Exit message."""


@dataclass(frozen=True, slots=True)
class Fatal:
    """The process ends.

    Attributes:
        reason: What its own links and monitors will see.
    """

    reason: Reason


Effect: TypeAlias = Ignored | Trapped | Fatal


def effect(
    reason: Reason, *, linked: bool, trapping: bool, from_itself: bool
) -> Effect:
    """Judge a signal by the rules of the BEAM.

    Args:
        reason: Of the signal.
        linked: It came along a link, because the other end died; "kill" is then
            a reason like any other.
        trapping: The receiver traps exits.
        from_itself: The receiver is the sender.
    """
    if reason == KILL and not linked:
        return Fatal(KILLED)
    if trapping:
        return Trapped()
    if reason == NORMAL and not from_itself:
        return Ignored()
    return Fatal(reason)
