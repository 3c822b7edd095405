"""What a chain worker does: it takes one assignment, draws, and reports in frames.

Nothing is unpickled. The worker reads commands between transitions only, so a
transition is never cut short, and it waits for nobody but the one reader of its
socket.
"""

from __future__ import annotations

import math
import time
import traceback
from typing import TYPE_CHECKING

import msgspec

from exmc.compiler import compile_model
from exmc.errors import BadStartError
from exmc.frames import Frame, Kind, Phase, pack_arrays, unpack_arrays
from exmc.inference.assignment import Adapted, Assignment, Failure, assignment_of
from exmc.inference.outbox import Outbox
from exmc.inference.worker_socket import ParentGoneError, WorkerSocket
from exmc.ir import from_parts
from exmc.sampler import ChainSettings, NutsChain

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from exmc.compiler import CompiledModel

CHECKPOINT_SECONDS = 0.25

_PHASES = {"tune": Phase.TUNE, "draw": Phase.DRAW}


def serve(sock: socket.socket, clock: Callable[[], float] = time.monotonic) -> int:
    """Do the work that arrives on the socket; return the process's exit code."""
    link = WorkerSocket(sock)
    try:
        assignment = assignment_of(link.receive())
        try:
            ChainWork(assignment, link, clock).run()
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
        self, assignment: Assignment, link: WorkerSocket, clock: Callable[[], float]
    ) -> None:
        self._assignment = assignment
        self._link = link
        self._clock = clock
        self._model = _compile(assignment)
        self._chain = _chain(assignment, self._model)
        self._outbox = Outbox(
            assignment.chain,
            assignment.epoch,
            self._model.schema.columns,
            clock(),
        )
        self._checkpointed = clock()
        schema = self._model.schema
        self._stats = schema.stats_columns
        self._position = schema.position_columns
        self._values = slice(schema.position_columns.stop, schema.columns)

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
        self._model.constrain_into(record.position, row[self._values])
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


def _compile(assignment: Assignment) -> CompiledModel:
    graph = from_parts(assignment.model, unpack_arrays(assignment.arrays))
    return compile_model(graph, noncentered=assignment.spec.noncentered)


def _chain(assignment: Assignment, model: CompiledModel) -> NutsChain:
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
            model.dim,
            settings,
            spec.seed,
            assignment.chain,
            unpack_arrays(assignment.checkpoint),
        )
    chain = NutsChain(
        model.density,
        model.dim,
        settings,
        spec.seed,
        assignment.chain,
        initial=model.initial_point(),
    )
    try:
        chain.start()
    except BadStartError as error:
        raise BadStartError(_named(error, model)) from error
    return chain


def _named(error: BadStartError, model: CompiledModel) -> str:
    """Say whose gradient, or else whose part of the log-density, is not finite."""
    names = [model.names[i] for i in error.coordinates]
    if not names and error.position is not None:
        parts = model.terms(error.position)
        names = [name for name, part in parts.items() if math.isnan(part)]
    return f"{error} Not finite: {', '.join(names)}." if names else str(error)


def _failure(assignment: Assignment, error: Exception) -> Frame:
    failure = Failure(type(error).__name__, str(error), traceback.format_exc())
    return Frame(
        Kind.FAILED,
        chain=assignment.chain,
        epoch=assignment.epoch,
        payload=msgspec.json.encode(failure),
    )
