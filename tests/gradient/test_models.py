"""Programs of whole models: their text, their cost, their value.

When a rule has made a program better, `python -m tests.gradient.test_models` writes the
texts anew.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from autograd import value_and_grad

from exmc.gradient.lowering import Lowered, program_of_density
from exmc.gradient.parse import parse
from exmc.gradient.program import LEAVES, Program
from tests.gradient.models import MODELS
from tests.plain.program_evaluator import evaluate

GOLDEN = Path(__file__).parents[1] / "golden" / "programs"
FREE = LEAVES | {"view", "neg"}

every = pytest.mark.parametrize("name", MODELS)


def lowered(name: str) -> Lowered:
    row = MODELS[name]
    return program_of_density(row.logp, row.dim)


def operations(program: Program) -> int:
    return sum(node.op not in FREE for _, node in program)


@pytest.mark.golden
@every
def test_the_text_of_a_model_is_what_it_was(name: str) -> None:
    assert lowered(name).program.text == (GOLDEN / f"{name}.txt").read_text()


@every
def test_a_model_needs_no_more_operations_than_it_should(name: str) -> None:
    assert operations(lowered(name).program) <= MODELS[name].operations


@every
def test_a_model_keeps_its_value_and_gradient(name: str) -> None:
    found, row = lowered(name), MODELS[name]
    rng = np.random.Generator(np.random.PCG64(7))
    for _ in range(3):
        z = rng.standard_normal(row.dim)
        value, gradient = evaluate(found.program, found.data, z)
        right, slopes = value_and_grad(row.logp)(z)
        assert value == pytest.approx(right, rel=1e-13)
        np.testing.assert_allclose(gradient, slopes, rtol=1e-10, atol=1e-12)


@pytest.mark.golden
@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.txt")), ids=lambda p: p.stem)
def test_a_text_that_is_kept_can_be_read(path: Path) -> None:
    text = path.read_text()
    assert parse(text).text == text


def test_sixty_sites_cost_time_in_proportion() -> None:
    """As many nodes are made for each of sixty sites as for each of fifteen."""
    sizes = []
    for sites in (15, 60):

        def logp(z: np.ndarray, sites: int = sites) -> float:
            total = 0.0
            for at in range(sites):
                total = total - 0.5 * (z[at] - 0.3 * at) ** 2 / (1.0 + at)
            return total

        sizes.append(len(program_of_density(logp, sites).program.instructions))
    assert sizes[1] <= 4.2 * sizes[0]


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in MODELS:
        (GOLDEN / f"{name}.txt").write_text(lowered(name).program.text)
