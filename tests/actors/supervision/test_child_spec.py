from __future__ import annotations

from typing import Any

import pytest

from exmc.actors import (
    BadChildSpecError,
    ChildSpec,
    DynamicSupervisor,
    Reason,
    Supervisor,
)
from exmc.actors.supervision.child_spec import checked_spec, is_hashable, is_shutdown
from tests.actors.actors import Echo

NORMAL, SHUTDOWN, DETAILED, BAD = "normal", "shutdown", ("shutdown", 1), "bad"


@pytest.mark.parametrize(
    ("restart", "reasons"),
    [
        ("permanent", {NORMAL, SHUTDOWN, DETAILED, BAD}),
        ("transient", {BAD}),
        ("temporary", set()),
    ],
)
def test_the_type_says_after_which_exits_a_child_is_restarted(
    restart: Any, reasons: set[Reason]
) -> None:
    spec = ChildSpec("a", Echo, restart=restart)
    every: list[Reason] = [NORMAL, SHUTDOWN, DETAILED, BAD]
    assert {r for r in every if spec.restarts_after(r)} == reasons


def test_a_child_is_permanent_and_given_what_its_behaviour_wants() -> None:
    spec = ChildSpec("a", Echo)
    assert (spec.restart, spec.stopping, spec.role) == ("permanent", 5.0, "worker")
    assert spec.significant is False
    assert spec.backoff is None


def test_a_supervisor_as_a_child_is_given_all_the_time_it_needs() -> None:
    spec = ChildSpec("a", Supervisor("one_for_all"))
    assert (spec.stopping, spec.role) == ("infinity", "supervisor")


def test_a_spec_overrules_its_behaviour() -> None:
    spec = ChildSpec("a", Echo, shutdown="brutal_kill", type="supervisor")
    assert (spec.stopping, spec.role) == ("brutal_kill", "supervisor")


def test_a_spec_says_how_its_child_is_launched() -> None:
    spec = ChildSpec("a", Echo, ([],), {"label": 1}, name="n", start_timeout=2.0)
    launch = spec.launch
    assert (launch.behaviour, launch.args, launch.kwargs) == (Echo, ([],), {"label": 1})
    assert (launch.name, launch.timeout, launch.linked) == ("n", 2.0, True)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("behaviour", 3, "behaviour of child 'a' must be a GenServer, Process or"),
        (
            "args",
            10,
            r"args of child 'a' must be a tuple, such as \(10,\) for",
        ),
        ("args", "ab", "args of child 'a' must be a tuple"),
        ("kwargs", (), "kwargs of child 'a' must be a dict, got"),
        ("restart", "often", r"restart of child 'a' must be one of \('permanent', "),
        ("shutdown", -1, "shutdown of child 'a' must be seconds >= 0, "),
        ("shutdown", "slowly", "shutdown of child 'a' must be seconds >= 0, "),
        ("type", "boss", r"type of child 'a' must be one of \('worker', "),
        ("significant", True, "significant of child 'a' must be False for a permanent"),
    ],
)
def test_a_bad_field_is_named_with_its_value_and_domain(
    field: str, value: object, message: str
) -> None:
    fields: dict[str, Any] = {"behaviour": Echo, field: value}
    with pytest.raises(BadChildSpecError, match=message) as caught:
        ChildSpec("a", **fields)
    assert str(caught.value).endswith(f"got {value!r}.")


def test_an_id_that_nothing_can_be_found_by_is_refused() -> None:
    with pytest.raises(BadChildSpecError, match="id of child .* must be hashable"):
        ChildSpec(("a", []), Echo)


def test_a_child_is_described_by_a_spec_only() -> None:
    spec = ChildSpec("a", Echo)
    assert checked_spec(spec) is spec
    with pytest.raises(BadChildSpecError, match="by a ChildSpec, got 'a'"):
        checked_spec("a")


@pytest.mark.parametrize(("value", "can_be"), [("a", True), (("a", []), False)])
def test_what_consists_of_lists_is_not_hashable(value: object, *, can_be: bool) -> None:
    assert is_hashable(value) is can_be


@pytest.mark.parametrize("value", [0, 2.5, "brutal_kill", "infinity"])
def test_a_shutdown_is_seconds_or_one_of_two_words(value: object) -> None:
    assert is_shutdown(value)


@pytest.mark.parametrize("value", [-0.1, float("nan"), "soon", None, (1,)])
def test_nothing_else_is_a_shutdown(value: object) -> None:
    assert not is_shutdown(value)


def test_a_behaviour_made_beforehand_reads_as_a_spec() -> None:
    behaviour = DynamicSupervisor.spec(max_children=64)
    assert isinstance(behaviour, DynamicSupervisor)
    assert behaviour.max_children == 64
    spec = ChildSpec("jobs", behaviour, type="supervisor")
    assert (spec.behaviour, spec.stopping) == (behaviour, "infinity")
