"""A name for every number."""

from __future__ import annotations

import pytest

from exmc.frames import Coordinate, VariableSchema
from exmc.posterior.labels import element_labels

COORDS: dict[str, tuple[Coordinate, ...]] = {"school": ("A", "B"), "year": (1999, 2000)}


@pytest.mark.parametrize(
    ("variable", "labels"),
    [
        (VariableSchema("mu"), ["mu"]),
        (VariableSchema("theta", (2,), ("school",)), ["theta[A]", "theta[B]"]),
        (VariableSchema("b", (2,), (None,)), ["b[0]", "b[1]"]),
        (VariableSchema("b", (2,)), ["b[0]", "b[1]"]),
        (VariableSchema("b", (2,), ("unlabelled",)), ["b[0]", "b[1]"]),
        (
            VariableSchema("g", (2, 2), ("school", "year")),
            ["g[A, 1999]", "g[A, 2000]", "g[B, 1999]", "g[B, 2000]"],
        ),
        (VariableSchema("none", (0, 2), (None, "school")), []),
    ],
    ids=lambda value: value.name if isinstance(value, VariableSchema) else "",
)
def test_labels_are_in_c_order(variable: VariableSchema, labels: list[str]) -> None:
    assert element_labels(variable, COORDS) == labels
