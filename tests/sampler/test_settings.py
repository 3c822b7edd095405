"""A setting out of range is named with its value and its remedy."""

from __future__ import annotations

from typing import Any

import pytest

from exmc.errors import OptionError
from exmc.sampler import ChainSettings


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"tune": -1}, "tune must be zero or more, got -1."),
        ({"tune": 1.5}, "tune must be a whole number, got 1.5."),
        ({"draws": "10"}, "draws must be a whole number, got '10'."),
        ({"draws": True}, "draws must be a whole number, got True."),
        ({"max_treedepth": None}, "max_treedepth must be a whole number, got None."),
        ({"draws": 0}, "draws must be one or more, got 0."),
        (
            {"target_accept": 1.0},
            "target_accept must be between 0 and 1; the default is 0.8, got 1.0.",
        ),
        (
            {"target_accept": float("nan")},
            "target_accept must be between 0 and 1; the default is 0.8, got nan.",
        ),
        (
            {"max_treedepth": 21},
            "max_treedepth must be between 1 and 20; the default is 10, got 21.",
        ),
        ({"warmup": "slow"}, "warmup must be 'continuous' or 'stan', got 'slow'."),
        (
            {"step_size": 0.0},
            "step_size must be finite and above zero, or None to search, got 0.0.",
        ),
    ],
)
def test_a_setting_out_of_range_is_refused(
    choice: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError) as caught:
        ChainSettings(**choice)
    assert str(caught.value) == message


def test_no_warm_up_and_one_draw_are_allowed() -> None:
    settings = ChainSettings(tune=0, draws=1)
    assert (settings.tune, settings.draws) == (0, 1)
