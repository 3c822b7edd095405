"""How the body of a Process is run, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol, cast

from exmc.actors.exit_reason import NORMAL, ProcessExit
from exmc.actors.process.crash import passes, report_crash
from exmc.actors.process.envelope import Start

if TYPE_CHECKING:
    from collections.abc import Callable

    from exmc.actors.kernel.conduct import Work
    from exmc.actors.kernel.control_block import ControlBlock


class Body(Protocol):
    """What is run."""

    async def run(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (the subclass says)
        """Be the process."""
        ...


class BodyConduct:
    """Runs the body of a process as the handler of its first message.

    That handler lasts as long as the process; every later message waits in the
    mailbox until the body receives it.
    """

    envelopes: Final = frozenset({Start})

    def plain(self, block: ControlBlock, /) -> Callable[[object], NoReturn]:  # noqa: ARG002 (the same for all)
        """Return what refuses: no message is handled but the first."""
        return refuse

    def open(self, block: ControlBlock, message: Start, /) -> Work:
        """Begin."""
        return self._run(block, message)

    def settle(self, block: ControlBlock, message: object, outcome: object, /) -> None:
        """Refuse: no message is handled but the first."""
        raise AssertionError(f"{block.pid} made {outcome!r} of {message!r}.")

    def crash(
        self, block: ControlBlock, message: object, error: BaseException, /
    ) -> None:
        """Pass the error on: no message is handled but the first."""
        raise AssertionError(f"{block.pid} failed at {message!r}.") from error

    async def _run(self, block: ControlBlock, start: Start) -> None:
        block.drop_watcher(start)
        start.succeed(running=True)
        try:
            await cast("Body", block.behaviour).run(*start.args, **start.kwargs)
        except BaseException as error:
            if passes(block, error):
                raise
            crashed(block, error)
        raise ProcessExit(NORMAL)


def refuse(message: object) -> NoReturn:
    """Refuse a message that came before the start."""
    raise AssertionError(f"{message!r} came before the start.")


def crashed(block: ControlBlock, error: BaseException) -> NoReturn:
    """Report what escaped from a body, and end the process with it."""
    reason = ("error", error)
    report_crash(block, reason, None)
    raise ProcessExit(reason)


BODY: Final = BodyConduct()
