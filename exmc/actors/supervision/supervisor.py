"""A process that starts other processes, and starts them again when they fail.

What is decided without waiting lives elsewhere: strategy.py (who is taken along),
child_spec.py (who is restarted after which exit), restart_intensity.py (when it is
too much), backoff.py (how long to wait), children.py (who stands where).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias

from exmc.actors import telemetry
from exmc.actors.clock import Turn
from exmc.actors.errors import (
    ActorError,
    BadChildSpecError,
    CallError,
    ChildError,
    StartError,
)
from exmc.actors.events import GIVE_UP, RESTART
from exmc.actors.exit_reason import SHUTDOWN, is_orderly
from exmc.actors.kernel.reports import SupervisorReport, logger
from exmc.actors.messages import Exit
from exmc.actors.process.here import here
from exmc.actors.process.signals import send
from exmc.actors.process.starting import launch
from exmc.actors.process.timers import send_after
from exmc.actors.server.gen_server import GenServer
from exmc.actors.server.outcome import (
    CallOutcome,
    InitOutcome,
    Outcome,
    noreply,
    reply,
    stop_with,
)
from exmc.actors.supervision.child_lifecycle import Stopping, is_expected
from exmc.actors.supervision.child_spec import Template
from exmc.actors.supervision.children import Child, Children
from exmc.actors.supervision.requests import Progress, SupervisionRequest
from exmc.actors.supervision.restart_intensity import (
    RestartHistory,
    RestartIntensity,
)
from exmc.actors.supervision.strategy import STRATEGIES, Strategy, group_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid, Shutdown
    from exmc.actors.process.behaviour import Role
    from exmc.actors.process.envelope import Call
    from exmc.actors.supervision.child_spec import ChildSpec
    from exmc.actors.telemetry import Event

AutoShutdown: TypeAlias = Literal["never", "any_significant", "all_significant"]

AUTO_SHUTDOWNS: Final = ("never", "any_significant", "all_significant")


@dataclass(frozen=True, slots=True)
class _Again:
    """To the supervisor itself: this attempt to start failed, so try again."""

    child_id: Hashable
    attempt: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Due:
    """To the supervisor itself: the delay before this restart is over."""

    child_id: Hashable
    attempt: int


class Supervisor(GenServer, Template):
    """A process that keeps its children running.

    It starts them in order and stops them in reverse order, each dead before the
    next is asked. `start_link(Supervisor("one_for_all"), [ChildSpec(...), ...])`.

    Args:
        strategy: Who is restarted when a child fails: "one_for_one" it alone,
            "one_for_all" everybody, "rest_for_one" it and those started after it.
        max_restarts: Restarts tolerated within `max_seconds`; one more, and the
            supervisor stops its children and itself with "shutdown".
        max_seconds: See max_restarts.
        auto_shutdown: End with "shutdown" when "any_significant" child has ended
            for good by itself, or when "all_significant" ones have.

    Raises:
        BadChildSpecError: An argument is out of its domain.
    """

    trap_exit = True
    shutdown: ClassVar[Shutdown] = "infinity"
    role: ClassVar[Role] = "supervisor"

    def __init__(
        self,
        strategy: Strategy = "one_for_one",
        *,
        max_restarts: int = 3,
        max_seconds: float = 5.0,
        auto_shutdown: AutoShutdown = "never",
    ) -> None:
        require_one_of("strategy", strategy, STRATEGIES)
        require_one_of("auto_shutdown", auto_shutdown, AUTO_SHUTDOWNS)
        self.strategy: Strategy = strategy
        self.intensity = RestartIntensity(max_restarts, max_seconds)
        self.auto_shutdown = auto_shutdown
        self.history = RestartHistory(self.intensity)
        self.children = Children()

    # Callbacks

    async def init(self, specs: Iterable[ChildSpec] = ()) -> InitOutcome:
        """Start the children; if one fails, stop those before it and fail."""
        # A template's own are shared by all its copies.
        self.history = RestartHistory(self.intensity)
        self.children = Children(specs)
        for child in self.children:
            useless = self.useless(child.spec)
            if useless is not None:
                raise useless
        for child in self.children:
            try:
                await self.start_child(child)
            except StartError as error:
                await self.stop_children()
                failed = ("failed_to_start_child", child.id, error.reason)
                return stop_with((SHUTDOWN, failed))
        return None

    async def handle_call(self, request: object, caller: Call) -> CallOutcome:
        """Let the request act on the children; refuse what is no such request."""
        if not isinstance(request, SupervisionRequest):
            caller.fail(unknown(self.pid, request))
            return noreply()
        return reply(await request.answered_by(self))

    async def handle_cast(self, message: object) -> Outcome:
        """Forget the failures of a child that has got on; drop any other message."""
        if not isinstance(message, Progress):
            logger.warning("Supervisor %s dropped a cast: %r", self.pid, message)
            return None
        child = self.children.with_pid(message.pid)
        if child is not None:
            child.failures = 0
            self.history.forgive(child.id)
        return None

    async def handle_info(self, message: object) -> Outcome:
        """See to a child that ended, or to a restart that is due."""
        match message:
            case Exit(pid=pid, reason=reason) if not pid.alive:
                child = self.children.with_pid(pid)
                return None if child is None else await self._ended(child, reason)
            case _Again() if (child := self._awaited(message)) is not None:
                return await self._restart(child, message.reason)
            case _Due() if (child := self._awaited(message)) is not None:
                await self._start_group(child)
            case _:
                pass
        return None

    async def terminate(self, reason: Reason) -> None:  # noqa: ARG002 (any end will do)
        """Stop the children in reverse order."""
        await self.stop_children()

    # Starting and stopping; also used by the requests

    def admit(self, spec: ChildSpec) -> Child | ActorError:
        """Add a child that does not run yet, or say why not."""
        known = self.children.get(spec.id)
        if known is None:
            return self.useless(spec) or self.children.add(spec.id, spec)
        return ChildError(
            spec.id, ("already_started", known.pid) if known.pid else "already_present"
        )

    def find(self, child: Hashable) -> Child | None:
        """Return the child that a request means."""
        return self.children.get(child)

    async def start_child(self, child: Child) -> None:
        """Start a child and note where it stands.

        Raises:
            StartError: It did not start.
        """
        pid = await launch(child.spec.launch)
        self.children.note_up(child, pid)
        if pid is None and self.forgets(child):
            self.children.remove(child)
        elif child.spec.restart == "temporary":
            # It will not be started again.
            child.spec = replace(child.spec, args=(), kwargs={})

    async def stop_child(self, child: Child) -> None:
        """Stop a child for certain; a temporary one is then forgotten.

        Those that were to be restarted together with it no longer wait for it.
        """
        group = self._group(child) if child.leading else ()
        await self._stop_in_order((child,))
        heir = next((other for other in group if other.restarting), None)
        if heir is not None:
            send(self.pid, self._due(heir))

    async def stop_children(self) -> None:
        """Stop all children in reverse order, each dead before the next is asked."""
        await self._stop_in_order(reversed(self.children))

    async def _stop_in_order(
        self, children: Iterable[Child], *, restarting: bool = False
    ) -> None:
        stopping = Stopping()
        for child in children:
            if child.pid is None:
                self._put_away(child, restarting=restarting)
            else:
                reason = await stopping.stop(child.pid, child.spec.stopping)
                self.note_stopped(child, reason, restarting=restarting)

    def note_stopped(
        self, child: Child, reason: Reason, *, restarting: bool = False
    ) -> None:
        """Note the end of a child that was asked to end; report an unexpected one."""
        if not is_expected(reason, child.spec.stopping):
            self._report("shutdown_error", child, reason)
        self._put_away(child, restarting=restarting)

    def _put_away(self, child: Child, *, restarting: bool = False) -> None:
        if child.spec.restart == "temporary" or (
            self.forgets(child) and not restarting
        ):
            self.children.remove(child)
        else:
            self.children.note_down(child, restarting=restarting)

    def useless(self, spec: ChildSpec) -> BadChildSpecError | None:
        """Return the refusal of a significant child that could not matter."""
        if not spec.significant or self.auto_shutdown != "never":
            return None
        return BadChildSpecError(
            f"Child {spec.id!r} is significant, but the supervisor's auto_shutdown "
            f'is "never"; set it to "any_significant" or "all_significant".'
        )

    # Restarting

    def _awaited(self, message: _Again | _Due) -> Child | None:
        """Return the child a message is about, unless it has moved on since."""
        child = self.children.get(message.child_id)
        if child is None or not child.restarting or child.attempt != message.attempt:
            return None
        return child

    async def _ended(self, child: Child, reason: Reason) -> Outcome:
        if not is_orderly(reason):
            self._report("child_ended", child, reason)
        if child.spec.restarts_after(reason):
            self.children.note_down(child, restarting=True)
            return await self._restart(child, reason)
        self._put_away(child)
        return stop_with(SHUTDOWN) if self._is_over(child) else None

    def forgets(self, child: Child) -> bool:
        """Tell whether a child that has ended for good leaves no spec behind."""
        return child.spec.restart == "temporary"

    def _is_over(self, ended: Child) -> bool:
        if not ended.spec.significant or self.auto_shutdown == "never":
            return False
        return self.auto_shutdown == "any_significant" or not self.children.significant

    async def _restart(self, child: Child, reason: Reason) -> Outcome:
        if not self.history.tolerates(here().kernel.clock.now(), child.id):
            self._report("gave_up", child, SHUTDOWN)
            self._emit(GIVE_UP, child, reason)
            return stop_with(SHUTDOWN)
        self._emit(RESTART, child, reason)
        child.failures += 1
        others = (o for o in reversed(self._group(child)) if o is not child)
        await self._stop_in_order(others, restarting=True)
        backoff = child.spec.backoff
        if backoff is None:
            await self._start_group(child)
        else:
            send_after(backoff.delay(child.failures), self.pid, self._due(child))
        return None

    def _due(self, child: Child) -> _Due:
        """Make a child the one whose restart its group's waits for."""
        child.leading = True
        return _Due(child.id, child.attempt)

    def _group(self, child: Child) -> tuple[Child, ...]:
        """Return the child and those who are restarted with it, in start order."""
        ids = group_of(self.strategy, self.children.ids, child.id)
        return tuple(c for c in map(self.children.get, ids) if c is not None)

    async def _start_group(self, child: Child) -> None:
        started: list[Child] = []
        for member in self._group(child):
            if not member.restarting:
                continue
            try:
                await self.start_child(member)
            except StartError as error:
                self._report("start_failed", member, error.reason)
                await self._start_again(member, error.reason, started)
                return
            started.append(member)

    async def _start_again(
        self, failed: Child, reason: Reason, started: list[Child]
    ) -> None:
        """Try again through the mailbox, so that others there have their turn."""
        if self.strategy == "one_for_all":
            await self._stop_in_order(reversed(started), restarting=True)
        failed.leading = True
        send(self.pid, _Again(failed.id, failed.attempt, reason))
        # An init that fails at once must not keep the loop to itself.
        await Turn()

    def _report(self, event: str, child: Child, reason: Reason) -> None:
        report = SupervisorReport(self.pid, event, child.id, reason)
        here().kernel.reports.supervision(report)

    def _emit(self, event: Event, child: Child, reason: Reason) -> None:
        if telemetry.listeners:
            known = {"supervisor": self.pid, "child": child.id, "reason": reason}
            telemetry.execute(event, metadata=known)


def unknown(supervisor: Pid, request: object) -> CallError:
    """Return the refusal of a call that is no request to a supervisor."""
    return CallError(
        ("unknown_request", request),
        f"Supervisor {supervisor} knows no request {request!r}; it lives on. Call the "
        f"child itself, or ask with which_children, start_child and the like.",
    )


def require_one_of(name: str, value: str, domain: tuple[str, ...]) -> None:
    """Check an argument against the values it may have.

    Raises:
        BadChildSpecError: It has another value.
    """
    if value not in domain:
        raise BadChildSpecError(f"{name} must be one of {domain}, got {value!r}.")
