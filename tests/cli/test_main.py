from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import exmc
from exmc.cli.main import main
from exmc.posterior import Posterior

Captured = pytest.CaptureFixture[str]

FEW = ["--draws", "20", "--tune", "20", "--chains", "2", "--seed", "3", "--quiet"]


def test_the_version_is_the_packages(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"exmc {exmc.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["demo", "--draws", "0"], "exmc: draws must be a whole number from 1 to"),
        (["demo", "--chains", "0"], "exmc: chains must be a whole number at least 1"),
        (["demo", "--seed", "-1"], "exmc: seed must be a whole number from 0"),
        (["run", "nowhere.py"], "exmc: nowhere.py is not a file"),
    ],
)
def test_a_mistake_is_one_line_and_code_2(
    capsys: Captured, arguments: list[str], message: str
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(message)
    assert "Traceback" not in error


def test_a_model_with_nothing_to_sample_is_a_mistake(
    capsys: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "model.py"
    path.write_text("import exmc\nwith exmc.Model() as m:\n    pass\n")
    assert main(["run", str(path)]) == 2
    assert "exmc: No free variable" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.end_to_end
def test_the_demo_ends_with_a_summary(capsys: Captured) -> None:
    assert main(["demo", *FEW]) == 0
    out = capsys.readouterr().out
    for label in ("mu", "tau", "theta[A]", "theta[H]", "ess_bulk", "r_hat", "seed 3"):
        assert label in out


@pytest.mark.slow
@pytest.mark.end_to_end
def test_json_is_all_that_stdout_gets(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(
        "import exmc\nprint('noise of the user')\n"
        "with exmc.Model() as m:\n    exmc.Normal('x', 0, 1)\n"
    )
    assert main(["run", str(path), "--json", *FEW]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report["summary"]) == {"x"}
    assert report["seed"] == 3
    assert report["lengths"] == [20, 20]
    assert report["partial"] is False


@pytest.mark.slow
@pytest.mark.end_to_end
def test_the_draws_can_be_saved(capsys: Captured, tmp_path: Path) -> None:
    path = tmp_path / "demo.npz"
    assert main(["demo", "--output", str(path), *FEW]) == 0
    assert Posterior.load(path)["theta"].shape == (2, 20, 8)
    assert main(["demo", "--output", str(tmp_path / "no" / "x.npz"), *FEW]) == 2
    assert "exmc: --output" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(60)
def test_ctrl_c_in_warm_up_says_that_there_are_no_draws() -> None:
    code, out, err = interrupted_when("tune", "--tune", "1000000")
    assert code == 130
    assert out == ""
    assert err.splitlines()[-1].startswith(
        "exmc: stopped before every chain had a draw"
    )


@pytest.mark.slow
@pytest.mark.end_to_end
@pytest.mark.timeout(60)
def test_ctrl_c_keeps_the_draws_and_says_so() -> None:
    code, out, _err = interrupted_when("draw", "--draws", "1000000", "--tune", "10")
    assert code == 130
    assert "Partial run" in out
    assert "theta[A]" in out


def interrupted_when(phase: str, *options: str) -> tuple[int, str, str]:
    """Run the demo, interrupt it when both chains are in this phase."""
    command = [sys.executable, "-m", "exmc.cli.main", "demo", "--chains", "2"]
    with subprocess.Popen(
        [*command, "--seed", "1", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        awaited = {"chain 0", "chain 1"}
        while awaited:
            line = process.stderr.readline()
            awaited -= {chain for chain in awaited if chain in line and phase in line}
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    return process.returncode, out, err
