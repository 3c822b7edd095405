from __future__ import annotations

import sys
from pathlib import Path

import pytest

from exmc.cli.model_file import ModelFileError, model_in

ONE = """
import exmc
with exmc.Model() as {name}:
    exmc.Normal("x", 0, 1)
"""


def write(folder: Path, text: str) -> str:
    path = folder / "model.py"
    path.write_text(text)
    return str(path)


def test_the_one_model_of_a_file_is_found(tmp_path: Path) -> None:
    assert model_in(write(tmp_path, ONE.format(name="m"))).free_variables == ("x",)


def test_a_second_name_of_the_same_model_is_no_second_model(tmp_path: Path) -> None:
    text = ONE.format(name="m") + "\nagain = m\n"
    assert model_in(write(tmp_path, text)).free_variables == ("x",)


def test_one_of_several_is_chosen_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, ONE.format(name="a") + ONE.format(name="b"))
    assert model_in(path, "b").free_variables == ("x",)
    with pytest.raises(ModelFileError, match=r"model.py makes several models \(a, b\)"):
        model_in(path)
    with pytest.raises(
        ModelFileError, match=r"makes no model named 'c'; it makes a, b"
    ):
        model_in(path, "c")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "makes no model; write `with exmc.Model"),
        ("x = = 1", "line 1: not valid Python"),
        ("x = 1\ny = z", "line 2: NameError: name 'z' is not defined"),
        (
            "import exmc\nwith exmc.Model() as m:\n    exmc.Normal('x', 'mu', 1)",
            "line 3: ",
        ),
    ],
    ids=["no model", "syntax", "name", "unknown variable"],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ModelFileError) as caught:
        model_in(path)
    assert str(caught.value).startswith(path)
    assert message in str(caught.value)


def test_a_file_finds_the_modules_beside_it_and_no_arguments_of_ours(
    tmp_path: Path,
) -> None:
    (tmp_path / "beside_the_model.py").write_text("SIGMA = 2.0\n")
    text = "import sys, exmc, beside_the_model as b\nassert len(sys.argv) == 1\n"
    before = list(sys.path)
    path = write(tmp_path, text + ONE.format(name="m"))
    assert model_in(path).free_variables == ("x",)
    assert sys.path == before


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ModelFileError, match=r"^nowhere\.py is not a file"):
        model_in("nowhere.py")


def test_the_json_of_a_model_is_told_from_python() -> None:
    with pytest.raises(ModelFileError, match=r"load_model\('line\.json'\)"):
        model_in("line.json")
