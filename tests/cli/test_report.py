from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from exmc.cli.demo import eight_schools
from exmc.cli.report import as_json, sample_and_report
from exmc.errors import OptionError
from exmc.frames import Frame, Phase, Schema, VariableSchema
from exmc.posterior import DrawLog, Posterior, RunMeta


def posterior(values: list[float]) -> Posterior:
    schema = Schema(1, ("lp", "diverging"), (VariableSchema("x"),))
    log = DrawLog(schema, 1)
    rows = np.zeros((len(values), schema.columns))
    rows[:, -1] = values
    log.append(Frame.draws(rows, chain=0, phase=Phase.DRAW, first=0))
    return Posterior.from_log(log, RunMeta("d", seed=5, tune=0, draws=len(values)))


def test_a_report_is_strict_json_with_all_that_a_program_needs() -> None:
    report = json.loads(as_json(posterior([1.0, 2.0, 3.0, 4.0, 5.0, 7.0])))
    assert report["summary"]["x"]["mean"] == pytest.approx(22 / 6)
    assert (report["seed"], report["divergences"]) == (5, 0)
    assert (report["lengths"], report["partial"]) == ([6], False)


def test_what_is_not_a_number_is_null() -> None:
    report = json.loads(as_json(posterior([1.0])))
    assert report["summary"]["x"]["r_hat"] is None


def test_an_output_without_a_folder_is_refused_before_sampling(tmp_path: Path) -> None:
    # The only option there is: sampling would miss the others.
    options = Namespace(output=str(tmp_path / "gone" / "run.npz"))
    with pytest.raises(OptionError, match=r"there is no folder .*gone; make it first"):
        sample_and_report(eight_schools(), options)
