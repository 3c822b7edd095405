"""The one writer of a run's draws, and the one who tells subscribers of new ones.

Workers' frames are appended to the draw log as they come; a subscriber asks with
its own cursor and is answered when there is something behind it. So a subscriber
that does not ask costs nothing, and nobody ever waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors import GenServer, Request, call, cast, noreply, reply
from exmc.errors import FrameError
from exmc.inference.tally import Tally

if TYPE_CHECKING:
    from exmc.actors import Address, Call, CallOutcome
    from exmc.frames import Frame
    from exmc.inference.cursor import Cursor
    from exmc.posterior import DrawLog
    from exmc.run import Batch


@dataclass(frozen=True, slots=True)
class StreamBroken:
    """Sent to `observer`: a chain's frames do not go together.

    Attributes:
        chain: Which chain.
        error: What is wrong with them.
    """

    chain: int
    error: FrameError


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """Where a chain's next worker goes on.

    Attributes:
        epoch: How many workers the chain has had before.
        checkpoint: Packed arrays; empty when the chain has to begin.
    """

    epoch: int
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class _Append:
    frame: Frame
    observer: Address


@dataclass(frozen=True, slots=True)
class _Checkpoint:
    chain: int
    data: bytes


@dataclass(frozen=True, slots=True)
class _Finish:
    pass


@dataclass(frozen=True, slots=True)
class _Next(Request["Batch | None"]):
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class _Begin(Request[ResumePoint]):
    chain: int


@dataclass(frozen=True, slots=True)
class _Tallies(Request[tuple[Tally, ...]]):
    pass


Question: TypeAlias = _Next | _Begin | _Tallies


class StreamCoordinator(GenServer):
    """Appends, counts, and answers subscribers."""

    def init(self, log: DrawLog) -> None:
        """Serve this log; it may already hold draws."""
        self._log = log
        self._tallies = [Tally() for _ in range(log.chains)]
        self._checkpoints: dict[int, bytes] = {}
        self._epochs = [0] * log.chains
        self._waiting: list[tuple[Cursor, Call]] = []
        self._finished = False

    def handle_cast(self, message: _Append | _Checkpoint | _Finish) -> None:
        """Take what chains and the monitor report."""
        match message:
            case _Append(frame, observer):
                self._append(frame, observer)
            case _Checkpoint(chain, data):
                self._checkpoints[chain] = data
            case _Finish():
                self._finished = True
        self._answer_waiting()

    def handle_call(self, request: Question, caller: Call) -> CallOutcome:
        """Answer a subscriber, a chain or the status."""
        match request:
            case _Next(cursor):
                self._waiting.append((cursor, caller))
                self._answer_waiting()
                return noreply()
            case _Begin(chain):
                return reply(self._resume_point(chain))
            case _Tallies():
                return reply(tuple(self._tallies))

    def _resume_point(self, chain: int) -> ResumePoint:
        epoch = self._epochs[chain]
        self._epochs[chain] += 1
        return ResumePoint(epoch, self._checkpoints.get(chain, b""))

    def _append(self, frame: Frame, observer: Address) -> None:
        try:
            new = self._log.append(frame)
        except FrameError as error:
            cast(observer, StreamBroken(frame.chain, error))
            return
        if new:
            self._tallies[frame.chain].add(frame, new, self._log.schema)

    def _answer_waiting(self) -> None:
        still = []
        for cursor, caller in self._waiting:
            batch = cursor.take(self._log)
            if batch is not None or self._finished:
                caller.reply(batch)
            else:
                still.append((cursor, caller))
        self._waiting = still


def append(stream: Address, frame: Frame, observer: Address) -> None:
    """Add a frame of draws; what is wrong with it is told to `observer`."""
    cast(stream, _Append(frame, observer))


def keep_checkpoint(stream: Address, chain: int, data: bytes) -> None:
    """Keep what the chain can be resumed from."""
    cast(stream, _Checkpoint(chain, data))


def finish(stream: Address) -> None:
    """Say that no further draw will come."""
    cast(stream, _Finish())


async def resume_point(stream: Address, chain: int) -> ResumePoint:
    """Return where a new worker of the chain goes on; counts it as started."""
    return await call(stream, _Begin(chain))


async def next_batch(stream: Address, cursor: Cursor) -> Batch | None:
    """Wait for draws behind the cursor; None when the run has no more."""
    return await call(stream, _Next(cursor), timeout=None)


async def tallies(stream: Address) -> tuple[Tally, ...]:
    """Return the running counts of each chain."""
    return await call(stream, _Tallies())
