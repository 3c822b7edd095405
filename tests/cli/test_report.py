from __future__ import annotations

import json

import numpy as np
import pytest

from exmc.cli.report import as_json
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
