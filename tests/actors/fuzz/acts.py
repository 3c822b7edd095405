"""What a process does besides passing a message on: to others, and to itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from exmc.actors import (
    CallError,
    CallTimeoutError,
    Exited,
    Ok,
    Pid,
    StartError,
    Stop,
    async_nolink,
    async_task,
    await_task,
    call,
    cancel_timer,
    demonitor,
    link,
    monitor,
    send_after,
    send_exit,
    shutdown_task,
    spawn,
    start_link,
    stop,
    stop_with,
    unlink,
    yield_task,
)
from exmc.actors.clock import Turn
from tests.actors.fuzz.actor import FRIENDS, Actor
from tests.actors.fuzz.ledger import Asked, Bond, Crash, Rung, Signal, Watch, plain
from tests.actors.fuzz.world import Acts, World

# Links and monitors


def link_somebody(me: Actor) -> None:
    """Link to a living process, unless there is a link."""
    if len(me.circle or ()) and me.world.below(2):
        tie(me, me.peer())


def tie(me: Actor, peer: Pid) -> None:
    """Link to a process."""
    ends = frozenset((me.pid, peer))
    known = me.world.ledger.bonds.get(ends)
    if peer is me.pid or not peer.alive or (known is not None and not known.cut):
        return
    me.world.ledger.bonds[ends] = Bond((me.pid, peer))
    link(peer)


def unlink_somebody(me: Actor) -> None:
    """Cut a link, if the first friend that is looked at has one."""
    peer, flush = me.peer(), me.world.below(2) == 0
    bond = me.world.ledger.bonds.get(frozenset((me.pid, peer)))
    if bond is not None and not bond.cut:
        bond.cut, bond.may_come = True, not peer.alive and not flush
        unlink(peer, flush=flush)


def monitor_somebody(me: Actor) -> None:
    """Ask for a Down."""
    me.circle = me.circle or me.settle_in()
    peer = me.peer()
    alive = peer.alive
    ref = monitor(peer)
    me.monitors.append(ref)
    me.world.ledger.watches[ref] = Watch(me.pid, peer, not alive)


def demonitor_somebody(me: Actor) -> None:
    """Take back the latest monitor."""
    if me.circle and me.monitors:
        ref = me.monitors.pop()
        watch, flush = me.world.ledger.watches[ref], me.world.below(2) == 0
        watch.may_come = not watch.to.alive and not flush
        watch.taken_back = True
        demonitor(ref, flush=flush)


# Messages


def burst(me: Actor) -> None:
    """Send many messages at once."""
    for index in range(4 * FRIENDS):
        me.tell(index % FRIENDS, 0)


def set_timer(me: Actor) -> None:
    """Let a message come later."""
    me.circle = me.circle or me.settle_in()
    world, seconds, peer = me.world, me.world.moment(), me.peer()
    if peer.alive:
        rung = Rung(peer, world.clock.now() + seconds)
        world.ledger.rungs.append(rung)
        me.timers.append((send_after(seconds, peer, rung), rung))


def cancel_a_timer(me: Actor) -> None:
    """Take the latest one back."""
    if me.circle and me.timers:
        timer, rung = me.timers.pop()
        rung.cancelled = cancel_timer(timer) is not None


async def ask_somebody(me: Actor) -> None:
    """Call; without a timeout only where no two processes wait for each other."""
    people, ledger, clock = me.world.people, me.world.ledger, me.world.clock
    slot = me.world.below(len(people))
    timeout = None if slot > me.slot and me.world.below(2) else me.world.moment()
    deadline = None if timeout is None else clock.now() + timeout
    to = people[slot]
    if to is me.pid:
        return
    asked = Asked(len(ledger.asked), me.pid, to, deadline)
    ledger.asked.append(asked)
    how = "left"
    with ledger.within("calls"):
        try:
            how = await outcome_of(asked, me.world, timeout)
        finally:
            asked.ends.append(how)
            ledger.counts[f"calls: {how}"] += 1


async def outcome_of(asked: Asked, world: World, timeout: float | None) -> str:  # noqa: ASYNC109 (the call's)
    """Make a call and say how it ended."""
    ledger = world.ledger
    was_alive = asked.to.alive
    try:
        answer = await call(asked.to, asked, timeout=timeout)
    except CallTimeoutError:
        early = (asked.deadline or 0.0) - world.clock.now()
        if asked.deadline is None or early > world.slack:
            ledger.fault("wrong calls", f"timed out early by {early}: {asked}")
        return "timeout"
    except CallError as error:
        true = ledger.lives[asked.to].end if was_alive else "noproc"
        if plain(error.reason) != true:
            ledger.fault("wrong calls", f"{error.reason} and not {true}: {asked}")
        return "down"
    if answer != asked.number:
        ledger.fault("wrong calls", f"{answer!r} for {asked}")
    return "reply"


# Waiting


async def nap(me: Actor) -> None:
    """Wait for a moment."""
    with me.world.ledger.within("naps"):
        await me.world.nap()


async def nap_stubbornly(me: Actor) -> None:
    """Wait, and go on waiting when cancelled."""
    with me.world.ledger.within("stubborn naps"):
        try:
            await me.world.nap()
        except asyncio.CancelledError:
            await Turn()
            raise


async def lose_patience(me: Actor) -> None:
    """Wait for what never comes, for no time."""
    with me.world.ledger.within("lost patience"), suppress(TimeoutError):
        async with asyncio.timeout(0):
            await asyncio.get_running_loop().create_future()


async def work_in_a_group(me: Actor) -> None:
    """Let two asyncio tasks send messages."""

    async def send_one(index: int) -> None:
        with me.world.ledger.within("group members"):
            await Turn()
            me.tell(index, 0)

    with me.world.ledger.within("groups"):
        async with asyncio.TaskGroup() as group:
            for index in range(2):
                group.create_task(send_one(index))


async def use_a_task(me: Actor) -> None:
    """Let a task work it out, and check what it says."""
    number = me.world.number()
    with me.world.ledger.within("tasks awaited"):
        task = async_task(job, me.world, number)
        if me.world.below(2):
            answer = await await_task(task, timeout=None)
        else:
            await yield_task(task, timeout=me.world.moment())
            result = await shutdown_task(task, "brutal_kill")
            answer = result.value if isinstance(result, Ok) else number
    if answer != number:
        me.world.ledger.fault("wrong tasks", f"{answer} for {number}")


async def use_a_task_that_crashes(me: Actor) -> None:
    """Let one crash that is nobody's link."""
    assert me.world.task_supervisor is not None
    number = me.world.number()
    with me.world.ledger.within("tasks awaited"):
        task = await async_nolink(me.world.task_supervisor, fail, me.world, number)
        result = await yield_task(task, timeout=None)
    match result:
        case Exited(reason=("error", Crash(args=(label,)))) if label == number:
            pass
        case _:
            me.world.ledger.fault("wrong tasks", f"{result!r}")


