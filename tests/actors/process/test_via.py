from __future__ import annotations

import pytest

from exmc.actors import BadAddressError, Runtime, send_exit
from exmc.actors.process.via import ViaName, behind
from tests.actors.actors import Echo, Trapping
from tests.actors.scenario import scenario


@scenario
async def test_what_is_inside_a_process_can_be_read(rt: Runtime) -> None:
    pid = await rt.start(Trapping, None, "label")
    inside = behind(pid, Echo)
    assert inside is not None
    assert inside.label == "label"


@scenario
async def test_there_is_nothing_inside_the_dead(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    send_exit(pid, "kill")
    assert behind(pid, Echo) is None
    assert behind(None, Echo) is None


@scenario
async def test_what_is_of_another_class_is_refused(rt: Runtime) -> None:
    pid = await rt.start(Echo)
    with pytest.raises(
        BadAddressError, match=r"<0.1> is a Echo; a Trapping is needed, give its name"
    ):
        behind(pid, Trapping)


@scenario
async def test_no_process_starts_under_what_is_only_an_address(rt: Runtime) -> None:
    with pytest.raises(BadAddressError, match="is an address, not a name to start a"):
        ViaName().refusal(rt.kernel)


@scenario
async def test_a_via_name_says_what_it_lacks(rt: Runtime) -> None:
    with pytest.raises(NotImplementedError, match="ViaName has no whereis_name."):
        ViaName().whereis_name(rt.kernel)
    with pytest.raises(NotImplementedError, match="ViaName has no register_name."):
        ViaName().register_name(rt.root)
