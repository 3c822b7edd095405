"""What is asked of a run: the options of `sample` and `start`, checked."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from operator import index
from typing import Any, Literal, TypeAlias, get_args

import msgspec
import numpy as np

from exmc.errors import OptionError
from exmc.gradient.speed import Backend
from exmc.numerics.guards import finite_or_nan

NonCentered: TypeAlias = bool | Mapping[str, bool]
"""All that can be, none, or a choice by name."""

WarmUp: TypeAlias = Literal["continuous", "stan"]
"""How warm-up is divided into windows."""

_BOOLS = (bool, np.bool_)

MOST = 10**15
"""What still fits into every count that is made of it."""

_RANGES: dict[str, tuple[int, int | None]] = {
    "draws": (1, MOST),
    "tune": (0, MOST),
    "chains": (1, None),
    "seed": (0, 2**63 - 1),
    "max_treedepth": (1, 20),
}
"""The least and the greatest value of each whole-number option."""


class RunSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The options of a run; every value is checked when it is made.

    Attributes:
        draws: Draws a chain after warm-up, 1 .. 10**15.
        tune: Warm-up transitions a chain, 0 .. 10**15.
        chains: Chains, at least 1.
        seed: 0 .. 2**63 - 1.
        target_accept: Mean acceptance that the step size aims at, in (0, 1).
        max_treedepth: Doublings a transition may make, 1 .. 20.
        warmup: "continuous" windows, or "stan" for Stan's.
        noncentered: Which location-scale variables are sampled standardised:
            all that can be, none, or a choice by name.
        backend: "native" machine code, "strict" numpy with the same bits, fast
            "numpy", "autograd", or "auto": the first of them that can be had.
        hot_upgrade: Begin on the strict program at once, and change to machine code
            between two transitions when it is compiled. The draws are the same.

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
    noncentered: NonCentered = False
    backend: Backend = "auto"
    hot_upgrade: bool = False

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            self._keep(name, whole(name, getattr(self, name), least, most))
        self._keep("target_accept", _acceptance(self.target_accept))
        self._keep("noncentered", _choice(self.noncentered))
        if self.warmup not in get_args(WarmUp):
            raise OptionError(
                f"warmup must be 'continuous' or 'stan', got {self.warmup!r}."
            )
        if self.backend not in get_args(Backend):
            allowed = ", ".join(map(repr, get_args(Backend)))
            raise OptionError(
                f"backend must be one of {allowed}, got {self.backend!r}."
            )
        self._keep("hot_upgrade", _switch("hot_upgrade", self.hot_upgrade))
        if self.hot_upgrade and self.backend not in ("auto", "native"):
            raise OptionError(
                f"hot_upgrade goes from the strict program to machine code; it needs "
                f"backend='native' or 'auto', got {self.backend!r}."
            )

    def _keep(self, name: str, value: object) -> None:
        # What numpy calls a number becomes Python's own, which can travel.
        msgspec.structs.force_setattr(self, name, value)


def whole(name: str, value: Any, least: int, most: int | None = None) -> int:  # noqa: ANN401 - as given
    """Return an option as an int.

    Raises:
        OptionError: It is no whole number, or out of range.
    """
    number = index(value) if _is_a(numbers.Integral, value) else None
    if number is not None and least <= number and (most is None or number <= most):
        return number
    allowed = f"at least {least}" if most is None else f"from {least} to {most}"
    raise OptionError(f"{name} must be a whole number {allowed}, got {value!r}.")


def _acceptance(value: Any) -> float:  # noqa: ANN401 - as given
    number = finite_or_nan(value) if _is_a(numbers.Real, value) else math.nan
    if 0 < number < 1:
        return number
    raise OptionError(
        f"target_accept must be a number between 0 and 1 (exclusive), got {value!r}; "
        f"the usual value is 0.8."
    )


def _is_a(kind: type, value: Any) -> bool:  # noqa: ANN401 - whatever was given
    # True is a whole number to Python, and a mistake here.
    return isinstance(value, kind) and not isinstance(value, bool)


def _switch(name: str, value: object) -> bool:
    if isinstance(value, _BOOLS):
        return bool(value)
    raise OptionError(f"{name} must be True or False, got {value!r}.")


def _choice(value: object) -> bool | dict[str, bool]:
    if isinstance(value, _BOOLS):
        return bool(value)
    if isinstance(value, Mapping) and all(
        isinstance(name, str) and isinstance(wanted, _BOOLS)
        for name, wanted in value.items()
    ):
        return {name: bool(wanted) for name, wanted in value.items()}
    raise OptionError(
        f"noncentered must be True, False or a choice by name such as "
        f"{{'theta': True}}, got {value!r}."
    )
