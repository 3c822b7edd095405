"""The actor that compiles a run's programs while its chains already run on them.

The strict program and the machine code made of it round alike, so a chain changes
from one to the other between two transitions and its draws stay the same. A port
asks for the machine code when it has a worker; the answer comes when it is there.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.actors import GenServer, cast, continue_with
from exmc.compiler.build import native_of
from exmc.inference.assignment import Upgrade
from exmc.sampler.native_engine import compiled

if TYPE_CHECKING:
    from exmc.actors import Address, InitOutcome
    from exmc.gradient.executable import Executable
    from exmc.inference.run_names import RunNames

logger = logging.getLogger("exmc.inference")


@dataclass(frozen=True, slots=True)
class _Wanted:
    chain: int


class Upgrader(GenServer):
    """Compiles once; hands the machine code to every port that asks."""

    def init(self, names: RunNames, strict: Executable) -> InitOutcome:
        """Begin when the supervisor has its answer."""
        self._names = names
        self._strict = strict
        self._upgrade: Upgrade | None = None
        return continue_with("compile")

    async def handle_continue(self, _argument: object) -> None:
        """Compile in a thread; requests wait in the mailbox."""
        try:
            self._upgrade = await asyncio.to_thread(_compiled, self._strict)
        except Exception:
            # The strict program goes on and makes the same draws.
            logger.exception("The run stays on its strict program.")

    def handle_cast(self, message: _Wanted) -> None:
        """Hand over the machine code, if there is any."""
        if self._upgrade is not None:
            cast(self._names.chain(message.chain), self._upgrade)


def want_upgrade(address: Address, chain: int) -> None:
    """Ask that a chain's port be sent the machine code, now or when it is there."""
    cast(address, _Wanted(chain))


def _compiled(strict: Executable) -> Upgrade:
    return Upgrade(native_of(strict), compiled())
