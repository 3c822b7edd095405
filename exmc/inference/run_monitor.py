"""Knows how a run stands: it starts the chains, hears how they end, and tells.

It decides three things: the run has finished when every chain is done, has
stopped when a stop was asked for and every chain has obeyed, and has failed when
a chain cannot go on.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from exmc import errors
from exmc.actors import (
    ActorError,
    Down,
    GenServer,
    Request,
    call,
    cast,
    continue_with,
    monitor,
    noreply,
    reply,
    send_after,
    start_child,
    stop,
)
from exmc.errors import ChainLostError, ExmcError, SamplingError
from exmc.inference import stream_coordinator
from exmc.inference.stream_coordinator import StreamBroken
from exmc.run import ChainPhase, RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exmc.actors import Address, Call, CallOutcome, ChildSpec, InitOutcome, Pid
    from exmc.inference.assignment import Failure
    from exmc.inference.run_names import RunNames

STOP_SECONDS = 10.0
"""How long a chain may take to finish its transition when it is stopped."""


@dataclass(frozen=True, slots=True)
class ChainRecord:
    """What the monitor knows of a chain.

    Attributes:
        os_pid: Its worker's operating-system pid; None while there is none.
        restarts: How often its worker was replaced.
        last_error: How its last worker ended, if that was not in order.
        ended: DONE or FAILED at its end; None before.
        upgraded: Whether it was given machine code while it ran.
    """

    os_pid: int | None = None
    restarts: int = 0
    last_error: str | None = None
    ended: ChainPhase | None = None
    upgraded: bool = False


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What the monitor knows of the run.

    Attributes:
        state: Where it stands.
        error: Why it failed, if it did.
        chains: One record a chain.
    """

    state: RunState
    error: SamplingError | None
    chains: tuple[ChainRecord, ...]


@dataclass(frozen=True, slots=True)
class _WorkerUp:
    chain: int
    os_pid: int
    epoch: int


@dataclass(frozen=True, slots=True)
class _WorkerUpgraded:
    chain: int


@dataclass(frozen=True, slots=True)
class _WorkerLost:
    chain: int
    how: str


@dataclass(frozen=True, slots=True)
class _ChainDone:
    chain: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class _ChainFailed:
    chain: int
    failure: Failure


@dataclass(frozen=True, slots=True)
class StopChain:
    """Sent to a chain's port: finish the transition, then end."""


Report: TypeAlias = (
    _WorkerUp | _WorkerUpgraded | _WorkerLost | _ChainDone | _ChainFailed | StreamBroken
)
"""What ports and the stream coordinator tell."""


class _Overdue:
    pass


class _Record(Request["RunRecord"]):
    pass


class _End(Request["RunRecord"]):
    pass


class _Stop(Request[None]):
    pass


Question: TypeAlias = _Record | _End | _Stop


