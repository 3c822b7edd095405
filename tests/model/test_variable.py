from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from exmc.errors import (
    BadParameterError,
    DuplicateNameError,
    ModelError,
    ShapeMismatchError,
)
from exmc.ir.describe import describe
from exmc.ir.node import FreeVariable, Observation
from exmc.model import Cauchy, Data, HalfNormal, Model, Normal
from exmc.model.variable import check_options, declared_shape

COORDS = {"school": ("a", "b", "c"), "year": (1, 2)}


def declared(**options: Any) -> tuple[tuple[int, ...], tuple[str | None, ...]]:
    return declared_shape("x", options.pop("implied", ()), options, COORDS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "shape", "dims"),
    [
        ({}, (), ()),
        ({"implied": (4,)}, (4,), ()),
        ({"shape": 4}, (4,), ()),
        ({"shape": np.int64(4)}, (4,), ()),
        ({"shape": (2, 3)}, (2, 3), ()),
        ({"shape": [2, 3]}, (2, 3), ()),
        ({"dims": "school"}, (3,), ("school",)),
        ({"dims": ("school", "year")}, (3, 2), ("school", "year")),
        ({"dims": (None, "year"), "shape": (5, 2)}, (5, 2), (None, "year")),
        ({"dims": (None, "year"), "implied": (5, 2)}, (5, 2), (None, "year")),
    ],
)
def test_shape_and_dims_are_found(
    options: dict[str, Any], shape: tuple[int, ...], dims: tuple[str | None, ...]
) -> None:
    assert declared(**options) == (shape, dims)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"dims": "pupil"},
            (
                r"Unknown dim 'pupil' of 'x'; give its labels in "
                r"Model\(coords=\{'pupil': "
                r"\[\.\.\.\]\}\) \(coords so far: school, year\)\."
            ),
        ),
        (
            {"dims": "school", "shape": 4},
            (
                r"'x' has shape \(4,\), but its dims \('school',\) have lengths \(3,\) "
                r"in "
                r"coords; leave out shape=, or correct coords\."
            ),
        ),
        (
            {"dims": (None, "year")},
            (
                r"'x' has dims \(None, 'year'\) but shape \(\); name each axis, or "
                r"give "
                r"shape= with one length for each\."
            ),
        ),
        (
            {"shape": 0},
            r"shape= must be made of whole numbers of 1 or more, got 0\.",
        ),
        (
            {"shape": (2, 1.5)},
            r"shape= must be made of whole numbers of 1 or more, got \(2, 1\.5\)\.",
        ),
        (
            {"shape": 3.0},
            r"shape= must be made of whole numbers of 1 or more, got 3\.0\.",
        ),
        *(
            (
                {"dims": wrong},
                (
                    rf"dims= must name axes, got {shown}; give the name of a dimension "
                    r"in coords, or several of them \(for lengths, take shape=\)\."
                ),
            )
            for wrong, shown in [(3, "3"), ((3,), r"\(3,\)")]
        ),
    ],
)
def test_what_disagrees_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ShapeMismatchError, match=f"^{message}$"):
        declared(**options)


def test_an_argument_that_does_not_exist_is_named_with_those_that_do() -> None:
    message = (
        r"^Normal 'x' has no argument size=; did you mean shape=\? It accepts mu=, "
        r"shape=, dims=, observed=, initval=, transform=\.$"
    )
    with pytest.raises(ModelError, match=message):
        check_options("Normal 'x'", {"size": 3}, ("mu",))


def test_a_free_variable_takes_the_shape_of_its_parameters() -> None:
    with Model() as model:
        Normal("x", [0.0, 1.0], [[1.0], [2.0], [3.0]])
    (node,) = model.graph.of(FreeVariable)
    assert node.shape == (3, 2)


def test_an_observed_variable_takes_the_shape_of_its_values() -> None:
    with Model() as model:
        y = Normal("y", Normal("mu"), 1.0, observed=[[1.0, 2.0]])
    (node,) = model.graph.of(Observation)
    assert node.shape == y.shape == (1, 2)


