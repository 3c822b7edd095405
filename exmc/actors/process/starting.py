"""How a process comes to be: its start returns when its init has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from exmc.actors.clock import Turn
from exmc.actors.errors import StartError
from exmc.actors.events import SPAWN
from exmc.actors.exit_reason import KILLED, NOPROC, TIMEOUT
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.kernel.state import IDLE, READY
from exmc.actors.process.behaviour import Behaviour, fresh, name_of
from exmc.actors.process.envelope import Start
from exmc.actors.process.here import give_name, here, refusal
from exmc.actors.telemetry import execute, listeners

if TYPE_CHECKING:
    from exmc.actors.exit_reason import Reason
    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Name


PATIENCE: Final = 256
"""Processes started one after another without a turn for the event loop."""


@dataclass(slots=True)
class Launch:
    """What is needed to start one process.

    Attributes:
        behaviour: A class, or an object to copy.
        args, kwargs: For its init.
        name: A name to register it under, or None.
        timeout: Seconds that its init may take; None for as long as it likes.
        linked: Link it to the process that starts it.
    """

    behaviour: type[Behaviour] | Behaviour
    args: tuple[object, ...] = ()
    kwargs: dict[str, object] = field(default_factory=dict[str, object])
    name: Name | None = None
    timeout: float | None = None
    linked: bool = True


async def start_link(
    behaviour: type[Behaviour] | Behaviour,
    *args: object,
    name: Name | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    **kwargs: object,
) -> Pid:
    """Start a process linked to the running one.

    Args:
        behaviour: A class, or an object to copy.
        *args: For its init.
        name: A name to register it under.
        timeout: Seconds its init may take; after that it is killed.
        **kwargs: For its init.

    Returns:
        Its pid, once its init has returned.

    Raises:
        StartError: It did not start; nothing of it is left, and no Exit comes.
        BadBehaviourError: It is no behaviour.
    """
    started = await launch(Launch(behaviour, args, kwargs, name, timeout))
    return unless_ignored(started, behaviour)


async def start(
    behaviour: type[Behaviour] | Behaviour,
    *args: object,
    name: Name | None = None,
    timeout: float | None = None,  # noqa: ASYNC109 (OTP's name, the runtime's clock)
    **kwargs: object,
) -> Pid:
    """Start a process without a link; otherwise as start_link."""
    started = await launch(Launch(behaviour, args, kwargs, name, timeout, linked=False))
    return unless_ignored(started, behaviour)


def unless_ignored(started: Pid | None, behaviour: type[Behaviour] | Behaviour) -> Pid:
    """Return the pid of a process that runs.

    Raises:
        StartError: Its init said ignore.
    """
    if started is None:
        raise StartError(name_of(behaviour), "ignore")
    return started


def spawn(
    behaviour: type[Behaviour] | Behaviour,
    *args: object,
    name: Name | None = None,
    link: bool = False,
    **kwargs: object,
) -> Pid:
    """Start a process and do not wait for its init, which is its first turn.

    Args:
        behaviour: A class, or an object to copy.
        *args: For its init.
        name: A name to register it under.
        link: Link it to the running process.
        **kwargs: For its init; if that fails the process ends with its reason, which
            links and monitors receive.

    Raises:
        StartError: The name is taken.
    """
    block = new_process(here(), behaviour, name, linked=link)
    if args or kwargs or not block.behaviour.starts_at_once():
        start = Start(name_of(behaviour), args, kwargs)
        if block.state is READY:
            block.deliver_first(start)
        else:
            block.deliver(start)
    return block.pid


async def launch(wanted: Launch) -> Pid | None:
    """Start a process; return None if its init said ignore.

    Raises:
        StartError: It did not start.
    """
    block = new_process(here(), wanted.behaviour, wanted.name, linked=wanted.linked)
    given = wanted.args or wanted.kwargs or not block.alive
    plain = block.behaviour.starts_at_once() and not given
    if not plain and not await begun(block, wanted):
        return None
    if not block.pid.number % PATIENCE:
        await breath(block)
    return block.pid


async def begun(block: ControlBlock, wanted: Launch) -> bool:
    """Run the init of a new process; tell whether there is a process afterwards.

    Raises:
        StartError: It did not start.
    """
    start = Start(name_of(wanted.behaviour), wanted.args, wanted.kwargs, child=block)
    # Whoever was told of the spawn may have killed it before its init.
    ended: Reason | None = None if block.alive else KILLED
    if block.state is IDLE:
        ended = block.take_first_turn(start)
    elif block.alive:
        # Who was told that it was spawned has sent it something already.
        block.deliver_first(start)
    if not block.alive:
        start.down(ended or NOPROC)
    if start.running is None:
        block.add_watcher(start)
        await known_in_time(start, block, wanted.timeout)
    if start.failure is not None:
        raise start.failure
    return start.running is True


async def breath(block: ControlBlock) -> None:
    """Let others run after a start; a starter that leaves meanwhile has no child."""
    try:
        await Turn()
    except BaseException:
        block.disown()
        block.die(KILLED)
        raise


async def known_in_time(
    start: Start, block: ControlBlock, seconds: float | None
) -> None:
    """Wait for an init; kill the process if its time is over or the starter leaves."""
    kernel, timer = block.kernel, None
    if seconds is not None:
        timer = kernel.clock.call_later(seconds, give_up, block, start)
    try:
        await start.known(kernel.loop)
    except BaseException:
        block.disown()
        block.die(KILLED)
        raise
    finally:
        if timer is not None:
            timer.cancel()


def new_process(
    me: ControlBlock,
    template: type[Behaviour] | Behaviour,
    name: Name | None,
    *,
    linked: bool,
) -> ControlBlock:
    """Make the record of a new process, named and linked, with an empty mailbox.

    Raises:
        StartError: The name is taken, or its registry is not there.
    """
    refused = None if name is None else refusal(me.kernel, name)
    if refused is not None:
        raise StartError(name_of(template), refused)
    behaviour = fresh(template)
    block = ControlBlock(me.kernel, behaviour, me.lineage)
    behaviour.pid = block
    if name is not None:
        give_name(block, name)
    if linked:
        block.tied().parent = me.pid
        block.add_link(me.pid)
        me.add_link(block.pid)
    if listeners:
        known = {"pid": block, "kind": type(behaviour).__name__, "name": name}
        execute(SPAWN, {}, known)
    return block


def give_up(block: ControlBlock, start: Start) -> None:
    """Kill a process that is still in its init."""
    start.down(TIMEOUT)
    block.die(KILLED)
