from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from exmc.actors import telemetry
from exmc.actors.events import CRASH
from exmc.actors.kernel.reports import (
    KEPT,
    MOST_NAMED,
    CrashReport,
    Reports,
    StallReport,
    SupervisorReport,
)
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


def test_reports_are_a_sequence_whose_last_is_the_newest() -> None:
    reports = Reports()
    with pytest.raises(IndexError):
        _ = reports[-1]
    first, second = crash("a"), crash("b")
    reports.crash(first)
    reports.crash(second)
    assert (reports[0], reports[-1], reports[1:]) == (first, second, (second,))
    assert list(reversed(reports)) == [second, first]


def test_a_report_names_where_the_process_came_from_and_whom_its_end_concerns() -> None:
    report = replace(
        crash("bad"),
        initial_call="shop.Worker",
        ancestors=(Pid(3), Pid(0)),
        callers=(Pid(5),),
        links=(Pid(3),),
    )
    assert str(report) == (
        "Worker <0.7> (worker) ended with 'bad'; last message: 'go'; state: {'n': 1}; "
        "initial call: shop.Worker; ancestors: <0.3>, <0.0>; callers: <0.5>; "
        "links: <0.3>"
    )


def test_a_report_stays_short_however_many_are_linked() -> None:
    many = tuple(map(Pid, range(100_000)))
    text = str(replace(crash("bad"), links=many))
    assert text.endswith(f"<0.{MOST_NAMED - 1}> and {100_000 - MOST_NAMED} more")


def test_a_report_has_the_traceback_as_text() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("bad")
    text = crash(("error", caught.value)).traceback
    assert "in test_a_report_has_the_traceback_as_text" in text
    assert text.endswith("invalid literal for int() with base 10: 'bad'\n")
    assert crash("bad").traceback == ""


@contextmanager
def told() -> Generator[list[tuple[object, ...]], None, None]:
    """All events with their metadata, for as long as the block lasts."""
    heard: list[tuple[object, ...]] = []
    telemetry.attach("test", (), lambda *args: heard.append((args[0], dict(args[2]))))
    try:
        yield heard
    finally:
        telemetry.detach("test")


def test_a_crash_is_a_telemetry_event() -> None:
    report = crash("bad")
    with told() as heard:
        Reports().crash(report)
    assert heard == [(CRASH, {"pid": report.pid, "report": report})]


def test_a_stall_says_for_how_long_in_which_process_and_at_which_line() -> None:
    stall = StallReport(Pid(7), "till", "Counter", "shop.py:12 in handle_call", 0.151)
    assert str(stall) == (
        "The event loop has stood still for 0.15 s in Counter <0.7> (till): "
        "shop.py:12 in handle_call"
    )
    assert str(replace(stall, alone=False, name=None, where=None)) == (
        "The event loop has stood still for 0.15 s in Counter <0.7> "
        "and others before it: at an unknown place"
    )
    assert "in code outside any process" in str(replace(stall, pid=None))


def test_a_stall_is_kept_and_logged_by_who_noticed_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    reports, stall = Reports(), StallReport(None, None, None, None, 1.0)
    reports.stall(stall)
    assert list(reports) == [stall]
    assert caplog.records == []
