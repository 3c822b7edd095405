from __future__ import annotations

from typing import Any

import pytest

from exmc.actors import Exited, Ok, Pid, Task

OWNER = Pid(0)


class Recorded:
    """Stands for a living process."""

    def __init__(self) -> None:
        self.watchers: list[object] = []
        self.signals: list[object] = []

    def add_watcher(self, watcher: object) -> None:
        self.watchers.append(watcher)

    def drop_watcher(self, watcher: object) -> None:
        self.watchers.remove(watcher)

    def exit(self, sender: Pid, reason: object, *, linked: bool) -> None:
        self.signals.append((sender, reason, linked))


def begun() -> tuple[Task[Any], Recorded]:
    process: Any = Recorded()
    task: Task[Any] = Task(OWNER, "work")
    task.began(Pid(1, process))
    return task, process


def test_the_value_counts_and_not_the_end_that_follows() -> None:
    task, _ = begun()
    task.succeed(3)
    task.down("normal")
    assert task.result == Ok(3)


def test_an_end_without_a_value_is_the_result() -> None:
    task, _ = begun()
    task.down("killed")
    assert task.result == Exited("killed")


def test_each_listener_is_told_once() -> None:
    task, _ = begun()
    told: list[object] = []
    untold: list[object] = []
    task.listen(told.append)
    task.listen(told.append)
    task.listen(untold.append)
    task.unlisten(untold.append)
    task.succeed(3)
    task.down("normal")
    assert (told, untold) == ([task], [])


def test_what_an_ignored_task_returns_is_dropped() -> None:
    task, process = begun()
    told: list[object] = []
    task.listen(told.append)
    task.ignore()
    task.succeed(3)
    assert task.result is None
    assert told == []
    assert process.watchers == []


def test_the_process_is_watched_once() -> None:
    task, process = begun()
    task.began(Pid(2))
    assert process.watchers == [task]
    assert task.pid.number == 1


def test_killing_sends_kill_from_the_owner() -> None:
    task, process = begun()
    task.kill()
    assert process.signals == [(OWNER, "kill", False)]


def test_a_task_that_is_killed_before_it_begins_is_unwanted() -> None:
    task: Task[Any] = Task(OWNER, "work")
    task.kill()
    assert task.unwanted


def test_a_task_that_has_not_begun_has_no_process() -> None:
    with pytest.raises(
        AssertionError, match=r"^Task\(work in None for <0.0>\) has not"
    ):
        _ = Task(OWNER, "work").pid
