from __future__ import annotations

from typing import Any

import pytest

from exmc.errors import OptionError
from exmc.run import RunSpec


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws must be a whole number at least 1, got 0"),
        ({"draws": 2.5}, r"draws must be a whole number at least 1, got 2\.5"),
        ({"draws": True}, "draws must be a whole number at least 1, got True"),
        ({"tune": -1}, "tune must be a whole number at least 0, got -1"),
        ({"chains": 0}, "chains must be a whole number at least 1, got 0"),
        ({"seed": -3}, "seed must be a whole number from 0 to .*, got -3"),
        ({"seed": 2**63}, "seed must be a whole number from 0 to"),
        ({"max_treedepth": 0}, "max_treedepth must be a whole number from 1 to 20"),
        ({"target_accept": 1.0}, "target_accept must be a number between 0 and 1"),
        ({"target_accept": float("nan")}, "target_accept must be a number between"),
        ({"target_accept": "high"}, "target_accept must be .*, got 'high'"),
        ({"warmup": "long"}, "warmup must be 'continuous' or 'stan', got 'long'"),
    ],
)
def test_an_option_out_of_range_is_named_with_its_value(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=f"^{message}"):
        RunSpec(**options)


def test_the_defaults_are_the_ones_people_know() -> None:
    spec = RunSpec()
    assert (spec.draws, spec.tune, spec.chains) == (1000, 1000, 4)
    assert (spec.target_accept, spec.max_treedepth) == (0.8, 10)
