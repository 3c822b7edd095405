from __future__ import annotations

from exmc.actors.kernel.names import Names
from exmc.actors.pid import Pid


def test_a_name_has_one_bearer_at_a_time() -> None:
    names, first, second = Names(), Pid(1), Pid(2)
    assert names.register("a", first) is first
    assert names.register("a", second) is first
    assert names.whereis("a") is first


def test_a_released_name_is_free_again() -> None:
    names, first, second = Names(), Pid(1), Pid(2)
    names.register("a", first)
    names.release("a", first)
    assert names.whereis("a") is None
    assert names.register("a", second) is second


def test_only_the_bearer_can_release_a_name() -> None:
    names, first, second = Names(), Pid(1), Pid(2)
    names.register("a", first)
    names.release("a", second)
    assert names.whereis("a") is first


def test_names_are_listed_in_the_order_of_registration() -> None:
    names = Names()
    for number, name in enumerate("cab"):
        names.register(name, Pid(number))
    assert names.names() == ("c", "a", "b")
