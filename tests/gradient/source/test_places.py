from __future__ import annotations

import numpy as np
import pytest

from exmc.gradient.source.places import Part, covers, writes
from tests.plain.program_evaluator import positions


@pytest.mark.parametrize(
    ("part", "line"),
    [
        (Part("x", (), (3, ())), "out[3] = x"),
        (Part("x", (1,), (3, (9,))), "out[3:4] = x"),
        (Part("x", (4,), (2, (1,))), "out[2:6] = x"),
        (Part("x", (4,), (5, (-1,))), "out[5:1:-1] = x"),
        (Part("x", (2, 3), (1, (1, 2))), None),
        (Part("x", (2, 3), (11, (-6, -2))), None),
    ],
)
def test_a_part_is_written_where_its_view_would_read(
    part: Part, line: str | None
) -> None:
    out, x = np.zeros(12), 1.0 + np.arange(np.prod(part.shape)).reshape(part.shape)
    (written,) = writes([part], "out")
    assert line in {None, written}
    names = {"out": out, "x": x, "ndarray": np.ndarray, "float64": np.float64}
    exec(written, names)  # noqa: S102 - our own text
    right = np.zeros(12)
    right[positions(part.shape, *part.place)] = x
    np.testing.assert_array_equal(out, right)


def test_parts_cover_when_their_sizes_add_up() -> None:
    parts = [Part("x", (4,), (0, (1,))), Part("y", (), (4, ()))]
    assert covers(parts, 5)
    assert not covers(parts, 6)
