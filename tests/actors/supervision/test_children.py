from __future__ import annotations

import pytest

from exmc.actors import BadChildSpecError, ChildSpec, Pid, Supervisor
from exmc.actors.supervision.children import Children
from tests.actors.actors import Echo


def three() -> Children:
    return Children([ChildSpec(name, Echo) for name in "abc"])


def test_children_keep_their_start_order() -> None:
    children = three()
    assert tuple(children.ids) == ("a", "b", "c")
    assert [c.spec.id for c in reversed(children)] == ["c", "b", "a"]
    assert len(children) == 3


def test_two_children_of_one_id_are_refused() -> None:
    with pytest.raises(
        BadChildSpecError, match="Two children have the id 'a'; give each its own"
    ):
        Children([ChildSpec("a", Echo), ChildSpec("a", Echo)])


def test_a_child_is_found_by_its_pid_while_it_is_that_process() -> None:
    children, pid, next_pid = three(), Pid(1), Pid(2)
    child = children.get("b")
    assert child is not None
    children.note_up(child, pid)
    assert children.with_pid(pid) is child
    children.note_down(child, restarting=True)
    assert children.with_pid(pid) is None
    children.note_up(child, next_pid)
    assert children.with_pid(next_pid) is child


def test_the_state_of_a_child_is_its_pid_or_restarting_or_none() -> None:
    children, pid = three(), Pid(1)
    child = children.get("a")
    assert child is not None
    states = [child.state]
    children.note_up(child, pid)
    states.append(child.state)
    children.note_down(child, restarting=True)
    states.append(child.state)
    assert states == [None, pid, "restarting"]


def test_every_change_makes_earlier_messages_about_a_child_stale() -> None:
    children = three()
    child = children.get("a")
    assert child is not None
    attempts = [child.attempt]
    children.note_up(child, Pid(1))
    attempts.append(child.attempt)
    children.note_down(child, restarting=True)
    attempts.append(child.attempt)
    children.note_down(child, restarting=True)
    attempts.append(child.attempt)
    assert len(set(attempts)) == 4


def test_a_removed_child_is_forgotten_with_its_pid() -> None:
    children, pid = three(), Pid(1)
    child = children.get("b")
    assert child is not None
    children.note_up(child, pid)
    children.remove(child)
    assert tuple(children.ids) == ("a", "c")
    assert children.get("b") is None
    assert children.with_pid(pid) is None


def test_children_may_be_removed_while_they_are_gone_through() -> None:
    children = three()
    for child in children:
        children.remove(child)
    assert len(children) == 0


def test_what_is_asked_about_all_children_is_counted_as_they_change() -> None:
    specs = [
        ChildSpec("a", Echo, restart="transient", significant=True),
        ChildSpec("b", Supervisor),
        ChildSpec("c", Supervisor),
    ]
    children = Children(specs)
    counts = [(children.active, children.supervisors, children.significant)]
    for number, child in enumerate(children):
        children.note_up(child, Pid(number))
    counts.append((children.active, children.supervisors, children.significant))
    for child in children:
        children.note_down(child, restarting=True)
    counts.append((children.active, children.supervisors, children.significant))
    for child in (*children, *children):
        children.remove(child)
    counts.append((children.active, children.supervisors, children.significant))
    assert counts == [(0, 2, 0), (3, 2, 1), (0, 2, 1), (0, 0, 0)]


def test_a_child_may_have_another_id_than_its_spec() -> None:
    children, spec = Children(), ChildSpec("a", Echo)
    first, second = children.add(1, spec), children.add(2, spec)
    assert (children.get(1), children.get(2), len(children)) == (first, second, 2)
