from __future__ import annotations

from typing import Any

import pytest

from exmc.actors import (
    BadAddressError,
    BadChildSpecError,
    ChildCount,
    ChildError,
    ChildSpec,
    DynamicSupervisor,
    NoProcessError,
    Partition,
    PartitionSupervisor,
    Runtime,
    StartError,
    call,
    count_children,
    delete_child,
    restart_child,
    send_exit,
    start_child,
    terminate_child,
    whereis,
    which_children,
)
from exmc.actors.process.here import refusal
from exmc.actors.testing import wait_until_idle
from tests.actors.actors import Echo
from tests.actors.scenario import fails_with, scenario

ECHO = ChildSpec("echo", Echo)


def partitioned(partitions: int = 3, **options: Any) -> ChildSpec:
    """A partition supervisor of echoes, named "echoes"."""
    spec = PartitionSupervisor.spec(ECHO, partitions=partitions, **options)
    return ChildSpec("echoes", spec, name="echoes")


@scenario
async def test_each_partition_is_a_process_of_its_own(rt: Runtime) -> None:
    await rt.start_child(partitioned())
    children = await which_children("echoes")
    assert [child.id for child in children] == [0, 1, 2]
    pids = {whereis(Partition("echoes", number)) for number in range(3)}
    assert pids == {child.pid for child in children}
    assert await count_children("echoes") == ChildCount(3, 3, 0, 3)


@scenario
async def test_a_key_always_leads_to_the_same_partition(rt: Runtime) -> None:
    await rt.start_child(partitioned())
    assert whereis(Partition("echoes", 4)) is whereis(Partition("echoes", 1))
    key = Partition("echoes", ("chain", 3))
    assert whereis(key) is whereis(key)
    assert await call(key, "ping") == "ping"


@scenario
async def test_a_partition_that_died_is_restarted_in_its_place(rt: Runtime) -> None:
    await rt.start_child(partitioned())
    key, other = Partition("echoes", 1), whereis(Partition("echoes", 2))
    first = whereis(key)
    assert first is not None
    send_exit(first, "kill")
    await fails_with(NoProcessError, call(key, 1))
    await wait_until_idle(rt)
    assert await call(key, "ping") == "ping"
    assert whereis(key) is not first
    assert whereis(Partition("echoes", 2)) is other


@scenario
async def test_children_are_started_in_the_partition_of_their_key(rt: Runtime) -> None:
    jobs = ChildSpec("jobs", DynamicSupervisor.spec(max_children=2))
    spec = PartitionSupervisor.spec(jobs, partitions=2)
    await rt.start_child(ChildSpec("all", spec, name="all"))
    for key in (0, 1, 2):
        await start_child(Partition("all", key), ECHO)
    counts = [(await count_children(Partition("all", n))).active for n in (0, 1)]
    assert counts == [2, 1]
    assert (await count_children("all")).supervisors == 2
    error = await fails_with(ChildError, start_child(Partition("all", 4), ECHO))
    assert error.reason == "max_children"


@scenario
async def test_each_partition_may_have_arguments_of_its_own(rt: Runtime) -> None:
    log: list[object] = []
    spec = PartitionSupervisor.spec(
        ChildSpec("echo", Echo, (log,)),
        partitions=2,
        with_arguments=lambda args, number: (*args, f"label {number}"),
    )
    await rt.start(spec)
    assert log == [("started", "label 0"), ("started", "label 1")]


@scenario
async def test_the_number_of_partitions_is_fixed(rt: Runtime) -> None:
    await rt.start_child(partitioned())
    for refused in (start_child("echoes", ECHO), delete_child("echoes", 0)):
        error = await fails_with(ChildError, refused)
        assert error.reason == "fixed_partitions"


@scenario
async def test_a_partition_that_was_terminated_is_nobody_until_restarted(
    rt: Runtime,
) -> None:
    await rt.start_child(partitioned())
    await terminate_child("echoes", 1)
    assert whereis(Partition("echoes", 1)) is None
    pid = await restart_child("echoes", 1)
    assert whereis(Partition("echoes", 1)) is pid


@scenario
async def test_a_partition_that_does_not_start_leaves_none_of_the_others(
    rt: Runtime,
) -> None:
    def bad(args: tuple[object, ...], number: int) -> tuple[object, ...]:
        return args if number < 2 else (1, 2, 3)

    error = await fails_with(
        StartError, rt.start_child(partitioned(with_arguments=bad))
    )
    assert error.reason[:1] == ("shutdown",)
    assert rt.processes == ()


@scenario
async def test_the_address_of_a_partition_is_no_name_for_a_process(
    rt: Runtime,
) -> None:
    await rt.start_child(partitioned())
    with pytest.raises(BadAddressError, match=r"Partition\(supervisor='echoes', key=1"):
        refusal(rt.kernel, Partition("echoes", 1))


@scenario
async def test_a_partition_of_nobody_is_nobody(rt: Runtime) -> None:
    assert whereis(Partition("echoes", 1)) is None
    await rt.start(Echo, name="echoes")
    with pytest.raises(BadAddressError, match="is a Echo; a PartitionSupervisor is"):
        whereis(Partition("echoes", 1))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"partitions": 0}, "partitions must be at least 1, got 0."),
        ({"child": ChildSpec("a", Echo, name="a")}, "The child of a PartitionSuper"),
        ({"strategy": "all"}, "strategy must be one of"),
    ],
)
def test_a_bad_argument_is_named_with_its_value(options: Any, message: str) -> None:
    with pytest.raises(BadChildSpecError, match=message):
        PartitionSupervisor(**{"child": ECHO, "partitions": 2, **options})
