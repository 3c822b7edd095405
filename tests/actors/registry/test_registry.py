from __future__ import annotations

import asyncio
from typing import Any

import pytest

from exmc.actors import (
    AlreadyRegisteredError,
    BadAddressError,
    BadChildSpecError,
    ChildSpec,
    Down,
    NoProcessError,
    Registry,
    RegistryError,
    Runtime,
    StartError,
    Supervisor,
    Via,
    monitor,
    self_pid,
    send_exit,
    stop,
    whereis,
)
from exmc.actors.registry.entries import Entry, Registered
from exmc.actors.server.outcome import InitOutcome
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.registry.members import Member, member, within
from tests.actors.scenario import fails_with, scenario

UNIQUE = Registry("reg")
DUPLICATE = Registry("reg", keys="duplicate")


@scenario
async def test_a_process_is_found_under_its_key_with_its_value(rt: Runtime) -> None:
    await rt.start(UNIQUE)
    pid = await member("a", "b")
    assert Registry.lookup("reg", "a") == (Entry(pid, "value of a"),)
    assert Registry.lookup("reg", "nothing") == ()
    assert Registry.keys("reg", pid) == ("a", "b")
    assert Registry.values("reg", "b", pid) == ("value of b",)
    assert Registry.values("reg", "b", self_pid()) == ()
    assert Registry.count("reg") == 2


@scenario
async def test_a_registry_is_known_by_its_pid_too(rt: Runtime) -> None:
    registry = await rt.start(UNIQUE)
    Registry.register(registry, "root", 1)
    assert Registry.lookup("reg", "root") == ((rt.root.pid, 1),)


@scenario
async def test_a_unique_key_that_is_taken_is_refused_with_its_bearer(
    rt: Runtime,
) -> None:
    await rt.start(UNIQUE)
    first, second = await member("a"), await member()
    error = await within(second, lambda: Registry.register("reg", "a"))
    assert isinstance(error, AlreadyRegisteredError)
    assert error.reason == ("already_registered", first)
    assert str(error).startswith("Key 'a' of registry 'reg' is taken by <0.2>; choose")
    again = await within(first, lambda: Registry.register("reg", "a"))
    assert isinstance(again, AlreadyRegisteredError)


@scenario
async def test_a_duplicate_key_has_every_process_that_wants_it(rt: Runtime) -> None:
    await rt.start(DUPLICATE)
    pids = [await member("a") for _ in range(3)]
    assert [entry.pid for entry in Registry.lookup("reg", "a")] == pids
    assert Registry.select("reg", lambda r: r.pid is pids[1]) == (
        Registered("a", pids[1], "value of a"),
    )
    assert len(Registry.select("reg")) == 3


@scenario
async def test_entries_are_gone_before_the_death_of_their_process_is_seen(
    rt: Runtime,
) -> None:
    await rt.start(UNIQUE)
    seen: list[object] = []

    class Looking:
        def down(self, reason: object) -> None:
            seen.append((reason, Registry.count("reg"), Registry.lookup("reg", "a")))

    pid = await member("a", "b")
    assert pid.target is not None
    pid.target.add_watcher(Looking())
    ref = monitor(pid)
    send_exit(pid, "kill")
    assert seen == [("killed", 0, ())]
    assert (await rt.receive(Down)).ref is ref
    assert (await member("a")).alive


@scenario
async def test_a_process_takes_back_only_what_is_its_own(rt: Runtime) -> None:
    await rt.start(DUPLICATE)
    mine, other = await member("a", "b"), await member("a")
    await within(mine, lambda: Registry.unregister("reg", "a"))
    await within(mine, lambda: Registry.unregister("reg", "nothing"))
    assert Registry.lookup("reg", "a") == ((other, "value of a"),)
    assert Registry.keys("reg", mine) == ("b",)


@scenario
async def test_nothing_is_held_of_a_process_that_took_all_back(rt: Runtime) -> None:
    await rt.start(UNIQUE)
    Registry.register("reg", "a")
    assert len(rt.root.holdings) == 1
    Registry.unregister("reg", "a")
    assert len(rt.root.holdings) == 0


@scenario
async def test_a_value_is_changed_by_its_owner_alone(rt: Runtime) -> None:
    await rt.start(UNIQUE)
    await member("other's")
    Registry.register("reg", "mine", 1)
    assert Registry.update_value("reg", "mine", lambda old: [old, 2]) == ([1, 2], 1)
    assert Registry.lookup("reg", "mine") == ((rt.root.pid, [1, 2]),)
    for key in ("other's", "nobody's"):
        with pytest.raises(
            RegistryError, match=rf'<0.0> is not registered under "?{key!r}'
        ) as caught:
            Registry.update_value("reg", key, str)
        assert caught.value.reason == "not_registered"


@scenario
async def test_a_change_that_unregisters_its_process_leaves_no_entry(
    rt: Runtime,
) -> None:
    await rt.start(UNIQUE)
    Registry.register("reg", "mine")

    def change(_old: object) -> object:
        return Registry.unregister("reg", "mine")

    with pytest.raises(RegistryError, match="is not registered under"):
        Registry.update_value("reg", "mine", change)
    assert Registry.count("reg") == 0
    Registry.register("reg", "mine")


@scenario
async def test_values_of_duplicate_keys_are_not_changed(rt: Runtime) -> None:
    await rt.start(DUPLICATE)
    with pytest.raises(RegistryError, match="Registry 'reg' has \"duplicate\" keys"):
        Registry.update_value("reg", "a", str)


