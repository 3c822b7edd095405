from __future__ import annotations

import pytest

from exmc.actors import ChildError, ChildSpec, Pid, Runtime, Supervisor
from exmc.actors.supervision.children import Child, Children
from exmc.actors.supervision.requests import (
    StartChild,
    SupervisionRequest,
    at_rest,
)
from tests.actors.actors import Echo
from tests.actors.scenario import scenario


def child(pid: Pid | None = None) -> Child:
    children = Children()
    made = children.add("a", ChildSpec("a", Echo))
    if pid is not None:
        children.note_up(made, pid)
    return made


def test_only_a_child_at_rest_is_not_refused() -> None:
    waiting = child()
    waiting.restarting = True

    def reason(one: Child | None) -> object:
        refusal = at_rest("a", one)
        return None if refusal is None else refusal.reason

    cases = [reason(None), reason(waiting), reason(child(Pid(1))), reason(child())]
    assert cases == ["not_found", "restarting", "running", None]


@scenario
async def test_a_refusal_is_an_answer_and_harms_nobody(rt: Runtime) -> None:
    supervisor = Supervisor()
    supervisor.children.add("a", ChildSpec("a", Echo))
    answer = await StartChild(ChildSpec("a", Echo)).answered_by(supervisor)
    assert isinstance(answer, ChildError)
    assert rt.processes == ()


@scenario
async def test_a_request_must_say_what_it_does() -> None:
    with pytest.raises(NotImplementedError):
        await SupervisionRequest[None]().answered_by(Supervisor())
