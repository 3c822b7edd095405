"""The same child several times over, each for its share of the keys.

Elixir's PartitionSupervisor: what one process would be too busy for, or too much to
lose at once, is spread over several.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from exmc.actors.errors import BadChildSpecError, ChildError
from exmc.actors.process.here import find
from exmc.actors.process.via import ViaName, behind
from exmc.actors.server.outcome import CallOutcome, InitOutcome, reply
from exmc.actors.supervision.child_spec import ChildSpec
from exmc.actors.supervision.requests import (
    DeleteChild,
    StartChild,
)
from exmc.actors.supervision.routing import partition_of
from exmc.actors.supervision.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from exmc.actors.kernel.kernel import Kernel
    from exmc.actors.pid import Pid
    from exmc.actors.process.envelope import Call
    from exmc.actors.process.here import Address
    from exmc.actors.supervision.strategy import Strategy

WithArguments: TypeAlias = "Callable[[tuple[object, ...], int], tuple[object, ...]]"
"""Gives a partition's arguments for the child's own and the partition's number."""


class PartitionSupervisor(Supervisor):
    """A supervisor of one child several times over; the ids are 0, 1, 2 and so on.

        jobs = ChildSpec("job", DynamicSupervisor())
        ChildSpec("jobs", PartitionSupervisor.spec(jobs, partitions=4), name="jobs")
        await start_child(Partition("jobs", "chain-3"), ChildSpec(...))

    which_children and count_children tell of the partitions; of what is inside one,
    ask that one.

    Args:
        child: What to start in each partition; without a name, which only one could
            have.
        partitions: How many.
        with_arguments: Gives a partition's arguments; by default the child's own.
        strategy, max_restarts, max_seconds: As for Supervisor.

    Raises:
        BadChildSpecError: An argument is out of its domain.
    """

    def __init__(
        self,
        child: ChildSpec,
        *,
        partitions: int,
        with_arguments: WithArguments | None = None,
        strategy: Strategy = "one_for_one",
        max_restarts: int = 3,
        max_seconds: float = 5.0,
    ) -> None:
        super().__init__(strategy, max_restarts=max_restarts, max_seconds=max_seconds)
        if partitions < 1:
            message = f"partitions must be at least 1, got {partitions!r}."
            raise BadChildSpecError(message)
        if child.name is not None:
            message = (
                f"The child of a PartitionSupervisor must have no name, which only one "
                f"partition could take, got {child.name!r}; use Partition addresses."
            )
            raise BadChildSpecError(message)
        self.partitions = partitions
        self.child = child
        self.with_arguments = with_arguments

    async def init(self) -> InitOutcome:  # type: ignore[override]  # its children are known
        """Start a child for each partition."""
        return await super().init(map(self._spec, range(self.partitions)))

    def _spec(self, number: int) -> ChildSpec:
        args = self.child.args
        if self.with_arguments is not None:
            args = self.with_arguments(args, number)
        return replace(self.child, id=number, args=args)

    async def handle_call(self, request: object, caller: Call) -> CallOutcome:
        """Let the request act on the partitions, whose number does not change."""
        match request:
            case StartChild(spec=ChildSpec(id=child_id)):
                return reply(ChildError(child_id, "fixed_partitions"))
            case DeleteChild(child_id=child_id):
                return reply(ChildError(child_id, "fixed_partitions"))
            case _:
                return await super().handle_call(request, caller)

    def partition(self, key: Hashable) -> Pid | None:
        """Return the process of a key's partition, or None while it is down."""
        child = self.children.get(partition_of(key, self.partitions))
        return None if child is None else child.pid


@dataclass(frozen=True, slots=True)
class Partition(ViaName):
    """The address of the partition that a key belongs to.

    Nobody bears it while the partition is being restarted.

    Attributes:
        supervisor: The PartitionSupervisor.
        key: An int, str, bytes or Pid, or a tuple of such; see routing.partition_of.
    """

    supervisor: Address
    key: Hashable

    def whereis_name(self, kernel: Kernel) -> Pid | None:
        """Return the process of the partition now, or None.

        Raises:
            BadAddressError: The supervisor is another kind of process.
            TypeError: The key is of a type that is not routed.
        """
        supervisor = behind(find(kernel, self.supervisor), PartitionSupervisor)
        return None if supervisor is None else supervisor.partition(self.key)
