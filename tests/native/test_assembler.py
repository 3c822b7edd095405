from __future__ import annotations

import pytest

from exmc.native.assembler import Assembler, Module


def test_an_instruction_gets_a_name_that_no_other_has() -> None:
    function = Assembler(Module())
    names = [function.emit("fneg double %x") for _ in range(3)]
    names.append(f"%{function.fresh()}")
    names.append(function.reserve("double"))
    assert len(set(names)) == len(names)


def test_slots_stand_before_everything_else() -> None:
    function = Assembler(Module())
    function.statement("ret void")
    slot = function.reserve("i64")
    assert function.body("define void @f()") == (
        f"define void @f() {{\nentry:\n  {slot} = alloca i64, align 8\n  ret void\n}}\n"
    )


def test_blocks_are_labelled_and_joined() -> None:
    function = Assembler(Module())
    assert function.block == "entry"
    yes, no = function.fresh("yes"), function.fresh("no")
    function.branch("%c", yes, no)
    function.place(yes)
    function.jump(no)
    function.place(no)
    assert function.block == no
    assert function.body("define void @f()").splitlines()[2:-1] == [
        f"  br i1 %c, label %{yes}, label %{no}",
        f"{yes}:",
        f"  br label %{no}",
        f"{no}:",
    ]


def test_a_module_has_each_declaration_once_and_before_the_functions() -> None:
    module = Module()
    for _ in range(2):
        Assembler(module).declare("declare double @llvm.sqrt.f64(double)")
    module.define("f", "define void @f() {}")
    assert module.text.split("\n\n") == [
        "declare double @llvm.sqrt.f64(double)",
        "define void @f() {}",
    ]


def test_a_function_is_written_once_however_often_it_is_asked_for() -> None:
    module, written = Module(), []

    def write() -> str:
        written.append(module.defined("g", lambda: "second g"))
        return "first g"

    assert module.defined("g", write) == module.defined("g", write) == "g"
    assert written == ["g"]
    assert "second" not in module.text


def test_two_functions_of_one_name_are_an_error() -> None:
    module = Module()
    module.define("f", "define void @f() {}")
    with pytest.raises(ValueError, match="'f' is defined twice"):
        module.define("f", "define void @f() {}")
