"""How a process comes to be: its start returns when its init has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exmc.actors.errors import StartError
from exmc.actors.exit_reason import KILLED, TIMEOUT
from exmc.actors.kernel.control_block import ControlBlock
from exmc.actors.process.behaviour import Behaviour, fresh, name_of
from exmc.actors.process.envelope import Start
from exmc.actors.process.here import here

if TYPE_CHECKING:
    import asyncio

    from exmc.actors.pid import Pid


@dataclass(frozen=True)
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
    name: str | None = None
    timeout: float | None = None
    linked: bool = True


async def start_link(
    behaviour: type[Behaviour] | Behaviour,
    *args: object,
    name: str | None = None,
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
    """
    started = await launch(Launch(behaviour, args, kwargs, name, timeout))
    return unless_ignored(started, behaviour)


async def start(
    behaviour: type[Behaviour] | Behaviour,
    *args: object,
    name: str | None = None,
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


async def launch(wanted: Launch) -> Pid | None:
    """Start a process; return None if its init said ignore.

    Raises:
        StartError: It did not start.
    """
    me, what = here(), name_of(wanted.behaviour)
    loop, clock = me.kernel.loop, me.kernel.clock
    block = spawn(me, wanted)
    initialised: asyncio.Future[bool] = loop.create_future()
    first = Start(what, wanted.args, wanted.kwargs, initialised)
    block.add_watcher(first)
    block.deliver(first)
    timer = None
    if wanted.timeout is not None:
        timer = clock.call_later(wanted.timeout, give_up, block, first)
    try:
        return block.pid if await initialised else None
    except BaseException:
        block.disown()
        block.die(KILLED)
        raise
    finally:
        if timer is not None:
            timer.cancel()


def spawn(me: ControlBlock, wanted: Launch) -> ControlBlock:
    """Make the record of a new process, named and linked, with an empty mailbox.

    Raises:
        StartError: The name is taken.
    """
    names, name = me.kernel.names, wanted.name
    bearer = None if name is None else names.whereis(name)
    if bearer is not None:
        raise StartError(name_of(wanted.behaviour), ("already_started", bearer))
    behaviour = fresh(wanted.behaviour)
    block = ControlBlock(me.kernel, behaviour)
    behaviour.pid = block.pid
    block.handle = behaviour.make_handler(block)
    if name is not None:
        block.name = name
        names.register(name, block.pid)
    if wanted.linked:
        block.parent = me.pid
        block.add_link(me.pid)
        me.add_link(block.pid)
    return block


def give_up(block: ControlBlock, first: Start) -> None:
    """Kill a process that is still in its init."""
    first.down(TIMEOUT)
    block.disown()
    block.die(KILLED)