async def job(world: World, number: int) -> int:
    """What a task does."""
    with world.ledger.within("jobs"):
        await world.nap()
    return number


async def fail(world: World, number: int) -> None:
    """What a task does that crashes."""
    with world.ledger.within("jobs"):
        await Turn()
        raise Crash(number)


# Birth and death


def revive_somebody(me: Actor) -> None:
    """Start a process in place of one that is dead, if nobody else will."""
    template = me.world.vacancy()
    if template is not None:
        linked = me.world.below(2) == 0
        child = spawn(template, link=linked)
        if linked:
            me.world.ledger.bonds[frozenset((me.pid, child))] = Bond((me.pid, child))


async def revive_and_wait(me: Actor) -> None:
    """The same, with a link, and wait for its init."""
    template = me.world.vacancy()
    if template is None:
        return
    with me.world.ledger.within("starts"), suppress(StartError):
        child = await start_link(template)
        bond = Bond((me.pid, child))
        me.world.ledger.bonds.setdefault(frozenset(bond.ends), bond)


def crash(me: Actor) -> None:
    """Raise."""
    raise Crash(me.world.number())


def leave(me: Actor) -> Stop:
    """End, for a reason of its own or for none."""
    return stop_with(("normal", "shutdown", ("left", me.world.number()))[me.slot % 3])


def exit_itself(me: Actor) -> None:
    """Send an exit signal to itself, which may be trapped."""
    ask_to_exit(me, me.pid)


def end_somebody(me: Actor) -> None:
    """Send an exit signal, which may be trapped."""
    ask_to_exit(me, me.peer())


def ask_to_exit(me: Actor, to: Pid) -> None:
    """Send an exit signal that nobody else sends."""
    signals = me.world.ledger.signals
    signals.append(Signal(me.pid, to, to.alive))
    send_exit(to, ("asked", len(signals) - 1))


def kill_somebody(me: Actor) -> None:
    """Send an exit signal that is not trapped."""
    send_exit(me.peer(), "kill")


def wink(me: Actor) -> None:
    """Send a signal that has no effect."""
    peer = me.peer()
    life = me.world.ledger.lives[peer]
    if not life.trapping and peer is not me.pid:
        send_exit(peer, "normal")


async def stop_somebody(me: Actor) -> None:
    """Ask a process to stop, and wait for its end."""
    peer = me.peer()
    if peer is me.pid:
        return
    reason = ("stopped", me.world.number())
    with me.world.ledger.within("stops"), suppress(TimeoutError):
        try:
            await stop(peer, reason, timeout=me.world.moment())
        except CallError as error:
            if me.world.ledger.lives[peer].end != plain(error.reason) != "noproc":
                me.world.ledger.fault("wrong exits", f"{error} for {peer}")


def crash_among_links(me: Actor) -> None:
    """Take two others along."""
    for _ in range(2):
        tie(me, me.peer())
    crash(me)


ACTS = Acts(
    calm=(
        *(link_somebody, unlink_somebody, burst, wink, nap_stubbornly, lose_patience),
        *(monitor_somebody, monitor_somebody, demonitor_somebody),
        *(set_timer, set_timer, cancel_a_timer, nap, nap, work_in_a_group),
        *(ask_somebody, ask_somebody, ask_somebody, ask_somebody),
        *(use_a_task, use_a_task_that_crashes, revive_somebody, revive_and_wait),
    ),
    fatal=(
        *(crash, leave, exit_itself, end_somebody, kill_somebody, stop_somebody),
        *(crash_among_links, kill_somebody, crash, leave),
    ),
)
