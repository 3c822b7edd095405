from __future__ import annotations

import pytest

from exmc.actors.observation.system_state import (
    attributes,
    get_state_of,
    replace_state_of,
    set_attributes,
)
from exmc.actors.pid import Pid

PID = Pid(1)


class Plain:
    """A behaviour as far as a state goes."""

    def __init__(self) -> None:
        self.pid = PID
        self.count = 1
        self.other = 2


class Counter:
    """A behaviour whose state is a number."""

    def __init__(self) -> None:
        self.count = 1

    def system_get_state(self) -> int:
        return self.count

    def system_replace_state(self, state: int, /) -> None:
        self.count = state


def test_attributes_are_a_copy_without_the_pid() -> None:
    behaviour = Plain()
    found = attributes(behaviour)
    assert found == {"count": 1, "other": 2}
    found["count"] = 3
    assert behaviour.count == 1


def test_attributes_are_replaced_as_a_whole_but_for_the_pid() -> None:
    behaviour = Plain()
    set_attributes(behaviour, {"count": 3, "pid": Pid(9)})
    assert vars(behaviour) == {"count": 3, "pid": PID}


def test_attributes_that_are_no_dict_change_nothing() -> None:
    behaviour = Plain()
    with pytest.raises(TypeError, match="a Plain is a dict of its attributes; .* 42"):
        replace_state_of(behaviour, lambda _state: 42)
    assert attributes(behaviour) == {"count": 1, "other": 2}


def test_a_function_makes_the_new_state_of_the_old_one() -> None:
    behaviour = Plain()
    new = replace_state_of(behaviour, lambda state: {"count": state["count"] + 1})
    assert new == get_state_of(behaviour) == {"count": 2}


def test_a_behaviour_may_say_itself_what_its_state_is() -> None:
    behaviour = Counter()
    assert get_state_of(behaviour) == 1
    assert replace_state_of(behaviour, lambda state: state + 1) == 2
