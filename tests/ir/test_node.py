from __future__ import annotations

from exmc.ir.node import Data, Deterministic, parents
from tests.ir.graphs import (
    PotentialTerm,
    VariableRef,
    constant,
    everything,
    normal,
    op,
    seen,
)

A = VariableRef("a", ())


def test_parents_are_the_names_a_node_refers_to() -> None:
    assert parents(normal("x", A, op("exp", VariableRef("b", ())))) == {"a", "b"}
    assert parents(seen("y", A, [1.0])) == {"a"}
    assert parents(Deterministic("d", op("exp", A))) == {"a"}
    assert parents(PotentialTerm("p", A)) == {"a"}
    assert parents(Data("x", constant(1.0).value)) == set()


def test_every_node_of_a_model_refers_backwards_only() -> None:
    before: set[str] = set()
    for node in everything().nodes:
        assert parents(node) <= before
        before.add(node.name)


def test_a_deterministic_has_the_shape_of_its_expression() -> None:
    assert Deterministic("d", constant([1.0, 2.0])).shape == (2,)
