"""Running counts of one chain, for its status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exmc.frames import Frame, Phase
from exmc.numerics.guards import count, scalar

if TYPE_CHECKING:
    from exmc.frames import Schema


@dataclass(slots=True)
class Tally:
    """What a chain has done so far.

    Attributes:
        tuned: Warm-up transitions.
        draws: Draws.
        divergences: Divergent draws.
        n_steps: Leapfrog steps, warm-up included.
        step_size: Of the last transition; None before it.
        depth_sum: Sum of tree depths over the phase under way.
        acceptance_sum: Sum of acceptance rates over the phase under way.
    """

    tuned: int = 0
    draws: int = 0
    divergences: int = 0
    n_steps: int = 0
    step_size: float | None = None
    depth_sum: float = 0.0
    acceptance_sum: float = 0.0

    def add(self, frame: Frame, new: int, schema: Schema) -> None:
        """Count the last `new` rows of a frame of draws."""
        stats = frame.rows[frame.count - new :, schema.stats_columns]
        column = {name: stats[:, i] for i, name in enumerate(schema.stats)}
        if frame.phase is Phase.DRAW and self.draws == 0:
            self.depth_sum = self.acceptance_sum = 0.0
        if frame.phase is Phase.DRAW:
            self.draws += new
            self.divergences += count(column["diverging"].sum())
        else:
            self.tuned += new
        self.n_steps += count(column["n_steps"].sum())
        self.step_size = scalar(column["step_size"][-1], "step size")
        self.depth_sum += scalar(column["tree_depth"].sum(), "tree depth")
        self.acceptance_sum += scalar(column["acceptance_rate"].sum(), "acceptance")

    @property
    def tree_depth(self) -> float | None:
        """Mean over the phase under way; None before its first transition."""
        return self.depth_sum / self._transitions if self._transitions else None

    @property
    def acceptance_rate(self) -> float | None:
        """Mean over the phase under way; None before its first transition."""
        return self.acceptance_sum / self._transitions if self._transitions else None

    @property
    def _transitions(self) -> int:
        return self.draws or self.tuned
