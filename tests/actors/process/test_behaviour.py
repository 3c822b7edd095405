from __future__ import annotations

from typing import cast

import pytest

from exmc.actors import BadBehaviourError, GenServer, Process, Supervisor
from exmc.actors.process.behaviour import Behaviour, fresh, is_behaviour, name_of
from tests.actors.actors import Echo


def test_a_class_gives_an_object_of_its_own_each_time() -> None:
    first, second = fresh(Echo), fresh(Echo)
    assert type(first) is Echo
    assert first is not second


def test_a_template_gives_a_copy_each_time() -> None:
    template = Supervisor("one_for_all")
    copied = fresh(template)
    assert isinstance(copied, Supervisor)
    assert copied is not template
    assert copied.strategy == "one_for_all"


def test_a_behaviour_is_named_after_its_class() -> None:
    assert name_of(Echo) == name_of(Echo()) == "Echo"


@pytest.mark.parametrize("value", [Echo, Echo(), Process, Supervisor()])
def test_classes_and_objects_of_behaviours_can_be_started(value: object) -> None:
    assert is_behaviour(value)


@pytest.mark.parametrize("value", [int, 3, "Echo", None, print])
def test_nothing_else_can_be_started(value: object) -> None:
    assert not is_behaviour(value)
    with pytest.raises(BadBehaviourError, match="made of a behaviour: start a GenSer"):
        fresh(cast("type[Behaviour]", value))


def test_workers_are_given_seconds_and_supervisors_all_the_time_they_need() -> None:
    assert (GenServer.shutdown, GenServer.role) == (5.0, "worker")
    assert (Supervisor.shutdown, Supervisor.role) == ("infinity", "supervisor")


def test_a_bare_behaviour_cannot_be_run() -> None:
    with pytest.raises(NotImplementedError):
        Behaviour().make_conduct()
