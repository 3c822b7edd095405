from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exmc.errors import UnknownFormatError
from exmc.gradient.parse import parse
from tests.gradient.programs import Case, programs
from tests.gradient.test_program import TEXT

few = settings(max_examples=6, derandomize=True, database=None, deadline=None)


@few
@given(programs(wild=True))
def test_the_text_of_a_program_gives_the_program(case: Case) -> None:
    text = case.program.text
    again = parse(text)
    assert again.text == text
    assert again.slots == case.program.slots
    assert again.digest == case.program.digest


@few
@given(programs(), st.data())
def test_a_text_with_a_line_or_a_character_missing_is_refused(
    case: Case, data: st.DataObject
) -> None:
    text = case.program.text
    lines = text.splitlines(keepends=True)
    line = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, len(text) - 1))
    for damaged in ("".join(lines[:line] + lines[line + 1 :]), text[:cut]):
        with pytest.raises(UnknownFormatError):
            parse(damaged)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("exmc-program 1", "exmc-program 2"),
        ("float64", "float32"),
        ("slot 0", "slot 1"),
        ("slot=0", "slot=1"),
        ("slot=0", "slot=0.0"),
        ("mul %0 %1", "mul %0 %7"),
        ("mul %0 %1", "mul %0 %3"),
        ("mul %0 %1", "mul  %0 %1"),
        ("mul %0 %1", "nul %0 %1"),
        ("mul %0 %1", "mul %0"),
        ("axes=(0)", "axes=(1)"),
        ("axes=(0)", "axes=0"),
        ("axes=(0)", "axis=(0)"),
        ("axes=(0)", "axes=(0"),
        ("value=-0x1.0000000000000p-1", "value=-0.5"),
        ("value=-0x1.0000000000000p-1", "value=1"),
        ("%1 = data slot=0 : [3]", "%1 = data slot=0 : [4]"),
        ("return %5 %2", "return %2 %5"),
        ("return %5 %2", "return %5 %9"),
        ("input : [3]", "input %0 : [3]"),
        ("\n%5", "\r\n%5"),
    ],
)
def test_damage_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(UnknownFormatError, match="This text is not a program"):
        parse(TEXT.replace(old, new))


@pytest.mark.parametrize("text", ["", "\n", "exmc-program 1 input 3\n", "%", "é"])
def test_what_is_no_program_at_all_is_refused(text: str) -> None:
    with pytest.raises(UnknownFormatError):
        parse(text)
