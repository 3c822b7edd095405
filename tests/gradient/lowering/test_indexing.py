from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.gradient.lowering import program_of_density, program_of_values
from tests.gradient.lowering.agreement import agrees, values_agree

Function = Callable[[Any], Any]

ROWS = np.array([1, 1, 0])
COLUMNS = [0, 2, 2]
MESH: Any = np.ix_(ROWS, np.array(COLUMNS))
MASK = np.array([True, False, True, True])
SQUARE = np.arange(12).reshape(3, 4) % 3 == 0


def grid(z: Any) -> Any:
    return anp.reshape(z, (3, 4))


INDEXED: dict[str, Function] = {
    "a number": lambda z: z[-1],
    "a row": lambda z: grid(z)[1],
    "an entry": lambda z: grid(z)[2, -2],
    "numpy's number": lambda z: z[np.int64(3)],
    "a slice from the end": lambda z: z[-2:3:-3],
    "a new axis": lambda z: grid(z)[:, None, ::2],
    "an ellipsis": lambda z: grid(z)[..., 1],
    "nothing": lambda z: anp.concatenate([z[3:3], z[:2]]),
    "an array": lambda z: z[ROWS],
    "an array of one number": lambda z: z[np.array([4])],
    "an array of no axis": lambda z: z[np.array(4)],
    "a list": lambda z: z[COLUMNS],
    "a square array": lambda z: z[np.array([[0, 1], [1, 5]])],
    "two arrays": lambda z: grid(z)[ROWS, COLUMNS],
    "an array and a slice": lambda z: grid(z)[1:, COLUMNS],
    "an array and a number": lambda z: grid(z)[0, ROWS],
    "a mask": lambda z: grid(z)[:, MASK],
    "a mask of all axes": lambda z: grid(z)[SQUARE],
    "a truth value": lambda z: z[True],
    "an open mesh": lambda z: grid(z)[MESH],
}


@pytest.mark.parametrize("name", INDEXED)
def test_an_index_gives_what_numpy_gives(name: str) -> None:
    assert values_agree(INDEXED[name], 12)


@pytest.mark.parametrize("name", INDEXED)
def test_its_gradient_is_autograds(name: str) -> None:
    assert agrees(lambda z: anp.sum(anp.exp(INDEXED[name](z))), 12)


def ops_of(function: Function) -> set[str]:
    lowered = program_of_values(
        lambda z: [function(z)], 12, np.size(function(np.ones(12)))
    )
    return {i.op for i in lowered.program.instructions}


def test_slices_are_views_and_arrays_are_data() -> None:
    assert "gather" not in ops_of(INDEXED["a slice from the end"])
    assert {"gather", "data"} <= ops_of(INDEXED["an array"])
    # In even steps, and yet data: the next index array may not be.
    assert {"gather", "data"} <= ops_of(lambda z: z[np.array([2, 4, 6])])


def test_the_way_back_of_an_array_adds_at_the_same_index() -> None:
    lowered = program_of_density(lambda z: anp.sum(anp.exp(z[ROWS])), 12)
    assert [kind for kind, _ in lowered.program.slots] == ["int64"]
    assert {"gather", "scatter"} <= {i.op for i in lowered.program.instructions}


def test_tuples_have_gradients_of_their_parts() -> None:
    matrix = anp.eye(3) * 4.0

    def function(z: Any) -> Any:
        sign, log = anp.linalg.slogdet(matrix + anp.outer(z, z))
        return sign * log * z[0]

    assert agrees(function, 3)
    assert agrees(lambda z: anp.sum(anp.split(z, 3)[1] ** 3), 6)
