from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from exmc.inference.zygote_process import module_path

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end, pytest.mark.timeout(60)]

SAMPLE = """
import pathlib, sys
import exmc
with exmc.Model() as model:
    exmc.Normal("x", 0.0, 1.0)
posterior = exmc.sample(model, draws=20, tune=20, chains=2, seed=1)
pathlib.Path(sys.argv[1]).write_text(repr(posterior.lengths))
"""


@pytest.mark.parametrize("closed", ["<&-", "2>&-", "<&- >&- 2>&-"])
def test_a_program_without_standard_streams_can_sample(
    tmp_path: Path, closed: str
) -> None:
    result = tmp_path / "result"
    program = f"import sys; sys.path[:0] = {module_path()!r}\n{SAMPLE}"
    command = [sys.executable, "-c", program, str(result)]
    shell = ["sh", "-c", f'exec "$@" {closed}', "sh", *command]
    subprocess.run(shell, check=True)
    assert result.read_text() == "(20, 20)"
