"""What a chain worker does: it takes one assignment, draws, and reports in frames.

Nothing is unpickled. The worker reads commands between transitions only, so a
transition is never cut short, and it waits for nobody but the one reader of its
socket.
"""

from __future__ import annotations

import os
import time
import traceback
from enum import Enum
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from exmc.errors import BadStartError
from exmc.frames import Frame, Kind, Phase, pack_arrays, unpack_arrays
from exmc.inference.assignment import (
    STOP,
    Adapted,
    Assignment,
    Failure,
    Upgrade,
    assignment_of,
)
from exmc.inference.mapped_arrays import mapped
from exmc.inference.outbox import MOST_ROWS, Outbox
from exmc.inference.pace import Pace
from exmc.inference.realised import realised
from exmc.inference.worker_socket import ParentGoneError, WorkerSocket
from exmc.sampler import PYTHON, STATS, ChainSettings, NutsChain, Values
from exmc.sampler.native_engine import native_engine

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from exmc.sampler import Engine

CHECKPOINT_SECONDS = 0.25


class Served(Enum):
    """How a worker's service of one socket ended; the value is its exit code."""

    FINISHED = "the chain is done, or was stopped"
    FAILED = "the chain cannot go on"
    ABANDONED = "nobody is there to tell"

    @property
    def exit_code(self) -> int:
        """The exit code of a process that ends so."""
        return int(self is Served.FAILED)


def serve(sock: socket.socket, clock: Callable[[], float] = time.monotonic) -> Served:
    """Do the work that arrives on the socket."""
    link = WorkerSocket(sock)
    try:
        assignment = assignment_of(link.receive())
        try:
            ChainWork(assignment, _data(link), link, clock).run()
        except ParentGoneError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of the process
            link.send(_failure(assignment, error))
            return Served.FAILED
    except ParentGoneError:
        return Served.ABANDONED
    return Served.FINISHED


class ChainWork:
    """One chain from its assignment to its last draw."""

    def __init__(
        self,
        assignment: Assignment,
        data: Mapping[str, NDArray[Any]],
        link: WorkerSocket,
        clock: Callable[[], float],
    ) -> None:
        self._assignment = assignment
        self._link = link
        self._clock = clock
        self._data = data
        self._chain = _chain(assignment, data)
        columns = len(STATS) + assignment.dim + assignment.width
        self._outbox = Outbox(assignment.chain, assignment.epoch, columns, clock())
        self._pace = Pace()
        self._checkpointed = clock()

    def run(self) -> None:
        """Step until the draws are made or a stop arrives; then say so."""
        stopped = False
        while not self._chain.done and not stopped:
            self._advance()
            stopped = self._obey()
        self._send(self._outbox.flush())
        self._checkpoint()
        if self._chain.done:
            self._tell(Kind.ADAPTED, self._adapted())
        self._link.send(self._message(Kind.DONE, b"stopped" if stopped else b""))

    def _advance(self) -> None:
        made, tune = self._chain.made, self._assignment.spec.tune
        phase = Phase.TUNE if made < tune else Phase.DRAW
        if made == tune:
            self._tell(Kind.ADAPTED, self._adapted())
        before = self._clock()
        rows = self._chain.advance(min(self._pace.block, MOST_ROWS))
        now = self._clock()
        self._pace.took(len(rows), now - before)
        self._send(self._outbox.put(phase, made - (tune if made >= tune else 0), rows))
        self._send(self._outbox.due(now))
        if now - self._checkpointed >= CHECKPOINT_SECONDS:
            self._send(self._outbox.flush())
            self._checkpoint()
            self._checkpointed = now

    def _obey(self) -> bool:
        """Carry out the commands that have arrived; tell whether one is to stop."""
        stopped = False
        for frame in self._link.arrived():
            if frame.payload == STOP:
                stopped = True
            else:
                self._upgrade(msgspec.msgpack.decode(frame.payload, type=Upgrade))
        return stopped

    def _upgrade(self, upgrade: Upgrade) -> None:
        model = realised(upgrade.work, self._assignment.spec, self._data)
        self._chain.continue_with(
            model.density,
            engine=_engine(upgrade.kernels),
            values=Values(model.values, self._assignment.width),
        )

    def _checkpoint(self) -> None:
        data = pack_arrays(self._chain.checkpoint())
        self._link.send(self._message(Kind.CHECKPOINT, data))

    def _adapted(self) -> Adapted:
        found = self._chain.adapted()
        return msgspec.convert(
            {k: v.tolist() if hasattr(v, "tolist") else v for k, v in found.items()},
            Adapted,
        )

    def _tell(self, kind: Kind, what: msgspec.Struct) -> None:
        self._link.send(self._message(kind, msgspec.json.encode(what)))

    def _message(self, kind: Kind, payload: bytes) -> Frame:
        chosen = self._assignment
        return Frame(kind, chain=chosen.chain, epoch=chosen.epoch, payload=payload)

    def _send(self, frame: Frame | None) -> None:
        if frame is not None:
            self._link.send(frame)


def _data(link: WorkerSocket) -> dict[str, NDArray[Any]]:
    if link.descriptor is None:
        # The system gave this process no room for it.
        raise OSError("The worker got no data; raise `ulimit -n`.")
    data = mapped(link.descriptor)
    os.close(link.descriptor)
    return data


def _chain(assignment: Assignment, data: Mapping[str, NDArray[Any]]) -> NutsChain:
    spec = assignment.spec
    model = realised(assignment.work, spec, data)
    settings = ChainSettings(
        tune=spec.tune,
        draws=spec.draws,
        target_accept=spec.target_accept,
        max_treedepth=spec.max_treedepth,
        warmup=spec.warmup,
    )
    engine = _engine(assignment.kernels)
    values = Values(model.values, assignment.width)
    if assignment.checkpoint:
        return NutsChain.resumed(
            model.density,
            assignment.dim,
            settings,
            spec.seed,
            assignment.chain,
            unpack_arrays(assignment.checkpoint),
            engine=engine,
            values=values,
        )
    initial = assignment.initial
    chain = NutsChain(
        model.density,
        assignment.dim,
        settings,
        spec.seed,
        assignment.chain,
        initial=None if initial is None else np.array(initial),
        engine=engine,
        values=values,
    )
    chain.start()
    return chain


def _engine(kernels: bytes) -> Engine:
    if not kernels:
        return PYTHON
    return native_engine(kernels)


def _failure(assignment: Assignment, error: Exception) -> Frame:
    failure = Failure(type(error).__name__, str(error), traceback.format_exc())
    if isinstance(error, BadStartError) and error.position is not None:
        failure = msgspec.structs.replace(
            failure,
            coordinates=error.coordinates,
            position=error.position.tolist(),
        )
    return Frame(
        Kind.FAILED,
        chain=assignment.chain,
        epoch=assignment.epoch,
        payload=msgspec.json.encode(failure),
    )
