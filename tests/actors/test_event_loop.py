from __future__ import annotations

import asyncio
import inspect
import sys
from typing import Any

import pytest
import uvloop

from exmc.actors import new_event_loop, run


def test_uvloop_is_used_where_it_is_installed() -> None:
    async def main() -> type:
        return type(asyncio.get_running_loop())

    assert run(main) is uvloop.Loop


def test_asyncio_serves_where_uvloop_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    loop = new_event_loop()
    try:
        assert not isinstance(loop, uvloop.Loop)
    finally:
        loop.close()


def test_a_coroutine_is_refused_with_the_remedy() -> None:
    async def main() -> None:
        raise AssertionError("It is not to be run.")

    wrong: Any = main()
    with pytest.raises(TypeError, match=r"run\(main\), not run\(main\(\)\)"):
        run(wrong)
    assert inspect.getcoroutinestate(wrong) == inspect.CORO_CLOSED
    nothing: Any = None
    with pytest.raises(TypeError, match=r"Give run an async function.*; got None"):
        run(nothing)
