"""Events that whoever is interested may listen to (Elixir's :telemetry).

An event is a tuple of words such as ("exmc", "process", "crash"), with measurements
(numbers) and metadata (anything). The handlers are one table for all runtimes.

Rule: a handler runs inside whoever emits, so it must neither wait nor raise; one that
raises is detached and logged, and the emitter never learns of it.
"""

from __future__ import annotations

import itertools
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from exmc.actors.errors import NameTakenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

Event: TypeAlias = tuple[str, ...]
Measurements: TypeAlias = "Mapping[str, float]"
Metadata: TypeAlias = "Mapping[str, Any]"
HandlerFunction: TypeAlias = "Callable[[Event, Measurements, Metadata, Any], object]"

HANDLER_FAILURE: Final[Event] = ("exmc", "telemetry", "handler", "failure")
"""A handler raised and was detached; the metadata say which, and hold the error."""

MOST_REMEMBERED: Final = 1000
"""Events whose handlers are remembered; more than any program of ours emits."""

NOTHING_MEASURED: Final[dict[str, float]] = {}
NOTHING_KNOWN: Final[dict[str, Any]] = {}

logger = logging.getLogger("exmc.actors")


@dataclass(frozen=True, slots=True, eq=False)
class Handler:
    """Who listens to what.

    Attributes:
        id: The name it was attached under.
        events: Beginnings of the events it is told.
        function: Called with the event, its measurements, its metadata and `config`.
        config: Handed to the function as it is.
    """

    id: str
    events: tuple[Event, ...]
    function: HandlerFunction
    config: Any = None

    def wants(self, event: Event) -> bool:
        """Tell whether it listens to an event."""
        return any(event[: len(start)] == start for start in self.events)


listeners: Final[dict[str, Handler]] = {}
"""All handlers by id, in the order attached. It is always this one object, true as
soon as anybody listens: `if listeners:` spares an emitter the making of an event."""

_by_event: Final[dict[Event, tuple[Handler, ...]]] = {}
_change: Final = threading.RLock()
_spans: Final = itertools.count(1)


def attach(
    handler_id: str, event: Event, function: HandlerFunction, config: object = None
) -> None:
    """Call a function at each event that is `event`, or begins with it.

    Args:
        handler_id: Its name, for detach.
        event: Such as ("exmc", "process"); () listens to everything.
        function: Called as function(event, measurements, metadata, config) by whoever
            emits, in its thread.
        config: Handed to the function as it is.

    Raises:
        NameTakenError: A handler of this id is attached already.
        TypeError: The event is no tuple of strings.
    """
    attach_many(handler_id, [event], function, config)


def attach_many(
    handler_id: str,
    events: Iterable[Event],
    function: HandlerFunction,
    config: object = None,
) -> None:
    """Attach one handler to several events, or beginnings of events; see attach."""
    handler = Handler(handler_id, tuple(map(checked, events)), function, config)
    with _change:
        if handler_id in listeners:
            raise NameTakenError(
                f"A telemetry handler {handler_id!r} is attached already; "
                f"detach it first, or choose another id."
            )
        listeners[handler_id] = handler
        _by_event.clear()


def checked(event: object) -> Event:
    """Return an event that is one.

    Raises:
        TypeError: It is no tuple of strings.
    """
    if isinstance(event, tuple) and all(isinstance(word, str) for word in event):
        return event
    raise TypeError(
        f"A telemetry event is a tuple of strings such as "
        f'("exmc", "process", "crash"), got {event!r}.'
    )


def detach(handler_id: str) -> bool:
    """Call a handler no longer; return whether it was attached.

    It may not have been: a handler that raises is detached by itself.
    """
    with _change:
        known = listeners.pop(handler_id, None)
        _by_event.clear()
    return known is not None


def list_handlers(event: Event = ()) -> tuple[Handler, ...]:
    """Return those who listen to an event or to any that begins with it, in order."""
    with _change:
        return tuple(
            handler
            for handler in listeners.values()
            if handler.wants(event)
            or any(start[: len(event)] == event for start in handler.events)
        )


def execute(
    event: Event,
    measurements: Measurements = NOTHING_MEASURED,
    metadata: Metadata = NOTHING_KNOWN,
) -> None:
    """Tell everybody who listens to an event; never raises what a handler raises."""
    if not listeners:
        return
    handlers = _by_event.get(event)
    for handler in _handlers_of(event) if handlers is None else handlers:
        try:
            handler.function(event, measurements, metadata, handler.config)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001 (the emitter must not learn of it)
            _failed(handler, event, error)


def _handlers_of(event: Event) -> tuple[Handler, ...]:
    with _change:
        if len(_by_event) >= MOST_REMEMBERED:
            _by_event.clear()
        found = tuple(h for h in listeners.values() if h.wants(event))
        _by_event[event] = found
    return found


def _failed(handler: Handler, event: Event, error: BaseException) -> None:
    with _change:
        if listeners.get(handler.id) is not handler:
            return
        detach(handler.id)
    logger.error(
        "Telemetry handler %r raised at %r and was detached",
        handler.id,
        event,
        exc_info=error,
    )
    known = {"handler_id": handler.id, "event": event, "config": handler.config}
    execute(HANDLER_FAILURE, metadata={**known, "error": error})


class span:  # noqa: N801 (it is used as a function: `with span(...)`)
    """Emit event + ("start",), then event + ("stop",) or event + ("exception",).

    The start measures `monotonic_time`, the end `duration`, both in seconds. All carry
    the metadata and `span`, a number that no other span has; an exception carries
    `error` too, and goes on.

    Args:
        event: Their beginning, such as ("exmc", "call").
        metadata: Of the start; the end has what is in `self.metadata` by then.
        now: The clock, in seconds.

    Attributes:
        metadata: Of the end; the block may add to it.
        measurements: Of the end, beside the duration; the block may add to it.
    """

    __slots__ = ("_event", "_now", "_started", "measurements", "metadata")

    def __init__(
        self, event: Event, metadata: Metadata, *, now: Callable[[], float]
    ) -> None:
        self._event = event
        self._now = now
        self._started = 0.0
        self.measurements: dict[str, float] = {}
        self.metadata: dict[str, Any] = {**metadata, "span": next(_spans)}

    def __enter__(self) -> Self:
        self._started = self._now()
        started = {"monotonic_time": self._started}
        execute((*self._event, "start"), started, dict(self.metadata))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        measured = {**self.measurements, "duration": self._now() - self._started}
        if error is None:
            execute((*self._event, "stop"), measured, self.metadata)
        else:
            failed = {**self.metadata, "error": error}
            execute((*self._event, "exception"), measured, failed)
