"""The Python blocks of each document run, in order, as one test.

One test a document: later blocks use what earlier ones made, so a document must not
be spread over several test processes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.architecture.tree import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def run_blocks(path: Path) -> int:
    """Run every Python block; return how many there were."""
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(path)
    examples = list(document.examples())
    for example in examples:
        example.evaluate()
    return len(examples)


@pytest.mark.slow
@pytest.mark.native
@pytest.mark.end_to_end
@pytest.mark.timeout(180)
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_shows_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_blocks(path) >= 1


def test_a_wrong_statement_in_a_document_is_found(tmp_path: Path) -> None:
    path = tmp_path / "wrong.md"
    path.write_text("```python\na = 1\n```\n\n```python\nassert a == 2\n```\n")
    with pytest.raises(AssertionError):
        run_blocks(path)
