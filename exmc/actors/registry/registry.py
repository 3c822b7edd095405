"""A process that keeps who is to be found under which key.

What it keeps is read in the reader's own process, without a message, and written in
the owner's: Elixir's Registry, whose tables are ETS. The process itself is there to
be supervised, named and stopped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from exmc.actors.errors import (
    AlreadyRegisteredError,
    BadChildSpecError,
    NoProcessError,
    RegistryError,
)
from exmc.actors.exit_reason import NOPROC
from exmc.actors.process.here import here, living, locate, whereis
from exmc.actors.process.here import register as take_name
from exmc.actors.process.via import behind
from exmc.actors.registry.entries import (
    DuplicateEntries,
    Entries,
    Entry,
    Registered,
    UniqueEntries,
)
from exmc.actors.registry.owners import Owners
from exmc.actors.server.gen_server import GenServer
from exmc.actors.server.outcome import InitOutcome, stop_with
from exmc.actors.supervision.child_spec import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from exmc.actors.pid import Pid
    from exmc.actors.process.here import Address

KeyKind: TypeAlias = Literal["unique", "duplicate"]

KEY_KINDS: Final = ("unique", "duplicate")


class Registry(GenServer, Template):
    """Processes by key, each with a value; entries vanish with their process.

    They are gone before anybody sees the process's death. When the registry itself
    ends, its owners get the same signal as if they were linked to it: start it
    before them, under a "rest_for_one" supervisor, and all come back together.

        ChildSpec("registry", Registry.spec("exmc", keys="duplicate"))
        Registry.register("exmc", "chains", 3)       # in the process to be found
        Registry.lookup("exmc", "chains")            # anywhere

    Args:
        name: What it registers itself under.
        keys: "unique" for one process a key, "duplicate" for any number.

    Raises:
        BadChildSpecError: `keys` is out of its domain.
    """

    def __init__(self, name: str | None = None, *, keys: KeyKind = "unique") -> None:
        if keys not in KEY_KINDS:
            message = f"keys of a registry must be one of {KEY_KINDS}, got {keys!r}."
            raise BadChildSpecError(message)
        self.name = name
        self.unique = keys == "unique"
        self.owners: Owners | None = None

    def init(self) -> InitOutcome:
        """Take the name, and be told of one's own end whatever it is."""
        me = here()
        if self.name is not None and me.name != self.name:
            bearer = whereis(self.name)
            if bearer is not None:
                return stop_with(("already_started", bearer))
            take_name(self.name)
        entries = UniqueEntries() if self.unique else DuplicateEntries()
        self.owners = Owners(me.pid, entries)
        me.add_watcher(self.owners)
        return None

    def for_reports(self, state: dict[str, object]) -> dict[str, object]:
        """Show how many entries there are; which ones is for those who know them."""
        count = 0 if self.owners is None else len(self.owners.entries)
        return {"name": state["name"], "unique": state["unique"], "entries": count}

    # What the running process does with its own entries

    @staticmethod
    def register(registry: Address, key: Hashable, value: object = None) -> None:
        """Make the running process one to be found under a key.

        In a "duplicate" registry it may be so more than once.

        Raises:
            AlreadyRegisteredError: The key is taken; `reason` says by whom.
            NoProcessError: There is no such registry.
            BadAddressError: It is not a registry.
        """
        in_the_way = owners_of(registry).add(here(), key, value)
        if in_the_way is not None:
            raise AlreadyRegisteredError(
                ("already_registered", in_the_way),
                f"Key {key!r} of registry {registry!r} is taken by {in_the_way}; "
                f'choose another, or make the registry with keys="duplicate".',
            )

    @staticmethod
    def unregister(registry: Address, key: Hashable) -> None:
        """Take off all that the running process has under a key, if anything.

        Raises:
            NoProcessError: There is no such registry.
            BadAddressError: It is not a registry.
        """
        owners_of(registry).remove(here(), key)

    @staticmethod
    def update_value(
        registry: Address, key: Hashable, change: Callable[[Any], object]
    ) -> tuple[Any, Any]:
        """Replace the running process's value under a unique key.

        Args:
            registry: The registry.
            key: What the process is registered under.
            change: Gives the new value for the old one.

        Returns:
            The new value and the old one.

        Raises:
            RegistryError: "not_registered": the process is not under this key;
                "not_unique": keys may have many values here.
            NoProcessError: There is no such registry.
            BadAddressError: It is not a registry.
        """
        entries = only_unique(registry, entries_of(registry))
        old = own_entry(registry, entries, key)
        new = change(old.value)
        # `change` may have unregistered the process.
        own_entry(registry, entries, key)
        entries.change(key, Entry(old.pid, new))
        return new, old.value

    # What everybody may read

    @staticmethod
    def lookup(registry: Address, key: Hashable) -> tuple[Entry, ...]:
        """Return (pid, value) of every process under a key, the oldest first.

        Raises:
            NoProcessError: There is no such registry.
            BadAddressError: It is not a registry.
        """
        return entries_of(registry).lookup(key)

    @staticmethod
    def values(registry: Address, key: Hashable, pid: Pid) -> tuple[Any, ...]:
        """Return what one process has registered under a key; raises as lookup."""
        found = entries_of(registry).lookup(key)
        return tuple(entry.value for entry in found if entry.pid is pid)

    @staticmethod
    def keys(registry: Address, pid: Pid) -> tuple[Hashable, ...]:
        """Return the keys of a process, each once, oldest first; raises as lookup."""
        return entries_of(registry).keys(pid)

    @staticmethod
    def count(registry: Address) -> int:
        """Return how many entries there are; raises as lookup."""
        return len(entries_of(registry))

    @staticmethod
    def select(
        registry: Address, where: Callable[[Registered], bool] | None = None
    ) -> tuple[Registered, ...]:
        """Return (key, pid, value) of all entries that pass a test; raises as lookup.

        O(entries).
        """
        return tuple(r for r in entries_of(registry) if where is None or where(r))

    @staticmethod
    def dispatch(
        registry: Address,
        key: Hashable,
        function: Callable[[tuple[Entry, ...]], object],
    ) -> None:
        """Call a function here with all entries of a key, unless there are none.

        Raises:
            NoProcessError: There is no such registry.
            BadAddressError: It is not a registry.
            Exception: Whatever the function raises.
        """
        entries = entries_of(registry).lookup(key)
        if entries:
            function(entries)


