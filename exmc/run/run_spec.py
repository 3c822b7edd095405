"""What is asked of a run: the options of `sample` and `start`, checked."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import msgspec

from exmc.errors import OptionError

NonCentered: TypeAlias = bool | Mapping[str, bool]
"""All that can be, none, or a choice by name."""

WarmUp: TypeAlias = Literal["continuous", "stan"]
"""How warm-up is divided into windows."""

_MAX_SEED = 2**63 - 1


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a run; every value is checked when it is made.

    Attributes:
        draws: Draws a chain after warm-up, at least 1.
        tune: Warm-up transitions a chain, at least 0.
        chains: Chains, at least 1.
        seed: 0 .. 2**63 - 1.
        target_accept: Mean acceptance that the step size aims at, in (0, 1).
        max_treedepth: Doublings a transition may make, 1 .. 20.
        warmup: "continuous" windows, or "stan" for Stan's.
        noncentered: Which location-scale variables are sampled standardised:
            all that can be, none, or a choice by name.

    Raises:
        OptionError: Names the option, its value and what is allowed.
    """

    draws: int = 1000
    tune: int = 1000
    chains: int = 4
    seed: int = 0
    target_accept: float = 0.8
    max_treedepth: int = 10
    warmup: WarmUp = "continuous"
    noncentered: bool | dict[str, bool] = False

    def __post_init__(self) -> None:
        _check_whole("draws", self.draws, 1, None)
        _check_whole("tune", self.tune, 0, None)
        _check_whole("chains", self.chains, 1, None)
        _check_whole("seed", self.seed, 0, _MAX_SEED)
        _check_whole("max_treedepth", self.max_treedepth, 1, 20)
        if not _is_real(self.target_accept) or not 0 < self.target_accept < 1:
            raise OptionError(
                f"target_accept must be a number between 0 and 1 (exclusive), "
                f"got {self.target_accept!r}; the usual value is 0.8."
            )
        if self.warmup not in get_args(WarmUp):
            raise OptionError(
                f"warmup must be 'continuous' or 'stan', got {self.warmup!r}."
            )


def _check_whole(name: str, value: object, least: int, most: int | None) -> None:
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if whole and value >= least and (most is None or value <= most):  # type: ignore[operator]
        return
    allowed = f"at least {least}" if most is None else f"from {least} to {most}"
    raise OptionError(f"{name} must be a whole number {allowed}, got {value!r}.")


def _is_real(value: object) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
