from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exmc.compiler import CompiledModel
from exmc.compiler.writer import density_program, draw_program
from exmc.gradient.lowering import program_of_density, program_of_values
from exmc.ir.operations import TRACED
from exmc.model import Model, Normal
from tests.architecture.tree import ROOT
from tests.compiler.lowered_families import models
from tests.gradient.lowering.agreement import agrees, points
from tests.plain.posteriors import POSTERIORS
from tests.plain.program_evaluator import evaluate

FOLDER = Path(os.environ.get("EXMC_POSTERIORDB", "there is none"))
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
MODELS = models()


def agrees_with_autograd(compiled: CompiledModel) -> bool:
    program = density_program(compiled.graph, compiled.layout)
    return agrees(lambda z: program(z)[0], compiled.dim)


@pytest.mark.parametrize("name", MODELS)
def test_every_family_is_lowered_with_its_transform(name: str) -> None:
    assert agrees_with_autograd(MODELS[name].compile())


@pytest.mark.parametrize("name", MODELS)
def test_the_values_of_every_family_are_lowered(name: str) -> None:
    compiled = MODELS[name].compile()
    kept = [variable.name for variable in compiled.schema.variables]
    values = draw_program(compiled.graph, compiled.layout, kept, TRACED)
    lowered = program_of_values(values, compiled.dim, compiled.width)
    row = np.empty(compiled.width)
    for z in points(compiled.dim):
        compiled.constrain_into(z, row)
        _, ours = evaluate(lowered.program, lowered.data, z)
        np.testing.assert_allclose(ours, row, rtol=1e-12)


@pytest.mark.parametrize("noncentered", [False, True])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_lowered(path: Path, noncentered: bool) -> None:
    spec: Any = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (model,) = {m for m in vars(module).values() if isinstance(m, Model)}
    assert agrees_with_autograd(model.compile(noncentered=noncentered))


@pytest.mark.parametrize("posterior", POSTERIORS)
def test_published_models_are_lowered(posterior: str) -> None:
    path = FOLDER / f"{posterior}.json"
    if not path.exists():
        pytest.skip("EXMC_POSTERIORDB does not name a folder with this posterior")
    model = POSTERIORS[posterior](json.loads(path.read_text())["data"])
    assert agrees_with_autograd(
        model.compile(noncentered=posterior.endswith("_noncentered"))
    )


def test_a_normal_with_known_scale_has_no_logarithm_in_its_program() -> None:
    with Model() as model:
        mu = Normal("mu")
        Normal("y", mu, 2.0, observed=np.arange(50.0))
    compiled = model.compile()
    program = density_program(compiled.graph, compiled.layout)
    lowered = program_of_density(lambda z: program(z)[0], compiled.dim)
    assert "log" not in {i.op for i in lowered.program.instructions}
