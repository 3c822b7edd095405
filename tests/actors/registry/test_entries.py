from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, sampled_from, tuples

from exmc.actors.pid import Pid
from exmc.actors.registry.entries import (
    DuplicateEntries,
    Entries,
    Entry,
    Keys,
    Registered,
    UniqueEntries,
)

PIDS = tuple(Pid(number) for number in range(4))
KEYS = ("a", "b", None)

Step: TypeAlias = tuple[str, int, Hashable, int]

STEPS = lists(
    tuples(
        sampled_from(["add", "add", "remove", "drop"]),
        integers(0, 3),
        sampled_from(KEYS),
        integers(0, 9),
    ),
    max_size=30,
)


def life(entries: Entries, steps: list[Step], *, unique: bool) -> None:
    """Do the steps to the entries and to a plain list; both must always agree."""
    plain: list[Registered] = []
    for action, number, key, value in steps:
        pid = PIDS[number]
        if action == "add":
            holder = [r.pid for r in plain if r.key == key]
            expected = holder[0] if unique and holder else None
            assert entries.add(key, pid, value) is expected
            if expected is None:
                plain.append(Registered(key, pid, value))
        elif action == "remove":
            entries.remove(key, pid)
            plain = [r for r in plain if (r.key, r.pid) != (key, pid)]
        else:
            entries.drop(pid)
            plain = [r for r in plain if r.pid is not pid]
        agree(entries, plain)


def agree(entries: Entries, plain: list[Registered]) -> None:
    assert len(entries) == len(plain)
    assert sorted(entries, key=as_text) == sorted(plain, key=as_text)
    for key in KEYS:
        there = [r for r in plain if r.key == key]
        order = {
            pid: place for place, pid in enumerate(dict.fromkeys(r.pid for r in there))
        }
        there.sort(key=lambda r: order[r.pid])
        assert entries.lookup(key) == tuple(Entry(r.pid, r.value) for r in there)
    assert set(entries.pids()) == {r.pid for r in plain}
    for pid in PIDS:
        assert entries.knows(pid) == any(r.pid is pid for r in plain)
        assert set(entries.keys(pid)) == {r.key for r in plain if r.pid is pid}


def as_text(registered: Registered) -> str:
    return repr(registered)


@given(STEPS)
def test_unique_entries_do_what_a_plain_list_does(steps: list[Step]) -> None:
    life(UniqueEntries(), steps, unique=True)


@given(STEPS)
def test_duplicate_entries_do_what_a_plain_list_does(steps: list[Step]) -> None:
    life(DuplicateEntries(), steps, unique=False)


class Forgetful(DuplicateEntries):
    """Broken: a process that ends leaves its last key behind."""

    def drop(self, pid: Pid) -> None:
        for key in self.keys(pid)[:-1]:
            self.remove(key, pid)


class Usurping(UniqueEntries):
    """Broken: who comes last has the key."""

    def add(self, key: Hashable, pid: Pid, value: object) -> Pid | None:
        self._entries.pop(key, None)
        return super().add(key, pid, value)


@pytest.mark.parametrize(
    ("make", "unique"), [(Forgetful, False), (Usurping, True)], ids=["drop", "add"]
)
def test_entries_that_keep_the_dead_or_lose_the_living_are_found_out(
    make: Callable[[], Entries], *, unique: bool
) -> None:
    steps: list[Step] = [("add", 0, "a", 1), ("add", 1, "a", 2), ("drop", 0, "a", 0)]
    with pytest.raises(AssertionError):
        life(make(), steps, unique=unique)


def test_a_process_may_be_under_a_duplicate_key_twice() -> None:
    entries = DuplicateEntries()
    entries.add("a", PIDS[0], 1)
    entries.add("a", PIDS[1], 2)
    entries.add("a", PIDS[0], 3)
    assert entries.lookup("a") == ((PIDS[0], 1), (PIDS[0], 3), (PIDS[1], 2))
    assert entries.keys(PIDS[0]) == ("a",)
    entries.remove("a", PIDS[0])
    assert entries.lookup("a") == ((PIDS[1], 2),)


def test_a_unique_entry_is_read_and_changed_in_its_place() -> None:
    entries = UniqueEntries()
    entries.add("a", PIDS[0], 1)
    assert entries.get("a") == (PIDS[0], 1)
    entries.change("a", Entry(PIDS[0], 2))
    assert entries.get("a") == (PIDS[0], 2)
    assert entries.get("b") is None


def test_nothing_is_left_of_keys_that_were_struck() -> None:
    keys = Keys()
    keys.note(PIDS[0], "a")
    keys.note(PIDS[0], "b")
    keys.note(PIDS[0], "a")
    assert keys.of(PIDS[0]) == ("a", "b")
    assert keys.pids() == (PIDS[0],)
    keys.strike(PIDS[0], "a")
    keys.strike(PIDS[0], "b")
    assert keys.of(PIDS[0]) == ()
    assert PIDS[0] not in keys
    assert keys.pids() == ()


def test_nothing_is_left_of_a_key_whose_processes_have_gone() -> None:
    entries = DuplicateEntries()
    entries.add("a", PIDS[0], 1)
    entries.drop(PIDS[0])
    assert entries._entries == {}
    assert list(entries) == []
