"""What a user may choose about one chain, checked at once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from exmc.errors import OptionError

DEEPEST_TREE = 20


@dataclass(frozen=True, slots=True)
class ChainSettings:
    """How a chain warms up and how many draws it makes.

    Attributes:
        tune: Tuning draws, zero or more; with zero nothing is adapted.
        draws: Draws after warm-up, one or more.
        target_accept: Acceptance rate that the step size is adapted to, in (0, 1).
        max_treedepth: Most doublings of a path, from 1 to 20.
        warmup: "continuous" (windows.continuous) or "stan" (windows.stan).
        step_size: First step size; None searches for one.

    Raises:
        OptionError: A setting is out of range.
    """

    tune: int = 1000
    draws: int = 1000
    target_accept: float = 0.8
    max_treedepth: int = 10
    warmup: Literal["continuous", "stan"] = "continuous"
    step_size: float | None = None

    def __post_init__(self) -> None:
        for name in ("tune", "draws", "max_treedepth"):
            _check_whole(name, getattr(self, name))
        for name, value, holds, rule in (
            ("tune", self.tune, self.tune >= 0, "zero or more"),
            ("draws", self.draws, self.draws >= 1, "one or more"),
            (
                "target_accept",
                self.target_accept,
                0.0 < self.target_accept < 1.0,
                "between 0 and 1; the default is 0.8",
            ),
            (
                "max_treedepth",
                self.max_treedepth,
                1 <= self.max_treedepth <= DEEPEST_TREE,
                f"between 1 and {DEEPEST_TREE}; the default is 10",
            ),
            (
                "warmup",
                self.warmup,
                self.warmup in {"continuous", "stan"},
                "'continuous' or 'stan'",
            ),
            (
                "step_size",
                self.step_size,
                self.step_size is None or 0.0 < self.step_size < math.inf,
                "finite and above zero, or None to search",
            ),
        ):
            if not holds:
                raise OptionError(f"{name} must be {rule}, got {value!r}.")


def _check_whole(name: str, value: object) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise OptionError(f"{name} must be a whole number, got {value!r}.")
