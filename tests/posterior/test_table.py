"""Numbers as people read them."""

from __future__ import annotations

import math

import pytest

from exmc.posterior.table import (
    as_html,
    as_text,
    digits_after_point,
    number,
    r_hat_text,
)


@pytest.mark.parametrize(
    ("sd", "digits"),
    [(1.0, 2), (9.99, 2), (0.5, 3), (0.00012, 6), (25.0, 1), (250.0, 0), (2e5, 0)],
)
def test_three_figures_of_the_sd_show(sd: float, digits: int) -> None:
    assert digits_after_point(sd) == digits


@pytest.mark.parametrize("sd", [0.0, 1e-9, 1e8, math.nan, math.inf])
def test_scales_that_fixed_point_cannot_show_have_none(sd: float) -> None:
    assert digits_after_point(sd) is None


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3.14159, 2, "3.14"),
        (3.14159, None, "3.142"),
        (1.5e-9, None, "1.5e-09"),
        (math.nan, 2, "nan"),
        (-math.inf, 0, "-inf"),
        (1234.4, 0, "1234"),
    ],
)
def test_a_number_has_the_digits_asked_for(
    value: float, digits: int | None, text: str
) -> None:
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0014, "1.001"),
        (999.5, "999.500"),
        (7007069892978220.0, "7.007e+15"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_an_r_hat_stays_short_however_large(value: float, text: str) -> None:
    assert r_hat_text(value) == text


def test_text_is_aligned_with_the_first_column_to_the_left() -> None:
    assert as_text(("", "mean"), [("a", "1.0"), ("theta", "-10.0")]) == (
        "        mean\na        1.0\ntheta  -10.0"
    )


def test_a_table_without_rows_is_its_header() -> None:
    assert as_text(("", "mean"), []) == "  mean"


def test_html_is_escaped() -> None:
    assert "<td>a&lt;b</td>" in as_html(("",), [("a<b",)])
