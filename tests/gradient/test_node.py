from __future__ import annotations

import pytest

from exmc.gradient.node import Node


def test_a_node_knows_its_size_and_attributes_and_prints_itself() -> None:
    x = Node("input", (), (6,), number=0)
    view = Node("view", (x,), (2, 3), (("offset", 0), ("strides", (3, 1))), number=1)
    assert view.size == 6
    assert view["strides"] == (3, 1)
    assert repr(view) == "%1 = view %0 : [2, 3]"
    with pytest.raises(KeyError):
        view["axes"]


def test_nodes_are_equal_to_themselves_only() -> None:
    assert Node("const", (), ()) != Node("const", (), ())


def test_int64_data_is_told_from_float64_data() -> None:
    assert Node("index", (), (3,)).is_index
    assert not Node("data", (), (3,)).is_index
