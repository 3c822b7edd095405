from __future__ import annotations

import msgspec
import numpy as np
import pytest

from exmc.errors import UnknownFormatError
from exmc.gradient.executable import Executable, Part, arrays, slot_name
from exmc.gradient.program import Instruction, Program

# data[0] * z, and its sum.
SCALED = Program(
    dim=3,
    slots=(("float64", (3,)),),
    instructions=(
        Instruction("input", (), (3,)),
        Instruction("data", (), (3,), (("slot", 0),)),
        Instruction("mul", (1, 0), (3,)),
        Instruction("sum", (2,), (), (("axes", (0,)),)),
    ),
    scalar=3,
    vector=2,
)
DATA = {"density.0": np.array([2.0, 3.0, 4.0])}


@pytest.mark.parametrize("speed", ["numpy", "strict"])
def test_a_program_runs_where_only_its_text_arrived(speed: str) -> None:
    sent = Executable(
        speed=speed,  # type: ignore[arg-type]
        parts={"density": Part(SCALED.text, 1)},
    )
    got = msgspec.msgpack.decode(msgspec.msgpack.encode(sent), type=Executable)
    assert got == sent
    out = np.empty(3)
    assert got.realise(DATA)["density"](np.array([1.0, -1.0, 0.5]), out) == 1.0
    assert out.tolist() == [2.0, -3.0, 2.0]


def test_a_damaged_program_is_refused() -> None:
    damaged = Executable(speed="numpy", parts={"density": Part(SCALED.text[:-9], 1)})
    with pytest.raises(UnknownFormatError):
        damaged.realise(DATA)


def test_slots_are_found_by_part_and_number() -> None:
    assert slot_name("density", 3) == "density.3"
    data = {"a.1": np.ones(1), "a.0": np.zeros(1), "b.0": np.ones(2)}
    assert [a[0] for a in arrays("a", Part("", 2), data)] == [0.0, 1.0]
