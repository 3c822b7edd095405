"""Under which names the processes of one run are registered."""

from __future__ import annotations

from dataclasses import dataclass

ZYGOTE = "exmc.zygote"


@dataclass(frozen=True, slots=True)
class RunNames:
    """The names of a run's processes.

    Attributes:
        run: The run's own name.
    """

    run: str

    @property
    def stream(self) -> str:
        """The stream coordinator."""
        return f"{self.run}.stream"

    @property
    def adaptation(self) -> str:
        """The adaptation coordinator."""
        return f"{self.run}.adaptation"

    @property
    def chains(self) -> str:
        """The supervisor of the chain ports."""
        return f"{self.run}.chains"

    @property
    def upgrader(self) -> str:
        """The upgrader, in a run that has one."""
        return f"{self.run}.upgrader"

    @property
    def monitor(self) -> str:
        """The run monitor."""
        return f"{self.run}.monitor"

    def chain(self, index: int) -> str:
        """One chain's port."""
        return f"{self.run}.chain.{index}"
