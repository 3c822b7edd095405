from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest

from exmc.gradient.lowering import NoRuleError, program_of_values
from exmc.gradient.lowering.arranging import RULES
from tests.gradient.lowering.agreement import values_agree

Function = Callable[[Any], Any]


def cube(z: Any) -> Any:
    return anp.reshape(z, (2, 3, 2))


def square(z: Any) -> Any:
    return anp.reshape(z[:9], (3, 3))


def flat(parts: Any) -> Any:
    return anp.concatenate([anp.ravel(part) for part in parts])


ROWS: dict[str, Function] = {
    "_array_from_scalar_or_array": lambda z: anp.array(z, ndmin=2),
    "array_from_args": lambda z: anp.array([[z[0], 1.0], [z[1], z[2]]]),
    "array_split": lambda z: flat(anp.array_split(z, 5)),
    "atleast_1d": lambda z: anp.atleast_1d(z[0]),
    "atleast_2d": anp.atleast_2d,
    "atleast_3d": anp.atleast_3d,
    "broadcast_to": lambda z: anp.broadcast_to(z, (2, 12)),
    "concatenate_args": lambda z: anp.concatenate([cube(z), 2 * cube(z)], axis=-1),
    "diag": lambda z: anp.diag(z[:3], 1)[:3, :3] + anp.diag(anp.diag(square(z))),
    "diagonal": lambda z: anp.diagonal(cube(z), 1, 0, 1),
    "dsplit": lambda z: flat(anp.dsplit(cube(z), 2)[::-1]),
    "expand_dims": lambda z: anp.expand_dims(z, 1),
    "flip": lambda z: anp.flip(cube(z), (0, 2)),
    "fliplr": lambda z: anp.fliplr(cube(z)),
    "flipud": lambda z: anp.flipud(cube(z)),
    "full": lambda z: anp.full((2, 2), z[0]),
    "full_like": lambda z: anp.full_like(z, 3.0) + z,
    "hsplit": lambda z: flat(anp.hsplit(z, [2, 7])[1:]),
    "make_diagonal": lambda z: anp.make_diagonal(z, offset=0, axis1=-1, axis2=-2),
    "matrix_transpose": lambda z: anp.matrix_transpose(cube(z)),
    "moveaxis": lambda z: anp.moveaxis(cube(z), 0, -1),
    "ones_like": lambda z: anp.ones_like(z) + z,
    "pad": lambda z: anp.pad(z, (1, 2), "constant"),
    "permute_dims": lambda z: anp.permute_dims(cube(z), (1, 2, 0)),
    "ravel": lambda z: anp.ravel(cube(z)[:, ::-1]),
    "repeat": lambda z: anp.repeat(cube(z), [1, 2, 0], axis=1),
    "reshape": lambda z: anp.reshape(anp.transpose(cube(z)), (4, 3)),
    "roll": lambda z: anp.roll(cube(z), 1, axis=1),
    "rollaxis": lambda z: anp.rollaxis(cube(z), 2),
    "rot90": lambda z: anp.rot90(cube(z)),
    "split": lambda z: flat(anp.split(z, [3, 3, 8])[::-1]),
    "squeeze": lambda z: anp.squeeze(cube(z)[:, :1]),
    "swapaxes": lambda z: anp.swapaxes(cube(z), 0, 2),
    "tile": lambda z: anp.tile(z, (2, 2)),
    "transpose": lambda z: anp.transpose(cube(z), (-1, 0, 1)),
    "tril": lambda z: anp.tril(square(z), -1),
    "triu": lambda z: anp.triu(square(z)),
    "vsplit": lambda z: flat(anp.vsplit(cube(z), 2)[::-1]),
    "zeros_like": lambda z: anp.zeros_like(z) + z,
}


def test_every_rule_has_a_row() -> None:
    assert set(RULES) <= set(ROWS)
    assert {name for name in ROWS if hasattr(np, name)} <= set(RULES)


@pytest.mark.parametrize("name", [name for name in ROWS if name in RULES])
def test_a_rule_moves_entries_as_numpy_does(name: str) -> None:
    assert values_agree(ROWS[name], 12)


def test_nothing_is_computed_where_entries_only_move() -> None:
    lowered = program_of_values(lambda z: [ROWS["transpose"](z)], 12, 12)
    assert {i.op for i in lowered.program.instructions} <= {
        *("input", "const", "view", "assemble")
    }


REFUSED: list[tuple[Function, str]] = [
    (
        lambda z: anp.pad(z, 1, "constant", constant_values=2.0),
        "pad pads with other numbers than zeros",
    ),
    (lambda z: anp.array([z[0], z[1]], ndmin=3)[0, 0], "array_from_args has ndmin"),
]


@pytest.mark.parametrize(("function", "message"), REFUSED)
def test_options_without_a_rule_are_refused(function: Function, message: str) -> None:
    with pytest.raises(NoRuleError, match=f"^{message}$"):
        program_of_values(lambda z: [function(z)], 3, 3)
