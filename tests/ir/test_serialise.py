from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from exmc.errors import UnknownFormatError
from exmc.ir.graph import ModelGraph
from exmc.ir.node import Data
from exmc.ir.printer import pretty
from exmc.ir.serialise import digest, from_json, from_parts, to_json, to_parts
from exmc.model import Model, Normal, model_of_logp
from exmc.rewrite import attach_default_transforms, noncenter
from tests.ir.graphs import constant, eight_schools, everything, far_parents, normal

Change = Callable[[dict[str, Any]], None]


def recorded() -> ModelGraph:
    return model_of_logp(lambda p: -0.5 * p["a"] ** 2, {"a": 0.5}).graph


def rewritten() -> ModelGraph:
    return attach_default_transforms(noncenter(everything(), True))


GRAPHS = [eight_schools, everything, far_parents, recorded, rewritten]


@pytest.mark.parametrize("make", GRAPHS)
def test_a_graph_survives_the_round_trip(make: Callable[[], ModelGraph]) -> None:
    graph = make()
    again = from_json(to_json(graph))
    assert digest(again) == digest(graph)
    assert pretty(again) == pretty(graph)
    assert to_json(again) == to_json(graph)


@pytest.mark.parametrize("make", GRAPHS)
def test_arrays_may_travel_apart(make: Callable[[], ModelGraph]) -> None:
    graph = make()
    assert digest(from_parts(*to_parts(graph))) == digest(graph)


def test_data_and_long_constants_are_apart_and_short_ones_inside() -> None:
    with Model() as model:
        Normal("y", Normal("x"), np.full(64, 2.0), observed=np.zeros(64))
    _, arrays = to_parts(model.graph)
    assert [array.shape for array in arrays.values()] == [(64,), (64,)]
    assert set(to_parts(everything())[1]) == {"data:x", "data:which"}


def test_equal_parts_are_written_once() -> None:
    with Model() as model:
        x = Normal("x")
        Normal("y", np.exp(x) + np.exp(x), 1.0, observed=2.0)
    table = json.loads(to_json(model.graph))["expressions"]
    assert sum(entry.get("op") == "exp" for entry in table) == 1


def test_a_chain_of_doublings_stays_small() -> None:
    with Model() as model:
        total = Normal("x")
        for _ in range(60):
            total = total + total
        Normal("y", total, 1.0, observed=2.0)
    assert len(to_json(model.graph)) < 30_000
    assert digest(from_json(to_json(model.graph))) == digest(model.graph)


def test_the_digest_depends_on_names_numbers_and_shapes_only() -> None:
    assert digest(eight_schools()) == digest(eight_schools())
    others = [
        ModelGraph((normal("a", 0.0, 1.0),)),
        ModelGraph((normal("b", 0.0, 1.0),)),
        ModelGraph((normal("a", 0.0, 1.5),)),
        ModelGraph((normal("a", 0.0, 1.0, shape=(1,)),)),
        ModelGraph((normal("a", 0.0, 1.0), Data("x", constant([1.0]).value))),
        ModelGraph((normal("a", 0.0, 1.0), Data("x", constant([2.0]).value))),
    ]
    assert len({digest(graph) for graph in others}) == len(others)


def test_what_is_not_finite_is_valid_json() -> None:
    graph = ModelGraph((normal("a", constant([np.inf, -np.inf, np.nan]), 1.0),))
    text = to_json(graph)
    json.loads(text, parse_constant=pytest.fail)
    assert to_json(from_json(text)) == text


def _set_version(data: dict[str, Any]) -> None:
    data["version"] = 7


def _rename_family(data: dict[str, Any]) -> None:
    data["nodes"][0]["family"] = "Norml"


def _rename_kind(data: dict[str, Any]) -> None:
    data["nodes"][0]["kind"] = "Plate"


def _rename_op(data: dict[str, Any]) -> None:
    entry = next(e for e in data["expressions"] if "op" in e)
    entry["op"] = "fft"


def _drop_shape(data: dict[str, Any]) -> None:
    del data["nodes"][0]["shape"]


def _forget_format(data: dict[str, Any]) -> None:
    del data["format"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            _set_version,
            "The model has version 7, but this exmc reads version 1; write it again ",
        ),
        (_rename_family, "Unknown family 'Norml' in a model file; update exmc."),
        (_rename_kind, "Unknown kind of node 'Plate' in a model file; update exmc."),
        (_rename_op, "Unknown operation 'fft' in a model file; update exmc."),
        (_drop_shape, "The model file is damaged: KeyError: 'shape'."),
        (_forget_format, 'The JSON text is not a model: it lacks "format": \'exmc-'),
    ],
)
def test_an_alien_file_is_refused_with_its_reason(change: Change, message: str) -> None:
    with Model() as model:
        Normal("x", np.exp(Normal("m")))
    data = json.loads(to_json(model.graph))
    change(data)
    with pytest.raises(UnknownFormatError) as caught:
        from_json(json.dumps(data))
    assert str(caught.value).startswith(message)


def test_text_that_is_not_json_is_refused() -> None:
    with pytest.raises(UnknownFormatError, match="^The model is not JSON text: Exp"):
        from_json("{")


def test_a_missing_array_is_named() -> None:
    text, _ = to_parts(everything())
    with pytest.raises(UnknownFormatError, match="^Array 'data:x' of the model is mis"):
        from_parts(text, {})
