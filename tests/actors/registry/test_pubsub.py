from __future__ import annotations

import pytest

from exmc.actors import (
    ChildSpec,
    NoProcessError,
    PubSub,
    Registry,
    Runtime,
    Supervisor,
    send_exit,
    start,
)
from tests.actors.actors import Stubborn
from tests.actors.registry.members import heard, member, within
from tests.actors.scenario import scenario


@scenario
async def test_a_broadcast_reaches_every_subscriber_of_the_topic(rt: Runtime) -> None:
    await rt.start(PubSub("reg"))
    a, b, other = [await member(t) for t in ("news", "news", "weather")]
    PubSub.broadcast("reg", "news", 1)
    PubSub.broadcast("reg", "nobody's", 2)
    assert [await heard(pid) for pid in (a, b, other)] == [[1], [1], []]


@scenario
async def test_messages_of_one_publisher_arrive_in_order(rt: Runtime) -> None:
    await rt.start(PubSub("reg"))
    pid = await member("news", "weather")
    for number in range(6):
        PubSub.broadcast("reg", ("news", "weather")[number % 2], number)
    assert await heard(pid) == [0, 1, 2, 3, 4, 5]


@scenario
async def test_a_publisher_can_leave_itself_out(rt: Runtime) -> None:
    await rt.start(PubSub("reg"))
    a, b = await member("news"), await member("news")
    PubSub.broadcast_from("reg", a, "news", 1)
    assert [await heard(pid) for pid in (a, b)] == [[], [1]]


@scenario
async def test_who_subscribes_twice_receives_twice_until_it_unsubscribes(
    rt: Runtime,
) -> None:
    await rt.start(PubSub("reg"))
    pid = await member()
    for _ in range(2):
        await within(pid, lambda: PubSub.subscribe("reg", "news"))
    assert PubSub.subscribers("reg", "news") == (pid, pid)
    PubSub.broadcast("reg", "news", 1)
    await within(pid, lambda: PubSub.unsubscribe("reg", "news"))
    PubSub.broadcast("reg", "news", 2)
    assert await heard(pid) == [1, 1]
    assert PubSub.subscribers("reg", "news") == ()


@scenario
async def test_a_dead_or_stuck_subscriber_changes_nothing_for_the_others(
    rt: Runtime,
) -> None:
    class Stuck(Stubborn):
        def init(self) -> None:  # type: ignore[override]  # it needs no arguments
            PubSub.subscribe("reg", "news")
            super().init()

    await rt.start(PubSub("reg"))
    dead, stuck, well = await member("news"), await start(Stuck), await member("news")
    send_exit(dead, "kill")
    for number in range(3):
        PubSub.broadcast("reg", "news", number)
    assert await heard(well) == [0, 1, 2]
    assert stuck.alive
    send_exit(stuck, "kill")
    PubSub.broadcast("reg", "news", 3)
    assert await heard(well) == [0, 1, 2, 3]


@scenario
async def test_a_pubsub_is_a_registry_of_topics(rt: Runtime) -> None:
    specs = [ChildSpec("pubsub", PubSub.spec("reg"))]
    await rt.start(Supervisor(), specs)
    PubSub.subscribe("reg", "news")
    assert Registry.keys("reg", rt.root.pid) == ("news",)
    PubSub.broadcast("reg", "news", "a")
    assert await rt.receive(str) == "a"


@scenario
async def test_a_broadcast_where_no_pubsub_is_says_so(rt: Runtime) -> None:
    assert rt.root.pid.alive
    with pytest.raises(NoProcessError, match="There is no process 'reg'; it has"):
        PubSub.broadcast("reg", "news", 1)
