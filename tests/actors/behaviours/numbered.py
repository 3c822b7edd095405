"""The behaviours that OTP's and Elixir's users rely on, by number.

Each is proved by one test, which knows nothing but the public names. 1 to 30 are those
of supervisors, 31 to 36 of processes, 37 to 43 of servers, 44 and 45 of tasks.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])

NUMBERS = range(1, 46)
HERE = Path(__file__).parent


def behaviour(number: int) -> Callable[[Test], Test]:
    """Say which behaviour a test proves."""

    def mark(test: Test) -> Test:
        vars(test)["behaviour"] = number
        return test

    return mark


def proofs() -> Iterator[tuple[int, Callable[..., None]]]:
    """Every behaviour that a test in this folder says it proves, and the test."""
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.actors.behaviours.{path.stem}")
        for test in vars(module).values():
            if hasattr(test, "behaviour"):
                yield test.behaviour, test
