"""Each example runs as a script, without a guard, and learns what is known."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))

# Posterior means near published or least-squares estimates, and how near: Dalal et
# al. (1989) give a slope of -2.3 per ten degrees by maximum likelihood, George et
# al. (1993) alpha 0.7 and beta 0.9 under these priors, least squares a slope of 3.9
# feet for each mile an hour. The width is three Monte Carlo errors at these lengths
# and the distance of a mean from a mode.
KNOWN = {
    "challenger": {"slope": (-2.3, 0.8)},
    "pumps": {"alpha": (0.70, 0.15), "beta": (0.92, 0.3)},
    "stopping_distance": {"slope": (3.9, 0.4)},
}


def test_every_example_has_a_known_answer() -> None:
    assert {path.stem for path in EXAMPLES} == set(KNOWN)


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_an_example_learns_what_is_known(name: str) -> None:
    path = str(ROOT / "examples" / f"{name}.py")
    options = ["--json", "--quiet", "--seed", "1", "--draws", "500", "--tune", "500"]
    done = subprocess.run(
        [sys.executable, "-m", "exmc.cli.main", "run", path, *options],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    summary = json.loads(done.stdout)["summary"]
    for variable, (value, width) in KNOWN[name].items():
        assert summary[variable]["mean"] == pytest.approx(value, abs=width)
        assert summary[variable]["r_hat"] < 1.02


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(120)
def test_a_script_needs_no_main_guard(tmp_path_factory: pytest.TempPathFactory) -> None:
    script = tmp_path_factory.mktemp("script") / "fit.py"
    script.write_text(
        "import exmc\n"
        "with exmc.Model() as model:\n"
        "    exmc.Normal('x', 0, 1)\n"
        "fit = exmc.sample(model, draws=50, tune=50, chains=2, seed=1)\n"
        "print(fit['x'].shape)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        check=True,
        cwd=script.parent,
    )
    assert done.stdout.strip() == "(2, 50)"
