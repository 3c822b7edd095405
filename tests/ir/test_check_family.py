from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from exmc import model as face
from exmc.errors import (
    BadDataError,
    BadParameterError,
    ModelError,
    OutsideSupportError,
    ShapeMismatchError,
    UnknownFormatError,
)
from exmc.ir.check_family import family_violations
from exmc.ir.node import FreeVariable, Observation
from tests.ir.graphs import Y, constant

Written = Callable[[], Any]

WRONG: list[tuple[type[ModelError], Written, str]] = [
    (
        BadParameterError,
        lambda: face.Normal("y", 0, -2.5, observed=Y),
        (
            "Parameter sigma of 'y' (Normal) is -2.5; it must be greater than zero "
            "(for a "
            "value that is itself unknown, pass a random variable)."
        ),
    ),
    (
        BadParameterError,
        lambda: face.Normal("x", 0, [1.0, 0.0]),
        (
            "Parameter sigma of 'x' (Normal) is 0.0 at index 1; it must be greater "
            "than "
            "zero (for a value that is itself unknown, pass a random variable)."
        ),
    ),
    (
        BadParameterError,
        lambda: face.Uniform("u", 2.0, 1.0),
        (
            "Parameter upper of 'u' (Uniform) is 1.0; it must be greater than 2 (for a "
            "value that is itself unknown, pass a random variable)."
        ),
    ),
    (
        BadParameterError,
        lambda: face.Binomial("b", 2.5, 0.5, observed=1),
        (
            "Parameter n of 'b' (Binomial) is 2.5; it must be a whole number, zero or "
            "more (for a value that is itself unknown, pass a random variable)."
        ),
    ),
    (
        BadDataError,
        lambda: face.Normal("x", [0.0, np.nan], 1),
        (
            "Parameter mu of 'x' has NaN at index 1 (1 of 2 entries); leave those "
            "entries "
            "out, or fill them in."
        ),
    ),
    (
        BadDataError,
        lambda: face.Normal("y", 0, 1, observed=[1.0, np.nan]),
        (
            "Observed 'y' has NaN at index 1 (1 of 2 entries); leave those entries "
            "out, "
            "or fill them in."
        ),
    ),
    (
        BadDataError,
        lambda: face.Normal("y", 0, 1, observed=face.Data("d", [1.0, np.nan])),
        (
            "Data 'd' has NaN at index 1 (1 of 2 entries); leave those entries out, or "
            "fill them in."
        ),
    ),
    (
        BadDataError,
        lambda: face.Normal("y", 0, 1, observed=[]),
        "Observed 'y' is empty, shape (0,); give some data.",
    ),
    (
        BadDataError,
        lambda: face.Normal("y", 0, 1, observed=face.Normal("x") + 1),
        (
            "Observed 'y' is x + 1, which depends on a free variable; observed values "
            "are "
            "numbers (for a condition on variables, add a Potential)."
        ),
    ),
    (
        OutsideSupportError,
        lambda: face.Gamma("y", 2, 1, observed=[0.5, -1.0]),
        (
            "Observed 'y' has the value -1.0 at index 1, which Gamma cannot produce: "
            "it "
            "must be greater than zero; correct the value or take another family."
        ),
    ),
    (
        OutsideSupportError,
        lambda: face.Poisson("y", 3, observed=[1.0, 2.5]),
        (
            "Observed 'y' has the value 2.5 at index 1, which Poisson cannot produce: "
            "it "
            "must be a whole number, zero or more; correct the value or take another "
            "family."
        ),
    ),
    (
        OutsideSupportError,
        lambda: face.Binomial("y", 3, 0.5, observed=4),
        (
            "Observed 'y' has the value 4, which Binomial cannot produce: it must be a "
            "whole number, between zero and 3; correct the value or take another "
            "family."
        ),
    ),
    (
        OutsideSupportError,
        lambda: face.Normal("y", 0, 1, observed=np.inf),
        (
            "Observed 'y' has the value inf, which Normal cannot produce: it must be a "
            "finite number; correct the value or take another family."
        ),
    ),
    (
        OutsideSupportError,
        lambda: face.HalfNormal("x", 1, initval=-1.0),
        (
            "initval of 'x' has the value -1.0, which HalfNormal cannot produce: it "
            "must "
            "be greater than zero; correct the value or take another family."
        ),
    ),
    (
        OutsideSupportError,
        lambda: face.Uniform("x", 1.0, 3.0, initval=3),
        (
            "initval of 'x' has the value 3.0, which Uniform cannot produce: it must "
            "be strictly between 1 and 3; correct the value or take another family."
        ),
    ),
    (
        BadParameterError,
        lambda: face.Normal("x", 0, np.inf),
        (
            "Parameter sigma of 'x' (Normal) is inf; it must be finite and greater "
            "than zero (for a value that is itself unknown, pass a random variable)."
        ),
    ),
    (
        ShapeMismatchError,
        lambda: face.Normal("x", np.zeros((0, 2))),
        (
            "Free variable 'x' is empty, shape (0, 2); give its parameters at least "
            "one entry."
        ),
    ),
    (
        BadDataError,
        lambda: face.Normal("x", initval=np.nan),
        "initval of 'x' has NaN; leave those entries out, or fill them in.",
    ),
    (
        ShapeMismatchError,
        lambda: face.Normal("y", face.Normal("b", shape=3), 1, observed=Y),
        (
            "Parameter mu of 'y' is b of shape (3,), which does not fit the variable's "
            "shape (8,); make them agree (shape=, dims=, or indexing)."
        ),
    ),
    (
        ShapeMismatchError,
        lambda: face.Normal("y", observed=Y, shape=(8, 1)),
        (
            "Observed 'y' has shape (8,), but the variable has shape (8, 1); leave out "
            "shape= and dims=, or correct them."
        ),
    ),
    (
        ModelError,
        lambda: face.Poisson("k", 3),
        (
            "Free variable 'k' is Poisson, which is discrete; NUTS moves in continuous "
            "variables only: observe it, or sum it out of the likelihood."
        ),
    ),
    (
        UnknownFormatError,
        lambda: face.Normal("x", transform="log"),
        (
            "Unknown transform 'log' of 'x'; it is one of identity, exp, softplus, "
            "logit, "
            "lower_bounded, upper_bounded."
        ),
    ),
    (
        ModelError,
        lambda: face.Normal("x", transform="exp"),
        (
            "Transform of 'x': exp maps onto the positive numbers, but the support is "
            "a "
            "finite number; leave out transform= to get the family's own."
        ),
    ),
]


