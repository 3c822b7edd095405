"""Draws of every kind that a diagnostic meets; one table for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from exmc.typing import Matrix


def ar1(correlation: float, shape: tuple[int, int], seed: int) -> Matrix:
    """Stationary normal AR(1) chains of variance 1, shape (chain, draw)."""
    rng = np.random.Generator(np.random.PCG64(seed))
    noise = rng.standard_normal(shape)
    chains = np.empty(shape)
    chains[:, 0] = noise[:, 0]
    scale = np.sqrt(1 - correlation**2)
    for i in range(1, shape[1]):
        chains[:, i] = correlation * chains[:, i - 1] + scale * noise[:, i]
    return chains


def _with(chains: Matrix, value: float) -> Matrix:
    chains[1, 3] = value
    return chains


WHITE = ar1(0.0, (4, 1000), 1)
CASES: dict[str, Matrix] = {
    "white noise": WHITE,
    "correlated": ar1(0.9, (4, 1000), 2),
    "antithetic": ar1(-0.6, (4, 1000), 3),
    "very antithetic": ar1(-0.99, (4, 200), 3),
    "barely moving": ar1(0.999, (4, 300), 4),
    "far from zero": WHITE + 1e6,
    "tiny scale": 1e-9 * ar1(0.5, (4, 250), 4),
    "one chain elsewhere": WHITE + np.array([[0.0], [0.0], [0.0], [0.5]]),
    "one chain wider": WHITE * np.array([[1.0], [1.0], [1.0], [3.0]]),
    "drifting": ar1(0.3, (4, 500), 5) + np.linspace(0, 1, 500),
    "heavy tails": np.tan(np.pi * (ar1(0.0, (4, 500), 6) * 0.1)) ** 3,
    "whole numbers": np.round(2 * ar1(0.5, (4, 500), 7)),
    "two values": (ar1(0.5, (4, 500), 8) > 1.0).astype(np.float64),
    "single chain": ar1(0.5, (1, 1000), 9),
    "two chains": ar1(0.5, (2, 333), 10),
    "odd number of draws": ar1(0.5, (4, 501), 11),
    "many chains": ar1(0.2, (32, 50), 12),
    **{f"{n} draws": ar1(0.3, (3, n), 20 + n) for n in range(2, 20)},
    "one infinity": _with(ar1(0.3, (4, 100), 13), np.inf),
    "one NaN": _with(ar1(0.3, (4, 100), 14), np.nan),
    "constant": np.full((4, 100), 0.1),
    "constant chains that differ": np.repeat([[1.0], [2.0], [3.0], [4.0]], 100, axis=1),
    "no draws": np.empty((4, 0)),
}
