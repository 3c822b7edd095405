from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from exmc.actors.port.port_spec import PortSpec, port_spec


def test_a_command_in_one_string_is_cut_as_a_shell_cuts_it() -> None:
    assert PortSpec("grep -e 'a b' x").argv == ("grep", "-e", "a b", "x")


def test_paths_may_be_paths() -> None:
    assert PortSpec([Path("/bin/cat"), "x"]).argv == ("/bin/cat", "x")


def test_a_command_alone_means_a_spec() -> None:
    spec = PortSpec("cat", packet=4)
    assert port_spec(spec) is spec
    assert port_spec(["cat"]) == PortSpec(["cat"])


def test_variables_are_set_and_removed_beside_those_inherited() -> None:
    spec = PortSpec("env", env={"A": "1", "B": None})
    assert spec.environment({"B": "2", "C": "3"}) == {"A": "1", "C": "3"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("command", []),
        ("command", " "),
        ("packet", 3),
        ("hung_after", 0),
        ("active", -1),
        ("close_grace", -0.1),
        ("term_grace", -1),
        ("largest", -1),
    ],
)
def test_a_field_out_of_its_domain_is_named(field: str, value: object) -> None:
    fields: dict[str, Any] = {"command": "cat", field: value}
    with pytest.raises(ValueError, match=rf"^{field} of a port must be .*, got "):
        PortSpec(**fields)
