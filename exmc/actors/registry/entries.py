"""Who is registered under which key, as data.

Rule: nothing here knows of a process but its pid. The registry asks this file what
is there, and tells it who has ended.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from exmc.actors.pid import Pid


class Entry(NamedTuple):
    """What is found under a key.

    Attributes:
        pid: The process that registered.
        value: What it registered along with the key.
    """

    pid: Pid
    value: Any


class Registered(NamedTuple):
    """One entry with its key.

    Attributes:
        key: What it is found under.
        pid: The process that registered.
        value: What it registered along with the key.
    """

    key: Hashable
    pid: Pid
    value: Any


class Entries(Protocol):
    """The entries of one registry, in order of registration under each key."""

    def add(self, key: Hashable, pid: Pid, value: object) -> Pid | None:
        """Enter a process; or change nothing and return the one that is in the way."""
        ...

    def remove(self, key: Hashable, pid: Pid) -> None:
        """Forget what a process has under a key, if anything. O(1)."""
        ...

    def drop(self, pid: Pid) -> None:
        """Forget a process. O(its keys)."""
        ...

    def lookup(self, key: Hashable) -> tuple[Entry, ...]:
        """Return what is found under a key."""
        ...

    def keys(self, pid: Pid) -> tuple[Hashable, ...]:
        """Return the keys of a process, each once, the oldest first."""
        ...

    def knows(self, pid: Pid) -> bool:
        """Tell whether a process has an entry. O(1)."""
        ...

    def pids(self) -> tuple[Pid, ...]:
        """Return every process that has an entry, each once."""
        ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Registered]: ...


class Keys:
    """Which keys a process has; the half of the books that both kinds share."""

    def __init__(self) -> None:
        self._by_pid: dict[Pid, dict[Hashable, None]] = {}

    def note(self, pid: Pid, key: Hashable) -> None:
        """Note that a process has a key."""
        self._by_pid.setdefault(pid, {})[key] = None

    def strike(self, pid: Pid, key: Hashable) -> None:
        """Note that it has the key no longer."""
        keys = self._by_pid[pid]
        del keys[key]
        if not keys:
            del self._by_pid[pid]

    def of(self, pid: Pid) -> tuple[Hashable, ...]:
        """Return the keys of a process, the oldest first."""
        return tuple(self._by_pid.get(pid, ()))

    def __contains__(self, pid: Pid) -> bool:
        return pid in self._by_pid

    def pids(self) -> tuple[Pid, ...]:
        """Return every process that has a key."""
        return tuple(self._by_pid)


class UniqueEntries:
    """One process a key."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, Entry] = {}
        self._keys = Keys()

    def add(self, key: Hashable, pid: Pid, value: object) -> Pid | None:
        """Enter a process; or change nothing and return the one that is in the way."""
        known = self._entries.get(key)
        if known is not None:
            return known.pid
        self._entries[key] = Entry(pid, value)
        self._keys.note(pid, key)
        return None

    def change(self, key: Hashable, entry: Entry) -> None:
        """Put another value in the place of the one that its process has there."""
        self._entries[key] = entry

    def remove(self, key: Hashable, pid: Pid) -> None:
        """Forget what a process has under a key, if anything. O(1)."""
        entry = self._entries.get(key)
        if entry is not None and entry.pid is pid:
            del self._entries[key]
            self._keys.strike(pid, key)

    def drop(self, pid: Pid) -> None:
        """Forget a process. O(its keys)."""
        for key in self._keys.of(pid):
            self.remove(key, pid)

    def get(self, key: Hashable) -> Entry | None:
        """Return what is found under a key, or None."""
        return self._entries.get(key)

    def lookup(self, key: Hashable) -> tuple[Entry, ...]:
        """Return what is found under a key: one entry, or none."""
        entry = self._entries.get(key)
        return () if entry is None else (entry,)

    def keys(self, pid: Pid) -> tuple[Hashable, ...]:
        """Return the keys of a process, the oldest first."""
        return self._keys.of(pid)

    def knows(self, pid: Pid) -> bool:
        """Tell whether a process has an entry. O(1)."""
        return pid in self._keys

    def pids(self) -> tuple[Pid, ...]:
        """Return every process that has an entry, each once."""
        return self._keys.pids()

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Registered]:
        for key, entry in self._entries.items():
            yield Registered(key, *entry)


class DuplicateEntries:
    """Any number of processes a key, and of entries a process."""

    def __init__(self) -> None:
        self._entries: dict[Hashable, dict[Pid, list[Entry]]] = {}
        self._keys = Keys()
        self._count = 0

    def add(self, key: Hashable, pid: Pid, value: object) -> None:
        """Enter a process; nobody is ever in the way."""
        self._entries.setdefault(key, {}).setdefault(pid, []).append(Entry(pid, value))
        self._keys.note(pid, key)
        self._count += 1

    def remove(self, key: Hashable, pid: Pid) -> None:
        """Forget what a process has under a key, if anything. O(1)."""
        there = self._entries.get(key, {})
        removed = there.pop(pid, None)
        if removed is None:
            return
        self._count -= len(removed)
        self._keys.strike(pid, key)
        if not there:
            del self._entries[key]

    def drop(self, pid: Pid) -> None:
        """Forget a process. O(its keys)."""
        for key in self._keys.of(pid):
            self.remove(key, pid)

    def lookup(self, key: Hashable) -> tuple[Entry, ...]:
        """Return what is found under a key, the processes in order of arrival."""
        return tuple(chain.from_iterable(self._entries.get(key, {}).values()))

    def keys(self, pid: Pid) -> tuple[Hashable, ...]:
        """Return the keys of a process, each once, the oldest first."""
        return self._keys.of(pid)

    def knows(self, pid: Pid) -> bool:
        """Tell whether a process has an entry. O(1)."""
        return pid in self._keys

    def pids(self) -> tuple[Pid, ...]:
        """Return every process that has an entry, each once."""
        return self._keys.pids()

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Registered]:
        for key in self._entries:
            for entry in self.lookup(key):
                yield Registered(key, *entry)