@scenario
async def test_a_dispatch_hands_over_every_entry_of_a_key_at_once(rt: Runtime) -> None:
    await rt.start(DUPLICATE)
    pids = [await member("a"), await member("a"), await member("b")]
    taken: list[tuple[Entry, ...]] = []
    Registry.dispatch("reg", "a", taken.append)
    Registry.dispatch("reg", "nothing", taken.append)
    assert [[entry.pid for entry in entries] for entries in taken] == [pids[:2]]


@scenario
async def test_what_a_dispatched_function_raises_is_its_callers(rt: Runtime) -> None:
    await rt.start(DUPLICATE)
    Registry.register("reg", "a")

    def fail(entries: object) -> None:
        raise ValueError(entries)

    with pytest.raises(ValueError, match="Entry"):
        Registry.dispatch("reg", "a", fail)


@scenario
async def test_the_end_of_a_registry_ends_its_owners_as_a_link_would(
    rt: Runtime,
) -> None:
    registry = await rt.start(UNIQUE)
    owner, stranger = await member("a"), await member()
    ref = monitor(owner)
    send_exit(registry, "kill")
    down = await rt.receive(Down)
    assert (down.ref, down.reason) == (ref, "killed")
    assert stranger.alive


@scenario
async def test_a_registry_that_is_stopped_as_normal_leaves_its_owners_alive(
    rt: Runtime,
) -> None:
    registry = await rt.start(UNIQUE)
    owner = await member("a")
    await stop(registry)
    assert owner.alive
    send_exit(owner, "kill")


@scenario
async def test_a_restarted_registry_is_empty(rt: Runtime) -> None:
    specs = [ChildSpec("registry", Registry.spec("reg"))]
    await rt.start(Supervisor(), specs)
    await member("a")
    first = whereis("reg")
    assert first is not None
    send_exit(first, "kill")
    await wait_until_idle(rt)
    assert whereis("reg") not in (None, first)
    assert Registry.select("reg") == ()


@scenario
async def test_owners_come_back_with_their_registry_under_rest_for_one(
    rt: Runtime,
) -> None:
    specs = [
        ChildSpec("registry", Registry.spec("reg", keys="duplicate")),
        ChildSpec("a", Member, ("reg", "key")),
        ChildSpec("b", Member, ("reg", "key")),
    ]
    await rt.start(Supervisor("rest_for_one"), specs)
    before = {entry.pid for entry in Registry.lookup("reg", "key")}
    first = whereis("reg")
    assert first is not None
    send_exit(first, "kill")
    await wait_until_idle(rt)
    after = {entry.pid for entry in Registry.lookup("reg", "key")}
    assert (len(before), len(after), before & after) == (2, 2, set())


@scenario
async def test_two_registries_of_one_name_do_not_start(rt: Runtime) -> None:
    first = await rt.start(UNIQUE)
    error = await fails_with(StartError, rt.start(UNIQUE))
    assert error.reason == ("already_started", first)


@scenario
async def test_a_registry_may_be_given_its_name_where_it_is_started(
    rt: Runtime,
) -> None:
    pid = await rt.start(Registry(), name="reg")
    assert Registry.count("reg") == 0
    named_twice = await rt.start(Registry("same"), name="same")
    assert whereis("same") is named_twice
    assert whereis("reg") is pid


@scenario
async def test_what_is_asked_of_no_registry_is_refused(rt: Runtime) -> None:
    registry = await rt.start(UNIQUE)
    await stop(registry)
    await rt.start(Echo, name="echo")
    with pytest.raises(NoProcessError, match="There is no process 'reg'; it has"):
        Registry.lookup("reg", "a")
    with pytest.raises(BadAddressError, match=r"<0.2> is a Echo; a Registry is need"):
        Registry.register("echo", "a")


@scenario
async def test_processes_that_come_and_go_leave_nothing_in_a_registry(
    rt: Runtime,
) -> None:
    registry = await rt.start(DUPLICATE)
    for _ in range(200):
        pid = await member("a", "b")
        send_exit(pid, "kill")
    assert Registry.count("reg") == 0
    assert registry.target is not None
    owners = registry.target.behaviour.owners  # type: ignore[attr-defined]
    assert owners.entries._entries == {}
    assert owners.entries.pids() == ()


@pytest.mark.parametrize("keys", ["many", None])
def test_a_registrys_keys_are_of_one_of_two_kinds(keys: Any) -> None:
    with pytest.raises(BadChildSpecError, match="keys of a registry must be one of"):
        Registry("reg", keys=keys)


@scenario
async def test_the_report_of_a_registry_shows_how_much_it_holds(rt: Runtime) -> None:
    registry = await rt.start(UNIQUE)
    Registry.register("reg", "a", "secret")
    assert registry.target is not None
    behaviour = registry.target.behaviour  # type: ignore[attr-defined]
    shown = behaviour.for_reports(vars(behaviour))
    assert shown == {"name": "reg", "unique": True, "entries": 1}


class Slow(Registry):
    """Takes its time to start."""

    async def init(self) -> InitOutcome:  # type: ignore[override]  # it waits
        await asyncio.get_running_loop().create_future()
        return super().init()


@scenario
async def test_a_registry_that_has_not_started_yet_holds_nothing(rt: Runtime) -> None:
    starting = asyncio.ensure_future(rt.start(Slow(), name="reg"))
    await wait_until_idle(rt)
    with pytest.raises(NoProcessError, match=r"Registry <0.1> has not started yet."):
        Registry.register("reg", "a")
    assert whereis(Via("reg", "a")) is None
    send_exit(rt.processes[0], "kill")
    await fails_with(StartError, starting)
