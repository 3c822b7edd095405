from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exmc.errors import (
    BadDataError,
    BadParameterError,
    DuplicateNameError,
    InvalidModelError,
    ModelError,
    NoFreeVariableError,
    ShapeMismatchError,
    UnknownFormatError,
    UnknownVariableError,
)
from exmc.ir.serialise import digest
from exmc.model import (
    Data,
    Deterministic,
    HalfCauchy,
    Model,
    Normal,
    Potential,
    load_model,
)
from exmc.model.model import current_model


def small() -> Model:
    with Model(coords={"group": ["a", "b"]}) as model:
        x = Data("x", [1.0, 2.0])
        slope = Normal("slope", 0, 10)
        noise = HalfCauchy("noise", 1)
        mean = Deterministic("mean", slope * x, dims="group")
        Normal("y", mean, noise, observed=[1.1, 1.9], dims="group")
        Potential("soft", -(slope**2))
    return model


def test_a_model_lists_what_it_is_made_of() -> None:
    model = small()
    assert model.free_variables == ("slope", "noise")
    assert model.observed == ("y",)
    assert model.deterministics == ("mean",)
    assert model.data == ("x",)
    assert model.coords == {"group": ("a", "b")}
    assert "slope" in model
    assert "intercept" not in model
    assert model["mean"].shape == (2,)


def test_a_model_prints_as_it_was_written() -> None:
    assert repr(small()).splitlines() == [
        "group in {a, b}",
        "x[2] = data float64",
        "slope ~ Normal(mu=0, sigma=10)",
        "noise ~ HalfCauchy(beta=1)",
        "mean[group: 2] = slope * x",
        "y[group: 2] ~ Normal(mu=mean, sigma=noise) observed [1.1, 1.9]",
        "soft: add -slope ** 2",
    ]


def test_a_model_survives_as_text_and_as_a_file(tmp_path: Path) -> None:
    model = small()
    path = tmp_path / "model.json"
    path.write_text(model.to_json())
    for again in (load_model(model.to_json()), load_model(path), load_model(str(path))):
        assert digest(again.graph) == digest(model.graph)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(
        UnknownFormatError, match="^The model file 'nowhere.json' cannot"
    ):
        load_model("nowhere.json")


def test_a_block_may_be_opened_again() -> None:
    model = small()
    with model:
        Normal("more", "slope", 1.0)
    assert model.free_variables[-1] == "more"


def test_the_innermost_block_is_the_model_being_written() -> None:
    with Model() as outer:
        with Model() as inner:
            Normal("x")
            assert current_model("it") is inner
        assert current_model("it") is outer
    assert inner.free_variables == ("x",)
    assert outer.free_variables == ()


def test_a_block_that_failed_is_left_all_the_same() -> None:
    with pytest.raises(KeyError), Model():
        raise KeyError
    with pytest.raises(ModelError, match="^It is outside a model"):
        current_model("It")


def test_two_tasks_write_two_models() -> None:
    async def write(name: str, turn: asyncio.Event, other: asyncio.Event) -> Model:
        with Model() as model:
            other.set()
            await turn.wait()
            Normal(name)
        return model

    async def both() -> tuple[Model, Model]:
        first, second = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(
            write("a", first, second), write("b", second, first)
        )

    a, b = asyncio.run(both())
    assert (a.free_variables, b.free_variables) == (("a",), ("b",))


def test_every_violation_is_told_at_the_end_of_the_block() -> None:
    message = (
        "The model has 2 errors:\n"
        "  - Parameter sigma of 'x' (Normal) is -1; it must be greater than zero (for "
        "a value that is itself unknown, pass a random variable).\n"
        "  - Observed 'y' has NaN; leave those entries out, or fill them in."
    )

    def written() -> None:
        with Model():
            Normal("x", 0, -1)
            Normal("y", 0, 1, observed=np.nan)

    with pytest.raises(InvalidModelError) as caught:
        written()
    assert str(caught.value) == message


def test_a_model_without_a_free_variable_is_refused_when_it_is_compiled() -> None:
    with Model() as model:
        Normal("y", 0, 1, observed=0.5)
    with pytest.raises(
        NoFreeVariableError, match="^No free variable: the model has no"
    ):
        model.compile()


def test_an_unknown_name_is_refused() -> None:
    message = (
        "^Unknown variable 'tau'; define it before it is used, or take one of the "
        "model's names: mu.$"
    )
    with Model():
        Normal("mu")
        with pytest.raises(UnknownVariableError, match=message):
            Normal("theta", "mu", "tau")


def test_a_variable_of_another_model_is_refused() -> None:
    with Model():
        mu = Normal("mu")
    message = (
        r"^Parameter mu of 'x' is Normal\('mu'\) of another model; define it in the "
        r"same `with` block\.$"
    )
    with pytest.raises(ModelError, match=message), Model():
        Normal("x", mu)


