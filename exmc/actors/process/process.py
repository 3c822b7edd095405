"""A process with a body of its own, which receives messages where it chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

from exmc.actors.process.behaviour import Behaviour
from exmc.actors.process.body_conduct import BODY, BodyConduct
from exmc.actors.process.here import here
from exmc.actors.process.receiving import receive

if TYPE_CHECKING:
    from collections.abc import Callable

M = TypeVar("M")


class Process(Behaviour):
    """A process that is one coroutine, with a task of its own; ends as `run` does.

    It is stopped by `stop` at its next receive, and by an exit signal at once.
    """

    async def run(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (the subclass says)
        """Be the process. The start has returned by the first suspension."""
        raise NotImplementedError(f"{type(self).__name__} has no run.")

    @overload
    async def receive(
        self, kind: type[M], where: Callable[[M], bool] | None = None
    ) -> M: ...

    @overload
    async def receive(
        self,
        kind: type[M],
        where: Callable[[M], bool] | None = None,
        *,
        timeout: float | None,  # noqa: ASYNC109 (see below)
    ) -> M | None: ...

    async def receive(
        self,
        kind: type[M],
        where: Callable[[M], bool] | None = None,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    ) -> M | None:
        """Take the oldest message of a kind that passes a test, waiting if need be.

        Messages skipped keep their places.

        Args:
            kind: The class of message; `object` for any.
            where: The test.
            timeout: Seconds to wait; None for ever, 0 for what is there already.

        Returns:
            The message; None if none came in time.
        """
        return await receive(here(), kind, where, timeout)

    def make_conduct(self) -> BodyConduct:
        """Run the body above."""
        return BODY
