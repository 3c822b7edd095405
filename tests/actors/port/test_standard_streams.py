from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import exmc.actors
from exmc.actors.port.standard_streams import occupy_closed

pytestmark = pytest.mark.slow

OCCUPY = """
import os, sys
sys.path.insert(0, sys.argv[2])
from exmc.actors.port.standard_streams import occupy_closed
os.dup2(os.open(sys.argv[1], os.O_WRONLY), 9)
for number in range(3):
    os.close(number)
occupy_closed()
same = [os.fstat(n).st_rdev == os.stat(os.devnull).st_rdev for n in range(3)]
os.write(9, repr(same).encode())
"""


def test_each_closed_stream_becomes_the_null_device(tmp_path: Path) -> None:
    result = tmp_path / "result"
    result.touch()
    home = Path(exmc.actors.__file__).parents[2]
    subprocess.run([sys.executable, "-c", OCCUPY, result, home], check=True)
    assert result.read_text() == "[True, True, True]"


def test_streams_that_are_open_stay_as_they_are() -> None:
    before = [os.fstat(number) for number in range(3)]
    occupy_closed()
    after = [os.fstat(number) for number in range(3)]
    assert [s.st_ino for s in before] == [s.st_ino for s in after]
