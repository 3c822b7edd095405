from __future__ import annotations

from exmc.compiler.layout import layout_of
from exmc.rewrite import noncenter
from tests.ir.graphs import eight_schools, everything, graph_of, normal


def test_variables_stand_in_the_users_order() -> None:
    layout = layout_of(everything())
    assert [(s.name, s.start, s.stop) for s in layout.segments] == [
        ("mu", 0, 1),
        ("spread", 1, 2),
        ("a", 2, 5),
        ("b", 5, 11),
        ("p", 11, 12),
    ]
    assert layout.dim == 12


def test_labels_come_from_coords() -> None:
    names = layout_of(eight_schools()).names
    assert names[:4] == ("mu", "tau", "theta[A]", "theta[B]")


def test_without_coords_labels_count_from_zero_in_c_order() -> None:
    names = layout_of(graph_of(normal("b", 0.0, 1.0, shape=(2, 2)))).names
    assert names == ("b[0,0]", "b[0,1]", "b[1,0]", "b[1,1]")


def test_an_axis_without_a_name_counts_beside_one_with_labels() -> None:
    node = normal("b", 0.0, 1.0, shape=(2, 2), dims=(None, "g"))
    assert layout_of(graph_of(node, g=("x", "y"))).names[2] == "b[1,x]"


def test_a_hidden_variable_keeps_the_users_labels() -> None:
    layout = layout_of(noncenter(eight_schools(), True))
    assert layout.names == layout_of(eight_schools()).names


def test_a_scalar_is_cut_out_as_a_number() -> None:
    mu, _, theta = layout_of(eight_schools()).segments
    assert mu.part == 0
    assert theta.part == slice(2, 10)


def test_a_model_without_variables_has_no_coordinates() -> None:
    assert layout_of(graph_of()).dim == 0
