from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator
from typing import Any

import pytest

from exmc.actors import NameTakenError, Runtime, telemetry
from exmc.actors.exit_reason import ProcessExit
from exmc.actors.telemetry import (
    HANDLER_FAILURE,
    MOST_REMEMBERED,
    Event,
    Measurements,
    Metadata,
    attach,
    attach_many,
    detach,
    execute,
    list_handlers,
    listeners,
    span,
)
from tests.actors.scenario import scenario

CALL = ("exmc", "call")


class Listener:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[Event, dict[str, float], dict[str, Any], object]] = []

    def __call__(
        self, event: Event, measured: Measurements, known: Metadata, config: object
    ) -> None:
        self.told.append((event, dict(measured), dict(known), config))

    @property
    def events(self) -> list[Event]:
        return [event for event, *_ in self.told]


class Raising(Listener):
    """Raises after it has been told."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def __call__(self, *told: Any) -> None:
        super().__call__(*told)
        raise self.error


@pytest.fixture(autouse=True)
def nobody_listens() -> Generator[None, None, None]:
    assert listeners == {}
    yield
    for handler_id in tuple(listeners):
        detach(handler_id)


def test_a_handler_is_told_the_event_its_numbers_its_metadata_and_its_config() -> None:
    heard = Listener()
    attach("mine", ("a", "b"), heard, 7)
    execute(("a", "b"), {"n": 1.5}, {"who": "me"})
    execute(("a", "b"))
    assert heard.told == [
        (("a", "b"), {"n": 1.5}, {"who": "me"}, 7),
        (("a", "b"), {}, {}, 7),
    ]


@pytest.mark.parametrize(
    ("start", "heard_of"),
    [
        ((), [("a",), ("a", "b"), ("ab",)]),
        (("a",), [("a",), ("a", "b")]),
        (("a", "b"), [("a", "b")]),
        (("a", "b", "c"), []),
    ],
)
def test_a_handler_is_told_each_event_that_begins_with_its_own(
    start: Event, heard_of: list[Event]
) -> None:
    heard = Listener()
    attach("mine", start, heard)
    for event in (("a",), ("a", "b"), ("ab",)):
        execute(event)
    assert heard.events == heard_of


def test_a_handler_of_many_events_is_told_each_once() -> None:
    heard = Listener()
    attach_many("mine", [("a",), ("a", "b"), ("c",)], heard)
    for event in (("a", "b"), ("c",), ("d",)):
        execute(event)
    assert heard.events == [("a", "b"), ("c",)]


def test_handlers_are_told_in_the_order_attached() -> None:
    order: list[object] = []
    for name in ("second", "first", "third"):
        attach(name, ("a",), lambda *told: order.append(told[3]), name)
    execute(("a",))
    assert order == ["second", "first", "third"]


def test_after_detach_a_handler_is_told_nothing() -> None:
    heard = Listener()
    attach("mine", ("a",), heard)
    execute(("a",))
    assert detach("mine")
    execute(("a",))
    assert heard.events == [("a",)]
    assert not detach("mine")


def test_a_handler_attached_after_an_event_is_told_the_next() -> None:
    first, second = Listener(), Listener()
    attach("first", ("a",), first)
    execute(("a",))
    attach("second", ("a",), second)
    execute(("a",))
    assert (len(first.told), len(second.told)) == (2, 1)


def test_an_id_that_is_taken_is_refused() -> None:
    attach("mine", ("a",), Listener())
    with pytest.raises(NameTakenError, match="A telemetry handler 'mine' is attached"):
        attach("mine", ("b",), Listener())
    assert [h.events for h in list_handlers()] == [(("a",),)]


@pytest.mark.parametrize("event", ["exmc", ["exmc"], ("exmc", 1)])
def test_an_event_that_is_no_tuple_of_words_is_refused(event: Any) -> None:
    with pytest.raises(TypeError, match="A telemetry event is a tuple of strings"):
        attach("mine", event, Listener())
    assert not listeners


def test_emitters_may_ask_cheaply_whether_anybody_listens_at_all() -> None:
    asked = telemetry.listeners
    assert not asked
    attach("mine", ("a",), Listener())
    assert asked
    detach("mine")
    assert not asked


def test_handlers_are_listed_by_what_they_could_be_told() -> None:
    attach("all", (), Listener())
    attach("a", ("a",), Listener())
    attach("a b", ("a", "b"), Listener())
    attach("c", ("c",), Listener())
    assert [h.id for h in list_handlers()] == ["all", "a", "a b", "c"]
    assert [h.id for h in list_handlers(("a",))] == ["all", "a", "a b"]
    assert [h.id for h in list_handlers(("a", "x"))] == ["all", "a"]


@pytest.mark.parametrize(
    "error",
    [ValueError("bad"), asyncio.CancelledError(), ProcessExit("normal")],
    ids=["an error", "a cancellation", "a process's exit"],
)
def test_a_handler_that_raises_is_detached_and_the_emitter_never_learns_of_it(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good, failures = Raising(error), Listener(), Listener()
    attach("bad", ("a",), bad, "config")
    attach("good", ("a",), good)
    attach("failures", HANDLER_FAILURE, failures)
    execute(("a",))
    execute(("a",))
    assert (bad.events, good.events) == ([("a",)], [("a",), ("a",)])
    [(_, _, known, _)] = failures.told
    assert known == {
        "handler_id": "bad",
        "event": ("a",),
        "config": "config",
        "error": error,
    }
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == (
        "Telemetry handler 'bad' raised at ('a',) and was detached"
    )


def test_a_listener_to_failures_that_fails_is_detached_too() -> None:
    attach("bad", (), Raising(ValueError("first")))
    attach("worse", (), Raising(ValueError("second")))
    execute(("a",))
    assert not listeners


def test_a_keyboard_interrupt_is_no_failure_of_a_handler() -> None:
    attach("mine", ("a",), Raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        execute(("a",))
    assert list(listeners) == ["mine"]


def test_a_handler_may_detach_itself_and_attach_another() -> None:
    heard = Listener()

    def once(*told: object) -> None:
        detach("once")
        attach("then", ("a",), heard, told)

    attach("once", ("a",), once)
    execute(("a",))
    assert heard.told == []
    execute(("a",))
    assert len(heard.told) == 1


def test_what_is_remembered_of_events_stays_small() -> None:
    attach("mine", ("a",), Listener())
    for number in range(2 * MOST_REMEMBERED):
        execute(("b", str(number)))
    assert len(telemetry._by_event) <= MOST_REMEMBERED


class Seconds:
    """A clock that shows what it is told to."""

    def __init__(self) -> None:
        self.now = 10.0

    def __call__(self) -> float:
        return self.now


def test_a_span_tells_its_start_and_its_stop() -> None:
    heard, clock = Listener(), Seconds()
    attach("mine", CALL, heard)
    with span(CALL, {"to": "server"}, now=clock) as spanned:
        clock.now = 12.5
        spanned.metadata["reply"] = 3
        spanned.measurements["rows"] = 4.0
    [start, stop] = heard.told
    assert start[:2] == ((*CALL, "start"), {"monotonic_time": 10.0})
    assert stop[:2] == ((*CALL, "stop"), {"duration": 2.5, "rows": 4.0})
    number = start[2]["span"]
    assert start[2] == {"to": "server", "span": number}
    assert stop[2] == {"to": "server", "span": number, "reply": 3}


@pytest.mark.parametrize("error", [ValueError("bad"), asyncio.CancelledError()])
def test_a_span_tells_an_exception_and_lets_it_pass(error: BaseException) -> None:
    heard = Listener()
    attach("mine", (*CALL, "exception"), heard)
    with pytest.raises(type(error)), span(CALL, {}, now=iter([3.0, 4.5]).__next__):
        raise error
    [(_, measured, known, _)] = heard.told
    assert measured == {"duration": 1.5}
    assert known["error"] is error


def test_two_spans_at_once_can_be_told_apart() -> None:
    heard = Listener()
    attach("mine", (*CALL, "start"), heard)
    with span(CALL, {}, now=Seconds()), span(CALL, {}, now=Seconds()):
        pass
    first, second = (known["span"] for _, _, known, _ in heard.told)
    assert first != second


@scenario
async def test_a_span_may_last_while_its_process_waits(rt: Runtime) -> None:
    heard = Listener()
    attach("mine", (*CALL, "stop"), heard)
    waiting = asyncio.ensure_future(measured_sleep(rt))
    await asyncio.wait({waiting}, timeout=0)
    await rt.clock.advance(3.0)  # type: ignore[attr-defined]  # a VirtualClock
    await waiting
    [(_, measured, _, _)] = heard.told
    assert measured == {"duration": 3.0}


async def measured_sleep(rt: Runtime) -> None:
    with span(CALL, {}, now=rt.clock.now):
        await rt.clock.sleep(3.0)
