from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from exmc.distributions import FAMILIES
from exmc.ir.graph import ModelGraph
from exmc.ir.node import FreeVariable
from exmc.rewrite import attach_default_transforms
from tests.ir.graphs import everything
from tests.rewrite.laws import Pass, PassLaws


class TestAttachDefaultTransforms(PassLaws):
    rewrite: ClassVar[Pass] = staticmethod(attach_default_transforms)


def transforms(graph: ModelGraph) -> dict[str, str | None]:
    return {n.name: n.transform for n in graph.sampled if isinstance(n, FreeVariable)}


def test_each_variable_gets_the_transform_of_its_family() -> None:
    graph = attach_default_transforms(everything())
    for node in graph.of(FreeVariable):
        if node.name != "spread":
            assert node.transform == FAMILIES[node.family].default_transform


def test_a_transform_of_the_users_own_is_kept() -> None:
    assert transforms(attach_default_transforms(everything()))["spread"] == "softplus"


def forgetful(graph: ModelGraph) -> ModelGraph:
    """Drops the last node."""
    return replace(graph, nodes=attach_default_transforms(graph).nodes[:-1])


def test_dropping_a_node_breaks_three_laws() -> None:
    class Broken(PassLaws):
        rewrite: ClassVar[Pass] = staticmethod(forgetful)

    assert broken_laws(Broken()) == {
        "test_names_and_order_survive",
        "test_running_it_twice_changes_nothing",
        "test_the_joint_density_of_constrained_values_is_kept",
    }


def test_dropping_all_but_data_leaves_no_model() -> None:
    class Broken(PassLaws):
        rewrite: ClassVar[Pass] = staticmethod(lambda graph: replace(graph, nodes=()))

    assert "test_a_well_formed_graph_stays_well_formed" in broken_laws(Broken())
    assert "test_shapes_and_starts_survive" in broken_laws(Broken())


def broken_laws(laws: PassLaws) -> set[str]:
    return {
        name for name in dir(laws) if name.startswith("test_") and fails(laws, name)
    }


def fails(laws: PassLaws, name: str) -> bool:
    try:
        getattr(laws, name)()
    except (AssertionError, ValueError):
        return True
    return False
