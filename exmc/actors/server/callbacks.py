"""What a server's class may define; each may be a plain or an async function."""

from __future__ import annotations

from types import CoroutineType
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from exmc.actors.exit_reason import Reason
    from exmc.actors.process.envelope import Call


class Callbacks(Protocol):
    """What a conduct calls."""

    def init(self, *args: object, **kwargs: object) -> object:
        """Set up."""
        ...

    def handle_call(self, request: object, caller: Call, /) -> object:
        """Answer a request."""
        ...

    def handle_cast(self, message: object, /) -> object:
        """Take a message that wants no answer."""
        ...

    def handle_info(self, message: object, /) -> object:
        """Take any other message."""
        ...

    def handle_continue(self, argument: object, /) -> object:
        """Go on with what an outcome asked for."""
        ...

    def terminate(self, reason: Reason, /) -> object:
        """Clean up."""
        ...


def is_coroutine(value: object) -> TypeGuard[Coroutine[Any, Any, object]]:
    """Tell whether a callback was an async function: then this is left to await."""
    return type(value) is CoroutineType
