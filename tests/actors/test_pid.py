from __future__ import annotations

from exmc.actors import Runtime
from exmc.actors.pid import Pid
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


def test_a_pid_without_a_process_is_dead() -> None:
    assert not Pid(3).alive


def test_a_pid_prints_its_number() -> None:
    assert repr(Pid(12)) == "<0.12>"


def test_a_pid_equals_only_itself() -> None:
    first, second = Pid(1), Pid(1)
    assert first == first  # noqa: PLR0124 (that is the question)
    assert first != second
    assert len({first, second}) == 2


@scenario
async def test_a_dead_pid_holds_nothing_of_its_process(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    assert pid.alive
    assert pid.target is not None
    pid.target.exit(rt.root.pid, "kill", linked=False)
    assert pid.target is None
