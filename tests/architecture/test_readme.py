"""The README keeps what it promises about itself."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.tree import ROOT

README = (ROOT / "README.md").read_text()


def commands() -> list[str]:
    """The shell commands, in order."""
    blocks = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
    return [line for block in blocks for line in block.strip().splitlines()]


def test_its_first_command_installs_and_runs_the_main_job() -> None:
    assert commands()[0] == "pip install '.[all]' && exmc demo"


def test_its_second_command_installs_and_runs_the_tests() -> None:
    assert commands()[1].startswith("pip install '.[all,test]' && python -m pytest")


def test_the_gate_runs_the_second_command() -> None:
    assert "README.md" in (ROOT / ".ci" / "run").read_text()


@pytest.mark.parametrize("document", ["README.md", "DECISIONS.md"])
def test_every_file_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text()
    named = re.findall(
        r"\b(?:tests|benchmarks|examples|exmc)/[\w/]+(?:\.py|\.md)?", text
    )
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_extra_it_names_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = {e for m in re.findall(r"\[([a-z,]+)\]'", README) for e in m.split(",")}
    assert named <= set(project["optional-dependencies"])
