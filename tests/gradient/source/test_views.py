from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from exmc.gradient.program import Shape
from exmc.gradient.source.views import real_shape, slice_text, view_of
from tests.plain.program_evaluator import positions


@pytest.mark.parametrize(
    ("source", "shape", "place", "text"),
    [
        ((10,), (8,), (2, (1,)), "x[2:10]"),
        ((10,), (3,), (1, (3,)), "x[1:8:3]"),
        ((10,), (10,), (9, (-1,)), "x[9::-1]"),
        ((10,), (3,), (7, (-3,)), "x[7::-3]"),
        ((12,), (3, 4), (0, (4, 1)), "x.reshape(3, 4)"),
        ((3, 4), (12,), (0, (1,)), "x.reshape(12,)"),
        ((3, 4), (4, 3), (0, (1, 4)), "x.T"),
        ((3, 4), (4,), (4, (1,)), "x.reshape(-1)[4:8]"),
        ((3, 4), (3,), (1, (4,)), "x.reshape(-1)[1:10:4]"),
        ((3,), (3, 4), (0, (1, 0)), "x.reshape(3, 1)"),
        ((3,), (4, 3), (0, (0, 1)), "x.reshape(1, 3)"),
        ((3, 1), (3, 1), (0, (1, 7)), "x"),
        ((16,), (3,), (0, (5,)), "x[0:11:5]"),
        ((4, 4), (2, 3), (5, (-4, 1)), None),
        ((9, 9), (4, 5), (80, (-9, -1)), None),
        ((12,), (2, 5, 3), (1, (3, 0, 2)), None),
    ],
)
def test_a_view_reads_what_it_says(
    source: Shape, shape: Shape, place: tuple[int, tuple[int, ...]], text: str | None
) -> None:
    x = np.arange(float(np.prod(source))).reshape(source)
    made = view_of("x", source, shape, place)
    if text is not None:
        assert made.text == text
    names: dict[str, Any] = {
        "x": x,
        "ndarray": np.ndarray,
        "float64": np.float64,
        "ascontiguousarray": np.ascontiguousarray,
    }
    result = eval(made.text, names)  # noqa: S307 - our own text
    assert result.shape == made.real
    right = x.ravel()[positions(shape, *place)]
    np.testing.assert_array_equal(np.broadcast_to(result, shape), right)


def test_axes_of_stride_zero_are_thin() -> None:
    assert real_shape((3, 4), (1, 0)) == (3, 1)
    assert real_shape((3, 4), (0, 0)) == ()
    assert real_shape((), ()) == ()


def test_a_slice_that_ends_at_the_first_entry_has_no_stop() -> None:
    assert slice_text(3, 4, -1) == "3::-1"
