"""Which message a process receives next.

Rule: everything that decides which message comes next lives in this file, and
nothing here waits. The control block owns the waiting and asks this file after
each arrival; that is what lets every law of order be tested without a loop.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.exit_reason import Reason

M = TypeVar("M")


class Nothing(Enum):
    """The absence of a message; None is a message like any other."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING


class Answerable:
    """A message whose sender waits, and is to hear of its receiver's end."""

    __slots__ = ()

    def down(self, reason: Reason) -> None:
        """Tell the sender that the receiver ended with `reason`."""
        raise NotImplementedError


class Aside:
    """A message that the user's code never sees, and that ends no wait for one."""

    __slots__ = ()


class Mailbox(deque[M], Generic[M]):
    """Messages in arrival order; a message skipped by a match keeps its place.

    A message arrives by `append` and the oldest is taken by `popleft`, which are the
    deque's own, for speed.
    """

    __slots__ = ()

    def take(self, wanted: Callable[[M], bool], skip: int = 0) -> M | Nothing:
        """Remove and return the oldest wanted message. O(messages skipped).

        Args:
            wanted: The match.
            skip: How many of the oldest messages are known not to be wanted.
        """
        for index, message in enumerate(islice(self, skip, None), start=skip):
            if wanted(message):
                del self[index]
                return message
        return NOTHING

    def discard(self, unwanted: Callable[[M], bool]) -> None:
        """Remove every unwanted message; the others keep their order."""
        kept = [message for message in self if not unwanted(message)]
        if len(kept) < len(self):
            self.clear()
            self.extend(kept)


NO_MESSAGES: Final[Mailbox[object]] = Mailbox(maxlen=0)
"""The mailbox of all who have none; it keeps nothing."""

NOWHERE: Final = NO_MESSAGES.append
"""How messages are appended where there is no mailbox."""
