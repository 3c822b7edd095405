"""Some consecutive draws of one chain, as a subscriber receives them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from exmc.posterior.absent import absent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exmc.frames import Phase, Schema
    from exmc.typing import Array, Matrix


@dataclass(frozen=True, slots=True)
class Batch:
    """Consecutive draws of one chain.

    Attributes:
        chain: Which chain.
        phase: Warm-up (`Phase.TUNE`) or draws proper (`Phase.DRAW`).
        first_draw: Index of the first row within its chain and phase.
        rows: Records as they are stored, shape (n, columns), read-only.
        schema: What the columns mean.
    """

    chain: int
    phase: Phase
    first_draw: int
    rows: Matrix
    schema: Schema

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Array:
        """Return a variable's values, shape (n, *shape).

        Raises:
            UnknownVariableError: There is no such variable; a KeyError too.
        """
        for variable in self.schema.variables:
            if variable.name == name:
                columns = self.schema.columns_of(name)
                return self.rows[:, columns].reshape(len(self), *variable.shape)
        raise absent(name, (v.name for v in self.schema.variables))

    def __repr__(self) -> str:
        return (
            f"<Batch of chain {self.chain}: {len(self)} {self.phase.name} rows from "
            f"{self.first_draw}>"
        )

    @property
    def stats(self) -> Mapping[str, Array]:
        """The sampler's statistics by name, each of shape (n,)."""
        block = self.rows[:, self.schema.stats_columns]
        return MappingProxyType(
            {name: block[:, i] for i, name in enumerate(self.schema.stats)}
        )
