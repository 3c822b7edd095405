from __future__ import annotations

from tests.actors.behaviours.numbered import NUMBERS, proofs


def test_every_behaviour_is_proved_by_exactly_one_test() -> None:
    assert sorted(number for number, _ in proofs()) == list(NUMBERS)
