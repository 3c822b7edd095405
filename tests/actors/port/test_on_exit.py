from __future__ import annotations

import pytest

from exmc.actors import Down, GenServer, Runtime, monitor, send_exit
from exmc.actors.port.on_exit import on_exit
from tests.actors.scenario import scenario


class Holder(GenServer):
    def init(self, given_back: list[str]) -> None:
        on_exit(lambda: given_back.append("first"))
        on_exit(lambda: given_back.append("second"))


@pytest.mark.parametrize("reason", ["kill", "shutdown"])
@scenario
async def test_everything_is_given_back_before_the_death_is_seen(
    rt: Runtime, reason: str
) -> None:
    given_back = list[str]()
    holder = await rt.start(Holder, given_back)
    monitor(holder)
    send_exit(holder, reason)
    await rt.receive(Down)
    assert given_back == ["first", "second"]
