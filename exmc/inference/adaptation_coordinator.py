"""Owns what chains adapt: it receives it, and publishes it for the status.

Each chain adapts alone today; what chains share will be decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors import GenServer, Request, call, cast, reply

if TYPE_CHECKING:
    from exmc.actors import Address, Call, CallOutcome
    from exmc.inference.assignment import Adapted


@dataclass(frozen=True, slots=True)
class _Publish:
    chain: int
    adapted: Adapted


@dataclass(frozen=True, slots=True)
class _Everything(Request["tuple[Adapted | None, ...]"]):
    pass


class AdaptationCoordinator(GenServer):
    """Keeps what each chain adapted."""

    def init(self, chains: int) -> None:
        """Wait for this many chains."""
        self._adapted: list[Adapted | None] = [None] * chains

    def handle_cast(self, message: _Publish) -> None:
        """Keep what a chain adapted; a replaced worker repeats itself."""
        self._adapted[message.chain] = message.adapted

    def handle_call(self, _request: _Everything, _caller: Call) -> CallOutcome:
        """Answer with one entry a chain."""
        return reply(tuple(self._adapted))


def publish(coordinator: Address, chain: int, adapted: Adapted) -> None:
    """Tell what a chain adapted."""
    cast(coordinator, _Publish(chain, adapted))


async def adaptations(coordinator: Address) -> tuple[Adapted | None, ...]:
    """Return what each chain adapted, in order; None where it still does."""
    return await call(coordinator, _Everything())