class RunMonitor(GenServer):
    """Starts the chains and keeps the run's record."""

    def init(self, names: RunNames, keepers: Sequence[ChildSpec]) -> InitOutcome:
        """Prepare; the chains are started when the whole tree stands."""
        self._names = names
        self._keepers = keepers
        self._chain_of: dict[Pid | None, int] = {}
        self._chains = [ChainRecord() for _ in keepers]
        self._state = RunState.STARTING
        self._stopped: set[int] = set()
        self._stopping = False
        self._error: SamplingError | None = None
        self._waiting: list[Call] = []
        return continue_with("start")

    async def handle_continue(self, _argument: object) -> None:
        """Start a keeper for each chain."""
        for chain, keeper in enumerate(self._keepers):
            pid = await start_child(self._names.chains, keeper)
            self._chain_of[pid] = chain
            monitor(pid)

    async def handle_cast(self, message: Report) -> None:
        """Take what ports and the stream coordinator report."""
        match message:
            case _WorkerUp():
                self._welcome(message)
            case _WorkerUpgraded(chain):
                self._note(chain, upgraded=True)
            case _WorkerLost(chain, how):
                self._note(chain, os_pid=None, last_error=how, upgraded=False)
            case _ChainDone(chain, stopped):
                self._note(chain, os_pid=None, ended=ChainPhase.DONE)
                if stopped:
                    self._stopped.add(chain)
                self._end_if_all_done()
            case _ChainFailed(chain, failure):
                await self._fail(chain, error_of(chain, failure))
            case StreamBroken(chain, error):
                await self._fail(chain, SamplingError(str(error)))

    async def handle_info(self, message: Down | _Overdue) -> None:
        """Hear of a keeper that gave its chain up, or of a stop that is overdue."""
        match message:
            case Down(pid=pid, reason=reason) if not self._state.ended:
                chain = self._chain_of[pid]
                how = self._chains[chain].last_error or f"{reason!r}"
                error = ChainLostError(
                    f"Chain {chain}'s worker was lost again and again without progress "
                    f"(last: {how}); the draws so far are in error.posterior."
                )
                await self._fail(chain, error)
            case _Overdue() if not self._state.ended:
                self._end(RunState.STOPPED)
                await self._stop_chains()
            case _:
                pass

    async def handle_call(self, request: Question, caller: Call) -> CallOutcome:
        """Answer what the run's record is, wait for its end, or stop it."""
        match request:
            case _Record():
                return reply(self._record())
            case _End():
                if self._state.ended:
                    return reply(self._record())
                self._waiting.append(caller)
            case _Stop():
                self._stop_all()
                return reply(None)
        return noreply()

    def _welcome(self, worker: _WorkerUp) -> None:
        self._note(worker.chain, os_pid=worker.os_pid, restarts=worker.epoch)
        if self._state is RunState.STARTING:
            self._state = RunState.RUNNING
        if self._stopping:
            cast(self._names.chain(worker.chain), StopChain())

    def _record(self) -> RunRecord:
        return RunRecord(self._state, self._error, tuple(self._chains))

    def _note(self, chain: int, **changes: object) -> None:
        self._chains[chain] = replace(self._chains[chain], **changes)  # type: ignore[arg-type]

    def _stop_all(self) -> None:
        if self._state.ended or self._stopping:
            return
        self._stopping = True
        for index in range(len(self._chains)):
            cast(self._names.chain(index), StopChain())
        send_after(STOP_SECONDS, self.pid, _Overdue())

    def _end_if_all_done(self) -> None:
        if self._state.ended or any(c.ended is None for c in self._chains):
            return
        self._end(RunState.STOPPED if self._stopped else RunState.FINISHED)

    async def _fail(self, chain: int, error: SamplingError) -> None:
        if self._state.ended:
            return
        self._note(chain, os_pid=None, ended=ChainPhase.FAILED, last_error=str(error))
        self._error = error
        self._end(RunState.FAILED)
        await self._stop_chains()

    def _end(self, state: RunState) -> None:
        self._state = state
        stream_coordinator.finish(self._names.stream)
        for caller in self._waiting:
            caller.reply(self._record())
        self._waiting.clear()

    async def _stop_chains(self) -> None:
        # The run has ended, whatever becomes of this: what is left when it takes too
        # long is stopped with the run.
        with suppress(ActorError, TimeoutError):
            await stop(self._names.chains, "shutdown", timeout=STOP_SECONDS)


def error_of(chain: int, failure: Failure) -> SamplingError:
    """Rebuild the exception that ended a chain; it names the chain.

    An exception that is not of exmc's own tree keeps its traceback as text.
    """
    known = getattr(errors, failure.error, None)
    if isinstance(known, type) and issubclass(known, SamplingError):
        return known(f"Chain {chain}: {failure.message}")
    if isinstance(known, type) and issubclass(known, ExmcError):
        return SamplingError(f"Chain {chain}: {failure.message}")
    return SamplingError(
        f"Chain {chain} failed with {failure.error}: {failure.message}\n"
        f"In its worker:\n{failure.traceback}"
    )


def worker_up(address: Address, chain: int, os_pid: int, epoch: int) -> None:
    """Tell that a chain's worker lives."""
    cast(address, _WorkerUp(chain, os_pid, epoch))


def worker_upgraded(address: Address, chain: int) -> None:
    """Tell that a chain's worker was given machine code."""
    cast(address, _WorkerUpgraded(chain))


def worker_lost(address: Address, chain: int, how: str) -> None:
    """Tell that a chain's worker died before its work was done."""
    cast(address, _WorkerLost(chain, how))


def chain_done(address: Address, chain: int, *, stopped: bool) -> None:
    """Tell that a chain has made its draws, or was stopped before."""
    cast(address, _ChainDone(chain, stopped))


def chain_failed(address: Address, chain: int, failure: Failure) -> None:
    """Tell that a chain cannot go on."""
    cast(address, _ChainFailed(chain, failure))


async def record(address: Address) -> RunRecord:
    """Return how the run stands."""
    return await call(address, _Record())


async def wait_for_end(address: Address) -> RunRecord:
    """Wait until the run has ended; return how."""
    return await call(address, _End(), timeout=None)


async def stop_run(address: Address) -> None:
    """Ask every chain to finish its transition and end."""
    await call(address, _Stop())
