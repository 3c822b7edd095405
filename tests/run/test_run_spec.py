from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from exmc.errors import OptionError
from exmc.run import RunSpec


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"draws": 0}, "draws must be a whole number from 1 to .*, got 0"),
        ({"draws": 2.5}, r"draws must be a whole number from 1 to .*, got 2\.5"),
        ({"draws": True}, "draws must be a whole number from 1 to .*, got True"),
        ({"draws": 2**70}, "draws must be a whole number from 1 to .*, got 1180591"),
        ({"tune": -1}, "tune must be a whole number from 0 to .*, got -1"),
        ({"chains": 0}, "chains must be a whole number at least 1, got 0"),
        ({"seed": -3}, "seed must be a whole number from 0 to .*, got -3"),
        ({"seed": 2**63}, "seed must be a whole number from 0 to"),
        ({"max_treedepth": 0}, "max_treedepth must be a whole number from 1 to 20"),
        ({"target_accept": 1.0}, "target_accept must be a number between 0 and 1"),
        ({"target_accept": float("nan")}, "target_accept must be a number between"),
        ({"target_accept": "high"}, "target_accept must be .*, got 'high'"),
        ({"warmup": "long"}, "warmup must be 'continuous' or 'stan', got 'long'"),
        ({"backend": "gpu"}, "backend must be one of 'auto', 'native', .*, got 'gpu'"),
        ({"hot_upgrade": 1}, "hot_upgrade must be True or False, got 1"),
        (
            {"hot_upgrade": True, "backend": "numpy"},
            "hot_upgrade goes from the strict program to machine code; .*'numpy'",
        ),
    ],
)
def test_an_option_out_of_range_is_named_with_its_value(
    options: dict[str, Any], message: str
) -> None:
    with pytest.raises(OptionError, match=f"^{message}"):
        RunSpec(**options)


@pytest.mark.parametrize("choice", ["theta", ["theta"], {"theta": 1}, {3: True}, None])
def test_a_choice_that_is_none_is_refused(choice: Any) -> None:
    with pytest.raises(
        OptionError, match="^noncentered must be True, False or a choice"
    ):
        RunSpec(noncentered=choice)


def test_numbers_of_numpys_become_pythons_own_and_can_travel() -> None:
    spec = RunSpec(
        seed=np.int64(3),  # type: ignore[arg-type]
        draws=np.int32(7),  # type: ignore[arg-type]
        target_accept=np.float64(0.9),
        noncentered={"theta": np.bool_(True)},  # type: ignore[dict-item]
    )
    assert msgspec.json.decode(msgspec.json.encode(spec), type=RunSpec) == spec
    assert [type(v) for v in (spec.seed, spec.draws, spec.target_accept)] == [
        int,
        int,
        float,
    ]
    assert spec.noncentered == {"theta": True}


def test_the_defaults_are_the_ones_people_know() -> None:
    spec = RunSpec()
    assert (spec.draws, spec.tune, spec.chains) == (1000, 1000, 4)
    assert (spec.target_accept, spec.max_treedepth) == (0.8, 10)
