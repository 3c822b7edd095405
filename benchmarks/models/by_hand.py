"""What the functions of by_hand.c read: data arrays in the order of their slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.data import Arrays

WORK = 40_000
"""Doubles of scratch: enough for each."""


def _columns(matrix: Any) -> Any:
    return matrix.T


def _named(*names: str) -> Callable[[Arrays], list[Any]]:
    return lambda data: [data[name] for name in names]


def _design(name: str) -> Callable[[Arrays], list[Any]]:
    return lambda data: [_columns(data[name]), data["y"].astype(float)]


SLOTS: dict[str, Callable[[Arrays], list[Any]]] = {
    "eight_schools": lambda data: [data["y"], 1.0 / data["error"] ** 2],
    "radon": _named("y", "county", "floor"),
    "logistic_1000": _design("X"),
    "stochastic_volatility": _named("y"),
    "funnel": lambda _data: [],
    "mvn_100": _named("precision"),
    "irt_2pl": lambda data: [
        data["person"],
        data["question"],
        data["y"].astype(float),
    ],
    "mixture_500": _named("y"),
    "poisson_glm": _design("X"),
    "horseshoe": _design("X"),
    "gp_100": lambda data: [np.subtract.outer(data["x"], data["x"]) ** 2, data["y"]],
    "ar_200": _design("lags"),
}
"""By model: its slots; matrices of a design go column by column."""
