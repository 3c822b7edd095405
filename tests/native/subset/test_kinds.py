from __future__ import annotations

import pytest

import exmc.typing
from exmc.native.subset.kinds import FLOAT, KINDS, NUMBERS, number


def test_a_number_has_one_part() -> None:
    assert all(len(kind.parts) == 1 for kind in NUMBERS)
    assert number(FLOAT, "%x").text == "%x"


@pytest.mark.parametrize("name", ["Vector", "Integers", "Matrix", "Density"])
def test_annotations_of_arrays_are_those_of_the_package(name: str) -> None:
    assert name in KINDS
    assert hasattr(exmc.typing, name)
