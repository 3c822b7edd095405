from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from exmc.actors import Backoff, BadChildSpecError


def test_the_delay_doubles_up_to_its_maximum() -> None:
    backoff = Backoff(minimum=0.05, maximum=1.0, factor=2.0)
    assert [backoff.delay(n) for n in range(1, 7)] == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0]


@given(some.integers(1, 10**6))
def test_no_number_of_failures_exceeds_the_maximum(failures: int) -> None:
    assert 0.05 <= Backoff().delay(failures) <= 5.0


def test_a_constant_delay_is_possible() -> None:
    assert Backoff(1.0, 1.0, 1.0).delay(10**6) == 1.0


@pytest.mark.parametrize("backoff", [Backoff(0.5, 1.0, 1.0), Backoff(0.0)])
def test_a_delay_that_does_not_grow_costs_the_same_after_many_failures(
    backoff: Backoff,
) -> None:
    assert backoff.delay(10**12) == backoff.minimum


@pytest.mark.parametrize(
    ("minimum", "maximum", "factor"), [(-1, 1, 2), (2, 1, 2), (1, 2, 0.5)]
)
def test_a_backoff_that_does_not_grow_is_refused(
    minimum: float, maximum: float, factor: float
) -> None:
    with pytest.raises(
        BadChildSpecError, match="Backoff needs 0 <= minimum <= maximum and factor >= 1"
    ):
        Backoff(minimum, maximum, factor)
