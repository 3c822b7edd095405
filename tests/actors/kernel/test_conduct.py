from __future__ import annotations

from collections.abc import Callable

import pytest

from exmc.actors.kernel.conduct import DEPARTED, SILENT, refuse


@pytest.mark.parametrize(
    "reach",
    [
        lambda: SILENT.plain("<0.1>"),
        lambda: SILENT.open("<0.1>", "x"),
        lambda: SILENT.settle("<0.1>", "x", 1),
        lambda: SILENT.crash("<0.1>", "x", ValueError()),
    ],
)
def test_nothing_reaches_the_dead(reach: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match=r"^<0\.1> is dead"):
        reach()


def test_no_message_comes_from_no_mailbox() -> None:
    with pytest.raises(AssertionError, match="'x' came from no mailbox"):
        refuse("x")


def test_the_dead_have_the_manners_of_nobody() -> None:
    assert DEPARTED.make_conduct() is SILENT
    assert DEPARTED.starts_at_once()
    assert not DEPARTED.trap_exit
    assert DEPARTED.for_reports({"a": 1}) == {"a": 1}
