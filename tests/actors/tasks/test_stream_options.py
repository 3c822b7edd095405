from __future__ import annotations

import os
from typing import Any

import pytest

from exmc.actors import BadTaskOptionError
from exmc.actors.tasks.stream_options import StreamPlan, stream_plan


def test_the_defaults_are_elixirs() -> None:
    plan = StreamPlan(max_concurrency=3)
    assert (plan.ordered, plan.timeout, plan.on_timeout) == (True, 5.0, "exit")
    assert (plan.supervisor, plan.linked) == (None, True)


def test_unless_told_otherwise_a_task_runs_for_each_processor() -> None:
    assert stream_plan({}, linked=True).max_concurrency == os.cpu_count()


def test_where_processors_cannot_be_counted_one_task_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert StreamPlan().max_concurrency == 1


@pytest.mark.parametrize("unknown", ["max_concurency", "linked"])
def test_an_unknown_option_is_refused_with_those_that_are_known(unknown: str) -> None:
    options: Any = {unknown: 3}
    with pytest.raises(BadTaskOptionError) as caught:
        stream_plan(options, linked=True)
    assert str(caught.value) == (
        f"A stream has no option {unknown!r}; there are max_concurrency, ordered, "
        f"timeout, on_timeout, zip_input_on_exit, supervisor."
    )


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"max_concurrency": 0}, "max_concurrency must be an int >= 1, got 0."),
        ({"max_concurrency": None}, "max_concurrency must be an int >= 1, got None."),
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
