"""Each proof of a behaviour of supervisors fails for a supervisor without it."""

from __future__ import annotations

import pytest

from tests.actors.behaviours.broken import BREAKS, Break
from tests.actors.behaviours.numbered import proofs


@pytest.mark.parametrize("broken", BREAKS, ids=lambda b: f"{b.behaviour} {b.name}")
def test_a_supervisor_without_a_behaviour_fails_its_proof(
    broken: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.apply(monkeypatch)
    [proof] = [test for number, test in proofs() if number == broken.behaviour]
    with pytest.raises(BaseException) as failure:  # noqa: PT011 (whatever goes wrong)
        proof(loop="asyncio")
    assert not isinstance(failure.value, KeyboardInterrupt)


def test_every_behaviour_of_supervisors_is_broken_once() -> None:
    # 28, the scale, has its broken supervisor beside it.
    assert {b.behaviour for b in BREAKS} == set(range(1, 31)) - {28}
