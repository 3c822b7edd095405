"""How a kind of process takes its messages, as the run queue sees it."""

# ruff: noqa: ANN401 (the record cannot be named here, and messages are anything)

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Coroutine

    from exmc.actors.pid import Shutdown

Work: TypeAlias = "Coroutine[Any, Any, None]"
"""What is left to await of a message."""


class Conduct(Protocol):
    """What is done with a message; one object serves all processes of a kind.

    No method raises an Exception: an error of the user's is the process's end. What is
    no error, such as a ProcessExit, goes on. Each method is given the record of the
    process, a ControlBlock.
    """

    @property
    def envelopes(self) -> Container[type]:
        """The classes of message that `open` takes; all others are the user's."""
        ...

    def plain(self, block: Any, /) -> Callable[[Any], object]:
        """Return what takes the messages that come without an envelope."""
        ...

    def open(self, block: Any, message: Any, /) -> Work | None:
        """Handle a message that is not for handle_info, or not only."""
        ...

    def settle(self, block: Any, message: object, outcome: object, /) -> Work | None:
        """Do what a callback's result says, when it is something."""
        ...

    def crash(
        self, block: Any, message: object, error: BaseException, /
    ) -> Work | None:
        """End the process: a callback raised."""
        ...


class Manners(Protocol):
    """What the record of a process reads of its behaviour."""

    trap_exit: bool
    shutdown: ClassVar[Shutdown]

    def make_conduct(self) -> Conduct:
        """Return how its messages are taken."""
        ...

    def starts_at_once(self) -> bool:
        """Tell that there is nothing to run before it is started."""
        ...

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Choose what of the state a crash report shows."""
        ...


class Silent:
    """The conduct of the dead: nothing reaches them."""

    envelopes: Final[frozenset[type]] = frozenset()

    def plain(self, block: Any, /) -> Callable[[Any], object]:
        """Refuse."""
        raise AssertionError(f"{block} is dead.")

    def open(self, block: Any, message: Any, /) -> Work | None:
        """Refuse."""
        raise AssertionError(f"{block} is dead, and is given {message!r}.")

    def settle(self, block: Any, message: object, outcome: object, /) -> Work | None:
        """Refuse."""
        raise AssertionError(f"{block} is dead: {outcome!r} of {message!r}.")

    def crash(
        self, block: Any, message: object, error: BaseException, /
    ) -> Work | None:
        """Refuse."""
        raise AssertionError(f"{block} is dead, and failed at {message!r}.") from error


class Departed:
    """Stands where the user's object was, in the record of a dead process."""

    trap_exit: bool = False
    shutdown: ClassVar[Shutdown] = "brutal_kill"

    def make_conduct(self) -> Silent:
        """Return the conduct of the dead."""
        return SILENT

    def starts_at_once(self) -> bool:
        """Tell that there is nothing to run."""
        return True

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Show what there is."""
        return state


SILENT: Final = Silent()
DEPARTED: Final = Departed()


def refuse(message: object) -> NoReturn:
    """Stand in for what takes messages, in a process that has no mailbox."""
    raise AssertionError(f"{message!r} came from no mailbox.")
