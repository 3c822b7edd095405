"""Real models over real data; the folder of data is named by EXMC_POSTERIORDB."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exmc.compiler import compile_model
from exmc.ir.serialise import from_parts, to_parts
from tests.plain.evaluator import unconstrained_log_density
from tests.plain.posteriors import POSTERIORS

FOLDER = Path(os.environ.get("EXMC_POSTERIORDB", "there is none"))


def data_of(posterior: str) -> Any:
    path = FOLDER / f"{posterior}.json"
    if not path.exists():
        pytest.skip("EXMC_POSTERIORDB does not name a folder with this posterior")
    return json.loads(path.read_text())["data"]


@pytest.mark.parametrize("posterior", POSTERIORS)
def test_a_published_model_has_the_density_summed_by_hand(posterior: str) -> None:
    model = POSTERIORS[posterior](data_of(posterior))
    compiled = model.compile(noncentered=posterior.endswith("_noncentered"))
    z = np.random.Generator(np.random.PCG64(3)).uniform(-1, 1, compiled.dim)
    expected = unconstrained_log_density(compiled.graph, compiled.constrain(z))
    assert compiled.log_density(z) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("posterior", POSTERIORS)
def test_a_published_model_travels_in_parts(posterior: str) -> None:
    model = POSTERIORS[posterior](data_of(posterior))
    there = compile_model(from_parts(*to_parts(model.graph)))
    z = np.full(there.dim, 0.25)
    assert there.log_density(z) == model.compile().log_density(z)


@pytest.mark.parametrize("posterior", POSTERIORS)
def test_a_published_model_has_the_gradient_of_its_density(posterior: str) -> None:
    compiled = POSTERIORS[posterior](data_of(posterior)).compile()
    rng = np.random.Generator(np.random.PCG64(4))
    z, direction = rng.uniform(-1, 1, (2, compiled.dim))
    step = 1e-5 * direction
    up, down = compiled.log_density(z + step), compiled.log_density(z - step)
    _, gradient = compiled.value_and_grad(z)
    assert gradient @ direction == pytest.approx((up - down) / 2e-5, rel=1e-6)