def test_data_may_be_observed_by_name_and_through_a_function() -> None:
    with Model() as model:
        weight = Data("weight", [1.0, 2.0])
        mu = Normal("mu")
        Normal("plain", mu, 1.0, observed="weight")
        Normal("logged", mu, 1.0, observed=np.log(weight))
    plain, logged = model.graph.of(Observation)
    assert describe(plain.value) == "weight"
    assert describe(logged.value) == "log(weight)"


def test_a_string_names_a_variable() -> None:
    with Model() as model:
        Normal("mu")
        HalfNormal("tau")
        Normal("theta", "mu", "tau")
    theta = model.graph.node("theta")
    assert [describe(p) for p in theta.expressions] == ["mu", "tau"]


WRONG: list[tuple[type[ModelError], Callable[[], Any], str]] = [
    (
        ModelError,
        lambda: Normal("x", 0.0, sd=1.0),  # type: ignore[call-arg]
        (
            r"Normal 'x' has no argument sd=; did you mean sigma=\? It accepts mu=, "
            r"sigma=, tau=, shape=, dims=, observed=, initval=, transform=\."
        ),
    ),
    (
        ModelError,
        lambda: Normal("x", zzz=1.0),  # type: ignore[call-arg]
        r"Normal 'x' has no argument zzz=; it accepts mu=, sigma=, tau=, shape=, .*",
    ),
    (
        BadParameterError,
        lambda: Normal("x", None, 1.0),
        (
            r"Parameter mu of 'x' is None; give a number, an array or a variable, or "
            r"leave out mu=\."
        ),
    ),
    (
        BadParameterError,
        lambda: Cauchy("x", None, 1.0),
        r"Parameter alpha of 'x' is None; give a number, an array or a variable\.",
    ),
    (
        DuplicateNameError,
        lambda: (Normal("x"), HalfNormal("x")),
        (
            r"Duplicate name 'x': the model has a variable of this name already; "
            r"choose "
            r"another\."
        ),
    ),
    (
        ModelError,
        lambda: Normal("", 0, 1),
        r"A name must be non-empty text, got ''; give it first\.",
    ),
    (
        ShapeMismatchError,
        lambda: Normal("x", [0.0, 1.0], [1.0, 1.0, 1.0]),
        (
            r"The parameters of 'x' have shapes that do not broadcast: mu \(2,\), "
            r"sigma "
            r"\(3,\); make them agree, by indexing or with an axis of length 1\."
        ),
    ),
    (
        ShapeMismatchError,
        lambda: Normal("x", shape=3, initval=[1.0, 2.0]),
        (
            r"initval of 'x' has shape \(2,\), but the variable has shape \(3,\); give "
            r"one "
            r"number for each entry, or one for all\."
        ),
    ),
]


@pytest.mark.parametrize(("kind", "written", "message"), WRONG)
def test_a_mistake_is_refused_where_it_is_written(
    kind: type[ModelError], written: Callable[[], Any], message: str
) -> None:
    with pytest.raises(kind, match=f"^{message}$"), Model():
        written()


def test_a_variable_outside_a_model_is_refused() -> None:
    message = (
        r"^Normal\('x'\) is outside a model; write it inside `with exmc\.Model\(\) as "
        r"model:` \(a distribution by itself is made with \.dist\)\.$"
    )
    with pytest.raises(ModelError, match=message):
        Normal("x")


def test_a_variable_shows_its_family_and_name() -> None:
    with Model():
        assert repr(Normal("x")) == "Normal('x')"


def test_one_initial_value_serves_all_entries() -> None:
    with Model() as model:
        Normal("x", shape=(2, 2), initval=3)
    (node,) = model.graph.of(FreeVariable)
    assert node.initval is not None
    assert node.initval.tolist() == [[3.0, 3.0], [3.0, 3.0]]
