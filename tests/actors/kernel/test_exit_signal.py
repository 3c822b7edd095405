from __future__ import annotations

import pytest

from exmc.actors.exit_reason import Reason
from exmc.actors.kernel.exit_signal import Effect, Fatal, Ignored, Trapped, effect


@pytest.mark.parametrize(
    ("reason", "linked", "trapping", "from_itself", "expected"),
    [
        ("bad", True, False, False, Fatal("bad")),
        ("bad", False, False, False, Fatal("bad")),
        ("bad", True, True, False, Trapped()),
        ("bad", False, True, False, Trapped()),
        ("normal", True, False, False, Ignored()),
        ("normal", False, False, False, Ignored()),
        ("normal", False, False, True, Fatal("normal")),
        ("normal", True, True, False, Trapped()),
        ("normal", False, True, True, Trapped()),
        ("shutdown", True, False, False, Fatal("shutdown")),
        ("kill", False, True, False, Fatal("killed")),
        ("kill", False, False, False, Fatal("killed")),
        ("killed", True, True, False, Trapped()),
        ("kill", True, True, False, Trapped()),
        ("kill", True, False, False, Fatal("kill")),
    ],
)
def test_a_signal_has_the_effect_it_has_on_the_beam(
    reason: Reason, linked: bool, trapping: bool, from_itself: bool, expected: Effect
) -> None:
    got = effect(reason, linked=linked, trapping=trapping, from_itself=from_itself)
    assert got == expected
