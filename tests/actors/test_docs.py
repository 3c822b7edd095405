"""docs/actors.md: its examples run, its links lead somewhere, its API is complete."""

from __future__ import annotations

import importlib
import re

import pytest
from sybil.document import Document
from sybil.parsers.markdown import PythonCodeBlockParser

import exmc.actors
import exmc.actors.testing
from tests.architecture.tree import ROOT

PAGE = ROOT / "docs" / "actors.md"
TEXT = PAGE.read_text()
API = TEXT.split("## The whole API by topic")[1]


def names_in(text: str) -> set[str]:
    """The names in the first column of the tables."""
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([\w.]+)`", row)}


@pytest.mark.slow
def test_every_example_runs() -> None:
    """Each may use what those before it have defined."""
    document = Document.parse(str(PAGE), PythonCodeBlockParser())
    examples = list(document.examples())
    assert len(examples) >= 15
    for example in examples:
        example.evaluate()


@pytest.mark.parametrize("module", ["exmc.actors", "exmc.actors.testing"])
def test_the_api_lists_every_public_name(module: str) -> None:
    assert set(importlib.import_module(module).__all__) - names_in(API) == set()


def test_the_api_lists_no_name_that_is_not_there() -> None:
    public = {*exmc.actors.__all__, *exmc.actors.testing.__all__}
    modules = {name for name in names_in(API) if name.startswith("exmc.")}
    assert names_in(API) - public - modules == set()
    for name in modules:
        importlib.import_module(name)


def test_every_link_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}
    assert set(re.findall(r"\]\(#(.*?)\)", TEXT)) - anchors == set()
