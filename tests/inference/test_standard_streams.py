from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from exmc.inference.zygote_process import module_path

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]

OCCUPY = """
import os, sys
from exmc.inference.standard_streams import occupy_closed
os.dup2(os.open(sys.argv[1], os.O_WRONLY), 9)
for number in range(3):
    os.close(number)
occupy_closed()
same = [os.fstat(n).st_rdev == os.stat(os.devnull).st_rdev for n in range(3)]
os.write(9, repr(same).encode())
"""

SAMPLE = """
import pathlib, sys
import exmc
with exmc.Model() as model:
    exmc.Normal("x", 0.0, 1.0)
posterior = exmc.sample(model, draws=20, tune=20, chains=2, seed=1)
pathlib.Path(sys.argv[1]).write_text(repr(posterior.lengths))
"""


def without(closed: str, program: str, result: Path) -> str:
    """Run a program that is started with some standard streams closed."""
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path[:0] = {module_path()!r}\n{program}",
    ]
    shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *command, str(result)]
    subprocess.run(shell, check=True)
    return result.read_text()


def test_each_closed_stream_becomes_the_null_device(tmp_path: Path) -> None:
    result = tmp_path / "result"
    result.touch()
    assert without("", OCCUPY, result) == "[True, True, True]"


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- >&- 2>&-"])
def test_a_program_without_standard_streams_can_sample(
    tmp_path: Path, closed: str
) -> None:
    assert without(closed, SAMPLE, tmp_path / "result") == "(20, 20)"