@pytest.mark.parametrize(
    ("kind", "written", "message"), WRONG, ids=[row[2][:40] for row in WRONG]
)
def test_a_mistake_has_one_message_with_name_value_and_remedy(
    kind: type[ModelError], written: Written, message: str
) -> None:
    with pytest.raises(ModelError) as caught, face.Model():
        written()
    assert (type(caught.value), str(caught.value)) == (kind, message)


@pytest.mark.parametrize(
    ("family", "parameters", "message"),
    [
        ("Norml", {}, "Unknown family 'Norml' of 'x'; it is one of Flat, HalfFlat, "),
        (
            "Normal",
            {"mean": constant(0.0)},
            "Normal has no parameter 'mean' (of 'x'); it has mu, sigma.",
        ),
        (
            "Poisson",
            {},
            "Poisson 'x' lacks mu; every parameter needs a value.",
        ),
        (
            "Normal",
            {"sigma": constant(1.0)},
            "Normal 'x' lacks mu; every parameter needs a value.",
        ),
    ],
)
def test_a_graph_built_by_hand_is_checked_too(
    family: str, parameters: dict[str, Any], message: str
) -> None:
    node = FreeVariable("x", family, parameters)
    found = [str(v) for v in family_violations(node, {})]
    assert any(text.startswith(message) for text in found)


def test_a_parameter_that_varies_is_not_judged() -> None:
    with face.Model() as model:
        face.Normal("y", 0, face.Normal("s"), observed=1.0)
    node = model.graph.node("y")
    assert isinstance(node, Observation)
    assert list(family_violations(node, {"y": np.array(1.0)})) == []
