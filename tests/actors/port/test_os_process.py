from __future__ import annotations

import errno
import os
import signal
import threading
import time

import pytest

from exmc.actors.port import os_process
from tests.actors.port.programs import Witness, child


@pytest.mark.parametrize(
    ("command", "reason"),
    [("exit 0", ("exit", 0)), ("exit 3", ("exit", 3)), ("kill -9 $$", ("signal", 9))],
)
def test_how_a_child_ended_is_known_once_it_is_reaped_and_for_ever(
    command: str, reason: object
) -> None:
    process = child(command).dead()
    assert not process.alive()
    assert process.unreaped()
    assert process.reap() == reason
    assert not process.unreaped()
    assert process.reap() == reason
    assert process.pidfd is not None
    assert process.pidfd.fileno() == -1


def test_a_living_child_has_not_ended_and_is_not_waited_for() -> None:
    shell = child()
    assert shell.process.alive()
    assert shell.process.reap() is None
    assert shell.process.wait(0.0) is None
    shell.let_go()


def test_a_child_that_somebody_else_has_reaped_is_lost() -> None:
    process = child("exit 0").dead()
    os.waitpid(process.os_pid, 0)
    assert not process.alive()
    process.kill()
    assert process.reap() == ("lost", process.os_pid)


def test_what_a_child_has_started_dies_with_it() -> None:
    shell = child("sleep 100 & echo $!; read line")
    grandchild = Witness(int(shell.say()))
    shell.process.kill()
    assert shell.process.wait() == ("signal", 9)
    assert grandchild.gone()
    shell.sock.close()


def test_a_dead_childs_number_is_never_signalled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = child("exit 0").dead()
    process.reap()
    for function in ("kill", "killpg"):
        monkeypatch.setattr(os, function, lambda *_: pytest.fail("a stranger is hit"))
    process.signal(signal.SIGTERM)
    process.kill()


def test_a_pidfd_that_does_not_block_is_waited_for_all_the_same() -> None:
    shell = child()
    pidfd = shell.process.pidfd
    assert pidfd is not None
    os.set_blocking(pidfd.fileno(), False)
    # Alone, waitid would not wait.
    with pytest.raises(BlockingIOError):
        os.waitid(os.P_PIDFD, pidfd.fileno(), os.WEXITED)
    threading.Timer(0.02, shell.sock.close).start()
    assert shell.process.wait() == ("exit", 1)


@pytest.mark.parametrize("error", [errno.ENOSYS, errno.EPERM])
def test_without_pidfds_a_child_is_signalled_and_reaped_by_its_number(
    error: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_os_pid: int) -> int:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "pidfd_open", refused)
    shell = child()
    assert shell.process.pidfd is None
    assert shell.process.alive()
    assert shell.process.wait(0.0) is None
    shell.process.signal(signal.SIGTERM)
    assert shell.process.wait() == ("signal", signal.SIGTERM)
    shell.sock.close()


def test_a_system_without_the_call_has_no_pidfds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    shell = child()
    assert shell.process.pidfd is None
    shell.sock.close()
    assert shell.process.wait() == ("exit", 1)


@pytest.mark.parametrize(
    ("command", "reason"), [("exit 3", ("exit", 3)), ("kill -9 $$", ("signal", 9))]
)
def test_a_python_without_waitid_reaps_by_number(
    command: str, reason: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    monkeypatch.setattr(os_process, "HAS_WAITID", False)
    shell = child(f"read line; {command}")
    assert shell.process.alive()
    assert shell.process.unreaped()
    shell.sock.close()
    assert shell.process.wait() == reason
    assert not shell.process.alive()
    assert not shell.process.unreaped()


def test_a_child_for_which_there_is_no_descriptor_is_killed_and_reaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    witnesses = list[Witness]()

    def refused(os_pid: int) -> int:
        witnesses.append(Witness(os_pid))
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "pidfd_open", refused)
    with pytest.raises(OSError, match="Too many"):
        child()
    assert witnesses[0].gone(0.0)


def test_waiting_costs_no_processor_time() -> None:
    shell = child()
    before = time.process_time()
    shell.process.wait(0.05)
    assert time.process_time() - before < 0.02
    shell.let_go()
