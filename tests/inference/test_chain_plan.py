from __future__ import annotations

import numpy as np

import exmc
from exmc.inference.assignment import Failure
from exmc.inference.chain_plan import naming


def model() -> exmc.Model:
    with exmc.Model(coords={"group": ["a", "b"]}) as model:
        x = exmc.Normal("x", 0.0, 1.0, dims="group")
        exmc.Potential("hopeless", np.log(-1.0 - x[0] ** 2))
    return model


def test_bad_coordinates_are_named() -> None:
    failure = Failure("BadStartError", "No start.", "", (1,), [0.0, 0.0])
    explained = naming(model().compile())(failure)
    assert explained.message == "No start. Not finite: x[b]."


def test_without_bad_coordinates_the_bad_parts_are_named() -> None:
    failure = Failure("BadStartError", "No start.", "", (), [0.0, 0.0])
    explained = naming(model().compile())(failure)
    assert explained.message == "No start. Not finite: hopeless."


def test_another_failure_is_left_as_it_is() -> None:
    failure = Failure("ValueError", "No.", "trace")
    assert naming(model().compile())(failure) is failure
