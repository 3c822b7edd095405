"""What a chain worker does: it takes one assignment, draws, and reports in frames.

Nothing is unpickled. The worker reads commands between transitions only, so a
transition is never cut short, and it waits for nobody but the one reader of its
socket.
"""

from __future__ import annotations

import os
import time
import traceback
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from exmc.errors import BadStartError
from exmc.frames import Frame, Kind, Phase, pack_arrays, unpack_arrays
from exmc.inference.assignment import Adapted, Assignment, Failure, assignment_of
from exmc.inference.outbox import Outbox
from exmc.inference.realised import Realised, realised
from exmc.inference.shared_arrays import mapped
from exmc.inference.worker_socket import ParentGoneError, WorkerSocket
from exmc.sampler import STATS, ChainSettings, NutsChain

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

CHECKPOINT_SECONDS = 0.25

_PHASES = {"tune": Phase.TUNE, "draw": Phase.DRAW}


def serve(sock: socket.socket, clock: Callable[[], float] = time.monotonic) -> int:
    """Do the work that arrives on the socket; return the process's exit code."""
    link = WorkerSocket(sock)
    try:
        assignment = assignment_of(link.receive())
        try:
            ChainWork(assignment, _data(link), link, clock).run()
        except ParentGoneError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of the process
            link.send(_failure(assignment, error))
            return 1
    except ParentGoneError:
        return 0
    return 0


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
        self._model = realised(assignment.work, assignment.spec, data)
        self._chain = _chain(assignment, self._model)
        first, last = len(STATS), len(STATS) + assignment.dim
        columns = last + assignment.width
        self._outbox = Outbox(assignment.chain, assignment.epoch, columns, clock())
        self._checkpointed = clock()
        self._stats = slice(first)
        self._position = slice(first, last)
        self._values = slice(last, columns)

    def run(self) -> None:
        """Step until the draws are made or a stop arrives; then say so."""
        stopped = False
        while not self._chain.done and not stopped:
            self._step()
            stopped = any(f.kind is Kind.COMMAND for f in self._link.arrived())
        self._send(self._outbox.flush())
        self._checkpoint()
        if self._chain.done:
            self._tell(Kind.ADAPTED, self._adapted())
        self._link.send(self._message(Kind.DONE, b"stopped" if stopped else b""))

    def _step(self) -> None:
        record = self._chain.step()
        phase = _PHASES[record.phase]
        if phase is Phase.DRAW and record.index == 0:
            self._tell(Kind.ADAPTED, self._adapted())
        closed, row = self._outbox.row(phase, record.index)
        self._send(closed)
        row[self._stats] = record.stats
        row[self._position] = record.position
        self._model.values(record.position, row[self._values])
        now = self._clock()
        self._send(self._outbox.due(now))
        if now - self._checkpointed >= CHECKPOINT_SECONDS:
            self._send(self._outbox.flush())
            self._checkpoint()
            self._checkpointed = now

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


def _chain(assignment: Assignment, model: Realised) -> NutsChain:
    spec = assignment.spec
    settings = ChainSettings(
        tune=spec.tune,
        draws=spec.draws,
        target_accept=spec.target_accept,
        max_treedepth=spec.max_treedepth,
        warmup=spec.warmup,
    )
    if assignment.checkpoint:
        return NutsChain.resumed(
            model.density,
            assignment.dim,
            settings,
            spec.seed,
            assignment.chain,
            unpack_arrays(assignment.checkpoint),
        )
    initial = assignment.initial
    chain = NutsChain(
        model.density,
        assignment.dim,
        settings,
        spec.seed,
        assignment.chain,
        initial=None if initial is None else np.array(initial),
    )
    chain.start()
    return chain


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
