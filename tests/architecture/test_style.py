"""Style and types are checked by their own tools, from here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT


def run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert run("ruff", "check", "--no-cache", "exmc", "tests", "benchmarks") == ""


def test_ruff_would_format_nothing() -> None:
    assert run("ruff", "format", "--no-cache", "--check", "exmc", "tests") == ""


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_mypy_finds_nothing() -> None:
    assert run("mypy", "--no-error-summary") == ""
