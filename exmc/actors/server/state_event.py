"""What happens to a state machine: the events its handle_event is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors.process.envelope import Call, Cast

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, slots=True)
class Info:
    """A plain message came: a send, Exit or Down.

    Attributes:
        message: What was sent.
    """

    message: object


@dataclass(frozen=True, slots=True)
class Internal:
    """The machine itself asked for this, by next_event.

    Attributes:
        content: What it gave.
    """

    content: object = None


@dataclass(frozen=True, slots=True)
class StateTimeout:
    """The state has lasted for the seconds it was given.

    Attributes:
        content: What state_timeout was given.
    """

    content: object = None

    @property
    def key(self) -> Hashable:
        """Equal for the timeouts of which only one runs at a time."""
        return StateTimeout


@dataclass(frozen=True, slots=True)
class EventTimeout:
    """No event came within the seconds allowed.

    Attributes:
        content: What event_timeout was given.
    """

    content: object = None

    @property
    def key(self) -> Hashable:
        """Equal for the timeouts of which only one runs at a time."""
        return EventTimeout


@dataclass(frozen=True, slots=True)
class NamedTimeout:
    """A timeout is over that only its own name can cancel.

    Attributes:
        name: Its name.
        content: What named_timeout was given.
    """

    name: Hashable
    content: object = None

    @property
    def key(self) -> Hashable:
        """Equal for the timeouts of which only one runs at a time."""
        return NamedTimeout, self.name


TimeoutEvent: TypeAlias = StateTimeout | EventTimeout | NamedTimeout

StateEvent: TypeAlias = Call | Cast | Info | Internal | TimeoutEvent
"""Whatever handle_event may be given."""
