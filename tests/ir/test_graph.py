from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from exmc.errors import UnknownVariableError
from exmc.ir.graph import reference_to
from exmc.ir.node import Data, Node, Observation
from tests.ir.graphs import (
    PotentialTerm,
    VariableRef,
    constant,
    eight_schools,
    everything,
    graph_of,
    normal,
)


def test_names_are_in_the_users_order() -> None:
    assert eight_schools().names == ("mu", "tau", "theta", "y")


def test_an_unknown_name_lists_those_there_are() -> None:
    message = (
        r"^Unknown variable 'nu'; define it before it is used, or take one of the "
        r"model's names: mu, tau, theta, y\.$"
    )
    with pytest.raises(UnknownVariableError, match=message):
        eight_schools().node("nu")


def test_an_unknown_name_of_an_empty_graph_says_so() -> None:
    with pytest.raises(UnknownVariableError, match="names: none yet.$"):
        graph_of().node("nu")


def test_sampled_variables_are_listed_in_order() -> None:
    assert [n.name for n in everything().sampled] == ["mu", "spread", "a", "b", "p"]


def test_what_depends_on_a_free_variable_is_random() -> None:
    graph = graph_of(
        Data("x", constant(1.0).value),
        normal("a", 0.0, 1.0),
        normal("b", VariableRef("a", ()), 1.0),
    )
    assert graph.random_names() == {"a", "b"}
    assert "y" not in everything().random_names()


def test_map_nodes_keeps_the_order() -> None:
    def renamed(node: Node) -> Node:
        return replace(node, name=node.name.upper())

    assert eight_schools().map_nodes(renamed).names == ("MU", "TAU", "THETA", "Y")


def test_replaced_data_leaves_the_old_graph_alone() -> None:
    graph = everything()
    changed = graph.with_data("x", np.zeros(8))
    old, new = graph.node("x"), changed.node("x")
    assert isinstance(old, Data)
    assert isinstance(new, Data)
    assert new.array.tolist() == [0.0] * 8
    assert old.array[0] == -1.0


def test_adding_puts_a_node_last() -> None:
    assert eight_schools().adding(normal("z", 0.0, 1.0)).names[-1] == "z"


def test_a_reference_has_the_shape_and_dtype_of_its_node() -> None:
    graph = everything()
    assert reference_to(graph.node("a")).shape == (3,)
    assert reference_to(graph.node("which")).dtype == "int64"
    assert reference_to(graph.node("counts")).dtype == "int64"
    assert reference_to(graph.node("slope")).shape == ()


def test_a_term_cannot_be_referred_to() -> None:
    message = (
        r"^'p' is a term of the log-density and has no value; refer to a variable, a "
        r"deterministic or data\.$"
    )
    with pytest.raises(UnknownVariableError, match=message):
        reference_to(PotentialTerm("p", constant(0.0)))


def test_nodes_of_one_kind_are_found() -> None:
    assert [n.name for n in everything().of(Observation)] == ["y", "counts", "seen"]
