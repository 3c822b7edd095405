"""The side of the loops written by hand: `python -m sides.hand`."""

from __future__ import annotations

from typing import Any

from models.data import DATA
from sides.native_loop import ByHand, cpu_of_calls
from sides.serve import serve

HELD: dict[str, Any] = {}


def prepare(model: str, variant: str) -> dict[str, Any]:
    """Make the function ready; nothing to tell."""
    HELD["function"] = ByHand(model, DATA[model](), variant)
    return {}


def density(points: list[list[float]]) -> list[tuple[float, list[float]]]:
    """Value and gradient at each point."""
    pairs = [HELD["function"](point) for point in points]
    return [(value, list(gradient)) for value, gradient in pairs]


def seconds(point: list[float], count: int) -> float:
    """CPU seconds of `count` gradients near a point."""
    function = HELD["function"]
    return cpu_of_calls(function.address, function.context, point, count)


if __name__ == "__main__":
    serve({"prepare": prepare, "density": density, "seconds": seconds})
