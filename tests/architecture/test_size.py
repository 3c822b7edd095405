from __future__ import annotations

from tests.architecture.tree import PACKAGE, functions, modules, parse

FILE_LINES = 400
FUNCTION_LINES = 40

# A longer one needs a reason.
LONGER: dict[str, str] = {
    "actors/kernel/control_block.py:take_turn": "every message passes here",
    "inference/sampling.py:sample": "help() explains each option of a run",
    "inference/starting.py:start": "help() explains each option of a run",
    "sampler/block.py:advance": "one loop over transitions; half of it are arguments",
    "sampler/nuts.py:transition": "one doubling loop, read like the paper's algorithm",
}


def lines_of(path: str) -> int:
    return len((PACKAGE / path).read_text().splitlines())


def test_files_can_be_read_in_one_sitting() -> None:
    assert [
        str(m)
        for m in modules()
        if lines_of(str(m)) > FILE_LINES and str(m) not in LONGER
    ] == []


def test_functions_fit_on_a_screen() -> None:
    long = []
    for module in modules():
        for function in functions(parse(module)):
            first = function.body[0].lineno
            last = function.body[-1].end_lineno or first
            name = f"{module}:{function.name}"
            if last - first + 1 > FUNCTION_LINES and name not in LONGER:
                long.append(name)
    assert long == []
