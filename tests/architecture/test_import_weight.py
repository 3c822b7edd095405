"""What a light import must not load."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("autograd", "scipy", "rich", "arviz_base", "xarray", "multiprocessing")


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()} | set(
        done.stdout.split()
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import exmc", (*HEAVY, "numpy", "exmc.inference")),
        ("import exmc.actors", (*HEAVY, "numpy", "msgspec")),
        ("import exmc.frames", (*HEAVY, "asyncio")),
        ("import exmc.sampler", (*HEAVY, "asyncio", "exmc.native")),
        ("import exmc.sampler.native_engine", (*HEAVY, "asyncio", "llvmlite")),
        ("import exmc.posterior", (*HEAVY, "asyncio")),
        (
            "import exmc.inference.zygote",
            (*HEAVY, "asyncio", "exmc.compiler", "exmc.model", "exmc.gradient.trace"),
        ),
        ("import exmc.inference", ("scipy", "rich", "arviz_base", "multiprocessing")),
    ],
)
def test_a_light_import_stays_light(statement: str, absent: tuple[str, ...]) -> None:
    assert loaded_by(statement) & set(absent) == set()
