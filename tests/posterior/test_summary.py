"""The table of a posterior."""

from __future__ import annotations

import json
import math
from dataclasses import astuple

import numpy as np
import pytest
from arviz_stats.base import array_stats

from exmc.posterior.summary import COLUMNS, Summary, SummaryRow, summary_row


def some_draws(seed: int = 1, scale: float = 1.0) -> np.ndarray:
    return scale * np.random.Generator(np.random.PCG64(seed)).standard_normal((4, 500))


def test_a_row_has_the_estimates_and_their_errors() -> None:
    draws = some_draws()
    row = summary_row("mu", draws)
    expected = [
        np.mean(draws),
        np.std(draws, ddof=1),
        array_stats.mcse(draws, method="mean"),
        *np.quantile(draws, (0.05, 0.5, 0.95)),
        array_stats.ess(draws, method="bulk"),
        array_stats.ess(draws, method="tail", prob=(0.05, 0.95)),
        array_stats.rhat(draws, method="rank"),
    ]
    got = [
        value
        for name, value in zip(COLUMNS, astuple(row)[1:], strict=True)
        if name != "mcse_sd"
    ]
    np.testing.assert_allclose(got, expected, rtol=1e-8)


def test_its_numbers_are_plain() -> None:
    assert {type(value) for value in astuple(summary_row("mu", some_draws()))[1:]} == {
        float
    }


@pytest.mark.parametrize("shape", [(4, 0), (1, 1), (1, 0)])
def test_fewer_than_two_draws_say_nothing(shape: tuple[int, int]) -> None:
    assert all(map(math.isnan, astuple(summary_row("mu", np.zeros(shape)))[1:]))


def test_draws_that_are_not_finite_do_not_warn() -> None:
    draws = some_draws()
    draws[0, 0] = np.inf
    row = summary_row("mu", draws)
    assert row.mean == math.inf
    assert math.isfinite(row.q50)


TAU = SummaryRow("tau", 3.5, 3.25, 0.0625, 0.05, 0.25, 2.5, 10.0, 1234.4, 987.6, 1.0012)
SMALL = SummaryRow(
    "beta[A]", 1e-7, 2e-8, 1e-10, 1e-10, 0.0, 1e-7, 2e-7, 400.0, 300.0, 1.0
)
TABLE = Summary((TAU, SMALL), ("Look out.",))


@pytest.mark.golden
def test_its_text_is_a_table_and_the_warnings() -> None:
    left = (
        "          mean     sd  mcse_mean  mcse_sd    q5    q50    q95  ",
        "tau       3.50   3.25      0.062    0.050  0.25   2.50  10.00  ",
        "beta[A]  1e-07  2e-08      1e-10    1e-10     0  1e-07  2e-07  ",
    )
    right = (
        "ess_bulk  ess_tail  r_hat\n",
        "    1234       988  1.001\n",
        "     400       300  1.000\n",
    )
    lines = [a + b for a, b in zip(left, right, strict=True)]
    assert str(TABLE) == "".join([*lines, "Look out."])
    assert repr(TABLE) == str(TABLE)


def test_html_has_the_same_cells_and_warnings() -> None:
    html = TABLE._repr_html_()
    assert "<td>beta[A]</td><td>1e-07</td>" in html
    assert html.endswith("<p>Look out.</p>")


def test_rows_are_found_by_label() -> None:
    assert TABLE["tau"].q95 == 10.0
    assert TABLE.labels == ("tau", "beta[A]")
    assert [row.label for row in TABLE] == ["tau", "beta[A]"]
    assert len(TABLE) == 2


def test_an_unknown_label_lists_the_known_ones() -> None:
    with pytest.raises(
        KeyError, match=r"^Nothing is called 'mu' here; the names are tau, b"
    ):
        TABLE["mu"]


def test_its_dict_is_plain_and_goes_to_json() -> None:
    table = json.loads(json.dumps(TABLE.to_dict()))
    assert table["tau"]["ess_bulk"] == 1234.4
    assert tuple(table["tau"]) == COLUMNS