def owners_of(registry: Address) -> Owners:
    """Return the books of a living registry.

    Raises:
        NoProcessError: There is no such registry.
        BadAddressError: It is not a registry.
    """
    found = behind(locate(registry), Registry)
    if found is not None and found.owners is not None:
        return found.owners
    pid = living(registry)
    raise NoProcessError(NOPROC, f"Registry {pid} has not started yet.")


def entries_of(registry: Address) -> Entries:
    """Return the entries of a living registry; raises as owners_of."""
    return owners_of(registry).entries


def own_entry(registry: Address, entries: UniqueEntries, key: Hashable) -> Entry:
    """Return what the running process has under a key.

    Raises:
        RegistryError: "not_registered".
    """
    me, entry = here(), entries.get(key)
    if entry is None or entry.pid is not me.pid:
        raise RegistryError(
            "not_registered",
            f"{me.pid} is not registered under {key!r} in {registry!r}; "
            f"a value is changed only by the process that registered it.",
        )
    return entry


def only_unique(registry: Address, entries: Entries) -> UniqueEntries:
    """Return the entries of a registry if its keys are unique.

    Raises:
        RegistryError: "not_unique".
    """
    if isinstance(entries, UniqueEntries):
        return entries
    raise RegistryError(
        "not_unique",
        f'Registry {registry!r} has "duplicate" keys, each of which may stand for '
        f'many processes; make it with keys="unique".',
    )
