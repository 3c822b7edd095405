from __future__ import annotations

from exmc.actors.ref import Ref


def test_two_refs_are_never_equal() -> None:
    refs = [Ref() for _ in range(100)]
    assert len(set(refs)) == 100


def test_two_refs_print_differently() -> None:
    assert repr(Ref()) != repr(Ref())
