"""Whether all frameworks state the same posteriors.

`python benchmarks/check_models.py [MODEL ...]`.
Log-densities may differ by a constant, so differences from the first of a few random
points are compared, and gradients whole. Prints a row a model; exits with 1 if any
two disagree.
"""

from __future__ import annotations

import sys

import numpy as np
from harness.dialogue import (
    AUTOGRAD,
    HAND,
    NUMPYRO64,
    NUTPIE,
    Kind,
    Side,
    SideError,
    present,
)
from models.catalogue import GRADIENT, ROWS_ONLY, SAMPLING
from models.data import DATA, DataAbsentError, generator

POINTS = 4
TOLERANCE = 1e-8

Found = tuple[np.ndarray, np.ndarray]


def points(dim: int) -> list[list[float]]:
    """A few unconstrained positions, near enough for a matrix to be factorised."""
    return (0.4 * generator(99).standard_normal((POINTS, dim))).tolist()


def asked(side: Side, model: str, where: list[list[float]]) -> Found:
    """Values less the first one, and gradients."""
    side.prepare(model)
    pairs = side.ask("density", points=where)
    values = np.array([value for value, _ in pairs])
    return values - values[0], np.array([gradient for _, gradient in pairs])


def distance(one: Found, other: Found) -> float:
    """Largest difference of values or gradients, relative to the largest of each."""
    return max(
        float(np.max(np.abs(a - b)) / np.max(np.abs(a)))
        for a, b in zip(one, other, strict=True)
    )


def row(ours: Side, sides: list[Side], model: str) -> dict[str, float | str]:
    """By framework: the distance from exmc, or why there is none."""
    where = points(ours.prepare(model)["dim"])
    reference = asked(ours, model, where)
    found: dict[str, float | str] = {}
    for side in sides:
        try:
            found[side.kind.name] = distance(reference, asked(side, model, where))
        except SideError as error:
            found[side.kind.name] = str(error)
    return found


def main() -> int:
    """Print the table; tell whether all agree."""
    peers: list[Kind] = present((NUTPIE, NUMPYRO64, HAND))
    models = sys.argv[1:] or list(dict.fromkeys((*GRADIENT, *SAMPLING, *ROWS_ONLY)))
    wrong = 0
    with Side(AUTOGRAD) as ours:
        sides = [Side(kind) for kind in peers]
        for model in models:
            try:
                DATA[model]()
                found = row(ours, sides, model)
            except (DataAbsentError, SideError) as error:
                print(f"{model:22s} {error}", flush=True)
                wrong += isinstance(error, SideError)
                continue
            cells = []
            for name, value in found.items():
                if isinstance(value, str):
                    known = "KeyError" in value or "AttributeError" in value
                    cells.append(f"{name} " + ("absent" if known else value[:90]))
                    wrong += not known
                else:
                    cells.append(f"{name} {value:.1e}")
                    wrong += not value < TOLERANCE
            print(f"{model:22s} {'   '.join(cells)}", flush=True)
        for side in sides:
            side.__exit__()
    print("all agree" if wrong == 0 else f"{wrong} disagree")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
