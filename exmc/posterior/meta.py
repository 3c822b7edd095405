"""What is known about a run beside its draws."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np


class RunMeta(msgspec.Struct, frozen=True, eq=False, forbid_unknown_fields=True):
    """How the draws were made; kept with them for ever.

    Attributes:
        model_digest: SHA-256 of the model, in hex.
        seed: The one seed of the run.
        tune: Warm-up draws asked for, a chain.
        draws: Draws asked for, a chain.
        options: The other options of the call; anything that JSON can say.
        versions: Of exmc, numpy and whatever else can change bits.
        adaptation: One dict a chain with what its warm-up arrived at, such as
            step_size and scale; kept as arrays, shape () for a number.
        partial: The run ended before it had all its draws.
        reason: Why it did, one sentence; None when it did not.
    """

    model_digest: str
    seed: int
    tune: int
    draws: int
    options: dict[str, Any] = {}
    versions: dict[str, str] = {}
    adaptation: tuple[dict[str, Any], ...] = ()
    partial: bool = False
    reason: str | None = None

    def __post_init__(self) -> None:
        as_arrays = tuple(
            {name: np.asarray(value) for name, value in chain.items()}
            for chain in self.adaptation
        )
        msgspec.structs.force_setattr(self, "adaptation", as_arrays)
