from __future__ import annotations

import os
import threading

import pytest

from exmc.actors.port import reaper
from exmc.actors.port.reaper import Reaper
from tests.actors.port.programs import child


def test_a_process_that_dies_in_a_moment_is_reaped_without_a_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reaper, "MOMENT", 10.0)
    shell = child()
    Reaper().take(shell.process)
    assert not shell.process.unreaped()
    assert shell.process.reap() == ("signal", 9)
    shell.sock.close()


def test_those_who_take_longer_are_reaped_by_a_thread_that_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reaper, "MOMENT", 0.0)
    reaping, shells = Reaper(), [child() for _ in range(5)]
    for shell in shells:
        reaping.take(shell.process)
    reaping.join()
    for shell in shells:
        assert shell.process.reap() == ("signal", 9)
        with pytest.raises(ChildProcessError):
            os.waitpid(shell.process.os_pid, os.WNOHANG)
        shell.sock.close()
    assert "exmc.actors reaper" not in {t.name for t in threading.enumerate()}


def test_there_is_nothing_to_wait_for_when_nothing_was_taken() -> None:
    Reaper().join()
