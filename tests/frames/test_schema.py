"""The columns of a draw."""

from __future__ import annotations

import pytest

from exmc.errors import FrameError
from exmc.frames import Schema, VariableSchema

EIGHT_SCHOOLS = Schema(
    dim=10,
    stats=("lp", "diverging"),
    variables=(
        VariableSchema("mu"),
        VariableSchema("theta", (2, 4), ("row", None)),
        VariableSchema("tau2", kind="deterministic"),
    ),
    coords={"row": ("first", "second"), "year": (1999, 2000), "x": (0.5, 1.0)},
)


def test_a_row_is_statistics_then_position_then_values() -> None:
    assert EIGHT_SCHOOLS.stats_columns == slice(0, 2)
    assert EIGHT_SCHOOLS.position_columns == slice(2, 12)
    assert EIGHT_SCHOOLS.columns_of("mu") == slice(12, 13)
    assert EIGHT_SCHOOLS.columns_of("theta") == slice(13, 21)
    assert EIGHT_SCHOOLS.columns_of("tau2") == slice(21, 22)
    assert EIGHT_SCHOOLS.columns == 22


def test_identity_columns_are_statistics_and_position() -> None:
    assert EIGHT_SCHOOLS.identity_columns == slice(0, 12)


def test_a_variable_is_found_by_its_name() -> None:
    assert EIGHT_SCHOOLS.variable("theta").size == 8


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="sigma"):
        EIGHT_SCHOOLS.columns_of("sigma")


def test_an_empty_variable_takes_no_column() -> None:
    schema = Schema(0, (), (VariableSchema("none", (0, 3)), VariableSchema("one")))
    assert schema.columns_of("none") == slice(0, 0)
    assert schema.columns_of("one") == slice(0, 1)


def test_json_gives_the_same_schema_back() -> None:
    assert Schema.from_json(EIGHT_SCHOOLS.to_json()) == EIGHT_SCHOOLS


def test_labels_keep_their_types_through_json() -> None:
    coords = Schema.from_json(EIGHT_SCHOOLS.to_json()).coords
    assert [type(label) for label in coords["x"]] == [float, float]
    assert [type(label) for label in coords["year"]] == [int, int]


@pytest.mark.parametrize("text", [b"[]", b'{"dim": 1}', b"{", b'{"dim": "1"}'])
def test_a_text_that_is_no_schema_is_refused(text: bytes) -> None:
    with pytest.raises(FrameError, match=r"^Schema is not one of this version"):
        Schema.from_json(text)


def test_an_unknown_field_is_refused() -> None:
    text = EIGHT_SCHOOLS.to_json().replace(b'"dim":10', b'"dim":10,"colour":1')
    with pytest.raises(FrameError, match=r"^Schema is not one .*colour"):
        Schema.from_json(text)
