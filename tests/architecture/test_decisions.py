"""DECISIONS.md keeps its form."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.architecture.tree import ROOT

FIELDS = [
    "Status",
    "Decision",
    "Rationale",
    "Assumption",
    "Implication",
    "Falsified by",
]
STATUS = re.compile(
    r"(holds since|superseded by D\d+ on|refuted on) \d{4}-\d{2}-\d{2}$"
)
MOST_WORDS = 150


@dataclass(frozen=True)
class Entry:
    number: int
    text: str

    @property
    def fields(self) -> dict[str, str]:
        found = re.findall(r"^- ([A-Z][a-z ]+): (.+)$", self.text, re.MULTILINE)
        return dict(found)


def entries(document: str) -> list[Entry]:
    parts = re.split(r"^## D(\d+)\. ", document, flags=re.MULTILINE)[1:]
    return [Entry(int(n), t) for n, t in zip(parts[::2], parts[1::2], strict=True)]


def faults(document: str) -> list[str]:
    found = entries(document)
    wrong = []
    if [e.number for e in found] != list(range(1, len(found) + 1)):
        wrong.append("numbers run from 1 without gaps")
    for entry in found:
        wrong += [f"D{entry.number}: {fault}" for fault in faults_of(entry, found)]
    return wrong


def faults_of(entry: Entry, everything: list[Entry]) -> list[str]:
    wrong = []
    closed = not entry.fields.get("Status", "").startswith("holds")
    expected = FIELDS + (["What happened"] if closed else [])
    if list(entry.fields) != expected:
        wrong.append(f"fields are {list(entry.fields)}")
    if not STATUS.match(entry.fields.get("Status", "")):
        wrong.append("status cannot be read")
    if len(entry.text.split()) > MOST_WORDS:
        wrong.append(f"{len(entry.text.split())} words")
    if successor := re.match(r"superseded by D(\d+)", entry.fields.get("Status", "")):
        texts = {e.number: e.text for e in everything}
        if f"supersedes D{entry.number}" not in texts.get(int(successor[1]), ""):
            wrong.append(f"D{successor[1]} does not say that it supersedes it")
    return wrong


def test_decisions_keep_their_form() -> None:
    document = (ROOT / "DECISIONS.md").read_text()
    assert len(entries(document)) >= 8
    assert faults(document) == []


GOOD = """# Decisions
## D1. A
- Status: superseded by D2 on 2026-01-01
- Decision: a
- Rationale: a
- Assumption: a
- Implication: a
- Falsified by: a
- What happened: a
## D2. B
- Status: holds since 2026-01-01
- Decision: b
- Rationale: b
- Assumption: b
- Implication: supersedes D1
- Falsified by: b
"""


def test_a_good_document_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("## D2.", "## D3."),
        ("supersedes D1", "nothing"),
        ("- Rationale: b\n", ""),
        ("holds since", "held since"),
        ("- Decision: b", "- Decision: " + "b " * 200),
        ("- What happened: a\n", ""),
    ],
)
def test_a_bad_document_is_found_out(was: str, becomes: str) -> None:
    assert faults(GOOD.replace(was, becomes)) != []
