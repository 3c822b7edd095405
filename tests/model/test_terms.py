from __future__ import annotations

import numpy as np
import pytest

from exmc.errors import BadDataError, ModelError, ShapeMismatchError
from exmc.ir.node import Data as DataNode
from exmc.model import Data, Deterministic, Model, Normal, Potential


def test_data_are_a_quantity_with_a_name() -> None:
    with Model(coords={"row": [1, 2, 3]}) as model:
        x = Data("x", [1, 2, 3], dims="row")
        assert (x.name, x.shape) == ("x", (3,))
        assert x.dtype == np.int64
        Normal("a")
    (node,) = model.graph.of(DataNode)
    assert node.dims == ("row",)


def test_a_deterministic_is_a_quantity_with_a_name() -> None:
    with Model(coords={"row": [1, 2, 3]}) as model:
        doubled = Deterministic("doubled", 2 * Normal("a", shape=3), dims="row")
        Deterministic("again", doubled + model["doubled"])
    assert model.deterministics == ("doubled", "again")
    assert model["again"].shape == (3,)


def test_a_potential_has_no_value() -> None:
    with Model() as model:
        assert Potential("p", -(Normal("a") ** 2)) is None  # type: ignore[func-returns-value]
    assert "p" in model


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            lambda: Data("x", ["a"]),
            "Data 'x' must be made of real numbers, got an array of <U1; ",
        ),
        (lambda: Data("x", [[1], [2, 3]]), "Data 'x' must be a rectangular array of "),
    ],
)
def test_data_that_are_not_numbers_are_refused(written: object, message: str) -> None:
    with pytest.raises(BadDataError, match=f"^{message}"), Model():
        written()  # type: ignore[operator]


def test_dims_of_another_length_are_refused() -> None:
    message = r"^'x' has shape \(2,\), but its dims \('row',\) have lengths \(3,\) in "
    for written in (
        lambda: Data("x", [1.0, 2.0], dims="row"),
        lambda: Deterministic("x", Normal("a", shape=2), dims="row"),
    ):
        with (
            pytest.raises(ShapeMismatchError, match=message),
            Model(coords={"row": [1, 2, 3]}),
        ):
            written()


@pytest.mark.parametrize("kind", [Data, Deterministic, Potential])
def test_outside_a_model_it_is_refused(kind: type) -> None:
    with pytest.raises(
        ModelError, match=rf"^{kind.__name__}\('x'\) is outside a model"
    ):
        kind("x", 1.0)
