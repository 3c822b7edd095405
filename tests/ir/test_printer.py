from __future__ import annotations

from pathlib import Path

import pytest

from exmc.ir.graph import ModelGraph
from exmc.ir.printer import pretty
from exmc.model import model_of_logp
from exmc.rewrite import attach_default_transforms, noncenter
from tests.ir.graphs import eight_schools, everything

GOLDEN = Path(__file__).parents[1] / "golden"


def passed(graph: ModelGraph) -> ModelGraph:
    return attach_default_transforms(noncenter(graph, True))


@pytest.mark.golden
@pytest.mark.parametrize(
    ("name", "graph"),
    [
        ("eight_schools", eight_schools()),
        ("eight_schools_noncentered", passed(eight_schools())),
        ("everything", everything()),
        ("everything_noncentered", passed(everything())),
    ],
)
def test_a_printed_graph_is_the_committed_one(name: str, graph: ModelGraph) -> None:
    assert pretty(graph) + "\n" == (GOLDEN / f"{name}.txt").read_text()


def test_a_recorded_function_is_told_by_its_size() -> None:
    model = model_of_logp(lambda x: -0.5 * x * x, 1.0)
    assert pretty(model.graph) == "x ~ Flat()\nlogp: add function(x) of 2 steps"
