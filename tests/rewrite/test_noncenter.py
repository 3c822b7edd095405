from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from exmc.errors import ModelError, UnknownVariableError
from exmc.ir.construct import constant
from exmc.ir.graph import ModelGraph
from exmc.ir.node import FreeVariable, Node, Reparameterised
from exmc.rewrite import noncenter
from exmc.rewrite.noncenter import obstacle, reparameterised
from tests.ir.graphs import POINTS, VariableRef, eight_schools, everything, normal
from tests.plain.evaluator import joint_log_density
from tests.rewrite.laws import Pass, PassLaws


def noncenter_all(graph: ModelGraph) -> ModelGraph:
    return noncenter(graph, True)


class TestNoncenter(PassLaws):
    rewrite: ClassVar[Pass] = staticmethod(noncenter_all)


def reparameterised_names(graph: ModelGraph) -> list[str]:
    return [node.name for node in graph.of(Reparameterised)]


def test_all_means_every_location_scale_variable_with_a_random_parameter() -> None:
    assert reparameterised_names(noncenter(eight_schools(), True)) == ["theta"]
    assert reparameterised_names(noncenter(everything(), True)) == ["a", "b"]


def test_none_and_an_empty_choice_change_nothing() -> None:
    for choice in (False, {}, {"a": False, "mu": False}):
        assert reparameterised_names(noncenter(everything(), choice)) == []


def test_a_choice_by_name_is_followed() -> None:
    graph = noncenter(everything(), {"a": False, "b": True})
    assert reparameterised_names(graph) == ["b"]


def test_the_raw_variable_is_the_standard_family() -> None:
    (node,) = noncenter(everything(), {"b": True}).of(Reparameterised)
    assert {k: v.value for k, v in node.raw.parameters.items()} == {  # type: ignore[union-attr]
        "nu": 4.0,
        "mu": 0.0,
        "sigma": 1.0,
    }
    assert node.raw.shape == (2, 3)
    assert node.raw.transform == "identity"


def test_an_unknown_name_is_refused() -> None:
    message = (
        r"^Unknown variable 'eta'; define it before it is used, or take one of the "
        r"model's names: mu, tau, theta\.$"
    )
    with pytest.raises(UnknownVariableError, match=message):
        noncenter(eight_schools(), {"eta": True})


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("tau", "HalfCauchy has no location and scale"),
        ("mu", "its mu and sigma are fixed numbers"),
    ],
)
def test_what_cannot_be_noncentred_is_refused_by_name(name: str, reason: str) -> None:
    message = f"^Cannot non-center '{name}': {reason}; leave it out of noncentered=.$"
    with pytest.raises(ModelError, match=message):
        noncenter(eight_schools(), {name: True})


def test_a_family_without_location_is_refused() -> None:
    with pytest.raises(ModelError, match="^Cannot non-center 'tau': HalfCauchy has no"):
        reparameterised(eight_schools().of(FreeVariable)[1])


def test_a_transform_of_its_own_is_an_obstacle() -> None:
    node = normal("x", VariableRef("a", ()), 1.0, transform="exp")
    assert obstacle(node, {"a"}) == "it has the transform 'exp' of its own"


def test_a_small_scale_beside_a_large_location_keeps_the_raw_density() -> None:
    variable = normal("x", VariableRef("a", ()), constant(1e-12))
    node = reparameterised(variable)
    graph = ModelGraph((normal("a", 0.0, 1e9), node))
    point = {"a": 1e6, "x": 1e6 + 1e-12}
    assert np.isfinite(joint_log_density(graph, point))
    assert node.raw.parameters["mu"].value == 0.0  # type: ignore[union-attr]


def scaleless(graph: ModelGraph) -> ModelGraph:
    """Forgets that the raw variable is scaled."""

    def change(node: Node) -> Node:
        if isinstance(node, Reparameterised):
            return replace(node, scale=constant(1.0))
        return node

    return noncenter(graph, True).map_nodes(change)


def test_forgetting_the_scale_breaks_the_density_law() -> None:
    class Broken(PassLaws):
        rewrite: ClassVar[Pass] = staticmethod(scaleless)

    with pytest.raises(AssertionError):
        Broken().test_the_joint_density_of_constrained_values_is_kept()


def headless(graph: ModelGraph) -> ModelGraph:
    """Drops the first node."""
    return replace(graph, nodes=noncenter(graph, True).nodes[1:])


def test_dropping_a_variable_breaks_the_law_of_names() -> None:
    class Broken(PassLaws):
        rewrite: ClassVar[Pass] = staticmethod(headless)

    with pytest.raises(AssertionError):
        Broken().test_names_and_order_survive()


def test_the_density_of_eight_schools_is_what_it_was() -> None:
    before, after = eight_schools(), noncenter(eight_schools(), True)
    point = POINTS["eight_schools"]
    assert joint_log_density(after, point) == pytest.approx(
        joint_log_density(before, point), rel=1e-14
    )
