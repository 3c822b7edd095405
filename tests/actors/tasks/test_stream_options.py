from __future__ import annotations

from typing import Any

import pytest

from exmc.actors import BadTaskOptionError
from exmc.actors.tasks.stream_options import StreamPlan


def test_the_defaults_are_elixirs() -> None:
    plan = StreamPlan(max_concurrency=3)
    assert (plan.ordered, plan.timeout, plan.on_timeout) == (True, 5.0, "exit")
    assert (plan.supervisor, plan.linked) == (None, True)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"max_concurrency": 0}, "max_concurrency must be at least 1, got 0."),
        (
            {"max_concurrency": 1, "timeout": -1},
            "timeout must be seconds >= 0 or None, got -1.",
        ),
        (
            {"max_concurrency": 1, "on_timeout": "nothing"},
            "on_timeout must be one of ('exit', 'kill_task'), got 'nothing'.",
        ),
    ],
)
def test_an_option_out_of_its_domain_is_refused(
    options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(BadTaskOptionError) as caught:
        StreamPlan(**options)
    assert str(caught.value) == complaint
