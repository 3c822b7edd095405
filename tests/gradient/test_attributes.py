from __future__ import annotations

from exmc.gradient.attributes import axes_of, place_of, places_of
from exmc.gradient.program import Instruction


def test_attributes_are_read_by_the_name_of_their_operation() -> None:
    view = Instruction("view", (0,), (2,), (("offset", 3), ("strides", (1,))))
    parts = Instruction("assemble", (0,), (2,), (("places", ((0, (1,)),)),))
    total = Instruction("sum", (0,), (), (("axes", (0, 1)),))
    assert place_of(view) == (3, (1,))
    assert places_of(parts) == ((0, (1,)),)
    assert axes_of(total) == (0, 1)
