from __future__ import annotations

import numpy as np
import pytest

from exmc.inference.versions import versions_of
from exmc.native.target import LEVELS
from exmc.version import __version__


@pytest.mark.parametrize("backend", ["strict", "numpy"])
def test_programs_rest_on_exmc_and_numpy(backend: str) -> None:
    assert versions_of(backend) == {"exmc": __version__, "numpy": np.__version__}


def test_autograds_gradients_rest_on_autograd_too() -> None:
    assert set(versions_of("autograd")) == {"exmc", "numpy", "autograd"}


@pytest.mark.native
def test_machine_code_names_its_compiler_and_its_level() -> None:
    found = versions_of("native")
    assert set(found) == {"exmc", "numpy", "llvmlite", "level"}
    assert found["level"] in LEVELS
