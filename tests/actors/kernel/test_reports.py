from __future__ import annotations

import logging

import pytest

from exmc.actors.kernel.reports import KEPT, CrashReport, Reports, SupervisorReport
from exmc.actors.pid import Pid


def crash(reason: str | tuple[str, object]) -> CrashReport:
    return CrashReport(
        pid=Pid(7),
        name="worker",
        kind="Worker",
        reason=reason,
        last_message="'go'",
        state="{'n': 1}",
        parent=None,
    )


def test_a_crash_is_logged_once_with_its_traceback_message_and_state(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reports, error = Reports(), ValueError("bad")
    reports.crash(crash(("error", error)))
    [record] = caplog.records
    assert record.name == "exmc.actors"
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert record.exc_info[1] is error
    assert record.getMessage() == (
        "Worker <0.7> (worker) ended with ('error', ValueError('bad')); "
        "last message: 'go'; state: {'n': 1}"
    )


def test_giving_up_is_an_error_and_an_ended_child_a_note(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    reports = Reports()
    reports.supervision(SupervisorReport(Pid(1), "child_ended", "a", "killed"))
    reports.supervision(SupervisorReport(Pid(1), "gave_up", "a", "shutdown"))
    assert [r.levelno for r in caplog.records] == [logging.INFO, logging.ERROR]
    assert len(reports) == 2


def test_only_the_latest_reports_are_kept() -> None:
    reports = Reports()
    for number in range(KEPT + 5):
        reports.supervision(SupervisorReport(Pid(1), "child_ended", number, "x"))
    kept = [r.child for r in reports if isinstance(r, SupervisorReport)]
    assert kept == list(range(5, KEPT + 5))