def test_new_data_change_the_density_and_the_digest() -> None:
    model = small()
    before, z = model.compile(), np.array([0.5, 0.1])
    old = digest(model.graph)
    model.set_data("x", [10.0, 20.0])
    after = model.compile()
    assert after.log_density(z) < before.log_density(z)
    assert digest(model.graph) != old
    assert before.constrain(z)["mean"].tolist() == [0.5, 1.0]
    assert after.constrain(z)["mean"].tolist() == [5.0, 10.0]


@pytest.mark.parametrize(
    ("kind", "name", "array", "message"),
    [
        (
            UnknownVariableError,
            "slope",
            [1.0, 2.0],
            "Unknown variable 'slope'; define it before it is used, or take one ",
        ),
        (
            ShapeMismatchError,
            "x",
            [1.0],
            (
                r"Data 'x' has shape \(2,\), got \(1,\); new numbers must have the "
                r"same sha"
            ),
        ),
        (BadDataError, "x", [1.0, np.nan], "Data 'x' has NaN at index 1 "),
        (BadDataError, "x", ["a", "b"], "Data 'x' must be made of real numbers, got "),
        (BadDataError, "i", [0.5], "Data 'i' is made of int64, got float64; convert "),
    ],
)
def test_data_that_do_not_fit_are_refused_and_the_model_keeps_its_own(
    kind: type[ModelError], name: str, array: Any, message: str
) -> None:
    model = small()
    with model:
        Data("i", [1])
    before = digest(model.graph)
    with pytest.raises(kind, match=f"^{message}"):
        model.set_data(name, array)
    assert digest(model.graph) == before


@pytest.mark.parametrize(
    ("coords", "kind", "message"),
    [
        (
            {"g": []},
            BadDataError,
            (
                r"coords\['g'\] must be a non-empty sequence of text or finite "
                r"numbers, got \[\]\."
            ),
        ),
        (
            {"g": [object]},
            BadDataError,
            r"coords\['g'\] must be a non-empty sequence of text or finite numbers,",
        ),
        (
            {"g": [1.0, np.nan]},
            BadDataError,
            r"coords\['g'\] must be a non-empty sequence of text or finite numbers,",
        ),
        (
            {"g": 3},
            BadDataError,
            r"coords\['g'\] must be a non-empty sequence of text or finite numbers,",
        ),
        (
            {"g": ["\ud800"]},
            BadDataError,
            r"coords\['g'\] must be a non-empty sequence of text or finite numbers,",
        ),
        (
            ["g"],
            BadDataError,
            r"coords must map the name of each dimension to its labels, got \['g'\];",
        ),
        (
            {1: ["g"]},
            BadDataError,
            r"coords must map the name of each dimension to its labels, got \{1: \[",
        ),
        (
            {"g": ["a", "b", "a"]},
            DuplicateNameError,
            r"coords\['g'\] has the label 'a' twice; make labels unique\.",
        ),
    ],
)
def test_labels_that_are_none_are_refused(
    coords: Any, kind: type[ModelError], message: str
) -> None:
    with pytest.raises(kind, match=f"^{message}"):
        Model(coords=coords)


def test_labels_may_come_from_an_array() -> None:
    assert Model(coords={"year": np.arange(2020, 2022)}).coords["year"] == (2020, 2021)


def test_from_graph_refuses_an_ill_formed_graph() -> None:
    def broken() -> Model:
        with Model() as model:
            Normal("x")
        text = model.to_json().replace("1.0", "-1.0")
        return load_model(text)

    with pytest.raises(BadParameterError, match="^Parameter sigma of 'x'"):
        broken()


@pytest.mark.parametrize("noncentered", [True, {"theta": True}])
def test_compile_takes_the_choice_of_noncentring(noncentered: Any) -> None:
    with Model() as model:
        Normal("theta", Normal("mu"), HalfCauchy("tau", 1), shape=3)
    assert model.compile(noncentered=noncentered).noncentered == ("theta",)


def test_written_models_are_data_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[Callable[..., Any]] = []
    monkeypatch.setattr("pickle.dumps", called.append)
    small().to_json()
    assert called == []


@pytest.mark.parametrize("name", [3, "", None, "half \ud800"])
def test_a_name_is_text_that_can_be_written(name: Any) -> None:
    with Model(), pytest.raises(ModelError, match="^A name must be non-empty text, go"):
        Normal(name)


def test_a_list_of_quantities_is_a_vector() -> None:
    with Model() as model:
        a, b = Normal("a"), Normal("b")
        Deterministic("pair", [a, 2.0 * b])
        Normal("y", [[a, b]], 1.0, observed=[[1.0, 2.0]])
    values = model.compile().constrain(np.array([3.0, 4.0]))
    assert values["pair"].tolist() == [3.0, 8.0]
