"""Whether all accounts of a storm close, once nothing moves any more."""

from __future__ import annotations

from tests.actors.fuzz.ledger import Bond, Ledger, Life


def audit(ledger: Ledger) -> None:
    """Look at everything; what does not fit is noted as a fault."""
    audit_messages(ledger)
    audit_watches(ledger)
    audit_bonds(ledger)
    audit_calls(ledger)
    audit_signals_and_timers(ledger)
    if ledger.inside:
        ledger.fault("stuck", f"{ledger.inside} handlers were never left")


def audit_messages(ledger: Ledger) -> None:
    """Each message was handled, or lay unread, or put off, when its receiver ended."""
    for channel in ledger.channels:
        found = channel.handled + channel.unread + channel.postponed
        if found != channel.sent:
            text = f"{channel.sent - found} of {channel.sender} to {channel.to}"
            ledger.fault("lost", text, abs(channel.sent - found))
        if channel.to.alive and (channel.unread or channel.postponed):
            ledger.fault("lost", f"unread at the living {channel.to}")


def audit_watches(ledger: Ledger) -> None:
    """Whoever lives has had one Down for each monitor of a dead process."""
    for watch in ledger.watches.values():
        due = int(not watch.to.alive)
        if watch.owner.alive and not watch.taken_back and watch.downs != due:
            ledger.fault("wrong downs", f"{watch.downs} and not {due}: {watch}")


def audit_bonds(ledger: Ledger) -> None:
    """No link binds the living to the dead."""
    for bond in ledger.bonds.values():
        for one, other in (bond.ends, bond.ends[::-1]):
            if other.alive and not (one.alive or bond.cut):
                survived(ledger, bond, ledger.lives[one], ledger.lives[other])


def survived(ledger: Ledger, bond: Bond, dead: Life, living: Life) -> None:
    """Check why a process lives whose link has ended."""
    if living.trapping and bond.exits != 1:
        ledger.fault("wrong exits", f"{bond.exits} at {living} for {dead}")
    if not living.trapping and dead.end != "normal":
        ledger.fault("wrong exits", f"{living} has survived {dead}")


def audit_calls(ledger: Ledger) -> None:
    """Each call has ended once, and with its reply if it had one."""
    for asked in ledger.asked:
        if len(asked.ends) != 1:
            ledger.fault("wrong calls", f"{len(asked.ends)} ends: {asked}")
        elif asked.answered and asked.ends[0] not in {"reply", "left"}:
            ledger.fault("wrong calls", f"its reply was lost: {asked}")


def audit_signals_and_timers(ledger: Ledger) -> None:
    """What was sent to those who live has come to them, unless it was cancelled."""
    for signal in ledger.signals:
        life = ledger.lives[signal.to]
        obeyed = life.trapping and signal.received == 1
        if signal.to.alive and signal.was_alive and not obeyed:
            ledger.fault("wrong exits", f"{signal} at {life}")
    for rung in ledger.rungs:
        due = int(not rung.cancelled)
        if rung.received > due or (rung.to.alive and rung.received != due):
            ledger.fault("wrong timers", rung)
