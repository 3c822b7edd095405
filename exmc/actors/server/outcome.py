"""What a server's handler wants to happen next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors.kernel.mailbox import NOTHING

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason


# Not frozen, for speed: one is made for every call.
@dataclass(slots=True, unsafe_hash=True)
class Reply:
    """Answer the caller and go on.

    Attributes:
        value: The answer.
        then: An argument for handle_continue, run before the next message.
        timeout: Seconds after which a Timeout comes if no message does.
    """

    value: object
    then: object = field(default=NOTHING, kw_only=True)
    timeout: float | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class NoReply:
    """Go on; a caller is answered later, or never.

    Attributes:
        then: An argument for handle_continue, run before the next message.
        timeout: Seconds after which a Timeout comes if no message does.
    """

    then: object = NOTHING
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """End the process, after its terminate has run.

    Attributes:
        reason: The exit reason.
        reply: The answer to the caller, if there is one.
    """

    reason: Reason
    reply: object = NOTHING


@dataclass(frozen=True, slots=True)
class Ignore:
    """From init: there is nothing to do; the start succeeds without a process."""


CallOutcome: TypeAlias = Reply | NoReply | Stop
Outcome: TypeAlias = NoReply | Stop | None
InitOutcome: TypeAlias = NoReply | Stop | Ignore | None


reply = Reply
"""Answer the caller and go on: `return reply(value)`. The class itself, for speed."""


def noreply(*, then: object = NOTHING, timeout: float | None = None) -> NoReply:
    """Go on; a caller is answered later through `caller.reply(value)`."""
    return NoReply(then, timeout)


def continue_with(argument: object) -> NoReply:
    """Go on with handle_continue(argument), before the next message."""
    return NoReply(argument)


def stop_with(reason: Reason, *, reply: object = NOTHING) -> Stop:
    """End the process, after answering the caller and running terminate."""
    return Stop(reason, reply)


def ignore() -> Ignore:
    """From init: let the start succeed without a process."""
    return Ignore()
